# SPDX-License-Identifier: Apache-2.0
"""Session descriptions (RFC 8866), read leniently: what is wrong or missing is left to the stream itself."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

_VIDEO_CLOCK: Final = 90_000
_CODECS: Final = {"H264": "h264", "H265": "hevc", "HEVC": "hevc", "JPEG": "mjpeg"}
_MAX_MEDIA: Final = 32
_STATIC_JPEG: Final = 26  # RFC 3551; needs no rtpmap


@dataclass(slots=True)
class Media:
    """One media section: payload types of its codec, clock rate, parameter sets, control address.

    Payload types that the description gives to another codec (retransmission, metadata) are left out.
    """

    kind: str
    payload_types: tuple[int, ...] = ()
    control: str = ""
    codec: str = ""  # FFmpeg's name; else as the description writes it; empty if there is none
    encoding: str = ""  # as the description writes it
    clock_rate: int = _VIDEO_CLOCK
    direction: str = ""
    onvif_track: str = ""
    parameter_sets: tuple[bytes, ...] = ()
    fmtp: dict[str, str] = field(default_factory=dict)
    codecs: dict[int, str] = field(default_factory=dict)  # of each payload type that has one


def parse(text: bytes, base: str) -> tuple[list[Media], str]:
    """All media sections with absolute control addresses, and the session's own control address.

    ``base`` is Content-Base, Content-Location or the asked address (RFC 2326 C.1.1). Never raises: a wrong
    description is tolerated, because the bitstream shows the truth.
    """
    media: list[Media] = []
    session_control = base
    for line in text.decode("utf-8", "replace").splitlines()[:4096]:
        kind, _, value = line.strip().partition("=")
        if kind == "m" and len(media) < _MAX_MEDIA:
            media.append(_media(value))
        elif kind == "a" and not media and value.startswith("control:"):
            session_control = _absolute(base, value.partition(":")[2])
        elif kind == "a" and media:
            _attribute(media[-1], value)
    for section in media:
        section.control = _absolute(session_control, section.control)
        section.payload_types = tuple(
            one for one in section.payload_types if section.codecs.get(one, section.codec) == section.codec
        )
    return media, session_control


def _media(value: str) -> Media:
    parts = value.split()
    numbers = tuple(int(word) for word in parts[3:] if word.isascii() and word.isdigit() and len(word) <= 3)  # noqa: PLR2004
    media = Media(parts[0].lower() if parts else "", numbers)
    if numbers == (_STATIC_JPEG,):
        media.codec, media.encoding = "mjpeg", "JPEG"
    return media


def _attribute(media: Media, value: str) -> None:
    name, _, rest = value.partition(":")
    rest = rest.strip()
    if name == "control":
        media.control = rest
    elif name == "rtpmap":
        _rtpmap(media, rest)
    elif name == "fmtp":
        pairs = [part.partition("=") for part in rest.partition(" ")[2].split(";")]
        media.fmtp |= {key.strip().lower(): text.strip() for key, _, text in pairs if key.strip()}
        media.parameter_sets = _parameter_sets(media.fmtp)
    elif name == "x-onvif-track":
        media.onvif_track = rest
    elif name in {"sendonly", "recvonly", "sendrecv", "inactive"}:
        media.direction = name


def _rtpmap(media: Media, rest: str) -> None:
    match = re.match(r"(\d{1,3})\s+([A-Za-z0-9.\-]+)(?:/(\d{1,9}))?", rest)
    if match is None:
        return
    encoding = match[2].upper()
    codec = media.codecs[int(match[1])] = _CODECS.get(encoding, encoding.lower())
    if media.codec in _CODECS.values():
        return
    media.encoding, media.codec = encoding, codec
    media.clock_rate = int(match[3] or 0) or _VIDEO_CLOCK


def _parameter_sets(fmtp: dict[str, str]) -> tuple[bytes, ...]:
    """The NAL units of sprop-parameter-sets (RFC 6184 §8.1) or sprop-vps/sps/pps (RFC 7798 §7.1)."""
    names = ("sprop-vps", "sprop-sps", "sprop-pps", "sprop-parameter-sets")
    encoded = [part for name in names for part in fmtp.get(name, "").split(",") if part]
    found = []
    for part in encoded:
        try:
            found.append(base64.b64decode(part + "=" * (-len(part) % 4)))
        except (binascii.Error, ValueError):
            continue  # a damaged set; the stream will bring its own
    return tuple(unit for unit in found if unit)


def _absolute(base: str, control: str) -> str:
    if not control or control == "*":
        return base
    if re.match(r"^[a-z]+://", control, re.IGNORECASE):
        return control
    return base.rstrip("/") + "/" + control.lstrip("/")  # by appending, as every client does
