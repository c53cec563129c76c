# SPDX-License-Identifier: Apache-2.0
"""Cuts DC-09 frames out of a stream: split, joined, and between any noise.

A frame is ``LF crc(4 hex) 0LLL body CR``; LLL is the length of the body, which begins with a quote, and the
CRC (CRC-16/ARC, initial value 0) is over the body.  Some senders write the CRC as two bytes, leave out the
LF, or write another number than the length of the body; these are read, too, where the CRC of all up to the
CR and the beginning of the body leave no doubt, and the frame says what is odd about it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from yanshou.model import Instant
from yanshou.protocols.dc09.codec import codec

_HEAD = re.compile(
    rb"(?:\n(?:(?P<hex>[0-9A-Fa-f]{4})|(?P<raw>[\s\S]{2}))|(?<![^\r\0\t ])(?P<bare>[0-9A-Fa-f]{4}))"
    rb'0(?P<length>[0-9A-Fa-f]{3})"'
)
_BARE_BEGUN = re.compile(rb"(?<![^\r\0\t ])[0-9A-Fa-f]{1,4}(?:(?<=[0-9A-Fa-f]{4})0[0-9A-Fa-f]{0,3})?\Z")
_BODY = re.compile(rb'"\*?[A-Z][A-Z0-9-]*"[0-9]{4}')  # token and sequence
_ENDINGS = (b'\n00000000"', b'\n\0\x000000"')  # the characters after which a beginning is no longer a head
_LONGEST_HEAD = 10
_CR = 0x0D
_IDLE = b"\r\n\0\t "  # sent between frames by many devices, without meaning
_SHOWN = 64
LONGEST = 0xFFF
"""Longest body a frame can announce, in bytes."""


@dataclass(frozen=True, slots=True)
class Dc09Frame:
    """One frame: its body, the arrival of its first and last byte, and whether its CRC is right.

    ``odd`` says what in its form differs from the protocol, where it could be read all the same.
    """

    body: bytes
    first: Instant
    complete: Instant
    crc_right: bool
    odd: str = ""


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that belong to no frame: the first of them, their number, and their arrival."""

    data: bytes
    count: int
    first: Instant
    last: Instant


def crc_of(body: bytes) -> int:
    """CRC-16/ARC over the body."""
    return int(codec().crc(body))


def frame_of(body: bytes) -> bytes:
    """The frame around ``body``, LF to CR."""
    return b"\n%04X0%03X%b\r" % (crc_of(body), len(body), body)


