# SPDX-License-Identifier: Apache-2.0
"""Retention by playback: edges, excuses, wrong channels, young systems, odd lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.judging import NOW, THIRTY, ago, requirement, stretch, verdict
from tests.support.played_recorder import Kept, retention, window
from yanshou.evaluation import Excuse, Storage
from yanshou.metrology import Conditions, judge
from yanshou.model import Limit, RigFault, Verdict
from yanshou.model.recording import Playback, RecordedChannel, RecordingSummary, Segment


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


@dataclass
class Torn(Kept):
    """Of what is older than 20 d some pictures of each playback are damaged, all where ``whole`` is 0."""

    whole: int = 0

    def play(self, *asked: Any, **how: Any) -> Playback:
        made = super().play(*asked, **how)
        if made.refused or asked[1] >= ago(20):
            return made
        left = replace(made, decoded=self.whole, damaged=made.frames - self.whole)
        return left if self.whole else replace(left, picture=None, later=None)


def test_pictures_that_are_there_but_all_damaged_are_no_recording():
    found = retention(Torn({"CAM-1": [stretch(35, 0)]}), window())
    measurement = found.measurement
    assert isinstance(measurement.value, float)
    assert measurement.value < 30
    assert verdict(measurement, THIRTY) is Verdict.NON_CONFORM
    assert "列出但画面均已损坏" in str(measurement.details["because"])
    assert "幅已损坏" in str(measurement.details["because"])
    assert "画面均已损坏" in found.tables["playback.csv"].decode("utf-8-sig")


def test_where_some_of_the_played_pictures_are_damaged_the_days_are_proved_conditionally():
    found = retention(Torn({"CAM-1": [stretch(35, 0)]}, whole=1), window()).measurement
    assert verdict(found, THIRTY) is Verdict.CONDITIONAL_CONFORM
    assert "CAM-1 回放的画面有损坏的" in found.reservations[0].text
    damaged = found.details["damaged"]
    assert isinstance(damaged, dict)
    assert damaged["CAM-1"] > 0
    assert f"CAM-1 解码的画面中 {damaged['CAM-1']} 幅已损坏" in str(found.details["because"])


def test_damage_at_the_edge_of_a_gap_is_told_where_the_picture_further_inside_is_whole():
    """A recorder that lost its supply leaves its last group of pictures damaged."""

    class Cut(Torn):
        def play(self, *asked: Any, **how: Any) -> Playback:
            made = Kept.play(self, *asked, **how)
            if made.refused or not ago(20) - timedelta(seconds=5) <= asked[1] < ago(20):
                return made
            return replace(made, decoded=0, damaged=made.frames, picture=None, later=None)

    held = [stretch(35, 20), Segment(ago(20) + timedelta(seconds=40), NOW)]
    found = retention(Cut({"CAM-1": held}), window())
    assert verdict(found.measurement, THIRTY) is Verdict.CONDITIONAL_CONFORM
    assert "边沿有数秒偏差" in found.tables["playback.csv"].decode("utf-8-sig")


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


def test_long_declared_stops_leave_little_to_show_the_days_by():
    """A tenth of the required time may be stopped; of what was never recorded nothing can be played."""
    held = {"CAM-1": [stretch(60, 30.5), stretch(1, 0)]}
    whole = Excuse(ago(30.5), ago(1), "换交换机（维护 118）")
    found = retention(Kept(held), window(excuses={"CAM-1": [whole]})).measurement
    assert verdict(found, THIRTY) is Verdict.CONDITIONAL_CONFORM
    assert "申报的停录超过应保存期的 10 %" in found.reservations[0].text
    short = {"CAM-1": [stretch(60, 10), stretch(7.1, 0)]}
    few = Excuse(ago(10), ago(7.1), "换交换机（维护 118）")
    found = retention(Kept(short), window(excuses={"CAM-1": [few]})).measurement
    assert verdict(found, THIRTY) is Verdict.CONFORM


@pytest.mark.parametrize(
    ("share", "expected"), [(0.001, Verdict.NON_CONFORM), (1.0, Verdict.CONDITIONAL_CONFORM)]
)
def test_more_short_gaps_than_usual_are_excused_conditionally(share: float, expected: Verdict):
    """A hole of 59 s every hour loses 11.6 h in 30 d, whatever was agreed about them."""
    hour, hole = timedelta(hours=1), timedelta(seconds=59)
    begins = [ago(35) + number * hour for number in range(35 * 24)]
    held = {"CAM-1": [Segment(one, one + hour - hole) for one in begins]}
    found = retention(Kept(held), window(short_share=share)).measurement
    assert verdict(found, THIRTY) is expected
    assert len(found.reservations) == (expected is Verdict.CONDITIONAL_CONFORM)


def test_where_all_of_the_time_is_declared_as_stopped_nothing_is_judged():
    stopped = Excuse(ago(50), ago(0), "投用前")
    found = retention(Kept({"CAM-1": [stretch(60, 50)]}), window(excuses={"CAM-1": [stopped]})).measurement
    assert verdict(found, THIRTY) is Verdict.INVALID
    assert "全部为申报的停录" in found.invalid


# -- a system younger than its duty


def test_a_day_of_use_that_is_still_to_come_gives_no_days_below_zero():
    """An acceptance may come before the day the site file states; nothing is due yet."""
    young = Kept({"CAM-1": [stretch(20, 8), stretch(7, 0)]})
    found = retention(young, window(commissioned=ago(-30))).measurement
    assert found.at_least == pytest.approx(0, abs=1e-3)
    assert verdict(found, THIRTY) is Verdict.NOT_TESTED


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


@pytest.mark.parametrize(
    ("ended_h", "found"),
    [(8.0, Verdict.INVALID), (8.05, Verdict.INVALID), (7.5, Verdict.NON_CONFORM), (9.0, Verdict.NON_CONFORM)],
)
def test_utc_told_as_local_time_is_no_loss_and_any_other_end_is_one(ended_h: float, found: Verdict):
    held = {"CAM-1": [stretch(35, ended_h / 24)]}
    there = window(utc_offset=timedelta(hours=8))
    assert verdict(retention(Kept(held), there).measurement, THIRTY) is found


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


@pytest.mark.parametrize("minutes", [10, 28, 45, 60, 75, 120])
def test_a_file_that_is_listed_with_the_end_it_will_have_moves_no_clock(minutes: int):
    """Some recorders write files of an hour and state their end beforehand."""
    planned = Segment(ago(35), NOW + timedelta(minutes=minutes))
    plays = Kept({"CAM-1": [planned]}, plays=lambda _, at: at < NOW)
    found = retention(plays, window()).measurement
    assert found.value == pytest.approx(35, abs=0.01)
    assert verdict(found, THIRTY) is Verdict.CONFORM
    assert f"之后 {minutes / 60:.2f} h" in str(found.details["remarks"])


def test_a_file_of_another_camera_in_the_future_moves_no_clock():
    """The recorder's clock was once eight hours ahead while one camera recorded."""
    held = {"CAM-1": [stretch(35, 0)], "CAM-2": [stretch(35, -8 / 24)]}
    found = retention(Kept(held, plays=lambda _, at: at < NOW), window(cameras=("CAM-1", "CAM-2")))
    assert found.measurement.value == pytest.approx(35, abs=0.01)
    assert verdict(found.measurement, THIRTY) is Verdict.CONFORM
