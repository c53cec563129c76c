# SPDX-License-Identifier: Apache-2.0
"""The suites of pan, tilt and presets at a camera in front of a drawn world, by a clock that never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NoReturn, Self

import numpy as np
import pytest
from test_suites.gb28181 import test_control as suite

from tests.support.turned_view import seen, world
from yanshou.equipment import turned_camera
from yanshou.equipment.turned_camera import TurnedCamera
from yanshou.fixtures.moving import Movement, others_of
from yanshou.fixtures.turning import Turning
from yanshou.model import Device, DeviceKind, Instant, NonConformity, RigFault
from yanshou.model.stream import SeenFrame

FRAME_S = 0.15
_PAN_PER_S, _ZOOM_PER_S = 0.12, 0.2


@dataclass
class Stage:
    """A camera, its platform and its stream; all times are those of its own clock."""

    ignores: bool = False
    turns: float = 1.0  # factor of pan and tilt
    zooms: float = 1.0
    stops: bool = True
    beside: float = 0.0  # by how much a preset is missed
    end: float = -9.0  # the leftmost pan
    parks_s: float = 0.0  # so long after a stop it goes back to where it stood at first, by itself
    calls: bool = True
    kind: str = "street"
    streams: bool = True
    t: float = 100.0
    commands: list[str] = field(default_factory=list)
    ways: list[tuple[float, tuple[float, ...], tuple[float, ...]]] = field(default_factory=list)
    presets: dict[int, tuple[float, ...]] = field(default_factory=dict)

    device = SimpleNamespace(id="CAM-1")
    item_journal = SimpleNamespace(observation=lambda *_: None)

    def command(self, name: str, fields: dict[str, str], *, total_s: float) -> Any:
        self.commands.append(name)
        sent = Instant(self.t, self.t + 0.01)
        if not self.ignores:
            self.take(bytes.fromhex(fields["PTZCmd"]))
        self.t += total_s
        return SimpleNamespace(sent=sent, status=200)

    def take(self, code: bytes) -> None:
        here = self.pose(self.t)
        if code[3] == 0x81:
            self.presets[code[5]] = here
        elif code[3] == 0x82 and not self.calls:
            return
        elif code[3] == 0x82:
            there = self.presets[code[5]]
            self.ways.append((self.t, (there[0] + self.beside, *there[1:]), (0.0, 0.0, 0.0)))
        elif code[3] == 0x83:
            del self.presets[code[5]]
        elif code[3] or self.stops:
            ways = [code[3] >> bit & 1 for bit in range(6)]
            pan, tilt = ((ways[a] - ways[b]) * _PAN_PER_S * self.turns for a, b in ((0, 1), (3, 2)))
            self.ways.append((self.t, here, (pan, tilt, (ways[4] - ways[5]) * _ZOOM_PER_S * self.zooms)))
            if self.parks_s and not code[3]:
                self.ways.append((self.t + self.parks_s, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)))

    def pose(self, t: float) -> tuple[float, ...]:
        since, here, speed = next(
            (one for one in reversed(self.ways) if one[0] <= t), (t, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
        )
        pan, tilt, zoom = (a + b * (t - since) for a, b in zip(here, speed, strict=True))
        return max(pan, self.end), tilt, max(zoom, 0.0)

    @staticmethod
    def require_taken(said: Any, what: str) -> None:
        if said.status != 200:
            raise NonConformity(what)

    def view(self, _at_most_s: float) -> Stage:
        if not self.streams:
            raise RigFault("no stream", device="CAM-1")
        self.begun = self.t
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        pass

    def wait_running(self) -> None:
        pass

    def finish(self, read: Callable[[Any], object]) -> Iterator[SeenFrame]:
        for number, t in enumerate(np.arange(self.begun, self.t, FRAME_S)):
            pan, tilt, zoom = self.pose(float(t))
            drawn = world(self.kind)
            luma = seen(pan, tilt, np.exp(zoom), of=drawn, number=number) if number % 3 == 0 else _NONE
            yield SeenFrame(0, float(t), 0.0, _BLOCKS, read(luma))


_NONE, _BLOCKS = np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.float32)


@dataclass
class Watcher:
    """A person: what is seen of the commanded camera, and which others move."""

    sees: str = "only"
    strays: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    def done(self, name: str, **_fields: object) -> None:
        self.asked.append(name)

    def count(self, _name: str, **_fields: object) -> int:
        return 7

    def choice(self, name: str, values: list[str], **_fields: object) -> str:
        self.asked.append(name)
        return next(one for one in values if one == self.sees)

    def names(self, name: str, **_fields: object) -> list[str]:
        self.asked.append(name)
        return [] if name == "moved.unseen" else list(self.strays)


@dataclass
class Kept:
    """A record that keeps what a test says."""

    conforms: bool | None = None
    why: str = ""
    files: list[bytes] = field(default_factory=list)

    def logical(self, *, conforms: bool, n: int = 1, because: str = "") -> None:
        self.conforms = conforms
        self.because(because)

    def because(self, text: str) -> None:
        self.why += text

    def unproven(self, text: str) -> None:
        self.why += text

    def cannot(self, reason: str) -> NoReturn:
        raise LookupError(reason)

    def evidence(self, data: bytes, *_texts: str) -> None:
        self.files.append(data)


Run = Callable[..., Kept]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one of the two suites at a stage, with a person and other cameras."""

    def made(test: str, stage: Stage, watcher: Any, others: tuple[str, ...] = ()) -> Kept:
        def wait(seconds: float) -> None:
            stage.t += seconds

        monkeypatch.setattr(turned_camera, "now", lambda: stage.t)
        monkeypatch.setattr(turned_camera, "time", SimpleNamespace(sleep=wait))
        kept: Any = Kept()
        at: Any = stage
        turning = Turning(TurnedCamera(at, at), Movement(others, watcher, kept), watcher, kept)
        if test == "ptz":
            suite.test_sip_ptz(turning, kept)
        else:
            suite.test_sip_preset(at, watcher, turning, kept)
            assert stage.commands[-1] == "preset delete"
        return kept

    return made


