# SPDX-License-Identifier: Apache-2.0
"""Of several instruments of a kind the one that the plan chose, and that is wired in, is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.fixtures import chart as chart_module
from yanshou.fixtures import devices
from yanshou.instruments.registry import Instrument, InstrumentRegistry, Range
from yanshou.model import RigFault

SPAN = (Range("dc_current", 0.0, 3.0, "A", U=0.002, k=2.0),)


def meter(name: str, kind: str = "multimeter", uses: str = "") -> Instrument:
    return Instrument(
        name,
        kind,
        name,
        serial=f"S-{name}",
        certificate="C",
        calibrated=date(2020, 1, 1),
        due=date(2999, 1, 1),
        ranges=SPAN,
        uses=uses,
    )


def bench(*instruments: Instrument, wired: str = "DMM-2") -> Any:
    """A session with these instruments and a panel whose supply lead is wired to ``wired``."""
    connections = {
        one.uses or one.id: SimpleNamespace(connection=SimpleNamespace(path=one.id, options={}))
        for one in instruments
    }
    return SimpleNamespace(
        registry=InstrumentRegistry({one.id: one for one in instruments}),
        item_journal=SimpleNamespace(event=lambda *_, **__: None),
        site=SimpleNamespace(devices={}),
        wired=lambda device, role: wired,
        device=connections.__getitem__,
    )


class Item:
    """What a record knows of the plan."""

    device = "PANEL-2"

    def __init__(self, *planned: str) -> None:
        self.planned_instruments = planned
        self.used: list[str] = []
        self.invalid = self.used.append

    def instrument(self, name: str) -> None:
        self.used.append(name)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    @contextmanager
    def visa(connection: Any, serial: str) -> Iterator[str]:
        names.append(f"{connection.path} {serial}")
        yield connection.path

    monkeypatch.setattr(devices.Multimeter, "of", visa)
    return names


def read_supply(session: Any, record: Any) -> Any:
    panel = SimpleNamespace(id="PANEL-2", wiring={})
    return next(devices.supply_meter.__wrapped__(session, panel, record, None))  # type: ignore[attr-defined]


def test_the_meter_in_the_lead_is_read_and_not_the_first_of_the_register(opened: list[str]) -> None:
    record = Item("DMM-2")
    meters = bench(meter("DMM-1"), meter("DMM-2"))
    assert read_supply(meters, record).calibrated.instrument.id == "DMM-2"
    assert (opened, record.used) == (["DMM-2 S-DMM-2"], ["DMM-2"])


def test_a_meter_reached_through_a_device_of_another_name_is_the_wired_one(opened: list[str]) -> None:
    meters = bench(meter("DMM-1"), meter("DMM-2", uses="MM-B"), wired="MM-B")
    assert read_supply(meters, Item("DMM-2")).calibrated.instrument.id == "DMM-2"
    assert opened == ["DMM-2 S-DMM-2"]


@pytest.mark.parametrize("planned", [("DMM-1",), ("DMM-1", "DMM-2"), ()])
def test_a_plan_that_names_another_meter_than_the_wire_or_none_is_a_fault(
    planned: tuple[str, ...], opened: list[str]
) -> None:
    with pytest.raises(RigFault) as fault:
        read_supply(bench(meter("DMM-1"), meter("DMM-2")), Item(*planned))
    assert fault.value.final
    assert opened == []


@pytest.mark.parametrize("kind", ["survey_meter", "time_reference", "lux_meter", "clamp_meter"])
def test_of_several_of_any_kind_none_is_guessed(kind: str) -> None:
    session = bench(meter("A-1", kind), meter("A-2", kind))
    record: Any = Item()
    with pytest.raises(RigFault, match=f"which {kind} is read: A-1, A-2"):
        devices.instrument_of(session, record, kind)
    chosen: Any = Item("A-2")
    assert devices.instrument_of(session, chosen, kind).instrument.id == "A-2"


def test_the_chart_before_the_camera_is_the_one_the_inventory_names() -> None:
    session = bench(meter("CHART-1", "test_chart"), meter("CHART-2", "test_chart"))

    def named(**attributes: str) -> str:
        camera: Any = SimpleNamespace(id="CAM-1", attributes=attributes)
        return chart_module._certificate(session, camera)[0]

    assert named(chart="CHART-2") == "CHART-2"
    with pytest.raises(RigFault, match="several charts are registered"):
        named()
