# SPDX-License-Identifier: Apache-2.0
"""Which frames of a long session or playback are decoded to see whether its pictures were taken anew.

Those at its beginning and at its end are decoded one after the other. Of the time between, a key frame about
every second: where two of them show no movement, the view may have been frozen, and all frames between them
are decoded as well. A standstill between two of these key frames that ends before the second is not noticed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Generic, Protocol, TypeVar

from yanshou.imaging.repeats import TimedPicture, blocks, distinct_pictures, moves
from yanshou.model.stream import Distinct
from yanshou.protocols.rtsp.decode import CodedKey, Decoded, decoded


class StampedFrame(CodedKey, Protocol):
    """A coded frame with its RTP time in ticks."""

    @property
    def rtp_ticks(self) -> int: ...


_Frame = TypeVar("_Frame", bound=StampedFrame)

_APART: Final = 25  # frames between the key frames that are compared, at least


@dataclass(frozen=True, slots=True)
class LookedAt(Generic[_Frame]):
    """The frames to decode in order, each with its place; ``begins`` are those that follow no other one."""

    frames: list[tuple[int, _Frame]]
    begins: frozenset[int] = frozenset()


def distinct_of(codec: str, frames: Sequence[StampedFrame], most: int, clock_rate: int) -> Distinct | None:
    """How many pictures differ from the one before, of about ``most`` frames of a session or playback."""
    looked = looked_at(codec, frames, most)
    return distinct_among(
        decoded(codec, looked.frames, quantisers=0), frames, clock_rate, begins=looked.begins
    )


def distinct_among(
    pictures: Iterable[Decoded],
    frames: Sequence[StampedFrame],
    clock_rate: int,
    *,
    begins: Collection[int] = (),
) -> Distinct | None:
    """The same of decoded ``frames``; ``begins`` are those that follow no other one."""
    seen = distinct_pictures(
        TimedPicture(
            frames[one.index].rtp_ticks / clock_rate,
            one.luma,
            frames[one.index].key,
            one.index not in begins,
        )
        for one in pictures
    )
    # each coded picture has a number of its own (frame_num, idr_pic_id or picture order count)
    again = sum(bool(one.data) and one.data == other.data for one, other in pairwise(frames))
    return None if seen is None else replace(seen, sent_again=again)


def looked_at(codec: str, frames: Sequence[_Frame], most: int) -> LookedAt[_Frame]:
    """The frames to decode: about ``most``, as many again where nothing moves, and a key frame a second."""
    kept = [(index, frame) for index, frame in enumerate(frames) if frame.data]
    half = most // 2
    keys = [place for place, (_, frame) in enumerate(kept) if frame.key and place >= half]
    if len(kept) <= most or not keys:
        return LookedAt(kept)
    last = next((place for place in keys if place >= len(kept) - half), keys[-1])
    marks = _spaced([place for place in keys if place <= last])
    still = {place for begin, end in _still(codec, kept, marks) for place in range(begin, end)}
    between = set(sorted(still)[:most]).union(marks[1:-1])
    places = sorted({*range(marks[0] + 1), *between, *range(last, len(kept))})
    begins = {after for before, after in pairwise(places) if after != before + 1}
    return LookedAt([kept[place] for place in places], frozenset(kept[place][0] for place in begins))


def _spaced(keys: Sequence[int]) -> list[int]:
    """The first and last of the places, and those of the others that are far enough from the one before."""
    chosen = [keys[0]]
    for place in keys[1:-1]:
        if place >= chosen[-1] + _APART:
            chosen.append(place)
    return [*chosen, keys[-1]] if len(keys) > 1 else chosen


def _still(
    codec: str, kept: Sequence[tuple[int, StampedFrame]], marks: Sequence[int]
) -> list[tuple[int, int]]:
    """The stretches between successive key frames that show no movement, or of which one does not decode."""
    units = ((place, kept[place][1]) for place in marks)
    seen = {one.index: blocks(one.luma) for one in decoded(codec, units, quantisers=0)}
    return [
        (begin, end)
        for begin, end in pairwise(marks)
        if begin not in seen or end not in seen or not moves(seen[begin], seen[end])
    ]
