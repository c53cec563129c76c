# SPDX-License-Identifier: Apache-2.0
"""What a stimulus sets off is released by the device it reaches, whichever test gives it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from yanshou.fixtures.coverage import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import DeviceKind, Plan, RigFault, Site
from yanshou.operator import Answer
from yanshou.planning import make_plan
from yanshou.rig.interlock import Interlock
from yanshou.site import linked_to, load_site, set_off_by
from yanshou.standards import load

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(BRANCH)


class Person:
    """Answers each question alike and remembers what was asked."""

    name, witness = "张工", ""

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.asked: list[str] = []

    def ask(self, question: Any) -> Answer:
        self.asked.append(question.key)
        return Answer(question.key, self.agrees, "张工", "")


class Trail:
    """Keeps the confirmations."""

    def __init__(self) -> None:
        self.confirmed: list[tuple[object, object]] = []

    def event(self, _kind: str, **fields: object) -> None:
        self.confirmed.append((fields["action"], fields["value"]))


def interlock(site: Site, *allowed: str, agrees: bool = True) -> tuple[Interlock, Person, Trail]:
    person, trail = Person(agrees=agrees), Trail()
    operator: Any = person
    return Interlock(replace(site, allow=frozenset(allowed)), operator, trail), person, trail


def hold_up(site: Site) -> tuple[str, str]:
    """A hold-up zone of the site and the relay in its loop."""
    zone = next(one for one in site.of_kind(DeviceKind.ZONE) if one.attributes.get("type") == "hold_up")
    return zone.id, zone.wiring["loop"]


def test_a_hold_up_zone_needs_the_release_of_hold_up_whoever_opens_it(site: Site) -> None:
    _, relay = hold_up(site)
    gate, person, trail = interlock(site, "siren", "hold_up")
    gate.require_contact(relay)
    gate.require_contact(relay)
    assert person.asked == ["release.hold_up"]
    assert trail.confirmed == [("hold_up", True)]


def test_what_the_site_does_not_allow_is_not_even_asked(site: Site) -> None:
    _, relay = hold_up(site)
    gate, person, _ = interlock(site, "siren", "lock_release")
    with pytest.raises(RigFault, match="hold_up") as told:
        gate.require_contact(relay)
    assert told.value.final
    assert person.asked == []


def test_what_a_person_refuses_stays_refused(site: Site) -> None:
    _, relay = hold_up(site)
    gate, person, _ = interlock(site, "hold_up", agrees=False)
    for _attempt in range(2):
        with pytest.raises(RigFault, match="not released"):
            gate.require_contact(relay)
    assert person.asked == ["release.hold_up"]


def test_an_ordinary_zone_needs_none(site: Site) -> None:
    zone = next(one for one in site.of_kind(DeviceKind.ZONE) if one.attributes.get("type") == "normal")
    gate, person, _ = interlock(site)
    gate.require_contact(zone.wiring["loop"])
    assert person.asked == []


@pytest.mark.parametrize(
    ("role", "actions"), [("mains", {"power_cut"}), ("battery", {"power_cut"}), ("lid", set())]
)
def test_a_panel_without_mains_is_without_mains(site: Site, role: str, actions: set[str]) -> None:
    assert set_off_by(site.devices["PANEL-1"], role) == actions


def plan(site: Site, *allowed: str) -> Plan:
    asked = replace(site, allow=frozenset(allowed))
    return make_plan(asked, load(), load_instruments(BRANCH), covered=covered_measurands())


def test_the_plan_stimulates_no_hold_up_zone_where_only_the_siren_is_allowed(site: Site) -> None:
    zone, _ = hold_up(site)
    without = plan(site, "siren", "lock_release")
    assert not [
        item.id for item in without.items if item.device == zone and item.measurand != "hold_up_devices"
    ]
    assert any(one.device == zone and "hold_up" in one.reason for one in without.untestable)
    with_it = plan(site, "siren", "hold_up", "lock_release")
    stimulated = [item for item in with_it.items if item.device == zone]
    assert stimulated
    assert all("hold_up" in item.intrusive for item in stimulated)


@pytest.mark.parametrize(
    ("attributes", "actions"),
    [
        ({"target": "D02"}, {"lock_release"}),
        ({"target": "POLICE-1"}, {"dispatch"}),
        ({"target": "PANEL-1"}, {"siren"}),
        ({"target": "D02", "effect": "fire_release"}, {"lock_release", "fire_interface"}),
        ({"target": "CAM-2", "effect": "recording"}, set()),
    ],
)
def test_a_linked_zone_needs_what_its_linkage_sets_off(
    site: Site, attributes: dict[str, str], actions: set[str]
) -> None:
    linkage = replace(site.devices["LINK-1"], attributes={"source": "Z07", **attributes})
    linked = replace(site, devices={**site.devices, "LINK-1": linkage})
    assert linked_to(linked, linked.devices["Z07"]) == linked_to(linked, linkage) == actions
    gate, _, trail = interlock(linked, *actions)
    gate.require_contact(linked.devices["Z07"].wiring["loop"])
    assert {action for action, _ in trail.confirmed} == actions
