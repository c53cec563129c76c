# SPDX-License-Identifier: Apache-2.0
"""HTTP to one device: bounded in time and size, digest when asked, no proxies, no other host.

The password goes to the host of the site file only: by digest to any of its ports, since devices put services
on several; in clear (Basic) only to the scheme and port that the site file names. A redirection is followed
at the same host. Irregular answers that other clients also accept are read, and noted in
``HttpAnswer.oddities``.
"""

from __future__ import annotations

import contextlib
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.client import BadStatusLine, HTTPException, HTTPResponse
from typing import Final

from yanshou.model import Connection, RigFault
from yanshou.protocols.address import (
    PORTS,
    Address,
    NoAddress,
    bare_host,
    pinned,
    read_address,
    read_reference,
)
from yanshou.protocols.bounded import BoundedConnection, TooLate, tls_context
from yanshou.protocols.credentials import Credentials

MAX_BYTES: Final = 32 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_UNAUTHORIZED: Final = 401
_REDIRECTIONS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTIONS: Final = 3
_MOST_SIGNATURES: Final = 2  # tries of one request: the first, and one for a stale nonce
_LONGEST_QUOTED: Final = 200  # longest quoted reason; a device may send anything
_REACH: Final = "Check that the device is on, and its address and port."


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one exchange: connecting, silence between bytes and total time in seconds; size in bytes."""

    connect_s: float = 5.0
    read_s: float = 5.0
    total_s: float = 30.0
    max_bytes: int = MAX_BYTES


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status and body of one answer; ``content_type`` as the header writes it; ``oddities`` in words.

    ``withheld`` says why the password was not sent after a 401; empty if it was.
    """

    status: int
    content: bytes
    content_type: str = ""
    oddities: tuple[str, ...] = ()
    challenge: str = ""
    location: str = ""
    withheld: str = ""

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.content_type.partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class _Question:
    """One request, and the bounds of its answer."""

    method: str
    address: Address
    device: str
    limits: Limits
    data: bytes | None
    headers: Mapping[str, str]


@dataclass(slots=True)
class HttpSession:
    """The connections to one device and our credentials; ``home`` is its address by the site file.

    Thread-safe: every exchange has a connection of its own, which is kept for the next one.
    """

    home: Address
    user: str = ""
    password: str = field(default="", repr=False)
    verify_tls: bool = True
    _idle: dict[tuple[str, str, int], list[BoundedConnection]] = field(default_factory=dict)
    _known: dict[tuple[str, str, int], Credentials] = field(default_factory=dict)
    _open: set[BoundedConnection] = field(default_factory=set)
    _closed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; an exchange under way ends."""
        with self._lock:
            self._closed = True
            connections = list(self._open)
            self._idle.clear()
            self._open.clear()
        for one in connections:
            one.end()

    def credentials(self, at: Address) -> Credentials:
        """Our credentials for that origin, and the challenge it last sent."""
        with self._lock:
            clear = at.origin == self.home.origin
            return self._known.setdefault(at.origin, Credentials(self.user, self.password, clear=clear))

    def take(self, at: Address, connect_s: float) -> BoundedConnection:
        """A connection to that origin: a kept one that still stands, else a new one that is not open yet."""
        with self._lock:
            kept = self._idle.get(at.origin, [])
            while kept:
                one = kept.pop()
                if not one.dropped:
                    return one
                self._open.discard(one)
                one.end()
            _, _, port = at.origin
            tls = tls_context(verify=self.verify_tls) if at.scheme == "https" else None
            made = BoundedConnection(self.home.host, port, connect_s, tls)
            self._open.add(made)
            return made

    def give_back(self, at: Address, connection: BoundedConnection, *, again: bool) -> None:
        """Keep the connection for the next exchange, or close it."""
        with self._lock:
            again = again and not self._closed
            if again:
                self._idle.setdefault(at.origin, []).append(connection)
            else:
                self._open.discard(connection)
        if not again:
            connection.end()


def session(user: str, password: str, *, home: Address, verify_tls: bool = True) -> HttpSession:
    """A session for one device, whose address by the site file is ``home``."""
    return HttpSession(home, user, password, verify_tls)


def home(host: str, port: int | None, *, tls: bool, target: str = "") -> Address:
    """The address of a device as the site file names it; the usual port where it names none."""
    scheme = "https" if tls else "http"
    return Address(scheme, host, port or PORTS[scheme], target)


def base(connection: Connection) -> Address:
    """``http://host:port`` of a connection; https where its option ``tls`` says so."""
    return home(connection.host, connection.port, tls=bool(connection.options.get("tls", False)))


