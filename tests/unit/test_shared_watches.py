# SPDX-License-Identifier: Apache-2.0
"""Which watches and which stimuli the items of each example share.

The plan is the same with and without ``--serial``: each item keeps the repetitions that its clause asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from yanshou.fixtures.declared import covered_measurands
from yanshou.fixtures.prepare import plan_of
from yanshou.instruments.registry import load_instruments
from yanshou.model import Plan, Site
from yanshou.planning import overlays_of
from yanshou.planning.covered import Alarms, CoveredMeasurand, Together
from yanshou.planning.duration import own_repetitions
from yanshou.site import load_site
from yanshou.standards import load

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/site.toml"))

_HELD = ("alarm_held_until_reset", "no_self_reset")
_PATH = (
    *("delay_jitter", "packet_error_ratio", "packet_loss_ratio"),
    *("stream_age", "stream_as_declared", "stream_bandwidth"),
)
_DRIFTS = {
    "access_clock_drift_week": 3,
    "central_clock_drift": 2,
    "controller_clock_drift": 1,
    "mother_clock_drift": 1,
    "second_mother_clock_drift": 1,
    "cie_clock_drift": 1,
    "slave_clock_drift": 1,
}
WATCHED: Mapping[str, Mapping[str, int]] = {
    "access-lab": {"payment_card_gives_no_access": 2, "unauthorised_credential_refused": 2},
    "alarm-lab": {"responses_when_unset": 5, "alarm_held_until_reset": 7, "no_self_reset": 8},
    "archive": {"clock_offset": 6, **_DRIFTS},
    "bank-branch": {
        "clock_offset": 4,
        "forced_door_alarm": 2,
        "live_frame_rate": 3,
        "responses_when_unset": 12,
        "unauthorised_credential_refused": 2,
        **dict.fromkeys(_HELD, 14),
    },
    "gb28181-centre": {"live_frame_rate": 5, "stream_as_declared": 5},
    "museum": {
        "clock_offset": 4,
        "forced_door_alarm": 2,
        "live_frame_rate": 3,
        "responses_when_unset": 7,
        "unauthorised_credential_refused": 2,
        **dict.fromkeys(_HELD, 9),
    },
    "onvif-access": {"forced_door_alarm": 2, "unauthorised_credential_refused": 2},
    "railway-station": {
        "clock_offset": 51,
        "forced_door_alarm": 10,
        "live_frame_rate": 46,
        "responses_when_unset": 23,
        "unauthorised_credential_refused": 10,
        **dict.fromkeys(_HELD, 39),
    },
    "residential": {
        "clock_offset": 4,
        "forced_door_alarm": 3,
        "live_frame_rate": 3,
        "unauthorised_credential_refused": 3,
        **dict.fromkeys(_HELD, 3),
    },
    "video-lab": {"live_frame_rate": 5},
    "video-network": {
        "live_frame_rate": 3,
        "rtp_timestamp_step": 2,
        **dict.fromkeys(_PATH, 3),
    },
}
"""The watches that are made for several devices at the same time, with the number of devices."""

STIMULI: Mapping[str, tuple[int, int]] = {
    "alarm-centre": (6, 6),
    "alarm-lab": (119, 80),
    "alarm-wires": (132, 120),
    "bank-branch": (196, 140),
    "museum": (126, 90),
    "railway-station": (546, 390),
    "residential": (51, 33),
}
"""Alarms of zones that items make: each for itself, and shared."""


@cache
def measured() -> Mapping[str, CoveredMeasurand]:
    return covered_measurands()


catalogue_of = cache(load)


@cache
def planned(name: str) -> tuple[Site, Plan]:
    site, register = load_site(EXAMPLES / name), load_instruments(EXAMPLES / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yanshou.fixtures.prepare.covered_measurands", lambda _: measured())
        return site, plan_of(site, catalogue_of(tuple(overlays_of(site))), register)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_watched_together(name: str) -> None:
    _, plan = planned(name)
    found: dict[str, int] = {}
    for item in plan.items:
        if measured()[item.measurand].together is not Together.NO:
            found[item.measurand] = found.get(item.measurand, 0) + 1
    assert found == WATCHED.get(name, {})


@pytest.mark.parametrize("name", NAMES)
def test_how_many_alarms_are_shared(name: str) -> None:
    site, plan = planned(name)
    own = own_repetitions(site, plan.items, measured())
    ours = {Alarms.GIVEN, Alarms.SHARED}
    items = [item for item in plan.items if measured()[item.measurand].alarms in ours]
    found = sum(item.repetitions for item in items), sum(own[item.id] for item in items)
    assert found == STIMULI.get(name, (0, 0))


@pytest.mark.parametrize("name", sorted(STIMULI))
def test_a_zone_has_at_least_as_many_alarms_as_the_item_that_asks_for_most(name: str) -> None:
    site, plan = planned(name)
    own = own_repetitions(site, plan.items, measured())
    for zone in {item.device for item in plan.items}:
        items = [item for item in plan.items if item.device == zone]
        shared = [one for one in items if measured()[one.measurand].alarms is not Alarms.OWN]
        asked = [one.repetitions for one in shared if measured()[one.measurand].alarms is Alarms.SHARED]
        assert sum(own[one.id] for one in shared) >= max(asked, default=0), zone
