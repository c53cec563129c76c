# SPDX-License-Identifier: Apache-2.0
"""What the pictures of a commanded camera say, from films of a known movement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from tests.support.turned_view import seen, world
from yanshou.evaluation.turns import NOT_MOVED, CommandedView, Shot, returned, turn
from yanshou.model import Instant

MOVE_S, REST_S, EVERY_S = 2.0, 4.0, 0.4
Pose = Callable[[float], dict[str, Any]]


def film(pose: Pose, count: int = 1, *, rest_s: float = REST_S, late_s: float = 0.0) -> CommandedView:
    """Commands of MOVE_S from 0 s on, a rest before the first and after each, seen ``late_s`` late."""
    begins = [n * (MOVE_S + rest_s) for n in range(count)]
    times = np.arange(-rest_s, begins[-1] + MOVE_S + rest_s, EVERY_S)
    shots = [Shot(float(t), seen(number=n, **pose(float(t) - late_s))) for n, t in enumerate(times)]
    commands = [Instant(begin, begin + MOVE_S) for begin in begins]
    return CommandedView(shots, commands, [one.latest + rest_s for one in commands])


def panned(widths: float, until: float = MOVE_S) -> Pose:
    """A pan by so many widths within the command, going on at that speed ``until``."""
    return lambda t: {"pan": widths / MOVE_S * min(max(t, 0.0), until)}


def test_a_camera_that_obeys_and_stops_is_told():
    found = turn("right", film(panned(0.3)), 0)
    assert found.wrong == ""
    assert "水平 +30" in found.said


@pytest.mark.parametrize(
    ("pose", "wrong"),
    [
        (panned(-0.3), "画面实为左转"),
        (panned(0.0), NOT_MOVED),
        (panned(0.008), NOT_MOVED),
        (panned(0.3, until=99.0), "停止命令后画面仍在移动"),
        (panned(0.1, until=99.0), "停止命令后画面仍在移动"),
        (lambda t: {"zoom": 1.5 if t > 1 else 1.0}, "画面实为放大"),
        (lambda t: {"tilt": 0.2 if t > 1 else 0.0}, "画面实为上仰"),
    ],
)
def test_a_camera_that_does_otherwise_is_told(pose: Pose, wrong: str):
    assert turn("right", film(pose), 0).wrong == wrong


@pytest.mark.parametrize(
    ("pose", "why"),
    [
        (panned(0.02), "微小移动"),
        (lambda t: {"pan": 0.15 * (t + 5)}, "之前画面未静止"),
        (lambda t: panned(0.3)(t) | {"of": world("fence")}, "各处相似"),
        (lambda t: panned(0.3)(t) | {"of": world("wall")}, "无细节"),
        (lambda t: panned(0.3)(t) | {"gain": 0.02}, "过暗"),
    ],
)
def test_what_the_pictures_do_not_show_is_left_to_a_person(pose: Pose, why: str):
    found = turn("right", film(pose), 0)
    assert found.wrong is None
    assert why in found.said


def test_a_picture_that_comes_late_is_no_movement_after_the_stop():
    found = turn("right", film(panned(0.3), rest_s=2.0, late_s=1.6), 0)
    assert found.wrong is None
    assert "晚约" in found.said


def test_a_slow_movement_is_not_called_ended_after_a_short_look():
    assert turn("right", film(panned(0.06), rest_s=1.2), 0).wrong is None
    assert turn("right", film(panned(0.06)), 0).wrong == ""


def test_a_stream_that_stands_still_bit_by_bit_proves_nothing():
    stuck = seen()
    shots = [Shot(float(t), stuck) for t in np.arange(-4.0, 6.0, EVERY_S)]
    found = turn("right", CommandedView(shots, [Instant(0.0, MOVE_S)], [6.0]), 0)
    assert found.wrong is None
    assert turn("right", CommandedView((), (), ()), 0).wrong is None


def recalled(back: float, *, away: float = 0.3, kind: str = "street") -> CommandedView:
    """Left by ``away`` and called after 6 s: then ``back`` widths from where it was."""

    def pose(t: float) -> dict[str, Any]:
        place = panned(away)(t) if t < MOVE_S + REST_S + 0.5 else {"pan": back}
        return place | {"of": world(kind)}

    return film(pose, 2)


@pytest.mark.parametrize(
    ("watched", "wrong"),
    [
        (recalled(0.002), ""),
        (recalled(0.3), "未回到同一画面"),
        (recalled(0.06), "未回到同一画面"),
        (recalled(0.02), None),
        (recalled(0.0, away=0.0), None),
        (recalled(0.0, kind="wall"), None),
        (CommandedView((), (), ()), None),
    ],
)
def test_a_preset_brings_back_the_picture_that_was_left(watched: CommandedView, wrong: str | None):
    assert returned(watched, 0, 1).wrong == wrong


def test_the_pictures_that_are_kept_are_coarse():
    kept = cv2.imdecode(np.frombuffer(film(panned(0.3)).strip(0, 0), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert kept.shape == (180, 960)
    block = kept[2:8, 2:8].astype(float)  # within one of 32 across each picture
    assert np.ptp(block) < 10
