# SPDX-License-Identifier: Apache-2.0
"""Which instants of a time line are played back, and what each playback proves.

Played are the oldest listed picture, the edge of the required window, both edges of every gap, a sample
drawn from the plan's seed, and the oldest instant's time of day on later days.  A picture proves its instant
when it decodes, bears the time asked for, does not show another camera's view, and is not the picture of
another time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from yanshou.drivers.capabilities import Recorder
from yanshou.imaging.copies import Blocks, fingerprint, one_picture
from yanshou.imaging.likeness import Shows, shows
from yanshou.model import RigFault
from yanshou.model.recording import Playback, RecordedChannel, Segment
from yanshou.model.stream import Luma

RIGHT_TIME_S = 5.0
"""A played picture may be this far from the instant asked for: key frames stand some seconds apart."""

OSD_TIME_S = 120.0
"""The clock in the picture is the camera's, and judged elsewhere: here it only tells another hour or day."""

_EDGE = timedelta(seconds=30)  # a drawn instant keeps this far from an edge
_BESIDE = timedelta(seconds=2)  # the picture before a gap is asked for that long before it
_PLAY_S = 2.0
_LOOK_S = 12.0  # some key frames of any recording
_DAY = timedelta(days=1)
_MOST_SEAMS = 40  # looked at in one channel
_MOST_EDGES = 400  # gaps of one channel whose edges are played: the longest half, and a drawn half


class Why(StrEnum):
    """Why an instant is played."""

    OLDEST = "最早"
    WINDOW = "应保存期起点"
    BEFORE_GAP = "缺口前沿"
    AFTER_GAP = "缺口后沿"
    SAMPLE = "抽样"
    SEAM = "未停止而重新开始处"
    TWIN = "另一日同一钟点"


class Proof(StrEnum):
    """What a playback proves of its instant."""

    RIGHT = "可回放"
    NO_TIME = "画面无时间标记"
    WRONG_TIME = "画面时间不符"
    WRONG_CHANNEL = "画面属于其他通道"
    COPY = "与另一时刻为同一画面"
    NOTHING = "不能回放"


class ReadsTime(Protocol):
    """Reads the time written into a picture (OSD); None where it is not legible."""

    def __call__(self, picture: Luma) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What playbacks are held against beside the time asked for.

    ``views`` gives a live picture of each camera, None where there is none; ``clocks`` reads the on-screen
    time of those cameras that write it into their pictures.
    """

    views: Callable[[], Mapping[str, Luma]] = dict
    clocks: Mapping[str, ReadsTime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaybackProof:
    """One playback and what it proves.

    ``shown_by`` is the other camera whose view it shows; ``blurred`` says that the edge itself did not play.
    ``prints`` tell the first and the last picture from others; the pictures themselves are let go.
    """

    why: Why
    play: Playback
    proof: Proof
    shown_by: str = ""
    osd: datetime | None = None
    view: Shows = Shows.UNCLEAR
    blurred: bool = False
    prints: tuple[Blocks, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether its pictures were seen to change while it played."""
        return len(self.prints) > 1 and not one_picture(*self.prints)

    def as_copy(self) -> PlaybackProof:
        """The same, found to be the picture of another time as well."""
        return replace(self, proof=Proof.COPY)


@dataclass(slots=True)
class Player:
    """Plays the recordings of one recorder; each failed exchange is tried once more.

    ``labelled_ahead`` is by how much the recorder labels what it records now ahead of UTC.
    """

    recorder: Recorder
    sight: Sight = field(default_factory=Sight)
    labelled_ahead: timedelta = timedelta(0)
    _views: Mapping[str, Luma] | None = None

    def prove(self, camera: str, recordings: Sequence[RecordedChannel], asked: Asked) -> PlaybackProof:
        """Play the recording that holds the instant; where an edge does not play, once more further inside.

        A recorder's list may be some seconds off at an edge; a stretch that does not play at all is another
        thing.
        """
        played = self._proved(camera, recordings, asked.why, asked.at)
        if played.proof is Proof.NOTHING and asked.inside is not None:
            within = self._proved(camera, recordings, asked.why, asked.inside)
            return within if within.proof is Proof.NOTHING else replace(within, blurred=True)
        return played

    def _proved(
        self, camera: str, recordings: Sequence[RecordedChannel], why: Why, at: datetime
    ) -> PlaybackProof:
        channel = holder(recordings, at)
        play = self._play(channel, at)
        prints = tuple(fingerprint(one) for one in (play.picture, play.later) if one is not None)
        judged = self._judged(camera, channel, why, play)
        return replace(judged, play=replace(play, picture=None, later=None), prints=prints)

    def alive(self, recordings: Sequence[RecordedChannel], played: PlaybackProof) -> bool:
        """Whether the pictures of a playback change within some seconds; looked at once more if need be."""
        if played.moves:
            return True
        play = self._play(holder(recordings, played.play.asked), played.play.asked, _LOOK_S)
        if play.picture is None or play.later is None:
            return False
        return not one_picture(fingerprint(play.picture), fingerprint(play.later))

    def _play(self, channel: RecordedChannel, at: datetime, seconds: float = _PLAY_S) -> Playback:
        try:
            return self.recorder.play(channel, at, seconds)
        except RigFault as fault:
            if fault.final:
                raise
            return self.recorder.play(channel, at, seconds)

    def _judged(self, camera: str, channel: RecordedChannel, why: Why, play: Playback) -> PlaybackProof:
        if play.refused or not play.decoded:
            return PlaybackProof(why, play, Proof.NOTHING)
        osd = self._on_screen(camera, play)
        if _off(play.first, play.asked, RIGHT_TIME_S) or self._another_time(osd, play.asked):
            return PlaybackProof(why, play, Proof.WRONG_TIME, osd=osd)
        if play.track and channel.tracks and play.track not in channel.tracks:
            return PlaybackProof(why, play, Proof.WRONG_CHANNEL, play.track, osd)
        view, whose = self._shows(camera, play)
        if view is Shows.OTHER:
            return PlaybackProof(why, play, Proof.WRONG_CHANNEL, whose, osd, view)
        proof = Proof.NO_TIME if play.first is None and osd is None else Proof.RIGHT
        return PlaybackProof(why, play, proof, osd=osd, view=view)

    def _on_screen(self, camera: str, play: Playback) -> datetime | None:
        reads = self.sight.clocks.get(camera)
        return reads(play.picture) if reads and play.picture is not None else None

    def _another_time(self, osd: datetime | None, asked: datetime) -> bool:
        """Whether the picture was taken at another time than asked for.

        Where the recorder's clock, by which was asked, is wrong, the camera's may be right.
        """
        return _off(osd, asked, OSD_TIME_S) and _off(osd, asked - self.labelled_ahead, OSD_TIME_S)

    def _shows(self, camera: str, play: Playback) -> tuple[Shows, str]:
        if play.picture is None:
            return Shows.UNCLEAR, ""
        if self._views is None:
            self._views = self.sight.views()
        return shows(play.picture, camera, self._views)


