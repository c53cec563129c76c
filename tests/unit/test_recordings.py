# SPDX-License-Identifier: Apache-2.0
"""Recordings beside their retention: completeness, rate, pixels, exports, the arithmetic of gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.support.judging import NOW, THIRTY, ago, stretch, verdict
from tests.support.played_recorder import VIEWS, Kept, retention, window
from yanshou.drivers.stream.taken import TakenFrames
from yanshou.equipment.recordings import (
    DrawnPlay,
    Sight,
    exports,
    played_instead,
    proved_by_pictures,
    record_completeness,
    recorded_frame_rate,
    recorded_pixels,
    undated,
)
from yanshou.evaluation import Drawn, Excuse, recording_unaltered
from yanshou.evaluation.coverage import Gap, by_day, completeness, gaps_of, joined, weighed
from yanshou.model import Limit, RigFault, Verdict
from yanshou.model.recording import Playback, Segment
from yanshou.model.stream import Distinct
from yanshou.protocols.rtsp import AccessUnit
from yanshou.protocols.rtsp.replay import granted_scale


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


@pytest.mark.parametrize(
    ("damaged", "valid", "reserved"), [(0, True, 0), (2, True, 0), (8, True, 1), (30, False, 0)]
)
def test_damaged_pictures_of_a_recording_are_told_and_are_no_frames(damaged: int, valid: bool, reserved: int):
    class Torn(Kept):
        def play(self, *asked: object, **how: object) -> Playback:
            made = super().play(*asked, **how)  # type: ignore[arg-type]
            return replace(made, damaged=damaged, decoded=made.frames - damaged)

    recorder = Torn({"CAM-1": [stretch(35, 0)]})
    drawn = [Drawn("CAM-1", recorder.channels(ago(40), NOW)[0], ago(1))]
    found = recorded_frame_rate(recorder, drawn)
    assert (found.invalid == "") is valid
    assert valid or "CAM-1 录像解码的画面中 20% 已损坏" in found.invalid
    assert len(found.reservations) == reserved
    assert (f"{damaged} 幅已损坏" in str(found.details["because"])) is (damaged > 0)
    same = recording_unaltered("NVR-1", exports(recorder, drawn))
    assert same.value is True
    assert (f"{damaged} 幅已损坏" in str(same.details["because"])) is (damaged > 0)


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


@pytest.mark.parametrize(
    ("seconds", "listed_s", "enough"),
    [(6.0, 3600.0, True), (3.2, 3600.0, True), (2.0, 3600.0, False), (0.2, 3600.0, False), (2.0, 3.0, True)],
)
def test_a_playback_that_breaks_off_has_no_frame_rate(seconds: float, listed_s: float, enough: bool):
    class Brief(Kept):
        def play(self, *asked: object, **how: object) -> Playback:
            made = super().play(*asked, **how)  # type: ignore[arg-type]
            return replace(made, frames_played=made.frames_played[: round(25 * seconds) + 1])

    at = ago(1)
    recorder = Brief({"CAM-1": [Segment(at, at + timedelta(seconds=listed_s))]})
    found = recorded_frame_rate(recorder, [Drawn("CAM-1", recorder.channels(ago(40), NOW)[0], at)])
    assert (found.invalid == "") is enough
    assert enough or f"只有 {seconds:.1f} s" in found.invalid


@pytest.mark.parametrize(
    ("late_s", "track", "said"), [(0, "", ""), (4, "VIDEO", ""), (6, "", "标记为"), (0, "SOUND", "SOUND")]
)
def test_what_is_played_instead_of_what_was_asked_for_proves_conditionally(
    late_s: float, track: str, said: str
):
    class Astray(Kept):
        def play(self, channel, at: datetime, *asked: object, **how: object) -> Playback:  # type: ignore[no-untyped-def, override]
            made = super().play(channel, at + timedelta(seconds=late_s), *asked, **how)  # type: ignore[arg-type]
            return replace(made, asked=at)

    picture = np.random.default_rng(3).integers(0, 255, (360, 640), np.uint8)
    recorder = Astray(
        {"CAM-1": [stretch(35, 0)]}, tracks=frozenset({"VIDEO"}), track=track, picture=lambda _: picture
    )
    drawn = Drawn("CAM-1", recorder.channels(ago(40), NOW)[0], ago(1))
    for found in (recorded_frame_rate(recorder, [drawn]), recorded_pixels(recorder, [drawn])):
        reasons = [one.text for one in found.reservations]
        assert any("标记为" in one or "轨道" in one for one in reasons) is bool(said)
    other = played_instead(DrawnPlay(drawn, recorder.play(drawn.channel, drawn.at, 1.0)))
    assert said in other
    assert bool(other) is bool(said)


def test_a_playback_that_jumps_over_a_gap_has_the_rate_of_what_was_asked_for():
    class Jumping(Kept):
        def play(self, *asked: object, **how: object) -> Playback:
            made = super().play(*asked, **how)  # type: ignore[arg-type]
            frames = made.frames_played[:keeps]
            one = frames[-1]
            assert one.utc is not None
            far = replace(one, rtp_ticks=one.rtp_ticks + 7200 * 90_000, utc=one.utc + timedelta(hours=2))
            return replace(made, frames_played=(*frames, far))

    recorder = Jumping({"CAM-1": [stretch(35, 0)]})
    drawn = [Drawn("CAM-1", recorder.channels(ago(40), NOW)[0], ago(1))]
    keeps = 100
    found = recorded_frame_rate(recorder, drawn)
    assert (found.value, found.invalid) == (25.0, "")
    keeps = 50
    assert "只有 2.0 s" in recorded_frame_rate(recorder, drawn).invalid


def test_a_playback_at_another_speed_than_asked_for_has_no_rate():
    class Hasty(Kept):
        def play(self, *asked: object, **how: object) -> Playback:
            return replace(super().play(*asked, **how), scale=4.0)  # type: ignore[arg-type]

    recorder = Hasty({"CAM-1": [stretch(35, 0)]})
    found = recorded_frame_rate(recorder, [Drawn("CAM-1", recorder.channels(ago(40), NOW)[0], ago(1))])
    assert "4 倍速" in found.invalid


@pytest.mark.parametrize(("said", "scale"), [({}, 1.0), ({"scale": "4.0"}, 4.0), ({"scale": "?"}, 1.0)])
def test_the_speed_that_an_answer_to_play_grants(said: dict[str, str], scale: float):
    assert granted_scale(said) == scale


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


@pytest.mark.parametrize(
    ("late_s", "track", "part", "said"),
    [
        (0, "", 1.0, ""),
        (7200, "", 1.0, "标记为"),
        (0, "SOUND", 1.0, "SOUND"),
        (0, "", 0.1, "其余未比较"),
        (0, "", 0.01, "其余未比较"),  # one frame
    ],
)
def test_exports_of_something_else_or_of_little_are_alike_and_prove_conditionally(
    late_s: float, track: str, part: float, said: str
):
    class Astray(Kept):
        def play(self, channel, at: datetime, *asked: object, **how: object) -> Playback:  # type: ignore[no-untyped-def, override]
            made = super().play(channel, at + timedelta(seconds=late_s), *asked, **how)  # type: ignore[arg-type]
            return replace(made, asked=at, frames_played=made.frames_played[: round(100 * part)])

    recorder = Astray({"CAM-1": [stretch(35, 0)]}, tracks=frozenset({"VIDEO"}), track=track)
    found = exports(recorder, [Drawn("CAM-1", recorder.channels(ago(40), NOW)[0], ago(1))])
    measured = recording_unaltered("NVR-1", found)
    assert measured.value is True
    assert any(said in one.text for one in measured.reservations) is bool(said)
    assert bool(measured.reservations) is bool(said)


@pytest.mark.parametrize(
    ("shown", "hours", "said"),
    [
        ("CAM-1", 0.0, ""),
        ("CAM-2", 0.0, "与 CAM-2 的实时画面同一视场"),
        ("CAM-1", 3.0, "回放画面中的时钟"),
        ("CAM-1", None, "不带时间标记"),
    ],
)
def test_a_recorder_without_time_stamps_is_held_to_its_pictures(shown: str, hours: float | None, said: str):
    """GB/T 28181 marks no picture with its time: another channel's, or another hour's, look the same."""
    recorder = Kept({"CAM-1": [stretch(35, 0)]}, stamped=False, picture=lambda _: VIEWS[shown])
    ahead = timedelta(minutes=10)  # the recorder's clock, not the camera's
    drawn = [Drawn("CAM-1", recorder.channels(ago(40), NOW)[0], ago(1) + ahead, ahead)]
    clocks = {} if hours is None else {"CAM-1": lambda _: ago(1) + timedelta(hours=hours)}
    sight = Sight(lambda: VIEWS, clocks)
    measured = [
        recorded_pixels(recorder, drawn, sight),
        recorded_frame_rate(recorder, drawn, sight),
        recording_unaltered("NVR-1", exports(recorder, drawn, sight)),
    ]
    marks = ("实时画面", "时钟", "时间标记")
    for one in measured:
        reasons = [why.text for why in one.reservations if any(mark in why.text for mark in marks)]
        assert len(reasons) == bool(said)
        assert said in "".join(reasons)
    [seen] = proved_by_pictures(recorder, drawn, [recorder.play(drawn[0].channel, drawn[0].at, 1.0)], sight)
    assert said in (played_instead(seen) or undated(seen))


@pytest.mark.parametrize(("coded", "altered"), [(b"frame", False), (b"other", True)])
def test_an_export_that_ended_early_is_no_alteration_of_what_came(coded: bytes, *, altered: bool):
    """A slow recorder, or a busy computer, may not bring all of a period in the time it is waited for."""

    class Slow(Kept):
        def play(self, *asked: object, **how: object) -> Playback:
            made, taken = super().play(*asked, **how), TakenFrames[AccessUnit]()  # type: ignore[arg-type]
            for n in range(100 if self.salt == 1 else 60):
                data = coded if self.salt > 1 and n == 30 else b"frame"
                taken.take(AccessUnit(data, 3600 * n, 0.04 * n, n == 0, len(data), complete=True))
            frames = tuple(taken.frames_played)
            return replace(made, frames=taken.count, frames_played=frames, sha256=taken.sha256)

    held = {"CAM-1": [stretch(35, 0)]}
    drawn = [Drawn("CAM-1", Kept(held).channels(ago(40), NOW)[0], ago(1))]
    if altered:
        assert not exports(Slow(held), drawn).same
    else:
        with pytest.raises(RigFault, match="one ended early: 100 and 60 frames"):
            exports(Slow(held), drawn)


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
