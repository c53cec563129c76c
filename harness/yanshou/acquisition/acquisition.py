# SPDX-License-Identifier: Apache-2.0
"""The caller's side: reads, stimuli and watches on any bus, blocking and thread-safe."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Self

from yanshou.acquisition.conversation import Conversation
from yanshou.acquisition.locks import BusLock
from yanshou.acquisition.osdp import OsdpListener, OsdpReaderLine
from yanshou.acquisition.process import Process
from yanshou.acquisition.records import Matches, Polls, Sample
from yanshou.model import Instant, RigFault, UsageError, now
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import Area
from yanshou.protocols.speech import Secrets, Speech

_REQUEST_S = 20.0  # a request waits its turn, the line is kept quiet, and it may time out twice
_PACE_S = 0.02


class Watch:
    """Points of one device that are polled until closed.

    While a caller waits, the pause between two polls is 0.4 % of the time waited so far, between 2 and 5 ms,
    so that a bracket stays narrow against the latency in it. So it is for 0.2 s after a stimulus on every bus
    that somebody looked at in the last 10 s: what follows is seen although nobody waits for it yet.
    Otherwise there is a pause of ``pace_s`` between two polls, which only widens brackets nobody waits for.
    """

    def __init__(self, process: Process, number: int, address: int, count: int) -> None:
        self._process = process
        self._number = number
        self.address = address
        self.count = count

    def current(self) -> Sample:
        """The values of a poll sent after this call; raises ``RigFault``."""
        values, instant = self._process.call("current", _REQUEST_S, watch=self._number)
        return Sample(tuple(values), Instant(*instant))

    def wait(self, offset: int, matches: Matches, *, since: Instant, within: float) -> Instant | None:
        """Wait for point ``offset`` (from 0) to come to match after ``since``.

        Returns the bracket of the first change into that state which is not wholly before ``since.earliest``,
        or None when a poll sent ``within`` seconds after ``since.latest`` still did not show it. Raises
        ``RigFault`` when neither can be decided: the state was shown all along, the bus failed, or there was
        no poll for longer than max(1 s, four times the timeout of the bus) in the period.
        """
        if not 0 <= offset < self.count:
            raise UsageError(f"offset {offset} is outside the {self.count} watched points.")
        pair = self._process.call(
            "wait",
            max(0.0, since.latest + within - now()) + _REQUEST_S,
            watch=self._number,
            offset=offset,
            matches=matches.as_json(),
            since=since.as_pair(),
            within=within,
        )
        return None if pair is None else Instant(*pair)

    def polls(self, since: Instant) -> Polls:
        """The number of polls since then, and the longest time between two polls.

        Never better than it really was.
        """
        polls, gap = self._process.call("polls", _REQUEST_S, watch=self._number, since=since.as_pair())
        return Polls(int(polls), float(gap))

    def close(self) -> None:
        """End polling these points."""
        self._process.call("unwatch", _REQUEST_S, watch=self._number)


class Acquisition:
    """Owns the process and, by file locks, every bus this run uses. A context manager.

    ``ordinary`` leaves the process in the ordinary scheduling class; ``note`` says which class was granted.
    ``permit`` is called before every write to a device and raises if the write is not allowed; writes that
    bring the bench to rest need no permission. ``doubted`` is called with each command that may or may not
    have been carried out, before its ``RigFault`` is raised.
    """

    def __init__(
        self,
        *,
        ordinary: bool = False,
        permit: Callable[[], None] | None = None,
        doubted: Callable[[RigFault], None] = lambda _fault: None,
    ) -> None:
        self._process = Process(ordinary=ordinary, permit=self._ask_permission, doubted=doubted)
        self._permit = permit
        self._resting = 0
        self._lock = threading.Lock()
        self._buses: dict[str, tuple[Bus, BusLock]] = {}
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def note(self) -> str:
        """The scheduling class of the process, for the record of the run."""
        return self._process.note

    @property
    def pid(self) -> int:
        """Process id of the acquisition process."""
        return self._process.pid

    def claim(self, bus: Bus) -> None:
        """Take the bus for this run; raises ``UsageError`` if another run holds it. Nothing is sent."""
        with self._lock:
            if (held := self._buses.get(bus.key)) is not None:
                if held[0] != bus:
                    raise UsageError(
                        f"bus {bus.address} is described twice with different settings.",
                        "Give all devices on it the same transport settings.",
                    )
                return
            lock = BusLock(bus)
            lock.acquire()
            self._process.call("open", _REQUEST_S, bus=bus.as_json())
            self._buses[bus.key] = bus, lock

    def read(self, bus: Bus, unit: int, area: Area, address: int, count: int = 1) -> Sample:
        """Read ``count`` points from ``address`` (base 0), asking once more if no answer comes."""
        self.claim(bus)
        values, instant = self._process.call(
            "read", _REQUEST_S, bus=bus.key, unit=unit, area=area.value, address=address, count=count
        )
        return Sample(tuple(values), Instant(*instant))

    def write(
        self,
        bus: Bus,
        unit: int,
        area: Area,
        address: int,
        values: Sequence[int],
        *,
        raw: bool = False,
        several: bool = False,
    ) -> Instant:
        """Write once, never repeating it; returns the instant [request sent, answer received].

        ``raw`` and ``several``: see ``protocols.modbus.Write``.
        """
        if area not in (Area.COIL, Area.HOLDING):
            raise UsageError(f"{area} points cannot be written.", "Write a coil or a holding register.")
        self.claim(bus)
        pair = self._process.call(
            "write",
            _REQUEST_S,
            bus=bus.key,
            unit=unit,
            area=area.value,
            address=address,
            values=list(values),
            raw=raw,
            several=several,
        )
        return Instant(*pair)

    @contextlib.contextmanager
    def resting(self) -> Iterator[None]:
        """Writes in this context restore original circuits and need no permission."""
        self._resting += 1
        try:
            yield
        finally:
            self._resting -= 1

    def require_permission(self) -> None:
        """Raise if nothing may be written to a device now: for wires that this process does not own."""
        self._ask_permission()

    def _ask_permission(self) -> None:
        if self._permit is not None and not self._resting:
            self._permit()

    def watch(
        self, bus: Bus, unit: int, area: Area, address: int, count: int, *, pace_s: float = _PACE_S
    ) -> Watch:
        """Begin to poll ``count`` points; returns after the first poll.

        Watches of one bus share its reads.
        """
        self.claim(bus)
        number = next(self._numbers)
        self._process.call(
            "watch",
            _REQUEST_S,
            watch=number,
            bus=bus.key,
            unit=unit,
            area=area.value,
            address=address,
            count=count,
            pace=pace_s,
        )
        return Watch(self._process, number, address, count)

    def converse(self, bus: Bus, speech: Speech, secrets: Secrets) -> Conversation:
        """Open a connection to a device that sends messages; nothing is sent until something is asked for."""
        self.claim(bus)
        return Conversation(self._process, bus, speech, secrets)

    def join_osdp(self, bus: Bus, keys: Mapping[int, bytes | None]) -> OsdpReaderLine:
        """Answer for the readers of an OSDP line, by address and secure channel base key."""
        self.claim(bus)
        return OsdpReaderLine(self._process, bus, keys)

    def listen_osdp(self, bus: Bus, delay_s: float) -> OsdpListener:
        """Listen to an OSDP line; nothing is sent."""
        self.claim(bus)
        return OsdpListener(self._process, bus, delay_s)

    def send_line(self, bus: Bus, text: str, expect: str, timeout: float) -> tuple[Instant, str]:
        """Send one line once; returns [sent, answer received] and the answer, which matches ``expect``."""
        self.claim(bus)
        tx, rx, answer = self._process.call(
            "line", timeout + _REQUEST_S, bus=bus.key, text=text, expect=expect, timeout=timeout
        )
        return Instant(tx, rx), str(answer)

    def close(self) -> None:
        """End the process and release every bus; relays are not restored here."""
        self._process.close()
        for _, lock in self._buses.values():
            lock.release()
        self._buses.clear()
