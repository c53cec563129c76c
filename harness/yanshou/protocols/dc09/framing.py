# SPDX-License-Identifier: Apache-2.0
"""Cuts DC-09 frames out of a stream: split, joined, and between any noise.

A frame is ``LF crc(4 hex) 0LLL body CR``; LLL is the length of the body, which begins with a quote, and the
CRC (CRC-16/ARC, initial value 0) is over the body.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from siadc09 import util

from yanshou.model import Instant

_HEAD = re.compile(rb'\n[0-9A-Fa-f]{4}0[0-9A-Fa-f]{3}"')
_HEAD_LENGTH = 10
_BODY = 9  # where the body begins, counted from the LF
_LF, _CR = 0x0A, 0x0D
LONGEST = 0xFFF
"""Longest body a frame can announce, in bytes."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its body, when its first and its last byte arrived, and whether its CRC is right."""

    body: bytes
    first: Instant
    complete: Instant
    crc_right: bool


def crc_of(body: bytes) -> int:
    """CRC-16/ARC over the body."""
    return int(util.crc(body))


def frame_of(body: bytes) -> bytes:
    """The frame around ``body``, LF to CR."""
    return b"\n%04X0%03X%b\r" % (crc_of(body), len(body), body)


class Framer:
    """The frames of one stream.

    A body is believed only when its length, its CR and its CRC agree; until then every later LF is tried as
    well, so that noise that looks like the head of a frame hides none.  What cannot be part of a frame any
    more is dropped at once: no more than one frame and one read are ever held.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._base = 0  # how many bytes of the stream were dropped before ``_held``
        self._reads: list[tuple[int, Instant]] = []
        self._told: set[int] = set()  # offsets of frames with a wrong CRC that were given out already
        self._pending: int | None = None

    @property
    def held(self) -> int:
        """How many bytes wait for the rest of a frame."""
        return len(self._held)

    def feed(self, data: bytes, at: Instant) -> list[Frame]:
        """Take what arrived at ``at``; returns the frames that are complete with it, in their order."""
        if data:
            self._reads.append((self._base + len(self._held), at))
            self._held += data
        frames: list[Frame] = []
        self._pending = None
        start = 0
        while (line_feed := self._held.find(_LF, start)) >= 0:
            start = self._try(line_feed, frames)
        self._drop(len(self._held) if self._pending is None else self._pending)
        return frames

    def _try(self, line_feed: int, frames: list[Frame]) -> int:
        """Try one LF as the beginning of a frame; returns where to look on."""
        held, beyond = self._held, line_feed + 1
        head = bytes(held[line_feed : line_feed + _HEAD_LENGTH])
        if len(head) < _HEAD_LENGTH:
            if _HEAD.match(head + b'\n00000000"'[len(head) :]):
                self._wait_for(line_feed)
            return beyond
        if not _HEAD.match(head):
            return beyond
        length = int(head[6:9], 16)
        end = line_feed + _BODY + length
        if end >= len(held):
            self._wait_for(line_feed)
            return beyond
        if held[end] != _CR:
            return beyond
        body = bytes(held[line_feed + _BODY : end])
        right = crc_of(body) == int(head[1:5], 16)
        if right or self._base + line_feed not in self._told:
            frames.append(Frame(body, self._at(line_feed), self._at(end), right))
        if not right:
            self._told.add(self._base + line_feed)
            return beyond
        self._pending = None  # what seemed to have begun before was noise
        return end + 1

    def _wait_for(self, line_feed: int) -> None:
        if self._pending is None:
            self._pending = line_feed

    def _at(self, offset: int) -> Instant:
        """When the byte at ``offset`` of what is held arrived."""
        place = bisect_right(self._reads, self._base + offset, key=lambda read: read[0])
        return self._reads[place - 1][1]

    def _drop(self, count: int) -> None:
        del self._held[:count]
        self._base += count
        self._told = {offset for offset in self._told if offset >= self._base}
        keep = max(bisect_right(self._reads, self._base, key=lambda read: read[0]) - 1, 0)
        self._reads = self._reads[keep:] if self._held else []
