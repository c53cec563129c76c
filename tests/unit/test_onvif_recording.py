# SPDX-License-Identifier: Apache-2.0
"""Segments from recorder events, clock offsets from whole seconds, UTC from a time server."""

from __future__ import annotations

import math
import random
import socket
import struct
import threading
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.patience import HUNG_S
from yanshou.drivers.clock.offset import measure_offset, ntp_reference
from yanshou.drivers.onvif.recording import (
    RecordingChange,
    Unclear,
    change_of,
    merged,
    relevant,
    segments,
    undescribed,
)
from yanshou.metrology.utc import UtcReference
from yanshou.model import Instant, RigFault, now
from yanshou.model.reading import ClockReading
from yanshou.model.recording import Segment
from yanshou.protocols import ntp

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def at(minutes):
    return DAY + timedelta(minutes=minutes)


def line(*rows, start_state=None):
    first = [] if start_state is None else [RecordingChange("R", "V", DAY, start_state, start_state=True)]
    return first + [RecordingChange("R", "V", at(minutes), present) for minutes, present in rows]


def spans(found):
    return [((s.start - DAY).total_seconds() / 60, (s.end - DAY).total_seconds() / 60) for s in found]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (line(start_state=True), [(0, 100)]),
        (line(start_state=False), []),
        (line((10, False), (20, True), start_state=True), [(0, 10), (20, 100)]),
        (line((10, True), (20, False)), [(10, 20)]),
        (line((-50, True), (20, False)), [(0, 20)]),
        (line((10, True), (10, False)), []),
        # begins twice: one stretch; ceases twice: the first end counts, nothing is invented
        (line((10, True), (15, True), (20, False), (30, False)), [(10, 20)]),
        # the clock was set back at 30: both stretches, in the order of recording, united
        (line((10, True), (30, False), (15, True), (50, False)), [(10, 50)]),
        # the end of each stretch before its beginning, and in no order: no gap between them is lost
        (line((30, False), (10, True), (50, False), (40, True)), [(10, 30), (40, 50)]),
        (
            line((20, False), (10, True), (60, True), (40, False), (70, False), (30, True)),
            [(10, 20), (30, 40), (60, 70)],
        ),
        # delivered backwards
        (line((50, False), (40, True), (30, False), (10, True)), [(10, 30), (40, 50)]),
    ],
)
def test_segments(changes, expected):
    assert spans(segments(changes, DAY, at(100), None).segments) == expected


def test_recording_that_never_ceases_lasts_to_the_latest_data():
    assert spans(segments(line(start_state=True), DAY, at(100), at(70)).segments) == [(0, 70)]


def test_oddities_are_told():
    reported = segments(line((10, True), (15, True), (20, False), (30, False)), DAY, at(100), None)
    assert len(reported.remarks) == 2
    assert reported.seams == (at(15),)
    reported = segments(line((50, False), (40, True), (30, False), (10, True)), DAY, at(100), None)
    assert "sorted" in reported.remarks[0]
    assert reported.seams == ()


def test_a_beginning_without_an_end_before_it_is_kept_as_a_seam():
    """The supply failed somewhere between: the recorder tells only that it began again."""
    reported = segments(line((40, True), start_state=True), DAY, at(100), None)
    assert spans(reported.segments) == [(0, 100)]
    assert reported.seams == (at(40),)
    assert segments(line((40, False), (60, True), start_state=True), DAY, at(100), None).seams == ()


ROWS = st.lists(st.tuples(st.integers(-10, 110), st.booleans()), max_size=30)


@settings(max_examples=300, deadline=None)
@given(ROWS, st.none() | st.booleans(), st.none() | st.integers(-10, 110))
def test_segments_are_ordered_disjoint_and_inside(rows, start_state, latest):
    reported = segments(
        line(*rows, start_state=start_state), DAY, at(100), at(latest) if latest is not None else None
    )
    found = reported.segments
    flat = [time for segment in found for time in (segment.start, segment.end)]
    assert flat == sorted(flat)
    assert len(set(flat)) == len(flat)
    assert all(DAY <= time <= at(100) for time in flat)
    if not any(present for _, present in rows) and not start_state:
        assert found == ()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=16), st.randoms(use_true_random=False))
