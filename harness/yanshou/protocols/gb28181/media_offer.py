# SPDX-License-Identifier: Apache-2.0
"""What the platform offers in an INVITE, and what a device answers (GB/T 28181 annex F; RFC 4566).

The platform offers program streams. To see which payload type a device gives H.265 it offers H.265 without
a container, once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PS_TYPE: Final = 96
"""Payload type of a program stream."""
H265_TYPE: Final = 100
"""Payload type advised for H.265 (GB/T 28181-2022, by secondary sources)."""
SDP: Final = "APPLICATION/SDP"
_LIVE_DIGIT, _HISTORY_DIGIT = "0", "1"
_SSRC_RANGE: Final = 2**32
_MOST_PORT: Final = 0xFFFF
_RTPMAP: Final = re.compile(r"rtpmap:\s*(\d{1,3})\s+([A-Za-z0-9.\-]+)")
_LONGEST: Final = 64 * 1024
_NUMBERED: Final = frozenset({"downloadspeed", "filesize"})
_LONGEST_NUMBER: Final = 15


class CallKind(StrEnum):
    """What is asked for, as ``s=`` names it."""

    PLAY = "Play"
    PLAYBACK = "Playback"
    DOWNLOAD = "Download"


class MediaWay(StrEnum):
    """How the media comes: over UDP, or over TCP that the device or the platform connects (RFC 4571)."""

    UDP = "udp"
    TCP_PASSIVE = "tcp-passive"  # the platform listens
    TCP_ACTIVE = "tcp-active"  # the platform connects


@dataclass(frozen=True, slots=True)
class MediaOffer:
    """One offer: ``channel`` (20 digits), where the platform receives, and its SSRC.

    ``start`` and ``end`` are Unix seconds of what is played back, 0 for live; ``speed`` that of a download.
    ``h265``: H.265 without a container is offered in the place of a program stream.
    """

    kind: CallKind
    channel: str
    platform: str
    host: str
    port: int
    ssrc: int
    way: MediaWay = MediaWay.UDP
    start: int = 0
    end: int = 0
    speed: int = 0
    h265: bool = False

    def written(self) -> bytes:
        """The description. ``y=`` stands last: some devices refuse it elsewhere."""
        lines = ["v=0", f"o={self.platform} 0 0 IN IP4 {self.host}", f"s={self.kind.value}"]
        if self.kind is not CallKind.PLAY:
            lines.append(f"u={self.channel}:0")
        profile = "RTP/AVP" if self.way is MediaWay.UDP else "TCP/RTP/AVP"
        lines += [f"c=IN IP4 {self.host}", f"t={self.start} {self.end}"]
        kind, encoding = (H265_TYPE, "H265") if self.h265 else (PS_TYPE, "PS")
        lines += [f"m=video {self.port} {profile} {kind}", "a=recvonly", f"a=rtpmap:{kind} {encoding}/90000"]
        if self.way is not MediaWay.UDP:
            role = "passive" if self.way is MediaWay.TCP_PASSIVE else "active"
            lines += [f"a=setup:{role}", "a=connection:new"]
        if self.kind is CallKind.DOWNLOAD:
            lines.append(f"a=downloadspeed:{self.speed}")
        return "\r\n".join([*lines, f"y={self.ssrc:010d}", ""]).encode()

    @property
    def subject(self) -> str:
        """The header Subject: who sends and who receives the media, each with a number of its stream."""
        return f"{self.channel}:{self.ssrc:010d},{self.platform}:0"


def ssrc_of(platform: str, number: int, *, history: bool) -> int:
    """An SSRC as annex F has it: 0 live or 1 history, digits 4 to 8 of the platform's code, a number."""
    return int((_HISTORY_DIGIT if history else _LIVE_DIGIT) + platform[3:8] + f"{number % 10_000:04d}")


