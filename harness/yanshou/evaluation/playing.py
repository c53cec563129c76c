# SPDX-License-Identifier: Apache-2.0
"""Which instants of a time line are played back, and what a playback can prove.

Played are the oldest listed picture, the edge of the required window, both edges of every gap, a sample drawn
from the plan's seed, and the oldest instant's time of day on later days. A picture proves its instant when it
decodes, carries the time asked for, does not show another camera's view, and is not the picture of another
time.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from yanshou.imaging.copies import Blocks, one_picture, plain
from yanshou.imaging.likeness import Shows
from yanshou.imaging.recoded import PictureChange
from yanshou.model.recording import Playback, RecordedChannel, Segment

RIGHT_TIME_S = 5.0
"""A played picture may be this far from the instant asked for: key frames stand some seconds apart."""

_EDGE = timedelta(seconds=30)  # a drawn instant keeps this far from an edge
_BESIDE = timedelta(seconds=2)  # the picture before a gap is requested so long before it
_DAY = timedelta(days=1)
_MOST_SEAMS = 40  # drawn instants played in one channel
_MOST_EDGES = 400  # gaps of one channel whose edges are played: half of them the longest ones, half drawn


class PlaybackReason(StrEnum):
    """Why an instant is played."""

    OLDEST = "最早"
    WINDOW = "应保存期起点"
    BEFORE_GAP = "缺口前沿"
    AFTER_GAP = "缺口后沿"
    SAMPLE = "抽样"
    SEAM = "未停止而重新开始处"
    TWIN = "另一日同一钟点"

    @property
    def has_twins(self) -> bool:
        """Whether the same time of day may be played on other days."""
        return self in (PlaybackReason.OLDEST, PlaybackReason.WINDOW, PlaybackReason.TWIN)


class Proof(StrEnum):
    """What a playback proves of its instant."""

    RIGHT = "可回放"
    NO_TIME = "画面无时间标记"
    WRONG_TIME = "画面时间不符"
    WRONG_CHANNEL = "画面属于其他通道"
    COPY = "与另一时刻为同一画面"
    NOTHING = "不能回放"
    DAMAGED = "画面均已损坏"


def differ(prints: Sequence[Blocks]) -> bool:
    """Whether one of the pictures with these fingerprints is another than the first."""
    return any(not one_picture(prints[0], later) for later in prints[1:])


def begins_elsewhen(play: Playback) -> bool:
    """Whether the first played picture is of another time than asked for, by the recorder's own stamp."""
    return play.first is not None and abs((play.first - play.asked).total_seconds()) > RIGHT_TIME_S


def is_of_other_track(play: Playback, channel: RecordedChannel) -> bool:
    """Whether what was played is described as another track than the video of the recording."""
    return bool(play.track and channel.tracks and play.track not in channel.tracks)


@dataclass(frozen=True, slots=True)
class PlaybackProof:
    """One playback and what it proves.

    ``shown_by`` is the other camera whose view it shows; ``blurred`` says that the edge itself did not play.
    ``prints`` are fingerprints of its pictures in order, ``change`` what changes from the first to the last
    one, where other days are compared with it; the pictures themselves are not kept.
    """

    why: PlaybackReason
    play: Playback
    proof: Proof
    shown_by: str = ""
    osd: datetime | None = None
    view: Shows = Shows.UNCLEAR
    blurred: bool = False
    prints: tuple[Blocks, ...] = ()
    change: PictureChange | None = None

    @property
    def moves(self) -> bool:
        """Whether its pictures were seen to change while it played."""
        return differ(self.prints)

    @property
    def lapses(self) -> bool:
        """Whether a picture on the way has no content, or stands still for seconds, though others move."""
        if not self.moves or plain(self.prints[0]):
            return False
        empty = any(plain(one) for one in self.prints[1:])
        return empty or any(one_picture(one, later) for one, later in pairwise(self.prints))

    def as_copy(self) -> PlaybackProof:
        """The same, marked as the picture of another time as well."""
        return replace(self, proof=Proof.COPY)


@dataclass(frozen=True, slots=True)
class ComparedPlaybacks:
    """The playbacks of a camera, with copies marked, and whether its days could be distinguished.

    ``undecided`` is True if pictures of different days are one picture and the source stands still, or if no
    two days could be shown to differ. ``recoded`` is True if pictures of different days may be the same ones,
    coded anew.
    """

    plays: tuple[PlaybackProof, ...]
    undecided: bool = False
    recoded: bool = False


def holder(recordings: Sequence[RecordedChannel], at: datetime) -> RecordedChannel:
    """The recording that lists ``at``; the first if none does, or the only one."""
    if len(recordings) == 1:
        return recordings[0]
    holding = (one for one in recordings if any(s.start <= at < s.end for s in one.segments))
    return next(holding, recordings[0])


