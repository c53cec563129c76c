# SPDX-License-Identifier: Apache-2.0
"""Unset zones whose detectors are triggered, watched over the same time: nothing may answer.

The loops of a panel open one after the other, further apart than a burst, for a panel may lose what comes in
one scan.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from yanshou.equipment.around import Around
from yanshou.equipment.panel import Panel
from yanshou.equipment.zone import Zone
from yanshou.equipment.zones import BURST_S
from yanshou.model import Instant, RigFault, now
from yanshou.model.signal import ZoneSignal

_APART = 5
"""How many scans of their panel two loops open apart."""


@dataclass(frozen=True, slots=True)
class UnsetAnswer:
    """What the trigger of an unset zone brought.

    ``answered``: the zone showed an alarm; ``strays``: what the panel showed or set elsewhere. ``beside``:
    the zones that were triggered and watched over the same time; ``only_beside``: it answered beside them,
    and by itself it did not; ``unexplained``: what came elsewhere beside them, and did not come when each
    was triggered by itself.
    """

    answered: bool
    strays: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    only_beside: bool = False
    unexplained: tuple[str, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether nothing at all came."""
        return not (self.answered or self.strays or self.unexplained)


Answers = dict[str, UnsetAnswer | RigFault]


def watch_unset(groups: Sequence[tuple[Panel, Sequence[Zone]]], seconds: float) -> Answers:
    """Trigger these zones, at rest before, each watched for ``seconds`` from its own trigger; by zone."""
    found: Answers = {}
    around = []
    for panel, zones in groups:
        _for_each(zones, found, panel.disarm)
        around.append((panel, zones, Around.of(panel, *zones)))
    opened = _opened(groups, found)
    last = max((at.latest for at in opened.values()), default=now())
    time.sleep(max(0.0, last + seconds - now()))
    until = now()
    for panel, zones, before in around:
        own = [zone for zone in zones if zone.device.id in opened]
        _answered(panel, own, before.began, until, found)
        _with_strays(before, own, found)
    return _named(found)


def _opened(groups: Sequence[tuple[Panel, Sequence[Zone]]], found: Answers) -> dict[str, Instant]:
    opened: dict[str, Instant] = {}
    for panel, zones in groups:
        for place, zone in enumerate(zones):
            if place:
                time.sleep(max(BURST_S, _APART * panel.scan_s))
            _for_each([zone], found, lambda one: opened.__setitem__(one.device.id, one.open_loop()))
    return opened


def _for_each(zones: Sequence[Zone], found: Answers, step: Callable[[Zone], object]) -> None:
    """Take a step for each zone; a fault ends that zone and no other."""
    for zone in zones:
        if zone.device.id not in found:
            try:
                step(zone)
            except RigFault as fault:
                found[zone.device.id] = fault


def _answered(panel: Panel, zones: Sequence[Zone], began: float, until: float, found: Answers) -> None:
    """From the beginning on: an alarm that came before the zone's own trigger is the work of another's."""

    def watched(zone: Zone) -> None:
        since = Instant(began, began)
        seen = panel.watch(zone, ZoneSignal.ALARM, shown=False, seconds=until - began, since=since)
        found[zone.device.id] = UnsetAnswer(not seen.held)

    _for_each(zones, found, watched)


def _with_strays(before: Around, zones: Sequence[Zone], found: Answers) -> None:
    """What came at other places counts for each zone of the panel: any may have caused it."""
    try:
        strays = tuple(before.strays())
    except RigFault as fault:
        found |= dict.fromkeys((zone.device.id for zone in zones), fault)
        return
    for zone in zones:
        one = found[zone.device.id]
        if isinstance(one, UnsetAnswer):
            found[zone.device.id] = replace(one, strays=strays)


def _named(found: Answers) -> Answers:
    names = [name for name, one in found.items() if isinstance(one, UnsetAnswer)]
    return {
        name: replace(one, beside=tuple(other for other in names if other != name))
        if isinstance(one, UnsetAnswer)
        else one
        for name, one in found.items()
    }


def distinguished(beside: Answers, alone: Answers, numbers: Mapping[str, int]) -> Answers:
    """The zones of one panel that were watched once more, each by itself, because something had come.

    ``numbers`` are those of the zones. A zone that answered beside the others only did answer while it was
    unset, unless the trigger of another zone by itself brought that alarm as well. What came beside them
    elsewhere and did not come again has no cause that could be named.
    """
    said = {stray for one in alone.values() if isinstance(one, UnsetAnswer) for stray in one.strays}
    found: Answers = {}
    for name, one in alone.items():
        first = beside.get(name)
        if isinstance(one, UnsetAnswer) and isinstance(first, UnsetAnswer):
            caused = any(stray.startswith(f"{numbers[name]} 防区") for stray in said)
            only = first.answered and not one.answered and not caused
            left = tuple(stray for stray in first.strays if stray not in said)
            one = replace(  # noqa: PLW2901 - the same answer with what is known beside others
                one, answered=one.answered or only, only_beside=only, beside=first.beside, unexplained=left
            )
        found[name] = one
    return found
