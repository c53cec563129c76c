# SPDX-License-Identifier: Apache-2.0
"""Inputs that latch what rose: a pulse between two polls is seen, and its bracket holds the truth."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.field_bus import TcpSlave
from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.relay import RelayInput
from yanshou.model import Connection, Device, DeviceKind, Instant, Site, System, now

CHANNEL, ROSE, CLEAR = 2, 32, 32  # ICP DAS ET-7060: input 2, its latch at 34, coil 32 clears all that rose


class LatchingBoard(TcpSlave):
    """Live inputs from 0, what rose from 32."""

    def __init__(self) -> None:
        super().__init__(lambda _, request: self._latching(request))
        self.truth: list[float] = []

    def _latching(self, request: bytes) -> bytes:
        answer = self.good(request)
        if request[7:10] == bytes([5, 0, CLEAR]):
            self.memory.bits[2][ROSE : ROSE + 6] = [0] * 6
        return answer

    @property
    def cleared(self) -> int:
        return self.memory.requests.count((5, CLEAR, 0xFF00))

    def rise(self, *, live: bool) -> None:
        """The contact closes; a pulse too short for any poll leaves its trace in the latch alone."""
        self.memory.bits[2][CHANNEL] = int(live)
        self.memory.bits[2][ROSE + CHANNEL] = 1
        self.truth.append(now())


@pytest.fixture(scope="module")
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as running:
        yield running


@pytest.fixture
def board() -> Iterator[LatchingBoard]:
    with LatchingBoard() as made:
        yield made  # type: ignore[misc]


@pytest.fixture
def contact(board: LatchingBoard, acquisition: Acquisition, tmp_path: Path) -> RelayInput:
    made = bench(board, acquisition, tmp_path, "icpdas-et-7060")
    return made.input(f"RELAY-1/di{CHANNEL}")


def bench(board: LatchingBoard, acquisition: Acquisition, folder: Path, profile: str) -> Bench:
    connection = Connection("modbus-tcp", "127.0.0.1", board.port, options={"unit": 1})
    device = Device(
        "RELAY-1", DeviceKind.RELAY_BOARD, System.SITE, "b", connection=connection, profile=profile
    )
    site = Site("s", "s", folder, "UTC", {}, {}, {"RELAY-1": device}, emulated=True)
    return Bench(site, acquisition)


def moment() -> Instant:
    return Instant(now(), now())


def soon(action, after: float = 0.12) -> threading.Timer:
    timer = threading.Timer(after, action)
    timer.start()
    return timer


def test_a_pulse_that_no_poll_saw_is_found_in_the_latch(board: LatchingBoard, contact: RelayInput) -> None:
    since = moment()
    timer = soon(lambda: board.rise(live=False))
    seen = contact.wait_active(since=since, within=2.0)
    timer.join()
    assert seen is not None
    assert seen.earliest <= board.truth[0] <= seen.latest
    assert seen.via == f"RELAY-1/di{CHANNEL}:on"
    assert not contact.is_active()


def test_without_latches_the_same_pulse_stays_unseen(
    board: LatchingBoard, acquisition: Acquisition, tmp_path: Path
) -> None:
    plain = bench(board, acquisition, tmp_path, "advantech-adam-6060")
    contact = plain.input(f"RELAY-1/di{CHANNEL}")
    since = moment()
    timer = soon(lambda: board.rise(live=False), after=0.02)
    assert contact.wait_active(since=since, within=0.3) is None
    timer.join()


def test_each_pulse_is_found_anew(board: LatchingBoard, contact: RelayInput) -> None:
    for number in range(3):
        assert not contact.is_active()  # at rest: the latch is made ready
        since = moment()
        timer = soon(lambda: board.rise(live=False), after=0.05)
        seen = contact.wait_active(since=since, within=2.0)
        timer.join()
        assert seen is not None
        assert seen.earliest <= board.truth[number] <= seen.latest
    assert board.cleared >= 2


def test_what_rose_before_is_forgotten_and_does_not_count(
    board: LatchingBoard, acquisition: Acquisition, tmp_path: Path
) -> None:
    board.rise(live=False)
    contact = bench(board, acquisition, tmp_path, "icpdas-et-7060").input(f"RELAY-1/di{CHANNEL}")
    assert board.cleared == 1
    assert contact.wait_active(since=moment(), within=0.3) is None


def test_a_latch_that_cannot_be_cleared_yet_leaves_the_live_input(
    board: LatchingBoard, acquisition: Acquisition, tmp_path: Path
) -> None:
    """The contact is closed now: clearing would lose nothing, but the next rise is the live one's to show."""
    board.rise(live=True)
    contact = bench(board, acquisition, tmp_path, "icpdas-et-7060").input(f"RELAY-1/di{CHANNEL}")
    assert board.cleared == 0
    assert contact.is_active()
    since = moment()
    board.memory.bits[2][CHANNEL] = 0
    assert contact.wait_inactive(since=since, within=2.0) is not None
    since = moment()
    timer = soon(lambda: board.rise(live=True))
    seen = contact.wait_active(since=since, within=2.0)
    timer.join()
    assert seen is not None
    assert seen.earliest <= board.truth[-1] <= seen.latest


def test_looking_again_after_the_stimulus_loses_nothing(board: LatchingBoard, contact: RelayInput) -> None:
    """The latch is cleared between the pulse and the question: what was polled before still answers it."""
    since = moment()
    time.sleep(0.05)
    board.rise(live=False)
    contact.clear_latch()
    seen = contact.wait_active(since=since, within=2.0)
    assert seen is not None
    assert seen.earliest <= board.truth[0] <= seen.latest
