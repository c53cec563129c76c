# SPDX-License-Identifier: Apache-2.0
"""A door controller with the ONVIF services of Profile A and C: states are polled, events pulled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from functools import cached_property, partial
from typing import Any, Final

from yanshou.acquisition import ON
from yanshou.acquisition.timeline import Timeline, Unwatched, WaitQuestion
from yanshou.drivers.onvif.access import (
    AccessPoint,
    EventReader,
    OnvifLog,
    StoredCredentials,
    access_points,
    is_enabled,
    whole_list,
)
from yanshou.drivers.onvif.camera import OnvifEndpoint
from yanshou.drivers.onvif.events import OnvifEvents
from yanshou.drivers.onvif.hurry import Hurry
from yanshou.model import Device, Instant, RigFault, UsageError, now
from yanshou.model.signal import DoorCommand, DoorSignal
from yanshou.protocols.onvif import SoapFault

_ALARMS: Final = {DoorSignal.FORCED: "DoorForcedOpen", DoorSignal.HELD: "DoorOpenTooLong"}
_SIGNALS: Final = tuple(_ALARMS)
_COMMANDS: Final = {  # the capability of the door, the operation, and the one that ends its effect
    DoorCommand.UNLOCK: ("Access", "AccessDoor", ""),
    DoorCommand.HOLD_OPEN: ("LockOpen", "LockOpenDoor", "LockOpenReleaseDoor"),
    DoorCommand.BLOCK: ("LockDown", "LockDownDoor", "LockDownReleaseDoor"),
}
_PACE_S: Final = 0.1
_WAITING_S: Final = 0.02
_GAP_S: Final = 2.0  # a request of ONVIF takes longer than one on a field bus


class OnvifDoorController(OnvifEndpoint):
    """A ``DoorController``: the n-th door of the inventory is the n-th of its list (GetDoorInfoList).

    ``permit`` is called with the door and the command before each command, ``ask`` before anything is sent
    that changes something; both raise if it is not allowed. An alarm goes by itself with its cause.
    """

    def __init__(
        self,
        device: Device,
        password: str,
        doors: Collection[int],
        permit: Callable[[Device, str], None],
        ask: Callable[[], None],
    ) -> None:
        super().__init__(device, password)
        self._permit, self._ask = permit, ask
        self._log: OnvifLog | None = None
        self._turn = threading.Condition()
        self._hurry = Hurry(self._turn)
        self._ended = threading.Event()
        try:
            self._service: Any = self.onvif.service("doorcontrol")
            self._doors = self._listed(doors)
            self._timelines = {door: Timeline(len(_SIGNALS), _GAP_S) for door in self._doors}
            self._poll(fatal=True)
        except BaseException:
            super().close()
            raise
        self._poller = threading.Thread(target=self._poll_forever, name=f"doors {device.id}", daemon=True)
        self._poller.start()

    def reset(self) -> None:
        """Nothing is latched: an alarm goes with its cause."""

    def close(self) -> None:
        """End polling and close the connection."""
        self._ended.set()
        if self._log is not None:
            self._log.events.close()
        self._poller.join(_GAP_S)
        super().close()

    def shows(self, door: int, signal: DoorSignal) -> bool:
        place, timeline = self._place(signal), self._timeline(door)
        asked, end = now(), now() + _GAP_S
        with self._hurry:
            while timeline.tx < asked:
                if now() > end:
                    raise self._silent(timeline)
                self._turn.wait(_WAITING_S)
            assert timeline.values is not None
            return bool(timeline.values[place])

    def wait_for(self, door: int, signal: DoorSignal, *, since: Instant, within: float) -> Instant | None:
        timeline = self._timeline(door)
        question = WaitQuestion.of(self._place(signal), ON, since, within)
        with self._hurry:
            while True:
                try:
                    settled = timeline.settle(question)
                except Unwatched as reason:
                    raise RigFault(f"{reason.what}.", device=self.device.id, remedy=reason.remedy) from reason
                if settled is not None:
                    return settled.event
                if timeline.overdue(question, now()):
                    raise self._silent(timeline)
                self._turn.wait(_WAITING_S)

    def reports(self, signal: DoorSignal) -> bool:
        return signal in _ALARMS and all(_can(info, "Alarm") for info in self._doors.values())

    def can(self, command: DoorCommand) -> bool:
        known = command in _COMMANDS
        if known and all(_can(info, _COMMANDS[command][0]) for info in self._doors.values()):
            return True
        return command is DoorCommand.BLOCK and self._by_access_point

    def command(self, door: Device, command: DoorCommand) -> Instant:
        self._permit(door, command.value)
        if command is DoorCommand.BLOCK and self._by_access_point:
            return self._set_points(door, "DisableAccessPoint")
        return self._tell(door, _COMMANDS[command][1])

    def take_back(self, door: Device, command: DoorCommand) -> Instant:
        if command is DoorCommand.BLOCK and self._by_access_point:
            return self._set_points(door, "EnableAccessPoint")
        return self._tell(door, _COMMANDS[command][2])

    @cached_property
    def points(self) -> list[AccessPoint]:
        """The access points of the device; none where it has no access control service."""
        if not self.onvif.has("accesscontrol"):
            return []
        doors = {str(info.token): number for number, info in self._doors.items()}
        return access_points(self.onvif, doors)

    def disabled(self) -> list[AccessPoint]:
        """The access points that let nobody through now."""
        return [one for one in self.points if not is_enabled(self.onvif, one)]

    def log(self) -> OnvifLog | None:
        """Its events as they are pulled from the first call on; None where it has no event service."""
        if not self.onvif.has("events"):
            return None
        if self._log is None:
            reader = EventReader(
                self.device.id,
                {str(info.token): number for number, info in self._doors.items()},
                {one.token: one.door for one in self.points},
                StoredCredentials(self.onvif),
            )
            self._log = OnvifLog(OnvifEvents(self.device, self._password, reader.keeps), reader)
        return self._log

    # -- within ---------------------------------------------------------------------------------------------

    @property
    def _by_access_point(self) -> bool:
        """Whether a door is blocked by disabling its access points, for want of a lockdown of its own."""
        lockdown = all(_can(info, "LockDown") for info in self._doors.values())
        own = [one for one in self.points if one.door]
        return (
            not lockdown
            and {one.door for one in own} >= set(self._doors)
            and all(one.can_disable for one in own)
        )

    def _set_points(self, door: Device, operation: str) -> Instant:
        """Enable or disable every access point of a door, one after the other."""
        service = self.onvif.service("accesscontrol")
        given = [
            self._commanded(operation, partial(service.call, operation, Token=one.token))
            for one in self.points
            if one.door == door.number
        ]
        return Instant(given[0].earliest, given[-1].latest)

    def _listed(self, doors: Collection[int]) -> dict[int, Any]:
        """The doors of the inventory as the device describes them."""
        found = whole_list(self.onvif, "doorcontrol", "DoorInfo")
        if missing := [number for number in doors if not 1 <= number <= len(found)]:
            what = f"it lists {len(found)} doors; door {missing[0]} of the inventory is not among them."
            raise RigFault(what, device=self.device.id, remedy="Correct the number in the inventory.")
        return {number: found[number - 1] for number in doors}

    def _tell(self, door: Device, operation: str) -> Instant:
        info = self._doors.get(door.number or 0)
        if info is None or not operation:
            raise UsageError(f"{door.id} cannot be given this command.", "Look at its line in the inventory.")
        return self._commanded(operation, lambda: self._service.call(operation, Token=info.token))

    def _commanded(self, operation: str, tell: Callable[[], object]) -> Instant:
        self._ask()
        asked = now()
        try:
            tell()
        except SoapFault:
            raise  # the device says that it did not do it
        except RigFault as fault:
            what = f"{operation}: {fault.what.rstrip('.')}; whether it was carried out is not known."
            raise RigFault(what, device=self.device.id, remedy=fault.remedy, since=asked) from fault
        return Instant(asked, now())

    def _poll_forever(self) -> None:
        while not self._ended.wait(_WAITING_S if self._hurry else _PACE_S):
            try:
                self._poll()
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
                with self._turn:
                    for timeline in self._timelines.values():
                        timeline.failed(f"polling failed: {error!r}")

    def _poll(self, *, fatal: bool = False) -> None:
        for door, info in self._doors.items():
            asked = now()
            try:
                alarm = self._alarm(door, info)
            except RigFault as fault:
                if fatal:
                    raise
                with self._turn:
                    self._timelines[door].failed(fault.what)
                continue
            values = tuple(int(alarm == _ALARMS[signal]) for signal in _SIGNALS)
            with self._turn:
                self._timelines[door].saw(values, asked, now())
                self._turn.notify_all()

    def _alarm(self, door: int, info: Any) -> str | None:
        alarm: str | None = self._service.GetDoorState(Token=info.token).Alarm
        if alarm not in {"Normal", *_ALARMS.values()} and _can(info, "Alarm"):
            raise RigFault(f"it shows the alarm state {alarm!r} at door {door}.", device=self.device.id)
        return alarm

    def _place(self, signal: DoorSignal) -> int:
        if not self.reports(signal):
            what = f"{self.device.id} does not show {signal.value} over ONVIF."
            raise UsageError(what, "Wire a contact of the bench, or leave it to a person.")
        return _SIGNALS.index(signal)

    def _timeline(self, door: int) -> Timeline:
        if door not in self._timelines:
            raise UsageError(
                f"door {door} of {self.device.id} is not in the inventory.", "Add a line for it."
            )
        return self._timelines[door]

    def _silent(self, timeline: Timeline) -> RigFault:
        why = timeline.failing or "gives no states"
        return RigFault(f"{why.rstrip('.')}.", device=self.device.id, remedy="Check the connection.")


def _can(info: Any, what: str) -> bool:
    """Whether the device says of the door that it can do that; what it does not say it cannot."""
    return bool(getattr(info.Capabilities, what, False))
