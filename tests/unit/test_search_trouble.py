# SPDX-License-Identifier: Apache-2.0
"""Searches that go wrong, planted in the emulated recorder: a clear finding, or the whole truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.onvif_devices import of, recorder
from tests.support.video_bench import Planted, running
from yanshou.drivers.onvif import search as onvif_search
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
    if trouble == "drops":  # either direction loses the far end; what both tell is still listed
        assert reported > 0
        assert "forwards" in text
    else:
        assert reported == 30
        assert {"repeats": "more than once", "expires": "begun anew"}[trouble] in text


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
