# SPDX-License-Identifier: Apache-2.0
"""A browser that calls an ASGI application in this process: it keeps cookies and names its page as origin."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode()

    def json(self) -> Any:
        """The content as JSON."""
        return json.loads(self.content)


class Browser:
    """Requests to one application at ``origin`` (``https://host:port``)."""

    def __init__(self, app: Any, origin: str) -> None:
        self.app = app
        self.cookies: dict[str, str] = {}
        self.headers = {"Host": urlsplit(origin).netloc, "Origin": origin}

    def get(self, path: str, headers: Mapping[str, str] = {}) -> Reply:
        """GET."""
        return asyncio.run(self._request("GET", path, b"", headers))

    def post(
        self,
        path: str,
        *,
        json_body: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] = {},
    ) -> Reply:
        """POST of JSON, or of bytes as they are."""
        body = json.dumps(json_body).encode() if content is None else content
        return asyncio.run(self._request("POST", path, body, headers))

    async def _request(self, method: str, path: str, body: bytes, more: Mapping[str, str]) -> Reply:
        sent = {
            **self.headers,
            **more,
            "Cookie": "; ".join(f"{key}={one}" for key, one in self.cookies.items()),
        }
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(key.lower().encode(), one.encode()) for key, one in sent.items()],
        }
        blocks = [body[at : at + 4096] for at in range(0, len(body), 4096)] or [b""]
        messages = iter(
            {"type": "http.request", "body": one, "more_body": place < len(blocks)}
            for place, one in enumerate(blocks, start=1)
        )
        got: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return next(messages, {"type": "http.disconnect"})

        async def send(message: dict[str, Any]) -> None:
            got.append(message)

        await self.app(scope, receive, send)
        return self._reply(got)

    def _reply(self, got: list[dict[str, Any]]) -> Reply:
        headers = {key.decode().lower(): one.decode() for key, one in got[0]["headers"]}
        for name, cookie in SimpleCookie(headers.get("set-cookie", "")).items():
            self.cookies[name] = cookie.value
        content = b"".join(one.get("body", b"") for one in got[1:])
        return Reply(got[0]["status"], headers, content)
