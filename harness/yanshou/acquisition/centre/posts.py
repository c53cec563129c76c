# SPDX-License-Identifier: Apache-2.0
"""What a platform posts to the bench over HTTP: whole JSON bodies with their stamps, everything else refused.

A platform that reports by webhook is a client that cannot be trusted to be well-behaved. A request has to be
whole within seconds of its first byte and within the limits below, whatever else is sent meanwhile.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yanshou.acquisition.centre.event_loop import StampedSelector
from yanshou.acquisition.listening import AnsweringConnection, Listening
from yanshou.model import Instant, RigFault

LONGEST_HEAD = 16 * 1024
LONGEST_BODY = 1024 * 1024
LONGEST_S = 5.0
MOST_OPEN = 64
_SHOWN = 200
_REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}
_METHODS = frozenset({"POST", "PUT"})

Keep = Callable[[dict[str, Any]], object]


class RefusedError(Exception):
    """A request that is not taken: the status to answer, and why in words."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


@dataclass(slots=True)
class _Head:
    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def chunked(self) -> bool:
        return self.headers.get("transfer-encoding", "").lower() == "chunked"

    def length(self) -> int:
        """The length of the body in bytes."""
        text = self.headers.get("content-length", "0")
        if not (text.isascii() and text.isdigit()) or (self.chunked and "content-length" in self.headers):
            raise RefusedError(400, f"the length of the body is not clear ({text[:20]!r})")
        if int(text) > LONGEST_BODY:
            raise RefusedError(413, f"a body of {text[:20]} bytes, at most {LONGEST_BODY} are taken")
        return int(text)


def read_head(data: bytes) -> _Head:
    """The request line and the headers; raises RefusedError if they are none."""
    lines = data.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):  # noqa: PLR2004 - method, target, version
        raise RefusedError(400, f"is no request of HTTP/1: {lines[0][:60]!r}")
    pairs = [line.partition(":") for line in lines[1:] if line]
    if any(not colon or not name.strip() for name, colon, _ in pairs):
        raise RefusedError(400, "a header is none")
    return _Head(
        parts[0],
        parts[1].partition("?")[0],
        {name.strip().lower(): value.strip() for name, _, value in pairs},
    )


def read_chunks(data: bytes) -> tuple[bytes, int] | None:
    """The body of chunks and how many bytes they take; None while they are not whole."""
    body, at = bytearray(), 0
    while True:
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        size_text = data[at:end].partition(b";")[0].strip()
        try:
            size = int(size_text, 16)
        except ValueError:
            raise RefusedError(400, "a chunk has no length") from None
        if size < 0 or len(body) + size > LONGEST_BODY:
            raise RefusedError(413, f"a body of more than {LONGEST_BODY} bytes")
        if len(data) < end + 2 + size + 2:
            return None
        body += data[end + 2 : end + 2 + size]
        at = end + 2 + size + 2
        if size == 0:
            return bytes(body), at


