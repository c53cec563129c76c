# SPDX-License-Identifier: Apache-2.0
"""Retention by playback: edges, excuses, wrong channels, unproved times, young systems, odd lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.support.judging import NOW, THIRTY, ago, requirement, stretch, verdict
from tests.support.quiet_recorder import QuietRecorder
from yanshou.equipment.recordings import (
    Sight,
    exports,
    record_completeness,
    recorded_frame_rate,
    recorded_pixels,
)
from yanshou.equipment.recordings import retention as retention_seen
from yanshou.evaluation import Drawn, Excuse, Storage, Window
from yanshou.evaluation.coverage import Gap, by_day, completeness, gaps_of, joined, weighed
from yanshou.evaluation.retention import Retention
from yanshou.imaging.likeness import Shows, shows
from yanshou.metrology import Conditions, judge
from yanshou.model import Device, DeviceKind, Instant, Limit, RigFault, System, Verdict
from yanshou.model.reading import ClockReading
from yanshou.model.recording import Playback, PlayedFrame, RecordedChannel, RecordingSummary, Segment
from yanshou.model.stream import Distinct, Luma


@dataclass
class Kept(QuietRecorder):
    """A recorder that holds ``stretches`` of each camera and plays them, but for what is planted."""

    listed: dict[str, Sequence[Segment]]
    plays: Callable[[str, datetime], bool] = lambda _camera, _at: True
    picture: Callable[[str], Luma | None] = lambda _camera: SPECK
    repeats: timedelta | None = None  # after that long the pictures begin anew
    noise: float = 1.0
    still: bool = False  # its pictures do not change while one plays
    stamped: bool = True
    clock: timedelta | None = timedelta(0)
    label: timedelta = timedelta(0)
    tracks: frozenset[str] = frozenset()
    seams: tuple[datetime, ...] = ()
    track: str = ""
    stated: RecordingSummary | None = None
    rate: float = 250_000.0  # bytes a second
    qp: float | None = 18.0
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    without_segments: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    salt: int = 0
    lists_anything: bool = False  # the listed stretches are too many to be looked through at each play
    device: Device = field(
        default_factory=lambda: Device("NVR-1", DeviceKind.RECORDER, System.VIDEO, "录像机")
    )

    def summary(self) -> RecordingSummary | None:
        return self.stated

    def read_clock(self) -> ClockReading:
        if self.clock is None:
            raise RigFault("tells no time")
        return ClockReading(NOW + self.clock, 1.0, Instant(0, 0))

    def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
        moved = (
            self.listed
            if not self.label
            else {
                camera: tuple(Segment(one.start + self.label, one.end + self.label) for one in stretches)
                for camera, stretches in self.listed.items()
            }
        )
        return [
            RecordedChannel(f"rec-{c}", c, c, tuple(s), None, None, self.tracks, seams=self.seams)
            for c, s in moved.items()
        ]

    def play(
        self, channel: RecordedChannel, at: datetime, seconds: float = 2.0, *, intra: bool = True, **_: bool
    ) -> Playback:
        self.asked.append((channel.source, at))
        there = self.lists_anything or any(one.start <= at < one.end for one in channel.segments)
        if not there or not self.plays(channel.source, at):
            return Playback(at, 0, 0, None, None, refused="RTSP 457")
        count = 2 if intra else round(25 * seconds)
        times = [at + timedelta(seconds=n / 25) for n in range(count)]
        frames_played = tuple(
            PlayedFrame(n * 3600, when if self.stamped else None, "", round(self.rate / 25), True)
            for n, when in enumerate(times)
        )
        first, last = (times[0], times[-1]) if self.stamped else (None, None)
        self.salt += 1
        picture, later = self._pictures(self.picture(channel.source), at)
        return Playback(
            at,
            count,
            count,
            first,
            last,
            picture,
            frames_played=frames_played,
            sha256="same",
            track=self.track,
            later=later,
            qp=self.qp,
        )

    def _pictures(self, seen: Luma | None, at: datetime) -> tuple[Luma | None, Luma | None]:
        """What is seen at ``at`` and a second later, with the sensor's noise of those moments."""
        if seen is None or self.noise == 0:
            return seen, seen
        second = (at - ago(400)).total_seconds()
        if self.repeats is not None:
            second %= self.repeats.total_seconds()
        moments = (second, second if self.still else second + 1)
        first, later = (self._noisy(seen, moment) for moment in moments)
        return first, later

    def _noisy(self, seen: Luma, moment: float) -> Luma:
        noise = np.random.default_rng(round(moment * 1000)).normal(0, self.noise, seen.shape)
        return np.clip(np.rint(seen + noise), 0, 255).astype(np.uint8)