@dataclass(frozen=True, slots=True)
class MediaAnswer:
    """What a device answered, as far as it could be read; None or empty for what it does not say.

    ``types`` are its payload types with the encoding names it gives them, ``setup`` its role over TCP,
    ``speed`` and ``size`` (bytes) those it names for a download, ``format`` its f= line.
    ``flaws`` says in words what is missing or unreadable.
    """

    host: str = ""
    port: int | None = None
    transport: str = ""
    types: dict[int, str] = field(default_factory=dict)
    setup: str = ""
    ssrc: int | None = None
    flaws: tuple[str, ...] = ()
    speed: int | None = None
    size: int | None = None
    format: str = ""

    @property
    def h265_streams(self) -> tuple[int, ...]:
        """The payload types it agrees to send H.265 without a container with."""
        return tuple(
            number
            for number, name in self.types.items()
            if name == "H265" or (not name and number == H265_TYPE)
        )

    @property
    def program_streams(self) -> tuple[int, ...]:
        """The payload types it agrees to send a program stream with; 96 where it names no encoding."""
        return tuple(
            number for number, name in self.types.items() if name == "PS" or (not name and number == PS_TYPE)
        )


@dataclass(slots=True)
class _Lines:
    """The lines of a description: those of the session, of its video, and of its other media.

    The video is the first that the device did not refuse with port 0 (RFC 3264 6), else the first.
    """

    video: str = ""
    names: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    _of: dict[str, dict[str, str]] = field(default_factory=lambda: {"": {}, "video": {}, "other": {}})
    _at: str = ""

    def take(self, kind: str, value: str) -> None:
        if kind == "m":
            counts = value.lower().startswith("video") and (not self.video or _refused(self.video))
            self._at = "video" if counts else "other"
            if counts:
                self.video, self.names, self._of["video"] = value, {}, {}
        elif kind == "a":
            self._attribute(value)
        elif kind:
            self._of[self._at].setdefault(kind, value)

    def said(self, kind: str, *, anywhere: bool = False) -> str | None:
        """The value for the video: of its section, of the session, or of ``anywhere`` else."""
        places = ("video", "", "other") if anywhere else ("video", "")
        return next((self._of[one][kind] for one in places if kind in self._of[one]), None)

    def _attribute(self, value: str) -> None:
        name, _, text = value.partition(":")
        name, text = name.lower(), text.strip()
        if name in _NUMBERED and _is_number(text, _LONGEST_NUMBER):
            if self._at == "video":
                self.numbers[name] = int(text)
            self.numbers.setdefault(name, int(text))
        elif name == "setup":
            self._of[self._at].setdefault(name, text.lower())
        elif self._at == "video" and (found := _RTPMAP.match(value)):
            self.names[int(found[1])] = found[2].upper()


def _refused(video: str) -> bool:
    return video.split()[1:2] == ["0"]


def read_answer(body: bytes) -> MediaAnswer:
    """Read the description of an answer to INVITE; never raises."""
    if not body.strip():
        return MediaAnswer(flaws=("the answer has no session description",))
    read, flaws = _Lines(), []
    for line in body[:_LONGEST].decode("utf-8", "replace").splitlines():
        kind, _, value = line.strip().partition("=")
        read.take(kind, value)
    parts = read.video.split()
    port = parts[1].partition("/")[0] if len(parts) > 3 else ""  # noqa: PLR2004 - <port>/<number of ports>
    if not _is_number(port, 5) or int(port) > _MOST_PORT:
        flaws.append("the answer has no readable m=video")
        parts = []
    said = read.said("y", anywhere=True)  # it stands last, often below another medium
    ssrc = _ssrc(said)
    if ssrc is None:
        flaws.append("the answer has no y=" if said is None else f"y={said[:20]} is no SSRC")
    return MediaAnswer(
        host=(read.said("c") or "").split(" ")[-1].partition("/")[0].strip(),
        port=int(port) if parts else None,
        transport=parts[2].upper() if parts else "",
        types={int(word): read.names.get(int(word), "") for word in parts[3:] if _is_number(word, 3)},
        setup=read.said("setup") or "",
        ssrc=ssrc,
        flaws=tuple(flaws),
        speed=read.numbers.get("downloadspeed"),
        size=read.numbers.get("filesize"),
        format=read.said("f", anywhere=True) or "",
    )


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits


def _ssrc(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if _is_number(text, 10) and int(text) < _SSRC_RANGE else None