def json_text(body: bytes) -> str:
    """The body as JSON text; raises RefusedError if it is none."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030", "replace")
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, f"the body is no JSON ({type(error).__name__})") from None
    return text


class PostConnection(AnsweringConnection):
    """One connection of a platform; it may send one request after the other."""

    def __init__(self, port: PostPort) -> None:
        super().__init__()
        self._port = port
        self._data = b""
        self._first: Instant | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._peer = ""
        self._promised = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._peer = f"{peer[0]}:{peer[1]}" if peer else ""
        self._port.listening.open_ones.add(self)
        if len(self._port.listening.open_ones) > MOST_OPEN:
            self._refuse(RefusedError(503, f"more than {MOST_OPEN} connections at once"))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the shape of the protocol
        self._port.listening.open_ones.discard(self)
        self._forget_timer()
        if self._data:
            self._note(400, "the connection ended before the request did")
            self._data = b""

    def data_received(self, data: bytes) -> None:
        at = self._port.selector.arrived()
        if self._first is None:
            self._first = at
            self._timer = asyncio.get_running_loop().call_later(LONGEST_S, self._overdue)
        self._data += data
        try:
            while self._data and self._take(at):
                self._first = at if self._data else None
        except RefusedError as refused:
            self._refuse(refused)

    def _take(self, at: Instant) -> bool:
        """Take one request if it is whole."""
        if len(self._data) > LONGEST_HEAD + LONGEST_BODY:
            raise RefusedError(413, f"more than {LONGEST_BODY} bytes at once")
        end = self._data.find(b"\r\n\r\n")
        if end > LONGEST_HEAD or (end < 0 and len(self._data) > LONGEST_HEAD):
            raise RefusedError(431, f"headers of more than {LONGEST_HEAD} bytes")
        if end < 0:
            return False
        head = read_head(self._data[:end])
        body, used = self._body(head, self._data[end + 4 :])
        if body is None:
            self._promise(head)
            return False
        self._data = self._data[end + 4 + used :]
        self._forget_timer()
        self._judge(head, body, at)
        self._promised = False
        return True

    def _body(self, head: _Head, rest: bytes) -> tuple[bytes | None, int]:
        length = head.length()
        if head.chunked:
            found = read_chunks(rest)
            return found if found is not None else (None, 0)
        return (rest[:length], length) if len(rest) >= length else (None, 0)

    def _promise(self, head: _Head) -> None:
        """Some clients wait for this before they send the body."""
        if head.headers.get("expect", "").lower() == "100-continue" and not self._promised:
            self._promised = True
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _judge(self, head: _Head, body: bytes, at: Instant) -> None:
        try:
            text = self._port.accepted(head, body)
        except RefusedError as refused:
            self._note(refused.status, refused.why, body)
            self._answer(refused.status, close=False)
            return
        self._port.keep(
            {
                "kind": "post",
                "account": self._port.device,
                "path": 0,
                "peer": self._peer,
                "first": (self._first or at).as_pair(),
                "complete": at.as_pair(),
                "body": text,
            }
        )
        self._answer(200, close=head.headers.get("connection", "").lower() == "close")

    def _overdue(self) -> None:
        self._refuse(RefusedError(408, f"not whole within {LONGEST_S:g} s"))

    def _refuse(self, refused: RefusedError) -> None:
        self._note(refused.status, refused.why, self._data)
        self._data = b""
        self._answer(refused.status, close=True)

    def _note(self, status: int, why: str, data: bytes = b"") -> None:
        at = self._port.selector.arrived()
        self._port.keep(
            {
                "kind": "refused_post",
                "account": self._port.device,
                "path": 0,
                "peer": self._peer,
                "first": (self._first or at).as_pair(),
                "complete": at.as_pair(),
                "reason": f"{status}: {why}",
                "bytes": data[:_SHOWN].decode("utf-8", "replace"),
            }
        )

    def _answer(self, status: int, *, close: bool) -> None:
        body = self._port.answer if status == 200 else b"{}"  # noqa: PLR2004 - OK
        ending = "close" if close else "keep-alive"
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: {ending}\r\n\r\n"
        )
        self.send(head.encode() + body)
        if close and self._transport is not None:
            self._forget_timer()
            self._transport.close()

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class PostPort:
    """One address at which a platform reports. ``keep`` takes each entry, ``answer`` is the body of a 200."""

    def __init__(
        self,
        device: str,
        address: tuple[str, int],
        path: str,
        answer: bytes,
        selector: StampedSelector,
        keep: Keep,
    ) -> None:
        self.device, self.path, self.answer = device, path, answer
        self.selector, self.keep = selector, keep
        self.listening: Listening[PostConnection] = Listening()
        self._address = address

    def accepted(self, head: _Head, body: bytes) -> str:
        """The JSON text of a request to the right place; raises RefusedError for any other."""
        if head.path != self.path:
            raise RefusedError(404, f"posted to {head.path[:60]}, the profile says {self.path}")
        if head.method not in _METHODS:
            raise RefusedError(405, f"a {head.method[:10]} is no report")
        return json_text(body)

    async def open(self) -> int:
        """Listen; returns the port, which the system chose if it was 0."""
        return await self.listening.open(self._address, lambda: PostConnection(self), self._fault)

    def _fault(self, why: str) -> RigFault:
        host, port = self._address
        return RigFault(
            f"cannot listen at {host}:{port}: {why}.",
            device=self.device,
            remedy="Free the port, or name another one as listen.",
        )

    def close(self) -> None:
        """Stop listening and close open connections."""
        self.listening.close()
