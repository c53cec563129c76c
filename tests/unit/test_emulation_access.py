# SPDX-License-Identifier: Apache-2.0
"""The emulated door controller without its wires: a storm of cards, a restart in a fire, a cut link."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import EXAMPLES
from yanshou.emulation.access.door import EmulatedDoorController, PresentedCard
from yanshou.emulation.faults import Fault
from yanshou.emulation.site.assembly import SiteEmulation
from yanshou.emulation.site.truth import Truth
from yanshou.site import load_site

Started = Callable[..., EmulatedDoorController]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """Start the access laboratory with faults; no address is opened."""
    running: list[SiteEmulation] = []

    def start(*faults: Fault) -> EmulatedDoorController:
        site = SiteEmulation(
            load_site(EXAMPLES / "access-lab"), faults, Truth(tmp_path / "truth.jsonl"), video=False
        )
        site.world.clockwork.start()
        running.append(site)
        return site._controllers[0]

    yield start
    for one in running:
        one.stop()


def eventually(true: Callable[[], bool], within: float = 10.0) -> bool:
    end = time.monotonic() + within
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


def records(controller: EmulatedDoorController) -> list[tuple[str, int, int]]:
    with controller.world.lock:
        return [(one.kind, one.door, one.user) for _, one in controller.log._centre]


def storm(controller: EmulatedDoorController, count: int, door: int = 0) -> None:
    for user in range(1, count + 1):
        with controller.world.lock:
            controller.credential(controller.doors[door], PresentedCard("unauthorised", user))


def test_a_hundred_cards_in_a_second_open_nothing_and_are_all_recorded_in_order(started: Started) -> None:
    controller = started()
    storm(controller, 100)
    assert eventually(lambda: len(records(controller)) >= 100)
    assert records(controller) == [("denied", 1, user) for user in range(1, 101)]
    assert not any(one.released for one in controller.doors)


@pytest.mark.parametrize(
    ("faults", "kept"),
    [
        ((), list(range(1, 34))),
        ((Fault("ACS-1", "record_buffer", 16),), list(range(18, 34))),
        ((Fault("ACS-1", "record_disorder"),), list(range(33, 0, -1))),
        ((Fault("ACS-1", "record_doubled", 33),), [*range(1, 34), 33]),
    ],
)
def test_events_of_a_cut_link_arrive_when_it_is_back(
    started: Started, faults: tuple[Fault, ...], kept: list[int]
) -> None:
    controller = started(*faults)
    with controller.world.lock:
        controller.host_link(0.0, opened=True)
    storm(controller, 33)
    assert eventually(lambda: not controller.doors[0].refused)
    assert records(controller) == []
    with controller.world.lock:
        controller.host_link(0.0, opened=False)
    assert [user for _, _, user in records(controller)] == kept


def test_a_controller_that_begins_anew_in_a_fire_locks_its_doors_and_answers_nobody(
    started: Started, tmp_path: Path
) -> None:
    controller = started(Fault("ACS-1", "reboots_on_fire", 0.3))
    with controller.world.lock:
        controller.fire_signal(0.0, opened=True)
    assert eventually(lambda: not controller.alive)
    assert not any(one.released for one in controller.doors)
    assert eventually(lambda: controller.alive)
    controller.world.truth.close()
    lines = (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    answer: list[Any] = [json.loads(line)["what"] for line in lines]
    assert answer.index("lock_energised") < answer.index("rebooting") < answer.index("up again")
