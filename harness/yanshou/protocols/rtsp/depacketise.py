# SPDX-License-Identifier: Apache-2.0
"""RTP payloads to access units: H.264 (RFC 6184) and H.265 (RFC 7798), bounded and tolerant of garbage.

A picture is an access unit with a coded slice (H.264 7.4.1.2.3, H.265 7.4.2.4.4). The marker bit ends a
picture, so the picture is known to be complete when its last packet arrives and not one picture later. The
first slice of the next picture, a unit that may only precede a picture, and a new RTP time also end it. A
marker on a unit without a slice ends nothing. If a sender marks single slices, a picture is known to be
complete only when the next one begins; as only what follows a marker shows which of both it is, that holds
for the first picture of every sender.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from yanshou.protocols.rtsp.bitstream import nal_units
from yanshou.protocols.rtsp.replay import ReplayStamp, replay_stamp
from yanshou.protocols.rtsp.rtp import RtpPacket, unwrap

MAX_FRAME: Final = 16 * 1024 * 1024
_START: Final = b"\x00\x00\x00\x01"
_SHORT_START: Final = b"\x00\x00\x01"
_FORBIDDEN: Final = 0x80
_AGGREGATED: Final = (3, 4)  # where the first unit of an H.264, H.265 aggregate begins


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One coded frame: Annex B bytes, unwrapped RTP time, arrival of its last packet.

    ``complete`` is False when a packet was missing or a part was garbage; ``stamp`` is the replay extension
    of its first packet that has one.
    """

    data: bytes
    rtp_ticks: int
    arrival: float
    key: bool
    size: int
    complete: bool
    stamp: ReplayStamp | None = None
    began: float = 0.0  # arrival of its first packet
    packets: int = 0

    @property
    def utc(self) -> datetime | None:
        """UTC of the frame by the replay extension."""
        return self.stamp.utc if self.stamp else None


def codec_of(payload: bytes) -> str:
    """The only codec a payload with a parameter set can be of; empty if that cannot be concluded.

    An H.265 VPS, SPS or PPS of the base layer begins 40, 42 or 44 hex and 01; as H.264 these would be of type
    0, 2 or 4 with further bytes that no encoder of surveillance makes. An H.264 SPS begins 67, 47 or 27 and a
    known profile; as H.265 these would be of reserved or layered types.
    """
    first, second = payload[:1], payload[1:2]
    if first == b"\x60" and second == b"\x01" and len(payload) > _AGGREGATED[1]:
        return codec_of(payload[_AGGREGATED[1] :])
    if first in (b"\x78", b"\x58", b"\x38") and len(payload) > _AGGREGATED[0]:
        return codec_of(payload[_AGGREGATED[0] :])
    if first in (b"\x40", b"\x42", b"\x44") and second == b"\x01":
        return "hevc"
    if first in (b"\x67", b"\x47", b"\x27") and second in (b"\x42", b"\x4d", b"\x58", b"\x64"):
        return "h264"
    return ""


