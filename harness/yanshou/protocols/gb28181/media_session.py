# SPDX-License-Identifier: Apache-2.0
"""The media of one call of GB/T 28181: sockets first, then the device's answer, then the program stream.

Another process does the signalling. What comes before its answer waits; nothing is taken for the stream that
does not come from the host of the call.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

from yanshou.model import RigFault, now
from yanshou.protocols.gb28181.media_link import MediaLink, MediaPiece
from yanshou.protocols.gb28181.media_offer import PS_TYPE, MediaWay
from yanshou.protocols.gb28181.ps_frames import PsFrames
from yanshou.protocols.rtsp.depacketise import Depacketiser
from yanshou.protocols.rtsp.rtp import RtpPacket, Sequencer, parse_rtcp, parse_rtp
from yanshou.protocols.rtsp.sdp import Media
from yanshou.protocols.rtsp.session import RtpReception
from yanshou.protocols.rtsp.track import Track

CLOCK: Final = 90_000
_WAITING: Final = 8192
_MOST_SOURCES: Final = 64
_CONNECT_S: Final = 5.0
_Name = TypeVar("_Name", int, str)


@dataclass(frozen=True, slots=True)
class AgreedMedia:
    """What was agreed: hosts that media may come from, payload types of a program stream, the SSRC.

    ``connect`` is where the platform connects to, None where the device does or over UDP. ``h265``: the
    payload is H.265 without a container.
    """

    hosts: tuple[str, ...]
    types: tuple[int, ...] = (PS_TYPE,)
    ssrc: int | None = None
    connect: tuple[str, int] | None = None
    h265: bool = False


class PsSession(RtpReception):
    """One call's media. ``on_open`` is called with the port once it is open; ``agree`` by another thread."""

    def __init__(
        self,
        host: str,
        way: MediaWay,
        *,
        device: str,
        patience_s: float,
        on_open: Callable[[int], None],
        ports: Sequence[int] | None = None,
        refuse: bool = False,
    ) -> None:
        super().__init__()
        self._link = MediaLink(host, way, device, ports, refuse=refuse)
        self._device, self._patience_s, self._on_bytes = device, patience_s, on_open
        self._agreed: AgreedMedia | None = None
        self._stopped = False
        self._early: deque[MediaPiece] = deque(maxlen=_WAITING)
        self._frames = PsFrames()
        self._sources: Counter[int] = Counter()
        self._types: Counter[int] = Counter()
        self._strangers: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._link.close()

    def agree(self, media: AgreedMedia | None) -> None:
        """Take what the signalling agreed; None: there is no call."""
        self._agreed = media
        self._stopped = media is None

    def setup(self) -> Track:
        """Wait for what is agreed; RigFault if nothing is in time."""
        self._on_bytes(self._link.port)
        until = now() + self._patience_s
        while self._agreed is None:
            if self._stopped or now() >= until:
                raise RigFault("the call was not agreed.", device=self._device)
            self._early.extend(self._link.receive(min(until, now() + 0.01)))
        agreed = self._agreed
        if agreed.connect is not None:
            self._link.connect(*agreed.connect, _CONNECT_S)
        codec, encoding = ("hevc", "H265") if agreed.h265 else ("", "PS")
        media = Media("video", agreed.types, codec=codec, encoding=encoding, clock_rate=CLOCK)
        self.track = Track(media, sequencer=Sequencer(clock_rate=CLOCK), announced=agreed.ssrc)
        self.track.transport = "udp" if self._link.way is MediaWay.UDP else "tcp"
        self.track.depacketiser = Depacketiser(codec) if agreed.h265 else self._frames
        return self.track

    @property
    def _carrier(self) -> MediaLink:
        return self._link

    def _has_more(self) -> bool:
        return not self.ended or bool(self._early)

    def _incoming(self, until: float) -> Iterator[RtpPacket]:
        while self._early:
            yield from self._packet(self._early.popleft())
        for piece in self._link.receive(until):
            yield from self._packet(piece)

    def _packet(self, piece: MediaPiece) -> list[RtpPacket]:
        """The RTP packet of a piece from the host of the call; reports are kept, strangers counted."""
        assert self.track is not None
        assert self._agreed is not None
        if piece.host not in self._agreed.hosts:
            _count(self._strangers, piece.host)
            return []
        if piece.control:
            self.track.report(*parse_rtcp(piece.data, piece.at))
            return []
        if not piece.data:
            return []
        packet = parse_rtp(piece.data, piece.at)
        if packet is None:
            self.track.damaged += 1
            return []
        _count(self._sources, packet.ssrc)
        _count(self._types, packet.payload_type)
        return [packet]

    def facts(self) -> dict[str, Any]:
        """What the stream itself showed, as plain data."""
        walker = self._frames.walker
        return {
            "sources": dict(self._sources),
            "types": dict(self._types),
            "strangers": dict(self._strangers),
            "connections": self._link.connections,
            "packs": walker.packs,
            "system_headers": walker.system_headers,
            "maps": walker.maps,
            "streams": {
                str(number): [one.packets, one.payload, one.type, one.claimed]
                for number, one in walker.streams.items()
            },
            "video_stream": self._frames.video_stream,
            "mapped": self._frames.mapped,
            "shown": self._frames.codec if self._frames.shown else "",
            "stamps_judged": walker.stamps.judged,
            "oddities": [
                [kind.name, one.count, kind.value + (f" ({one.text})" if one.text else "")]
                for kind, one in walker.oddities.found.items()
            ],
        }


def _count(counter: Counter[_Name], name: _Name) -> None:
    if name in counter or len(counter) < _MOST_SOURCES:
        counter[name] += 1
