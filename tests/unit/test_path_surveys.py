# SPDX-License-Identifier: Apache-2.0
"""Paths of several cameras surveyed at the same time have the figures that each has alone."""

from __future__ import annotations

import threading
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment import path_capture
from yanshou.equipment.path_capture import AT_ONCE, PathCapturer
from yanshou.fixtures.path_survey import PathSurvey
from yanshou.model import Connection, Device, DeviceKind, RigFault

WINDOW_S = 120.0
LIMIT = 0.001


class Path:
    """Cameras with their loss beside others and alone; None: no stream comes."""

    def __init__(self, **losses: tuple[float | None, float | None]) -> None:
        self.losses = losses
        self.lock, self.running, self.most = threading.Lock(), 0, 0
        self.sessions: Counter[str] = Counter()

    def camera(self, name: str) -> Any:
        wire = Connection("onvif", "127.0.0.1")
        kind = Device(name, DeviceKind.CAMERA, "S", name, connection=wire)  # type: ignore[arg-type]
        return SimpleNamespace(device=kind, capture=lambda *_, **__: self.capture(name))

    def capture(self, name: str) -> Any:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        threading.Event().wait(0.03)
        with self.lock:
            self.running -= 1
            self.sessions[name] += 1
            turn = self.sessions[name] - 1
        loss = self.losses[name][min(turn, 1)]
        if loss is None:
            raise RigFault("no picture came.", device=name, final=True)
        return SimpleNamespace(loss=loss, packets=1000, frames=(), ended=None)

    def items(self, *, one_by_one: bool = False, seconds: float = WINDOW_S) -> dict[str, float | str]:
        """The loss of each camera as its item records it, or the fault."""
        journal: Any = SimpleNamespace(
            evidence=lambda _data, name, *_: name, observation=lambda *_, **__: None
        )
        due = [SimpleNamespace(device=name, measurand="packet_loss_ratio") for name in self.losses]
        devices = {name: self.camera(name).device for name in self.losses}
        session: Any = SimpleNamespace(
            one_by_one=one_by_one,
            due=due,
            camera=self.camera,
            device=devices.__getitem__,
            surveyor=PathCapturer(journal),
        )
        return {name: self._item(session, name, seconds) for name in self.losses}

    def _item(self, session: Any, name: str, seconds: float) -> float | str:
        recorded: list[Any] = []
        record: Any = SimpleNamespace(
            cite=lambda _: None,
            deviation=lambda _: None,
            measurement=recorded.append,
            would_conform=lambda found: found <= LIMIT,
        )
        try:
            PathSurvey(session, self.camera(name), record, seconds).measured(lambda taken: taken.capture.loss)
        except RigFault as fault:
            return fault.what
        (found,) = recorded
        assert isinstance(found, float)
        return found


@pytest.fixture(autouse=True)
def _without_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_capture, "frame_table", lambda _: b"")


def test_sound_cameras_are_surveyed_once_and_so_many_at_the_same_time() -> None:
    path = Path(**{f"C{n}": (0.0, 0.0) for n in range(7)})
    assert set(path.items().values()) == {0.0}
    assert set(path.sessions.values()) == {1}
    assert path.most == AT_ONCE


def test_what_is_lost_beside_others_is_judged_by_what_is_lost_alone() -> None:
    path = Path(A=(0.0, 0.0), OURS=(0.02, 0.0), ITS=(0.02, 0.02), LITTLE=(0.0005, 0.0))
    assert path.items() == {"A": 0.0, "OURS": 0.0, "ITS": 0.02, "LITTLE": 0.0005}
    assert path.sessions == {"A": 1, "OURS": 2, "ITS": 2, "LITTLE": 1}


def test_a_camera_without_a_stream_is_asked_again_and_holds_up_no_other() -> None:
    path = Path(A=(0.0, 0.0), LATE=(None, 0.0), DEAD=(None, None), B=(0.0, 0.0))
    assert path.items() == {"A": 0.0, "LATE": 0.0, "DEAD": "no picture came.", "B": 0.0}


@pytest.mark.parametrize(("one_by_one", "seconds"), [(True, WINDOW_S), (False, 5.0)])
def test_one_by_one_and_for_a_short_window_each_is_surveyed_alone(one_by_one: bool, seconds: float) -> None:
    path = Path(**{f"C{n}": (0.0, 0.0) for n in range(3)})
    path.items(one_by_one=one_by_one, seconds=seconds)
    assert path.most == 1