def window(*cameras: str, days: float = 30, **other: object) -> Window:
    base = Window(NOW, days, cameras or ("CAM-1",), None, "1", limits=(days,))
    return replace(base, **other)  # type: ignore[arg-type] # keys of Window


def retention(recorder: Kept, window: Window, sight: Sight | None = None) -> Retention:
    """The retained days where a clock in the pictures shows the time asked for, unless ``sight`` is given."""
    right = dict.fromkeys(window.cameras, lambda _: recorder.asked[-1][1])
    return retention_seen(recorder, window, sight or Sight(clocks=right))


def view(seed: int) -> Luma:
    """A room of blocks, distinct by seed."""
    draw = np.random.default_rng(seed)
    room = np.full((180, 320), 90.0)
    for _ in range(20):
        x, y = draw.integers(0, 280), draw.integers(0, 150)
        room[y : y + draw.integers(8, 30), x : x + draw.integers(8, 40)] = draw.uniform(20, 230)
    return room.astype(np.uint8)


SPECK = np.zeros((8, 8), np.uint8)  # too small to be compared with anything
VIEWS = {"CAM-1": view(1), "CAM-2": view(2), "CAM-3": view(3)}


def test_both_edges_of_every_gap_are_played():
    recorder = Kept({"CAM-1": [stretch(35, 20), stretch(19, 10), stretch(9, 0)]})
    retention(recorder, window())
    times = [at for _, at in recorder.asked]
    for edge in (20, 10):
        assert ago(edge) - timedelta(seconds=2) in times
    for edge in (19, 9):
        assert ago(edge) in times


def test_an_edge_that_is_some_seconds_off_is_told_and_no_gap():
    """The list ends a stretch 5 s late; 30 s inside it plays."""
    recorder = Kept(
        {"CAM-1": [stretch(35, 20), Segment(ago(20) + timedelta(seconds=40), NOW)]},
        plays=lambda _, at: not ago(20) - timedelta(seconds=5) <= at < ago(20),
    )
    found = retention(recorder, window())
    assert verdict(found.measurement, THIRTY) is Verdict.CONFORM
    assert "边沿有数秒偏差" in found.tables["playback.csv"].decode("utf-8-sig")


def test_a_stretch_that_does_not_play_at_its_edge_nor_inside_counts():
    recorder = Kept(
        {"CAM-1": [stretch(35, 20), Segment(ago(20) + timedelta(seconds=40), NOW)]},
        plays=lambda _, at: not ago(21) <= at < ago(20),
    )
    found = retention(recorder, window()).measurement
    assert isinstance(found.value, float)
    assert found.value == pytest.approx(20, abs=0.01)
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM


def test_declared_maintenance_is_listed_and_excused():
    held = {"CAM-1": [stretch(35, 10), stretch(9.9, 0)]}
    excuse = Excuse(ago(10.5), ago(9.9), "换立杆（维护 117）")
    found = retention(Kept(held), window(excuses={"CAM-1": [excuse]}))
    assert verdict(found.measurement, THIRTY) is Verdict.CONFORM
    assert "维护 117" in found.tables["gaps.csv"].decode("utf-8-sig")
    partly = replace(excuse, end=ago(9.95))
    found = retention(Kept(held), window(excuses={"CAM-1": [partly]}))
    assert verdict(found.measurement, THIRTY) is Verdict.NON_CONFORM
    assert "缺录 1 段，共 1.20 h" in str(found.measurement.details["because"])


def test_the_pictures_of_another_camera_are_no_recording_of_this_one():
    held = {camera: [stretch(35, 0)] for camera in VIEWS}
    right = Kept(held, picture=lambda camera: VIEWS[camera])
    sight = Sight(lambda: VIEWS, dict.fromkeys(VIEWS, lambda _: right.asked[-1][1]))
    found = retention(right, window(*VIEWS), sight).measurement
    assert verdict(found, THIRTY) is Verdict.CONFORM
    assert found.deviations == ()
    swapped = Kept(
        held, picture=lambda camera: VIEWS[{"CAM-2": "CAM-3", "CAM-3": "CAM-2"}.get(camera, camera)]
    )
    found = retention(swapped, window(*VIEWS), Sight(lambda: VIEWS)).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM
    assert "画面属于其他通道" in str(found.details["because"])


