# SPDX-License-Identifier: Apache-2.0
"""Contacts that are away for a moment: a bounce is no locking, and the pause of a siren is not its end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from test_suites.intrusion import test_siren

from tests.support.made_up_door import Kept
from yanshou.equipment.doors import Door
from yanshou.equipment.settled import settled
from yanshou.model import Device, DeviceKind, Instant, NotApplicable, System

SINCE = Instant(0.0, 0.0)


class Course:
    """A contact whose whole course is known: the stretches of seconds in which it is active."""

    name = "RELAY-1/di0"

    def __init__(self, *stretches: tuple[float, float]) -> None:
        self.stretches = stretches

    def _active(self, at: float) -> bool:
        return any(on <= at < off for on, off in self.stretches)

    def is_active(self) -> bool:
        return self._active(0.0)

    def _wait(self, active: bool, since: Instant, within: float) -> Instant | None:
        edges = {one for stretch in self.stretches for one in stretch if one >= since.latest}
        moments = sorted({since.latest, *edges})
        found = [one for one in moments if self._active(one) is active and one <= since.latest + within]
        return Instant(found[0], found[0]) if found else None

    def wait_active(self, *, since: Instant, within: float) -> Instant | None:
        return self._wait(True, since, within)

    def wait_inactive(self, *, since: Instant, within: float) -> Instant | None:
        return self._wait(False, since, within)


def door(*stretches: tuple[float, float]) -> Door:
    journal: Any = SimpleNamespace(observation=lambda _what, _via, instant, _value=None: instant)
    none: Any = SimpleNamespace()
    device = Device("D01", DeviceKind.DOOR, System.ACCESS_CONTROL, "door", number=1)
    return Door(device, none, None, None, Course(*stretches), journal, 3.0)


BOUNCING = (0.0, 0.004), (0.006, 0.010), (0.013, 5.0)


@pytest.mark.parametrize(
    ("course", "locked"),
    [
        (((0.0, 5.0),), 5.0),
        (BOUNCING, 5.0),
        ((*BOUNCING, (5.003, 5.006)), 5.006),
        (((0.0, 0.004), (0.006, 1e6)), None),  # it bounces as it is released, and never locks
        (((0.0, 2.0), (2.2, 4.0)), 2.0),
    ],
)
def test_a_lock_whose_contact_bounces_locks_when_it_stays_locked(
    course: tuple[tuple[float, float], ...], locked: float | None
) -> None:
    seen = door(*course).wait_locked(since=SINCE)
    assert (seen.middle if seen else None) == locked


@pytest.mark.parametrize(("away_s", "again"), [(0.002, False), (0.03, False), (0.1, True), (1.0, True)])
def test_a_lock_that_bounces_while_the_fire_signal_lasts_has_not_locked_again(
    away_s: float, again: bool
) -> None:
    fire = door((0.0, 0.004), (0.004 + away_s, 1e6))
    assert fire.locked_again(since=SINCE, within=15.0) is again


def test_what_is_active_again_only_after_the_time_came_to_rest_too_late() -> None:
    assert settled(Course((0.0, 1.0), (1.01, 9.0)), since=SINCE, within=1.0, still_s=0.05) is None


def pulsing(begin: float, end: float) -> list[tuple[float, float]]:
    """On for 0.5 s and off for 1.5 s, from one moment to the other."""
    return [(begin + 2 * n, begin + 2 * n + 0.5) for n in range(int((end - begin) / 2))]


def after_its_end(*stretches: tuple[float, float]) -> list[float | None]:
    """The times that the item on the siren records, of an alarm at 0 that nobody resets."""
    siren, record = Course(*stretches), SirenRecord()
    zone = SimpleNamespace(open_loop=lambda: SINCE)
    zones: Any = SimpleNamespace(of_type=lambda _type: [zone])
    panel: Any = SimpleNamespace(
        wires=SimpleNamespace(siren=lambda: siren), arm=lambda _zone: None, patience=60.0
    )
    test_siren.test_siren_resounds_after(zones, panel, lambda: None, record)  # type: ignore[arg-type]
    found: list[float | None] = record.said["latencies"]
    return found


class SirenRecord(Kept):
    """It watches for as long as is usual."""

    def duration(self, _parameter: str, usual: float, _what: str) -> float:
        return usual


def test_a_siren_that_pulses_has_not_ended_in_its_pauses() -> None:
    assert after_its_end((0.0, 120.0), (145.0, 200.0)) == [25.0]
    assert after_its_end(*pulsing(0.0, 120.0), *pulsing(145.0, 200.0)) == [26.5]
    assert after_its_end(*pulsing(0.0, 120.0), *pulsing(165.0, 200.0)) == [46.5]
    assert after_its_end(*pulsing(0.0, 120.0)) == [None]
    assert after_its_end((0.0, 0.5), (2.0, 2.5)) == [None]
    with pytest.raises(NotApplicable):
        after_its_end(*pulsing(0.0, 2000.0))