def exchange(
    http: HttpSession,
    method: str,
    url: str | Address,
    *,
    device: str,
    limits: Limits,
    data: bytes | None = None,
    headers: dict[str, str] | None = None,
    once: bool = False,
) -> HttpAnswer:
    """One request and its whole answer.

    A kept-alive connection that the device closed meanwhile is opened again, except for a request that may be
    sent only ``once``, which also follows no redirection. Raises RigFault, naming ``device``, if the device
    refuses, hangs, redirects to another host, sends too much or breaks off.
    """
    question = _Question(method, _address(http, url, device), device, limits, data, headers or {})
    oddities: list[str] = []
    for _ in range(_MOST_REDIRECTIONS + 1):
        answer = _signed(http, question, once=once)
        if answer.status not in _REDIRECTIONS or not answer.location or once:
            return replace(answer, oddities=(*oddities, *answer.oddities)) if oddities else answer
        to = _redirected(http, question, answer)
        oddities.append(f"{question.address} is redirected to {to} (HTTP {answer.status})")
        question = replace(question, address=to)
    raise RigFault(f"{url} is redirected more than {_MOST_REDIRECTIONS} times.", device=device)


@contextlib.contextmanager
def streaming(
    http: HttpSession, url: str | Address, *, device: str, limits: Limits
) -> Iterator[HTTPResponse]:
    """GET of an answer that has no end (an event stream); read it with ``read1``.

    ``limits.read_s`` bounds the silence; the total time is not bounded. Raises as :func:`exchange` does, and
    OSError while reading; the caller checks the status.
    """
    question = _Question("GET", _address(http, url, device), device, limits, None, {})
    credentials = http.credentials(question.address)
    connection = http.take(question.address, limits.connect_s)
    try:
        response = _sent(connection, question, credentials, endless=True)
        if response.status == _UNAUTHORIZED and credentials.answers(_challenge(response)):
            response.read(_CHUNK)
            connection.end()
            response = _sent(connection, question, credentials, endless=True)
        yield response
    finally:
        http.give_back(question.address, connection, again=False)


def _address(http: HttpSession, url: str | Address, device: str) -> Address:
    """The address to ask; RigFault if it is not an address, or of another host."""
    try:
        address = read_address(url) if isinstance(url, str) else url
    except NoAddress as error:
        raise RigFault(f"{url!r} cannot be asked: {error}", device=device) from None
    if address.scheme not in {"http", "https"} or bare_host(address.host) != bare_host(http.home.host):
        raise RigFault(
            f"{address} is not asked: the site file names {http.home.netloc} for this device.", device=device
        )
    return address if address.host == http.home.host else replace(address, host=http.home.host)


def _redirected(http: HttpSession, question: _Question, answer: HttpAnswer) -> Address:
    """Where a redirection leads, on the same host; RigFault if it leads elsewhere."""
    try:
        to = read_reference(answer.location, question.address)
    except NoAddress as error:
        what = f"{question.address} is redirected to {answer.location[:_LONGEST_QUOTED]!r}: {error}"
        raise RigFault(what, device=question.device) from None
    if bare_host(to.host) != bare_host(http.home.host):
        raise RigFault(
            f"{question.address} is redirected to another host, {to.netloc}; nothing is sent there.",
            device=question.device,
            remedy="If the device really is there, write that address into the site file.",
        )
    return _address(http, pinned(to, http.home), question.device)


def _signed(http: HttpSession, question: _Question, *, once: bool) -> HttpAnswer:
    """The answer, after authentication if that was asked for."""
    credentials = http.credentials(question.address)
    for _ in range(_MOST_SIGNATURES):
        answer = _whole(http, question, credentials, once=once)
        if answer.status != _UNAUTHORIZED:
            credentials.accepted()
            return answer
        if not credentials.answers(answer.challenge):
            return replace(answer, withheld=credentials.withheld)
    return _whole(http, question, credentials, once=once)


