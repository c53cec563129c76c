# SPDX-License-Identifier: Apache-2.0
"""Which frames of a long session are decoded to see whether its pictures were taken anew.

Those at its beginning and at its end are decoded one after the other. Of the time between, a key frame about
every second: where two of them show no movement, the view may have been frozen, and all frames between them
are decoded as well. A standstill between two of these key frames that ends before the second is not noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from yanshou.acquisition.receiver import ReceivedFrame
from yanshou.imaging.repeats import blocks, moves
from yanshou.protocols.rtsp.decode import decoded

Numbered = tuple[int, ReceivedFrame]
"""A frame and its place in the session."""

_APART: Final = 25  # frames between the key frames that are compared, at least


def looked_at(codec: str, frames: Sequence[ReceivedFrame], most: int) -> list[Numbered]:
    """The frames to decode in order, with their indices: about ``most``, and as many where nothing moves."""
    kept = [(index, frame) for index, frame in enumerate(frames) if frame.data]
    half = most // 2
    keys = [place for place, (_, frame) in enumerate(kept) if frame.key and place >= half]
    if len(kept) <= most or not keys:
        return kept
    last = next((place for place in keys if place >= len(kept) - half), keys[-1])
    marks = _spaced([place for place in keys if place <= last])
    still = _still(codec, kept, marks)
    between = [one for begin, end in still for one in kept[begin:end]][:most]
    return [*kept[: marks[0]], *between, *kept[last:]]


def _spaced(keys: Sequence[int]) -> list[int]:
    """The first and last of the places, and those of the others that are far enough from the one before."""
    chosen = [keys[0]]
    for place in keys[1:-1]:
        if place >= chosen[-1] + _APART:
            chosen.append(place)
    return [*chosen, keys[-1]] if len(keys) > 1 else chosen


def _still(codec: str, kept: Sequence[Numbered], marks: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches between successive key frames that show no movement, or of which one does not decode."""
    units = ((place, kept[place][1]) for place in marks)
    seen = {one.index: blocks(one.luma) for one in decoded(codec, units, quantisers=0)}
    return [
        (begin, end)
        for begin, end in pairwise(marks)
        if begin not in seen or end not in seen or not moves(seen[begin], seen[end])
    ]
