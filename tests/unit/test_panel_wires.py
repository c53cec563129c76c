# SPDX-License-Identifier: Apache-2.0
"""One panel, every wire: what a test asks of it is the same, and its instants hold the truth."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from tests.unit.field_bus import eventually
from tests.unit.talk_site import SPEAKING, emulated_bench

from yanshou.drivers.capabilities import ZoneSignal
from yanshou.emulation.faults import Fault
from yanshou.model import RigFault, now

ALARM = ZoneSignal.ALARM


SHOWS = {"contact-only": ("RELAY-1", "input_on", 1), "dsc-tpi": ("PANEL-1", "told", "zone_alarm=1")}
"""Whose truth counts where the panel's own memory is not what the wire shows: the contact, the message."""


def shown_at(truth: Path, profile: str) -> list[float]:
    """When the alarm of zone 1 was really there to be seen on this wire."""
    device, what, value = SHOWS.get(profile, ("Z01", "alarm_shown", None))
    events = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    return [
        event["t"]
        for event in events
        if (event["device"], event["what"]) == (device, what)
        and (value is None or value == event["value"] or value in str(event["value"]).split("'"))
    ]


@pytest.mark.parametrize("profile", SPEAKING)
def test_an_alarm_is_shown_held_and_reset_over_every_wire(profile: str, tmp_path: Path) -> None:
    with emulated_bench(tmp_path, profile) as (bench, truth):
        panel, zone = bench.panel("PANEL-1"), bench.zone("Z01")
        assert not panel.is_armed()
        assert not panel.shows(1, ALARM)
        panel.arm()
        assert panel.is_armed()
        for times in (1, 2, 3):
            opened = zone.open_loop()
            shown = panel.wait_for(1, ALARM, since=opened, within=3.0)
            assert shown is not None
            assert eventually(lambda times=times: len(shown_at(truth, profile)) == times)
            real = shown_at(truth, profile)[-1]
            assert shown.earliest <= real <= shown.latest
            assert shown.latest - shown.earliest < 0.25
            zone.close_loop()
            assert panel.watch(1, ALARM, shown=True, seconds=0.2).held
            assert panel.shown(ALARM) == {1}
            panel.reset()
            deadline = now() + 3.0
            while panel.shows(1, ALARM) and now() < deadline:
                time.sleep(0.02)
            assert not panel.shows(1, ALARM)
            if not panel.is_armed():
                panel.arm()
        panel.disarm()
        assert not panel.is_armed()


@pytest.mark.parametrize("profile", SPEAKING)
def test_an_alarm_that_never_comes_is_told_as_none_over_every_wire(profile: str, tmp_path: Path) -> None:
    with emulated_bench(tmp_path, profile) as (bench, _):
        panel, zone = bench.panel("PANEL-1"), bench.zone("Z01")
        opened = zone.open_loop()  # unset: nothing may come
        begun = now()
        assert panel.wait_for(1, ALARM, since=opened, within=0.8) is None
        assert now() - begun > 0.75
        assert panel.watch(1, ALARM, shown=False, seconds=0.5).held


@pytest.mark.parametrize("profile", SPEAKING)
def test_a_planted_delay_is_measured_over_every_wire(profile: str, tmp_path: Path) -> None:
    fault = Fault("Z02", "alarm_delay", 1.2)
    with emulated_bench(tmp_path, profile, [fault]) as (bench, _):
        panel, zone = bench.panel("PANEL-1"), bench.zone("Z02")
        opened = zone.open_loop()
        shown = panel.wait_for(2, ALARM, since=opened, within=4.0)
        assert shown is not None
        latency = shown - opened
        assert latency.least <= 1.2 <= latency.most + 0.01  # the clockwork may be a little late, never early
        assert latency.most < 1.6


@pytest.mark.parametrize("profile", ["dsc-tpi", "paradox-prt3"])
def test_a_panel_that_falls_silent_is_a_fault_of_the_rig(profile: str, tmp_path: Path) -> None:
    fault = Fault("PANEL-1", "panel_silent", 12)
    with emulated_bench(tmp_path, profile, [fault]) as (bench, _):
        panel, zone = bench.panel("PANEL-1"), bench.zone("Z02")

        def go_on() -> None:
            for _ in range(8):
                panel.wait_for(2, ALARM, since=zone.open_loop(), within=1.0)
                zone.close_loop()
                panel.reset()

        with pytest.raises(RigFault):
            go_on()
