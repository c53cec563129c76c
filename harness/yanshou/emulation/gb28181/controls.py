# SPDX-License-Identifier: Apache-2.0
"""DeviceControl as an emulated device carries it out (GB/T 28181 9.3, annex A.2.3 and A.3)."""

from __future__ import annotations

from yanshou.emulation.gb28181.channels import GbState
from yanshou.emulation.gb28181.manscdp_text import HeardBody

ANSWERED = ("RecordCmd", "GuardCmd", "AlarmCmd", "HomePosition")
"""Controls that want a Response; the others (PTZ, key frame, restart, zoom by dragging) have none."""
RESTART_S = 2.0
_LENGTH, _FIRST = 8, 0xA5
_PRESETS = {0x81: "preset_set", 0x82: "preset_called", 0x83: "preset_deleted"}
_MOVES = 0x3F


def carry_out(state: GbState, asked: HeardBody) -> tuple[bool, str]:
    """Carry out a control; returns whether it wants a Response, and its result (OK or ERROR)."""
    values, truth = asked.values, state.truth
    channel = state.channels.get(asked.device)
    where = channel.device if channel else state.id
    if "PTZCmd" in values:
        if not state.faults.has("gb_ptz_ignored", where):
            for code, device in _addressed(state, asked.device, where):
                _move(state, code, device, values["PTZCmd"])
        return False, "OK"
    for name in ANSWERED:
        if name in asked.names:
            known = asked.device == state.code or channel is not None
            if name == "RecordCmd" and known:
                state.records = values.get(name) == "Record"
            if name == "GuardCmd" and known:
                state.guarded = values.get(name) == "SetGuard"
            truth.write(where, "controlled", f"{name}={values.get(name, '')}")
            wants = not state.faults.has("gb_control_unanswered")
            return wants, "OK" if known else "ERROR"
    return False, "OK"


def _addressed(state: GbState, code: str, where: str) -> list[tuple[str, str]]:
    """The cameras that take a command sent to one of them: code and id; others if that is planted."""
    others = [(one.code, one.device) for one in state.channels.values() if one.code != code]
    if state.faults.has("gb_ptz_others_too", where):
        return [(code, where), *others]
    return others[:1] if state.faults.has("gb_ptz_other", where) else [(code, where)]


def _move(state: GbState, code: str, where: str, command: str) -> None:
    """Take the eight bytes of a PTZ command; one with a wrong sum is thrown away (annex A.3.1)."""
    try:
        octets = bytes.fromhex(command)
    except ValueError:
        return
    if len(octets) != _LENGTH or octets[0] != _FIRST or sum(octets[:7]) & 0xFF != octets[7]:
        state.truth.write(where, "ptz_refused", command)
        return
    kind, number = octets[3], octets[5]
    if kind in _PRESETS:
        held = state.presets.setdefault(code, {})
        if kind == min(_PRESETS):
            held[number] = f"preset {number}"
        elif kind == max(_PRESETS):
            held.pop(number, None)
        state.truth.write(where, _PRESETS[kind], number)
    else:
        stopped = kind & _MOVES == 0
        state.truth.write(where, "ptz_stopped" if stopped else "ptz_moved", command)
