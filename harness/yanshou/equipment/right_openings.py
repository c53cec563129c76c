# SPDX-License-Identifier: Apache-2.0
"""Doors that are opened after a credential that may pass: their controller may not show them as forced.

Two doors stand open over the same time. Where anything is shown, each is opened once more by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.equipment.doors import Door
from yanshou.model import Instant
from yanshou.model.signal import DoorSignal


@dataclass(frozen=True, slots=True)
class RightOpening:
    """What an opening by right brought.

    ``released``: the credential released the lock, without which the door was not opened; ``forced``: the
    door was shown as forced. ``beside``: the doors that stood open over the same time.
    """

    released: bool
    forced: bool = False
    beside: tuple[str, ...] = ()


def each_opened(doors: Sequence[Door], seconds: float) -> dict[str, RightOpening]:
    """The result of each door, watched for so many ``seconds`` from its opening; closed and locked again.

    A door that is shown as forced only while another stands open was shown so nevertheless.
    """
    together = _opened(doors, seconds)
    if not doors[1:] or all(one.released and not one.forced for one in together.values()):
        return together
    alone = {name: one for door in doors for name, one in _opened([door], seconds).items()}
    return {
        name: one if one.forced or not together[name].forced else together[name]
        for name, one in alone.items()
    }


def _opened(doors: Sequence[Door], seconds: float) -> dict[str, RightOpening]:
    found = {door.device.id: RightOpening(released=False) for door in doors}
    opened: list[tuple[Door, Instant, Instant]] = []
    for door in doors:
        released = door.wait_released(since=door.present_authorised())
        if released is not None:
            opened.append((door, released, door.open()))
    for door, _, at in opened:
        forced = door.wait_for(DoorSignal.FORCED, since=at, within=seconds) is not None
        beside = tuple(one.device.id for one, *_ in opened if one is not door)
        found[door.device.id] = RightOpening(released=True, forced=forced, beside=beside)
    for door, released, _ in opened:
        door.close()
        door.let_lock(since=released)
    for door, *_ in opened:
        door.bring_to_rest()
    return found
