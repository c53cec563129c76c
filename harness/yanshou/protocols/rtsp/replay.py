# SPDX-License-Identifier: Apache-2.0
"""ONVIF replay (ONVIF Streaming Specification, chapter 6): headers to ask with, UTC stamped on packets."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from yanshou.protocols.rtsp.rtp import RtpPacket, ntp_seconds

EXTENSION: Final = 0xABAC
FEATURE: Final = "onvif-replay"
_LENGTH: Final = 10  # NTP time, flags, CSeq; the two bytes of padding are optional


@dataclass(frozen=True, slots=True)
class ReplayStamp:
    """The contents of the 0xABAC extension of one packet."""

    utc: datetime
    clean: bool
    end: bool
    broken: bool
    terminal: bool
    cseq: int


def replay_stamp(packet: RtpPacket) -> ReplayStamp | None:
    """The stamp of a packet; None if it has none, or one with an impossible time."""
    if packet.extension_profile != EXTENSION or len(packet.extension) < _LENGTH:
        return None
    seconds, fraction, flags, cseq = struct.unpack_from("!IIBB", packet.extension)
    try:
        utc = datetime.fromtimestamp(ntp_seconds(seconds, fraction), UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return ReplayStamp(
        utc, bool(flags & 0x80), bool(flags & 0x40), bool(flags & 0x20), bool(flags & 0x10), cseq
    )


def clock_range(start: datetime, end: datetime | None = None) -> str:
    """A Range header over absolute time (RFC 2326 §3.7), milliseconds, UTC."""
    return f"clock={_clock(start)}-{_clock(end) if end else ''}"


def replay_headers(
    start: datetime,
    end: datetime | None = None,
    *,
    rate_control: bool = False,
    intra_only: bool = False,
    apart_s: int = 0,
) -> dict[str, str]:
    """The headers of a PLAY by ONVIF replay: as fast as the recorder can unless ``rate_control``.

    Of key frames alone (``intra_only``) those at least ``apart_s`` seconds apart, 0: all of them.
    """
    headers = {
        "Require": FEATURE,
        "Range": clock_range(start, end),
        "Rate-Control": "yes" if rate_control else "no",
        "Immediate": "yes",
    }
    frames = f"intra/{apart_s * 1000}" if apart_s else "intra"
    return headers | {"Frames": frames} if intra_only else headers


def granted_scale(headers: Mapping[str, str]) -> float:
    """How many times the recorded speed an answer to PLAY grants (RFC 2326 §12.34); 1 if it states none."""
    try:
        return float(headers.get("scale", "1"))
    except ValueError:
        return 1.0


def _clock(when: datetime) -> str:
    utc = when.astimezone(UTC)
    return utc.strftime("%Y%m%dT%H%M%S.") + f"{utc.microsecond // 1000:03d}Z"
