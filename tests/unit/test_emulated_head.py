# SPDX-License-Identifier: Apache-2.0
"""The head of an emulated camera turns by its commands and planted defects, and the picture with it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from yanshou.emulation.gb28181 import controls
from yanshou.emulation.video import pan_head
from yanshou.emulation.video.pan_head import PanHead, Pose, looked_at, surroundings

CODE = "15010000001320000004"


class Clock:
    """The moment that the head sees."""

    now = 50.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pan_head, "time", made)
    return made


def ptz(kind: int, *speeds: int) -> str:
    octets = bytes((0xA5, 0x0F, 0x01, kind, *speeds))
    return (octets + bytes((sum(octets) & 0xFF,))).hex()


RIGHT, LEFT, DOWN, UP, IN, OUT = (ptz(1 << bit, 64, 64, 0x40) for bit in range(6))
STOP = ptz(0, 0, 0, 0)


def camera(head: PanHead, **faults: float) -> Any:
    """The state of a device whose only camera has this head."""
    planted = SimpleNamespace(
        has=lambda kind, _where="": kind in faults,
        number=lambda kind, default, _where="": faults.get(kind, default),
    )
    channel = SimpleNamespace(device="CAM-4", code=CODE, channel=SimpleNamespace(head=head))
    truth = SimpleNamespace(write=lambda *_: None)
    return SimpleNamespace(
        id="CAM-4", code=CODE, channels={CODE: channel}, faults=planted, truth=truth, presets={}
    )


def give(state: Any, command: str) -> None:
    asked: Any = SimpleNamespace(device=CODE, values={"PTZCmd": command}, names={"PTZCmd"})
    controls.carry_out(state, asked)


def after(clock: Clock, command: str, **faults: float) -> tuple[Pose, Pose]:
    """Where it looks after 2 s of a command, and 2 s after the stop."""
    head = PanHead()
    state = camera(head, **faults)
    give(state, command)
    clock.now += 2.0
    give(state, STOP)
    moved = head.pose()
    clock.now += 2.0
    return moved, head.pose()


@pytest.mark.parametrize(
    ("command", "way"),
    [(RIGHT, (1, 0, 0)), (LEFT, (-1, 0, 0)), (UP, (0, 1, 0)), (DOWN, (0, -1, 0)), (IN, (0, 0, 1))],
)
def test_a_head_turns_as_commanded_and_stops(clock: Clock, command: str, way: tuple[int, int, int]):
    moved, later = after(clock, command)
    assert (np.sign(moved.pan), np.sign(moved.tilt), np.sign(moved.zoom - 1)) == way
    assert max(abs(moved.pan), abs(moved.tilt), moved.zoom - 1) > 0.2
    assert later == moved
    assert after(clock, OUT)[0].zoom == 1.0, "it is at its end"


def test_planted_defects_turn_it_otherwise(clock: Clock):
    assert after(clock, RIGHT, gb_ptz_reversed=1)[0].pan < 0
    assert after(clock, UP, gb_ptz_reversed=1)[0].tilt < 0
    assert after(clock, IN, gb_zoom_reversed=1)[0].zoom == 1.0
    moved, later = after(clock, RIGHT, gb_ptz_goes_on=1)
    assert later.pan > 1.5 * moved.pan
    assert after(clock, RIGHT, gb_ptz_twitches=0.008)[0].pan == pytest.approx(0.008)


@pytest.mark.parametrize(("faults", "off"), [({}, 0.0), ({"gb_preset_elsewhere": 0.06}, 0.06)])
def test_a_preset_is_kept_left_and_called(clock: Clock, faults: dict[str, float], off: float):
    head = PanHead()
    state = camera(head, **faults)
    give(state, ptz(0x81, 0, 9, 0))
    for command in (RIGHT, STOP, ptz(0x82, 0, 9, 0)):
        give(state, command)
        clock.now += 2.0
    assert head.pose().pan == pytest.approx(off, abs=1e-9)
    assert list(head.presets) == [9]
    give(state, ptz(0x83, 0, 9, 0))
    give(state, RIGHT)
    clock.now += 1.0
    give(state, ptz(0x82, 0, 9, 0))
    assert head.presets == {}


def test_what_it_sees_moves_with_it():
    around = surroundings("CAM-4", 352, 288)
    ahead = looked_at(around, Pose(), 352, 288)
    right = looked_at(around, Pose(pan=0.25), 352, 288)
    up = looked_at(around, Pose(tilt=0.25), 352, 288)
    assert np.array_equal(right[:, :264], ahead[:, 88:])
    assert np.array_equal(up[88:], ahead[:200])
    near = looked_at(around, Pose(zoom=2.0), 352, 288)
    assert near[144, 176] == pytest.approx(int(ahead[144, 176]), abs=2)
    assert not np.array_equal(near, ahead)
