# SPDX-License-Identifier: Apache-2.0
"""Plays recordings, and says what each playback proves of its instant.

A picture proves its instant when it decodes undamaged, carries the time asked for, does not show another
camera's view, and is not the picture of another time. Looked at are the first and the last picture of the
playback and some between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from yanshou.drivers.capabilities import Recorder
from yanshou.evaluation.playing import (
    Asked,
    PlaybackProof,
    PlaybackReason,
    Proof,
    begins_elsewhen,
    differ,
    holder,
    is_of_other_track,
)
from yanshou.imaging.copies import fingerprint
from yanshou.imaging.likeness import Descriptor, Shows, descriptor, shows
from yanshou.imaging.recoded import change
from yanshou.model import RigFault
from yanshou.model.recording import Playback, RecordedChannel
from yanshou.model.stream import Luma

OSD_TIME_S = 120.0
"""The clock in the picture is the camera's and judged elsewhere; here it only reveals another hour or day."""

_NO_PICTURE = frozenset({Proof.NOTHING, Proof.DAMAGED})
_PLAY_S = 12.0  # some key frames of any recording


class ReadsTime(Protocol):
    """Reads the time written into a picture (OSD); None if it is not legible."""

    def __call__(self, picture: Luma) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What playbacks are compared with, besides the time asked for.

    ``views`` gives a live picture of each camera, None where there is none; ``clocks`` reads the on-screen
    time of those cameras that write it into their pictures.
    """

    views: Callable[[], Mapping[str, Luma]] = dict
    clocks: Mapping[str, ReadsTime] = field(default_factory=dict)

    def descriptors(self) -> Mapping[str, Descriptor | None]:
        """What the live views are compared by; a live picture of each camera is taken for it."""
        return {name: descriptor(luma) for name, luma in self.views().items()}


def view_of(
    camera: str, pictures: Sequence[Luma], views: Mapping[str, Descriptor | None]
) -> tuple[Shows, str]:
    """The view of the first picture, unless one of them clearly shows another camera's: then that one's."""
    found = [shows(picture, camera, views) for picture in pictures]
    other = next((one for one in found if one[0] is Shows.OTHER), None)
    return other or (found[0] if found else (Shows.UNCLEAR, ""))


@dataclass(slots=True)
class Player:
    """Plays the recordings of one recorder; each failed exchange is tried once more.

    ``labelled_ahead`` is by how much the recorder's labels are ahead of UTC.
    """

    recorder: Recorder
    sight: Sight = field(default_factory=Sight)
    labelled_ahead: timedelta = timedelta(0)
    _views: Mapping[str, Descriptor | None] | None = None

    @property
    def viewed(self) -> frozenset[str]:
        """The cameras of which there is a live picture that playbacks were compared with."""
        return frozenset(self._views or {})

    def prove(self, camera: str, recordings: Sequence[RecordedChannel], asked: Asked) -> PlaybackProof:
        """Play the recording that holds the instant.

        Where an edge does not play, once more further inside.

        A recorder's list may be some seconds off at an edge, which is different from a period that does not
        play at all.
        """
        played = self._proved(camera, recordings, asked)
        if played.proof in _NO_PICTURE and asked.inside is not None:
            within = self._proved(camera, recordings, replace(asked, at=asked.inside))
            damaged = played.play.damaged + within.play.damaged
            within = replace(within, play=replace(within.play, damaged=damaged))
            return within if within.proof in _NO_PICTURE else replace(within, blurred=True)
        return played

    def _proved(self, camera: str, recordings: Sequence[RecordedChannel], asked: Asked) -> PlaybackProof:
        channel = holder(recordings, asked.at)
        play = self._play(channel, asked.at)
        prints = tuple(fingerprint(one) for one in _pictures(play))
        judged = self._judged(camera, channel, asked, play)
        seen = play.picture if asked.why.has_twins else None
        changed = None if seen is None else change(seen, play.later, play.qp)
        bare = replace(play, picture=None, between=(), later=None)
        return replace(judged, play=bare, prints=prints, change=changed)

    def proof_of(self, camera: str, channel: RecordedChannel, play: Playback) -> PlaybackProof:
        """What a playback that somebody else asked for proves of its instant; its pictures are not kept."""
        judged = self._judged(camera, channel, Asked(PlaybackReason.SAMPLE, play.asked), play)
        return replace(judged, play=replace(play, picture=None, between=(), later=None))

    def alive(self, recordings: Sequence[RecordedChannel], played: PlaybackProof) -> bool:
        """Whether the pictures of a playback change within some seconds; played again if need be."""
        if played.moves:
            return True
        play = self._play(holder(recordings, played.play.asked), played.play.asked, _PLAY_S)
        return differ([fingerprint(one) for one in _pictures(play)])

    def _play(self, channel: RecordedChannel, at: datetime, seconds: float = _PLAY_S) -> Playback:
        try:
            return self.recorder.play(channel, at, seconds)
        except RigFault as fault:
            if fault.final:
                raise
            return self.recorder.play(channel, at, seconds)

    def _judged(self, camera: str, channel: RecordedChannel, asked: Asked, play: Playback) -> PlaybackProof:
        why, first = asked.why, play.first
        behind = first is not None and asked.edge is not None and first >= asked.edge
        if play.refused or not play.decoded or behind:
            broken = play.damaged and not (play.refused or play.decoded)
            return PlaybackProof(why, play, Proof.DAMAGED if broken else Proof.NOTHING)
        read = [self._on_screen(camera, one) for one in _pictures(play)]
        osd = read[0] if read else None
        elsewhen = any(self._another_time(one, play.asked) for one in read)
        if begins_elsewhen(play) or elsewhen:
            return PlaybackProof(why, play, Proof.WRONG_TIME, osd=osd)
        if is_of_other_track(play, channel):
            return PlaybackProof(why, play, Proof.WRONG_CHANNEL, play.track, osd)
        view, whose = self._shown(camera, _pictures(play))
        if view is Shows.OTHER:
            return PlaybackProof(why, play, Proof.WRONG_CHANNEL, whose, osd, view)
        proof = Proof.NO_TIME if play.first is None and osd is None else Proof.RIGHT
        return PlaybackProof(why, play, proof, osd=osd, view=view)

    def _on_screen(self, camera: str, picture: Luma) -> datetime | None:
        reads = self.sight.clocks.get(camera)
        return reads(picture) if reads else None

    def _another_time(self, osd: datetime | None, asked: datetime) -> bool:
        """Whether the picture was taken at another time than asked for.

        The request used the recorder's clock; if that is wrong, the camera's may be right.
        """
        return _off(osd, asked, OSD_TIME_S) and _off(osd, asked - self.labelled_ahead, OSD_TIME_S)

    def _shown(self, camera: str, pictures: Sequence[Luma]) -> tuple[Shows, str]:
        if self._views is None:
            self._views = self.sight.descriptors()
        return view_of(camera, pictures, self._views)


def _pictures(play: Playback) -> list[Luma]:
    """The pictures of a playback in order."""
    return [one for one in (play.picture, *play.between, play.later) if one is not None]


def _off(shown: datetime | None, asked: datetime, most_s: float) -> bool:
    return shown is not None and abs((shown - asked).total_seconds()) > most_s
