# SPDX-License-Identifier: Apache-2.0
"""SIP messages (RFC 3261) as devices send them: read by aiosipua, checked here.

The library passes over what it cannot read (a header without colon, a Content-Length that is no number) and
cuts a body that is longer than Content-Length. A device that counts its line ends wrong would lose its
catalogue by that. So the head is checked and the body is cut off here, and each deviation is told.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Final

from aiosipua import SipMessage, SipRequest, SipResponse, parse_address

from yanshou.model import Instant
from yanshou.protocols.gb28181.findings import SipOddity

LONGEST_HEAD: Final = 16 * 1024
LONGEST_BODY: Final = 256 * 1024
_MOST_LENGTH_DIGITS: Final = 9
_MOST_CSEQ: Final = 2**31
_SHOWN: Final = 200
_END: Final = re.compile(rb"\r\n\r\n|\n\n")
_REQUEST: Final = re.compile(r"[A-Z]{1,20} sips?:[^\s]{1,256} SIP/2\.0")
_STATUS: Final = re.compile(r"SIP/2\.0 [1-6][0-9]{2} ?[^\r\n]*")
_START: Final = re.compile(rb"[A-Z]{1,20} sips?:|SIP/2\.0 ")
_NEXT: Final = re.compile(rb"[\n>](?=[A-Z]{1,20} sips?:|SIP/2\.0 )")
_PART: Final = re.compile(rb"(?:[A-Z]{1,20}(?: (?:s(?:i(?:ps?)?)?)?)?|SIP/(?:2(?:\.0?)?)?)?")
_LONGEST_START: Final = 26  # a method of 20 letters and " sips:"
_LENGTH: Final = re.compile(
    rb"^(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_SEQUENCE: Final = re.compile(r"([0-9]{1,10})\s+([A-Z]{1,20})")
_ONCE: Final = ("from", "to", "call-id", "cseq", "content-length", "expires")
_NEEDED: Final = ("via", "from", "to", "call-id", "cseq")

# it would print what is told here as SipOddity, to the console of whoever runs a test
logging.getLogger("aiosipua.message").disabled = True


class UnreadableSip(ValueError):
    """Bytes that are no SIP message; says why."""


@dataclass(frozen=True, slots=True)
class SipReading:
    """One message: its head (the body of ``head`` is empty), its whole body, and what is odd in its form."""

    head: SipRequest | SipResponse
    body: bytes
    oddities: tuple[SipOddity, ...]
    sequence: int
    method: str

    def header(self, name: str) -> str:
        """The first value of a header; empty if there is none."""
        return self.head.get_header(name) or ""

    @property
    def call_id(self) -> str:
        """The Call-ID."""
        return self.header("call-id")

    @property
    def sender(self) -> str:
        """The user part of From: the code of the device that sends a request; empty if there is none."""
        return parse_address(self.header("from")).uri.user or ""


@dataclass(frozen=True, slots=True)
class SipFrame:
    """The bytes of one message of a TCP connection and the arrival of the first and of the last of them.

    ``tail``: what followed in the same read and begins no message, so Content-Length was too small.
    """

    data: bytes
    tail: bytes
    first: Instant
    complete: Instant


@dataclass(frozen=True, slots=True)
class SipNoise:
    """Bytes of a TCP connection that belong to no message: the first of them, and their number."""

    data: bytes
    count: int
    at: Instant


def read_sip(data: bytes, *, stream: bool = False) -> SipReading:
    """Read one message: a whole datagram, or what a SipFrame holds (``stream``).

    Raises UnreadableSip for what is no message, is too long, or leaves the addressee of an answer in doubt.
    """
    end = _END.search(data[: LONGEST_HEAD + 4])
    if end is None:
        raise UnreadableSip(f"no empty line ends the headers within {LONGEST_HEAD} bytes")
    head, body = data[: end.start()], data[end.end() :]
    if len(body) > LONGEST_BODY:
        raise UnreadableSip(f"a body of {len(body)} bytes, at most {LONGEST_BODY} are taken")
    odd = _odd_head(head)
    try:
        message = SipMessage.parse(head + b"\r\n\r\n")
    except ValueError as error:
        raise UnreadableSip(str(error)[:_SHOWN]) from None
    odd += _odd_length(message, len(body), stream=stream)
    sequence, method = _checked(message, odd)
    return SipReading(message, body, tuple(dict.fromkeys(odd)), sequence, method)


def _odd_head(head: bytes) -> list[SipOddity]:
    odd = []
    if head.count(b"\n") != head.count(b"\r\n") or head.count(b"\r") != head.count(b"\n"):
        odd.append(SipOddity.BARE_LINE_ENDS)
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        odd.append(SipOddity.NOT_UTF8)
        text = head.decode("utf-8", "replace")
    first, *lines = re.split(r"\r\n|\r|\n", text)
    if not (_REQUEST.fullmatch(first) or _STATUS.fullmatch(first)):
        raise UnreadableSip(f"begins with no line of SIP: {first[:60]!r}")
    if any(line and line[0] not in " \t" and ":" not in line for line in lines):
        odd.append(SipOddity.NO_COLON)
    return odd


def _odd_length(message: SipMessage, length: int, *, stream: bool) -> list[SipOddity]:
    said = message.get_header("content-length")
    if said is None:
        return [SipOddity.NO_LENGTH] if stream or length else []
    if not _is_length(said):
        return [SipOddity.BAD_LENGTH]
    if int(said) == length:
        return []
    return [SipOddity.LENGTH_SHORT if int(said) < length else SipOddity.LENGTH_LONG]


def _is_length(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_LENGTH_DIGITS


def _checked(message: SipRequest | SipResponse, odd: list[SipOddity]) -> tuple[int, str]:
    """The number and method of CSeq, once each header that an answer needs stands there and only once."""
    for name in _NEEDED:
        if not message.get_header(name):
            raise UnreadableSip(f"no header {name}")
    for name in _ONCE:
        values = message.get_header_values(name)
        if len(set(values)) > 1:
            raise UnreadableSip(f"several headers {name} that differ")
        if len(values) > 1:
            odd.append(SipOddity.TWICE)
    found = _SEQUENCE.fullmatch(message.get_header("cseq") or "")
    if found is None or int(found[1]) >= _MOST_CSEQ:
        raise UnreadableSip("CSeq is not a number and a method")
    if isinstance(message, SipRequest) and message.method != found[2]:
        raise UnreadableSip(f"the request is {message.method}, its CSeq says {found[2]}")
    return int(found[1]), found[2]


def reply_to(
    asked: SipReading, status: int, reason: str, *, tag: str, headers: tuple[tuple[str, str], ...] = ()
) -> bytes:
    """The answer to a request, with our ``tag`` in To unless one stands there.

    It has to go back on the connection the request came by: addresses in Via and Contact are not trusted.
    """
    answer = SipResponse(status_code=status, reason_phrase=reason)
    for via in asked.head.get_header_values("via"):
        answer.add_header("Via", via)
    answer.add_header("From", asked.header("from"))
    to = asked.header("to")
    answer.add_header("To", to if parse_address(to).tag else f"{to};tag={tag}")
    answer.add_header("Call-ID", asked.call_id)
    answer.add_header("CSeq", f"{asked.sequence} {asked.method}")
    for name, value in headers:
        answer.add_header(name, value)
    return bytes(answer)


class SipFramer:
    """The messages of one TCP connection, by Content-Length.

    A message without a usable Content-Length ends with its head; its body is then reported as tail or noise.
    At most one message and one read are held.
    """

    def __init__(self) -> None:
        self._held = b""
        self._first: Instant | None = None

    @property
    def held(self) -> int:
        """How many bytes wait for the rest of a message."""
        return len(self._held)

    def feed(self, data: bytes, at: Instant) -> list[SipFrame | SipNoise]:
        """Take what arrived at ``at``; returns what is complete with it, in its order."""
        if not self._held:
            self._first = at
        self._held += data
        found: list[SipFrame | SipNoise] = []
        while (piece := self._piece(at)) is not None:
            found.append(piece)
            self._first = at
        return found

    def end(self, at: Instant) -> SipNoise | None:
        """The rest that became no message when the connection ended."""
        rest, self._held = self._held.strip(b"\r\n\0 "), b""
        return SipNoise(rest[:_SHOWN], len(rest), at) if rest else None

    def _piece(self, at: Instant) -> SipFrame | SipNoise | None:
        self._held = self._held.lstrip(b"\r\n")  # keep-alive of the connection (RFC 5626)
        if not self._held:
            return None
        if not _may_begin(self._held):
            return self._drop(at)
        end = _END.search(self._held[: LONGEST_HEAD + 4])
        if end is None:
            return None if len(self._held) <= LONGEST_HEAD else self._drop(at)
        lengths = set(_LENGTH.findall(self._held[: end.start()]))
        said = lengths.pop().decode("latin-1") if len(lengths) == 1 else ""
        length = int(said) if _is_length(said) else 0
        if length > LONGEST_BODY:
            return self._drop(at)
        whole = end.end() + length
        if len(self._held) < whole:
            return None
        message, rest = self._held[:whole], self._held[whole:]
        tail = b"" if _may_begin(rest.lstrip(b"\r\n")) else rest[: _next_start(rest)]
        self._held = rest[len(tail) :]
        first = self._first or at
        return SipFrame(message, tail.strip(b"\r\n"), first, at)

    def _drop(self, at: Instant) -> SipNoise:
        """Give up what is held, up to the next line that begins a message."""
        place = _next_start(self._held)
        waste, self._held = self._held[:place], self._held[place:]
        return SipNoise(waste[:_SHOWN], len(waste), at)


def _may_begin(data: bytes) -> bool:
    """Whether ``data`` begins a message, or may do so once more has come."""
    if len(data) >= _LONGEST_START:
        return _START.match(data) is not None
    return _PART.fullmatch(data) is not None or _START.match(data) is not None


def _next_start(data: bytes) -> int:
    """Where the next message begins, after the end of a line or of an element; the end if none does."""
    found = _NEXT.search(data)
    if found is not None:
        return found.end()
    last = max(data.rfind(b"\n"), data.rfind(b">")) + 1
    return last if last and _may_begin(data[last:]) else len(data)
