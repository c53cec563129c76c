# SPDX-License-Identifier: Apache-2.0
"""联动 — each designed pair works, in its time, once and alone."""

from __future__ import annotations

from yanshou.fixtures.api import (
    Ask,
    DesignedPair,
    DesignTime,
    LinkedPair,
    Phase,
    Record,
    Timing,
    measures,
    outcome_of,
)
from yanshou.model import FigureKind


@measures("linkage_works", phase=Phase.INTRUSIVE, seconds=10)
def test_linkage_works(designed: DesignedPair, record: Record, ask: Ask, design_time: DesignTime) -> None:
    """The source is fired: the designed target reacts in the time of the design, once, and nothing else does.

    Everything else the bench can see is watched until the patience of the run is over.
    """
    pair = designed.pair
    if designed.running():
        record.cannot("联动目标在触发前已在动作，无法判断")
    fired = designed.fire()
    for remark in fired.remarks:
        record.deviation(remark)
    timing: Timing | None = None
    if pair.by_person:
        happened = ask.yes("linkage.seen", target=pair.target, effect=designed.effect_text)
        if pair.deadline_s is not None:
            record.shortened(f"设计时限 {pair.deadline_s:g} s 未计时：目标由人员观察")
    else:
        happened = fired.seen is not None
    if fired.seen is not None:
        timing = design_time.of(fired.at, fired.seen, pair.deadline_s)
        if timing.unfit:
            record.invalid(timing.unfit)
    strays = ask.names("linkage.others_moved") if pair.effect == "preset" else []
    mistaken = f"其他摄像机同时动作：{'、'.join(strays)}" if strays else ""
    if pair.effect == "picture" and fired.seen and not ask.yes("right_camera", camera=pair.target):
        mistaken = "监视器显示的是其他画面"
    late = timing.late if timing else ""
    outcome = outcome_of(
        pair, fired, happened=happened, late=late, patience=designed.waits, mistaken=mistaken
    )
    timed = (timing.value, timing.U) if timing else None
    record.figure(FigureKind.LINKAGE, designed.figure(fired, outcome, timed))
    record.logical(conforms=not outcome.wrong, because="；".join(outcome.wrong))


@measures("alarm_video_linkage_time", intrusive=("siren",), operator=True, repetitions=3, seconds=12)
def test_alarm_video_linkage_time(pair: LinkedPair, record: Record, ask: Ask) -> None:
    """From the change at the detector loop to the later of two: linked picture shown, its recording begun."""
    if pair.recording():
        record.invalid("联动录像在触发前已在进行，无法判断")
    for _ in record.repetitions:
        pair.panel.arm(pair.zone)
        bystanders = pair.bystanders()
        if bystanders.remark:
            record.deviation(bystanders.remark)
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
