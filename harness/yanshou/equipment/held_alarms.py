# SPDX-License-Identifier: Apache-2.0
"""Alarms that nobody resets, watched on many zones over the same time.

Ten minutes for each zone alone are hours on a site. The zones alarm one after the other, then all of them are
watched together. A panel might hold an alarm only because other zones are in alarm as well, so one zone of
each panel is watched alone first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from yanshou.equipment.alarm_stock import AlarmStock, SirenCourse, ZoneAlarm, wrong_alarm
from yanshou.equipment.around import Around
from yanshou.equipment.panel import Panel
from yanshou.equipment.settled import PULSE_PAUSE_S, settled
from yanshou.equipment.triggers import trigger
from yanshou.equipment.zone import Zone
from yanshou.model import Instant, RigFault, now
from yanshou.model.signal import ZoneSignal

Groups = Sequence[tuple[Panel, Sequence[Zone]]]
"""Panels, each with zones of its own."""


@dataclass(frozen=True, slots=True)
class HeldAlarm:
    """What became of an alarm that nobody reset.

    ``shown``: it came; ``silent``: it came without a sound although the bench hears the siren; ``held``: it
    stayed for the whole watch; ``cleared``: it went with the manual reset; ``strays``: what else the panel
    showed or set meanwhile; ``beside``: the zones that were watched over the same time.
    """

    shown: bool
    silent: bool = False
    held: bool = False
    cleared: bool = False
    strays: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def wrong(self) -> list[str]:
        """In words, what no alarm may do, whatever it was made for."""
        return wrong_alarm(self.strays, silent=self.silent)


@dataclass(slots=True)
class _Alarm:
    """One zone on its way through the watch."""

    panel: Panel
    zone: Zone
    stock: AlarmStock
    made: ZoneAlarm | None = None
    shown: Instant | None = None
    silent: bool = False
    held: bool = False
    cleared: bool = False
    strays: list[str] = field(default_factory=list)
    fault: RigFault | None = None

    def attempt(self, step: Callable[[], None]) -> None:
        """Take a step, unless one before it failed; a fault ends this zone and no other."""
        if self.fault is None:
            try:
                step()
            except RigFault as fault:
                self.fault = fault

    def hear(self) -> None:
        """Whether its alarm sounds, tried by itself: a siren that sounds already says nothing of it."""
        self._trigger()
        self.panel.bring_to_rest(self.zone)

    def trigger(self, *, restored: bool) -> None:
        """Bring the alarm about; ``restored``: the loop is closed again at once."""
        around = Around.of(self.panel, self.zone)
        self._trigger(around)
        if restored:
            self.zone.close_loop()
            self.stray(around.strays())

    def _trigger(self, around: Around | None = None) -> None:
        self.made = made = trigger(self.panel, self.zone, around=around)
        self.stock.add(made)
        self.shown = made.shown
        self.silent = self.silent or made.sounded is False
        self.stray(made.strays)

    def stray(self, found: Sequence[str]) -> None:
        """Note what came elsewhere, each thing once."""
        self.strays += [stray for stray in found if stray not in self.strays]

    def watched(self, until: float) -> None:
        """Whether it stayed from its first appearance to ``until`` (``model.now``)."""
        if self.shown is not None:
            seconds = until - self.shown.latest
            self.held = self.panel.watch(
                self.zone, ZoneSignal.ALARM, shown=True, seconds=seconds, since=self.shown
            ).held

    def listened(self, until: float, pause_s: float) -> None:
        """How its siren ended and whether it sounded again, for the test of the siren.

        It has ended when it is silent for ``pause_s``: one that pulses has pauses.
        """
        if (
            self.made is None
            or not self.made.alone
            or self.panel.wires.siren is None
            or not self.stock.shared
        ):
            return
        siren = self.panel.wires.siren()
        began = siren.wait_active(since=self.made.opened, within=self.panel.patience)
        if began is None:
            return
        left = max(0.0, until - pause_s - began.latest)
        ended = settled(siren, since=began, within=left, still_s=pause_s)
        again = siren.wait_active(since=ended, within=max(0.0, until - ended.latest)) if ended else None
        self.stock.sirens[self.panel.device.id] = SirenCourse(self.made, until, ended, again)

    def settle(self) -> None:
        """Close its loop and unset its partition, so that it can be reset."""
        self.zone.close_loop()
        self.panel.disarm(self.zone)

    def scan_again(self) -> None:
        """Whether it went with the reset."""
        self.cleared = self.panel.wait_gone(self.zone, ZoneSignal.ALARM)

    def result(self, watched: Sequence[str]) -> HeldAlarm | RigFault:
        """The outcome, or the fault that hindered it; ``watched`` are all zones of the watch."""
        beside = tuple(name for name in watched if name != self.zone.device.id)
        return self.fault or HeldAlarm(
            self.shown is not None, self.silent, self.held, self.cleared, tuple(self.strays), beside
        )


def hold_alarms(
    groups: Groups,
    seconds: float,
    *,
    restored: bool,
    stock: AlarmStock,
    wait: Callable[[float], None] = time.sleep,
    siren_pause_s: float = PULSE_PAUSE_S,
) -> dict[str, HeldAlarm | RigFault]:
    """Watch the alarms of these zones, at rest before, over the same ``seconds``; the result by zone.

    ``restored``: each loop is closed again after its alarm, and the alarms are not reset.
    Each zone is watched from its own alarm on, and at least ``seconds`` after the last of all alarms. The
    triggers are added to ``stock``. A siren has ended when it is silent for ``siren_pause_s``.
    """
    alarms = [_Alarm(panel, zone, stock) for panel, zones in groups for zone in zones]
    for one in () if restored else alarms[1:]:
        if one.panel.wires.siren is not None:
            one.attempt(one.hear)
    around = [Around.of(panel, *zones) for panel, zones in groups]
    for one in alarms:
        one.attempt(partial(one.trigger, restored=restored))
    if shown := [one.shown.latest for one in alarms if one.shown is not None]:
        wait(max(0.0, max(shown) + seconds - now()))
    until = now()
    for one in alarms:
        one.attempt(partial(one.watched, until))
    for before in around:
        _note_strays(before, alarms)
    if not restored:
        for one in _alone(alarms):
            one.attempt(partial(one.listened, until, siren_pause_s))
        _reset(groups, alarms)
    names = [one.zone.device.id for one in alarms]
    return {one.zone.device.id: one.result(names) for one in alarms}


def _alone(alarms: Sequence[_Alarm]) -> list[_Alarm]:
    """Normal zones whose siren sounds for none of the others."""
    sirens = [one.panel.device.wiring.get("siren") for one in alarms]
    return [
        one
        for one, siren in zip(alarms, sirens, strict=True)
        if sirens.count(siren) == 1 and one.zone.type == "normal"
    ]


def _note_strays(around: Around, alarms: Sequence[_Alarm]) -> None:
    """What came elsewhere counts against the zone whose trigger showed it, else against each of the panel.

    Any of them may have caused what came later.
    """
    own = [one for one in alarms if one.panel is around.panel]
    with _for_all(own):
        found = set(around.strays()).difference(*(one.strays for one in own))
        for one in own:
            one.stray(sorted(found))


def _reset(groups: Groups, alarms: Sequence[_Alarm]) -> None:
    for one in alarms:
        one.attempt(one.settle)
    for panel, _ in groups:
        with _for_all([one for one in alarms if one.panel is panel]):
            panel.reset()
    for one in alarms:
        one.attempt(one.scan_again)


@contextmanager
def _for_all(own: Sequence[_Alarm]) -> Iterator[None]:
    """What fails at a panel fails for all of its zones."""
    try:
        yield
    except RigFault as fault:
        for one in own:
            one.fault = one.fault or fault
