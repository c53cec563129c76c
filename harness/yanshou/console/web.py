# SPDX-License-Identifier: Apache-2.0
"""The console over HTTP: the page, the question as a stream of events, answers and photographs.

Nothing but the page itself is given to a phone without a cookie. A request must name this console as its
host, and a request that changes anything must come from its own page.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from importlib import resources
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yanshou.console.access import LASTS_S, Holder, cookie_of
from yanshou.console.desk import Desk, NotTakenError
from yanshou.console.uploads import Upload

_PAGE: Final = {
    "/": ("index.html", "text/html"),
    "/app.js": ("app.js", "text/javascript"),
    "/words.js": ("words.js", "text/javascript"),
    "/style.css": ("style.css", "text/css"),
}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LARGEST_BODY = 64_000
_STEP_S = 0.25  # between two looks for something new
_BEAT = 40  # so many steps without news: a sign that the line is up


class Web:
    """The HTTP application of one desk. ``host`` is ADDRESS:PORT as a phone calls it."""

    def __init__(self, desk: Desk, host: str, *, secure: bool) -> None:
        self._desk = desk
        self._secure = secure
        self._order = itertools.count(1)
        mark = hashlib.sha256(str(desk.counter.folder).encode()).hexdigest()[:8]
        self._cookie = f"{'__Host-' if secure else ''}yanshou-{mark}"
        routes = [Route(path, _static(*one)) for path, one in _PAGE.items()]
        routes += [
            Route("/enter", self._enter, methods=["POST"]),
            Route("/state", self._state),
            Route("/events", self._events),
            Route("/picture/{prompt}/{number:int}", self._picture),
            Route("/answer", self._answer, methods=["POST"]),
            Route("/photo/{prompt}", self._photo, methods=["POST"]),
            Route("/pause", self._pause, methods=["POST"]),
        ]
        app = Starlette(routes=routes, exception_handlers={NotTakenError: _refused})
        self.app: ASGIApp = _Guarded(app, host, f"{'https' if secure else 'http'}://{host}")

    async def _enter(self, request: Request) -> Response:
        token = str((await _json(request)).get("token", ""))
        cookie = self._desk.access.admit(token, self._sent(request))
        if cookie is None:
            raise NotTakenError(403, "token")
        answer = JSONResponse({})
        answer.set_cookie(
            self._cookie,
            cookie,
            max_age=LASTS_S,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )
        return answer

    async def _state(self, request: Request) -> Response:
        holder = self._holder(request)
        return JSONResponse(self._numbered(self._desk.view(holder)))

    def _numbered(self, view: dict[str, Any]) -> dict[str, Any]:
        """The view with its place in the order, so that one that comes late does not hide a newer one."""
        return {**view, "order": next(self._order)}

    async def _events(self, request: Request) -> Response:
        self._holder(request)
        return StreamingResponse(self._news(request), media_type="text/event-stream")

    async def _news(self, request: Request) -> AsyncIterator[str]:
        """The whole view whenever it changed, so that nothing depends on what was sent before."""
        last, quiet, number = "", 0, 0
        while (holder := self._desk.access.holder(self._sent(request))) is not None:
            view = self._desk.view(holder)
            quiet += 1
            if (text := json.dumps(view)) != last:
                last, quiet, number = text, 0, number + 1
                yield f"id: {number}\ndata: {json.dumps(self._numbered(view), ensure_ascii=False)}\n\n"
            elif quiet % _BEAT == 0:
                yield ": up\n\n"
            await asyncio.sleep(_STEP_S)
        yield "event: gone\ndata: {}\n\n"

    async def _picture(self, request: Request) -> Response:
        holder = self._holder(request)
        place = request.path_params
        content, kind = await run_in_threadpool(
            self._desk.picture, holder, str(place["prompt"]), int(place["number"])
        )
        return Response(content, media_type=kind)

    async def _answer(self, request: Request) -> Response:
        holder = self._holder(request)
        await run_in_threadpool(self._desk.answer, holder, await _json(request))
        return JSONResponse({})

    async def _photo(self, request: Request) -> Response:
        holder = self._holder(request)
        prompt = self._desk.waiting(holder, str(request.path_params["prompt"]))
        counter = self._desk.counter
        upload = Upload(counter.photos, prompt, strip=counter.shown().strip)
        try:
            async for block in request.stream():
                upload.write(block)
            name = await run_in_threadpool(upload.keep)
        finally:
            upload.drop()
        given = {"prompt": prompt.id, "value": name}
        await run_in_threadpool(self._desk.answer, holder, given)
        return JSONResponse({})

    async def _pause(self, request: Request) -> Response:
        holder = self._holder(request)
        on = (await _json(request)).get("on") is True
        await run_in_threadpool(lambda: self._desk.pause(holder, on=on))
        return JSONResponse({})

    def _holder(self, request: Request) -> Holder:
        holder = self._desk.access.holder(self._sent(request))
        if holder is None:
            raise NotTakenError(401, "enter")
        return holder

    def _sent(self, request: Request) -> str:
        return cookie_of(request.headers.get("cookie", ""), self._cookie)


class _Guarded:
    """Refuses requests to another host or from another page, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, host: str, origin: str) -> None:
        self._app = app
        self._host = host
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if self._foreign(Request(scope)):
            return await JSONResponse({"why": "foreign"}, 403)(scope, receive, headed)
        return await self._app(scope, receive, headed)

    def _foreign(self, request: Request) -> bool:
        if request.headers.get("host") != self._host:
            return True
        origin = request.headers.get("origin")
        return origin != self._origin if origin is not None else request.method not in {"GET", "HEAD"}


def _static(name: str, kind: str) -> Any:
    """A file of the page; there is no other way to a file of this computer."""
    content = resources.files("yanshou.console").joinpath("page", name).read_bytes()

    async def answer(_request: Request) -> Response:
        return Response(content, media_type=kind)

    return answer


async def _json(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent; NotTakenError for anything else, and for one that is too large."""
    body = b""
    async for block in request.stream():
        body += block
        if len(body) > _LARGEST_BODY:
            raise NotTakenError(413, "large")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise NotTakenError(422, "bad") from None
    if not isinstance(content, dict):
        raise NotTakenError(422, "bad")
    return content


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotTakenError)
    return JSONResponse(error.body, error.status)
