# SPDX-License-Identifier: Apache-2.0
"""RTSP 1.0 messages (RFC 2326) with the headers of ONVIF replay: requests, answers, and SDP."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from yanshou.emulation.video.coding import FPS, ParameterSets
from yanshou.emulation.video.http import parse_head
from yanshou.emulation.video.rtp import CLOCK_HZ, PAYLOAD_TYPE

REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    457: "Invalid Range",
    461: "Unsupported Transport",
    551: "Option not supported",
}
JPEG = 26
"""Payload type of Motion JPEG (RFC 3551)."""

_LONGEST_BODY = 65536
_CLOCK = re.compile(r"clock\s*=\s*([\dTZ.]+)\s*-\s*([\dTZ.]*)")
_INTRA = re.compile(r"intra(?:/(\d+))?")


class RtspError(Exception):
    """A request that is refused with a status and further headers."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(f"{status} {REASONS[status]}")
        self.status, self.headers = status, headers


@dataclass(frozen=True, slots=True)
class EmulatedRtspRequest:
    """One request; header names in lower case, ``path`` without leading slash and query."""

    method: str
    url: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """Path of the URL."""
        return unquote(urlsplit(self.url).path).strip("/")

    @property
    def cseq(self) -> int:
        """Sequence number, 0 when it is none."""
        text = self.headers.get("cseq", "0")
        return int(text) if re.fullmatch(r"\d{1,9}", text) else 0

    @property
    def required(self) -> list[str]:
        """Features the client requires."""
        return [name.strip() for name in self.headers.get("require", "").split(",") if name.strip()]

    @property
    def scale(self) -> float:
        """Scale, 1 when left out; zero, endless and unreadable ones are refused."""
        try:
            scale = float(self.headers.get("scale", "1"))
        except ValueError:
            raise RtspError(400) from None
        if not math.isfinite(scale) or scale == 0:
            raise RtspError(400)
        return scale

    def clock_range(self) -> tuple[float, float | None] | None:
        """Start and end (None: open) of a ``clock`` range in Unix s; None when no such range is asked for."""
        text = self.headers.get("range", "")
        if not text.startswith("clock"):
            return None
        found = _CLOCK.match(text)
        if not found:
            raise RtspError(457)
        start, end = (parse_clock(part) for part in found.groups())
        if start is None or (found[2] and end is None):
            raise RtspError(457)
        return start, end

    def intra_interval_s(self) -> float | None:
        """Least distance of intra frames (``Frames: intra`` or ``intra/milliseconds``); None: all frames."""
        found = _INTRA.match(self.headers.get("frames", ""))
        return None if not found else int(found[1] or 0) / 1000


async def read_request(reader: asyncio.StreamReader) -> EmulatedRtspRequest | bytes | None:
    """The next request or interleaved packet; None when the connection has ended or speaks no RTSP."""
    try:
        first = await reader.readexactly(1)
        if first == b"$":
            head = await reader.readexactly(3)
            return await reader.readexactly(int.from_bytes(head[1:], "big"))
        (method, url, _), headers = parse_head((first + await reader.readuntil(b"\r\n\r\n"))[:-4].lstrip())
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= _LONGEST_BODY:
            return None
        await reader.readexactly(length)
        return EmulatedRtspRequest(method, url, headers)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, ConnectionError):
        return None


def answer(request: EmulatedRtspRequest, status: int, headers: Mapping[str, str], body: str = "") -> bytes:
    """The bytes of an answer."""
    lines = [f"RTSP/1.0 {status} {REASONS[status]}", f"CSeq: {request.headers.get('cseq', '0')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body.encode())}"] if body else []
    return "\r\n".join([*lines, "", body]).encode()


def clock_text(utc: float) -> str:
    """UTC time of a clock range (RFC 2326, 3.7), to the millisecond."""
    moment = datetime.fromtimestamp(round(utc, 3), UTC)
    return moment.strftime("%Y%m%dT%H%M%S.") + f"{moment.microsecond // 1000:03d}Z"


def parse_clock(text: str) -> float | None:
    """Unix seconds of a UTC time of a clock range; None when it is none."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    try:
        moment = datetime.strptime(whole, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return moment.timestamp() + (float(f"0.{fraction}") if fraction else 0.0)
    except ValueError:
        return None


def describe(
    sets: ParameterSets, host: str, track: str, extent: tuple[float, float] | None, encoding: str = ""
) -> str:
    """SDP of a live stream, or of a recording when its ``extent`` (Unix s) is given.

    ``encoding`` is what a wrong description states instead of what is sent.
    """
    name = encoding or sets.codec.upper()
    payload_type = JPEG if name == "JPEG" else PAYLOAD_TYPE
    span = f"clock={clock_text(extent[0])}-{clock_text(extent[1])}" if extent else "npt=now-"
    lines = [
        "v=0",
        f"o=- 1 1 IN IP4 {host}",
        "s=emulated camera",
        f"c=IN IP4 {host}",
        "t=0 0",
        "a=control:*",
        f"a=range:{span}",
        f"m=video 0 RTP/AVP {payload_type}",
        f"a=rtpmap:{payload_type} {name}/{CLOCK_HZ}",
        *([] if encoding else [f"a=fmtp:{PAYLOAD_TYPE} {sets.format}"]),
        f"a=framerate:{FPS}",
        "a=control:track1",
        "a=recvonly",
        *([f"a=x-onvif-track:{track}"] if extent else []),
    ]
    return "\r\n".join([*lines, ""])
