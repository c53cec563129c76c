# SPDX-License-Identifier: Apache-2.0
"""A small HTTP/1.1 server with kept-alive connections, enough for SOAP and snapshots."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

_LARGEST_BODY = 1 << 20
_PARTS = 3  # method, address, version
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """One answer."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """The bytes on the wire."""
        lines = [
            f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Error')}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


Handler = Callable[[Request], Awaitable[Response]]


def parse_head(head: bytes) -> tuple[list[str], dict[str, str]]:
    """Words of the first line and the headers of an HTTP or RTSP message; ValueError when it is neither."""
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    parts = first.split()
    if len(parts) != _PARTS:
        raise ValueError("no request line")
    pairs = (line.partition(":") for line in lines if line)
    return parts, {name.strip().lower(): value.strip() for name, _, value in pairs}


async def serve_connection(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler
) -> None:
    """Answer the requests of one connection until either side closes it."""
    while (request := await _read(reader)) is not None:
        response = await handler(request)
        writer.write(response.encode())
        await writer.drain()
        if request.headers.get("connection", "").lower() == "close":
            return


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """The next request, or None when the connection has ended or speaks no HTTP."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        (method, path, _), headers = parse_head(head[:-4])
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= _LARGEST_BODY:
            return None
        return Request(method, path, headers, await reader.readexactly(length))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        return None
