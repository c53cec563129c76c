# SPDX-License-Identifier: Apache-2.0
"""An emulated access controller: credentials in, lock coils out, and the alarms of its doors."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from yanshou.emulation.access.records import AccessLog
from yanshou.emulation.faults import Fault
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.site.clockwork import Timer
from yanshou.emulation.site.own_time import OwnTime
from yanshou.emulation.site.world import World
from yanshou.model import Device

GRANT_S = (0.08, 0.15)  # from the complete credential to the lock coil
FORCED_S = (0.10, 0.30)  # from the opened contact to the shown alarm
LOCK_OPEN_S = 1.0
_LATE_S = 4.0  # by how much a lock locks later that does so only now and then
EXIT_S = 0.05  # from the emergency button, or the fire signal, to the lock coil
PULSE_S = 3.0  # how long a denial is shown
HELD_S = 30.0  # a door left open this long is shown as held
WRONG_LIMIT = 5  # GB 50396-2007 5.1.5(1)
SHAKEN = "shaken"  # what a moving lock does to a detector it sets off
ON_LINE_S = 0.25  # how long the bench's input shows the bits on a reader's line
COMMAND_S = (0.05, 0.2)  # from a command of the centre to the lock coil
LINK_S = (0.3, 0.8)  # from the cut of the link to its alarm at the centre


@dataclass(frozen=True, slots=True)
class PresentedCard:
    """A credential at a reader: what it may, and the word the log keeps of it."""

    kind: str
    user: int = 0
    leaving: bool = False


@dataclass(slots=True)
class EmulatedDoor:
    """One door: its contact and lock, and what the controller stores until it is reset."""

    id: str
    number: int
    lock_wire: str
    is_open: bool = False
    released: bool = False
    wrong: int = 0
    grants: int = 0  # since the start
    without_right: int = 0  # credentials without a right, since the start
    relock: Timer | None = None
    undeny: Timer | None = None
    hold: Timer | None = None
    held_after_s: float = HELD_S
    open_s: float = LOCK_OPEN_S
    line_wire: str = ""
    anti_passback: bool = False
    inside: bool = False  # whoever went in has not gone out
    asks: int = 0  # the word of a credential that waits for the centre's approval
    held_open: bool = False
    blocked: bool = False
    on_battery: bool = False
    moves: int = 0  # of its contact
    refused: deque[int] = field(default_factory=deque)  # credentials that are about to be refused
    operations: int = 0  # releases on the battery

    @classmethod
    def of(cls, door: Device) -> EmulatedDoor:
        """The door as the inventory describes it."""
        made = cls(door.id, door.number or 0, door.wiring.get("lock_coil", ""))
        made.held_after_s = float(str(door.attributes.get("held_after_s", HELD_S)))
        made.open_s = float(str(door.attributes.get("lock_open_s", LOCK_OPEN_S)))
        made.line_wire = door.wiring.get("reader_line", "")
        made.anti_passback = door.attributes.get("anti_passback") is True
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
        self.world = world
        self.doors = [EmulatedDoor.of(door) for door in doors]
        self.offline = False
        self.fire = False
        self.alive = True
        self._link_changes = 0
        self._untold: list[tuple[str, int, bool]] = []  # what changed while the link was cut
        self._sound, self._light = device.wiring.get("buzzer", ""), device.wiring.get("lamp", "")
        unit.on("reset", self._reset)
        own, time_zone = OwnTime(world.faults, device.id), ZoneInfo(zone_name)
        unit.image.serve_registers("clock", lambda: own.registers(time_zone))
        self.log = AccessLog(device.id, unit, world, own, time_zone)
        self._centre = CentreCommands(self)

    def _fault(self, kind: str, door: EmulatedDoor) -> Fault | None:
        return self.world.faults.find(kind, door.id, self.device)

    def _show(self, role: str, door: EmulatedDoor, *, on: bool) -> float:
        """Show it at the centre, which learns of it when the link is back."""
        with self.unit.image.changing() as t:
            if self.offline:
                self._untold.append((role, door.number, on))
            else:
                self.unit.image.put(role, door.number, on=on)
        return t

    # -- credentials ----------------------------------------------------------------------------------------

    def credential(self, door: EmulatedDoor, card: PresentedCard) -> None:
        """The last bit of a credential arrived at the reader of ``door``; call with the world's lock held."""
        self.world.truth.write(door.id, "credential", card.kind)
        self.world.drive(door.line_wire, active=True)
        self.world.clockwork.after(ON_LINE_S, lambda: self.world.drive(door.line_wire, active=False))
        if self.world.down and self._fault("dies_with_platform", door):
            return
        if not self.alive or (self.offline and self._fault("dead_offline", door)):
            return
        delay = self.world.duration(self._fault("lock_delay", door), *GRANT_S)
        if card.leaving:
            door.inside = False
            self.world.clockwork.after(delay, lambda: self._grant(door, card.user))
        elif card.kind == "approval" and not self._fault("opens_unapproved", door):
            door.asks = card.user or 1
        elif self._may(door, card):
            self._admit(door, card, delay)
        else:
            door.refused.append(card.user)  # refused in the order they were presented
            self.world.clockwork.after(self.world.drawn(*GRANT_S), lambda: self._deny(door))

    def _admit(self, door: EmulatedDoor, card: PresentedCard, delay: float) -> None:
        door.wrong = 0
        if self._fault("wrong_credential_always", door):
            self.world.clockwork.after(delay, partial(self._wrong_shown, door))
        if card.kind == "duress":
            self.log.write("duress", door.number, card.user)
            if not self._fault("duress_silent", door):
                shown = self.world.drawn(*FORCED_S)
                self.world.clockwork.after(shown, partial(self._duress, door))
            if self._fault("duress_refused", door):
                return
        if door.anti_passback and door.inside and not self._fault("passback_ignored", door):
            self.world.clockwork.after(delay, lambda: self._passback(door, card.user))
            return
        door.inside = True
        self.world.clockwork.after(delay, lambda: self._grant(door, card.user))

    def _duress(self, door: EmulatedDoor) -> None:
        t = self._show("duress_credential", door, on=True)
        self.world.truth.write(door.id, "duress_shown", t=t)

    def _passback(self, door: EmulatedDoor, user: int) -> None:
        if not self._fault("passback_unrecorded", door):
            self._show("passback", door, on=True)
            self.log.write("passback", door.number, user)

    def _may(self, door: EmulatedDoor, card: PresentedCard) -> bool:
        """Whether the controller opens for a credential."""
        if door.blocked:
            return False
        if card.kind == "payment":
            return self._fault("payment_opens", door) is not None
        return card.kind in {"authorised", "duress", "approval"} or self._let_in(door)

    def _let_in(self, door: EmulatedDoor) -> bool:
        """Whether the controller opens for a credential without a right: always, or every n-th time."""
        door.without_right += 1
        if self.offline and self._fault("open_offline", door):
            return True
        wrong = self._fault("grants_unauthorised", door)
        return wrong is not None and door.without_right % int(wrong.number(1)) == 0

    def grant(self, door: EmulatedDoor, user: int = 0) -> None:
        """Release the lock for its time."""
        self._grant(door, user)

    def _grant(self, door: EmulatedDoor, user: int = 0) -> None:
        self.log.write("granted" if user else "command", door.number, user)
        door.grants += 1
        if not self._fault("lock_dead", door):
            self._release(door)
        if beside := self._fault("opens_other_door", door):
            self._release_too(beside)
        self.world.truth.write(door.id, "granted", t=self._show("access_granted", door, on=True))
        if door.relock:
            door.relock.cancel()
        door.relock = self.world.clockwork.after(self._open_s(door), lambda: self._relock(door))

    def _release_too(self, beside: Fault) -> None:
        """Release the lock of another door, for a moment."""
        self._release_briefly(next(one for one in self.doors if one.id == beside.value))

    def _release_briefly(self, other: EmulatedDoor) -> None:
        """Release a lock that nobody asked for, for a moment."""
        self._release(other)
        self.world.clockwork.after(LOCK_OPEN_S, lambda: self._relock(other))

    def _open_s(self, door: EmulatedDoor) -> float:
        changed, nth = self._fault("lock_open_time", door), self._fault("lock_late_nth", door)
        if nth and door.grants % int(nth.number(1)) == 0:
            return door.open_s + _LATE_S
        return changed.number() if changed else door.open_s

    def _release(self, door: EmulatedDoor) -> None:
        door.released = True
        door.operations += door.on_battery
        self._show("door_lock", door, on=True)
        self.world.drive(door.lock_wire, active=True)
        self.world.truth.write(door.id, "lock_energised")
        if shaken := self._fault("release_shakes_zone", door):
            self.world.act(str(shaken.value), SHAKEN, active=True)

    def _relock(self, door: EmulatedDoor) -> None:
        door.relock = None
        self._show("access_granted", door, on=False)
        if self._fault("never_relocks", door) or (self.fire and not self._fault("fire_release_short", door)):
            return
        if door.held_open or self._exhausted(door):
            return
        if door.released:
            door.released = False
            self._show("door_lock", door, on=False)
            self.world.drive(door.lock_wire, active=False)
            self.world.truth.write(door.id, "lock_released")

    def _exhausted(self, door: EmulatedDoor) -> bool:
        """Whether its battery holds a fail-safe lock no longer."""
        least = self._fault("backup_operations", door)
        return bool(least and door.on_battery and door.operations >= least.number())

    def _deny(self, door: EmulatedDoor) -> None:
        door.wrong += 1
        self.log.write("denied", door.number, door.refused.popleft())
        self.world.truth.write(door.id, "denied", door.wrong, self._show("access_denied", door, on=True))
        if door.undeny:
            door.undeny.cancel()
        door.undeny = self.world.clockwork.after(PULSE_S, lambda: self._undeny(door))
        limit = self._fault("wrong_credential_limit", door)
        if door.wrong == (int(limit.number()) if limit else WRONG_LIMIT):
            self._wrong_shown(door)

    def _wrong_shown(self, door: EmulatedDoor) -> None:
        t = self._show("wrong_credential", door, on=True)
        self.world.truth.write(door.id, "wrong_credential_shown", door.wrong, t)

    def _undeny(self, door: EmulatedDoor) -> None:
        door.undeny = None
        self._show("access_denied", door, on=False)

    # -- the contact ----------------------------------------------------------------------------------------

    def contact(self, door: EmulatedDoor, t: float, *, opened: bool) -> None:
        """The contact of ``door`` opened or closed at ``t``; a slow input takes note of what lasts."""
        slow = self._fault("contact_debounce", door)
        if slow is None:
            self._contact(door, t, opened=opened)
            return
        door.moves += 1
        moves = door.moves
        self.world.clockwork.after(
            slow.number(), lambda: self._contact(door, t, opened=opened) if door.moves == moves else None
        )

    def _contact(self, door: EmulatedDoor, t: float, *, opened: bool) -> None:
        self.world.truth.write(door.id, "door_open" if opened else "door_closed", t=t)
        door.is_open = opened
        self._show("door_state", door, on=opened)
        if door.hold:
            door.hold.cancel()
            door.hold = None
        if opened:
            self._opened(door)

    def _opened(self, door: EmulatedDoor) -> None:
        early = self._fault("held_early", door)
        after = early.number() if early else door.held_after_s
        door.hold = self.world.clockwork.after(after, lambda: self._held(door))
        by_right = door.released and not self._fault("forced_always", door)
        if not (by_right or self._fault("forced_door_silent", door)):
            delay = self.world.duration(self._fault("forced_door_delay", door), *FORCED_S)
            self.world.clockwork.after(delay, lambda: self._forced(door))

    def _forced(self, door: EmulatedDoor) -> None:
        self.log.write("forced", door.number)
        self.world.drive(self._sound, active=not self._fault("alarm_without_sound", door))
        self.world.drive(self._light, active=not self._fault("alarm_without_light", door))
        for shown in self.doors if self._fault("forced_door_beside", door) else [door]:
            self.world.truth.write(shown.id, "forced_shown", t=self._show("door_forced", shown, on=True))
        self.world.alarm(door.id, active=True)

    def _held(self, door: EmulatedDoor) -> None:
        if self._fault("held_silent", door):
            return
        self.log.write("held", door.number)
        for shown in self.doors if self._fault("held_beside", door) else [door]:
            self.world.truth.write(shown.id, "held_shown", t=self._show("door_held", shown, on=True))

    # -- the reader, the emergency button, the fire panel, the link to the centre ----------------------------

    def reader(self, door: EmulatedDoor, _t: float, *, opened: bool) -> None:
        """The housing of the reader of ``door`` was opened or closed."""
        if opened and self._fault("reader_tamper_opens", door):
            self._release_briefly(door)
        silent = self._fault("reader_tamper_silent", door)
        self._reader_shows("reader_tamper", door, on=opened and not silent)

    def reader_line(self, door: EmulatedDoor, _t: float, *, opened: bool) -> None:
        """The line to the reader of ``door`` was cut or mended."""
        role = "reader_tamper" if self._fault("reader_fault_as_tamper", door) else "reader_fault"
        self._reader_shows(role, door, on=opened and not self._fault("reader_fault_silent", door))

    def _reader_shows(self, role: str, door: EmulatedDoor, *, on: bool) -> None:
        if on:
            delay = self.world.drawn(*FORCED_S)
            self.world.clockwork.after(delay, lambda: self._reader_shown(role, door))
        else:
            self._show(role, door, on=False)

    def _reader_shown(self, role: str, door: EmulatedDoor) -> None:
        self.world.truth.write(door.id, f"{role}_shown", t=self._show(role, door, on=True))

    def exit_button(self, door: EmulatedDoor, t: float, *, opened: bool) -> None:
        """The emergency button at ``door`` was pressed (its circuit opens) or let go."""
        if opened:
            self.world.truth.write(door.id, "exit_pressed", t=t)
        if opened and (beside := self._fault("exit_opens_other", door)):
            self._release_too(beside)
        if opened and not self._fault("exit_dead", door):
            self.world.clockwork.after(EXIT_S, lambda: self._grant(door))

    def lock_mains(self, door: EmulatedDoor, t: float, *, opened: bool) -> None:
        """The mains of the supply of its lock was cut or came back."""
        self.world.truth.write(door.id, "lock_mains_off" if opened else "lock_mains_on", t=t)
        door.on_battery, door.operations = opened, 0
        if opened and self._fault("lock_no_backup", door):
            self._release(door)
        elif not opened and door.relock is None:
            self._relock(door)

    def fire_signal(self, t: float, *, opened: bool) -> None:
        """The dry contact of the fire panel: a signal while the bench's relay holds it."""
        self.fire = opened
        self.world.truth.write(self.device, "fire_on" if opened else "fire_off", t=t)
        self.world.alarm(self.device, active=opened)
        for door in self.doors:
            if opened and not self._fault("fire_ignored", door):
                self.world.clockwork.after(EXIT_S, partial(self._grant, door))
            elif not opened and door.relock is None:
                self._relock(door)
        reboot = self.world.faults.find("reboots_on_fire", self.device)
        if opened and reboot is not None:
            self.world.clockwork.after(2 * EXIT_S, lambda: self._reboot(reboot.number()))

    def _reboot(self, seconds: float) -> None:
        """Answer nobody and hold every lock for some seconds, then begin anew, knowing of no fire."""
        self.world.truth.write(self.device, "rebooting", seconds)
        self.alive, self.fire = False, False
        for door in self.doors:
            if door.relock:
                door.relock.cancel()
            self._relock(door)
        self.world.clockwork.after(seconds, self._up_again)

    def _up_again(self) -> None:
        self.alive = True
        self.world.truth.write(self.device, "up again")

    def linked(self, door: EmulatedDoor, wanted: bool) -> None:  # noqa: FBT001 - the shape of world.Contact
        """A linkage wants the lock of ``door`` released, or wants it no more."""
        if wanted:
            self._grant(door)
        elif door.relock is not None:
            door.relock.cancel()
            self._relock(door)

    def all_linked(self, wanted: bool) -> None:  # noqa: FBT001 - the shape of world.Contact
        """A linkage wants every lock released, or wants it no more."""
        for door in self.doors:
            self.linked(door, wanted)

    def host_link(self, t: float, *, opened: bool) -> None:
        """The link between controller and centre was cut or came back."""
        if not opened and self.offline:
            self.offline = False
            self.log.restore()
            for role, number, on in self._untold:
                self.unit.image.put(role, number, on=on)
            self._untold.clear()
            self.unit.image.put("link_fault", 1, on=False)
        elif opened and not self.offline:
            self.offline = True
            self.log.cut()
            self.world.clockwork.after(self.world.drawn(*LINK_S), self._link_lost)
        self._link_changes += 1
        self.world.truth.write(self.device, "link_cut" if opened else "link_back", t=t)
        for door in self.doors:
            wrong = self._fault("opens_on_link_change", door)
            if wrong and self._link_changes % int(wrong.number()) == 0:
                self.world.clockwork.after(EXIT_S, partial(self._grant, door))

    def _link_lost(self) -> None:
        if self.offline and not self.world.faults.has("link_loss_silent", self.device):
            with self.unit.image.changing() as t:
                self.unit.image.put("link_fault", 1, on=True)
            self.world.truth.write(self.device, "link_fault_shown", t=t)

    def hold(self, door: EmulatedDoor, *, opened: bool) -> None:
        """The centre holds the door open, or no longer."""
        door.held_open = opened
        if opened and (beside := self._fault("hold_opens_other", door)):
            self._release_too(beside)
        if opened:
            self._release(door)
        else:
            self._relock(door)

    def _reset(self, _number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        """Clear the latched alarms whose cause is gone, and the counts of wrong credentials."""
        if not own:
            return
        self.world.truth.write(self.device, "reset")
        self.world.drive(self._sound, active=False)
        self.world.drive(self._light, active=False)
        for door in self.doors:
            door.wrong = 0
            door.inside, door.asks, door.blocked = False, 0, False
            if door.held_open:
                self.hold(door, opened=False)
            for role in ("wrong_credential", "duress_credential", "passback"):
                self._show(role, door, on=False)
            if not door.is_open:
                self.clear(door)

    def clear(self, door: EmulatedDoor) -> None:
        """The alarms of a door that is closed again go out."""
        self._show("door_forced", door, on=False)
        self._show("door_held", door, on=False)
        self.world.alarm(door.id, active=False)


class CentreCommands:
    """What the centre may command: release once, approve, hold open, block."""

    def __init__(self, controller: EmulatedDoorController) -> None:
        self._of = controller
        for name, action in (
            ("unlock", self._unlock),
            ("approve", self._approve),
            ("hold_open", self._hold_open),
            ("block", self._block),
        ):
            controller.unit.on(name, action)

    def _door(self, number: int) -> EmulatedDoor | None:
        return next((one for one in self._of.doors if one.number == number), None)

    def _later(self, kind: str, door: EmulatedDoor, action: Callable[[], None]) -> None:
        world = self._of.world
        world.truth.write(door.id, f"command {kind}")
        if not world.faults.find(f"{kind}_ignored", door.id, self._of.device):
            delay = world.duration(world.faults.find(f"{kind}_delay", door.id, self._of.device), *COMMAND_S)
            world.clockwork.after(delay, action)

    def _unlock(self, number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        if own and (door := self._door(number)):
            self._later("command", door, lambda: self._of.grant(door))

    def _approve(self, number: int, own: bool) -> None:  # noqa: FBT001
        door = self._door(number)
        if own and door is not None and door.asks:
            user, door.asks = door.asks, 0
            self._later("approval", door, lambda: self._of.grant(door, user))

    def _hold_open(self, number: int, own: bool) -> None:  # noqa: FBT001
        if door := self._door(number):
            self._later("hold_open" if own else "close", door, lambda: self._of.hold(door, opened=own))

    def _block(self, number: int, own: bool) -> None:  # noqa: FBT001
        if door := self._door(number):
            self._later("block", door, lambda: setattr(door, "blocked", own))
