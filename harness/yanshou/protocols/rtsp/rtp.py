# SPDX-License-Identifier: Apache-2.0
"""RTP and RTCP packets (RFC 3550), sequence numbers put in order, losses counted."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from yanshou.model.outage import MAX_DROPOUT, is_outage, usual_rate

_NTP_TO_UNIX: Final = 2_208_988_800
_HEADER: Final = 12
_VERSION: Final = 2
_SR: Final = 200
_BYE: Final = 203
_SR_LENGTH: Final = 28
_LATE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One RTP packet; ``arrival`` is ``model.now()`` when it left the socket, in seconds."""

    sequence: int
    timestamp: int
    marker: bool
    payload_type: int
    ssrc: int
    payload: bytes
    arrival: float
    extension_profile: int | None = None
    extension: bytes = b""


@dataclass(frozen=True, slots=True)
class SenderReport:
    """RTCP SR: the RTP time that belongs to a wall-clock time of the sender (UTC, Unix seconds)."""

    ssrc: int
    utc: float
    rtp_timestamp: int
    packets: int
    arrival: float


def parse_rtp(data: bytes, arrival: float) -> RtpPacket | None:
    """The packet in ``data``, CSRCs, extension and padding taken off; None if it is not an RTP packet."""
    if len(data) < _HEADER or data[0] >> 6 != _VERSION:
        return None
    start = _HEADER + 4 * (data[0] & 0x0F)
    profile, extension = None, b""
    if data[0] & 0x10:
        if len(data) < start + 4:
            return None
        profile, units = struct.unpack_from("!HH", data, start)
        extension = data[start + 4 : start + 4 + 4 * units]
        start += 4 + 4 * units
    end = len(data) - (data[-1] if data[0] & 0x20 else 0)
    if start > end:
        return None
    sequence, timestamp, ssrc = struct.unpack_from("!HII", data, 2)
    marker, kind = bool(data[1] & 0x80), data[1] & 0x7F
    return RtpPacket(sequence, timestamp, marker, kind, ssrc, data[start:end], arrival, profile, extension)


