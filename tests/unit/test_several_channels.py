# SPDX-License-Identifier: Apache-2.0
"""Channels played at the same time have the retention that each has alone, whatever the recorder bears."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.support.judging import ago, stretch
from tests.support.played_recorder import VIEWS, Kept, window
from yanshou.equipment.recordings import PLAYED_AT_ONCE, Sight, retention
from yanshou.evaluation.retention import Retention
from yanshou.model import RigFault
from yanshou.model.recording import Playback, RecordedChannel
from yanshou.model.stream import Luma

ROOMS = {name: room[:90, :160] for name, room in VIEWS.items()}
CAMERAS = ("CAM-1", "CAM-2", "CAM-3")
LISTED = {
    "CAM-1": [stretch(35, 20), stretch(19.5, 0)],
    "CAM-2": [stretch(35, 0)],
    "CAM-3": [stretch(35, 12), stretch(11, 0)],
}


class Crowded(Kept):
    """A recorder that permits ``most`` playbacks at once and answers the others as ``manner`` says."""

    most = PLAYED_AT_ONCE

    def __init__(self, listed: Mapping[str, Any], **planted: Any) -> None:
        super().__init__(dict(listed), **planted)
        self.lock, self.running = threading.Lock(), Counter[str]()
        self.beside = self.twice = 0
        self.manner: Callable[[Playback], Playback] = lambda play: replace(
            play, decoded=0, refused="RTSP 453"
        )

    def play(self, channel: RecordedChannel, at: datetime, *given: Any, **how: Any) -> Playback:
        with self.lock:
            self.running[channel.source] += 1
            crowd = self.running.total()
            self.beside = max(self.beside, crowd)
            self.twice = max(self.twice, self.running[channel.source])
            played = super().play(channel, at, *given, **how)
        threading.Event().wait(0.002)
        with self.lock:
            self.running[channel.source] -= 1
        return played if crowd <= self.most else self.manner(played)


def found(recorder: Crowded, cameras: Mapping[str, Luma], *, beside: int) -> Retention:
    sight = Sight(lambda: cameras)
    return retention(recorder, window(*CAMERAS), sight, [recorder] * beside)


def figures(result: Retention) -> tuple[object, ...]:
    one = result.measurement
    rest = {key: value for key, value in one.details.items() if key != "remarks"}
    return (one.value, one.at_least, one.invalid, one.n, str(rest), result.tables)


PLANTED: Mapping[str, Mapping[str, Any]] = {
    "sound": {},
    "a day that does not play": {"plays": lambda camera, at: camera != "CAM-2" or not ago(9) < at < ago(8)},
    "another camera's view": {"picture": lambda camera: ROOMS["CAM-1" if camera == "CAM-3" else camera]},
    "no time in the pictures": {"stamped": False},
}


@pytest.mark.parametrize("most", [PLAYED_AT_ONCE, 1])
@pytest.mark.parametrize("name", PLANTED)
def test_what_is_found_beside_others_is_what_is_found_alone(name: str, most: int) -> None:
    planted, views = PLANTED[name], ROOMS if "picture" in PLANTED[name] else {}
    alone, crowded = Crowded(LISTED, **planted), Crowded(LISTED, **planted)
    crowded.most = most
    assert figures(found(crowded, views, beside=3)) == figures(found(alone, views, beside=0))
    assert (alone.beside, crowded.beside > 1) == (1, True)
    assert crowded.twice == 1, "no channel plays twice at the same time"


def _broken(_play: Playback) -> Playback:
    raise RigFault("the connection was cut.", device="NVR-1")


BEHAVIOURS: Mapping[str, Callable[[Playback], Playback]] = {
    "cut": _broken,
    "another time": lambda play: replace(play, first=ago(3), last=ago(3)),
    "undecodable": lambda play: replace(play, decoded=0),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_what_too_many_playbacks_spoil_never_counts_against_the_recorder(name: str) -> None:
    crowded = Crowded(LISTED)
    crowded.most, crowded.manner = 1, BEHAVIOURS[name]
    beside, alone = (
        found(crowded, {}, beside=3),
        found(Crowded(LISTED), {}, beside=0),
    )
    assert figures(beside) == figures(alone)
    assert any("单独重放" in str(one) for one in beside.measurement.details["remarks"])  # type: ignore[attr-defined]