class Depacketiser:
    """Assembles the access units of one video stream; ``codec`` is ``h264`` or ``hevc``.

    ``dropped`` counts NAL units and fragments thrown away as garbage, ``oversized`` frames beyond MAX_FRAME.
    Memory is bounded by one frame.
    """

    def __init__(self, codec: str, *, donl: bool = False) -> None:
        if codec not in {"h264", "hevc"}:
            raise ValueError(f"no depacketiser for {codec!r}")
        self.dropped = 0
        self.oversized = 0
        self._donl = 2 if donl else 0
        self._speak(codec)
        self._data = bytearray()
        self._fragment: int | None = None  # where the open fragment begins in _data
        self._overflow = False
        self._ticks: int | None = None
        self._open = False
        self._whole = True
        self._key = False
        self._coded = False  # a slice has arrived
        self._unbegun = False  # something is missing before its first slice
        self._cut: int | None = None  # RTP time of a picture that a marker ended
        self._patient = False  # the marker does not show the end of a picture
        self._marked = False  # the first picture was marked, and nothing has followed it yet
        self._first = True  # no picture has ended, of which nothing was missing behind its marker
        self._out: list[AccessUnit] = []
        self._arrival = self._began = self._arriving = 0.0
        self._packets = 0
        self._stamp: ReplayStamp | None = None

    def _speak(self, codec: str) -> None:
        self.codec = codec
        # length of a NAL unit header, types of FU and aggregate, first and last type of plain units
        self._header, self._fu, self._aggregate = (1, 28, 24) if codec == "h264" else (2, 49, 48)
        self._kinds = (1, 23) if codec == "h264" else (0, 47)

    def _judge_codec(self, payload: bytes) -> None:
        """Believe the parameter sets, not a description that contradicts them."""
        seen = codec_of(payload)
        if seen and seen != self.codec:
            self._speak(seen)

    def push(self, packet: RtpPacket, *, gap: bool = False) -> list[AccessUnit]:
        """Take the next packet in order; ``gap`` says that something is missing right before it."""
        self._out = []
        ticks = (
            unwrap(packet.timestamp, self._ticks or 0, 32) if self._ticks is not None else packet.timestamp
        )
        if gap:
            self._lose_fragment()
            self._whole = self._whole and (self._marked or not self._coded)
            self._unbegun = self._unbegun or self._marked
        if self._open and ticks != self._ticks:
            if self._coded:
                self._finish()
            # what came of another time without a slice is not of this picture
            self._whole = True
        self._unbegun = (gap and not self._coded) or self._unbegun
        if not packet.payload:  # padding alone (RFC 3550 5.1)
            return self._out
        self._begin(packet, ticks)
        self._payload(packet.payload)
        if packet.marker and self._coded and self._fragment is None and not self._patient:
            self._cut = ticks
            self._marked = self._first and not (self._stamp and self._stamp.terminal)
            if not self._marked:
                self._finish()
        return self._out

    def flush(self) -> list[AccessUnit]:
        """The picture still open when the session ends; without its marker it is incomplete."""
        self._out = []
        self._whole = self._whole and (self._patient or self._marked)
        self._finish()
        return self._out

    def _begin(self, packet: RtpPacket, ticks: int) -> None:
        if not self._open or ticks != self._ticks:  # what was read wrongly may keep a picture open for long
            self._judge_codec(packet.payload)
        self._ticks = ticks
        if not self._open:
            self._began, self._packets = packet.arrival, 0
        self._open = True
        self._packets += 1
        self._arriving = packet.arrival
        self._stamp = self._stamp or replay_stamp(packet)

    def _finish(self) -> None:
        self._lose_fragment()
        unit = AccessUnit(
            bytes(self._data),
            self._ticks or 0,
            self._arrival,
            self._key,
            len(self._data),
            self._whole and bool(self._data),
            self._stamp,
            self._began,
            self._packets,
        )
        self._data.clear()
        coded, self._open = self._coded, False
        self._first = self._first and (self._unbegun or not coded)
        self._key = self._coded = self._overflow = self._marked = False
        self._whole = True
        self._stamp = None
        self._out += [unit] if unit.data and coded else []

    def _border(self, kind: int, first_slice: bool) -> None:  # noqa: FBT001 - one bit of a header
        """Process the border a NAL unit implies: whether a picture ends before it."""
        coded = self._is_slice(kind)
        if self._coded and (first_slice if coded else self._leads(kind)):
            packets, began = self._packets, self._arriving
            self._finish()
            self._open, self._began, self._packets = True, began, 1 if packets else 0
        elif coded and not first_slice and not self._coded and self._cut == self._ticks:
            # a slice of a picture that its marker had ended: the marker was wrong, and this is no picture
            self._patient, self._whole = True, False
        elif coded and self._marked:
            self._patient, self._marked = True, False
            self._whole, self._unbegun = self._whole and not self._unbegun, False
        if coded and not self._coded:  # what is missing was not of this picture if its first slice is there
            self._whole = self._whole and (first_slice or not self._unbegun)
            self._unbegun = False
        self._coded = self._coded or coded

    def _is_slice(self, kind: int) -> bool:
        return 1 <= kind <= 5 if self.codec == "h264" else kind < 32  # noqa: PLR2004

    def _leads(self, kind: int) -> bool:
        """Whether such a unit after a slice belongs to the next picture, as an access unit delimiter does.

        Parameter sets and messages should as well, but some senders repeat them before each slice.
        """
        return kind == (9 if self.codec == "h264" else 35)

    def _payload(self, payload: bytes) -> None:
        if len(payload) < self._header or payload[0] & _FORBIDDEN:
            self._garbage()
            return
        kind = self._kind(payload[0])
        if kind == self._fu:
            self._fragmented(payload)
        elif kind == self._aggregate:
            self._aggregated(payload[self._header + self._donl :])
        else:
            self._nal(payload[: self._header] + payload[self._header + self._donl :])

    def _kind(self, first: int) -> int:
        return first & 0x1F if self.codec == "h264" else first >> 1 & 0x3F

    def _aggregated(self, rest: bytes) -> None:
        """STAP-A or AP: units, a length of two bytes before each; DOND between them when DONL is used."""
        while rest:
            end = 2 + int.from_bytes(rest[:2])
            if len(rest) < end or end == 2:  # noqa: PLR2004 - a length of zero
                self._garbage()
                return
            self._nal(rest[2:end])
            rest = rest[end + bool(self._donl) :]

    def _fragmented(self, payload: bytes) -> None:
        if len(payload) <= self._header + 1:
            self._garbage()
            return
        fu, body = payload[self._header], payload[self._header + 1 :]
        if fu & 0x80:
            self._lose_fragment()
            head = self._rebuilt(payload[: self._header], fu)
            self._note(head, body[self._donl :])
            self._fragment = len(self._data)
            self._append(_START + head + body[self._donl :])
        elif self._fragment is None:
            self._garbage()
            return
        else:
            self._append(body)
        if fu & 0x40:
            self._note_joined(bytes(self._data[self._fragment or 0 :]))
            self._fragment = None

    def _rebuilt(self, head: bytes, fu: int) -> bytes:
        """The NAL unit header from which the fragments were made."""
        if self.codec == "h264":
            return bytes([head[0] & 0xE0 | fu & 0x1F])
        return bytes([head[0] & 0x81 | (fu & 0x3F) << 1, head[1]])

    def _nal(self, unit: bytes) -> None:
        valid = len(unit) > self._header - (self.codec == "h264") and not unit[0] & _FORBIDDEN
        if not valid or not self._kinds[0] <= self._kind(unit[0]) <= self._kinds[1]:
            self._garbage()
            return
        self._note(unit[: self._header], unit[self._header :])
        self._append(_START + unit)
        if _SHORT_START in unit:
            self._note_joined(unit)

    def _note(self, head: bytes, body: bytes) -> None:
        """Note the type and first bit of a NAL unit (first_mb_in_slice, first_slice_segment_in_pic)."""
        kind = self._kind(head[0])
        self._border(kind, bool(body[:1] and body[0] & 0x80))
        self._key = self._key or (kind == 5 if self.codec == "h264" else 16 <= kind <= 21)  # noqa: PLR2004

    def _note_joined(self, units: bytes) -> None:
        """Units that a sender joined by start codes into one; there may be a key picture among them."""
        for kind, _ in list(nal_units(self.codec, units))[1 if units.startswith(_START) else 0 :]:
            self._coded = self._coded or self._is_slice(kind)
            self._key = self._key or (kind == 5 if self.codec == "h264" else 16 <= kind <= 21)  # noqa: PLR2004

    def _append(self, data: bytes) -> None:
        self._arrival = max(self._arriving, self._arrival)  # a late packet was inserted in order
        if self._overflow:
            return
        if len(self._data) + len(data) > MAX_FRAME:
            self.oversized += 1
            self._overflow = True
            self._fragment = None
            self._data.clear()
            return
        self._data += data

    def _garbage(self) -> None:
        self.dropped += 1
        self._whole = False

    def _lose_fragment(self) -> None:
        """Discard a fragmented unit whose end never came; a decoder could not read its beginning alone."""
        if self._fragment is None:
            return
        del self._data[self._fragment :]
        self._fragment = None
        self._garbage()
