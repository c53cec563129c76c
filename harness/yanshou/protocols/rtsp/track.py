# SPDX-License-Identifier: Apache-2.0
"""The video track of a session: its description, and which of the arriving packets belong to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Protocol

from yanshou.protocols.rtsp.depacketise import AccessUnit
from yanshou.protocols.rtsp.rtp import RtpPacket, SenderReport, Sequencer
from yanshou.protocols.rtsp.sdp import Media

_SOURCE_GONE_S: Final = 1.0
_ANNOUNCED_S: Final = 0.5
_MOST_WAITING: Final = 4096
_MOST_SOURCES: Final = 64
_REPORTS: Final = 256
_MOST_BESIDE: Final = 100_000


class Assembler(Protocol):
    """Makes the access units of one stream out of its packets; ``codec`` is FFmpeg's name.

    ``dropped`` counts parts thrown away as garbage, ``oversized`` frames beyond MAX_FRAME.
    """

    dropped: int
    oversized: int

    @property
    def codec(self) -> str: ...
    def push(self, packet: RtpPacket, *, gap: bool = False) -> list[AccessUnit]:
        """Take the next packet in order; ``gap`` says that something is missing right before it."""
        ...

    def flush(self) -> list[AccessUnit]:
        """The picture still open when the session ends."""
        ...


@dataclass(slots=True)
class Track:
    """The video track of a session: its description, and what has arrived so far."""

    media: Media
    channel: int = 0
    sequencer: Sequencer = field(default_factory=Sequencer)
    reports: list[SenderReport] = field(default_factory=list)
    ended: bool = False  # RTCP BYE
    announced: int | None = None  # the source (SSRC) that the answer to SETUP named
    damaged: int = 0  # bytes on its channel that were no RTP packet
    foreign: int = 0  # RTP packets of an unannounced payload type or source
    transport: str = "tcp"  # tcp (interleaved) or udp, as the server granted it
    depacketiser: Assembler | None = None
    beside: list[tuple[int, int]] = field(default_factory=list)  # see model.stream.Reception
    others: set[int] = field(default_factory=set)  # the sources of foreign packets
    _of: RtpPacket | None = None  # the last packet that was taken
    _taken: int = 0
    _waiting: list[RtpPacket] = field(default_factory=list)
    _heirs: list[RtpPacket] = field(default_factory=list)  # of other sources, since the last of ours

    @property
    def codec(self) -> str:
        """FFmpeg's name of the codec.

        From the packets if they show it, else from the description, else H.264.
        """
        if self.depacketiser is not None:
            return self.depacketiser.codec
        return self.described

    @property
    def described(self) -> str:
        """The codec by the description; H.264 when it names none."""
        return self.media.codec or ("hevc" if "sprop-vps" in self.media.fmtp else "h264")

    @property
    def decides_at(self) -> float:
        """When the wait for the announced packets ends (``model.now``); infinite while nothing waits."""
        return self._waiting[0].arrival + _ANNOUNCED_S if self._waiting else math.inf

    def taken(self, packet: RtpPacket) -> list[RtpPacket]:
        """The packets now known to belong to the stream (RFC 3550 5.1); others are counted and set aside.

        They have the described payload type and the source that the answer to SETUP named. Some devices
        announce wrong ones: packets that differ wait half a second for the announced ones, and are taken if
        none came. Another source replaces the first, from its first packet on, once the first has been silent
        for a second.
        """
        before = self._of
        if self._as_announced(packet) and (before is None or not self._as_announced(before)):
            waiting, self._waiting = self._waiting, []
            self._set_aside(waiting)
        elif before is None:
            self._waiting.append(packet)
            late = packet.arrival >= self.decides_at or len(self._waiting) >= _MOST_WAITING
            return self.decided() if late else []
        elif not self._same_kind(packet, before):
            self._set_aside([packet])
            return []
        elif packet.ssrc != before.ssrc:
            return self._succeeded(packet, before)
        return self._took([packet], self._heirs)

    def _succeeded(self, packet: RtpPacket, before: RtpPacket) -> list[RtpPacket]:
        """The packets of another source, once the one ``before`` has been silent for long enough."""
        self._heirs.append(packet)
        if packet.arrival - before.arrival < _SOURCE_GONE_S:
            self._set_aside(self._heirs[:-_MOST_WAITING])
            self._heirs = self._heirs[-_MOST_WAITING:]
            return []
        rest = [one for one in self._heirs if one.ssrc != packet.ssrc]
        return self._took([one for one in self._heirs if one.ssrc == packet.ssrc], rest)

    def _took(self, ours: list[RtpPacket], rest: list[RtpPacket]) -> list[RtpPacket]:
        self._of = ours[-1]
        self._set_aside(rest)
        self._heirs = []
        self.others.discard(self._of.ssrc)
        self._taken += len(ours)
        return ours

    def decided(self) -> list[RtpPacket]:
        """Take the packets that wait as the stream: those of the described type, else of the first one."""
        waiting, self._waiting = self._waiting, []
        first = min(waiting, key=lambda one: not self._described(one), default=None)
        if first is None:
            return []
        ours: list[RtpPacket] = []
        rest: list[RtpPacket] = []
        for one in waiting:
            (ours if one.ssrc == first.ssrc and self._same_kind(one, first) else rest).append(one)
        return self._took(ours, rest)

    def report(self, reports: list[SenderReport], leaving: frozenset[int] | None) -> None:
        """Keep the sender reports of the stream, and note its end.

        ``leaving`` are the sources of a BYE, None without one; that of another source does not end ours. What
        a foreign source says is set aside.
        """
        foreign = self.others | {one.ssrc for one in self._heirs}
        self.reports = (self.reports + [one for one in reports if one.ssrc not in foreign])[-_REPORTS:]
        ours = self._of.ssrc if self._of else self.announced
        self.ended = self.ended or (leaving is not None and (not leaving or ours is None or ours in leaving))

    def _set_aside(self, packets: list[RtpPacket]) -> None:
        self.foreign += len(packets)
        ours = self._of.ssrc if self._of else None
        for one in packets:
            if one.ssrc == ours and len(self.beside) < _MOST_BESIDE:
                self.beside.append((self._taken, one.sequence))
                self.sequencer.used(one.sequence)
        if len(self.others) < _MOST_SOURCES:
            self.others |= {one.ssrc for one in packets} - {ours}

    def _as_announced(self, packet: RtpPacket) -> bool:
        return self._described(packet) and self.announced in (None, packet.ssrc)

    def _described(self, packet: RtpPacket) -> bool:
        return not self.media.payload_types or packet.payload_type in self.media.payload_types

    def _same_kind(self, one: RtpPacket, other: RtpPacket) -> bool:
        """Whether two packets have the same payload type, or both a described one."""
        types = self.media.payload_types
        both = one.payload_type in types and other.payload_type in types
        return both or one.payload_type == other.payload_type