def test_views_too_alike_to_tell_are_said_and_fail_nobody():
    alike = dict.fromkeys(VIEWS, VIEWS["CAM-1"])
    recorder = Kept({camera: [stretch(35, 0)] for camera in VIEWS}, picture=lambda _: VIEWS["CAM-1"])
    sight = Sight(lambda: alike, dict.fromkeys(VIEWS, lambda _: recorder.asked[-1][1]))
    found = retention(recorder, window(*VIEWS), sight).measurement
    assert verdict(found, THIRTY) is Verdict.CONFORM
    assert "未能证实通道对应" in found.deviations[0]


@pytest.mark.parametrize("every", [timedelta(days=1), timedelta(hours=1), timedelta(minutes=4)])
def test_pictures_that_come_again_on_other_days_prove_no_day(every: timedelta):
    """The stamps are right and the list is whole; one camera's pictures of all dates are those of one."""
    recorder = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], repeats=every)
    found = retention(recorder, window())
    assert verdict(found.measurement, THIRTY) is Verdict.NON_CONFORM
    assert found.measurement.value == pytest.approx(1, abs=0.01)  # its youngest copy is of yesterday
    assert "与另一时刻为同一画面" in str(found.measurement.details["because"])
    assert "与另一时刻为同一画面" in found.tables["playback.csv"].decode("utf-8-sig")


def test_copies_of_old_days_alone_leave_the_young_ones_proved():
    """What is older than ten days is one day's pictures again and again."""
    old, young = (
        Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], repeats=every)
        for every in (timedelta(days=1), None)
    )

    class Mended(Kept):
        def play(self, channel: RecordedChannel, at: datetime, seconds: float = 2.0, **how: bool) -> Playback:
            self.asked.append((channel.source, at))
            return (old if at < ago(10) else young).play(channel, at, seconds, **how)

    found = retention(Mended(old.listed), window()).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM
    assert 10 <= float(str(found.value)) < 30


@pytest.mark.parametrize("qp", [None, 34.0], ids=["unknown", "coarse"])
def test_a_still_scene_coded_too_coarsely_to_recognise_a_copy_is_proved_conditionally(qp: float | None):
    recorder = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], qp=qp)
    found = retention(recorder, window()).measurement
    assert verdict(found, THIRTY) is Verdict.CONDITIONAL_CONFORM
    assert "重新编码" in found.reservations[0].text


class MovedKeys(Kept):
    """Each day's key frames stand at moments of their own, and all days are one day coded anew."""

    def play(self, channel: RecordedChannel, at: datetime, seconds: float = 2.0, **how: bool) -> Playback:
        later = timedelta(seconds=0.2 * ((NOW - at).days % 7))
        played = super().play(channel, at + later, seconds, **how)
        return replace(played, asked=at)


def test_days_whose_key_frames_stand_elsewhere_are_proved_conditionally():
    """A copy looks like real days then: only a scene that changes tells them apart."""
    real = MovedKeys({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"])
    assert verdict(retention(real, window()).measurement, THIRTY) is Verdict.CONDITIONAL_CONFORM
    copied = replace(real, repeats=timedelta(days=1))
    assert verdict(retention(copied, window()).measurement, THIRTY) is not Verdict.CONFORM


def test_a_copied_day_with_noise_added_is_never_proved():
    class Noisy(Kept):
        def _pictures(self, seen: Luma | None, at: datetime) -> tuple[Luma | None, Luma | None]:
            pair = super()._pictures(seen, at)
            if at > ago(2):
                return pair
            return tuple(self._grain(one, at, n) for n, one in enumerate(pair))  # type: ignore[return-value]

        def _grain(self, luma: Luma | None, at: datetime, n: int) -> Luma:
            assert luma is not None
            added = np.random.default_rng([int(at.timestamp()), n]).normal(0, 5, luma.shape)
            return np.clip(np.rint(luma + added), 0, 255).astype(np.uint8)

    day = timedelta(days=1)
    sly = Noisy({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], repeats=day)
    assert verdict(retention(sly, window()).measurement, THIRTY) is not Verdict.CONFORM


def test_a_scene_that_itself_differs_from_day_to_day_is_no_copy_however_coarsely_coded():
    class Busy(Kept):
        def _pictures(self, seen: Luma | None, at: datetime) -> tuple[Luma | None, Luma | None]:
            return super()._pictures(view(100 + (NOW - at).days), at)

    found = retention(Busy({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], qp=40.0), window())
    assert verdict(found.measurement, THIRTY) is Verdict.CONFORM


def test_one_day_with_another_date_and_slightly_other_pixels_under_every_date_is_found():
    """Each date brings the same noise with its own rounding and its own text: no two pictures are equal."""

    class Recoded(Kept):
        def _pictures(self, seen: Luma | None, at: datetime) -> tuple[Luma | None, Luma | None]:
            pair = super()._pictures(seen, at)
            return tuple(self._anew(one, (NOW - at).days) for one in pair)  # type: ignore[return-value]

        def _anew(self, luma: Luma | None, day: int) -> Luma:
            assert luma is not None
            jitter = np.random.default_rng(day).integers(-1, 2, luma.shape)
            anew = np.clip(luma.astype(int) + jitter, 0, 255).astype(np.uint8)
            anew[4:14, 8 + day : 120 + day] = 235
            return anew

    day = timedelta(days=1)
    sly = Recoded({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], repeats=day)
    found = retention(sly, window()).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM
    assert found.value == pytest.approx(1, abs=0.01)
    honest = Recoded({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"])
    assert verdict(retention(honest, window()).measurement, THIRTY) is Verdict.CONFORM


def test_a_still_scene_is_told_by_its_noise_alone():
    recorder = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], noise=0.3)
    assert verdict(retention(recorder, window()).measurement, THIRTY) is Verdict.CONFORM


@pytest.mark.parametrize(
    "planted", [{"noise": 0.0}, {"repeats": timedelta(days=1), "still": True}], ids=["drawn", "frozen"]
)
def test_of_pictures_that_stand_still_no_day_is_proved_and_none_refuted(planted):
    recorder = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], **planted)
    found = retention(recorder, window()).measurement
    assert verdict(found, THIRTY) is Verdict.INVALID
    assert "不能证明为各日所录" in found.invalid


