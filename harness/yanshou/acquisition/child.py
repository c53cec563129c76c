# SPDX-License-Identifier: Apache-2.0
"""The acquisition process itself: requests as JSON lines on standard input, answers on standard output.

It ends when its standard input ends, that is when the run ends for whatever reason.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import selectors
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from yanshou.acquisition.blocks import Span, most
from yanshou.acquisition.line import LineStation
from yanshou.acquisition.records import Matches
from yanshou.acquisition.station import Station, Watched
from yanshou.acquisition.timeline import Question, Unwatched
from yanshou.model import Instant, RigFault, UsageError
from yanshou.protocols.modbus import Area, Bus, Read, Reply, Write
from yanshou.protocols.modbus.bus import LINES

Message = dict[str, Any]
_PRIORITY = 50


class Server:
    """Answers the requests of one parent."""

    def __init__(self, reply: Callable[[Message], None]) -> None:
        self._reply = reply
        self._stations: dict[str, Station] = {}
        self._lines: dict[str, LineStation] = {}
        self._watches: dict[int, tuple[Station, Watched]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._operations: dict[str, Callable[[Message], Awaitable[object]]] = {
            "open": self._open,
            "read": self._read,
            "write": self._write,
            "line": self._line,
            "watch": self._watch,
            "current": self._current,
            "wait": self._wait,
            "looks": self._looks,
            "unwatch": self._unwatch,
        }

    def take(self, message: Message) -> None:
        """Begin to serve one request."""
        task = asyncio.get_running_loop().create_task(self._serve(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End all polling and close all connections."""
        for task in self._tasks:
            task.cancel()
        for station in self._stations.values():
            await station.close()
        for line in self._lines.values():
            await line.close()

    async def _serve(self, message: Message) -> None:
        number = message["id"]
        try:
            answer = await self._operations[message["op"]](message)
        except RigFault as fault:
            problem = {"what": fault.what, "device": fault.device, "remedy": fault.remedy}
            self._reply({"id": number, "fault": problem})
        except UsageError as error:
            self._reply({"id": number, "usage": str(error)})
        except Exception as error:  # noqa: BLE001 - the parent must hear of it, or it would wait for ever
            what = f"the acquisition process failed on {message['op']}: {error!r}."
            self._reply({"id": number, "fault": {"what": what, "device": "", "remedy": ""}})
        else:
            self._reply({"id": number, "ok": answer})

    async def _open(self, message: Message) -> None:
        bus = Bus(**message["bus"])
        if bus.protocol == LINES:
            self._lines[bus.key] = LineStation(bus)
        else:
            self._stations[bus.key] = Station(bus)

    async def _read(self, message: Message) -> object:
        station = self._stations[message["bus"]]
        request = Read(message["unit"], Area(message["area"]), message["address"], message["count"])
        return _sample(await station.read(request))

    async def _write(self, message: Message) -> object:
        for station in self._stations.values():
            station.hurry()
        request = Write(message["unit"], Area(message["area"]), message["address"], tuple(message["values"]))
        reply = await self._stations[message["bus"]].write(request)
        return [reply.tx, reply.rx]

    async def _line(self, message: Message) -> object:
        for station in self._stations.values():
            station.hurry()
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
        question = Question.of(message["offset"], matches, since, message["within"])
        event = await station.wait(watch, question)
        return None if event is None else event.as_pair()

    async def _looks(self, message: Message) -> object:
        station, watch = self._watches[message["watch"]]
        try:
            looks = watch.timeline.looks(Instant(*message["since"]))
        except Unwatched as reason:
            device = station.bus.device(watch.span.unit)
            raise RigFault(f"{reason.what}.", device=device, remedy=reason.remedy) from reason
        return [looks.polls, looks.longest_gap_s]

    async def _unwatch(self, message: Message) -> None:
        station, watch = self._watches.pop(message["watch"])
        station.remove(watch)


def _sample(reply: Reply) -> list[object]:
    return [list(reply.values), [reply.tx, reply.rx]]


def raise_priority() -> str:
    """Ask for SCHED_FIFO, under which a loaded machine widens the brackets least; returns what came of it."""
    if sys.platform == "win32" or not hasattr(os, "sched_setscheduler"):
        return "ordinary scheduling: this system knows no SCHED_FIFO"
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    except OSError as error:
        return f"ordinary scheduling: SCHED_FIFO was not granted ({error.strerror})"
    return f"SCHED_FIFO {_PRIORITY}"


def _read_requests(pipe: int, take: Callable[[Message], None], end: Callable[[], None]) -> None:
    """Read in a thread: asyncio cannot wait for standard input on Windows."""
    pending = b""
    while data := os.read(pipe, 65536):
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            take(json.loads(line))
    end()


async def _orphaned() -> None:
    """Return when the parent has died, even if somebody else holds its pipe open."""
    parent = os.getppid()
    while sys.platform == "win32" or os.getppid() == parent:  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(1.0)


async def _run(note: str) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(
        lambda _loop, _context: None
    )  # a garbled frame ends in a missing answer: told there
    answers = _own_stdout()

    def reply(message: Message) -> None:
        data = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        while data:
            data = data[os.write(answers, data) :]

    server = Server(reply)
    threading.Thread(
        target=_read_requests,
        args=(
            sys.stdin.fileno(),
            lambda message: loop.call_soon_threadsafe(server.take, message),
            lambda: loop.call_soon_threadsafe(ended.set),
        ),
        daemon=True,
    ).start()
    reply({"id": 0, "ok": note})
    watching = [asyncio.create_task(ended.wait()), asyncio.create_task(_orphaned())]
    await asyncio.wait(watching, return_when=asyncio.FIRST_COMPLETED)
    await server.close()


def _own_stdout() -> int:
    """Keep standard output for the answers alone: a stray print goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return own


def _loop() -> asyncio.AbstractEventLoop:
    """Choose the loop with the finest pauses: epoll rounds them up to milliseconds, select does not."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is the run's: it still has relays to restore through us
    logging.getLogger("pymodbus").addHandler(logging.NullHandler())
    logging.getLogger("pymodbus").propagate = False
    note = raise_priority() if "--ordinary" not in sys.argv else "ordinary scheduling: as asked"
    gc.freeze()
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_run(note))
    except BrokenPipeError:
        sys.stderr.close()  # the parent is gone: nobody reads what we would say