def test_the_order_of_a_list_hides_no_gap(steps, chance):
    times = [sum(steps[: n + 1]) for n in range(len(steps) // 2 * 2)]
    rows = [(time, n % 2 == 0) for n, time in enumerate(times)]
    chance.shuffle(rows)
    expected = list(zip(times[::2], times[1::2], strict=True))
    assert spans(segments(line(*rows), DAY, at(1000), None).segments) == expected


def test_video_tracks_come_before_the_state_of_the_recording():
    rows = [
        RecordingChange("R", "", DAY, True),
        RecordingChange("R", "A", DAY, True),
        RecordingChange("R", "V", DAY, False),
        RecordingChange("S", "V", DAY, True),
    ]
    assert [[change.track for change in part] for part in relevant(rows, "R", frozenset({"V"}))] == [["V"]]
    assert [[change.track for change in part] for part in relevant(rows[:1], "R", frozenset({"V"}))] == [[""]]
    assert len(relevant(rows, "R", None)) == 2  # tracks that are not described may all be pictures


def test_sound_is_no_recorded_video():
    sound = [RecordingChange("R", "", DAY, True), RecordingChange("R", "A", DAY, True)]
    assert relevant(sound, "R", frozenset()) == []
    assert relevant(sound[:1], "R", frozenset()) == []
    assert relevant(sound, "R", frozenset({"V"})) == []  # of the pictures nothing is told
    two = [*sound, RecordingChange("R", "V", DAY, False)]  # the pictures ceased, the sound goes on
    assert "which of its 2 tracks" in undescribed(relevant(two, "R", None), None)
    assert not undescribed(relevant(sound, "R", None), None)
    assert not undescribed(relevant(two, "R", frozenset({"V"})), frozenset({"V"}))


def test_merged_touching_parts():
    parts = [Segment(at(5), at(9)), Segment(at(0), at(5)), Segment(at(2), at(3))]
    assert merged(parts) == (Segment(at(0), at(9)),)


# --- clock offset


class WholeSeconds:
    """A clock ``offset`` seconds ahead of UTC that shows whole seconds, asked over a path of ``delay`` s."""

    def __init__(self, offset, delay, rng):
        self.offset, self.delay, self.rng, self.at, self.polls = offset, delay, rng, 1000.3, 0

    def read_clock(self):
        self.polls += 1
        before = self.at
        asked = before + self.rng.uniform(0.1, 0.9) * self.delay
        self.at = before + self.delay
        shown = math.floor(asked + self.offset)
        return ClockReading(datetime.fromtimestamp(shown, UTC), 1.0, Instant(before, self.at))

    def sleep(self, seconds):
        self.at += max(0.0, seconds)


@settings(max_examples=100, deadline=None)
@given(st.floats(-5000, 5000), st.floats(0.0005, 0.2), st.randoms(use_true_random=False))
def test_offset_is_inside_its_bracket_and_narrow(offset, delay, rng):
    clock = WholeSeconds(offset, delay, rng)
    found = measure_offset(clock, UtcReference(0.0), sleep=clock.sleep, monotonic=lambda: clock.at)
    assert found.low - 1e-6 <= offset <= found.high + 1e-6
    assert found.polls <= 12
    assert found.half_width <= max(0.004, 0.55 * delay)


def test_the_reference_widens_the_bracket():
    clock = WholeSeconds(3.2, 0.01, random.Random(1))
    found = measure_offset(clock, UtcReference(0.0, U=0.5), sleep=clock.sleep, monotonic=lambda: clock.at)
    assert found.half_width >= 0.5


def test_a_clock_that_is_set_meanwhile_is_no_measurement():
    clock = WholeSeconds(0.0, 0.01, random.Random(1))

    def sleep(seconds):
        clock.sleep(seconds)
        clock.offset += 2

    with pytest.raises(RigFault, match="contradict"):
        measure_offset(clock, UtcReference(0.0), sleep=sleep, monotonic=lambda: clock.at)


# --- time server


class TimeServer(threading.Thread):
    """Answers NTP ``offset`` seconds ahead; every second answer is ``slow`` seconds late."""

    def __init__(self, offset=0.0, *, stratum=1, leap=0, slow=0.05, silent=False):
        super().__init__()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(30)
        self.port = self.socket.getsockname()[1]
        self.offset, self.stratum, self.leap, self.slow, self.silent = offset, stratum, leap, slow, silent
        self.start()

    def run(self):
        try:
            for number in range(100):
                data, peer = self.socket.recvfrom(100)
                if not data:
                    return
                received = time.time() + self.offset + 2_208_988_800
                if self.silent:
                    continue
                if number % 2:
                    time.sleep(self.slow)
                fixed = struct.pack(
                    "!BBbbIII", self.leap << 6 | 0x24, self.stratum, 4, -20, 0x100, 0x100, 0x47505300
                )
                stamps = [int(received), int(received % 1 * 2**32)]
                self.socket.sendto(
                    fixed + struct.pack("!II", *stamps) + data[40:48] + struct.pack("!4I", *stamps, *stamps),
                    peer,
                )
        except OSError:
            return

    def stop(self):
        self.socket.sendto(b"", ("127.0.0.1", self.port))  # closing would not wake it
        self.join(HUNG_S)
        self.socket.close()


def test_time_server_offset_by_the_quickest_sample():
    server = TimeServer(12.5, slow=0.5)
    try:
        found = ntp.query("127.0.0.1", server.port, 4, gap_s=0.0)
    finally:
        server.stop()
    assert abs(found.offset_s - 12.5) <= found.delay_s / 2 + 1e-4
    assert found.delay_s < 0.5, "not one of the late answers"
    assert found.samples == 4
    assert found.U_s >= found.delay_s / 2
    reference = ntp_reference(found)
    assert reference(now()) - time.time() == pytest.approx(12.5, abs=found.U_s + 0.01)


@pytest.mark.parametrize("kind", [{"stratum": 16}, {"stratum": 0}, {"leap": 3}, {"silent": True}])
def test_a_server_without_the_time_is_no_reference(kind):
    server = TimeServer(**kind)
    try:
        with pytest.raises(RigFault, match="no usable time"):
            ntp.query("127.0.0.1", server.port, 2, timeout_s=0.3, gap_s=0.0)
    finally:
        server.stop()


# --- events that cannot be read


def event(**other: object) -> SimpleNamespace:
    """One FindEventResult as the library gives it; ``other`` replaces its fields."""
    said = {"RecordingToken": "R1", "TrackToken": "V1", "StartStateEvent": False}
    said["Time"] = datetime(2026, 11, 23, tzinfo=UTC)
    topic = other.pop("topic", "tns1:RecordingHistory/Track/State")
    value = other.pop("value", "false")
    items = [SimpleNamespace(Name="IsDataPresent", Value=value)]
    message = SimpleNamespace(Source=None, Key=None, Data=SimpleNamespace(SimpleItem=items))
    said["Event"] = SimpleNamespace(
        Topic=SimpleNamespace(_value_1=topic), Message=SimpleNamespace(_value_1=message)
    )
    return SimpleNamespace(**(said | other))


@pytest.mark.parametrize(
    ("other", "whole_recorder"),
    [
        ({"Time": None}, False),
        ({"value": "no"}, False),
        ({"value": ""}, False),
        ({"topic": ""}, False),
        ({"topic": "tns1:RecordingHistory/Trakc/State"}, False),
        ({"RecordingToken": None}, True),
        ({"RecordingToken": None, "Time": None}, True),
    ],
)
def test_an_event_that_cannot_be_read_is_unclear_and_not_none(other, whole_recorder):
    read = change_of(event(**other))
    assert isinstance(read, Unclear)
    assert read.concerns("R1", frozenset({"V1"}))
    assert read.concerns("R2", frozenset({"V1"})) is whole_recorder
    assert not read.concerns("R1", frozenset({"V2"}))


def test_events_of_other_kinds_are_none_and_spellings_are_read():
    assert change_of(event(topic="tns1:Device/Trigger/DigitalInput")) is None
    for topic in ("RecordingHistory/Track/State", "tns1:RecordingHistory/tns1:Track/tns1:State"):
        assert change_of(event(topic=topic, value="False")).present is False
