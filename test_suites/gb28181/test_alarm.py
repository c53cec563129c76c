# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 报警 — an alarm of the site arrives here as a message, once and whole (9.4)."""

from __future__ import annotations

from yanshou.fixtures.api import AlarmMaker, Record, Registrant, evaluate, measures

_LINGER_S = 3.0


@measures("sip_alarm_notification", intrusive=("siren",), seconds=15.0)
def test_sip_alarm_notification(registrant: Registrant, alarm_maker: AlarmMaker, record: Record) -> None:
    """One alarm is made: its message names number, device, priority, method and time, and comes once."""
    mark = registrant.mark()
    made = alarm_maker.give()
    until = made.latest + record.patience
    registrant.wait_alarm(mark, until=until)
    heard = evaluate.sip.alarms(registrant.linger(mark, _LINGER_S))
    came = [one for one in heard if one.complete.latest >= made.earliest]
    alarm_maker.clear()
    if not any(one.complete.earliest <= until for one in came):
        registrant.require_readable(mark)
        late = f"，{(came[0].complete - made).middle:.1f} s 才收到" if came else ""
        record.logical(conforms=False, because=f"{record.patience:g} s 内未收到报警消息{late}")
        return
    took = came[0].complete - made
    record.because(f"报警到检测平台 {took.middle:.2f} s ± {took.half_width:.2f} s")
    record.unproven("检测台是分发的目标：被检方对前端报警的 200 应答在其内部，未观察")
    faults = evaluate.sip.alarm_faults(came, registrant.others())
    record.logical(conforms=not faults, because="；".join(faults))
