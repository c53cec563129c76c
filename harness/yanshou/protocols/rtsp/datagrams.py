# SPDX-License-Identifier: Apache-2.0
"""A UDP socket that knows how many datagrams this computer dropped because nobody read them in time.

Linux counts them per socket and passes the count with the next datagram (SO_RXQ_OVFL, socket(7)). On other
systems it is concluded from how full the socket was when it was read.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from yanshou.model import now
from yanshou.protocols.rtsp.arrival import STAMP_BYTES, Arrivals, kernel_stamp, stamped_by_kernel

_DATAGRAM: Final = 65_536
_AT_ONCE: Final = 256
_ASKED: Final = 4 * 1024 * 1024
_RXQ_OVFL: Final = 40  # asm-generic/socket.h
_COUNT_BYTES: Final = 4
_SAFELY: Final = 4  # a buffer that was never fuller than a fourth cannot have overflowed
_OVERHEAD: Final = 512  # bytes a system may count for a datagram beside its own


class DatagramSocket:
    """Bound to ``own`` (address; port 0: any), never blocking, with as large a receive buffer as is granted.

    ``granted`` is the receive buffer the system states, in bytes; ``wire`` the socket itself; ``stamped``
    says whether the kernel stamps what arrives; ``late_s`` by how much a stamp so far may be late at most.
    """

    def __init__(self, family: int, own: tuple[str, int]) -> None:
        self.wire = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self.wire.bind(own)
        except OSError:
            self.wire.close()
            raise
        with suppress(OSError):
            self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ASKED)
        self.granted = self.wire.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        self.wire.setblocking(False)
        self._counted = self._ask_count()
        self.stamped = stamped_by_kernel(self.wire)
        self.arrivals = Arrivals()
        self.late_s = 0.0
        self._dropped = 0
        self._filled = self._fullest = 0

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return int(self.wire.getsockname()[1])

    @property
    def dropped(self) -> int | None:
        """Datagrams that found the buffer full, up to the last one read; None if unknown."""
        if self._counted:
            return self._dropped
        return 0 if max(self._filled, self._fullest) * _SAFELY <= self.granted else None

    def read(self) -> Iterator[tuple[bytes, str, float]]:
        """The waiting datagrams: payload, address of the sender, and when each arrived (``model.now``)."""
        for _ in range(_AT_ONCE):
            before = now()
            try:
                data, source, kernel = self._receive()
            except OSError:  # nothing left, or an ICMP error of a packet we sent
                self._fullest, self._filled = max(self._fullest, self._filled), 0
                self.arrivals.seen_empty(before)
                return
            at, late_s = self.arrivals.stamp(kernel)
            self.late_s = max(self.late_s, late_s)
            self._filled += len(data) + _OVERHEAD
            yield data, source, at

    def _ask_count(self) -> bool:
        if sys.platform != "linux":
            return False
        try:
            self.wire.setsockopt(socket.SOL_SOCKET, _RXQ_OVFL, 1)
        except OSError:
            return False
        return True

    def _receive(self) -> tuple[bytes, str, float | None]:
        """A datagram, its sender, and the kernel's stamp of it, if there is one."""
        if sys.platform != "linux":
            data, source = self.wire.recvfrom(_DATAGRAM)
            return data, str(source[0]), None
        space = socket.CMSG_SPACE(_COUNT_BYTES) + socket.CMSG_SPACE(STAMP_BYTES)
        data, ancillary, _, source = self.wire.recvmsg(_DATAGRAM, space)
        for level, kind, count in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, _RXQ_OVFL) and len(count) >= _COUNT_BYTES:
                self._dropped = int.from_bytes(count[:_COUNT_BYTES], sys.byteorder)
        return data, str(source[0]), kernel_stamp(ancillary)
