# SPDX-License-Identifier: Apache-2.0
"""The events of an emulated door controller, kept while its link is cut, and the log at the centre."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from yanshou.emulation.faults import Fault
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.site.own_time import OwnTime
from yanshou.emulation.site.world import World

_CENTRE = 20_000  # records the centre keeps
_BUFFER = 2_000  # events the controller keeps
_REGISTERS = 10  # number, class, door, credential, year, month, day, hour, minute, second
_MOST = 0xFFFF


@dataclass(frozen=True, slots=True)
class AccessEvent:
    """One event: class, door (0: the controller), low word of the credential (0: none), own time."""

    kind: str
    door: int
    user: int
    at: datetime


class AccessLog:
    """What the controller tells the centre: at once, or after its link came back, oldest first."""

    def __init__(self, device: str, unit: ModbusUnit, world: World, own: OwnTime, zone: ZoneInfo) -> None:
        self._device = device
        self._world = world
        self._own, self._zone = own, zone
        point = unit.profile.points.get("event_record")
        self._codes = dict(point.codes or {}) if point else {}
        self._centre: deque[tuple[int, AccessEvent]] = deque(maxlen=_CENTRE)
        self._buffer: deque[AccessEvent] | None = None
        self._next = 1
        self._selected = 0
        self.heard: Callable[[AccessEvent], None] = lambda _event: None
        unit.image.serve_registers("event_pointer", lambda: [self._centre[-1][0] if self._centre else 0])
        unit.image.serve_registers("event_oldest", lambda: [self._centre[0][0] if self._centre else 0])
        unit.image.serve_registers("event_record", self._record)
        unit.on_value("select_event", self._select)

    def _fault(self, kind: str) -> Fault | None:
        return self._world.faults.find(kind, self._device)

    def write(self, kind: str, door: int = 0, user: int = 0) -> None:
        """An event of now."""
        event = self._bent(AccessEvent(kind, door, user, self._own.local(self._zone)))
        if event is None:
            return
        if self._buffer is not None:
            self._buffer.append(event)
            return
        delay = self._fault("record_delay")
        late = self._world.duration(delay, 0.0, 0.0) if delay else 0.0
        if late:
            self._world.clockwork.after(late, lambda: self._arrive(event))
        else:
            self._arrive(event)
        if self._fault("record_beside"):
            self._arrive(replace(event, door=event.door % 2 + 1))

    def _bent(self, event: AccessEvent) -> AccessEvent | None:
        """The event as a faulty controller records it."""
        if event.kind == "denied" and self._fault("record_missing"):
            return None
        if self._fault("record_wrong_door"):
            event = replace(event, door=event.door % 2 + 1)
        if self._fault("record_no_user"):
            event = replace(event, user=0)
        if event.user and self._fault("record_wrong_user"):
            event = replace(event, user=event.user % _MOST + 1)
        if event.kind == "denied" and self._fault("record_as_granted"):
            event = replace(event, kind="granted")
        if (off := self._fault("record_time_off")) is not None:
            event = replace(event, at=datetime.fromtimestamp(event.at.timestamp() + off.number(), self._zone))
        return event

    def cut(self) -> None:
        """The link to the centre is gone: events are kept."""
        fault = self._fault("record_buffer")
        self._buffer = deque(maxlen=int(fault.number()) if fault else _BUFFER)

    def restore(self) -> None:
        """The link is back: what was kept is sent."""
        kept, self._buffer = list(self._buffer or ()), None
        if self._fault("record_disorder"):
            kept.reverse()
        twice = self._fault("record_doubled")
        late = self._fault("record_stamped_late")
        for place, event in enumerate(kept, start=1):
            sent = replace(event, at=self._own.local(self._zone)) if late else event
            self._arrive(sent)
            if twice and place % int(twice.number()) == 0:
                self._arrive(sent)

    def _arrive(self, event: AccessEvent) -> None:
        self._centre.append((self._next, event))
        self._world.truth.write(self._device, "record", f"{event.kind} {event.door} {event.user}")
        self._next = self._next % _MOST + 1
        self.heard(event)

    def _select(self, _target: int, number: int) -> None:
        self._selected = number

    def _record(self) -> list[int]:
        """The selected record; all zero if it is not kept."""
        oldest = self._centre[0][0] if self._centre else 0
        place = (self._selected - oldest) % _MOST
        if not self._centre or place >= len(self._centre):
            return [0] * _REGISTERS
        number, event = self._centre[place]
        at = event.at
        when = [at.year, at.month, at.day, at.hour, at.minute, at.second]
        return [number, self._codes.get(event.kind, 0), event.door, event.user, *when]
