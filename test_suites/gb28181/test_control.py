# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 控制 — which commands are answered (9.3), pan and tilt, presets, clock by Date (9.10)."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Movement, Ptz, Record, Registrant, evaluate, measures

_MOVES = ("left", "right", "up", "down", "in", "out")
_SETTLE_S = 2.0
_ANSWERS_S = 5.0
_SHIFT_S = 600.0
_ALWAYS = (
    ("云台停止", {"PTZCmd": Ptz.stop()}, False),
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


@measures("sip_ptz", intrusive=("camera_move",), operator=True, seconds=90.0)
def test_sip_ptz(gb_device: Registrant, ask: Ask, movement: Movement, record: Record) -> None:
    """Each direction and zoom is commanded and stopped while a person watches this camera and all others."""
    ask.done("gb28181.watch", device=gb_device.device.id)
    movement.watch()
    wrong = []
    for way in _MOVES:
        said = gb_device.command(f"PTZ {way}", {"PTZCmd": Ptz.move(way)}, total_s=_SETTLE_S)
        gb_device.require_taken(said, "云台命令")
        gb_device.require_taken(
            gb_device.command("PTZ stop", {"PTZCmd": Ptz.stop()}, total_s=1.0), "云台停止命令"
        )
        direction = Ptz.direction(way)
        key = f"gb28181.moved.{way}"
        if seen := movement.wrong("gb28181.moved", "未正确动作或未停止", key=key, way=direction):
            wrong.append(f"{direction.zh}：{seen}")
    record.logical(conforms=not wrong, n=len(_MOVES), because="；".join(wrong))


@measures("sip_preset", intrusive=("camera_move",), operator=True, seconds=60.0)
def test_sip_preset(gb_device: Registrant, ask: Ask, movement: Movement, record: Record) -> None:
    """A preset is set, left and called: a person sees what moves, and whether the same picture comes back."""
    movement.watch()
    number = round(ask.number("gb28181.preset", unit="1", low=1, high=255, device=gb_device.device.id))
    for label, code in (
        ("preset set", Ptz.preset("set", number)),
        ("PTZ right", Ptz.move("right")),
        ("PTZ stop", Ptz.stop()),
        ("preset call", Ptz.preset("call", number)),
    ):
        said = gb_device.command(label, {"PTZCmd": code}, total_s=_SETTLE_S)
        gb_device.require_taken(said, label)
    wrong = movement.wrong("gb28181.same", f"调用预置位 {number} 未回到同一画面")
    gb_device.command("preset delete", {"PTZCmd": Ptz.preset("delete", number)}, total_s=1.0)
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
