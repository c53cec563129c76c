# SPDX-License-Identifier: Apache-2.0
"""The communicator of an emulated panel.

Reports events over one or two paths, polls, supervises its paths.

It receives the events of the panel and its zones together with the truth log. Attributes of the alarm link:
``poll_s`` between two link tests, ``retry_s`` until an unanswered message is repeated, ``path_timeout_s``
until a silent path counts as lost and the other one reports it, ``comm_fault_s`` until the panel shows the
fault, ``transport`` tcp or udp.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Condition, Thread

from yanshou.emulation.dc09.codec import Dc09Line, key_of, write
from yanshou.emulation.dc09.path import Path
from yanshou.emulation.faults import Fault
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.site.world import World
from yanshou.model import Device, DeviceKind, Site

_NEW, _RESTORED = 1, 3
_CODES = {"hold_up": 120, "24h": 133, "fire": 110}
_BURGLARY, _TAMPER, _SETTING, _PATH = 130, 144, 401, 350
_POLL_S = 0.02


@dataclass(slots=True)
class Event:
    """One event to be sent: due at ``due`` seconds of the monotonic clock."""

    qualifier: int
    code: int
    zone: int
    due: float
    group: int = 1  # the partition
    sequence: int = 0
    tries: int = 0


class Communicator:
    """Sends the events of a panel to its receivers."""

    def __init__(self, link: Device, site: Site, world: World, unit: ModbusUnit | None) -> None:
        self._link = link
        self._world = world
        self._unit = unit
        self._panel = link.parent
        self._zones = {zone.id: zone for zone in site.of_kind(DeviceKind.ZONE) if zone.parent == self._panel}
        options = link.connection.options if link.connection else {}
        self._account = str(options["account"])
        self._key = key_of(site, link)
        self._clear = self._fault("dc09_plain") is not None
        udp = link.attributes.get("transport") == "udp"
        names = [str(options[role]) for role in ("receiver", "alternate") if role in options]
        self._paths = [
            Path(number, _address(site.devices[name]), self._key, udp=udp)
            for number, name in enumerate(names, start=1)
        ]
        ahead = self._fault("dc09_clock") or self._fault("dc09_keeps_clock")
        self._ahead_s = ahead.number() if ahead else 0.0
        self._events: deque[Event] = deque()
        self._changed = Condition()
        self._stopping = False
        self._sequence = 0
        self._alarmed: set[str] = set()
        self._open: set[str] = set()
        self._sent = 0
        self._polls = 0
        self._fault_shown = False
        self._threads = [
            Thread(target=self._run, args=(path,), name=f"{link.id}-{path.number}", daemon=True)
            for path in self._paths
        ]
        world.truth.listen(self._heard)

    def start(self) -> None:
        """Begin to poll and to report."""
        for path in self._paths:
            path.answered = time.perf_counter()
            if (stands := self._fault("path_fault_stands")) and stands.number() == path.number:
                self._queue(_NEW, _PATH, self._number_of(path))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop sending."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=3.0)
        for path in self._paths:
            path.close()

    def _number(self, attribute: str, default: float) -> float:
        return float(str(self._link.attributes.get(attribute, default)))

    def _fault(self, kind: str, zone: str = "") -> Fault | None:
        return self._world.faults.find(kind, *([zone] if zone else []), self._link.id, self._panel)

    # -- what the panel does --------------------------------------------------------------------------------

    def _heard(self, device: str, what: str, value: object) -> None:
        """Called while the panel holds a lock, so it only queues."""
        if device in self._zones:
            self._heard_of_zone(self._zones[device], what, value)
        elif device == self._panel and what in ("armed", "disarmed"):
            self._queue(_RESTORED if what == "armed" else _NEW, _SETTING, 1, group=int(str(value)))

    def _heard_of_zone(self, zone: Device, what: str, value: object) -> None:
        number = zone.number or 0
        match what:
            case "loop_open":
                self._open.add(zone.id)
            case "loop_closed":
                self._open.discard(zone.id)
                self._restore(zone)
            case "alarm_shown":
                self._alarmed.add(zone.id)
                self._alarm(zone, int(str(value)))
                if zone.id not in self._open:
                    self._restore(zone)
            case "tamper_shown":
                self._queue(_NEW, _TAMPER, number, zone)
            case "tamper_cleared":
                self._queue(_RESTORED, _TAMPER, number, zone)

    def _alarm(self, zone: Device, shown: int) -> None:
        self._sent += 1
        miss = self._fault("dc09_misses", zone.id)
        if miss and self._sent % int(miss.number(1)) == 0:
            self._alarmed.discard(zone.id)
            return
        wrong = self._fault("dc09_code", zone.id)
        self._queue(_NEW, int(wrong.number()) if wrong else _code(zone), shown, zone)
        if also := self._fault("dc09_also", zone.id):
            self._queue(_NEW, _code(zone), int(also.number()))
        if as_well := self._fault("dc09_as_well", zone.id):
            self._queue(_NEW, int(as_well.number()), shown, zone)
        if self._fault("dc09_restores_early", zone.id):
            self._queue(_RESTORED, _code(zone), shown, zone)

    def _restore(self, zone: Device) -> None:
        if zone.id in self._alarmed:
            self._alarmed.discard(zone.id)
            wrong = self._fault("dc09_qualifier", zone.id)
            self._queue(_NEW if wrong else _RESTORED, _code(zone), zone.number or 0, zone)

    def _queue(self, qualifier: int, code: int, zone: int, of: Device | None = None, group: int = 1) -> None:
        late = self._fault("dc09_late", of.id if of else "")
        wrong = self._fault("dc09_zone", of.id) if of else None
        delay = self._world.duration(late, 0.0, 0.0) if late else 0.0
        moved = self._fault("dc09_partition", of.id) if of else None
        group = int(str(of.attributes.get("partition", group))) if of else group
        group = int(moved.number()) if moved else group
        zone = int(wrong.number()) if wrong else zone
        event = Event(qualifier, code, zone, time.perf_counter() + delay, group)
        with self._changed:
            self._sequence = self._sequence % 9999 + 1
            event.sequence = self._sequence
            self._events.append(event)
            self._changed.notify_all()

    # -- the wire -------------------------------------------------------------------------------------------

    def _run(self, path: Path) -> None:
        try:
            next_poll = time.perf_counter()
            while not self._stopping:
                event = self._take(path)
                if event is not None:
                    self._deliver(path, event)
                elif time.perf_counter() >= next_poll:
                    next_poll = time.perf_counter() + self._number("poll_s", 1.0)
                    self._poll(path)
                else:
                    with self._changed:
                        self._changed.wait(_POLL_S)
                self._mind(path)
        except Exception as error:  # noqa: BLE001 - the thread has no caller: handed to the one who stops all
            self._world.broke(error)

    def _take(self, path: Path) -> Event | None:
        """The next event that is due, if this path is the one that reports."""
        reporting = next((one for one in self._paths if not one.lost), self._paths[0])
        with self._changed:
            if path is reporting and self._events and self._events[0].due <= time.perf_counter():
                return self._events[0]
        return None

    def _deliver(self, path: Path, event: Event) -> None:
        zone = event.zone + 1 if event.tries and self._fault("dc09_repeats_other") else event.zone
        event.tries += 1
        data = f"#{self._account}|{event.qualifier}{event.code:03d} {event.group:02d} {zone:03d}"
        self._world.truth.write(self._link.id, "dc09_sent", data)
        answer = self._say(path, "ADM-CID", event.sequence, data)
        done = answer is not None and answer.word in ("ACK", "DUH")
        done = done and not (event.tries == 1 and self._fault("dc09_sends_twice"))
        if done or self._fault("dc09_no_repeat"):
            with self._changed:
                if self._events and self._events[0] is event:
                    self._events.popleft()
        elif answer is not None and event.tries > 1:  # refused again: it tries later, not at once
            time.sleep(self._number("retry_s", 0.5))

    def _poll(self, path: Path) -> None:
        silent = self._fault("dc09_stops_polling")
        if silent and self._polls >= silent.number():
            path.answered = time.perf_counter()  # while it does not poll, it misses no answer
        elif self._say(path, "NULL", 0, ""):
            self._polls += 1

    def _say(self, path: Path, word: str, sequence: int, data: str) -> Dc09Line | None:
        """Send a line and read the answer; a NAK sets the clock."""
        at = datetime.now(UTC) + timedelta(seconds=self._ahead_s)
        key = b"" if self._clear else self._key
        line = write(word, sequence, self._account, data, key=key, at=at)
        answer = path.exchange(line, sequence, self._number("retry_s", 0.5))
        if (
            answer is not None
            and answer.word == "NAK"
            and answer.time
            and not self._fault("dc09_keeps_clock")
        ):
            self._ahead_s = (answer.time - datetime.now(UTC)).total_seconds()
        return answer

    # -- the paths ------------------------------------------------------------------------------------------

    def _mind(self, path: Path) -> None:
        """Report a silent path over the other one; show the failure at the panel if it is the first path."""
        silent = time.perf_counter() - path.answered
        lost = silent > self._number("path_timeout_s", 2.0)
        if lost != path.lost:
            path.lost = lost
            self._world.truth.write(self._link.id, "path_lost" if lost else "path_back", path.number)
            self._tell(path, _NEW if lost else _RESTORED)
        if path.number == 1:
            self._show(on=silent > self._number("comm_fault_s", 3.0) or self._shown_anyway())
        if (
            again := self._fault("path_fault_again")
        ) and time.perf_counter() > path.reported + again.number():
            path.reported = time.perf_counter()
            self._queue(_NEW, _PATH, self._number_of(path))
            self._queue(_RESTORED, _PATH, self._number_of(path))

    def _shown_anyway(self) -> bool:
        """Whether a fault is shown that is none: always, or in the second half of each period."""
        flickers = self._fault("comm_fault_flickers")
        period = flickers.number() if flickers else 0.0
        always = self._fault("comm_fault_stuck") is not None
        return always or (period > 0 and time.perf_counter() % period > period / 2)

    def _tell(self, path: Path, qualifier: int) -> None:
        quiet = self._fault("path_loss_unreported") or self._fault("path_fault_stands")
        if quiet and quiet.number(path.number) == path.number:
            return
        if len(self._paths) > 1:
            self._queue(qualifier, _PATH, self._number_of(path))

    def _number_of(self, path: Path) -> int:
        return int(self._number(f"comm_zone_{path.number}", path.number))

    def _show(self, *, on: bool) -> None:
        if self._unit is None or on == self._fault_shown or (on and self._fault("comm_fault_hidden")):
            return
        self._fault_shown = on
        with self._unit.image.changing() as t:
            self._unit.image.put("comm_fault", 1, on=on)
        self._world.truth.write(self._panel, "comm_fault_on" if on else "comm_fault_off", t=t)


def _code(zone: Device) -> int:
    return _CODES.get(str(zone.attributes.get("type", "normal")), _BURGLARY)


def _address(receiver: Device) -> tuple[str, int]:
    assert receiver.connection is not None
    return receiver.connection.host, receiver.connection.port or 12000