@dataclass(frozen=True, slots=True)
class Asked:
    """An instant to play, and one further inside to try if an edge does not play to the second.

    The picture has to be from before ``edge``, where one is given: recorders begin with the next picture they
    have, which may lie behind a gap.
    """

    why: PlaybackReason
    at: datetime
    inside: datetime | None = None
    edge: datetime | None = None


def instants(
    stretches: Sequence[Segment],
    *,
    start: datetime,
    end: datetime,
    seed: str,
    samples: int,
    seams: Sequence[datetime] = (),
) -> list[Asked]:
    """The instants to play of one channel, oldest first; ``stretches`` are disjoint, oldest first.

    The oldest instant of the window has twins: the same time of day on the youngest day and on two drawn days
    in between. Of more than 400 gaps the longest 200 and 200 drawn ones are played on both sides.
    """
    draw = random.Random(seed)  # noqa: S311 - reproducible on purpose
    first = stretches[0]
    chosen = [Asked(PlaybackReason.OLDEST, first.start + min(_EDGE, (first.end - first.start) / 2))]
    inside = [one for one in stretches if one.end > start and one.start < end]
    if first.start < start and inside:
        begin, until = max(inside[0].start, start), min(inside[0].end, end)
        chosen.append(Asked(PlaybackReason.WINDOW, begin + min(_EDGE, (until - begin) / 2)))
    twins = _twins(inside, chosen[-1].at, end, random.Random(f"{seed}/twins"))  # noqa: S311 - as above
    for before, after in _edges_asked(stretches, start, draw):
        chosen.append(_before(PlaybackReason.BEFORE_GAP, before, before.end))
        chosen.append(_edge(PlaybackReason.AFTER_GAP, after, after.start, _EDGE))
    if stretches[-1].end < end:
        chosen.append(_before(PlaybackReason.BEFORE_GAP, stretches[-1], stretches[-1].end))
    chosen += before_seams(stretches, [one for one in seams if start < one < end], seed)
    chosen += [Asked(PlaybackReason.TWIN, at) for at in twins]
    chosen += [Asked(PlaybackReason.SAMPLE, at) for at in _drawn(inside, start, end, draw, samples)]
    return sorted(chosen, key=lambda one: one.at)


def before_seams(stretches: Sequence[Segment], seams: Sequence[datetime], seed: str) -> list[Asked]:
    """The time just before recording began again without a reported end; of many such, a drawn part."""
    draw = random.Random(f"{seed}/seams")  # noqa: S311 - as above
    looked_at = seams if len(seams) <= _MOST_SEAMS else draw.sample(seams, _MOST_SEAMS)
    holders = ((one, seam) for seam in looked_at for one in stretches if one.start < seam <= one.end)
    return [_before(PlaybackReason.SEAM, one, seam) for one, seam in holders]


def _before(why: PlaybackReason, stretch: Segment, edge: datetime) -> Asked:
    """The last time before the end of a stretch, or before a seam in it."""
    return replace(_edge(why, stretch, max(stretch.start, edge - _BESIDE), -_EDGE), edge=edge)


def _edge(why: PlaybackReason, stretch: Segment, at: datetime, inwards: timedelta) -> Asked:
    further = at + inwards
    return Asked(why, at, further if stretch.start <= further < stretch.end else None)


def _edges_asked(
    stretches: Sequence[Segment], start: datetime, draw: random.Random
) -> list[tuple[Segment, Segment]]:
    """The recorded periods on both sides of the gaps that end after ``start``."""
    pairs = [(one, other) for one, other in pairwise(stretches) if other.start > start]
    if len(pairs) <= _MOST_EDGES:
        return pairs
    pairs.sort(key=lambda pair: pair[0].end - pair[1].start)  # the longest gap first
    return [*pairs[: _MOST_EDGES // 2], *draw.sample(pairs[_MOST_EDGES // 2 :], _MOST_EDGES // 2)]


def _twins(inside: Sequence[Segment], at: datetime, end: datetime, draw: random.Random) -> list[datetime]:
    """The time of day of ``at`` on later recorded days: the youngest, and one of each half between."""
    days = [at + _DAY * n for n in range(1, max(0, (end - at) // _DAY) + 1)]
    held = [day for day in days if any(one.start + _EDGE <= day < one.end - _EDGE for one in inside)]
    if not held:
        return []
    *others, youngest = held
    halves = (others[: len(others) // 2], others[len(others) // 2 :])
    return [*(draw.choice(half) for half in halves if half), youngest]


def _drawn(
    inside: Sequence[Segment], start: datetime, end: datetime, draw: random.Random, samples: int
) -> list[datetime]:
    """Instants drawn uniformly over the recorded time, away from edges."""
    long = [one for one in inside if one.end - one.start > 2 * _EDGE]
    if not long:
        return []
    lengths = [(one.end - one.start).total_seconds() for one in long]
    found = []
    for one in draw.choices(long, lengths, k=samples):
        begin, until = max(one.start, start) + _EDGE, min(one.end, end) - 2 * _EDGE
        if until > begin:
            found.append(begin + (until - begin) * draw.random())
    return found
