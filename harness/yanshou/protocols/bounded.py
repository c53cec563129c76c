# SPDX-License-Identifier: Apache-2.0
"""An HTTP connection whose exchanges end in time, however slowly the device sends.

The timeout of the library begins again with each piece that arrives, so one byte a second never times out.
Here each read of the socket may take only what is left of the time of the whole exchange, for status line,
headers, chunks and body alike.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from http.client import HTTPResponse
from typing import Any, Final

_FOR_EVER: Final = float("inf")


class TooLate(TimeoutError):
    """The exchange exceeded its total time."""


@dataclass(slots=True)
class Deadline:
    """``at``: end of the whole exchange (``time.monotonic``); ``silence_s``: longest wait for a byte."""

    at: float = _FOR_EVER
    silence_s: float = 5.0

    @property
    def over(self) -> bool:
        """Whether the total time has passed."""
        return time.monotonic() >= self.at

    def left(self) -> float:
        """Seconds the next read may wait; raises TooLate when the total time has passed."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TooLate
        return min(left, self.silence_s)


class _Socket(socket.socket):
    deadline: Deadline

    def recv_into(self, *args: Any) -> int:
        """As socket.recv_into, within the deadline."""
        self.settimeout(self.deadline.left())
        return super().recv_into(*args)


class _TlsSocket(ssl.SSLSocket):
    deadline: Deadline

    def recv_into(self, *args: Any) -> int:
        """As SSLSocket.recv_into, within the deadline."""
        self.settimeout(self.deadline.left())
        return super().recv_into(*args)


class BoundedConnection:
    """A connection to ``host:port``, opened by the first request."""

    def __init__(self, host: str, port: int, connect_s: float, tls: ssl.SSLContext | None) -> None:
        self.host, self.port = host, port
        self.sock: _Socket | _TlsSocket | None = None
        self.deadline = Deadline()
        self.began = False  # whether any byte of the current answer has arrived
        self._connect_s = connect_s
        self._tls = tls

    @property
    def dropped(self) -> bool:
        """Whether the device has ended it, or sent what nobody asked for: nothing more is asked over it."""
        sock = self.sock
        if sock is None:
            return False
        try:
            with selectors.DefaultSelector() as arrivals:
                arrivals.register(sock, selectors.EVENT_READ)
                return bool(arrivals.select(0))
        except (OSError, ValueError):  # closed meanwhile
            return True

    def connect(self) -> None:
        """Connect within the time for connecting, including the TLS handshake."""
        plain = socket.create_connection((self.host, self.port), self._connect_s)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened: _Socket | _TlsSocket
        if self._tls is None:
            opened = _Socket(plain.family, plain.type, plain.proto, plain.detach())
        else:
            name = self.host.partition("%")[0]
            try:
                secured = self._tls.wrap_socket(plain, server_hostname=name)
            except BaseException:
                plain.close()
                raise
            assert isinstance(secured, _TlsSocket)
            opened = secured
        opened.settimeout(self._connect_s)
        opened.deadline = self.deadline
        self.sock = opened

    def ask(self, method: str, request: bytes) -> HTTPResponse:
        """Send a request unchanged, in one piece, and read the head of its answer."""
        if self.sock is None:
            self.connect()
        assert self.sock is not None
        self.sock.settimeout(self.deadline.left())
        self.sock.sendall(request)
        response = HTTPResponse(self.sock, method=method)
        try:
            response.begin()
        except BaseException:
            response.close()
            raise
        return response

    def end(self) -> None:
        """Close the connection from any thread, which wakes a reading thread."""
        sock, self.sock = self.sock, None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


@cache
def tls_context(*, verify: bool) -> ssl.SSLContext:
    """One context for the process.

    Loading the trusted certificates for each device would cost milliseconds.
    """
    context = ssl.create_default_context()
    context.sslsocket_class = _TlsSocket
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
