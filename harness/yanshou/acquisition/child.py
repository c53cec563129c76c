# SPDX-License-Identifier: Apache-2.0
"""The acquisition process itself: the operations that the run can ask for."""

from __future__ import annotations

import asyncio
import gc
import logging
import selectors
import signal
import sys

from yanshou.acquisition.blocks import Span, most
from yanshou.acquisition.child_process import Message
from yanshou.acquisition.line import LineStation
from yanshou.acquisition.message_stations import MessageStations
from yanshou.acquisition.osdp_stations import OsdpStations
from yanshou.acquisition.priority import raise_priority
from yanshou.acquisition.records import Matches
from yanshou.acquisition.serving import Operations, serve
from yanshou.acquisition.station import Station, StationWatch
from yanshou.acquisition.timeline import Unwatched, WaitQuestion
from yanshou.model import Instant, RigFault, UsageError
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import Area, Read, Reply, Write
from yanshou.wires.lines import SERIAL_LINE
from yanshou.wires.modbus import WIRES as MODBUS


class AcquisitionServer:
    """Answers the requests of one parent."""

    def __init__(self) -> None:
        self._stations: dict[str, Station] = {}
        self._lines: dict[str, LineStation] = {}
        self._watches: dict[int, tuple[Station, StationWatch]] = {}
        self._stations_of_messages = MessageStations()
        self._osdp = OsdpStations()
        self.operations: Operations = {
            **self._stations_of_messages.operations,
            **self._osdp.operations,
            "open": self._open,
            "read": self._read,
            "write": self._write,
            "line": self._line,
            "watch": self._watch,
            "current": self._current,
            "wait": self._wait,
            "polls": self._polls,
            "unwatch": self._unwatch,
        }

    async def close(self) -> None:
        """End all polling and close all connections."""
        for station in self._stations.values():
            await station.close()
        for line in self._lines.values():
            await line.close()
        await self._stations_of_messages.close()
        await self._osdp.close()

    def _hurry(self) -> None:
        for station in self._stations.values():
            station.hurry()
        self._stations_of_messages.hurry()

    async def _open(self, message: Message) -> None:
        bus = Bus(**message["bus"])
        if bus.wire.profile == SERIAL_LINE.profile:
            self._lines[bus.key] = LineStation(bus)
        elif bus.wire in MODBUS:
            self._stations[bus.key] = Station(bus)

    async def _read(self, message: Message) -> object:
        station = self._stations[message["bus"]]
        request = Read(message["unit"], Area(message["area"]), message["address"], message["count"])
        return _sample(await station.read(request))

    async def _write(self, message: Message) -> object:
        self._hurry()
        unit, area, values = message["unit"], Area(message["area"]), tuple(message["values"])
        request = Write(unit, area, message["address"], values, message["raw"], message["several"])
        reply = await self._stations[message["bus"]].write(request)
        return [reply.tx, reply.rx]

    async def _line(self, message: Message) -> object:
        self._hurry()
        line = self._lines[message["bus"]]
        return await line.send(message["text"], message["expect"], message["timeout"])

    async def _watch(self, message: Message) -> None:
        station = self._stations[message["bus"]]
        span = Span(message["unit"], Area(message["area"]), message["address"], message["count"])
        limit = most(span.area, station.bus.max_read)
        if span.count > limit:
            raise UsageError(
                f"a watch of {span.count} {span.area} points is more than one read holds ({limit})."
            )
        self._watches[message["watch"]] = station, await station.add(span, message["pace"])

    async def _current(self, message: Message) -> object:
        station, watch = self._watches[message["watch"]]
        return _sample(await station.current(watch))

    async def _wait(self, message: Message) -> object:
        station, watch = self._watches[message["watch"]]
        matches = Matches.of(**message["matches"])
        since = Instant(*message["since"])
        question = WaitQuestion.of(message["offset"], matches, since, message["within"])
        event = await station.wait(watch, question)
        return None if event is None else event.as_pair()

    async def _polls(self, message: Message) -> object:
        station, watch = self._watches[message["watch"]]
        try:
            seen = watch.timeline.polls(Instant(*message["since"]))
        except Unwatched as reason:
            device = station.bus.device(watch.span.unit)
            raise RigFault(f"{reason.what}.", device=device, remedy=reason.remedy) from reason
        return [seen.polls, seen.longest_gap_s]

    async def _unwatch(self, message: Message) -> None:
        station, watch = self._watches.pop(message["watch"])
        station.remove(watch)


def _sample(reply: Reply) -> list[object]:
    return [list(reply.values), [reply.tx, reply.rx]]


def _loop() -> asyncio.AbstractEventLoop:
    """Choose the event loop with the shortest pauses.

    ``epoll`` rounds them up to milliseconds, select does not.
    """
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is meant for the run, which still restores relays through this process
    logging.getLogger("pymodbus").addHandler(logging.NullHandler())
    logging.getLogger("pymodbus").propagate = False
    note = raise_priority() if "--ordinary" not in sys.argv else "ordinary scheduling: as asked"
    gc.freeze()
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(serve(AcquisitionServer, note))
    except BrokenPipeError:
        sys.stderr.close()  # the parent is gone: nobody reads the answer
