# SPDX-License-Identifier: Apache-2.0
"""From streams, recordings and clocks to measurements: fakes of the capabilities, truth known beforehand."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judging import NOW, THIRTY, ago, requirement, stretch, verdict
from tests.support.quiet_recorder import QuietRecorder
from yanshou.drivers.capabilities import Recorder
from yanshou.equipment.recordings import Sight
from yanshou.equipment.recordings import retention as retention_seen
from yanshou.evaluation import Window, frame_rate, stream_pixels
from yanshou.evaluation.coverage import gaps_of
from yanshou.evaluation.retention import Retention
from yanshou.metrology import Conditions, judge
from yanshou.model import (
    DecisionRule,
    Device,
    DeviceKind,
    Instant,
    Limit,
    Measurement,
    RigFault,
    System,
    UncertaintyStatus,
    Verdict,
)
from yanshou.model.reading import ClockReading
from yanshou.model.recording import Playback, RecordedChannel, Segment
from yanshou.model.stream import FrameStamp, StreamCapture, StreamDeclaration

# -- streams


def capture(
    times: Iterable[float], *, clock_rate: int = 90_000, arrivals: Iterable[float] | None = None, **other: Any
) -> StreamCapture:
    """Frames with RTP time stamps at ``times`` in seconds, arriving then too, unless said otherwise."""
    stamps = list(times)
    frames = [
        FrameStamp(round(at * clock_rate), 100.0 + seen, key=False, size=5000, complete=True)
        for at, seen in zip(stamps, stamps if arrivals is None else arrivals, strict=True)
    ]
    values: dict[str, Any] = {
        "codec": "H264",
        "width": 1280,
        "height": 720,
        "clock_rate": clock_rate,
        "frames": frames,
        "pictures": [],
        "packets": 3 * len(frames),
        "lost": 0,
        "started": Instant(99.9, 100.0),
        "ended": Instant(end := frames[-1].arrival if frames else 106.0, end),
    }
    return StreamCapture(**(values | other))


@pytest.mark.parametrize("fps", [25, 12.5, 30, 60, 90_000 / 3003])
def test_the_frame_rate_is_exact_in_rtp_ticks(fps: float):
    measured = frame_rate("CAM-1", capture(n / fps for n in range(150)))
    ticks = round(149 / fps * 90_000)
    assert measured.value == 149 * 90_000 / ticks
    assert not measured.invalid
    assert measured.n == 150
    assert (measured.U, measured.uncertainty) == (None, UncertaintyStatus.INHERENT)
    assert measured.value == pytest.approx(fps, rel=1 / ticks)
    strict = replace(requirement(Limit("fps", min=measured.value)), measurand="live_frame_rate")
    assert judge(measured, strict, Conditions(rule=DecisionRule.GUARD_BAND)).verdict is Verdict.CONFORM


def test_a_jittery_network_does_not_change_the_frame_rate():
    draw = random.Random(7)
    times = [n / 25 for n in range(151)]
    measured = frame_rate("CAM-1", capture(times, arrivals=[at + draw.uniform(0, 0.08) for at in times]))
    assert measured.value == 25.0
    assert not measured.invalid


def test_a_frame_that_came_in_part_is_none():
    whole = capture(n / 25 for n in range(151))
    torn = [replace(frame, complete=index % 5 != 1) for index, frame in enumerate(whole.frames)]
    measured = frame_rate("CAM-1", replace(whole, frames=torn))
    assert measured.value == pytest.approx(20.0, rel=0.01)


def test_losses_at_the_end_do_not_raise_the_frame_rate():
    whole = capture(n / 25 for n in range(151))
    torn = [replace(frame, complete=index < 50) for index, frame in enumerate(whole.frames)]
    measured = frame_rate("CAM-1", replace(whole, frames=torn))
    assert measured.value == pytest.approx(49 / 6)


def test_time_stamps_that_lie_are_invalid():
    times = [n / 25 for n in range(151)]
    measured = frame_rate("CAM-1", capture(times, arrivals=[2 * at for at in times]))
    assert "不一致" in measured.invalid
    assert measured.details["by_arrival_fps"] == pytest.approx(12.5)
    assert verdict(measured, Limit("fps", min=25)) is Verdict.INVALID


def test_a_stream_that_stopped_is_invalid_however_good_it_was():
    stopped = capture((n / 25 for n in range(50)), stopped_early="silent for 4.0 s at the end")
    measured = frame_rate("CAM-1", stopped)
    assert measured.invalid == "silent for 4.0 s at the end"
    assert verdict(measured, Limit("fps", min=25)) is Verdict.INVALID


def test_a_stream_that_fell_silent_before_the_end_is_invalid_even_when_nobody_said_so():
    silent = capture((n / 25 for n in range(50)), ended=Instant(106.0, 106.0))
    assert verdict(frame_rate("CAM-1", silent), Limit("fps", min=25)) is Verdict.INVALID


@pytest.mark.parametrize(
    "bad",
    [capture([]), capture([0.0]), capture([1.0, 1.0]), capture([2.0, 1.0], arrivals=[0, 1])],
    ids=["no frames", "one frame", "standing time stamps", "time stamps that run back"],
)
def test_without_frames_there_is_no_rate(bad: StreamCapture):
    measured = frame_rate("CAM-1", bad)
    assert measured.value is None
    assert measured.invalid
    assert verdict(measured, Limit("fps", min=25)) is Verdict.INVALID


def test_the_resolution_is_the_pictures_own_whatever_the_camera_declares():
    said = StreamDeclaration("main", "H264", 1920, 1080, 25.0, 4000.0, "rtsp://camera/live")
    photograph = np.tile(skimage.data.camera(), (2, 3))[:720, :1280]
    measured = stream_pixels("CAM-1", capture([], pictures=[(0, photograph)], qp=20.0), said)
    assert measured.value == 1280 * 720
    assert "1920×1080" in str(measured.details["because"])
    assert stream_pixels("CAM-1", capture([]), said).invalid


def test_a_picture_that_shows_no_detail_is_at_most_as_large_as_it_is():
    said = StreamDeclaration("main", "H264", 1280, 720, 25.0, 4000.0, "rtsp://camera/live")
    flat = stream_pixels("CAM-1", capture([], pictures=[(0, np.zeros((720, 1280), np.uint8))]), said)
    assert (flat.value, flat.at_most) == (None, 1280 * 720)
    assert verdict(flat, Limit("px", min=1280 * 720)) is Verdict.NOT_TESTED
    assert verdict(flat, Limit("px", min=1920 * 1080)) is Verdict.NON_CONFORM


def test_repeated_pixels_are_not_counted():
    said = StreamDeclaration("main", "H264", 1280, 720, 25.0, 4000.0, "rtsp://camera/live")
    small = np.random.default_rng(1).integers(0, 255, (180, 320)).astype(np.uint8)
    picture = small.repeat(4, axis=0).repeat(4, axis=1)
    large = stream_pixels("CAM-1", capture([], pictures=[(0, picture)], qp=20.0), said)
    assert large.at_most is not None
    assert large.at_most < 704 * 576
    assert verdict(large, Limit("px", min=1280 * 720)) is Verdict.NON_CONFORM


# -- verdicts, to see what a figure leads to


# -- retention


@dataclass(slots=True)
class FakeRecorder(QuietRecorder):
    """Lists segments by camera, and plays what ``holds`` says it really has (all it lists, unless said)."""

    listed: dict[str, Sequence[Segment]]
    holds: Callable[[str, datetime], bool] | None = None
    shift: timedelta = timedelta(0)
    device: Device = field(
        default_factory=lambda: Device("NVR-1", DeviceKind.RECORDER, System.VIDEO, "录像机")
    )
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    without_segments: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)

    def read_clock(self) -> ClockReading:
        raise RigFault("no clock")

    def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
        return [
            RecordedChannel(f"rec-{camera}", camera, camera, tuple(segments), None, None)
            for camera, segments in self.listed.items()
        ]

    def play(self, channel: RecordedChannel, at: datetime, *_: object, **__: object) -> Playback:
        self.asked.append((channel.source, at))
        there = any(segment.start <= at < segment.end for segment in channel.segments)
        if not there or (self.holds and not self.holds(channel.source, at)):
            return Playback(at, 0, 0, None, None, refused="RTSP 404 Not Found")
        first = at + self.shift
        return Playback(at, 50, 50, first, first + timedelta(seconds=2), np.zeros((8, 8), np.uint8))


def retention(recorder: FakeRecorder, window: Window) -> Retention:
    """The retained days where a clock in the pictures shows the time asked for."""
    right = dict.fromkeys(window.cameras, lambda _: recorder.asked[-1][1])
    return retention_seen(recorder, window, Sight(clocks=right))


def window(*cameras: str, days: float = 30, commissioned: datetime | None = None, seed: str = "1") -> Window:
    return Window(NOW, days, cameras or ("CAM-1",), commissioned, seed)


def measured(*segments: Segment, days: float = 30) -> Measurement:
    return retention(FakeRecorder({"CAM-1": segments}), window(days=days)).measurement


def test_the_fake_is_a_recorder():
    assert isinstance(FakeRecorder({}), Recorder)


def test_a_continuous_recording_is_retained_back_to_its_oldest_picture():
    found = measured(stretch(35, 0))
    assert found.value == pytest.approx(35)
    assert verdict(found, THIRTY) is Verdict.CONFORM
    assert found.U is not None
    assert 0 < found.U < 0.01


def test_a_recording_that_is_too_short_does_not_conform():
    found = measured(stretch(29.9, 0))
    assert found.value == pytest.approx(29.9)
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM


GAPS = {
    "in the middle": (stretch(35, 10), stretch(9.9, 0)),
    "two": (stretch(35, 20), stretch(19, 10), stretch(9, 0)),
    "over the edge of the window": (stretch(60, 40), stretch(29.5, 0)),
    "from before the edge, a day long": (stretch(60, 30.5), stretch(29.5, 0)),
    "until now": (stretch(35, 0.5),),
    "hidden by one that runs backward": (stretch(35, 20), stretch(9, 10), stretch(5, 0)),
    "behind an old one that runs backward": (stretch(60, 61), stretch(20, 0)),
    "behind an empty one": (stretch(60, 60), stretch(20, 0)),
}


@pytest.mark.parametrize("segments", GAPS.values(), ids=GAPS)
def test_a_gap_inside_the_window_counts_against_it(segments: tuple[Segment, ...]):
    found = measured(*segments)
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM
    assert isinstance(found.value, float)
    assert found.value < 30


def test_a_gap_is_told_with_its_hours():
    found = retention(FakeRecorder({"CAM-1": GAPS["in the middle"]}), window())
    assert "缺录 1 段，共 2.40 h" in str(found.measurement.details["because"])
    assert "2026-11-13T08:00:00Z,2026-11-13T10:24:00Z,8640," in found.tables["gaps.csv"].decode("utf-8-sig")


def test_a_gap_within_the_window_fails_every_limit_it_lies_within():
    """Judged by the longest limit of the plan and by shorter ones: the figure must serve them all."""
    found = measured(stretch(100, 20), stretch(19, 0), days=90)
    assert verdict(found, Limit("d", min=90)) is Verdict.NON_CONFORM
    assert verdict(found, Limit("d", min=30)) is Verdict.NON_CONFORM
    assert verdict(found, Limit("d", min=15)) is Verdict.CONFORM


def test_a_short_recording_with_a_gap_is_no_longer_than_it_is():
    found = measured(stretch(10, 5), stretch(4, 0))
    assert found.value == pytest.approx(4)


def test_a_gap_before_the_window_does_not_count_against_it():
    found = retention(FakeRecorder({"CAM-1": (stretch(60, 40), stretch(35, 0))}), window())
    assert verdict(found.measurement, THIRTY) is Verdict.CONFORM
    assert found.measurement.value == pytest.approx(35)  # as far as coverage runs without a gap
    assert found.tables["gaps.csv"].decode("utf-8-sig").count("\r\n") == 1


@pytest.mark.parametrize(
    "segments",
    [
        (stretch(35, 10), stretch(20, 0)),
        (stretch(20, 0), stretch(35, 10)),
        (stretch(35, 0), stretch(20, 10)),
        (stretch(35, 10), stretch(10, 0), stretch(15, 20)),
        (stretch(35, 10), stretch(10 - 30 / 86400, 0)),
    ],
    ids=["overlapping", "out of order", "one inside another", "backward beside", "30 s apart"],
)
def test_what_is_covered_is_covered_however_it_is_listed(segments: tuple[Segment, ...]):
    assert measured(*segments).value == pytest.approx(35)


def test_what_is_listed_but_does_not_play_is_not_retained():
    recorder = FakeRecorder({"CAM-1": [stretch(35, 0)]}, holds=lambda _, at: at > ago(12))
    found = retention(recorder, window())
    assert verdict(found.measurement, THIRTY) is Verdict.NON_CONFORM
    assert "不能回放" in str(found.measurement.details["because"])
    assert "RTSP 404" in found.tables["playback.csv"].decode("utf-8-sig")


def test_an_unplayable_old_picture_does_not_hide_a_gap():
    recorder = FakeRecorder({"CAM-1": GAPS["in the middle"]}, holds=lambda _, at: at > ago(34))
    found = retention(recorder, window()).measurement
    assert found.value == pytest.approx(9.9)
    assert {"缺录", "不能回放"} <= {
        word for word in ("缺录", "不能回放") if word in str(found.details["because"])
    }


@pytest.mark.parametrize("hours", [-1, 1, 24])
def test_a_picture_of_another_time_is_not_the_one_asked_for(hours: float):
    recorder = FakeRecorder({"CAM-1": [stretch(35, 0)]}, shift=timedelta(hours=hours))
    found = retention(recorder, window()).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM


def test_frames_that_cannot_be_decoded_are_no_recording():
    class Broken(FakeRecorder):
        def play(self, channel: RecordedChannel, at: datetime, *_: object, **__: object) -> Playback:
            return Playback(at, 50, 0, at, at)

    found = retention(Broken({"CAM-1": [stretch(35, 0)]}), window()).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM


@pytest.mark.parametrize("listed", [{"CAM-1": [stretch(35, 0)]}, {"CAM-1": [stretch(35, 0)], "CAM-2": []}])
def test_a_camera_that_is_not_recorded_is_zero_days(listed: dict[str, list[Segment]]):
    found = retention(FakeRecorder(listed), window("CAM-1", "CAM-2"))
    assert found.measurement.value == 0.0
    assert found.measurement.details["because"] == "CAM-2 无录像"
    assert verdict(found.measurement, THIRTY) is Verdict.NON_CONFORM


def test_a_recorder_that_does_not_say_what_it_holds_is_a_fault_and_no_figure():
    mute = FakeRecorder({"CAM-1": [stretch(35, 0)]}, without_segments={"rec-CAM-1"})
    with pytest.raises(RigFault, match="CAM-1") as fault:
        retention(mute, window())
    assert fault.value.device == "NVR-1"


def test_the_worst_camera_is_the_recorders_figure():
    listed = {"CAM-1": [stretch(40, 0)], "CAM-2": [stretch(20, 0)], "CAM-3": [stretch(35, 0)]}
    found = retention(FakeRecorder(listed), window("CAM-1", "CAM-2", "CAM-3")).measurement
    assert found.value == pytest.approx(20)


def test_no_camera_to_look_at_is_no_figure():
    nobody = Window(NOW, 30, (), None, "1")
    found = retention(FakeRecorder({"CAM-1": [stretch(35, 0)]}), nobody).measurement
    assert verdict(found, THIRTY) is Verdict.NOT_TESTED


def test_a_system_old_enough_is_judged():
    recorder = FakeRecorder({"CAM-1": [stretch(35, 0)]})
    found = retention(recorder, window(commissioned=ago(35))).measurement
    assert verdict(found, THIRTY) is Verdict.CONFORM


def test_the_oldest_picture_the_edge_of_the_window_and_a_seeded_sample_are_played():
    def asked(seed: str) -> list[datetime]:
        recorder = FakeRecorder({"CAM-1": [stretch(35, 0)]})
        retention(recorder, window(seed=seed))
        return [at for _, at in recorder.asked]

    assert asked("1") == asked("1")
    assert asked("1") != asked("2")
    assert abs(min(asked("1")) - ago(35)) < timedelta(minutes=1)
    assert any(abs(at - ago(30)) < timedelta(minutes=1) for at in asked("1"))
    twins = [
        at
        for at in asked("1")
        if at > ago(30) and (at - ago(30)) % timedelta(days=1) == timedelta(seconds=30)
    ]
    assert len(twins) == 4  # the edge of the window, and its time of day on three later days
    assert max(twins) > ago(1)
    assert len(asked("1")) == 9


@st.composite
def segments(draw: st.DrawFn) -> list[Segment]:
    """Stretches on a grid of hours, some of them backward or empty."""
    hours = st.integers(-10, 60)
    pairs = draw(st.lists(st.tuples(hours, hours), max_size=8))
    return [Segment(NOW + timedelta(hours=a), NOW + timedelta(hours=b)) for a, b in pairs]


@given(segments())
def test_gaps_and_segments_together_are_the_whole_window_and_nothing_twice(listed: list[Segment]):
    start, end = NOW, NOW + timedelta(hours=48)
    gaps = gaps_of(listed, start, end)
    assert all(start <= gap.start < gap.end <= end for gap in gaps)
    assert all(one.end < other.start for one, other in pairwise(gaps))
    for half_hour in range(96):
        at = start + timedelta(hours=half_hour / 2, minutes=1)
        covered = any(one.start <= at < one.end for one in listed)
        assert covered is not any(gap.start <= at < gap.end for gap in gaps)


def test_a_soft_picture_conforms_conditionally_at_best():
    said = StreamDeclaration("main", "H264", 1280, 720, 25.0, 4000.0, "rtsp://camera/live")
    soft = cv2.GaussianBlur(
        np.random.default_rng(3).integers(0, 255, (720, 1280)).astype(np.uint8), (0, 0), 4.0
    )
    found = stream_pixels("CAM-1", capture([], pictures=[(0, cv2.equalizeHist(soft))], qp=30.0), said)
    assert found.value == 1280 * 720
    assert verdict(found, Limit("px", min=1280 * 720)) is Verdict.CONDITIONAL_CONFORM
    assert verdict(found, Limit("px", min=1920 * 1080)) is Verdict.NON_CONFORM
