# SPDX-License-Identifier: Apache-2.0
"""The caller's side: reads, stimuli and watches over any bus, blocking and thread-safe."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self

from yanshou.acquisition.conversation import Conversation
from yanshou.acquisition.locks import BusLock
from yanshou.acquisition.process import Process
from yanshou.acquisition.records import Matches, Polls, Sample
from yanshou.model import Instant, RigFault, UsageError, now
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import Area
from yanshou.protocols.speech import Secrets, Speech

_REQUEST_S = 20.0  # a request that waits its turn, keeps a line quiet and times out twice
_PACE_S = 0.02


class Watch:
    """Points of one device that are polled until closed.

    Polling runs free, without pause, while somebody waits and for half a second after every stimulus; else it
    pauses ``pace_s`` between two looks, which only widens the bracket of what nobody waits for.
    """

    def __init__(self, process: Process, number: int, address: int, count: int) -> None:
        self._process = process
        self._number = number
        self.address = address
        self.count = count

    def current(self) -> Sample:
        """Return the values of a poll that was sent after this call; raises ``RigFault``."""
        values, instant = self._process.call("current", _REQUEST_S, watch=self._number)
        return Sample(tuple(values), Instant(*instant))

    def wait(self, offset: int, matches: Matches, *, since: Instant, within: float) -> Instant | None:
        """Wait for point ``offset`` (from 0) to come to match after ``since``.

        Returns the bracket of the first change into that state which is not wholly before ``since.earliest``,
        or None when a poll sent ``within`` seconds after ``since.latest`` still did not show it.  Raises
        ``RigFault`` when neither can be said: the state was shown all along, the bus failed, or nobody looked
        for longer than max(1 s, four times the bus' timeout) in the time asked about.
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

    def looks(self, since: Instant) -> Polls:
        """How many polls were sent since, and the longest time between two looks; never too good."""
        polls, gap = self._process.call("looks", _REQUEST_S, watch=self._number, since=since.as_pair())
        return Polls(int(polls), float(gap))

    def close(self) -> None:
        """End polling these points."""
        self._process.call("unwatch", _REQUEST_S, watch=self._number)


class Acquisition:
    """Owns the process and, by file locks, every bus this run uses.  A context manager.

    ``ordinary`` leaves the process at the ordinary scheduling class.  ``note`` says what was granted.
    ``permit`` is asked before everything that is written to a device, and raises when that may not be; what
    brings the bench to rest needs no permission.  ``doubted`` is told of each command of which nobody knows
    whether it was carried out, before its ``RigFault`` is raised.
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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def note(self) -> str:
        """How the process is scheduled, for the record of the run."""
        return self._process.note

    @property
    def pid(self) -> int:
        """Process id of the acquisition process."""
        return self._process.pid

    def claim(self, bus: Bus) -> None:
        """Take the bus for this run; raises ``UsageError`` when another run holds it.  Sends nothing."""
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
        """Read ``count`` points from ``address`` (base 0), asked a second time when no answer came."""
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
        """Write once, never again by itself; the instant is [request sent, answer received].

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
        """What is written meanwhile restores original circuits."""
        self._resting += 1
        try:
            yield
        finally:
            self._resting -= 1

    def _ask_permission(self) -> None:
        if self._permit is not None and not self._resting:
            self._permit()

    def watch(
        self, bus: Bus, unit: int, area: Area, address: int, count: int, *, pace_s: float = _PACE_S
    ) -> Watch:
        """Begin to poll ``count`` points; returns after the first look.  Watches of a bus share its reads."""
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
        """Begin a conversation with a device that speaks in messages; nothing is sent before it is asked."""
        self.claim(bus)
        return Conversation(self._process, bus, speech, secrets)

    def send_line(self, bus: Bus, text: str, expect: str, timeout: float) -> tuple[Instant, str]:
        """Send one line once; returns [sent, answer received] and the answer, which matches ``expect``."""
        self.claim(bus)
        tx, rx, answer = self._process.call(
            "line", timeout + _REQUEST_S, bus=bus.key, text=text, expect=expect, timeout=timeout
        )
        return Instant(tx, rx), str(answer)

    def close(self) -> None:
        """End the process and give every bus back.  What it held open is not restored here."""
        self._process.close()
        for _, lock in self._buses.values():
            lock.release()
        self._buses.clear()
