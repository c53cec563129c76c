# SPDX-License-Identifier: Apache-2.0
"""Which frames of a long session or playback are decoded to see whether its pictures were taken anew.

Those at its beginning and at its end are decoded one after the other. Of the time between, a key frame about
every second: where two of them show no movement, the view may have been frozen, and all frames between them
are decoded as well. A standstill between two of these key frames that ends before the second is not noticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Generic, Protocol, TypeVar

from yanshou.imaging.repeats import TimedPicture, blocks, distinct_pictures, moves
from yanshou.model.stream import Distinct, Luma
from yanshou.protocols.rtsp.damage import Damage
from yanshou.protocols.rtsp.decode import CodedKey, Decoded, decoded


class StampedFrame(CodedKey, Protocol):
    """A coded frame with its RTP time in ticks."""

    @property
    def rtp_ticks(self) -> int: ...


_Frame = TypeVar("_Frame", bound=StampedFrame)

_BETWEEN: Final = 2  # pictures between the first and the last that are kept
_MOST_STILL: Final = 0.4  # of the frames are decoded because nothing seems to move
_APART: Final = 25  # frames between the key frames that are compared, at least


@dataclass(frozen=True, slots=True)
class LookedAt(Generic[_Frame]):
    """The frames to decode in order, each with its place; ``begins`` are those that follow no other one.

    ``whole``: all are among them where nothing seems to move.
    """

    frames: list[tuple[int, _Frame]]
    begins: frozenset[int] = frozenset()
    whole: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class SeenFrames:
    """Of all frames: the first and the last picture, some between them, and how many show something new.

    ``between_s`` are the times of those between, in s from the first frame, where all frames were looked at.
    """

    decoded: int = 0
    first: Decoded | None = None
    last: Decoded | None = None  # None where there was but one
    between: tuple[Luma, ...] = ()
    distinct: Distinct | None = None
    damaged: int = 0  # those that were damaged, or after one, and left out
    between_s: tuple[float, ...] = ()


def seen_of(
    codec: str,
    frames: Sequence[StampedFrame],
    most: int,
    clock_rate: int,
    parameter_sets: Sequence[bytes] = (),
    *,
    quantisers: int = 1,
) -> SeenFrames:
    """What about ``most`` frames of a session or playback show, from its first to its last one.

    They are decoded once, and their pictures are kept no longer than they are compared. ``quantisers`` as
    :func:`decoded` has it.
    """
    looked = looked_at(codec, frames, most, parameter_sets)
    keys = [index for index, frame in looked.frames if frame.key]
    marks = (
        {keys[place * (len(keys) - 1) // (_BETWEEN + 1)] for place in range(1, _BETWEEN + 1)} if keys else {}
    )
    ends: list[Decoded] = []
    between: dict[int, Luma] = {}
    count, damage = 0, Damage(codec)

    def pictures() -> Iterator[TimedPicture]:
        nonlocal count
        for one in decoded(
            codec, looked.frames, parameter_sets=parameter_sets, quantisers=quantisers, damage=damage
        ):
            count += 1
            ends[min(1, len(ends)) :] = [one]  # the first stays, the last is replaced
            if one.index in marks:
                between[one.index] = one.luma
            frame = frames[one.index]
            at = frame.rtp_ticks / clock_rate
            follows = one.index not in looked.begins and not one.after_damage
            yield TimedPicture(at, one.luma, frame.key, follows)

    seen = distinct_pictures(pictures(), empty=looked.whole)
    # each coded picture has a number of its own (frame_num, idr_pic_id or picture order count)
    again = sum(bool(one.data) and one.data == other.data for one, other in pairwise(frames))
    for one in ends:
        between.pop(one.index, None)
    return SeenFrames(
        count,
        ends[0] if ends else None,
        ends[1] if len(ends) > 1 else None,
        tuple(between.values()),
        None if seen is None else replace(seen, sent_again=again),
        damage.pictures,
        tuple((frames[index].rtp_ticks - frames[0].rtp_ticks) / clock_rate for index in between),
    )


def looked_at(
    codec: str, frames: Sequence[_Frame], most: int, parameter_sets: Sequence[bytes] = ()
) -> LookedAt[_Frame]:
    """The frames to decode: about ``most``, those where nothing moves, and a key frame a second."""
    kept = [(index, frame) for index, frame in enumerate(frames) if frame.data]
    half = most // 2
    keys = [place for place, (_, frame) in enumerate(kept) if frame.key and place >= half]
    if len(kept) <= most or not keys:
        return LookedAt(kept)
    last = next((place for place in keys if place >= len(kept) - half), keys[-1])
    marks = _spaced([place for place in keys if place <= last])
    stretches = _still(codec, kept, marks, parameter_sets)
    still = [place for begin, end in stretches for place in range(begin, end)]
    longest = max(most, round(_MOST_STILL * len(kept)))
    after = dict(pairwise(marks))
    # what moves after a standstill tells whether the view was empty or stood still
    ahead = {place for _, end in stretches if end in after for place in range(end, after[end])}
    chosen = {*still, *ahead} if len(still) <= longest else set(still[:most])
    places = sorted({*range(marks[0] + 1), *chosen, *marks[1:-1], *range(last, len(kept))})
    begins = {after for before, after in pairwise(places) if after != before + 1}
    return LookedAt(
        [kept[place] for place in places],
        frozenset(kept[place][0] for place in begins),
        whole=len(still) <= longest,
    )


def _spaced(keys: Sequence[int]) -> list[int]:
    """The first and last of the places, and those of the others that are far enough from the one before."""
    chosen = [keys[0]]
    for place in keys[1:-1]:
        if place >= chosen[-1] + _APART:
            chosen.append(place)
    return [*chosen, keys[-1]] if len(keys) > 1 else chosen


def _still(
    codec: str,
    kept: Sequence[tuple[int, StampedFrame]],
    marks: Sequence[int],
    parameter_sets: Sequence[bytes],
) -> list[tuple[int, int]]:
    """The stretches between successive key frames that show no movement, or of which one does not decode."""
    units = ((place, kept[place][1]) for place in marks)
    made = decoded(codec, units, parameter_sets=parameter_sets, quantisers=0)
    seen = {one.index: blocks(one.luma) for one in made}
    return [
        (begin, end)
        for begin, end in pairwise(marks)
        if begin not in seen or end not in seen or not moves(seen[begin], seen[end])
    ]
