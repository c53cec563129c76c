# SPDX-License-Identifier: Apache-2.0
"""RTP of H.264 (RFC 3550, RFC 6184), RTCP sender reports, and the replay extension of ONVIF streaming."""

from __future__ import annotations

import functools
import secrets
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from yanshou.emulation.video.coding import CodedFrame, CodedLoop, ParameterSets

CLOCK_HZ = 90_000
PAYLOAD_TYPE = 96
NTP_EPOCH_S = 2_208_988_800
"""Seconds from 1900-01-01 to 1970-01-01."""
REPLAY_EXTENSION = 0xABAC
"""Profile of the RTP header extension of ONVIF replay."""

LARGEST = 1400  # bytes of payload; with all headers still below an Ethernet frame
_FU_A, _STAP_A = 28, 24
_FU_H265, _AP_H265 = 49, 48


def payloads(loop: CodedLoop, index: int, largest: int = LARGEST) -> tuple[bytes, ...]:
    """RTP payloads of frame ``index`` of a loop; an intra frame is preceded by its parameter sets."""
    return _loop_payloads(loop, largest)[index]


@functools.lru_cache(maxsize=64)
def _loop_payloads(loop: CodedLoop, largest: int) -> tuple[tuple[bytes, ...], ...]:
    return tuple(frame_payloads(loop.sets, frame, largest) for frame in loop.frames)


def frame_payloads(sets: ParameterSets, frame: CodedFrame, largest: int = LARGEST) -> tuple[bytes, ...]:
    """RTP payloads of one frame; an intra frame is preceded by its parameter sets."""
    if sets.codec == "h265":
        head = (aggregate_h265(sets.units),) if frame.intra else ()
        return (*head, *(part for nal in frame.nals for part in fragment_h265(nal, largest)))
    head = (aggregate(sets.units),) if frame.intra else ()
    return (*head, *(part for nal in frame.nals for part in fragment(nal, largest)))


def aggregate(nals: tuple[bytes, ...]) -> bytes:
    """One STAP-A payload holding small NAL units (RFC 6184, 5.7.1)."""
    importance = max(nal[0] & 0x60 for nal in nals)
    return bytes((importance | _STAP_A,)) + b"".join(struct.pack("!H", len(nal)) + nal for nal in nals)


def aggregate_h265(nals: tuple[bytes, ...]) -> bytes:
    """One aggregation packet of the base layer (RFC 7798, 4.4.2)."""
    return bytes((_AP_H265 << 1, 1)) + b"".join(struct.pack("!H", len(nal)) + nal for nal in nals)


def fragment_h265(nal: bytes, largest: int) -> Iterator[bytes]:
    """The NAL unit, or its fragmentation units when it is longer than ``largest`` (RFC 7798, 4.4.3)."""
    if len(nal) <= largest:
        yield nal
        return
    kind, body = nal[0] >> 1 & 0x3F, nal[2:]
    head = bytes((nal[0] & 0x81 | _FU_H265 << 1, nal[1]))
    step = largest - 3
    for start in range(0, len(body), step):
        first, last = start == 0, start + step >= len(body)
        yield head + bytes((first << 7 | last << 6 | kind,)) + body[start : start + step]


def fragment(nal: bytes, largest: int = LARGEST) -> Iterator[bytes]:
    """The NAL unit itself, or its FU-A fragments when it is longer than ``largest`` bytes (RFC 6184, 5.8)."""
    if len(nal) <= largest:
        yield nal
        return
    indicator, kind, body = nal[0] & 0xE0 | _FU_A, nal[0] & 0x1F, nal[1:]
    step = largest - 2
    for start in range(0, len(body), step):
        first, last = start == 0, start + step >= len(body)
        yield bytes((indicator, first << 7 | last << 6 | kind)) + body[start : start + step]


@dataclass(frozen=True, slots=True)
class ReplayMark:
    """Replay extension of a frame: time of recording (Unix s), flags, and the CSeq of the PLAY request."""

    utc: float
    cseq: int
    clean: bool = False
    end: bool = False
    discontinuity: bool = False
    terminal: bool = False

    def pack(self) -> bytes:
        """The 16 bytes between RTP header and payload."""
        seconds, fraction = ntp_time(self.utc)
        flags = self.clean << 7 | self.end << 6 | self.discontinuity << 5 | self.terminal << 4
        return struct.pack("!HHIIBBH", REPLAY_EXTENSION, 3, seconds, fraction, flags, self.cseq & 0xFF, 0)


def ntp_time(utc: float) -> tuple[int, int]:
    """NTP seconds and 32-bit fraction of Unix seconds."""
    seconds = int(utc // 1)
    return (seconds + NTP_EPOCH_S) & 0xFFFFFFFF, int((utc - seconds) * 2**32) & 0xFFFFFFFF


@dataclass(slots=True)
class RtpSource:
    """Numbers one RTP stream: SSRC, sequence, time stamp base, and the counts of its sender reports."""

    ssrc: int = field(default_factory=lambda: secrets.randbits(32))
    sequence: int = field(default_factory=lambda: secrets.randbits(16))
    base: int = field(default_factory=lambda: secrets.randbits(32))
    packets: int = 0
    octets: int = 0
    based: float = field(default_factory=time.monotonic)
    payload_type: int = PAYLOAD_TYPE

    def rebase(self) -> None:
        """Let media time begin anew now, with time stamps that go on (RFC 2326, appendix B)."""
        now = time.monotonic()
        self.base = (self.base + round((now - self.based) * CLOCK_HZ)) & 0xFFFFFFFF
        self.based = now

    def timestamp(self, media_s: float) -> int:
        """RTP time stamp of a media time in s."""
        return (self.base + round(media_s * CLOCK_HZ)) & 0xFFFFFFFF

    def frame(self, parts: tuple[bytes, ...], timestamp: int, mark: ReplayMark | None = None) -> list[bytes]:
        """Packets of one access unit; the last one bears the marker."""
        extension = mark.pack() if mark else b""
        first, last = 0x90 if mark else 0x80, len(parts) - 1
        packets = []
        for number, part in enumerate(parts):
            kind = self.payload_type | (0x80 if number == last else 0)
            header = struct.pack("!BBHII", first, kind, self.sequence, timestamp, self.ssrc)
            packets.append(header + extension + part)
            self.sequence = (self.sequence + 1) & 0xFFFF
            self.octets += len(part)
        self.packets += len(parts)
        return packets

    def sender_report(self, utc: float, timestamp: int) -> bytes:
        """RTCP compound packet: sender report and CNAME (RFC 3550, 6.4.1 and 6.5)."""
        seconds, fraction = ntp_time(utc)
        counts = (self.packets & 0xFFFFFFFF, self.octets & 0xFFFFFFFF)
        report = struct.pack("!BBHIIIIII", 0x80, 200, 6, self.ssrc, seconds, fraction, timestamp, *counts)
        name = b"yanshou-emulation"
        item = struct.pack("!I", self.ssrc) + bytes((1, len(name))) + name + b"\0"
        item += b"\0" * (-len(item) % 4)
        return report + struct.pack("!BBH", 0x81, 202, len(item) // 4) + item

    def goodbye(self) -> bytes:
        """RTCP BYE."""
        return struct.pack("!BBHI", 0x81, 203, 1, self.ssrc)