def parse_rtcp(data: bytes, arrival: float) -> tuple[list[SenderReport], frozenset[int] | None]:
    """Sender reports of a compound RTCP packet, and the sources of a BYE, None without one.

    Garbage yields nothing.
    """
    reports: list[SenderReport] = []
    leaving: frozenset[int] | None = None
    while len(data) >= 4 and data[0] >> 6 == _VERSION:  # noqa: PLR2004 - the common header
        length = 4 + 4 * int.from_bytes(data[2:4])
        if data[1] == _SR and min(length, len(data)) >= _SR_LENGTH:
            ssrc, seconds, fraction, rtp, packets = struct.unpack_from("!IIIII", data, 4)
            reports.append(SenderReport(ssrc, ntp_seconds(seconds, fraction), rtp, packets, arrival))
        if data[1] == _BYE:
            listed = data[4 : 4 + 4 * min(data[0] & 0x1F, (length - 4) // 4)]
            gone = {int.from_bytes(listed[at : at + 4]) for at in range(0, len(listed) - 3, 4)}
            leaving = (leaving or frozenset()) | gone
        data = data[length:]
    return reports, leaving


def ntp_seconds(seconds: int, fraction: int) -> float:
    """NTP 32.32 as Unix seconds; times before 1968 are read as after 2036 (RFC 5905 §6)."""
    era = 0 if seconds & 0x8000_0000 else 1 << 32
    return seconds + era - _NTP_TO_UNIX + fraction / 2**32


def unwrap(value: int, reference: int, bits: int) -> int:
    """``value`` of a counter of ``bits`` bits as the full number nearest to ``reference``."""
    span = 1 << bits
    delta = (value - reference) % span
    return reference + (delta - span if delta >= span >> 1 else delta)


@dataclass(slots=True)
class Sequencer:
    """Puts packets in order and counts what is missing (RFC 3550 A.1, A.3).

    A missing packet is given up when ``window`` later ones have arrived, or half a second of them. Memory is
    bounded by the window.
    ``lost`` counts packets that never came or came after being given up. A jump of the numbers is an outage
    if time stamps and arrivals advanced alike (``clock_rate`` ticks a second); otherwise the sender started a
    new numbering. A number may be another packet's of the same source, with a payload that is not looked at
    (:meth:`used`): RFC 3550 has one numbering for each source, so that number is not missing.
    """

    window: int = 32
    clock_rate: int = 90_000
    received: int = 0
    reordered: int = 0
    duplicates: int = 0
    lost: int = 0
    restarts: int = 0
    _next: int | None = None
    _latest: RtpPacket | None = None
    _began: float = 0.0
    _held: dict[int, RtpPacket] = field(default_factory=dict)
    _used: set[int] = field(default_factory=set)

    def used(self, sequence: int) -> None:
        """Note the number of a packet of the same source that is not of this stream."""
        if self._next is None:
            return
        number = unwrap(sequence, self._next, 16)
        if 0 <= number - self._next <= MAX_DROPOUT:
            self._used.add(number)

    def push(self, packet: RtpPacket) -> list[tuple[RtpPacket, bool]]:
        """Packets now in order, each with True when something is missing right before it."""
        if self._next is None:
            self._next, self._began = packet.sequence, packet.arrival
        sequence = unwrap(packet.sequence, self._next, 16)
        if self._from_another(packet):
            return self._restart(packet)
        if abs(sequence - self._next) > MAX_DROPOUT:
            if not self._went_on(packet):
                return self._restart(packet)
            return self._after_outage(packet)
        self._latest = packet
        if sequence < self._next or sequence in self._held:
            self.duplicates += 1
            return []
        self.received += 1
        self.reordered += bool(self._held) and sequence < max(self._held)
        self._held[sequence] = packet
        return self._release()

    def _from_another(self, packet: RtpPacket) -> bool:
        """Whether it comes from another source, which has a numbering of its own (RFC 3550 8.2)."""
        return self._latest is not None and packet.ssrc != self._latest.ssrc

    def _went_on(self, packet: RtpPacket) -> bool:
        """Whether a packet after a jump of the numbers is a later one of the same stream."""
        before, first = self._latest, self._began
        if before is None or self._next is None:
            return False
        return is_outage(
            packet.sequence - self._next,
            packet.timestamp - before.timestamp,
            packet.arrival - before.arrival,
            usual_rate(self.received, before.arrival - first),
            self.clock_rate,
        )

    def flush(self) -> list[tuple[RtpPacket, bool]]:
        """All packets still held, at the end of the session."""
        return self._release(everything=True)

    def _after_outage(self, packet: RtpPacket) -> list[tuple[RtpPacket, bool]]:
        """Give up the missing packets: too many to wait for."""
        out = self._release(everything=True)
        assert self._next is not None
        self.lost += (packet.sequence - self._next) % (1 << 16)
        self.received += 1
        self._next, self._latest = packet.sequence + 1, packet
        return [*out, (packet, True)]

    def _restart(self, packet: RtpPacket) -> list[tuple[RtpPacket, bool]]:
        out = self._release(everything=True)
        self._used.clear()
        self.restarts += 1
        self.received += 1
        self._next, self._latest = packet.sequence + 1, packet
        return [*out, (packet, True)]

    def _may_come(self) -> bool:
        """Whether a missing packet may still arrive; a stream of few packets fills no window for long."""
        came = [one.arrival for one in self._held.values()]
        return len(came) < self.window and max(came) - min(came) < _LATE_S

    def _release(self, *, everything: bool = False) -> list[tuple[RtpPacket, bool]]:
        out: list[tuple[RtpPacket, bool]] = []
        assert self._next is not None or not self._held
        while self._held and self._next is not None:
            first = min(self._held)
            missing = sum(one not in self._used for one in range(self._next, first))
            if missing and not everything and self._may_come():
                break
            self.lost += missing
            out.append((self._held.pop(first), missing > 0))
            self._next = first + 1
        if self._next is not None and self._used:
            self._used = {one for one in self._used if one >= self._next}
        return out
