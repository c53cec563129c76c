# SPDX-License-Identifier: Apache-2.0
"""Free ports for private copies of sites, never those of another copy on this machine.

A port is only surely free while it is held, and a site starts a moment after its ports were chosen. So every
process reserves blocks of ports and uses only these. A block is reserved by a file lock, which the operating
system releases when the process ends. All ports are below those the system assigns itself (from 32768 on
Linux, 49152 on Windows).
"""

from __future__ import annotations

import contextlib
import random
import socket
import tempfile
import threading
from pathlib import Path

from filelock import FileLock, Timeout

from yanshou.model import RigFault

COMPANION = 1000  # how far above its port a camera's RTSP port is
_LOWEST, _HIGHEST = 20_000, 32_000  # below those the system assigns; a companion is in the next thousand
_BLOCKS = 50
_MOST_BLOCKS = 4
_SHARE = COMPANION // _BLOCKS  # a port and its companion are always in the same block


class _Reserved:
    """The blocks of this process, and the position in them.

    A long selftest needs more ports than there are: after ``_MOST_BLOCKS`` blocks the oldest ports, whose
    sites have ended, are used again.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._locks: list[FileLock] = []
        self._ports: list[int] = []
        self._given = 0  # how many of them were given since the last turn

    def ports(self, count: int) -> list[int]:
        with self._mutex:
            return [self._next() for _ in range(count)]

    def _next(self) -> int:
        turned = False
        while True:
            for number in range(self._given, len(self._ports)):
                if _is_free(self._ports[number]):
                    self._given = number + 1
                    return self._ports[number]
            if len(self._locks) < _MOST_BLOCKS and (block := self._another_block()):
                self._given = len(self._ports)
                self._ports += block
            elif self._ports and not turned:
                self._given, turned = 0, True
            else:
                raise RigFault(
                    f"all ports from {_LOWEST} to {_HIGHEST} are taken by emulated sites on this machine.",
                    remedy="End runs that are no longer needed.",
                )

    def _another_block(self) -> list[int]:
        """The ports of a block that no other process has, without companions; empty when all are taken."""
        for block in random.SystemRandom().sample(range(_BLOCKS), _BLOCKS):
            lock = FileLock(_folder() / f"ports-{block}.lock", mode=0o666, thread_local=False)
            # reserved by another process, or a file of another user
            with contextlib.suppress(Timeout, OSError):
                lock.acquire(timeout=0)
                self._locks.append(lock)
                first = block * _SHARE
                return [
                    thousand + first + n
                    for thousand in range(_LOWEST, _HIGHEST, 2 * COMPANION)
                    for n in range(_SHARE)
                ]
        return []


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / "yanshou-locks"
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o1777)
    return folder


def _is_free(port: int) -> bool:
    """Whether the port and its companion are free, for TCP and UDP."""
    with contextlib.ExitStack() as held, contextlib.suppress(OSError):
        for kind, number in (
            (socket.SOCK_STREAM, port),
            (socket.SOCK_DGRAM, port),
            (socket.SOCK_STREAM, port + COMPANION),
        ):
            held.enter_context(socket.socket(type=kind)).bind(("127.0.0.1", number))
        return True
    return False


_reserved = _Reserved()


def reserved_ports(count: int) -> list[int]:
    """So many ports for this process alone, each free for TCP and UDP, with a free companion.

    Raises RigFault when none is left.
    """
    return _reserved.ports(count)
