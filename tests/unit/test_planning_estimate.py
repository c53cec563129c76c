# SPDX-License-Identifier: Apache-2.0
"""How long a plan is thought to last: what a test says, what this plan lets it wait, and the people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from yanshou.model import Connection, Device, DeviceKind, PlanItem, Site, System
from yanshou.planning import CoveredMeasurand
from yanshou.planning.covered import Together
from yanshou.planning.duration import machine_times
from yanshou.planning.duration import seconds as _seconds


def site(*, scripted: bool = False, **plan: object) -> Site:
    operator = {"backend": "scripted" if scripted else "terminal"}
    return Site("s", "s", Path(), "UTC", {}, {}, {}, plan=plan, operator=operator)


HELD = CoveredMeasurand("alarm_held_until_reset", seconds=2.0, waits={"hold_s": 600.0})
READ = CoveredMeasurand("papers_kept", seconds=2.0, operator=True)


@pytest.mark.parametrize(("plan", "seconds"), [({}, 602.0), ({"hold_s": 5}, 7.0), ({"hold_s": 0.5}, 2.5)])
def test_what_the_plan_waits_is_in_the_estimate(plan, seconds) -> None:
    assert _seconds(site(**plan), HELD) == seconds


def test_what_the_client_does_not_allow_is_not_waited_for() -> None:
    discharged = CoveredMeasurand("m", seconds=2.0, if_allowed=("power_cut",), waits={"discharge_s": 28800.0})
    assert _seconds(site(), discharged) == 2.0
    assert _seconds(replace(site(), allow=frozenset({"power_cut"})), discharged) == 28802.0


def test_a_person_takes_a_minute_and_a_written_answer_none() -> None:
    assert _seconds(site(), READ) == 60.0
    assert _seconds(site(scripted=True), READ) == 1.0
    long = CoveredMeasurand("walk", seconds=300.0, operator=True)
    assert _seconds(site(), long) == 300.0


def test_a_person_waits_for_the_machine_whoever_answers() -> None:
    passed = replace(READ, measurand="gate_alarm_on_test_object", machine=2.0)
    assert _seconds(site(), passed) == 62.0
    assert _seconds(site(scripted=True), passed) == 3.0
    items = [PlanItem("gate_alarm_on_test_object[G]", passed.measurand, "G", (), repetitions=3)]
    assert machine_times(site(), items, {passed.measurand: passed}) == {items[0].id: 6.0}


def test_unset_zones_are_opened_at_once_after_one_of_them() -> None:
    unset = CoveredMeasurand("unset", seconds=2.0, waits={"unset_watch_s": 3.0}, together=Together.UNSET)
    items = [PlanItem(f"unset[Z{n}]", "unset", f"Z{n}", ()) for n in range(24)]
    assert sum(machine_times(site(), items, {"unset": unset}).values()) == pytest.approx(2 * (2.0 + 3.0))
    assert sum(machine_times(site(), items[:1], {"unset": unset}).values()) == 5.0


def test_one_session_of_a_camera_and_one_watch_of_all_clocks_are_waited_for_once() -> None:
    path = CoveredMeasurand("loss", seconds=1.0, waits={"network_window_s": 120.0}, together=Together.PATHS)
    day = CoveredMeasurand("drift", seconds=2.0, waits={"drift_watch_s": 86400.0}, together=Together.CLOCKS)
    covered = {
        "loss": path,
        "jitter": replace(path, measurand="jitter"),
        "drift": day,
        "slave": replace(day, measurand="slave"),
    }
    cameras = [f"C{n}" for n in range(8)]
    items = [PlanItem(f"{name}[{one}]", name, one, ()) for one in cameras for name in ("loss", "jitter")]
    assert sum(machine_times(site(), items, covered).values()) == 8 * 2.0 + 2 * 120.0
    items = [PlanItem(f"{name}[{one}]", name, one, ()) for name, one in (("drift", "A"), ("slave", "B"))]
    assert sum(machine_times(site(), items, covered).values()) == 2 * 2.0 + 86400.0


def test_streams_are_received_four_at_a_time_by_one_reader_after_the_other() -> None:
    waits = {"frame_rate_window_s": 60.0}
    rate = CoveredMeasurand("live_frame_rate", seconds=2.0, waits=waits, together=Together.STREAMS)
    items = [PlanItem(f"live_frame_rate[C{n}]", rate.measurand, f"C{n}", ()) for n in range(8)]
    times = machine_times(site(), items, {rate.measurand: rate})
    assert sum(times.values()) == pytest.approx(8 * 2.0 + 2 * 2 * 60.0)
    assert sum(machine_times(site(), items[:1], {rate.measurand: rate}).values()) == 2.0 + 2 * 60.0


def test_clocks_over_the_network_are_read_some_at_a_time() -> None:
    reading = CoveredMeasurand("clock_offset", seconds=8.0, together=Together.READINGS)
    onvif, bus = Connection("onvif", "10.0.0.1"), Connection("modbus-tcp", "10.0.0.2")
    devices = {
        f"C{n}": Device(f"C{n}", DeviceKind.CAMERA, System.VIDEO, "c", connection=onvif) for n in range(10)
    }
    devices["P"] = Device("P", DeviceKind.PANEL, System.INTRUSION, "p", connection=bus)
    items = [PlanItem(f"clock_offset[{one}]", "clock_offset", one, ()) for one in [*devices][:10]]
    times = machine_times(replace(site(), devices=devices), items, {"clock_offset": reading})
    assert sum(times.values()) == pytest.approx(2 * 8.0), "eight, then two"
    items.append(PlanItem("clock_offset[P]", "clock_offset", "P", ()))
    times = machine_times(replace(site(), devices=devices), items, {"clock_offset": reading})
    assert times["clock_offset[P]"] == 8.0, "the bench reads it by itself"