class Framer:
    """The frames of one stream, and what came between them.

    A body is accepted only if its length, its CR and its CRC agree. Until then every later LF is tried as
    well, so noise that looks like the head of a frame hides no frame. Bytes that can no longer be part of a
    frame are dropped at once: never more than one frame and one read are held.
    """

    def __init__(self) -> None:
        self._held = b""
        self._base = 0  # how many bytes of the stream were dropped before ``_held``
        self._reads: list[tuple[int, Instant]] = []
        self._given: dict[
            int, int
        ] = {}  # frames with a wrong CRC that were given out: offset of LF and of CR
        self._tried: set[int] = set()  # where a body up to its CR was summed already: offsets of heads
        self._noise: Noise | None = None

    @property
    def held(self) -> int:
        """How many bytes wait for the rest of a frame."""
        return len(self._held)

    def feed(self, data: bytes, at: Instant) -> list[Dc09Frame]:
        """Take what arrived at ``at``; returns the frames that are complete with it, in their order."""
        if data:
            self._reads.append((self._base + len(self._held), at))
            self._held += data
        frames: list[Dc09Frame] = []
        settled = start = 0
        pending: int | None = None
        while (head := _HEAD.search(self._held, start)) is not None:
            begin, start = head.start(), head.start() + 1
            end = self._whole(head, frames)
            if end is not None:
                self._waste(settled, begin)  # also what seemed to have begun before
                settled = start = end + 1
                pending = None
            elif pending is None and self._may_come(head):
                pending = begin
        if pending is None:
            pending = self._begun(start)
        self._waste(settled, pending)
        self._drop(pending)
        return frames

    def noise(self, *, ended: bool = False) -> Noise | None:
        """The bytes that belong to no frame since the last call; all waiting ones if the stream ``ended``."""
        if ended:
            self._waste(0, len(self._held))
            self._drop(len(self._held))
        noise, self._noise = self._noise, None
        return noise

    def waiting(self) -> Noise | None:
        """The bytes that wait for the rest of a frame; they keep waiting."""
        if not self._held.strip(_IDLE):
            return None
        return Noise(self._held[:_SHOWN], len(self._held), self._at(0), self._at(len(self._held) - 1))

    def _whole(self, head: re.Match[bytes], frames: list[Dc09Frame]) -> int | None:
        """Give out the frame of this head when all of it is there; returns where its CR stands."""
        end = head.end() - 1 + int(head["length"], 16)
        # no body has a LF: so each byte is summed once by length and once up to a CR at most
        whole = end < len(self._held) and self._held.find(b"\n", head.end(), end) < 0
        if head["bare"] is None and whole and self._held[end] == _CR and self._take(head, end, frames):
            return end
        return self._take_odd(head, frames)

    def _take_odd(self, head: re.Match[bytes], frames: list[Dc09Frame]) -> int | None:
        """Give out a body with no LF before it or of another length than announced, if its CRC is right."""
        begin, place = head.end() - 1, self._base + head.start()
        end = self._held.find(b"\r", begin, begin + LONGEST + 1)
        if end < 0 or head["raw"] is not None or place in self._tried:
            return None
        self._tried.add(place)
        body, announced = self._held[begin:end], int(head["length"], 16)
        if b"\n" in body or not _BODY.match(body) or crc_of(body) != int(head["hex"] or head["bare"], 16):
            return None
        odd = ["no LF before it"] if head["bare"] is not None else []
        odd += [f"length {announced} announced, {len(body)} sent"] if announced != len(body) else []
        first, last = self._at(head.start()), self._at(end)
        frames.append(Dc09Frame(body, first, last, crc_right=True, odd=", ".join(odd)))
        return end

    def _may_come(self, head: re.Match[bytes]) -> bool:
        """Whether the rest of the frame may still come: up to its length, or up to its CR."""
        begin, end = head.end(), head.end() - 1 + int(head["length"], 16)
        if head["bare"] is None and end >= len(self._held) and self._held.find(b"\n", begin, end) < 0:
            return True
        if head["raw"] is not None or len(self._held) - begin >= LONGEST:
            return False
        return self._held.find(b"\r", begin) < 0 and self._held.find(b"\n", begin) < 0

    def _take(self, head: re.Match[bytes], end: int, frames: list[Dc09Frame]) -> bool:
        """Return the body that ends before ``end`` as a frame; returns whether its CRC is right."""
        body = self._held[head.end() - 1 : end]
        crc = crc_of(body)
        if head["hex"] is not None:
            right = crc == int(head["hex"], 16)
        else:
            right = crc in (int.from_bytes(head["raw"], "big"), int.from_bytes(head["raw"], "little"))
        place = self._base + head.start()
        if right or (place not in self._given and head["hex"] is not None):
            frames.append(Dc09Frame(body, self._at(head.start()), self._at(end), right))
        if not right and head["hex"] is not None:
            self._given[place] = self._base + end
        return right

    def _begun(self, start: int) -> int:
        """Where an incomplete head begins; the end of the held bytes if there is none."""
        first = max(start, len(self._held) - _LONGEST_HEAD + 1)
        while (first := self._held.find(b"\n", first)) >= 0:
            part = self._held[first:]
            if any(_HEAD.match(part + ending[len(part) :]) for ending in _ENDINGS if len(part) < len(ending)):
                return first
            first += 1
        bare = _BARE_BEGUN.search(self._held, max(start, len(self._held) - _LONGEST_HEAD + 1))
        return bare.start() if bare else len(self._held)

    def _waste(self, begin: int, end: int) -> None:
        """Record the bytes between two offsets that are neither idle nor part of a reported frame."""
        for place, ending in self._given.items():
            if place - self._base < end and begin <= ending - self._base:
                self._waste_all(begin, max(begin, place - self._base))
                begin = min(end, ending - self._base + 1)
        self._waste_all(begin, end)

    def _waste_all(self, begin: int, end: int) -> None:
        data = self._held[begin:end]
        said = data.strip(_IDLE)
        if not said:
            return
        first, last = self._at(begin), self._at(end - 1)
        old = self._noise
        if old is None:
            self._noise = Noise(said[:_SHOWN], len(said), first, last)
        else:
            self._noise = Noise((old.data + said)[:_SHOWN], old.count + len(said), old.first, last)

    def _at(self, offset: int) -> Instant:
        """When the byte at ``offset`` of the held bytes arrived."""
        place = bisect_right(self._reads, self._base + offset, key=lambda read: read[0])
        return self._reads[place - 1][1]

    def _drop(self, count: int) -> None:
        self._held = self._held[count:]
        self._base += count
        self._given = {offset: end for offset, end in self._given.items() if end >= self._base}
        self._tried = {offset for offset in self._tried if offset >= self._base}
        keep = max(bisect_right(self._reads, self._base, key=lambda read: read[0]) - 1, 0)
        self._reads = self._reads[keep:] if self._held else []
