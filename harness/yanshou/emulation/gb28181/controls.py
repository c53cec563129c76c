# SPDX-License-Identifier: Apache-2.0
"""DeviceControl as an emulated device carries it out (GB/T 28181 9.3, annex A.2.3 and A.3)."""

from __future__ import annotations

import math

from yanshou.emulation.gb28181.channels import GbState
from yanshou.emulation.gb28181.manscdp_text import HeardBody
from yanshou.emulation.video.pan_head import PanHead

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
        _place(state, code, where, kind, number)
        return
    stopped = kind & _MOVES == 0
    _turn(state, code, where, octets)
    state.truth.write(where, "ptz_stopped" if stopped else "ptz_moved", command)


def _head(state: GbState, code: str) -> PanHead:
    """The head of a camera; one that has none takes commands all the same, and nobody sees it."""
    channel = state.channels.get(code)
    return (channel.channel.head if channel is not None else None) or PanHead()


def _place(state: GbState, code: str, where: str, kind: int, number: int) -> None:
    """Set, call or delete a preset."""
    held, head = state.presets.setdefault(code, {}), _head(state, code)
    if kind == min(_PRESETS):
        held[number] = f"preset {number}"
        head.keep(number)
    elif kind == max(_PRESETS):
        held.pop(number, None)
        head.presets.pop(number, None)
    else:
        head.recall(number, beside=state.faults.number("gb_preset_elsewhere", 0.0, where))
    state.truth.write(where, _PRESETS[kind], number)


def _turn(state: GbState, code: str, where: str, octets: bytes) -> None:
    """Begin or end a movement: bits in octet 4, then the speeds of pan, tilt and zoom (annex A.3.2)."""
    faults, bits = state.faults, octets[3]
    if not bits & _MOVES and faults.has("gb_ptz_goes_on", where):
        return
    pan = ((bits & 1) - (bits >> 1 & 1)) * octets[4] / 255
    tilt = ((bits >> 3 & 1) - (bits >> 2 & 1)) * octets[5] / 255
    zoom = ((bits >> 4 & 1) - (bits >> 5 & 1)) * (octets[6] >> 4) / 15
    way = -1 if faults.has("gb_ptz_reversed", where) else 1
    zooming = -1 if faults.has("gb_zoom_reversed", where) else 1
    _head(state, code).move(
        way * pan, way * tilt, zooming * zoom, most=faults.number("gb_ptz_twitches", math.inf, where)
    )
