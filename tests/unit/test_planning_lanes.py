# SPDX-License-Identifier: Apache-2.0
"""The lanes of a run: nothing is held twice, no stimulus reaches a quiet watch, each keeps its turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.model import Connection, Device, DeviceKind, PlanItem, Site, System
from yanshou.planning import CoveredMeasurand
from yanshou.planning.lanes import BENCH, EVERYTHING, PERSON, Lanes, Needs, lanes_of
from yanshou.planning.needs import Stations, lanes_for, needs_of

NAMES = st.frozensets(
    st.sampled_from(["cam-1", "cam-2", "cam-3", "panel-1", "panel-2", "door-1"]), max_size=3
)
OF_BENCH = st.builds(
    lambda holds, quiet, disturbs, wide: Needs(
        holds | {BENCH, PERSON} | wide, quiet | {BENCH} | wide, disturbs | {BENCH} | wide
    ),
    NAMES,
    NAMES,
    NAMES,
    st.sampled_from([frozenset[str]()] * 5 + [frozenset({EVERYTHING})]),
)
BESIDE = st.builds(lambda names: Needs(names, names, beside=True), NAMES)


def _stages(lanes: Lanes) -> dict[str, tuple[int, str, int]]:
    """Of each item: its stage, its lane and its place there."""
    return {
        item: (stage, lane, place)
        for stage, lane in ((0, "first"), (1, "bench"), (1, "beside"), (2, "last"))
        for place, item in enumerate(getattr(lanes, lane))
    }


@given(st.lists(st.one_of(OF_BENCH, BESIDE), max_size=14), st.data())
def test_lanes_are_sound(needed: Sequence[Needs], data: st.DataObject) -> None:
    order = [f"i{n}" for n in range(len(needed))]
    needs = dict(zip(order, needed, strict=True))
    seconds = {item: data.draw(st.sampled_from([0.0, 1.0, 60.0])) for item in order}
    lanes = lanes_of(order, needs, seconds, least_s=0.0)
    stages = _stages(lanes)
    assert sorted(order) == sorted([*lanes.first, *lanes.bench, *lanes.beside, *lanes.last])
    assert all(needs[item].beside for item in lanes.beside)
    for one, other in combinations(order, 2):
        (stage, lane, place), (later_stage, later_lane, later_place) = stages[one], stages[other]
        if needs[one].excludes(needs[other]):
            assert stage != later_stage or lane == later_lane
        if _depend(needs[one], needs[other]):
            assert (stage, place) < (later_stage, later_place)
    assert lanes == lanes_of(order, needs, seconds, least_s=0.0)
    assert lanes.lasting(seconds) <= sum(seconds.values())


def _depend(one: Needs, other: Needs) -> bool:
    """Whether the two name the same device, so that their order matters."""
    loose = {BENCH, PERSON, EVERYTHING}
    return bool(
        (one.holds & other.holds) - loose
        or (one.disturbs & other.quiet) - loose
        or (one.quiet & other.disturbs) - loose
    )


def test_a_second_lane_that_spares_little_is_not_opened() -> None:
    needs = {"zone": Needs(frozenset({BENCH})), "camera": Needs(frozenset({"cam"}), beside=True)}
    assert lanes_of(["zone", "camera"], needs, {"zone": 119.0, "camera": 600.0}) == Lanes(("zone", "camera"))
    assert lanes_of(["zone", "camera"], needs, {"zone": 120.0, "camera": 600.0}).beside == ("camera",)


def _device(name: str, kind: DeviceKind, parent: str = "", host: str = "", **attributes: object) -> Device:
    connection = Connection(
        "onvif" if kind in {DeviceKind.CAMERA, DeviceKind.RECORDER} else "modbus-tcp", host
    )
    system = System.VIDEO if kind in {DeviceKind.CAMERA, DeviceKind.RECORDER} else System.INTRUSION
    return Device(
        name,
        kind,
        system,
        name,
        parent=parent,
        attributes=attributes,
        connection=connection if host else None,
    )


DEVICES = [
    _device("PANEL-1", DeviceKind.PANEL, host="10.0.0.1"),
    _device("Z1", DeviceKind.ZONE, "PANEL-1"),
    _device("PANEL-2", DeviceKind.PANEL, host="10.0.0.2"),
    _device("Z2", DeviceKind.ZONE, "PANEL-2"),
    _device("NVR-1", DeviceKind.RECORDER, host="10.0.0.3"),
    _device("CAM-1", DeviceKind.CAMERA, "NVR-1", host="10.0.0.4"),
    _device("CAM-2", DeviceKind.CAMERA, "NVR-1", host="10.0.0.5"),
]
HELD = CoveredMeasurand("alarm_held_until_reset", seconds=600.0)
RATE = CoveredMeasurand("live_frame_rate", seconds=600.0)
VISUAL = CoveredMeasurand("privacy_of_view", seconds=60.0, operator=True)
PAPERS = CoveredMeasurand("papers_kept", seconds=60.0, operator=True, papers=True)
COVERED = {one.measurand: one for one in (HELD, RATE, VISUAL, PAPERS)}


SECONDS = defaultdict(lambda: 600.0)


def _site(*more: Device) -> Site:
    devices = {one.id: one for one in (*DEVICES, *more)}
    return Site("s", "s", Path(), "UTC", {}, {}, devices)


def _item(covered: CoveredMeasurand, device: str, *intrusive: str) -> PlanItem:
    return PlanItem(f"{covered.measurand}[{device}]", covered.measurand, device, (), intrusive=intrusive)


LINKED = _device("L", DeviceKind.LINKAGE, source="Z1", target="CAM-1", effect="recording")
TO_NOBODY = _device("L", DeviceKind.LINKAGE, source="Z1", target="", effect="message")


@pytest.mark.parametrize(
    ("zone", "camera", "more", "together"),
    [
        (_item(HELD, "Z1"), "CAM-1", (), True),
        (_item(HELD, "Z1", "siren"), "CAM-1", (), True),
        (_item(HELD, "Z1", "power_cut"), "CAM-1", (), False),  # nobody knows what hangs on that supply
        (_item(HELD, "Z1"), "CAM-1", (LINKED,), False),
        (_item(HELD, "Z1"), "NVR-1", (LINKED,), False),  # the recording begins there
        (_item(HELD, "Z1"), "CAM-2", (LINKED,), True),
        (_item(HELD, "Z2"), "CAM-1", (LINKED,), True),  # the linkage hangs on the other panel
        (_item(HELD, "PANEL-1"), "CAM-1", (LINKED,), False),  # a test of the panel opens its zones
        (_item(HELD, "Z1"), "CAM-1", (TO_NOBODY,), False),
    ],
)
def test_no_stimulus_reaches_a_camera_that_is_watched(zone, camera, more, together) -> None:
    site = _site(*more)
    one = needs_of(zone, Stations(site), HELD)
    other = needs_of(_item(RATE, camera), Stations(site), RATE)
    assert one.excludes(other) is not together
    lanes = lanes_for([zone, _item(RATE, camera)], site, COVERED, SECONDS)
    assert bool(lanes.beside) is together


def test_stimuli_of_two_panels_are_never_given_at_the_same_time() -> None:
    site = _site()
    assert needs_of(_item(HELD, "Z1", "siren"), Stations(site), HELD).excludes(
        needs_of(_item(HELD, "Z2"), Stations(site), HELD)
    )


def test_what_a_person_sees_of_a_camera_is_done_before_it_is_measured_and_papers_meanwhile() -> None:
    items = [_item(PAPERS, "SITE"), _item(VISUAL, "CAM-1"), _item(RATE, "CAM-1"), _item(HELD, "Z1")]
    lanes = lanes_for(items, _site(), COVERED, SECONDS)
    assert lanes == Lanes(
        first=("privacy_of_view[CAM-1]",),
        bench=("papers_kept[SITE]", "alarm_held_until_reset[Z1]"),
        beside=("live_frame_rate[CAM-1]",),
    )


def test_two_lines_of_the_inventory_at_one_host_are_one_device() -> None:
    site = _site(_device("CAM-3", DeviceKind.CAMERA, host="10.0.0.4"))
    one, other = (
        needs_of(_item(covered, name), Stations(site), covered)
        for covered, name in ((RATE, "CAM-1"), (VISUAL, "CAM-3"))
    )
    assert one.excludes(other)
