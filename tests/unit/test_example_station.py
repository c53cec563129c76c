# SPDX-License-Identifier: Apache-2.0
"""The example of a large site: it is in order, and its plan samples each model by the size of its lot."""

from __future__ import annotations

from datetime import date
from functools import cache

from tests.support.places import EXAMPLES
from yanshou.fixtures.declared import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import DeviceKind, Plan
from yanshou.planning import make_plan, ready_mistakes
from yanshou.site import load_site, pairs_of
from yanshou.standards import load

STATION = EXAMPLES / "railway-station"
SITE = load_site(STATION)
# GB/T 2828.1-2012 level I, and at least five: the size of the sample by that of the lot
DRAWN = {150: 8, 112: 8, 46: 5, 36: 5, 24: 5, 16: 5, 10: 5, 6: 5}


@cache
def planned() -> Plan:
    registry = load_instruments(STATION)
    return make_plan(SITE, load(), registry, covered=covered_measurands(), on=date(2026, 11, 29))


def test_a_run_could_begin_as_far_as_its_files_tell() -> None:
    assert ready_mistakes(SITE) == []


def test_each_model_of_camera_is_sampled_by_the_size_of_its_lot() -> None:
    cameras = [one for one in planned().sampling if one.population.startswith("camera/")]
    assert {one.N: one.n for one in cameras} == DRAWN
    assert sum(one.N for one in cameras) == 400


def test_all_hold_up_devices_and_the_view_of_each_camera_are_tested() -> None:
    seen = {item.device for item in planned().items if item.measurand == "privacy_of_view"}
    hold_up = {one.id for one in SITE.devices.values() if one.attributes.get("type") == "hold_up"}
    assert hold_up
    assert hold_up <= {item.device for item in planned().items}
    assert seen == {one.id for one in SITE.devices.values() if one.kind is DeviceKind.CAMERA}


def test_each_pair_of_the_linkage_matrix_is_planned() -> None:
    pairs = {pair.device.id for pair in pairs_of(SITE)}
    assert len(pairs) >= 12
    assert pairs <= {item.device for item in planned().items}
