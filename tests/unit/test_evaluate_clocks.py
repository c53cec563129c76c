# SPDX-License-Identifier: Apache-2.0
"""The offset of a device's clock, from a simulated clock that shows whole seconds and its known truth."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.support.judging import verdict
from yanshou.drivers.clock import offset as bracketing
from yanshou.drivers.clock.offset import measure_offset, wall_clock_reference
from yanshou.equipment.clocks import Clock, clock_offset
from yanshou.equipment.instruments import Calibrated, TimeReference
from yanshou.evaluation import read_offset
from yanshou.instruments.registry import Instrument, InstrumentRegistry, Range
from yanshou.metrology.utc import OffsetBracket, UtcReference
from yanshou.model import Instant, Limit, Measurement, Verdict, now
from yanshou.model.reading import ClockReading


class Nobody:
    """A journal that is not kept."""

    def note(self, kind: str, **fields: object) -> None:
        """Forget it."""


class World:
    """A device whose clock shows whole seconds, ``ahead`` of UTC, over a path that takes time."""

    def __init__(self, ahead: float, seed: int, *, trip: tuple[float, float] = (0.002, 0.02)) -> None:
        self.t = 1000.0
        self.ahead = ahead
        self.draw = random.Random(seed)
        self.trip = trip
        self.utc_at_zero = 1_795_000_000.0 + self.draw.random()
        self.t += self.draw.random()

    def read_clock(self) -> ClockReading:
        asked = self.t
        self.t += self.draw.uniform(*self.trip)
        shown = math.floor(self.utc_at_zero + self.t + self.ahead)
        self.t += self.draw.uniform(*self.trip)
        return ClockReading(datetime.fromtimestamp(shown, UTC), 1.0, Instant(asked, self.t))

    def sleep(self, seconds: float) -> None:
        self.t += seconds + self.draw.uniform(0, 0.003)


def reference(world: World, *, error: float = 0.0, U: float = 0.001, due: date = date.max) -> TimeReference:
    register = Instrument(
        "TIME-1",
        "time_reference",
        "时间基准",
        serial="T-77",
        certificate="T",
        calibrated=date(2020, 1, 1),
        due=due,
        ranges=(Range("utc_offset", -1e6, 1e6, "s", U=0.002),),
    )
    closed: list[str] = []
    item_journal: Any = Nobody()
    calibrated = Calibrated(register, InstrumentRegistry({"TIME-1": register}), item_journal, closed.append)
    return TimeReference(calibrated, UtcReference(world.utc_at_zero + error, U))


def offset(world: World, monkeypatch: pytest.MonkeyPatch, *, error: float = 0.0) -> Measurement:
    original = bracketing.measure_offset

    def simulated(clock: Any, utc: Any, **options: Any) -> Any:
        return original(clock, utc, sleep=world.sleep, monotonic=lambda: world.t, **options)

    monkeypatch.setattr("yanshou.equipment.clocks.measure_offset", simulated)
    return clock_offset(Clock("NVR-1", world), reference(world, error=error))


@pytest.mark.parametrize("ahead", [2.5, -2.5, 0.25, -0.25, 7200.4])
def test_the_offset_is_positive_when_the_device_is_ahead(monkeypatch: pytest.MonkeyPatch, ahead: float):
    found = offset(World(ahead, 1), monkeypatch)
    assert found.details["signed_s"] == pytest.approx(ahead, abs=0.02)
    assert found.value == pytest.approx(abs(ahead), abs=0.02)
    assert found.instruments == ("TIME-1",)


def test_the_uncertainty_covers_the_truth(monkeypatch: pytest.MonkeyPatch):
    draw = random.Random(20261123)
    inside, widths = 0, []
    for seed in range(300):
        ahead = draw.uniform(-5, 5)
        error = draw.gauss(0, 0.0005)  # of the reference, whose U (k = 2) is 1 ms
        found = offset(World(ahead, seed), monkeypatch, error=error)
        assert found.U is not None
        signed = float(str(found.details["signed_s"]))
        inside += abs(signed - ahead) <= found.U
        widths.append(found.U)
    assert inside >= 0.95 * 300
    assert sorted(widths)[150] < 0.1  # the resolution of 1 s does not enter


def test_the_uncertainty_grows_with_the_path(monkeypatch: pytest.MonkeyPatch):
    near = offset(World(1.0, 3), monkeypatch)
    far = offset(World(1.0, 3, trip=(0.2, 0.4)), monkeypatch)
    assert near.U is not None
    assert far.U is not None
    assert far.U > 3 * near.U


def test_an_overdue_time_reference_closes_the_gate(monkeypatch: pytest.MonkeyPatch):
    reported: list[str] = []
    world = World(1.0, 3)
    overdue = reference(world, due=date(2020, 6, 1))
    overdue = replace(overdue, calibrated=replace(overdue.calibrated, close_gate=reported.append))
    monkeypatch.setattr(
        "yanshou.equipment.clocks.measure_offset",
        lambda *_args, **_options: OffsetBracket(0.9, 1.1, 3),
    )
    clock_offset(Clock("NVR-1", world), overdue)
    assert "到期" in reported[0]


class Labelled:
    """A clock whose field of UTC is ``ahead`` seconds ahead, and that names its zones."""

    def __init__(self, ahead: float, zones: tuple[float, ...] = ()) -> None:
        self.ahead, self.zones = ahead, zones

    def read_clock(self) -> ClockReading:
        before = now()
        shown = datetime.now(UTC) + timedelta(seconds=self.ahead)
        return ClockReading(shown.replace(microsecond=0), 1.0, Instant(before, now()), self.zones)


@pytest.mark.parametrize(
    ("ahead", "zones", "zone", "named"),
    [
        (28_800.3, (28_800.0,), "", True),
        (28_800.3, (), "Asia/Shanghai", True),
        (3_600.2, (0.0, 3_600.0), "Asia/Shanghai", True),  # summer time
        (28_800.3, (), "", False),
        (27_000.0, (28_800.0,), "Asia/Shanghai", False),
        (2.0, (28_800.0,), "Asia/Shanghai", False),
        (28_920.0, (28_800.0,), "Asia/Shanghai", False),
    ],
)
def test_local_time_in_a_field_of_utc_is_named_and_not_judged(ahead, zones, zone, named):
    clock = Clock("CAM-1", Labelled(ahead, zones), time_zone=zone)
    bracket = measure_offset(clock.inner, wall_clock_reference(), polls=3, enough_s=1.0)
    assert ("当地时间被标作 UTC" in clock.mislabelled(bracket)) is named


@pytest.mark.parametrize(("seconds", "sound"), [(0.0, True), (0.92, True), (1.08, False), (2.0, False)])
def test_a_filmed_slave_clock_is_decided_on_both_sides_of_its_second(seconds: float, sound: bool) -> None:
    """Its clause allows 1 s; a reading of whole seconds would be too wide to decide by for every clock."""
    found = read_offset("slave_clock_display_offset", "SC-1", seconds)
    wanted = Verdict.CONFORM if sound else Verdict.NON_CONFORM
    assert verdict(found, Limit("s", max=1.0)) is wanted
