# SPDX-License-Identifier: Apache-2.0
"""Streams received at the same time: what falls short is received once more by itself, nothing twice."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment import live_streams as module
from yanshou.equipment.live_streams import AT_ONCE, LiveStream, received, received_together
from yanshou.fixtures.live_streams import live_stream
from yanshou.model import DeviceKind, RigFault
from yanshou.session.session import Session

WINDOW_S = 60.0


class Cameras:
    """Cameras by name, with the frame rate each delivers beside others and alone; None: no stream."""

    def __init__(self, rates: dict[str, tuple[float | None, float]]) -> None:
        self.rates = rates
        self.unregistered: set[str] = set()
        self.seconds: list[str] = []
        self.received: Counter[str] = Counter()
        self.running, self.most = 0, 0
        self.lock = threading.Lock()

    def of(self, name: str) -> Any:
        if name in self.unregistered:
            raise RigFault("does not register.", device=name, final=True)
        return SimpleNamespace(
            device=SimpleNamespace(id=name),
            capture=lambda _seconds, **_: self._capture(name),
            declared_stream=lambda: SimpleNamespace(frame_rate=25.0),
            second_reading=lambda _seconds: self.seconds.pop(0) if self.seconds else "in time",
        )

    def _capture(self, name: str) -> float:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        threading.Event().wait(0.05)
        with self.lock:
            self.running -= 1
            self.received[name] += 1
        rate = self.rates[name][min(1, self.received[name] - 1)]
        if rate is None:
            raise RigFault("no picture came.", device=name)
        return rate


@pytest.fixture(autouse=True)
def rate_as_delivered(monkeypatch: pytest.MonkeyPatch) -> None:
    def rated(_device: str, capture: float, *_: object) -> Any:
        return SimpleNamespace(value=capture, invalid="lost here" if capture == 0.0 else "")

    monkeypatch.setattr(module, "frame_rate", rated)
    monkeypatch.setattr(module, "second_fell_behind", lambda _capture, second, _declared: second == "late")


def all_items(cameras: Cameras, *, one_by_one: bool = False) -> dict[str, float]:
    """Each camera's item in turn, as a run does them."""
    names = list(cameras.rates)
    session: Any = SimpleNamespace(
        live_streams={},
        one_by_one=one_by_one,
        due=[SimpleNamespace(measurand="live_frame_rate", device=name) for name in names],
        site=SimpleNamespace(
            devices={name: SimpleNamespace(id=name, kind=DeviceKind.CAMERA) for name in names}
        ),
        camera=cameras.of,
        item_journal=SimpleNamespace(note=lambda *_, **__: None),
    )
    session.due_beside = partial(Session.due_beside, session)
    made: Any = live_stream.__wrapped__  # type: ignore[attr-defined]
    item = SimpleNamespace(measurand="live_frame_rate")
    return {name: made(session, item, cameras.of(name))(WINDOW_S).capture for name in names}


def test_cameras_that_deliver_are_received_once_and_at_the_same_time() -> None:
    cameras = Cameras({f"C{n}": (25.0, 25.0) for n in range(6)})
    assert set(all_items(cameras).values()) == {25.0}
    assert set(cameras.received.values()) == {1}
    assert 1 < cameras.most <= AT_ONCE


def test_what_falls_short_beside_others_is_judged_by_what_it_delivers_alone() -> None:
    cameras = Cameras({"A": (25.0, 25.0), "SHORT": (18.0, 25.0), "BAD": (12.0, 12.0), "LOST": (0.0, 25.0)})
    assert all_items(cameras) == {"A": 25.0, "SHORT": 25.0, "BAD": 12.0, "LOST": 25.0}
    assert cameras.received == {"A": 1, "SHORT": 2, "BAD": 2, "LOST": 2}


def test_a_camera_without_a_stream_is_asked_again_and_holds_up_no_other() -> None:
    cameras = Cameras({"A": (25.0, 25.0), "DEAD": (None, 25.0), "B": (25.0, 25.0)})
    assert all_items(cameras) == {"A": 25.0, "DEAD": 25.0, "B": 25.0}
    assert cameras.received == {"A": 1, "DEAD": 2, "B": 1}


def test_a_camera_that_cannot_be_opened_holds_up_no_other() -> None:
    cameras = Cameras({"A": (25.0, 25.0), "B": (25.0, 25.0)})
    cameras.rates["AWAY"], cameras.unregistered = (None, 0.0), {"AWAY"}
    with pytest.raises(RigFault, match="AWAY"):
        all_items(cameras)
    assert cameras.received == {"A": 1, "B": 1}


def test_one_by_one_no_stream_is_received_beside_another() -> None:
    cameras = Cameras({f"C{n}": (25.0, 25.0) for n in range(3)})
    all_items(cameras, one_by_one=True)
    assert cameras.most == 1


def test_nobody_is_left_out_of_what_is_received_together() -> None:
    cameras = Cameras({"A": (25.0, 25.0), "DEAD": (None, None)})  # type: ignore[dict-item]
    found = received_together([cameras.of(name) for name in cameras.rates], WINDOW_S)
    assert {name: type(one) for name, one in found.items()} == {"A": LiveStream}


@pytest.mark.parametrize(("readings", "kept"), [(["late"], "in time"), (["late", "late"], "late")])
def test_a_second_reader_that_did_not_keep_up_is_asked_once_more(readings: list[str], kept: str) -> None:
    cameras = Cameras({"A": (25.0, 25.0)})
    cameras.seconds = [*readings]
    came = received(WINDOW_S, cameras.of("A"))
    assert (cameras.seconds, came.second) == ([], kept)
    assert came.short_of("A") is (kept == "late")  # beside others it is received again by itself