def test_before_recording_began_again_without_an_end_it_must_play():
    """The list holds no gap; from 12 d to 11.9 d ago nothing plays, as after a supply that failed."""

    def lost(_camera: str, at: datetime) -> bool:
        return not ago(12) <= at < ago(11.9)

    seams = (ago(20), ago(11.9))
    broken = Kept({"CAM-1": [stretch(35, 0)]}, plays=lost, seams=seams)
    sound = Kept({"CAM-1": [stretch(35, 0)]}, seams=seams)
    found = retention(broken, window()).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM
    assert found.value == pytest.approx(11.9, abs=0.01)
    assert record_completeness(broken, window())[0].invalid
    assert verdict(retention(sound, window()).measurement, THIRTY) is Verdict.CONFORM
    assert not record_completeness(sound, window())[0].invalid


def test_a_dark_picture_speaks_neither_for_nor_against_the_day():
    """Black by night, on several days alike; by day the pictures differ."""
    kept = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"])
    dark = Kept(kept.listed, picture=lambda _: np.full((180, 320), 16, np.uint8), noise=0)

    class Night(Kept):
        def play(self, channel: RecordedChannel, at: datetime, seconds: float = 2.0, **how: bool) -> Playback:
            self.asked.append((channel.source, at))
            return (dark if at.hour == ago(0).hour else kept).play(channel, at, seconds, **how)

    assert verdict(retention(Night(kept.listed), window()).measurement, THIRTY) is Verdict.CONFORM
    assert verdict(retention(dark, window(), Sight()).measurement, THIRTY) is Verdict.INVALID


def test_a_view_is_known_by_day_and_night_and_a_dark_picture_is_unclear():
    noise = np.random.default_rng(5).normal(0, 4, VIEWS["CAM-2"].shape)
    night = np.clip(VIEWS["CAM-2"] * 0.35 + 12 + noise, 0, 255).astype(np.uint8)
    assert shows(night, "CAM-2", VIEWS) == (Shows.OWN, "CAM-2")
    assert shows(night, "CAM-1", VIEWS) == (Shows.OTHER, "CAM-2")
    assert shows(np.full((180, 320), 3, np.uint8), "CAM-1", VIEWS)[0] is Shows.UNCLEAR
    # without a live picture of its own nothing is said against a camera
    assert shows(night, "CAM-9", VIEWS)[0] is Shows.UNCLEAR


def test_a_track_of_another_recording_is_a_wrong_channel():
    recorder = Kept({"CAM-1": [stretch(35, 0)]}, tracks=frozenset({"V1"}), track="V2")
    assert verdict(retention(recorder, window()).measurement, THIRTY) is Verdict.NON_CONFORM


def test_pictures_without_a_time_are_invalid_unless_it_fails_anyway():
    silent = Kept({"CAM-1": [stretch(35, 0)]}, stamped=False)
    found = retention(silent, window(), Sight()).measurement
    assert verdict(found, THIRTY) is Verdict.INVALID
    assert "0xABAC" in found.invalid
    short = Kept({"CAM-1": [stretch(20, 0)]}, stamped=False)
    assert verdict(retention(short, window(), Sight()).measurement, THIRTY) is Verdict.NON_CONFORM


