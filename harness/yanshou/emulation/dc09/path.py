# SPDX-License-Identifier: Apache-2.0
"""One path from the panel to a receiver: sends a line, waits for the answer, knows whether it is open."""

from __future__ import annotations

import contextlib
import socket
import time

from yanshou.emulation.dc09.codec import Dc09Line, read


class Path:
    """A TCP connection that is kept, or datagrams; ``number`` is 1 for the primary path, 2 for the other."""

    def __init__(self, number: int, address: tuple[str, int], key: bytes, *, udp: bool) -> None:
        self.number = number
        self._address = address
        self._key = key
        self._kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
        self._socket: socket.socket | None = None
        self._stream = b""
        self.answered = time.perf_counter()  # when it was last open
        self.lost = False
        self.reported = time.perf_counter()  # when a fault that is none was last reported

    def exchange(self, line: bytes, sequence: int, within: float) -> Dc09Line | None:
        """The answer to a line; None if none came within so many seconds."""
        until = time.perf_counter() + within
        try:
            self._open(within)
            assert self._socket is not None
            self._socket.sendall(line)
            while (left := until - time.perf_counter()) > 0:
                self._socket.settimeout(left)
                answer = self._next()
                if answer is not None and (answer.word == "NAK" or answer.sequence == sequence):
                    if answer.word == "ACK":
                        self.answered = time.perf_counter()
                    return answer
        except OSError:
            self.close()
            time.sleep(max(min(until - time.perf_counter(), 0.1), 0.0))
        return None

    def _open(self, within: float) -> None:
        if self._socket is None:
            self._stream = b""
            self._socket = socket.socket(socket.AF_INET, self._kind)
            self._socket.settimeout(within)
            self._socket.connect(self._address)

    def _next(self) -> Dc09Line | None:
        assert self._socket is not None
        data = self._socket.recv(4096)
        if not data:
            raise ConnectionError
        answer, self._stream = read(self._stream + data, self._key)
        return answer

    def close(self) -> None:
        """Close the connection."""
        opened, self._socket = self._socket, None
        if opened is not None:
            with contextlib.suppress(OSError):
                opened.close()
