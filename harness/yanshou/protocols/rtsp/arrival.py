# SPDX-License-Identifier: Apache-2.0
"""When bytes arrived, which is earlier than this process came to read them on a busy machine.

Linux stamps each datagram in the kernel (SO_TIMESTAMPNS, socket(7)). Elsewhere, and for bytes of a
connection, all that is known is that they arrived after the socket was last seen empty and before they were
read.
"""

from __future__ import annotations

import atexit
import socket
import struct
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Final, NamedTuple

from yanshou.model import both_clocks, now

POLL_S: Final = 0.004
"""A socket without kernel stamps is looked at as often, so that its arrivals are bracketed."""
STAMP_BYTES: Final = struct.calcsize("@ll")
_TIMESTAMPNS: Final = 35  # SO_TIMESTAMPNS and SCM_TIMESTAMPNS of Linux; Python's socket has no name for it
_BESIDE_S: Final = 1e-3  # by which the two clocks may disagree about a moment
_PROOFS: Final = 50
_LEFT_S: Final = 2e-3  # how long a datagram of the proof is left unread


def stamped_by_kernel(sock: socket.socket) -> bool:
    """Ask the kernel to stamp each datagram of ``sock``; returns whether it will, at its arrival."""
    return _stamping() is not None and _asked_to_stamp(sock)


@cache
def _stamping() -> socket.socket | None:
    """A socket that was seen to get the stamps of arrivals; None where there are none.

    Linux begins to stamp a while after the first socket asked for it. What came before is stamped when it is
    read, which looks the same and is late. So datagrams are sent to ourselves until the stamp of one is older
    than its reading. The socket stays open: Linux stops when the last one that asked is closed.
    """
    proof = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with suppress(OSError):
        proof.bind(("127.0.0.1", 0))
        proof.settimeout(1.0)
        if _asked_to_stamp(proof) and any(_left_unread(proof) for _ in range(_PROOFS)):
            atexit.register(proof.close)
            return proof
    proof.close()
    return None


def _asked_to_stamp(sock: socket.socket) -> bool:
    if sys.platform != "linux":
        return False
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, _TIMESTAMPNS, 1)
        return True
    return False


def _left_unread(proof: socket.socket) -> bool:
    """Whether a datagram that waits to be read has a stamp from before the reading."""
    if sys.platform == "win32":
        return False
    proof.sendto(b"", proof.getsockname())
    time.sleep(_LEFT_S)
    reading = time.time()
    _, ancillary, _, _ = proof.recvmsg(1, socket.CMSG_SPACE(STAMP_BYTES))
    stamp = kernel_stamp(ancillary)
    return stamp is not None and stamp < reading - _LEFT_S / 2


def kernel_stamp(ancillary: Iterable[tuple[int, int, bytes]]) -> float | None:
    """The kernel's stamp among the ancillary data of a datagram, in seconds of the wall clock."""
    for level, kind, value in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _TIMESTAMPNS) and len(value) >= STAMP_BYTES:
            seconds, nanoseconds = struct.unpack("@ll", value[:STAMP_BYTES])
            return float(seconds + nanoseconds / 1e9)
    return None


class Stamp(NamedTuple):
    """An arrival: by ``at`` (``model.now``) at the latest, and not more than ``late_s`` seconds before."""

    at: float
    late_s: float


class Arrivals:
    """Stamps what one socket brings."""

    def __init__(self) -> None:
        self._empty = now()

    def seen_empty(self, at: float) -> None:
        """Nothing that was not read yet had arrived at ``at`` (``model.now``)."""
        self._empty = max(self._empty, at)

    def stamp(self, kernel: float | None = None) -> Stamp:
        """When what was read just now arrived.

        ``kernel`` is its stamp by the wall clock, if there is one. It is not used where the wall clock was
        set meanwhile: then it lies before the socket was seen empty, or in the future.
        """
        before, wall, after = both_clocks()
        if kernel is not None:
            arrived = after - (wall - kernel)
            if self._empty - _BESIDE_S <= arrived <= after + _BESIDE_S:
                return Stamp(min(arrived, after), after - before)
        return Stamp(after, after - self._empty)
