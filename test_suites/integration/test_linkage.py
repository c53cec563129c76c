# SPDX-License-Identifier: Apache-2.0
"""联动 — each designed pair works."""

from __future__ import annotations

from yanshou.fixtures.api import Around, Ask, LinkedPair, Record, ZoneSignal, measures


@measures("linkage_works", intrusive=("siren",), seconds=10)
def test_linkage_works(pair: LinkedPair, record: Record) -> None:
    """The source zone goes into alarm: the designed camera's alarm recording must begin, and no other's.

    The other cameras are watched until the patience of the run is over.
    """
    if pair.recording():
        record.invalid("联动录像在触发前已在进行，无法判断")
    around, bystanders = Around.of(pair.panel, pair.zone), pair.bystanders()
    if bystanders.remark:
        record.deviation(bystanders.remark)
    pair.panel.arm(pair.zone)
    opened = pair.zone.open_loop()
    alarm = pair.panel.wait_for(pair.zone, ZoneSignal.ALARM, since=opened)
    started = pair.wait_recording(since=opened)
    undesigned = bystanders.started(until=opened.latest + pair.patience)
    strays = around.strays()
    pair.zone.close_loop()
    wrong = [] if started else ["联动摄像机未开始录像" if alarm else "源防区未报警"]
    wrong += [f"未设计的联动：{'、'.join(undesigned)}开始录像"] if undesigned else []
    wrong += [f"同时显示了：{'、'.join(strays)}"] if strays else []
    record.logical(conforms=not wrong, because="；".join(wrong))


@measures("alarm_video_linkage_time", intrusive=("siren",), operator=True, repetitions=3, seconds=12)
def test_alarm_video_linkage_time(pair: LinkedPair, record: Record, ask: Ask) -> None:
    """From the change at the detector loop to the later of two: linked picture shown, its recording begun."""
    if pair.recording():
        record.invalid("联动录像在触发前已在进行，无法判断")
    for _ in record.repetitions:
        pair.panel.arm(pair.zone)
        bystanders = pair.bystanders()
        opened = pair.zone.open_loop()
        started = pair.wait_recording(since=opened)  # asked now; the sensor is polled all along
        shown = pair.wait_picture(since=opened)
        record.seen_in_passing(f"未设计的联动：{one}开始录像" for one in bystanders.started())
        later = max(shown, started, key=lambda one: one.latest) if shown and started else None
        record.latency(opened, later)
        pair.panel.clear(pair.zone)
        pair.wait_over()
    if not ask.yes("right_camera", camera=pair.camera):
        record.invalid("监视器显示的不是设计联动的摄像机画面")
