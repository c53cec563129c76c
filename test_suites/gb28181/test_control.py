# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 控制 — which commands are answered (9.3), pan and tilt, presets, clock by Date (9.10)."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, Registrant, Turning, evaluate, measures, ptz_stop

_ANSWERS_S = 5.0
_SHIFT_S = 600.0
_ALWAYS = (
    ("云台停止", {"PTZCmd": ptz_stop()}, False),
    ("报警复位", {"AlarmCmd": "ResetAlarm"}, True),
)
_RECORD = (("录像", {"RecordCmd": "Record"}, True), ("停止录像", {"RecordCmd": "StopRecord"}, True))
_GUARD = (("布防", {"GuardCmd": "SetGuard"}, True), ("撤防", {"GuardCmd": "ResetGuard"}, True))
"""Commands, and whether an answer with a result is due (GB/T 28181 9.3, by secondary sources)."""


@measures("control_reply_as_listed", intrusive=("camera_move", "remote_guard"), seconds=45.0)
def test_control_reply_as_listed(gb_device: Registrant, record: Record) -> None:
    """Each command once: answered with a result, or left without one; the device is left as it was."""
    record.deviation("应答与否的清单据二手资料，未对照纸质标准；看守位和精准云台未列入（会改变设置）")
    controls = [*_ALWAYS, *_reversible(gb_device, record)]
    wrong = []
    for label, fields, due in controls:
        said = gb_device.command(label, fields, total_s=_ANSWERS_S)
        if not said.taken:
            wrong.append(f"{label}的消息未得到 200 应答（{said.status or '无应答'}）")
        elif bool(said.parts) != due:
            wrong.append(f"{label}{'无应答结果' if due else '有不该有的应答结果'}")
        elif due and not said.values.get("Result"):
            wrong.append(f"{label}的应答没有 Result")
    record.logical(conforms=not wrong, n=len(controls), because="；".join(wrong))


def _reversible(gb_device: Registrant, record: Record) -> list[tuple[str, dict[str, str], bool]]:
    """Recording and guard, in the order that leaves both as its status says they are."""
    status = gb_device.ask("DeviceStatus", total_s=20.0)
    found: list[tuple[str, dict[str, str], bool]] = []
    if status.values.get("Record", "").upper() == "OFF":
        found += _RECORD
    else:
        record.unproven("录像状态不是 OFF，未发录像控制命令（停止命令会中断录像）")
    duty = {one.get("DutyStatus", "").upper() for one in status.items} - {""}
    if duty in ({"OFFDUTY"}, {"ONDUTY"}):
        found += _GUARD if duty == {"OFFDUTY"} else reversed(_GUARD)
    else:
        record.unproven("布防状态未知，未发布撤防命令")
    return found


@measures("sip_ptz", intrusive=("camera_move",), operator=True, seconds=75.0, waits={"camera_rest_s": 4.0})
def test_sip_ptz(turning: Turning, record: Record) -> None:
    """Each direction and zoom is commanded and stopped: how the pictures moved; a person where untold."""
    wrong = turning.ways()
    record.logical(conforms=not wrong, n=6, because="；".join(wrong))


@measures("sip_preset", intrusive=("camera_move",), operator=True, seconds=70.0, waits={"camera_rest_s": 4.0})
def test_sip_preset(gb_device: Registrant, ask: Ask, turning: Turning, record: Record) -> None:
    """A preset is set, left and called, then left uncalled: what comes back; a person where untold."""
    number = ask.count("gb28181.preset", low=1, high=255, device=gb_device.device.id)
    wrong = turning.preset(number)
    record.logical(conforms=not wrong, because=wrong)


@measures("sip_clock_follows_date", intrusive=("clock_change",), seconds=600.0)
def test_sip_clock_follows_date(registrant: Registrant, record: Record) -> None:
    """The device registers under a Date ten minutes ahead: its clock shows them; then it is set right."""
    before = registrant.clock_ahead()
    if before is None:
        record.cannot("状态应答没有可读的设备时间（DeviceTime）")
    registrant.shift_date(_SHIFT_S)
    try:
        if registrant.register_anew() is None:
            record.cannot("设备未重新注册，无法给出新的 Date")
        after = registrant.clock_ahead()
    finally:
        registrant.shift_date(0.0)
        restored = registrant.register_anew()
    if restored is None:
        record.deviation("试验后设备未重新注册，其时钟可能仍超前 600 s")
    if after is None:
        record.cannot("状态应答没有可读的设备时间（DeviceTime）")
    found = evaluate.sip.clock_follows(after.middle, _SHIFT_S, after.half_width)
    record.logical(conforms=bool(found.conforms), because=found.because)
