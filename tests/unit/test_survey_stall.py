# SPDX-License-Identifier: Apache-2.0
"""A worker that hangs holds no survey up: what ended is kept, the rest is left to be asked again."""

from __future__ import annotations

import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from yanshou.fleet import cluster
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import Subject
from yanshou.model import Connection, Device, DeviceKind, System

SETTINGS = Settings("2026-11-24T00:00:00Z", "1", "Asia/Shanghai", emulated=True)


class Cluster:
    """A scheduler with one worker that answers every second batch and hangs on the others."""

    def __init__(self) -> None:
        self.given: list[list[Subject]] = []
        self.cancelled: list[Future] = []
        self.closed = False

    def submit(self, _work, batch, *_arguments, **_options) -> Future:
        future: Future = Future()
        future.release = lambda: None
        self.given.append(batch)
        if len(self.given) % 2:
            future.set_result([{"device": one.id} for one in batch])
        return future

    def scheduler_info(self, **_options):
        return {"workers": {"one": {"resources": {}}}}

    def cancel(self, futures: list[Future]) -> None:
        self.cancelled += futures

    def close(self) -> None:
        self.closed = True


def camera(number: int) -> Subject:
    link = Connection("onvif", host=f"10.0.{number}.1", port=80)
    return Subject(Device(f"C{number}", DeviceKind.CAMERA, System.VIDEO, f"C{number}", connection=link))


def test_the_rest_is_left_unasked_when_no_batch_ends(monkeypatch: pytest.MonkeyPatch):
    made, subjects = Cluster(), [camera(number) for number in range(8)]
    monkeypatch.setattr(cluster, "_client", lambda _scheduler, _tls: made)
    kept: list[str] = []
    began = time.monotonic()
    cluster.ask_all_on(
        "tls://x:1",
        None,
        subjects,
        SETTINGS,
        Path(),
        lambda one: kept.append(one["device"]),
        size=2,
        stall_s=0.3,
    )
    assert time.monotonic() - began < 30
    answered = {one.id for batch in made.given[::2] for one in batch}
    assert set(kept) == answered
    assert len(kept) == len(answered) < len(subjects)
    assert len(made.cancelled) == len(made.given) // 2
    assert made.closed
