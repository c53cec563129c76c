# SPDX-License-Identifier: Apache-2.0
"""RTSP messages and the interleaved framing (RFC 2326 §4–§10.12): bytes in, messages out, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from yanshou.model import RigFault

MAX_HEADER: Final = 64 * 1024
_UNAUTHORIZED: Final = 401
MAX_BODY: Final = 1024 * 1024
_DOLLAR: Final = 0x24
_FRAME_HEADER: Final = 4
_ANSWER: Final = b"RTSP/"
_STATUS: Final = re.compile(rb"^RTSP/\d+\.\d+[ \t]+(\d{3})[ \t]*(.*)$")
_REQUEST: Final = re.compile(rb"^([A-Z_]+)[ \t]+(\S+)[ \t]+RTSP/\d+\.\d+$")

# RFC 2326 §11.3 and ONVIF Streaming Specification, worded for somebody standing in front of the device.
MEANINGS: Final = {
    400: "the device does not understand the request",
    401: "user name or password refused",
    403: "this user may not see the stream",
    404: "there is no such stream or recording",
    406: "the device cannot describe the stream",
    415: "the device cannot describe the stream",
    453: "the device has no session or bandwidth to give; other clients are connected",
    454: "the device has forgotten the session",
    455: "the device cannot do that now",
    457: "there is no picture in the asked range of time",
    459: "the device wants the whole presentation to be asked, not one track",
    461: "the device does not offer this transport",
    500: "the device failed inside",
    501: "the device does not support this method",
    503: "the device is busy",
    505: "the device speaks another version of RTSP",
    551: "the device does not support the asked option (replay by ONVIF)",
}


class RtspRefused(RigFault):
    """The server answered with a status other than 200; ``status`` and the server's own words are kept.

    ``location`` is where a redirection points to.
    """

    def __init__(
        self, what: str, *, status: int, device: str = "", remedy: str = "", location: str = ""
    ) -> None:
        # repeating a wrong password could lock the account
        super().__init__(what, device=device, remedy=remedy, final=status == _UNAUTHORIZED)
        self.status = status
        self.location = location


class BrokenStream(ValueError):
    """The bytes from the server are neither RTSP nor interleaved frames, or exceed their bounds."""


@dataclass(frozen=True, slots=True)
class RtspResponse:
    """One response.  Header names are in lower case; repeated headers are joined by a newline."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def cseq(self) -> int | None:
        """The CSeq the server answers to, when it tells a number."""
        text = self.headers.get("cseq", "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class RtspRequest:
    """A request that the server sends to us (ANNOUNCE, SET_PARAMETER, TEARDOWN ...)."""

    method: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Interleaved:
    """One binary frame: channel and payload (an RTP or RTCP packet)."""

    channel: int
    payload: bytes


def request(method: str, uri: str, headers: Mapping[str, str]) -> bytes:
    """The bytes of a request; ValueError when a value would break out of its line."""
    lines = [f"{method} {uri} RTSP/1.0", *(f"{name}: {value}" for name, value in headers.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header of the request contains a line break")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def as_text(method: str, response: RtspResponse) -> str:
    """One line for a person about a refusal."""
    meaning = MEANINGS.get(response.status, "the device refused")
    return f"{method}: {meaning} ({response.status} {response.reason[:120]})".replace(" )", ")")


class RtspWire:
    """Splits the bytes of a control connection into responses, requests and interleaved frames.

    Never holds more than one message of bounded size. Other bytes raise BrokenStream, except stray bytes that
    some servers send between messages; those are counted in ``skipped``.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.skipped = 0

    def feed(self, data: bytes) -> Iterator[RtspResponse | RtspRequest | Interleaved]:
        """All messages completed by ``data``, in order."""
        self._buffer += data
        while self._buffer:
            message = self._frame() if self._buffer[0] == _DOLLAR else self._message()
            if message is None:
                return
            yield message

    def _frame(self) -> Interleaved | None:
        if len(self._buffer) < _FRAME_HEADER:
            return None
        end = _FRAME_HEADER + int.from_bytes(self._buffer[2:4])
        if len(self._buffer) < end:
            return None
        frame = Interleaved(self._buffer[1], bytes(self._buffer[_FRAME_HEADER:end]))
        del self._buffer[:end]
        return frame

    def _message(self) -> RtspResponse | RtspRequest | Interleaved | None:
        self._skip_stray()
        if not self._buffer or self._buffer[0] == _DOLLAR:
            return self._frame() if self._buffer else None
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MAX_HEADER:
                raise BrokenStream(f"a message header longer than {MAX_HEADER} bytes")
            return None
        head = bytes(self._buffer[:end])
        headers = _headers(head)
        length = _length(headers)
        if len(self._buffer) < end + 4 + length:
            return None
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        return _message(head, headers, body)

    def _skip_stray(self) -> None:
        """Drop bytes up to the next message; keep what may be the beginning of one."""
        if _plausible(self._buffer):
            return
        starts = [at for at in (self._buffer.find(_ANSWER), self._buffer.find(b"$")) if at >= 0]
        cut = max(min(starts, default=len(self._buffer) - self._begun()), 1)
        self.skipped += cut
        del self._buffer[:cut]
        if self.skipped > MAX_BODY:
            raise BrokenStream("the server sends neither RTSP nor interleaved frames")

    def _begun(self) -> int:
        """How many of the last bytes may be the beginning of an answer whose rest is still to come."""
        return next((n for n in range(len(_ANSWER) - 1, 0, -1) if self._buffer.endswith(_ANSWER[:n])), 0)


def _plausible(buffer: bytearray) -> bool:
    """Whether the buffer begins like a response or a request line."""
    first = bytes(buffer[:5])
    if _ANSWER.startswith(first):
        return True
    line = bytes(buffer[:MAX_HEADER]).partition(b"\r\n")[0]
    word = line.partition(b" ")[0]
    return bool(re.fullmatch(rb"[A-Z_]{1,24}", word))


def _headers(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head.split(b"\r\n")[1:]:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            key, text = name.strip().lower(), value.strip()
            found[key] = f"{found[key]}\n{text}" if key in found else text
    return found


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "0").strip() or "0"
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > MAX_BODY:  # noqa: PLR2004
        raise BrokenStream(f"a body of {text[:20]} bytes")
    return int(text)


def _message(head: bytes, headers: dict[str, str], body: bytes) -> RtspResponse | RtspRequest:
    line = head.partition(b"\r\n")[0]
    status = _STATUS.match(line)
    if status:
        return RtspResponse(int(status[1]), status[2].decode("utf-8", "replace").strip(), headers, body)
    asked = _REQUEST.match(line)
    if asked:
        return RtspRequest(asked[1].decode(), headers)
    raise BrokenStream(f"not an RTSP message: {line[:60]!r}")
