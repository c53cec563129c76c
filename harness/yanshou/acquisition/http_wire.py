# SPDX-License-Identifier: Apache-2.0
"""A device with HTTP: questions and commands are requests, events come in a stream that stays open.

Requests run in threads. Each is stamped before it is handed to the library and after its whole answer has
arrived, which can only widen a bracket. An event in the stream only triggers an earlier poll.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from dataclasses import replace
from http.client import HTTPException

from yanshou.acquisition.wire import Denied, Hearing, MessageAnswer
from yanshou.model import RigFault, now
from yanshou.protocols import http
from yanshou.protocols.address import Address
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import LinkFault, Unreachable, Unsure
from yanshou.protocols.records import PartReader, lines
from yanshou.protocols.speech import Secrets, Speech
from yanshou.wires import Heard

_READ, _COMMAND = "GET", "PUT"
_REQUEST = re.compile(r"(?:(?P<method>PUT|POST) )?(?P<path>/\S*)(?: (?P<body>\S.*))?", re.DOTALL)
_UNAUTHORISED = 401  # such a device also answers 403 to a command it will not carry out now
_BAD = 400
_STATUS = re.compile(r"(?:^|[\s/])statusCode=(\S*)")
_DONE = frozenset({"0", "1"})  # statusCode of a ResponseStatus; firmwares send others with status 200, too
_STREAM_SILENCE_S = 60.0
_AGAIN_S = 2.0
_CHUNK = 4096
_SHOWN = 120  # characters of a refusal that are quoted


class HttpWire:
    """A ``Wire``: ``PUT /path`` is a command, a bare path a read, ``POST /path {…}`` a search.

    What stands after the path is the body.
    """

    def __init__(self, bus: Bus, speech: Speech, secrets: Secrets, hearing: Hearing) -> None:
        self._bus = bus
        self._speech = speech
        self._secrets = secrets
        self._hearing = hearing
        self._home = http.home(bus.host, bus.port, tls=speech.tls)
        self._session: http.HttpSession | None = None
        self._events: _Events | None = None

    @property
    def is_up(self) -> bool:
        return self._session is not None

    async def open(self) -> None:
        """Begin a session; the first request shows whether the device answers."""
        self._session = self._new_session()

    async def ask(self, text: str, expect: str, within: float) -> MessageAnswer:
        """Send one request and return the records of its answer; raises ``LinkFault``."""
        if self._session is None:
            raise Unreachable("has no connection")
        asked = _REQUEST.fullmatch(text)
        if asked is None:
            raise Unreachable(f"cannot be sent {text[:_SHOWN]!r}, which is no request")
        method, path, body = asked["method"] or _READ, asked["path"], (asked["body"] or "").encode()
        limits = http.Limits(connect_s=within, read_s=within, total_s=2 * within)
        tx = now()
        try:
            answer = await asyncio.to_thread(
                http.exchange,
                self._session,
                method,
                replace(self._home, target=path),
                device=self._bus.address,
                limits=limits,
                data=None if method == _READ else body,
                headers={"Content-Type": "application/xml" if body[:1] == b"<" else "application/json"}
                if body
                else None,
                once=method == _COMMAND,
            )
        except RigFault as fault:
            raise Unsure(fault.what.rstrip("."), fault.remedy) from fault
        rx = now()
        if answer.status == _UNAUTHORISED:
            raise Denied("refused the password", "Check user and password the site file refers to.")
        self._listen()
        return MessageAnswer(self._records(answer, path, expect, reading=method != _COMMAND), tx, rx)

    async def wait(self, expect: str, within: float) -> MessageAnswer:
        """HTTP devices send no greeting."""
        raise Unsure(f"said nothing like {expect!r} within {within:g} s")

    def send(self, text: str) -> None:
        """HTTP devices need no acknowledgement."""

    def poll_closely(self, *, closely: bool) -> None:
        """Nothing to do: every request has its own stamps."""

    def close(self) -> None:
        if self._events is not None:
            self._events.stop()
            self._events = None
        if self._session is not None:
            self._session.close()
            self._session = None

    def _listen(self) -> None:
        """Open the event stream after a request succeeded, so a wrong password is tried only once."""
        if self._speech.events and self._events is None and self._session is not None:
            self._events = _Events(
                self._new_session(), replace(self._home, target=self._speech.events), self._hearing
            )
            self._events.start()

    def _new_session(self) -> http.HttpSession:
        who = self._secrets
        return http.session(who.user, who.password, home=self._home, verify_tls=self._speech.tls_verify)

    @staticmethod
    def _records(answer: http.HttpAnswer, path: str, expect: str, *, reading: bool) -> str:
        text, unread = "", ""
        try:
            text = "\n".join(lines(one) for one in _documents(answer) if one.strip())
        except ValueError as error:
            unread = str(error)
        if answer.status >= _BAD:
            reason = text or answer.content[:_SHOWN].decode("utf-8", "replace")
            raise LinkFault(f"answered {path} with status {answer.status} ({reason[:_SHOWN]})", "")
        if unread and reading:
            raise Unsure(
                f"answered {path} with what cannot be read ({unread})", "Check profile and firmware."
            )
        if not reading and any(code not in _DONE for code in _STATUS.findall(text)):
            raise LinkFault(
                f"refused {path} ({text[:_SHOWN]})", "Check the rights of the user it is given as."
            )
        if expect and re.search(expect, text, re.MULTILINE) is None and expect != ".":
            raise Unsure(f"answered {path} with something else ({text[:_SHOWN]})", "Check the profile.")
        return text


def _documents(answer: http.HttpAnswer) -> list[bytes]:
    """The body, or the documents among its parts: pictures may stand beside a record."""
    if not answer.media_type.startswith("multipart/"):
        return [answer.content]
    parts = PartReader.of(answer.content_type).feed(answer.content)
    found = [one for one in parts if one[:1] in (b"{", b"[", b"<")]
    if not found:
        raise ValueError("none of its parts is JSON or XML")
    return found


class _Events:
    """Reads the event stream in its own thread and reopens it when it ends."""

    def __init__(self, session: http.HttpSession, url: Address, hearing: Hearing) -> None:
        self._session = session
        self._url = url
        self._hearing = hearing
        self._ended = threading.Event()
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        threading.Thread(target=self._run, name="event-stream", daemon=True).start()

    def stop(self) -> None:
        self._ended.set()
        self._session.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            with contextlib.suppress(RigFault, HTTPException, OSError, ValueError):
                self._read()
            self._ended.wait(_AGAIN_S)

    def _read(self) -> None:
        limits = http.Limits(connect_s=_AGAIN_S, read_s=_STREAM_SILENCE_S)
        with http.streaming(self._session, self._url, device=self._url.netloc, limits=limits) as response:
            if response.status == _UNAUTHORISED:
                self._ended.set()  # not tried again: the device would lock the account
            if response.status >= _BAD:
                return
            parts = PartReader.of(response.headers.get("Content-Type", ""))
            asked = now()
            while data := response.read1(_CHUNK):
                rx = now()
                for body in parts.feed(data):
                    self._tell(body, asked, rx)
                asked = now()

    def _tell(self, body: bytes, idle: float, rx: float) -> None:
        with contextlib.suppress(
            ValueError
        ):  # a picture, or a record that cannot be read: the states are polled
            text = lines(body)
            with contextlib.suppress(RuntimeError):  # the event loop has ended meanwhile
                self._loop.call_soon_threadsafe(self._hearing, Heard(text), idle, rx)