def test_the_on_screen_time_proves_where_the_stamp_is_missing_and_contradicts_where_it_lies():
    silent = Kept({"CAM-1": [stretch(35, 0)]}, stamped=False, picture=lambda _: VIEWS["CAM-1"])
    right = Sight(clocks={"CAM-1": lambda _: silent.asked[-1][1]})
    found = retention(silent, window(), right).measurement
    assert (
        verdict(found, THIRTY) is Verdict.CONDITIONAL_CONFORM
    )  # to a second: which frame it is stays unknown
    lying = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"])
    wrong = Sight(clocks={"CAM-1": lambda _: lying.asked[-1][1] - timedelta(hours=2)})
    found = retention(lying, window(), wrong).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM
    assert "画面时间不符" in str(found.details["because"])


@pytest.mark.parametrize(("ahead_s", "found"), [(100, Verdict.CONFORM), (140, Verdict.NON_CONFORM)])
def test_the_clock_of_a_camera_may_be_wrong_by_two_minutes_before_it_tells_another_time(ahead_s, found):
    kept = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"])
    sight = Sight(clocks={"CAM-1": lambda _: kept.asked[-1][1] + timedelta(seconds=ahead_s)})
    assert verdict(retention(kept, window(), sight).measurement, THIRTY) is found


def test_a_camera_whose_clock_is_right_does_not_fail_a_recorder_whose_labels_are_not():
    """Local time labelled as UTC is asked for by its labels; the picture shows when it was taken."""
    shift = timedelta(hours=8)
    kept = Kept({"CAM-1": [stretch(35, 0)]}, label=shift, picture=lambda _: VIEWS["CAM-1"])
    sight = Sight(clocks={"CAM-1": lambda _: kept.asked[-1][1] - shift})
    assert verdict(retention(kept, window(), sight).measurement, THIRTY) is Verdict.CONFORM
    wrong = Sight(clocks={"CAM-1": lambda _: kept.asked[-1][1] - shift / 2})
    assert verdict(retention(kept, window(), wrong).measurement, THIRTY) is Verdict.NON_CONFORM


def test_a_display_that_cannot_be_read_is_told_and_proves_the_days_conditionally():
    kept = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"])
    found = retention(kept, window(), Sight(clocks={"CAM-1": lambda _: None})).measurement
    assert verdict(found, THIRTY) is Verdict.CONDITIONAL_CONFORM
    assert any("叠加时间未能识读：CAM-1" in one for one in found.deviations)


@pytest.mark.parametrize("every_h", [7.0, 0.7, 31.0, 100.0])
@pytest.mark.parametrize("read", [0, 1, 2], ids=["no clock", "read once", "read on one day"])
def test_a_loop_that_does_not_divide_a_day_never_passes_without_a_clock(every_h: float, read: int):
    """No two pictures that are played are the same one: only a clock in them shows that they come again."""
    every = timedelta(hours=every_h)
    kept = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], repeats=every)

    def clock(_: Luma) -> datetime | None:
        at = kept.asked[-1][1]
        return at if at > (NOW, ago(2), ago(1.5))[read] else None

    found = retention(kept, window(), Sight(clocks={"CAM-1": clock})).measurement
    assert verdict(found, THIRTY) is not Verdict.CONFORM
    honest = replace(kept, repeats=None, asked=[])
    found = retention(honest, window(), Sight()).measurement
    assert verdict(found, THIRTY) is Verdict.CONDITIONAL_CONFORM
    assert "循环播放" in found.reservations[-1].text
    assert verdict(retention(honest, window()).measurement, THIRTY) is Verdict.CONFORM


def test_a_clock_that_comes_round_with_the_loop_shows_it():
    every = timedelta(hours=7)
    kept = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: VIEWS["CAM-1"], repeats=every)
    burnt_in = Sight(clocks={"CAM-1": lambda _: ago(35) + (kept.asked[-1][1] - ago(35)) % every})
    assert verdict(retention(kept, window(), burnt_in).measurement, THIRTY) is Verdict.NON_CONFORM


# -- a system younger than its duty


def test_a_young_system_is_bounded_and_never_conforms_by_its_youth():
    young = Kept({"CAM-1": [stretch(20, 0)]})
    found = retention(young, window(commissioned=ago(20.5))).measurement
    assert found.value == pytest.approx(20)
    assert verdict(found, THIRTY) is Verdict.NOT_TESTED
    assert verdict(found, Limit("d", min=15)) is Verdict.CONFORM
    assert "投用以来 20.0 d 全程有录像" in str(found.details["because"])


