# SPDX-License-Identifier: Apache-2.0
"""One panel, every wire: what a test asks of it is the same, and its instants hold the truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.field_bus import eventually
from tests.support.line_site import SPEAKING, emulated_bench
from yanshou.drivers.field.bench import Bench
from yanshou.emulation.faults import Fault
from yanshou.model import RigFault, now
from yanshou.model.signal import ZoneSignal

ALARM = ZoneSignal.ALARM
# what is told has the time of its message: on a busy machine the panel itself may be late to tell
TELLING_S = 0.5
DELAY_S = 0.8


SHOWS = {"contact-only": ("RELAY-1", "input_on", 1), "dsc-tpi": ("PANEL-1", "told", "zone_alarm=1")}
"""Whose truth counts where the panel's own memory is not what the wire shows: the contact, the message."""


def shown_at(truth: Path, profile: str, zone: int = 1) -> list[float]:
    """When the alarm of the zone was really there to be seen on this wire."""
    device, what, value = SHOWS.get(profile, (f"Z0{zone}", "alarm_shown", None))
    value = zone if what == "input_on" else value
    events = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    return [
        event["t"]
        for event in events
        if (event["device"], event["what"]) == (device, what)
        and (value is None or value == event["value"] or value in str(event["value"]).split("'"))
    ]


@pytest.fixture(scope="module", params=SPEAKING)
def wired(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Bench, Path]]:
    """The bench beside an emulated panel on one wire; its second zone alarms late."""
    late = Fault("Z02", "alarm_delay", DELAY_S)
    with emulated_bench(tmp_path_factory.mktemp("wire"), request.param, [late]) as (bench, truth):
        yield request.param, bench, truth


def test_an_alarm_is_shown_held_and_reset(wired: tuple[str, Bench, Path]) -> None:
    profile, bench, truth = wired
    panel, zone = bench.panel("PANEL-1"), bench.zone("Z01")
    assert not panel.is_armed()
    assert not panel.shows(1, ALARM)
    panel.arm()
    assert panel.is_armed()
    for times in (1, 2):
        opened = zone.open_loop()
        shown = panel.wait_for(1, ALARM, since=opened, within=3.0)
        assert shown is not None
        assert eventually(lambda times=times: len(shown_at(truth, profile)) == times)
        real = shown_at(truth, profile)[-1]
        assert shown.earliest - TELLING_S <= real <= shown.latest
        assert (
            shown.latest - shown.earliest < 1.0
        )  # more would say nothing; the benches tell how little it is
        zone.close_loop()
        assert panel.watch(1, ALARM, shown=True, seconds=0.2).held
        assert panel.shown(ALARM) == {1}
        panel.reset()
        assert eventually(lambda: not panel.shows(1, ALARM))
        if not panel.is_armed():
            panel.arm()
    panel.disarm()
    assert not panel.is_armed()


def test_an_alarm_that_never_comes_is_told_as_none(wired: tuple[str, Bench, Path]) -> None:
    _, bench, _ = wired
    panel, zone = bench.panel("PANEL-1"), bench.zone("Z01")
    opened = zone.open_loop()  # unset: nothing may come
    begun = now()
    assert panel.wait_for(1, ALARM, since=opened, within=0.6) is None
    assert now() - begun > 0.55
    assert panel.watch(1, ALARM, shown=False, seconds=0.3).held
    zone.close_loop()


def test_a_planted_delay_is_measured(wired: tuple[str, Bench, Path]) -> None:
    profile, bench, truth = wired
    panel, zone = bench.panel("PANEL-1"), bench.zone("Z02")
    before = len(shown_at(truth, profile, 2))
    opened = zone.open_loop()
    shown = panel.wait_for(2, ALARM, since=opened, within=4.0)
    assert shown is not None
    assert eventually(lambda: len(shown_at(truth, profile, 2)) > before)
    real = shown_at(truth, profile, 2)[-1]
    assert shown.earliest - TELLING_S <= real <= shown.latest
    assert (shown - opened).most >= DELAY_S


def test_a_panel_that_falls_silent_is_a_fault_of_the_rig(tmp_path: Path) -> None:
    fault = Fault("PANEL-1", "panel_silent", 12)
    with emulated_bench(tmp_path, "dsc-tpi", [fault]) as (bench, _):
        panel, zone = bench.panel("PANEL-1"), bench.zone("Z02")

        def go_on() -> None:
            for _ in range(8):
                panel.wait_for(2, ALARM, since=zone.open_loop(), within=1.0)
                zone.close_loop()
                panel.reset()

        with pytest.raises(RigFault):
            go_on()
