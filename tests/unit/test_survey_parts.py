# SPDX-License-Identifier: Apache-2.0
"""Parts of a survey by themselves: who is asked at once, batches, and what a recorder's lists come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanshou.fleet import pictures
from yanshou.fleet.recordings import ask_recordings
from yanshou.fleet.result import Answers
from yanshou.fleet.settings import Settings, _time_server
from yanshou.fleet.subjects import Subject, batches
from yanshou.fleet.threads import _Queue
from yanshou.model import Connection, Device, DeviceKind, RigFault, Site, System
from yanshou.model.recording import Playback, RecordedChannel, Segment

END = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY = timedelta(days=1)
AGREED = Settings(END.isoformat(), "7", "Asia/Shanghai", emulated=False, window_d=10, retention_d=10, plays=2)


def subject(
    name: str, host: str = "10.0.0.1", parent: str = "", kind=DeviceKind.CAMERA, **attributes
) -> Subject:
    link = Connection("onvif", host, 80)
    return Subject(
        Device(name, kind, System.VIDEO, name, parent=parent, connection=link, attributes=attributes)
    )


FLEETS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=40)


def fleet_of(drawn) -> list[Subject]:
    return [
        subject(f"C{number}", f"10.0.{net}.{number}", f"NVR-{recorder}" if recorder else "", vlan=str(vlan))
        for number, (net, recorder, vlan) in enumerate(drawn)
    ]


@given(FLEETS, st.integers(1, 4), st.integers(1, 3), st.randoms())
@settings(max_examples=60, deadline=None)
def test_no_more_than_agreed_are_asked_at_once_and_nobody_is_forgotten(drawn, subnet, recorder, random):
    listed = fleet_of(drawn)
    queue = _Queue(listed, replace(AGREED, per_subnet=subnet, per_recorder=recorder))
    running: list[Subject] = []
    asked: list[str] = []
    while True:
        while (one := queue.next()) is not None:
            running.append(one)
            asked.append(one.id)
        assert all(sum(x.subnet == y.subnet for x in running) <= subnet for y in running)
        assert all(sum(x.recorder == y.recorder for x in running) <= recorder for y in running if y.recorder)
        if not running:
            break
        queue.free(running.pop(random.randrange(len(running))))
    assert sorted(asked) == sorted(one.id for one in listed)


@given(FLEETS, st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_batches_hold_everybody_once_by_network_and_are_no_larger_than_asked(drawn, size):
    listed = fleet_of(drawn)
    made = list(batches(listed, size))
    assert sorted(one.id for _, batch in made for one in batch) == sorted(one.id for one in listed)
    assert all(0 < len(batch) <= size for _, batch in made)
    assert all(one.vlan == vlan for vlan, batch in made for one in batch)


def test_a_recorder_and_its_cameras_stay_in_one_batch():
    listed = [subject(f"C{n}", parent=f"NVR-{n % 3}") for n in range(30)]
    listed += [subject(f"NVR-{n}", kind=DeviceKind.RECORDER) for n in range(3)]
    where = {one.id: number for number, (_, batch) in enumerate(batches(listed, 22)) for one in batch}
    for number in range(30):
        assert where[f"C{number}"] == where[f"NVR-{number % 3}"]


class Recorder:
    """Keeps what it is told to; plays everything but ``silent``."""

    def __init__(self, listed, *, silent=(), unknown=(), fault=None) -> None:
        self._listed = listed
        self._silent = silent
        self._fault = fault
        self.without_segments = set(unknown)
        self.played: list[tuple[str, datetime]] = []

    def channels(self, start, end):
        return self._listed

    def play(self, channel, at, seconds=2.0):
        self.played.append((channel.token, at))
        if self._fault:
            raise self._fault
        if channel.source in self._silent:
            return Playback(at, 0, 0, None, None, refused="nothing there")
        return Playback(at, 50, 2, at, at + timedelta(seconds=1), np.zeros((4, 4), np.uint8))


def channel(source: str, *stretches: tuple[float, float], token: str = "") -> RecordedChannel:
    """Stretches as days before the end."""
    parts = tuple(Segment(END - begin * DAY, END - end * DAY) for begin, end in stretches)
    return RecordedChannel(token or f"R-{source}", source, source, parts, None, None)


def asked(recorder: Recorder, agreed: Settings = AGREED, cameras=("A",)) -> Answers:
    answers = Answers(Subject(Device("NVR", DeviceKind.RECORDER, System.VIDEO, "NVR"), cameras))
    ask_recordings(answers, recorder, agreed)
    return answers


def codes(answers: Answers) -> list[tuple[str, str]]:
    return [(one["code"], one["about"]) for one in answers.findings]


def test_a_camera_with_two_recordings_is_covered_by_both():
    two = [channel("A", (12, 5), token="R1"), channel("A", (5, 0), token="R2")]
    recorder = Recorder(two)
    answers = asked(recorder)
    assert codes(answers) == []
    assert {token for token, _ in recorder.played} <= {"R1", "R2"}
    assert [missing for _, _, missing in answers.channels[0]["days"]] == [0] * 11


def test_a_gap_a_short_channel_and_one_without_anything_are_told_apart():
    recorder = Recorder([channel("A", (12, 6), (5.5, 0)), channel("B", (4, 0))])
    answers = asked(recorder, cameras=("A", "B", "C"))
    assert codes(answers) == [("gaps", "A"), ("retention_short", "B"), ("no_recording", "C")]
    gap = answers.findings[0]["values"]
    assert gap == {"count": 1, "total_s": 43_200.0, "longest_s": 43_200.0}
    assert answers.findings[1]["values"] == {"days": 4.0, "asked_d": 10}


@pytest.mark.parametrize("excused", ["A", "NVR"])
def test_declared_maintenance_is_no_gap_and_is_told(excused):
    window = ((excused,), (END - 6 * DAY).isoformat(), (END - 5.75 * DAY).isoformat(), "立杆更换")
    recorder = Recorder([channel("A", (12, 6), (5.5, 0))])
    answers = asked(recorder, replace(AGREED, maintenance=(window,)))
    assert codes(answers) == [("gaps", "A")]
    assert answers.findings[0]["values"]["total_s"] == 21_600.0  # the other half of the gap is not excused
    assert [one[2] for one in answers.channels[0]["excused"]] == ["立杆更换"]
    other = replace(AGREED, maintenance=((("B",), *window[1:]),))
    assert asked(recorder, other).findings[0]["values"]["total_s"] == 43_200.0


@pytest.mark.parametrize(
    ("servers", "chosen"),
    [
        ((("MC-1", "mother"), ("NTP-1", "reference")), "10.0.0.2:123"),
        ((("MC-1", "mother"),), ""),
        ((("MC-1", "mother"), ("NTP-1", "")), "10.0.0.2:123"),
    ],
)
def test_a_clock_of_the_installation_is_never_the_reference(servers, chosen):
    devices = {
        name: Device(
            name,
            DeviceKind.TIME_SERVER,
            System.SITE,
            name,
            attributes={"clock_role": role} if role else {},
            connection=Connection("ntp", f"10.0.0.{number}", 123),
        )
        for number, (name, role) in enumerate(servers, start=1)
    }
    site = Site("s", "s", Path(), "Asia/Shanghai", {}, {}, devices)
    assert _time_server(site) == chosen


def test_seconds_that_are_missing_are_never_rounded_away():
    recorder = Recorder([channel("A", (12, 6), (6 - 61 / 86_400, 0))])
    days = asked(recorder).channels[0]["days"]
    assert sum(missing for _, _, missing in days) == 61
    assert sum(wanted for _, wanted, _ in days) == pytest.approx(10 * 86_400 - 60, abs=len(days))


def test_the_day_of_a_clock_change_has_twenty_five_hours():
    agreed = replace(AGREED, now="2026-10-27T12:00:00+00:00", time_zone="Europe/Berlin", window_d=4)
    answers = Answers(Subject(Device("NVR", DeviceKind.RECORDER, System.VIDEO, "NVR"), ("A",)))
    ask_recordings(answers, Recorder([]), agreed)
    wanted = {day: seconds for day, seconds, _ in answers.channels[0]["days"]}
    assert wanted["2026-10-25"] == 25 * 3600
    assert wanted["2026-10-26"] == 24 * 3600


def test_what_a_recorder_does_not_tell_is_unknown_and_not_missing():
    answers = asked(Recorder([channel("A")], unknown={"R-A"}))
    assert codes(answers) == [("recordings_unknown", "A")]
    assert answers.channels[0]["days"] == []


def test_what_is_listed_and_does_not_play_is_against_the_installation():
    answers = asked(Recorder([channel("A", (12, 0))], silent={"A"}))
    assert codes(answers) == [("unplayable", "A")]
    assert len(answers.findings[0]["values"]["instants"]) == 2
    assert answers.findings[0]["against"]


def test_a_fault_of_the_path_while_playing_is_not():
    recorder = Recorder([channel("A", (12, 0)), channel("B", (12, 0))], fault=RigFault("no answer"))
    answers = asked(recorder, cameras=("A", "B"))
    assert codes(answers) == [("step_failed", "A"), ("step_failed", "B")]
    assert not any(one["against"] for one in answers.findings)


def test_a_refused_password_ends_the_playing_of_all_channels():
    recorder = Recorder([channel("A", (12, 0)), channel("B", (12, 0))], fault=RigFault("refused", final=True))
    with pytest.raises(RigFault):
        asked(recorder, cameras=("A", "B"))
    assert len(recorder.played) == 1


def test_a_system_younger_than_agreed_is_unknown_and_not_short():
    answers = asked(Recorder([channel("A", (3.5, 0))]), replace(AGREED, commissioned="2026-11-21"))
    assert codes(answers) == [("too_young", "A")]
    assert not answers.findings[0]["against"]


def test_without_an_agreement_days_are_shown_and_not_held_against_anything():
    assert codes(asked(Recorder([channel("A", (4, 0))]), replace(AGREED, retention_d=None))) == []


def test_recordings_of_cameras_the_inventory_lacks_are_remarked():
    answers = asked(Recorder([channel("A", (12, 0)), channel("X", (12, 0))]))
    assert codes(answers) == []
    assert "X" in answers.remarks[0]


def test_a_picture_in_figures():
    noise = np.random.default_rng(1).integers(0, 255, (90, 160), dtype=np.uint8)
    flat = np.full((90, 160), 30, np.uint8)
    assert pictures.flat([pictures.plain_figures(flat)])
    assert not pictures.flat([pictures.plain_figures(noise), pictures.plain_figures(flat)])
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), 4), np.uint8)
    assert pictures.examine(soft)["blur"] > pictures.examine(noise)["blur"]
    assert pictures.examine(flat)["signal"] != "present"
    assert (
        pictures.examine(noise[:20])["sd"] == pictures.plain_figures(noise[:20])["sd"]
    )  # too small to examine
    assert pictures.changed([noise, noise]) == 0.0
    assert pictures.changed([noise, flat]) > 10
    assert pictures.changed([noise]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + b"\x00" * 20,  # claims 65535 × 65535
        b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03" + b"\x00" * 20,  # claims 16 × 16, holds nothing
    ],
)
def test_a_snapshot_that_is_none_or_claims_too_much_is_not_decoded(data):
    with pytest.raises(RigFault, match="snapshot"):
        pictures.of_jpeg(data, "CAM")
