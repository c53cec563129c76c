# SPDX-License-Identifier: Apache-2.0
"""The process that restores the original circuits when the run no longer can.

``python -m yanshou.rig.watchdog`` reads the rest state of every relay from its standard input, as JSON lines.
When that input ends without ``{"bye": true}``, or the run that started it is gone, it writes all of them
itself, over connections of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from yanshou.acquisition import Area, Bus
from yanshou.acquisition.child_process import (
    ChildGone,
    ChildProcess,
    ChildSilent,
    Message,
    json_line,
    messages,
    parent_is_gone,
)
from yanshou.acquisition.locks import BusLock, holder_of
from yanshou.drivers.field.relay import NotAtRest, RelayRest
from yanshou.model import RigFault, UsageError, now, utc_now
from yanshou.protocols.modbus import LinkFault, Master, Refused, Unsure, Write

_START_S = 20.0
_PATIENCE_S = 20.0  # the dying run may hold the serial port for some more seconds
_PAUSE_S = 0.2
_ORPHANED_S = 0.25
_MOST_POINTS = 64  # timeout of one write


@dataclass(frozen=True, slots=True)
class Batch:
    """Adjacent relays of one unit, written together."""

    bus: Bus
    unit: int
    area: Area
    address: int
    values: tuple[int, ...]

    def split(self) -> list[Batch]:
        """One batch for each relay, for boards that cannot write several."""
        return [
            replace(self, address=self.address + n, values=(value,)) for n, value in enumerate(self.values)
        ]


def batches(relays: Iterable[RelayRest]) -> list[Batch]:
    """Group adjacent relays, so that a board of 32 is at rest after one write."""
    found: list[Batch] = []
    for relay in sorted(relays, key=lambda r: (r.bus.key, r.unit, r.area, r.address)):
        last = found[-1] if found else None
        if last is not None and _touches(last, relay):
            found[-1] = replace(last, values=(*last.values, relay.value))
        else:
            found.append(Batch(relay.bus, relay.unit, relay.area, relay.address, (relay.value,)))
    return found


def _touches(batch: Batch, relay: RelayRest) -> bool:
    same = (batch.bus.key, batch.unit, batch.area) == (relay.bus.key, relay.unit, relay.area)
    end = batch.address + len(batch.values)
    return same and relay.address == end and len(batch.values) < _MOST_POINTS


class WatchdogLog:
    """Writes one line for each action, so that the next engineer can see what happened."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __call__(self, text: str) -> None:
        """Append ``text`` with the time; a log that cannot be written must not stop the restoring."""
        line = f"{utc_now()} {text}\n"
        with contextlib.suppress(OSError, ValueError):
            if self._path is None:
                sys.stderr.write(line)
            else:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(line)


async def _restore_bus(bus: Bus, todo: list[Batch], owner: int, log: WatchdogLog) -> bool:
    """Write all batches of one bus, repeatedly for some seconds; returns whether all were written."""
    lock = BusLock(bus)
    deadline = now() + _PATIENCE_S
    master, problem = Master(bus), "not tried"
    try:
        while todo and now() < deadline:
            if (stranger := _stranger(lock, owner)) is not None:
                log(f"{bus.address}: left alone, it belongs to a new run (pid {stranger})")
                return True
            try:
                await _write(master, todo)
            except LinkFault as fault:
                problem = fault.what
                await asyncio.sleep(_PAUSE_S)
    finally:
        master.close()
        lock.release()
    log(f"{bus.address}: {f'NOT at rest, {problem}' if todo else 'all relays at rest'}")
    return not todo


def _stranger(lock: BusLock, owner: int) -> int | None:
    """Lock the bus; returns the process id of a new run that holds it already.

    If the owner itself still holds it, the owner hangs or asked for this, so the relays are written all the
    same.
    """
    try:
        lock.acquire()
    except UsageError:
        holder = holder_of(lock.bus)
        return None if holder in (None, owner) else holder
    return None


async def _write(master: Master, todo: list[Batch]) -> None:
    """Write the batches one after the other; written batches are removed from the list."""
    while todo:
        batch = todo[0]
        try:
            await master.exchange(Write(batch.unit, batch.area, batch.address, batch.values))
        except (Refused, Unsure):  # boards refuse or ignore what they do not know
            if len(batch.values) == 1:
                raise
            todo[:1] = batch.split()
        else:
            del todo[0]


async def _restore(relays: Sequence[RelayRest], owner: int, log: WatchdogLog) -> bool:
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: log(f"{context.get('message')}"))
    by_bus: dict[str, list[Batch]] = {}
    for batch in batches(relays):
        by_bus.setdefault(batch.bus.key, []).append(batch)
    jobs = [_restore_bus(todo[0].bus, todo, owner, log) for todo in by_bus.values()]
    return all(await asyncio.gather(*jobs))


def restore(relays: Sequence[RelayRest], *, owner: int = 0, log: Path | None = None) -> bool:
    """Write the rest state of ``relays`` now; returns whether every one was written.

    A bus that another run than ``owner`` (a process id) has taken meanwhile is not touched.
    """
    return asyncio.run(_restore(relays, owner, WatchdogLog(log)))


