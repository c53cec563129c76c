# SPDX-License-Identifier: Apache-2.0
"""An emulated access controller: credentials in, lock coils out, and the alarms of its doors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from yanshou.emulation.faults import Fault
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.site.clockwork import Timer
from yanshou.emulation.site.own_time import OwnTime
from yanshou.emulation.site.world import World
from yanshou.model import Device

GRANT_S = (0.08, 0.15)  # from the complete credential to the lock coil
FORCED_S = (0.10, 0.30)  # from the opened contact to the shown alarm
LOCK_OPEN_S = 1.0
EXIT_S = 0.05  # from the emergency button, or the fire signal, to the lock coil
PULSE_S = 3.0  # how long a denial is shown
HELD_S = 30.0  # a door left open this long is shown as held
WRONG_LIMIT = 5  # GB 50396-2007 5.1.5(1)


@dataclass(slots=True)
class EmulatedDoor:
    """One door: its contact and lock, and what the controller stores until it is reset."""

    id: str
    number: int
    lock_wire: str
    is_open: bool = False
    released: bool = False
    wrong: int = 0
    without_right: int = 0  # credentials without a right, since the start
    relock: Timer | None = None
    undeny: Timer | None = None
    hold: Timer | None = None
    held_after_s: float = HELD_S
    open_s: float = LOCK_OPEN_S

    @classmethod
    def of(cls, door: Device) -> EmulatedDoor:
        """The door as the inventory describes it."""
        made = cls(door.id, door.number or 0, door.wiring.get("lock_coil", ""))
        made.held_after_s = float(str(door.attributes.get("held_after_s", HELD_S)))
        made.open_s = float(str(door.attributes.get("lock_open_s", LOCK_OPEN_S)))
        return made


class EmulatedDoorController:
    """Grants authorised credentials, counts wrong ones, and latches forced, held and wrong-credential alarms.

    The wired lock-coil input is active while the lock is released, for fail-safe and fail-secure locks alike.
    """

    def __init__(
        self, device: Device, unit: ModbusUnit, world: World, doors: Iterable[Device], zone_name: str
    ) -> None:
        self.device = device.id
        self.unit = unit
        self._world = world
        self.doors = [EmulatedDoor.of(door) for door in doors]
        self.offline = False
        self.fire = False
        self._link_changes = 0
        unit.on("reset", self._reset)
        own, time_zone = OwnTime(world.faults, device.id), ZoneInfo(zone_name)
        unit.image.serve_words("clock", lambda: own.words(time_zone))

    def _fault(self, kind: str, door: EmulatedDoor) -> Fault | None:
        return self._world.faults.find(kind, door.id, self.device)

    def _show(self, role: str, door: EmulatedDoor, *, on: bool) -> float:
        with self.unit.image.changing() as t:
            self.unit.image.put(role, door.number, on=on)
        return t

    # -- credentials ----------------------------------------------------------------------------------------

    def credential(self, door: EmulatedDoor, *, authorised: bool) -> None:
        """The last bit of a credential arrived at the reader of ``door``; call with the world's lock held."""
        self._world.truth.write(door.id, "credential", "authorised" if authorised else "unauthorised")
        if self.offline and self._fault("dead_offline", door):
            return
        delay = self._world.duration(self._fault("lock_delay", door), *GRANT_S)
        if authorised or self._let_in(door):
            door.wrong = 0
            self._world.clockwork.after(delay, lambda: self._grant(door))
        else:
            self._world.clockwork.after(self._world.drawn(*GRANT_S), lambda: self._deny(door))

    def _let_in(self, door: EmulatedDoor) -> bool:
        """Whether the controller opens for a credential without a right: always, or every n-th time."""
        door.without_right += 1
        if self.offline and self._fault("open_offline", door):
            return True
        wrong = self._fault("grants_unauthorised", door)
        return wrong is not None and door.without_right % int(wrong.number(1)) == 0

    def _grant(self, door: EmulatedDoor) -> None:
        if not self._fault("lock_dead", door):
            self._release(door)
        if beside := self._fault("opens_other_door", door):
            other = next(one for one in self.doors if one.id == beside.value)
            self._release(other)
            self._world.clockwork.after(LOCK_OPEN_S, lambda: self._relock(other))
        self._world.truth.write(door.id, "granted", t=self._show("access_granted", door, on=True))
        if door.relock:
            door.relock.cancel()
        door.relock = self._world.clockwork.after(self._open_s(door), lambda: self._relock(door))

    def _open_s(self, door: EmulatedDoor) -> float:
        changed = self._fault("lock_open_time", door)
        return changed.number() if changed else door.open_s

    def _release(self, door: EmulatedDoor) -> None:
        door.released = True
        self._show("door_lock", door, on=True)
        self._world.drive(door.lock_wire, active=True)
        self._world.truth.write(door.id, "lock_energised")

    def _relock(self, door: EmulatedDoor) -> None:
        door.relock = None
        self._show("access_granted", door, on=False)
        if self._fault("never_relocks", door) or (self.fire and not self._fault("fire_release_short", door)):
            return
        if door.released:
            door.released = False
            self._show("door_lock", door, on=False)
            self._world.drive(door.lock_wire, active=False)
            self._world.truth.write(door.id, "lock_released")

    def _deny(self, door: EmulatedDoor) -> None:
        door.wrong += 1
        self._world.truth.write(door.id, "denied", door.wrong, self._show("access_denied", door, on=True))
        if door.undeny:
            door.undeny.cancel()
        door.undeny = self._world.clockwork.after(PULSE_S, lambda: self._undeny(door))
        limit = self._fault("wrong_credential_limit", door)
        if door.wrong == (int(limit.number()) if limit else WRONG_LIMIT):
            t = self._show("wrong_credential", door, on=True)
            self._world.truth.write(door.id, "wrong_credential_shown", door.wrong, t)

    def _undeny(self, door: EmulatedDoor) -> None:
        door.undeny = None
        self._show("access_denied", door, on=False)

    # -- the contact ----------------------------------------------------------------------------------------

    def contact(self, door: EmulatedDoor, t: float, *, opened: bool) -> None:
        """The contact of ``door`` opened or closed at ``t``."""
        self._world.truth.write(door.id, "door_open" if opened else "door_closed", t=t)
        door.is_open = opened
        self._show("door_state", door, on=opened)
        if door.hold:
            door.hold.cancel()
            door.hold = None
        if opened:
            self._opened(door)

    def _opened(self, door: EmulatedDoor) -> None:
        after = 0.0 if self._fault("held_at_once", door) else door.held_after_s
        door.hold = self._world.clockwork.after(after, lambda: self._held(door))
        if not (door.released or self._fault("forced_door_silent", door)):
            delay = self._world.duration(self._fault("forced_door_delay", door), *FORCED_S)
            self._world.clockwork.after(delay, lambda: self._forced(door))

    def _forced(self, door: EmulatedDoor) -> None:
        self._world.truth.write(door.id, "forced_shown", t=self._show("door_forced", door, on=True))
        self._world.alarm(door.id, active=True)

    def _held(self, door: EmulatedDoor) -> None:
        if self._fault("held_silent", door):
            return
        for shown in self.doors if self._fault("held_beside", door) else [door]:
            self._world.truth.write(shown.id, "held_shown", t=self._show("door_held", shown, on=True))

    # -- the reader, the emergency button, the fire panel, the link to the centre ----------------------------

    def reader(self, door: EmulatedDoor, _t: float, *, opened: bool) -> None:
        """The housing of the reader of ``door`` was opened or closed."""
        silent = self._fault("reader_tamper_silent", door)
        self._reader_shows("reader_tamper", door, on=opened and not silent)

    def reader_line(self, door: EmulatedDoor, _t: float, *, opened: bool) -> None:
        """The line to the reader of ``door`` was cut or mended."""
        role = "reader_tamper" if self._fault("reader_fault_as_tamper", door) else "reader_fault"
        self._reader_shows(role, door, on=opened and not self._fault("reader_fault_silent", door))

    def _reader_shows(self, role: str, door: EmulatedDoor, *, on: bool) -> None:
        if on:
            delay = self._world.drawn(*FORCED_S)
            self._world.clockwork.after(delay, lambda: self._reader_shown(role, door))
        else:
            self._show(role, door, on=False)

    def _reader_shown(self, role: str, door: EmulatedDoor) -> None:
        self._world.truth.write(door.id, f"{role}_shown", t=self._show(role, door, on=True))

    def exit_button(self, door: EmulatedDoor, t: float, *, opened: bool) -> None:
        """The emergency button at ``door`` was pressed (its circuit opens) or let go."""
        if opened:
            self._world.truth.write(door.id, "exit_pressed", t=t)
        if opened and not self._fault("exit_dead", door):
            self._world.clockwork.after(EXIT_S, lambda: self._grant(door))

    def fire_signal(self, t: float, *, opened: bool) -> None:
        """The dry contact of the fire panel: a signal while the bench's relay holds it."""
        self.fire = opened
        self._world.truth.write(self.device, "fire_on" if opened else "fire_off", t=t)
        for door in self.doors:
            if opened and not self._fault("fire_ignored", door):
                self._world.clockwork.after(EXIT_S, partial(self._grant, door))
            elif not opened and door.relock is None:
                self._relock(door)

    def host_link(self, t: float, *, opened: bool) -> None:
        """The link between controller and centre was cut or came back."""
        self.offline = opened
        self._link_changes += 1
        self._world.truth.write(self.device, "link_cut" if opened else "link_back", t=t)
        for door in self.doors:
            wrong = self._fault("opens_on_link_change", door)
            if wrong and self._link_changes % int(wrong.number()) == 0:
                self._world.clockwork.after(EXIT_S, partial(self._grant, door))

    def _reset(self, _number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        """Clear the latched alarms whose cause is gone, and the counts of wrong credentials."""
        if not own:
            return
        self._world.truth.write(self.device, "reset")
        for door in self.doors:
            door.wrong = 0
            self._show("wrong_credential", door, on=False)
            if not door.is_open:
                self._show("door_forced", door, on=False)
                self._show("door_held", door, on=False)
                self._world.alarm(door.id, active=False)