def test_accepting_estimates_does_not_let_a_young_system_pass():
    young = Kept({"CAM-1": [stretch(20, 0)]})
    storage = Storage(40e12, "循环覆盖最早录像")
    found = retention(young, window(commissioned=ago(20.2), storage=storage)).measurement
    accepted = Conditions(accepted_estimates=frozenset({"recording_retention"}))
    assert (
        judge(found, replace(requirement(THIRTY), measurand="recording_retention"), accepted).verdict
        is Verdict.NOT_TESTED
    )
    estimate = found.details["estimate"]
    assert isinstance(estimate, dict)
    # 40 TB, 3 % lost, at 250 kB/s
    assert estimate["days"] == pytest.approx(40e12 * 0.97 / 250_000 / 86_400, rel=0.01)
    assert "估计值，不作结论" in str(found.details["because"])
    assert "循环覆盖最早录像" in str(found.details["because"])


@pytest.mark.parametrize(
    "stretches",
    [[stretch(10, 0)], [stretch(20, 8), stretch(7, 0)]],
    ids=["overwrites what it had", "has a gap since"],
)
def test_what_a_young_system_has_lost_already_counts(stretches: list[Segment]):
    found = retention(Kept({"CAM-1": stretches}), window(commissioned=ago(20))).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM


def test_recordings_of_the_trial_before_it_was_put_into_use_prove_no_retention():
    held = {"CAM-1": [stretch(60, 50), stretch(40, 0)]}
    found = retention(Kept(held), window(commissioned=ago(20))).measurement
    assert verdict(found, THIRTY) is Verdict.NOT_TESTED


def test_a_camera_added_later_is_young_alone_and_hides_no_loss_of_another():
    added = {"CAM-2": ago(10)}
    held = {"CAM-1": [stretch(40, 0)], "CAM-2": [stretch(10, 0)]}
    found = retention(Kept(held), window(*held, commissioned=ago(300), since=added)).measurement
    assert verdict(found, THIRTY) is Verdict.NOT_TESTED
    held["CAM-1"] = [stretch(25, 0)]
    found = retention(Kept(held), window(*held, commissioned=ago(300), since=added)).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM
    assert found.value == pytest.approx(25)


# -- lists that are odd


def test_a_camera_recorded_under_another_name_is_a_question_and_not_a_failure():
    recorder = Kept({"urn:channel:1": [stretch(35, 0)]})
    with pytest.raises(RigFault, match="CAM-1") as fault:
        retention(recorder, window())
    assert "recording = TOKEN" in fault.value.remedy
    named = window(tokens={"CAM-1": "rec-urn:channel:1"})
    assert verdict(retention(recorder, named).measurement, THIRTY) is Verdict.CONFORM


def test_several_recordings_of_a_camera_are_united_and_each_played_from_its_own():
    class Twice(Kept):
        def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
            return [
                RecordedChannel("old", "CAM-1", "", (stretch(35, 15),), None, None),
                RecordedChannel("new", "CAM-1", "", (stretch(15, 0),), None, None),
            ]

    assert verdict(retention(Twice({}), window()).measurement, THIRTY) is Verdict.CONFORM


def test_local_time_labelled_as_utc_is_told_and_shifts_nothing():
    recorder = Kept({"CAM-1": [stretch(31, 0)]}, label=timedelta(hours=8))
    found = retention(recorder, window()).measurement
    assert found.value == pytest.approx(31, abs=0.001)
    assert any("8 h" in one for one in found.details["remarks"])  # type: ignore[attr-defined]


def test_a_recorder_that_runs_late_is_asked_by_its_own_clock():
    recorder = Kept({"CAM-1": [stretch(35, 0.02)]}, clock=-timedelta(days=0.02))
    assert verdict(retention(recorder, window()).measurement, THIRTY) is Verdict.CONFORM


def test_a_summary_that_says_otherwise_is_told():
    summary = RecordingSummary(ago(90), NOW, 4)
    found = retention(Kept({"CAM-1": [stretch(35, 0)]}, stated=summary), window()).measurement
    remarks = found.details["remarks"]
    assert isinstance(remarks, list)
    assert len([one for one in remarks if "概要称" in one]) == 2
    assert found.value == pytest.approx(35)


@pytest.mark.parametrize("back_h", [1, -1])
def test_a_clock_changed_by_an_hour_invents_no_recording(back_h: int):
    """Daylight saving labelled in local time: an hour twice, or an hour that never was."""
    change = ago(10)
    jump = timedelta(hours=back_h)
    stretches = [Segment(ago(35), change), Segment(change - jump, NOW)]
    found = retention(Kept({"CAM-1": stretches}), window()).measurement
    expected = Verdict.CONFORM if back_h > 0 else Verdict.NON_CONFORM
    assert verdict(found, THIRTY) is expected