@pytest.mark.parametrize("test", ["ptz", "preset"])
def test_a_healthy_camera_conforms_and_nobody_is_asked(run: Run, test: str):
    watcher = Watcher("wrong")
    kept = run(test, Stage(), watcher)
    assert kept.conforms is True
    assert watcher.asked == []
    assert "按实时画面判定" in kept.why
    assert len(kept.files) == (6 if test == "ptz" else 1)


@pytest.mark.parametrize(
    ("test", "stage", "expected"),
    [
        ("ptz", Stage(ignores=True), "左转：画面未动"),
        ("ptz", Stage(turns=-1.0), "左转：画面实为右转"),
        ("ptz", Stage(zooms=-1.0), "放大：画面"),
        ("ptz", Stage(stops=False), "停止命令后画面仍在移动"),
        ("preset", Stage(beside=0.1), "未回到同一画面"),
    ],
)
def test_a_camera_that_does_otherwise_does_not_conform_whatever_a_person_says(
    run: Run, test: str, stage: Stage, expected: str
):
    watcher = Watcher("only")
    kept = run(test, stage, watcher)
    assert kept.conforms is False
    assert expected in kept.why
    assert watcher.asked == []


def test_a_camera_at_its_end_is_tried_again_after_the_way_back(run: Run):
    stage = Stage(end=0.0)
    assert run("ptz", stage, Watcher()).conforms is True
    assert stage.commands.count("PTZ left") == 2


@pytest.mark.parametrize("calls", [True, False])
@pytest.mark.parametrize("parks_s", [4.5, 6.0])
def test_a_head_that_goes_back_by_itself_proves_no_call(run: Run, parks_s: float, calls: bool):
    """It comes back while the call is watched, with or without it."""
    stage = Stage(parks_s=parks_s, calls=calls)
    kept = run("preset", stage, Watcher())
    assert kept.conforms is True
    assert "不能归于调用" in kept.why
    assert stage.commands.count("preset call") == 2


def test_a_head_that_stays_where_it_was_left_proves_its_call(run: Run):
    assert "不能归于调用" not in run("preset", Stage(), Watcher()).why


def test_a_preset_that_cannot_be_left_is_not_tested(run: Run):
    stage = Stage(ignores=True)
    with pytest.raises(LookupError, match="画面未动"):
        run("preset", stage, Watcher())
    assert {"PTZ right", "PTZ left", "preset delete"} <= set(stage.commands)


@pytest.mark.parametrize("stage", [Stage(kind="fence"), Stage(streams=False)], ids=["fence", "no stream"])
@pytest.mark.parametrize("sees", ["only", "wrong"])
@pytest.mark.parametrize("test", ["ptz", "preset"])
def test_a_person_says_what_the_pictures_do_not(run: Run, stage: Stage, test: str, sees: str):
    stage = Stage(kind=stage.kind, streams=stage.streams)
    watcher = Watcher(sees)
    kept = run(test, stage, watcher)
    assert kept.conforms is (sees == "only")
    assert "gb28181.watch" in watcher.asked
    assert "由人员判定" in kept.why


@pytest.mark.parametrize("test", ["ptz", "preset"])
@pytest.mark.parametrize("strays", [(), ("CAM-2",)])
def test_another_camera_that_moves_does_not_conform(run: Run, test: str, strays: tuple[str, ...]):
    watcher = Watcher(strays=strays)
    kept = run(test, Stage(), watcher, ("CAM-2", "CAM-3"))
    assert kept.conforms is (not strays)
    assert watcher.asked == ["moved.unseen", "gb28181.others"]
    assert ("CAM-2" in kept.why) is bool(strays)


def test_the_others_are_those_that_can_move_and_those_behind_the_same_device():
    def camera(name: str, parent: str, **attributes: object) -> Device:
        return Device(name, DeviceKind.CAMERA, "video", name, parent=parent, attributes=attributes)

    site = [
        camera("OWN", "NVR-1", ptz=True),
        camera("FAR", "NVR-2", ptz=True),
        camera("NEAR", "NVR-1"),
        camera("FIXED", "NVR-1", ptz=False),
        camera("UNSTATED", "NVR-2"),
    ]
    assert others_of(site, site[0]) == ("FAR", "NEAR")
