# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 心跳 — interval, missed keepalives, time to offline (9.6)."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, PlatformConduct, Record, Registrant, Silence, evaluate, measures
from yanshou.model import NotApplicable, now

_PERIODS = 30
_FEW = 4


@measures("sip_keepalive_setting", seconds=240.0)
def test_sip_keepalive_setting(registrant: Registrant, record: Record) -> None:
    """The interval that the device keeps, where nothing else was set on site."""
    if (stated := registrant.set_on_site("keepalive_s")) is not None:
        raise NotApplicable(f"现场另设心跳间隔 {stated:g} s，不按缺省值评价")
    within = registrant.keepalive_wait(_FEW)
    came = [one.complete for one in registrant.keepalives(_FEW)]
    kept = evaluate.sip.keepalive_interval(came)
    if kept is None:
        registrant.require_readable(0)
        record.because(f"{within:g} s 内只收到 {len(came)} 次心跳")
        record.number(0, at_least=within / (len(came) + 1), unit="s")
        return
    basic = registrant.ask("ConfigDownload", {"ConfigType": "BasicParam"}, total_s=10.0)
    shown = basic.values.get("BasicParam/HeartBeatInterval", "")
    record.because(f"实际 {kept:g} s" + (f"，设备设置读回 {shown} s" if shown else "，设备未应答设置查询"))
    record.number(kept, n=len(came) - 1, unit="s")


@measures("sip_keepalive_as_configured", waits={"keepalive_periods": 1800.0})
def test_sip_keepalive_as_configured(registrant: Registrant, record: Record) -> None:
    """The mean of thirty periods against the set interval; none may be missing."""
    interval = registrant.setting("keepalive_s")
    periods = record.times("keepalive_periods", _PERIODS, "心跳周期观察")
    came = [one.complete for one in registrant.keepalives(periods + 1)]
    if not evaluate.sip.periods(came):
        registrant.require_readable(0)
        waited = registrant.keepalive_wait(periods + 1)
        record.logical(conforms=False, because=f"{waited:g} s 内只收到 {len(came)} 次心跳")
        return
    silent = now() - came[-1].latest
    found = evaluate.sip.keepalives_as_set(
        "sip_keepalive_as_configured", registrant.device.id, came[-periods - 1 :], interval, silent_s=silent
    )
    if found.value is False:
        registrant.require_readable(0)
    record.measurement(found)


@measures("sip_missed_keepalives", waits={"silence_watch_s": 900.0})
def test_sip_missed_keepalives(registrant: Registrant, silence: Silence, record: Record) -> None:
    """The platform answers no keepalive: how many the device misses before it registers anew."""
    missed, anew = evaluate.sip.missed_keepalives(silence.entries)
    registrant.require_readable(0)
    if anew and evaluate.sip.may_be_a_refresh(registrant.entries(), silence.entries):
        record.cannot("设备重新注册可能是有效期内的续注册，不能归因于心跳超时；请在注册后不久再测")
    if not anew:
        record.because(f"观察 {silence.seconds:.0f} s，{missed} 次心跳无应答后未见重新注册")
    record.number(missed, at_least=None if anew else missed)


@measures("sip_offline_detection_time", operator=True, seconds=200.0)
def test_sip_offline_detection_time(registrant: Registrant, ask: Ask, record: Record) -> None:
    """The platform answers no keepalive; a person sees when the device's side shows the link as offline."""
    last = registrant.keepalives(1)
    if not last:
        record.cannot("未收到心跳，无法计时")
    with registrant.treated(PlatformConduct.SILENT) as since:
        shown = ask.yes("gb28181.offline", device=registrant.device.id)
        seen = now()
        online = not shown and ask.yes("gb28181.still_online", device=registrant.device.id)
    if online:  # the person saw it after ``seen``, when the second question was put
        record.at_least(seen - since.latest, "s")
        return
    if not shown:
        record.cannot("人员未见离线指示")
    record.deviation("离线指示由人员读取，用时按确认时刻计为上限")
    record.at_most(seen - last[-1].complete.earliest, "s")