def test_a_hundred_thousand_stretches_are_evaluated_with_few_plays():
    """12 s recorded of every 13: a hundred thousand short gaps in 15 days (a million: the bench)."""
    step = timedelta(seconds=13)
    first = NOW - 100_000 * step
    held = [Segment(first + n * step, first + n * step + timedelta(seconds=12)) for n in range(100_000)]
    recorder = Kept({"CAM-1": held}, lists_anything=True)
    found = retention(recorder, window(days=10)).measurement
    assert found.n < 1000
    assert found.details["complete"] == {"CAM-1": pytest.approx(12 / 13, abs=1e-4)}
    assert verdict(found, Limit("d", min=10)) is Verdict.NON_CONFORM  # 18 h are missing, second by second


@pytest.mark.parametrize(
    ("every", "gap", "excused"),
    [
        (timedelta(hours=1), timedelta(seconds=59), False),  # 11.8 h of 30 days
        (timedelta(days=1), timedelta(seconds=59), True),
        (timedelta(seconds=2), timedelta(seconds=0.9), False),  # below the finest gap, and half of the time
        (timedelta(hours=1), timedelta(seconds=0.9), True),
    ],
)
def test_short_gaps_are_excused_while_they_are_few(every: timedelta, gap: timedelta, excused: bool):
    count = min(100_000, timedelta(days=35) // every)
    held = [Segment(NOW - n * every, NOW - (n - 1) * every - gap) for n in range(count, 1, -1)]
    held.append(Segment(NOW - every, NOW))
    recorder = Kept({"CAM-1": held}, lists_anything=True)
    days = min(30, count * every / timedelta(days=1) - 1)
    found = retention(recorder, window(days=days)).measurement
    assert verdict(found, Limit("d", min=days)) is (Verdict.CONFORM if excused else Verdict.NON_CONFORM)
    assert ("合计" in str(found.details["because"])) is not excused


def test_short_gaps_of_maintenance_do_not_count():
    every, gap = timedelta(hours=1), timedelta(seconds=59)
    held = [Segment(NOW - n * every, NOW - (n - 1) * every - gap) for n in range(840, 1, -1)]
    held.append(Segment(NOW - every, NOW))
    asked = window(excuses={"CAM-1": [Excuse(ago(40), ago(0), "维护")]})
    found = retention(Kept({"CAM-1": held}, lists_anything=True), asked).measurement
    assert verdict(found, THIRTY) is Verdict.CONFORM


def test_a_list_that_cannot_be_read_is_unknown_and_neither_whole_nor_empty():
    recorder = Kept({"CAM-1": [stretch(35, 0)]})
    reported = recorder.channels(ago(40), NOW)
    recorder.channels = lambda *_: [replace(one, unclear="an event bears no time") for one in reported]
    for found in (retention(recorder, window()).measurement, record_completeness(recorder, window())[0]):
        assert found.value is None
        assert "an event bears no time" in found.invalid
        assert verdict(found, THIRTY) in {Verdict.NOT_TESTED, Verdict.INVALID}


def test_a_million_stretches_listed_backwards_leave_the_gaps_they_leave():
    step, long, count = timedelta(seconds=8), timedelta(seconds=6), 1_000_000
    starts = [NOW - n * step for n in range(1, count + 1)]
    found = gaps_of([Segment(start, start + long) for start in starts], starts[-1], NOW)
    assert len(found) == count
    assert found[0].start == starts[-1] + long
    assert found[-1] == Segment(NOW - step + long, NOW)


# -- the other figures of recordings


def test_completeness_is_of_the_scheduled_time_and_the_worst_camera():
    held = {"CAM-1": [stretch(35, 0)], "CAM-2": [stretch(35, 12), stretch(9, 0)]}
    measurement, table = record_completeness(Kept(held), window(*held))
    assert measurement.value == pytest.approx(90, abs=0.01)
    assert "CAM-2" in table.decode("utf-8-sig")
    excused = window(*held, excuses={"CAM-2": [Excuse(ago(12), ago(10.5), "检修")]})
    measurement, _ = record_completeness(Kept(held), excused)
    assert measurement.value == pytest.approx(100 * 27 / 28.5, abs=0.01)


def test_the_slowest_and_the_smallest_recording_speak_for_the_recorder():
    draw = np.random.default_rng(3)
    small, large = (draw.integers(0, 255, size, np.uint8) for size in ((360, 640), (720, 1280)))
    recorder = Kept(
        {"CAM-1": [stretch(35, 0)], "CAM-2": [stretch(35, 0)]},
        picture=lambda camera: small if camera == "CAM-2" else large,
    )
    drawn = [Drawn(one.source, one, ago(1)) for one in recorder.channels(ago(40), NOW)]
    assert recorded_pixels(recorder, drawn).value == 640 * 360
    rate = recorded_frame_rate(recorder, drawn)
    assert rate.value == 25.0
    assert not rate.invalid


@pytest.mark.parametrize(("distinct", "counts"), [(150, True), (140, True), (75, False), (1, False)])
def test_a_recording_in_which_pictures_stand_twice_has_no_frame_rate(distinct: int, counts: bool):
    class Padded(Kept):
        def play(self, *asked: object, **how: object) -> Playback:
            made = super().play(*asked, **how)  # type: ignore[arg-type]
            padded = made.refused == "" and asked[0].source == "CAM-2"  # type: ignore[attr-defined]
            return replace(made, distinct=Distinct(150, distinct if padded else 150, 0.04))

    recorder = Padded({"CAM-1": [stretch(35, 0)], "CAM-2": [stretch(35, 0)]})
    drawn = [Drawn(one.source, one, ago(1)) for one in recorder.channels(ago(40), NOW)]
    found = recorded_frame_rate(recorder, drawn)
    assert (found.invalid == "") is counts
    assert counts or "CAM-2 录像只有" in found.invalid


def test_a_recording_that_is_blown_up_has_the_pixels_it_was_made_of():
    small = np.random.default_rng(3).integers(0, 255, (360, 640), np.uint8)
    blown = np.repeat(np.repeat(small, 2, axis=0), 2, axis=1)
    recorder = Kept({"CAM-1": [stretch(35, 0)]}, picture=lambda _: blown)
    drawn = [Drawn(one.source, one, ago(1)) for one in recorder.channels(ago(40), NOW)]
    pixels = recorded_pixels(recorder, drawn)
    assert (pixels.value, pixels.at_most) == (None, 640 * 360)


def test_a_replay_that_lost_packets_says_nothing_of_what_was_recorded():
    class Lossy(Kept):
        def play(self, *asked: object, **how: object) -> Playback:
            made = super().play(*asked, **how)  # type: ignore[arg-type]
            torn = [replace(one, complete=n % 4 != 0) for n, one in enumerate(made.frames_played)]
            return replace(made, frames_played=tuple(torn))

    held = {"CAM-1": [stretch(35, 0)]}
    drawn = [Drawn("CAM-1", Kept(held).channels(ago(40), NOW)[0], ago(1))]
    rate = recorded_frame_rate(Lossy(held), drawn)
    assert "丢包" in rate.invalid
    assert rate.value is not None
    assert rate.value < 25


def test_exports_that_differ_by_a_byte_are_not_unaltered():
    class Restless(Kept):
        def play(self, *asked: object, **how: object) -> Playback:
            return replace(super().play(*asked, **how), sha256=f"{self.salt}")  # type: ignore[arg-type]

    held = {"CAM-1": [stretch(35, 0)]}
    drawn = [Drawn("CAM-1", Kept(held).channels(ago(40), NOW)[0], ago(1))]
    assert exports(Kept(held), drawn).same
    found = exports(Restless(held), drawn)
    assert not found.same
    assert "两次导出不一致" in found.because


# -- arithmetic


def test_gaps_are_cut_where_excuses_begin_and_end():
    gap = Segment(ago(10), ago(6))
    pieces = weighed([gap], [Excuse(ago(9), ago(8), "a"), Excuse(ago(8.5), ago(7), "b")])
    assert [(one.start, one.end, one.excuse) for one in pieces] == [
        (ago(10), ago(9), ""),
        (ago(9), ago(8), "a"),
        (ago(8), ago(7), "b"),
        (ago(7), ago(6), ""),
    ]
    assert completeness(pieces, ago(10), ago(0)) == pytest.approx(6 / 8)
    assert completeness([Gap(ago(10), ago(0), "x")], ago(10), ago(0)) is None


def test_a_day_shows_its_own_share_of_what_was_due():
    first = datetime(2026, 11, 1, tzinfo=UTC)
    half = timedelta(hours=12)
    gaps = [Gap(first + half, first + 3 * half), Gap(first + 4 * half, first + 5 * half, "检修")]
    shares = by_day(gaps, first, 4, first, first + 6 * half)
    assert shares == [0.5, 0.5, 1.0, None]


def test_stretches_less_than_a_second_apart_are_one():
    parts = [Segment(ago(3), ago(2)), Segment(ago(2) + timedelta(seconds=0.9), ago(1))]
    assert joined(parts) == [Segment(ago(3), ago(1))]
