# SPDX-License-Identifier: Apache-2.0
"""What every session with one RTP stream does alike, whatever protocol opened it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Protocol

from yanshou.model import now
from yanshou.protocols.rtsp.depacketise import AccessUnit
from yanshou.protocols.rtsp.rtp import RtpPacket
from yanshou.protocols.rtsp.track import Track

_ASK_S = 0.2  # between two questions for the end of a stream that is silent


class Carrier(Protocol):
    """What a session needs to know of its sockets; ``closed`` says why nothing more will arrive."""

    closed: str

    @property
    def dropped(self) -> int | None: ...
    @property
    def late_s(self) -> float: ...
    @property
    def buffer_bytes(self) -> int | None: ...


class RtpReception(ABC):
    """The packets of one stream in order, and its frames; a subclass opens it and owns the sockets."""

    def __init__(self) -> None:
        self.track: Track | None = None
        # called with every packet as it arrives, unordered
        self.tap: Callable[[RtpPacket], None] | None = None
        self.silent = False  # packets() ended because nothing more arrived

    @property
    def ended(self) -> str:
        """Why nothing more will arrive, in words; empty while the stream may continue."""
        if self.track is not None and self.track.ended:
            return "the device ended the stream (RTCP BYE)"
        return self._carrier.closed

    @property
    def dropped_here(self) -> int | None:
        """Datagrams that this computer dropped unread; None if unknown, 0 over TCP."""
        return self._carrier.dropped

    @property
    def late_s(self) -> float:
        """By how much the stamp of a media packet may be later than its arrival, at the most, in seconds."""
        return self._carrier.late_s

    @property
    def buffer_bytes(self) -> int | None:
        """The receive buffer that was granted for UDP; None without."""
        return self._carrier.buffer_bytes

    @property
    @abstractmethod
    def _carrier(self) -> Carrier:
        """The sockets of the session."""

    @abstractmethod
    def _incoming(self, until: float) -> Iterator[RtpPacket]:
        """The packets that the next arrival on any socket brings, at the latest at ``until``."""

    def _has_more(self) -> bool:
        return not self.ended

    def _wake_at(self) -> float:
        """When the session has to do something of its own (``model.now``)."""
        return math.inf

    def packets(
        self, until: float | Callable[[], float], *, idle_s: float, first_s: float | None = None
    ) -> Iterator[tuple[RtpPacket, bool]]:
        """Packets in order, each with True when something is missing before it.

        Ends at ``until`` (``model.now``; a callable is asked anew each time), after ``idle_s`` seconds
        without any packet (``first_s`` before the first), or with the stream. Packets held back for ordering
        are returned at the end, except when ``until`` ends it, because packets still under way then are not
        lost.
        """
        assert self.track is not None, "setup() comes first"
        end = until if callable(until) else lambda: until
        silent_at = now() + (idle_s if first_s is None else first_s)
        while now() < silent_at and self._has_more():
            if now() >= end():
                return
            asked = now() + _ASK_S if callable(until) else math.inf  # a silent stream can be stopped, too
            wake = min(end(), silent_at, asked, self._wake_at(), self.track.decides_at)
            for arrived in self._incoming(wake):
                for packet in self._tapped(self.track.taken(arrived)):
                    silent_at = arrived.arrival + idle_s
                    yield from self.track.sequencer.push(packet)
            if now() >= self.track.decides_at:
                yield from self._decided()
        self.silent = not self.ended
        yield from self._decided()
        yield from self.track.sequencer.flush()

    def frames(
        self, until: float | Callable[[], float], *, idle_s: float, first_s: float | None = None
    ) -> Iterator[AccessUnit]:
        """Access units as their last packet arrives; ends like :meth:`packets`."""
        assert self.track is not None, "setup() comes first"
        assert self.track.depacketiser is not None
        for packet, gap in self.packets(until, idle_s=idle_s, first_s=first_s):
            yield from self.track.depacketiser.push(packet, gap=gap)
        if self.ended or self.silent:
            yield from self.track.depacketiser.flush()

    def _decided(self) -> Iterator[tuple[RtpPacket, bool]]:
        """The packets that waited for those announced, which did not come."""
        assert self.track is not None
        for packet in self._tapped(self.track.decided()):
            yield from self.track.sequencer.push(packet)

    def _tapped(self, packets: list[RtpPacket]) -> list[RtpPacket]:
        if self.tap is not None:
            for packet in packets:
                self.tap(packet)
        return packets
