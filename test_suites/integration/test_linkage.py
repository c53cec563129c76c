# SPDX-License-Identifier: Apache-2.0
"""联动 — each designed pair works."""

from __future__ import annotations

from yanshou.fixtures.api import LinkedPair, Record, ZoneSignal, measures


@measures("linkage_works", intrusive=("siren",), seconds=10)
def test_linkage_works(pair: LinkedPair, record: Record) -> None:
    """The source zone goes into alarm: the recorder must begin the alarm recording of the designed camera."""
    if pair.recording():
        record.invalid("联动录像在触发前已在进行，无法判断")
    pair.panel.arm(pair.zone)
    opened = pair.zone.open_loop()
    alarm = pair.panel.wait_for(pair.zone, ZoneSignal.ALARM, since=opened)
    started = pair.wait_recording(since=opened)
    pair.zone.close_loop()
    because = "" if started else "联动摄像机未开始录像" if alarm else "源防区未报警"
    record.logical(conforms=started is not None, because=because)
