# SPDX-License-Identifier: Apache-2.0
"""Pictures that prove a recorded day, or do not: copies, still and dark scenes, unproved times."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.support.judging import NOW, THIRTY, ago, stretch, verdict
from tests.support.played_recorder import VIEWS, Kept, retention, view, window
from yanshou.equipment.recordings import (
    Sight,
    record_completeness,
)
from yanshou.imaging.likeness import Shows, descriptor, shows
from yanshou.model import Verdict
from yanshou.model.recording import Playback, RecordedChannel
from yanshou.model.stream import Luma


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


@pytest.mark.parametrize("where", ["between", "later"])
@pytest.mark.parametrize("what", ["view", "clock"])
def test_a_playback_that_goes_on_with_something_else_proves_nothing(what: str, where: str):
    """Its first picture is right, its last one or one between is of another camera or another day."""
    recorder = Kept({"CAM-1": [stretch(35, 0)]}, picture=VIEWS.get)
    right = recorder.play

    def turned(channel: RecordedChannel, at: datetime, seconds: float = 2.0, **how: bool) -> Playback:
        play = right(channel, at, seconds, **how)
        if what == "clock":
            return play
        other = VIEWS["CAM-2"]
        return replace(play, later=other) if where == "later" else replace(play, between=(other,))

    recorder.play = turned  # type: ignore[method-assign]
    read = itertools.count()
    days = (timedelta(0), timedelta(days=3))
    clock = {"CAM-1": lambda _: recorder.asked[-1][1] - days[next(read) % 2 if what == "clock" else 0]}
    found = retention(recorder, window("CAM-1"), Sight(views=lambda: VIEWS, clocks=clock)).measurement
    assert verdict(found, THIRTY) is Verdict.NON_CONFORM


@pytest.mark.parametrize("lapse", [None, "stands", "black"])
def test_what_lies_between_the_ends_of_a_playback_is_looked_at(lapse: str | None):
    """A picture that stands for seconds, or none at all: then nothing proves that anything was recorded."""

    class Lapsing(Kept):
        def play(self, channel: RecordedChannel, at: datetime, seconds: float = 2.0, **how: bool) -> Playback:
            play = super().play(channel, at, seconds, **how)
            if play.picture is None:
                return play
            black: Luma = np.full_like(play.picture, 16)
            own = self._noisy(VIEWS["CAM-1"], (at - ago(400)).total_seconds() + 0.5)
            return replace(play, between=({"stands": play.picture, "black": black}.get(lapse or "", own),))

    found = retention(Lapsing({"CAM-1": [stretch(35, 0)]}, picture=VIEWS.get), window()).measurement
    expected = Verdict.CONDITIONAL_CONFORM if lapse else Verdict.CONFORM
    assert verdict(found, THIRTY) is expected
    assert [one.text for one in found.reservations if "中途" not in one.text] == []


def test_views_too_alike_to_tell_are_said_and_fail_nobody():
    alike = dict.fromkeys(VIEWS, VIEWS["CAM-1"])
    recorder = Kept({camera: [stretch(35, 0)] for camera in VIEWS}, picture=lambda _: VIEWS["CAM-1"])
    sight = Sight(lambda: alike, dict.fromkeys(VIEWS, lambda _: recorder.asked[-1][1]))
    found = retention(recorder, window(*VIEWS), sight).measurement
    assert verdict(found, THIRTY) is Verdict.CONDITIONAL_CONFORM
    assert "不能排除是其他通道的录像" in str(found.reservations)


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
    views = {name: descriptor(luma) for name, luma in VIEWS.items()}
    assert shows(night, "CAM-2", views) == (Shows.OWN, "CAM-2")
    assert shows(night, "CAM-1", views) == (Shows.OTHER, "CAM-2")
    assert shows(np.full((180, 320), 3, np.uint8), "CAM-1", views)[0] is Shows.UNCLEAR
    # without a live picture of its own nothing is said against a camera
    assert shows(night, "CAM-9", views)[0] is Shows.UNCLEAR
    assert shows(night, "CAM-1", {"CAM-1": None})[0] is Shows.UNCLEAR


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
