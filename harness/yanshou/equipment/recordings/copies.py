# SPDX-License-Identifier: Apache-2.0
"""Pictures played from different times of a recording that are one and the same picture.

A recorder may show the pictures of one day under every date, with the right time stamps. If two instants show
the same picture, block by block and bit by bit (:mod:`yanshou.imaging.copies`), neither proves its time. That
holds only for a source whose pictures change from second to second: nothing can be concluded for one that
stands still (a drawn picture, a frozen one), and a picture without detail (a dark room) is left out.

The pictures may have been coded anew for each date, with that date written in. So what changes in them at one
time of day is compared between days (:mod:`yanshou.imaging.recoded`). Where that cannot tell a copy from a
still scene, the retained days are proved conditionally at best. So they are where the key frames of the days
stand at other moments, or their noise is not equally strong: a copy could not be recognised then. A loop
whose length does not divide a day is found only by the clock in the pictures; without one the days are proved
conditionally at best (:mod:`yanshou.evaluation.retention`). Another clock drawn into a loop is not found.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from yanshou.evaluation.playing import ComparedPlaybacks, PlaybackProof, Proof
from yanshou.imaging.copies import Blocks, copied_pairs, plain
from yanshou.imaging.recoded import Kin, kinship

APART = timedelta(minutes=1)
"""Instants nearer than that may be answered by one key frame."""

_ANOTHER_DAY = timedelta(hours=12)
_DAY = timedelta(days=1)
_SAME_HOUR = timedelta(seconds=5)  # key frames stand some seconds apart
_HALF_A_FRAME = timedelta(seconds=0.02)
_PROVING = (Proof.RIGHT, Proof.NO_TIME)


def compared(plays: Sequence[PlaybackProof], alive: Callable[[PlaybackProof], bool]) -> ComparedPlaybacks:
    """Compare every playback with every other one of the camera.

    ``alive`` looks at a playback again and says whether its pictures change within it.
    """
    moving = functools.cache(lambda n: alive(plays[n]))
    comparable, different, still = False, False, False
    copies, recoded = _coded_anew(plays)
    same = _same_pictures(plays)
    for n, m in _pairs(plays):
        another_day = abs(plays[m].play.asked - plays[n].play.asked) >= _ANOTHER_DAY
        alike = (n, m) in same
        comparable = comparable or another_day
        different = different or (another_day and not alike)
        if alike and not copies.issuperset((n, m)):
            if moving(n) or moving(m):
                copies.update((n, m))
            else:
                still = still or (another_day and not plain(plays[n].prints[0]))
    marked = tuple(one.as_copy() if n in copies else one for n, one in enumerate(plays))
    alike = still or (comparable and not different and not copies)
    return ComparedPlaybacks(marked, undecided=alike, recoded=recoded)


def _coded_anew(plays: Sequence[PlaybackProof]) -> tuple[set[int], bool]:
    """The playbacks that are copies coded anew, and whether others may be."""
    copies: set[int] = set()
    unknown = False
    for n, m in _pairs(plays):
        one, other = plays[n], plays[m]
        if one.change is None or other.change is None or not _twins(one, other):
            continue
        kin = kinship(one.change, other.change, same_moment=_same_moment(one, other))
        if kin is Kin.COPY:
            copies.update((n, m))
        meant = _whole_days(one.play.asked, other.play.asked)  # else they stand beside each other by chance
        unknown = unknown or (kin is Kin.UNDECIDED and meant and not plain(one.prints[0]))
    return copies, unknown


def _twins(one: PlaybackProof, other: PlaybackProof) -> bool:
    """Whether both were taken at one time of day on different days."""
    apart = abs(one.play.asked - other.play.asked)
    days = round(apart / _DAY)
    return days > 0 and abs(apart - days * _DAY) <= _SAME_HOUR


def _same_moment(one: PlaybackProof, other: PlaybackProof) -> bool:
    """Whether the pictures that were compared stand at one moment of the day, to half a frame."""
    first, its = one.play.first, other.play.first
    return first is not None and its is not None and _whole_days(first, its)


def _whole_days(one: datetime, other: datetime) -> bool:
    apart = abs(one - other)
    return abs(apart - round(apart / _DAY) * _DAY) <= _HALF_A_FRAME


def _pairs(plays: Sequence[PlaybackProof]) -> Iterator[tuple[int, int]]:
    """The pairs of playbacks to compare, by index."""
    seen = [n for n, one in enumerate(plays) if one.prints and one.proof in _PROVING]
    pairs = combinations(seen, 2)
    return ((n, m) for n, m in pairs if abs(plays[m].play.asked - plays[n].play.asked) >= APART)


def _same_pictures(plays: Sequence[PlaybackProof]) -> set[tuple[int, int]]:
    """The pairs of playbacks, by index, that have a picture in common.

    Where a playback shows something, its pictures without content (a signal that was lost) are left out.
    """
    seen = [(n, one) for n, play in enumerate(plays) for one in _recognisable(play)]
    owners = [n for n, _ in seen]
    pairs = copied_pairs([one for _, one in seen])
    return {(owners[one], owners[other]) for one, other in pairs}


def _recognisable(play: PlaybackProof) -> Sequence[Blocks]:
    return [one for one in play.prints if not plain(one)] or play.prints