def _off(shown: datetime | None, asked: datetime, most_s: float) -> bool:
    return shown is not None and abs((shown - asked).total_seconds()) > most_s


def holder(recordings: Sequence[RecordedChannel], at: datetime) -> RecordedChannel:
    """The recording that lists ``at``; the first where none does, or where there is but one to ask."""
    if len(recordings) == 1:
        return recordings[0]
    holding = (one for one in recordings if any(s.start <= at < s.end for s in one.segments))
    return next(holding, recordings[0])


@dataclass(frozen=True, slots=True)
class Asked:
    """An instant to play, and one further inside to try when an edge does not play to the second."""

    why: Why
    at: datetime
    inside: datetime | None = None


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

    The oldest of the window has twins: its time of day on the youngest day and on two drawn days between.
    Of more than 400 gaps the longest 200 and 200 drawn ones are looked at from both sides.
    """
    draw = random.Random(seed)  # noqa: S311 - reproducible on purpose
    first = stretches[0]
    chosen = [Asked(Why.OLDEST, first.start + min(_EDGE, (first.end - first.start) / 2))]
    inside = [one for one in stretches if one.end > start and one.start < end]
    if first.start < start and inside:
        begin, until = max(inside[0].start, start), min(inside[0].end, end)
        chosen.append(Asked(Why.WINDOW, begin + min(_EDGE, (until - begin) / 2)))
    twins = _twins(inside, chosen[-1].at, end, random.Random(f"{seed}/twins"))  # noqa: S311 - as above
    for before, after in _looked_at(stretches, start, draw):
        chosen.append(_edge(Why.BEFORE_GAP, before, max(before.start, before.end - _BESIDE), -_EDGE))
        chosen.append(_edge(Why.AFTER_GAP, after, after.start, _EDGE))
    if stretches[-1].end < end:
        last = stretches[-1]
        chosen.append(_edge(Why.BEFORE_GAP, last, max(last.start, last.end - _BESIDE), -_EDGE))
    chosen += before_seams(stretches, [one for one in seams if start < one < end], seed)
    chosen += [Asked(Why.TWIN, at) for at in twins]
    chosen += [Asked(Why.SAMPLE, at) for at in _drawn(inside, start, end, draw, samples)]
    return sorted(chosen, key=lambda one: one.at)


def before_seams(stretches: Sequence[Segment], seams: Sequence[datetime], seed: str) -> list[Asked]:
    """What was recorded just before recording began again without having ceased; of many a drawn part."""
    draw = random.Random(f"{seed}/seams")  # noqa: S311 - as above
    looked_at = seams if len(seams) <= _MOST_SEAMS else draw.sample(seams, _MOST_SEAMS)
    holders = ((one, seam) for seam in looked_at for one in stretches if one.start < seam <= one.end)
    return [_edge(Why.SEAM, one, max(one.start, seam - _BESIDE), -_EDGE) for one, seam in holders]


def _edge(why: Why, stretch: Segment, at: datetime, inwards: timedelta) -> Asked:
    further = at + inwards
    return Asked(why, at, further if stretch.start <= further < stretch.end else None)


def _looked_at(
    stretches: Sequence[Segment], start: datetime, draw: random.Random
) -> list[tuple[Segment, Segment]]:
    """The stretches on both sides of the gaps that end after ``start``."""
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
    """Instants drawn uniformly over what is recorded, away from edges."""
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