def _whole(http: HttpSession, question: _Question, credentials: Credentials, *, once: bool) -> HttpAnswer:
    """One exchange, repeated once if a kept connection had been closed meanwhile; RigFault in words."""
    while True:
        connection = http.take(question.address, question.limits.connect_s)
        kept = connection.sock is not None
        try:
            response = _sent(connection, question, credentials)
            answer = _answer(response, question)
        except BaseException as error:
            http.give_back(question.address, connection, again=False)
            if kept and not once and not connection.began and isinstance(error, ConnectionError):
                continue
            if isinstance(error, OSError | HTTPException | ValueError | zlib.error):
                raise _fault(error, question, connection) from None
            raise
        http.give_back(question.address, connection, again=not response.will_close)
        return answer


def _sent(
    connection: BoundedConnection, question: _Question, credentials: Credentials, *, endless: bool = False
) -> HTTPResponse:
    """The request on its way, and the head of its answer."""
    limits = question.limits
    connection.deadline.silence_s = limits.read_s
    connection.deadline.at = time.monotonic() + (float("inf") if endless else limits.total_s)
    connection.began = False
    response = connection.ask(question.method, _request(question, credentials))
    connection.began = True
    return response


def _request(question: _Question, credentials: Credentials) -> bytes:
    """The bytes of a request; ValueError when a value would break out of its line."""
    target, data = question.address.target or "/", question.data
    address = question.address
    name, zone, _ = address.host.partition("%")
    host = (replace(address, host=name) if zone else address).netloc
    lines = [f"{question.method} {target} HTTP/1.1", f"Host: {host}", "Accept-Encoding: identity"]
    lines += ["User-Agent: yanshou", *(f"{name}: {value}" for name, value in question.headers.items())]
    if data is not None:
        lines.append(f"Content-Length: {len(data)}")
    if signed := credentials.authorization(question.method, target, data or b""):
        lines.append(f"Authorization: {signed}")
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header of the request contains a line break")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (data or b"")


def _answer(response: HTTPResponse, asked: _Question) -> HttpAnswer:
    """The whole answer; RigFault when it is too long."""
    content, limits, oddities = bytearray(), asked.limits, []
    while piece := response.read(_CHUNK):
        content += piece
        if len(content) > limits.max_bytes:
            raise _too_long(asked)
    if response.length:
        raise HTTPException(f"{response.length} bytes are missing")
    coding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    body = bytes(content)
    if coding != "identity" and body:
        body = _unpacked(body, coding, asked)
        oddities.append(f"{asked.address} sends compressed answers ({coding[:20]}) that were not asked for")
    return HttpAnswer(
        response.status,
        body,
        response.headers.get("Content-Type", ""),
        tuple(oddities),
        _challenge(response),
        response.headers.get("Location", ""),
    )


def _unpacked(content: bytes, coding: str, asked: _Question) -> bytes:
    """The unpacked content of gzip or deflate, within the size limit of the answer."""
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise RigFault(
            f"the answer is compressed in a way nobody asked for ({coding[:20]}).", device=asked.device
        )
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: gzip and zlib alike
    body = unpack.decompress(content, asked.limits.max_bytes + 1)
    if len(body) > asked.limits.max_bytes:
        raise _too_long(asked)
    if not unpack.eof:
        raise HTTPException("the compressed answer is cut short")
    return body


def _too_long(asked: _Question) -> RigFault:
    return RigFault(f"the answer is longer than {asked.limits.max_bytes} bytes.", device=asked.device)


def _challenge(response: HTTPResponse) -> str:
    return "\n".join(response.headers.get_all("WWW-Authenticate") or [])


def _fault(error: Exception, asked: _Question, connection: BoundedConnection) -> RigFault:
    """The trouble on the way, in words."""
    url, device = asked.address, asked.device
    if isinstance(error, TooLate) or (isinstance(error, TimeoutError) and connection.deadline.over):
        return RigFault(f"the answer from {url} took longer than {asked.limits.total_s:g} s.", device=device)
    if isinstance(error, TimeoutError):
        what = f"no answer from {url} within {asked.limits.read_s:g} s."
        return RigFault(what, device=device, remedy="Check the cable, the address and the port.")
    if isinstance(error, BadStatusLine) and not isinstance(error, ConnectionError):
        return RigFault(f"what answers at {url} does not speak HTTP.", device=device)
    if connection.began or isinstance(error, HTTPException):
        return RigFault(f"the answer from {url} broke off ({_short(error)}).", device=device)
    return RigFault(f"no connection to {url}: {_short(error)}.", device=device, remedy=_REACH)


def _short(error: Exception) -> str:
    text = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    said = "".join(one if one.isprintable() else " " for one in text)
    return said.strip()[:_LONGEST_QUOTED] or type(error).__name__
