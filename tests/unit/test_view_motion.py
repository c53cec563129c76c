# SPDX-License-Identifier: Apache-2.0
"""How a view moved, from pictures of a known movement: what is told is true, and the rest is not told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.turned_view import SIZE, seen, world
from yanshou.imaging.view_motion import Motion, UntoldMotion, view_motion

LATER: dict[str, Any] = {"clock": "12:00:07", "number": 1}


def passing(share: float, x: int) -> Any:
    """Something of its own texture that covers a share of the picture, ``x`` px from the left."""
    texture = seen(of=world(seed=2), number=3).astype(float)

    def drawn(picture: Any) -> Any:
        columns = slice(x, x + int(share * SIZE[0]))
        covered = picture.copy()
        covered[18:170, columns] = np.roll(texture, x, 1)[18:170, columns]
        return covered

    return drawn


@pytest.mark.parametrize(
    ("turned", "expected"),
    [
        ({"pan": 0.05}, Motion.RIGHT),
        ({"pan": 0.4}, Motion.RIGHT),
        ({"pan": -0.6}, Motion.LEFT),
        ({"tilt": 0.15}, Motion.UP),
        ({"tilt": -0.15}, Motion.DOWN),
        ({"zoom": 1.2}, Motion.IN),
        ({"zoom": 2.0}, Motion.IN),
        ({"pan": 0.2, "noise": 20.0}, Motion.RIGHT),
        ({"pan": 0.2, "gain": 0.3}, Motion.RIGHT),
        ({"pan": 0.2, "before": passing(0.2, 60)}, Motion.RIGHT),
        ({}, Motion.STILL),
        ({"pan": 0.005}, Motion.STILL),
        ({"zoom": 1.01}, Motion.STILL),
        ({"noise": 20.0}, Motion.STILL),
        ({"gain": 0.3}, Motion.STILL),
        ({"gain": 1.5}, Motion.STILL),
        ({"before": passing(0.3, 200)}, Motion.STILL),
    ],
)
def test_a_movement_is_told_as_it_was(turned: dict[str, Any], expected: Motion):
    found = view_motion([seen(), seen(**LATER, **turned)])
    assert found.motion is expected
    if found.motion is not Motion.STILL:
        assert found.pan == pytest.approx(turned.get("pan", 0.0), abs=0.01)
        assert found.tilt == pytest.approx(turned.get("tilt", 0.0), abs=0.01)
        assert found.zoom == pytest.approx(turned.get("zoom", 1.0), rel=0.05)


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_zooming_out_is_told(ratio: float):
    found = view_motion([seen(zoom=ratio), seen(**LATER)])
    assert found.motion is Motion.OUT
    assert found.zoom == pytest.approx(1 / ratio, rel=0.05)


@pytest.mark.parametrize(
    ("kind", "turned"),
    [
        (kind, turned)
        for kind in ("wall", "fence", "bars")
        for turned in ({}, {"pan": 0.2}, {"tilt": 0.1}, {"zoom": 1.5})
    ],
)
def test_nothing_is_told_of_what_looks_alike_everywhere(kind: str, turned: dict[str, Any]):
    """A burnt-in text on a bare wall stands still, and so do bars under tilt: neither is the view."""
    found = view_motion([seen(of=world(kind)), seen(of=world(kind), **LATER, **turned)])
    assert found.motion is Motion.UNTOLD
    assert found.why in {UntoldMotion.NO_DETAIL, UntoldMotion.REPEATED}


@pytest.mark.parametrize(
    ("turned", "why"),
    [
        ({"pan": 0.02}, UntoldMotion.SLIGHT),
        ({"zoom": 1.05}, UntoldMotion.SLIGHT),
        ({"pan": 0.15, "tilt": 0.12}, UntoldMotion.MIXED),
        ({"pan": 0.2, "zoom": 1.4}, UntoldMotion.MIXED),
        ({"gain": 0.02}, UntoldMotion.NO_DETAIL),
        ({"of": world(seed=2)}, UntoldMotion.SCENE_MOVES),
        ({"pan": 0.85}, UntoldMotion.SCENE_MOVES),
        ({"before": passing(0.7, 60)}, UntoldMotion.SCENE_MOVES),
    ],
)
def test_what_is_no_clear_movement_is_not_called_one(turned: dict[str, Any], why: UntoldMotion):
    found = view_motion([seen(), seen(**LATER, **turned)])
    assert (found.motion, found.why) == (Motion.UNTOLD, why)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_bus_that_drives_on_is_no_pan(share: float):
    found = view_motion([seen(before=passing(share, 20)), seen(**LATER, before=passing(share, 60))])
    assert found.motion in {Motion.STILL, Motion.UNTOLD}


def test_a_long_way_is_followed_over_the_pictures_between():
    way = [seen(pan=pan, number=n) for n, pan in enumerate(np.linspace(0.0, 1.2, 13))]
    found = view_motion(way)
    assert found.motion is Motion.RIGHT
    assert found.pan == pytest.approx(1.2, abs=0.03)
    zoomed = view_motion([seen(zoom=one, number=n) for n, one in enumerate(np.geomspace(1.0, 3.0, 9))])
    assert zoomed.motion is Motion.IN
    assert zoomed.zoom == pytest.approx(3.0, rel=0.1)


def test_a_way_that_is_lost_is_not_told():
    way = [seen(), seen(of=world("wall")), seen(pan=1.2, number=2)]
    assert view_motion(way).motion is Motion.UNTOLD
    assert view_motion(way[:1]).why is UntoldMotion.NO_PICTURE
    assert view_motion([seen(), seen()[:150]]).why is UntoldMotion.NO_PICTURE
