# SPDX-License-Identifier: Apache-2.0
"""Walks a program stream as GB/T 28181 sends it, packet by packet, and judges the container.

A decoder is lenient: it plays a stream without a map, and takes AAC for another codec then. So the container
is judged here, and never by what a decoder makes of it. Nothing broken is passed over: each departure is
counted by kind, with the place of the first. Payloads are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

from yanshou.protocols.gb28181 import ps_headers as ps
from yanshou.protocols.gb28181.findings import Oddities, PsOddity
from yanshou.protocols.gb28181.rtp_frames import FrameStamps

_PACK_START: Final = b"\0\0\1\xba"
_TS_SYNC: Final = 0x47
_TS_PACKET: Final = 188
_MPEG1_PACK: Final = 12
_PACK_HEAD: Final = 14
_SCR_RANGE: Final = 1 << 33
_PIECE: Final = 4096


class PsSink(Protocol):
    """Who takes the payloads out of a stream while it is walked."""

    def packet(self, stream: int, pts: int | None, timestamp: int | None, *, packed: bool) -> None:
        """A PES packet begins, in the RTP packet of ``timestamp``; ``packed``: after a pack header."""
        ...

    def payload(self, stream: int, data: bytes) -> None:
        """A piece of its payload."""
        ...

    def lost(self) -> None:
        """Bytes are missing or could not be read here."""
        ...


@dataclass(slots=True)
class WalkedStream:
    """One stream id: packets and payload bytes, and its type by the last valid map; None if none names it.

    ``claimed`` is its type by a map whose CRC is wrong, which proves nothing.
    """

    packets: int = 0
    payload: int = 0
    type: int | None = None
    claimed: int | None = None


@dataclass(slots=True)
class _Payload:
    """The payload that is being passed over: the stream, how much is to come, and its last three bytes."""

    stream: int
    left: int | None  # None: it has no length
    tail: bytes = b""


@dataclass(slots=True)
class PsWalker:
    """Feed it the stream in order; read the counts and ``oddities`` at any time.

    At most one header (1 KiB) and one piece (4 KiB) are held. ``sink`` is handed the payloads.
    """

    sink: PsSink | None = None

    packs: int = 0
    system_headers: int = 0
    maps: int = 0  # readable and with a right CRC
    total: int = 0  # bytes fed
    gaps: int = 0  # losses told by the caller
    ended: bool = False  # the end code came
    streams: dict[int, WalkedStream] = field(default_factory=dict)
    oddities: Oddities = field(default_factory=Oddities)
    stamps: FrameStamps = field(init=False)
    _held: bytes = b""
    _held_stamp: int | None = None  # RTP time stamp of the first held byte
    _stamp: int | None = None
    _payload: _Payload | None = None
    _searching: bool = False  # for the next pack, after what could not be read
    _packed: bool = False  # whether a pack header came since the last PES packet
    _scr: int | None = None
    _begun: bool = False

    def __post_init__(self) -> None:
        self.stamps = FrameStamps(self.oddities)

    def feed(self, data: bytes, timestamp: int | None = None) -> None:
        """Take the next bytes; ``timestamp`` is the RTP time stamp of the packet they came in."""
        for at in range(0, len(data), _PIECE):
            self._take(data[at : at + _PIECE], timestamp)

    def _take(self, piece: bytes, timestamp: int | None) -> None:
        if not self._held:
            self._held_stamp = timestamp
        self._stamp = timestamp
        self._held += piece
        self.total += len(piece)
        while self._held and self._step():
            self._held_stamp = timestamp

    def lost(self) -> None:
        """Bytes are missing here, for example a lost RTP packet: go on at the next pack, with no finding."""
        self.gaps += 1
        self._held, self._payload, self._scr = b"", None, None
        self._searching = self._begun = True
        self.stamps.lost()
        if self.sink is not None:
            self.sink.lost()

    @property
    def between(self) -> bool:
        """Whether the bytes so far end with a whole packet."""
        return not self._held and self._payload is None and not self._searching

    @property
    def held(self) -> int:
        """How many bytes wait for the rest of a header."""
        return len(self._held)

    @property
    def _offset(self) -> int:
        return self.total - len(self._held)

    def _step(self) -> bool:
        """Take one unit, or a part of a payload; False when more bytes are needed."""
        if self._payload is not None:
            return self._pass_over(self._payload)
        if self._searching:
            return self._search()
        if not self._begun and self._is_transport_stream():
            return False
        return self._unit()

    def _is_transport_stream(self) -> bool:
        """Whether the stream is, or may still prove to be, a transport stream."""
        if self._held[0] != _TS_SYNC:
            self._begun = True
            return False
        if len(self._held) <= _TS_PACKET:
            return True
        self._begun = True
        if self._held[_TS_PACKET] == _TS_SYNC:
            self.oddities.note(PsOddity.TRANSPORT_STREAM, self._offset)
        return False

    def _unit(self) -> bool:
        prefix = self._held[:3]
        if prefix != b"\0\0\1"[: len(prefix)] or (len(self._held) > 3 and self._held[3] < ps.LOWEST):  # noqa: PLR2004
            return self._lose(PsOddity.NO_START_CODE, self._held[:8].hex(" "))
        if len(self._held) < 4:  # noqa: PLR2004 - the start code
            return False
        code = self._held[3]
        if code == ps.END:
            self.ended = True
            return self._drop(4)
        if code == ps.PACK:
            return self._pack()
        if len(self._held) < 6:  # noqa: PLR2004 - the start code and the length
            return False
        length = int.from_bytes(self._held[4:6])
        if code in {ps.SYSTEM, ps.MAP}:
            return self._header(code, 6 + length)
        return self._packet(code, length)

    def _pack(self) -> bool:
        if len(self._held) < 5:  # noqa: PLR2004 - up to the first byte of the clock reference
            return False
        kind = self._held[4] >> 4
        if kind == 2:  # noqa: PLR2004 - '0010'
            if len(self._held) < _MPEG1_PACK:
                return False
            self.oddities.note(PsOddity.MPEG1_PACK, self._offset)
            return self._packs(_MPEG1_PACK)
        if kind >> 2 != 1:
            return self._lose(PsOddity.PACK_MARKER, self._held[:8].hex(" "), 4)
        if len(self._held) < _PACK_HEAD:
            return False
        whole = _PACK_HEAD + (self._held[13] & 0x07)
        if len(self._held) < whole:
            return False
        self._clock(self._held[:_PACK_HEAD])
        return self._packs(whole)

    def _packs(self, length: int) -> bool:
        self.packs += 1
        self._packed = True
        return self._drop(length)

    def _clock(self, head: bytes) -> None:
        try:
            scr = ps.read_scr(head)
        except ps.BrokenHeader as broken:
            self.oddities.note(PsOddity.PACK_MARKER, self._offset, str(broken))
            return
        if self._scr is not None and (scr - self._scr) % _SCR_RANGE > _SCR_RANGE // 2:
            self.oddities.note(PsOddity.SCR_BACK, self._offset, f"from {self._scr} to {scr}")
        self._scr = scr

    def _header(self, code: int, whole: int) -> bool:
        kind = PsOddity.SYSTEM_HEADER if code == ps.SYSTEM else PsOddity.MAP_MALFORMED
        if whole > ps.LONGEST_HEADER:
            return self._lose(kind, f"its length is {whole - 6}", 4)
        if len(self._held) < whole:
            return False
        packet = self._held[:whole]
        cut = packet.find(_PACK_START, 4)
        if cut >= 0:  # cut short: the next pack stands inside
            self.oddities.note(kind, self._offset, "a pack header stands inside")
            return self._drop(cut)
        try:
            if code == ps.SYSTEM:
                ps.check_system_header(packet[6:])
                self.system_headers += 1
            else:
                self._map(ps.read_map(packet))
        except ps.BrokenHeader as broken:
            self.oddities.note(kind, self._offset, str(broken))
        return self._drop(whole)

    def _map(self, read: ps.StreamMap) -> None:
        if not read.crc_right:
            self.oddities.note(PsOddity.MAP_CRC, self._offset)
            for stream, kind in read.types:
                self._stream(stream).claimed = kind
            return
        self.maps += 1
        if not read.current:
            return
        for stream, kind in read.types:
            known = self._stream(stream)
            if known.type not in {None, kind}:
                self.oddities.note(
                    PsOddity.MAP_CHANGED,
                    self._offset,
                    f"0x{stream:02X}: 0x{known.type:02X}, then 0x{kind:02X}",
                )
            known.type = kind

    def _packet(self, code: int, length: int) -> bool:
        if ps.is_bare(code):
            return self._begin(code, 6, length)
        if len(self._held) < ps.PES_HEAD or len(self._held) < ps.PES_HEAD + self._held[8]:
            return False
        head = self._held[: ps.PES_HEAD + self._held[8]]
        try:
            pes = ps.read_pes(head, length)
        except ps.BrokenHeader as broken:
            return self._lose(PsOddity.PES_HEADER, f"0x{code:02X}: {broken}", 4)
        self._judge_map(code)
        if ps.is_video(code):
            self.stamps.begin(code, pes.pts, self._held_stamp, self._offset, packed=self._packed)
            self.stamps.carry(code, self._stamp, self._offset)
        if self.sink is not None:
            self.sink.packet(code, pes.pts, self._held_stamp, packed=self._packed)
        self._packed = False
        if not length:
            self.oddities.note(PsOddity.PES_UNBOUNDED, self._offset, f"0x{code:02X}")
            return self._begin(code, pes.length, None)
        return self._begin(code, pes.length, length + 6 - pes.length)

    def _judge_map(self, code: int) -> None:
        if not ps.is_media(code) or self._stream(code).type is not None:
            return
        if self.maps:
            self.oddities.note(PsOddity.NOT_IN_MAP, self._offset, f"0x{code:02X}")
        elif not self.gaps:  # after a gap the map may have been among what is lost
            self.oddities.note(PsOddity.BEFORE_MAP, self._offset, f"0x{code:02X}")

    def _begin(self, code: int, head: int, left: int | None) -> bool:
        self._stream(code).packets += 1
        self._payload = _Payload(code, left)
        return self._drop(head)

    def _pass_over(self, payload: _Payload) -> bool:
        """Pass over what is there of the payload; a pack header inside video ends it."""
        take = len(self._held) if payload.left is None else min(payload.left, len(self._held))
        piece = payload.tail + self._held[:take]
        cut = piece.find(_PACK_START) if payload.left is None or ps.is_video(payload.stream) else -1
        if cut >= 0:
            # up to three bytes of the start code may have been passed over before
            self._held = piece[cut:] + self._held[take:]
            if self.sink is not None:
                self.sink.payload(payload.stream, piece[len(payload.tail) : cut])
            if payload.left is not None:
                self.oddities.note(PsOddity.PES_CUT, self._offset, f"0x{payload.stream:02X}")
                if self.sink is not None:
                    self.sink.lost()
            self._stream(payload.stream).payload += max(cut - len(payload.tail), 0)
            self._payload = None
            return True
        if ps.is_video(payload.stream) and take:
            self.stamps.carry(payload.stream, self._stamp, self._offset)
        if self.sink is not None and take:
            self.sink.payload(payload.stream, self._held[:take])
        self._stream(payload.stream).payload += take
        payload.tail = piece[-3:]
        if payload.left is not None:
            payload.left -= take
            self._payload = payload if payload.left else None
        return self._drop(take) if take else self._payload is None

    def _search(self) -> bool:
        place = self._held.find(_PACK_START)
        if place >= 0:
            self._searching = False
            self._drop(place)
            return True
        keep = next((size for size in (3, 2, 1) if self._held.endswith(_PACK_START[:size])), 0)
        self._drop(len(self._held) - keep)
        return False

    def _lose(self, kind: PsOddity, text: str, skip: int = 0) -> bool:
        """Tell what cannot be read, and go on at the next pack."""
        self.oddities.note(kind, self._offset, text)
        self._searching = True
        self.stamps.lost()
        if self.sink is not None:
            self.sink.lost()
        return self._drop(skip) or True

    def _drop(self, count: int) -> bool:
        self._held = self._held[count:]
        return True

    def _stream(self, code: int) -> WalkedStream:
        return self.streams.setdefault(code, WalkedStream())
