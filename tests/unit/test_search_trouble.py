# SPDX-License-Identifier: Apache-2.0
"""Searches that go wrong, planted in the emulated recorder: a clear finding, or the whole truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.support.onvif_devices import of, recorder
from tests.support.video_bench import Planted, running
from yanshou.drivers.onvif import search as onvif_search
from yanshou.drivers.onvif.recording import RecordingChange
from yanshou.equipment.recordings import retention
from yanshou.evaluation import Window
from yanshou.model import RigFault
from yanshou.model.recording import TamperResult

GAPS = [Planted("NVR-1", "gap", f"{5 + n / 10:.1f}:600") for n in range(30)]


def gaps_of(nvr, days=20.0):
    now = datetime.now(UTC)
    return len(of(nvr.channels(now - timedelta(days=days), now), "CAM-1").segments) - 1


@pytest.mark.parametrize("trouble", ["repeats", "expires", "drops"])
def test_pages_that_overlap_tokens_that_expire_and_events_that_drop_out_hide_no_gap(trouble):
    with running(*GAPS, Planted("NVR-1", "search_trouble", trouble)) as site, recorder(site) as nvr:
        reported = gaps_of(nvr)
        text = " ".join(nvr.remarks)
    assert reported == 30
    said = {"repeats": "more than once", "expires": "begun anew", "drops": "leaves out events"}
    assert said[trouble] in text


@pytest.mark.parametrize("kept", ["those of the start", "the oldest", "the newest"])
@pytest.mark.parametrize("most", [3, 20, 149, 150])
def test_a_recorder_that_gives_so_many_events_at_the_most_is_asked_until_it_gave_all(monkeypatch, kept, most):
    """``kept`` of a list that is too long: by the direction of the search, or whatever the direction."""
    began = datetime(2026, 11, 1, tzinfo=UTC)
    line = [RecordingChange("R1", "V", began + timedelta(hours=n), n % 2 == 0) for n in range(150)]

    def answer(_endpoint, start, end, *, with_start):
        inside = [one for one in line if min(start, end) <= one.utc <= max(start, end)]
        backwards = start > end
        newest = {"the oldest": False, "the newest": True}.get(kept, backwards)
        some = inside[-most:] if newest else inside[:most]
        return (some[::-1] if backwards else some), []

    monkeypatch.setattr(onvif_search, "_events", answer)
    notes = SimpleNamespace(note=lambda *_said: None)
    changes, unclear, why = onvif_search._changes(notes, began - timedelta(1), began + timedelta(10))
    assert changes == line
    assert (unclear, why) == ([], "")


def test_a_search_that_never_completes_is_a_fault_and_no_list(monkeypatch):
    monkeypatch.setattr(onvif_search, "SEARCH_S", 0.5)
    with (
        running(Planted("NVR-1", "search_trouble", "endless")) as site,
        recorder(site) as nvr,
        pytest.raises(RigFault, match="not completed"),
    ):
        gaps_of(nvr)


def test_a_recorder_that_reboots_mid_search_is_a_fault_and_no_list():
    with (
        running(Planted("NVR-1", "search_trouble", "reboots")) as site,
        recorder(site) as nvr,
        pytest.raises(RigFault) as fault,
    ):
        gaps_of(nvr)
    assert fault.value.device == "NVR-1"


def test_a_gap_of_which_only_the_end_is_reported_is_found_by_playing():
    """Asked for the time before its end, the recorder plays the first picture after it, 2 s further on."""
    with running(Planted("NVR-1", "untold_end", "12:5400")) as site, recorder(site) as nvr:
        found = retention(nvr, Window(datetime.now(UTC), 30, ("CAM-1",), None, "1", limits=(30,)))
    assert found.measurement.value == pytest.approx(12 - 5400 / 86400, abs=0.01)


def test_local_time_labelled_as_utc_and_a_summary_that_lies():
    shift = Planted("NVR-1", "label_shift", 28800)
    with running(shift, Planted("NVR-1", "summary_days", 90)) as site, recorder(site) as nvr:
        found = retention(nvr, Window(datetime.now(UTC), 30, ("CAM-1",), None, "1", limits=(30,)))
    assert found.measurement.value == pytest.approx(35, abs=0.01)
    remarks = " ".join(found.measurement.details["remarks"])
    assert "超前 8 h" in remarks
    assert "概要称最早" in remarks


def test_replay_without_time_stamps_is_invalid_and_says_so():
    with running(Planted("NVR-1", "no_replay_stamps", True)) as site, recorder(site) as nvr:
        found = retention(nvr, Window(datetime.now(UTC), 30, ("CAM-1",), None, "1", limits=(30,), samples=1))
    assert "0xABAC" in found.measurement.invalid


def test_nothing_can_be_altered_unless_that_is_planted():
    now = datetime.now(UTC)
    with running() as site, recorder(site) as nvr:
        channel = of(nvr.channels(now - timedelta(days=1), now), "CAM-1")
        assert set(nvr.tamper(channel).values()) == {TamperResult.REFUSED}
    with running(Planted("NVR-1", "record_edit_allowed", True)) as site, recorder(site) as nvr:
        channel = of(nvr.channels(now - timedelta(days=1), now), "CAM-1")
        assert TamperResult.ACCEPTED in nvr.tamper(channel).values()