class _Watch:
    """The state of the watchdog: the relays, and whether the run still lives."""

    def __init__(self) -> None:
        self.relays: list[RelayRest] = []
        self.owner = 0
        self.bye = False
        self.ended = threading.Event()

    def read(self, pipe: int) -> None:
        """Read the run's messages until they end."""
        try:
            with contextlib.suppress(OSError):
                for message in messages(pipe):
                    self._hear(message)
        finally:  # whatever ended the reading: nobody else restores the circuits
            self.ended.set()

    def _hear(self, message: Message) -> None:
        self.owner = message.get("owner", self.owner)
        if "rest" in message:
            self.relays = [_relay(data) for data in message["rest"]]
            _answer({"armed": True})
        if message.get("bye"):
            self.bye = True
            self.ended.set()


def _relay(data: dict[str, Any]) -> RelayRest:
    bus, area = Bus(**data["bus"]), Area(data["area"])
    return RelayRest(str(data["device"]), bus, data["unit"], area, data["address"], data["value"])


def _answer(message: Message) -> None:
    with contextlib.suppress(OSError, ValueError):  # the run is gone and does not read
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def _wait_for_end(watch: _Watch) -> None:
    """Return when the run has ended, even if another process still holds its end of the pipe open."""
    gone = parent_is_gone()
    while not watch.ended.wait(_ORPHANED_S):
        if gone():
            watch.ended.set()


def _on_signals(watch: _Watch) -> None:
    """Ignore Ctrl-C and a closed terminal, which are meant for the run; restore at once on SIGTERM."""

    def end(_number: int, _frame: FrameType | None) -> None:
        watch.ended.set()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def main(arguments: Sequence[str] | None = None) -> int:
    """Watch over one run; returns 0 if nothing was left to do or all relays are at rest, else 3."""
    parser = argparse.ArgumentParser(prog="yanshou.rig.watchdog", description=__doc__)
    parser.add_argument("--log", type=Path, help="file that says what was restored")
    options = parser.parse_args(arguments)
    # a broken pipe does not matter: what counts is in the log
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    watch = _Watch()
    _on_signals(watch)
    threading.Thread(target=watch.read, args=(sys.stdin.fileno(),), daemon=True).start()
    _wait_for_end(watch)
    if watch.bye or not watch.relays:
        return 0
    WatchdogLog(options.log)(
        f"the run (pid {watch.owner}) ended without a word: restoring {len(watch.relays)} relays"
    )
    return 0 if restore(watch.relays, owner=watch.owner, log=options.log) else 3


class Watchdog:
    """The run's handle on the watchdog process.

    It is started before the first stimulus and dismissed when all relays are at rest. Leaving the context by
    an exception makes the watchdog restore them as well.
    """

    def __init__(self, relays: Sequence[RelayRest], *, log: Path | None = None) -> None:
        self._heard: list[Message] = []
        options = ["--log", str(log)] if log is not None else []
        self._child = ChildProcess("yanshou.rig.watchdog", *options, read=json_line, take=self._heard.append)
        try:
            self._arm(relays)
        except BaseException:
            self._child.kill()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close(at_rest=error is None)
        except RigFault as fault:
            if isinstance(error, RigFault):  # the watchdog knows which board did not answer
                raise RigFault(fault.what, device=error.device, remedy=fault.remedy) from error
            raise
        if isinstance(error, NotAtRest):  # the run could not restore them; the watchdog just has
            raise RigFault(
                f"{error.what}; the watchdog has put every relay to rest.",
                device=error.device,
                remedy="Run again.",
            ) from error

    def require_alive(self) -> None:
        """Raise RigFault when the watchdog is gone.

        Nobody would restore the circuits if the run then died as well.
        """
        if self._child.code is not None:
            raise RigFault(
                f"the watchdog (pid {self._child.pid}) is gone: nothing more is stimulated.",
                remedy="Run again; the relays are put to rest now. See what ends processes on this computer.",
                final=True,
            )

    @property
    def pid(self) -> int:
        """Process id of the watchdog."""
        return self._child.pid

    def close(self, *, at_rest: bool = True) -> None:
        """Dismiss the watchdog; with ``at_rest`` False it first restores everything.

        Raises ``RigFault`` when it could not restore every relay.
        """
        if at_rest:
            with contextlib.suppress(ChildGone):  # nothing to dismiss
                self._child.send({"bye": True})
        code = self._child.end(_PATIENCE_S + _START_S)
        if not at_rest and code != 0:
            raise RigFault(
                "not every relay could be restored.",
                remedy="Cut the supply of the relay boards: de-energised relays restore every circuit.",
            )

    def _arm(self, relays: Sequence[RelayRest]) -> None:
        """Wait until the watchdog has answered that it knows all relays.

        Before that no loop may be opened.
        """
        try:
            self._child.send({"owner": os.getpid(), "rest": [relay.as_json() for relay in relays]})
            self._child.wait(lambda: self._heard == [{"armed": True}], _START_S)
        except (ChildGone, ChildSilent):
            raise RigFault("the watchdog did not start.", remedy="Free the machine and run again.") from None


if __name__ == "__main__":
    raise SystemExit(main())
