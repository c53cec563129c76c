# SPDX-License-Identifier: Apache-2.0
"""联动 — each designed pair works, in its time, once and alone."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.fixtures.api import (
    Ask,
    DesignedPair,
    DesignTime,
    Fired,
    LinkedPair,
    PairOutcome,
    Phase,
    Record,
    Timing,
    measures,
    outcome_of,
)
from yanshou.model import FigureKind


@measures("linkage_works", phase=Phase.INTRUSIVE, repetitions=3, seconds=10)
def test_linkage_works(designed: DesignedPair, record: Record, ask: Ask, design_time: DesignTime) -> None:
    """The source is fired: the designed target reacts in the time of the design, once, and nothing else does.

    Everything else the bench can see is watched until the patience of the run is over. A pair that needs no
    person is fired again and again: one that works at every second event does not work. What follows a
    repeated event is watched until its effect has come and for some seconds more.
    """
    if designed.running():
        record.cannot("联动目标在触发前已在动作，无法判断")
    every = [_judged(designed, designed.fire(), record, ask, design_time)]
    for _ in range(1, record.planned_repetitions if designed.by_machine else 1):
        if every[-1].outcome.wrong:
            break
        designed.source.bring_to_rest()
        if designed.running():
            record.deviation(f"触发后目标未复位，只触发 {len(every)} 次")
            break
        every.append(_judged(designed, designed.fire(again=True), record, None, design_time))
    for remark in dict.fromkeys(remark for one in every for remark in one.fired.remarks):
        record.deviation(remark)
    if any(one.fired.ended for one in every):
        record.unproven(f"{designed.title} 在触发仍在时已结束")
    for unfit in (one.timing.unfit for one in every if one.timing and one.timing.unfit):
        record.invalid(unfit)
    worst = every[-1] if every[-1].outcome.wrong else max(every, key=lambda one: one.seconds)
    timed = (worst.timing.value, worst.timing.U) if worst.timing else None
    record.figure(FigureKind.LINKAGE, designed.figure(worst.fired, worst.outcome, timed))
    wrong = list(worst.outcome.wrong)
    said = [*wrong, f"第 {len(every)} 次触发时"] if wrong and len(every) > 1 else wrong
    record.logical(conforms=not wrong, n=len(every), because="；".join(said))


@dataclass(frozen=True, slots=True)
class _Judged:
    """What followed one firing of a pair, its time, and what became of the pair."""

    fired: Fired
    timing: Timing | None
    outcome: PairOutcome

    @property
    def seconds(self) -> float:
        return self.timing.value if self.timing else 0.0


def _judged(
    designed: DesignedPair, fired: Fired, record: Record, ask: Ask | None, design_time: DesignTime
) -> _Judged:
    """``ask`` is None where a person has answered already for an earlier firing of the pair."""
    pair = designed.pair
    timing: Timing | None = None
    if pair.by_person and ask:
        happened = ask.yes("linkage.seen", target=pair.target, effect=designed.effect_text)
        if pair.deadline_s is not None:
            record.shortened(f"设计时限 {pair.deadline_s:g} s 未计时：目标由人员观察")
    else:
        happened = fired.seen is not None
    if fired.seen is not None:
        timing = design_time.of(fired.at, fired.seen, pair.deadline_s)
    strays = ask.names("linkage.others_moved") if ask and pair.effect == "preset" else []
    mistaken = f"其他摄像机同时动作：{'、'.join(strays)}" if strays else ""
    picture = pair.effect == "picture" and fired.seen and ask
    if picture and not picture.yes("right_camera", camera=pair.target):
        mistaken = "监视器显示的是其他画面"
    late = timing.late if timing else ""
    outcome = outcome_of(
        pair, fired, happened=happened, late=late, patience=designed.waits, mistaken=mistaken
    )
    return _Judged(fired, timing, outcome)


@measures("alarm_video_linkage_time", intrusive=("siren",), operator=True, repetitions=3, seconds=12)
def test_alarm_video_linkage_time(pair: LinkedPair, record: Record, ask: Ask) -> None:
    """From the change at the detector loop to the later of two: linked picture shown, its recording begun."""
    if pair.recording():
        record.invalid("联动录像在触发前已在进行，无法判断")
    for _ in record.repetitions:
        ready = pair.make_ready()
        bystanders = pair.bystanders()
        if bystanders.remark:
            record.deviation(bystanders.remark)
        if not ready or pair.showing():
            record.cannot("联动目标在触发前已在动作，无法判断")
        opened = pair.zone.open_loop()
        started = pair.wait_recording(since=opened)  # asked now; the sensor is polled all along
        shown = pair.wait_picture(since=opened)
        started_too = [f"未设计的联动：{one}开始录像" for one in bystanders.started()]
        record.seen_in_passing(started_too, of="linkage_works")
        later = max(shown, started, key=lambda one: one.latest) if shown and started else None
        record.latency(opened, later)
        pair.panel.clear(pair.zone)
        pair.wait_over()
    if not ask.yes("right_camera", camera=pair.camera):
        record.invalid("监视器显示的不是设计联动的摄像机画面")
