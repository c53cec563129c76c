# SPDX-License-Identifier: Apache-2.0
"""A child process that serves its parent: JSON lines in on standard input, answers out on standard output.

It ends when its standard input ends, that is when the run ends for whatever reason.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from yanshou.acquisition.child_process import Message, messages, own_stdout, parent_is_gone, write_all
from yanshou.model import RigFault, UsageError
from yanshou.model.lifetime import end_within

Operations = Mapping[str, Callable[[Message], Awaitable[object]]]
Reply = Callable[[Message], None]
_ORPHANED_S = 0.25


class Served(Protocol):
    """The operations such a process offers its parent."""

    operations: Operations

    async def close(self) -> None:
        """Release everything."""
        ...


class Requests:
    """Serves the requests of one parent, each in its own task, so that a long wait does not block others."""

    def __init__(self, served: Served, reply: Reply) -> None:
        self._served = served
        self._reply = reply
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, message: Message) -> None:
        """Start one request."""
        task = asyncio.get_running_loop().create_task(self._serve(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cancel every wait, then release everything."""
        for task in self._tasks:
            task.cancel()
        await self._served.close()

    async def _serve(self, message: Message) -> None:
        number = message["id"]
        try:
            answer = await self._served.operations[message["op"]](message)
        except RigFault as fault:
            problem = {
                "what": fault.what,
                "device": fault.device,
                "remedy": fault.remedy,
                "since": fault.since,
            }
            self._reply({"id": number, "fault": problem})
        except UsageError as error:
            self._reply({"id": number, "usage": str(error)})
        except Exception as error:  # noqa: BLE001 - the parent must hear of it, or it would wait for ever
            what = f"the process failed on {message['op']}: {error!r}."
            self._reply({"id": number, "fault": {"what": what, "device": "", "remedy": "", "since": None}})
        else:
            self._reply({"id": number, "ok": answer})


async def serve(made: Callable[[], Served], note: str) -> None:
    """Send ``note``, then serve until standard input ends or the parent is gone.

    Closing takes ``ORPHAN_S`` at most: a device that does not answer must not keep the process, which holds
    the addresses that the watchdog and the next run need.
    """
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(
        lambda _loop, _context: None
    )  # a garbled frame shows as a missing answer, which is reported there
    answers = own_stdout()

    def reply(message: Message) -> None:
        write_all(answers, json.dumps(message, separators=(",", ":")).encode() + b"\n")

    requests = Requests(made(), reply)
    threading.Thread(
        target=_read_requests,
        args=(
            sys.stdin.fileno(),
            lambda message: loop.call_soon_threadsafe(requests.take, message),
            lambda: loop.call_soon_threadsafe(ended.set),
        ),
        daemon=True,
    ).start()
    reply({"id": 0, "ok": note})
    watching = [asyncio.create_task(ended.wait()), asyncio.create_task(_orphaned())]
    await asyncio.wait(watching, return_when=asyncio.FIRST_COMPLETED)
    end_within()
    await requests.close()


def _read_requests(pipe: int, take: Callable[[Message], object], end: Callable[[], object]) -> None:
    for message in messages(pipe):
        take(message)
    end()


async def _orphaned() -> None:
    """Return when the parent has died, even if another process holds its pipe open."""
    gone = parent_is_gone()
    while not gone():  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(_ORPHANED_S)
