# SPDX-License-Identifier: Apache-2.0
"""What a stimulus sets off is released by the device it reaches, whichever test gives it."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import yanshou.drivers
from yanshou.drivers.field.credential import ProfileCredential
from yanshou.drivers.field.keypad import ProfileKeypad
from yanshou.drivers.field.relay import ContactDelays, RelayOutput
from yanshou.fixtures.declared import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import Device, DeviceKind, Plan, RigFault, Site, System
from yanshou.model.signal import Card
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

    name, witness, language = "张工", "", "zh"

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.asked: list[str] = []

    def ask(self, question: Any) -> Answer:
        self.asked.append(question.key)
        return Answer(question.key, self.agrees, "张工", "")


class NotedJournal:
    """Keeps the confirmations."""

    def __init__(self) -> None:
        self.confirmed: list[tuple[object, object]] = []

    def event(self, _kind: str, **fields: object) -> None:
        self.confirmed.append((fields["action"], fields["value"]))


def interlock(site: Site, *allowed: str, agrees: bool = True) -> tuple[Interlock, Person, NotedJournal]:
    person, item_journal = Person(agrees=agrees), NotedJournal()
    operator: Any = person
    return Interlock(replace(site, allow=frozenset(allowed)), operator, item_journal), person, item_journal


def hold_up(site: Site) -> tuple[str, str]:
    """A hold-up zone of the site and the relay in its loop."""
    zone = next(one for one in site.of_kind(DeviceKind.ZONE) if one.attributes.get("type") == "hold_up")
    return zone.id, zone.wiring["loop"]


def test_a_hold_up_zone_needs_the_release_of_hold_up_whoever_opens_it(site: Site) -> None:
    _, relay = hold_up(site)
    gate, person, item_journal = interlock(site, "siren", "hold_up")
    gate.require_contact(relay)
    gate.require_contact(relay)
    assert person.asked == ["release.hold_up"]
    assert item_journal.confirmed == [("hold_up", True)]


def test_what_the_site_does_not_allow_is_not_even_asked(site: Site) -> None:
    _, relay = hold_up(site)
    gate, person, _ = interlock(site, "siren", "lock_release")
    with pytest.raises(RigFault, match="hold_up") as caught:
        gate.require_contact(relay)
    assert caught.value.final
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


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        *((role, {"lock_release"}) for role in ("reader", "reader_out", "exit", "command", "approve")),
        *((role, {"lock_release"}) for role in ("unlock", "hold_open", "block")),
        ("duress", {"lock_release", "hold_up"}),
        ("mains", {"lock_release", "power_cut"}),
        ("contact", set()),
    ],
)
def test_what_the_circuits_and_commands_of_a_door_set_off(role: str, actions: set[str]) -> None:
    door = Device("D01", DeviceKind.DOOR, System.ACCESS_CONTROL, "door")
    assert set_off_by(door, role) == actions


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
    gate, _, item_journal = interlock(linked, *actions)
    gate.require_contact(linked.devices["Z07"].wiring["loop"])
    assert {action for action, _ in item_journal.confirmed} == actions


class Silent:
    """A link, its profile and its acquisition in one, over which nothing may go."""

    def __init__(self, device: Any) -> None:
        self.device, self.profile, self.acquisition = device, self, self
        self.transport = SimpleNamespace(timeout_s=1.0)

    def has(self, _role: str) -> bool:
        return True

    can = has

    def command(self, name: str) -> Any:
        return SimpleNamespace(name=name, send="card {credential}", expect="", step_s=0.1, value=1, off=0)

    def write(self, *_: object, **__: object) -> None:
        pytest.fail("something was sent that nobody released")

    send_line = present = write


def test_a_credential_is_presented_after_the_release_of_the_lock_whatever_it_may_open(site: Site) -> None:
    """A controller may open for a card without rights: that is what is tested."""
    door = next(one for one in site.of_kind(DeviceKind.DOOR) if "reader" in one.wiring)
    injector, _, output = door.wiring["reader"].partition("/")
    gate, person, _ = interlock(site, "lock_release", agrees=False)
    link: Any = Silent(replace(site.devices[injector], attributes={"authorised": "1", "unauthorised": "2"}))
    credential = ProfileCredential(link, int(output), gate.require_contact, lambda: None)
    for card in (Card.AUTHORISED, Card.UNAUTHORISED):
        with pytest.raises(RigFault, match="lock_release was not released"):
            credential.present(card)
    assert person.asked == ["release.lock_release"]


def test_a_duress_credential_calls_for_help_and_is_released_as_a_hold_up(site: Site) -> None:
    door = next(one for one in site.of_kind(DeviceKind.DOOR) if "reader" in one.wiring)
    gate, person, _ = interlock(site, "lock_release")
    link: Any = Silent(replace(site.devices["CARD-1"], attributes={"duress": "9"}))
    credential = ProfileCredential(
        link, 1, gate.require_contact, lambda: gate.require_circuit(door, Card.DURESS)
    )
    with pytest.raises(RigFault, match="does not allow hold_up"):
        credential.present(Card.DURESS)
    assert "release.hold_up" not in person.asked


def test_a_duress_code_calls_for_help_and_is_released_as_a_hold_up(site: Site) -> None:
    gate, person, _ = interlock(site, "hold_up", agrees=False)
    link: Any = Silent(next(site.of_kind(DeviceKind.PANEL).__iter__()))
    with pytest.raises(RigFault, match="hold_up was not released"):
        ProfileKeypad(link, gate.require_circuit).ask_for("duress")
    assert person.asked == ["release.hold_up"]


def test_a_relay_is_energised_or_pulsed_after_the_release_of_what_it_opens(site: Site) -> None:
    _, relay = hold_up(site)
    board, _, channel = relay.partition("/")
    gate, _, _ = interlock(site, "hold_up", agrees=False)
    link: Any = Silent(site.devices[board])
    delays = ContactDelays.of(site.devices[board], emulated=True)
    output = RelayOutput(link, int(channel), delays, {}, gate.require_contact)
    with pytest.raises(RigFault, match="hold_up was not released"):
        output.operate()
    with pytest.raises(RigFault, match="hold_up was not released"):
        output.pulse(0.1)


WRITES = {
    "bench.py": {"_energised", "_rest_board"},  # asked for in operate_together; back at rest
    "credential.py": {"send"},
    "panel.py": {"_command", "try_arm"},  # set, unset, reset: the manual commands of every test
    "points.py": {"fields", "present", "write"},  # fields: the choice of a record to read
    "relay.py": {"operate", "release", "pulse", "clear_latch"},
    "spoken.py": {"present", "write"},
    "osdp.py": {"send"},
    "wiegand.py": {"send"},
    "keypad.py": {"log_in", "log_out", "ask_for", "take_back"},
    "door.py": {"reset", "command", "take_back"},
}
"""Every function of the drivers that commands a device; those that stimulate ask the gate first."""


def test_no_driver_commands_a_device_elsewhere() -> None:
    folder = Path(next(iter(yanshou.drivers.__path__)))
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(_commands(one) for one in ast.walk(function)):
                found.setdefault(path.name, set()).add(function.name)
    assert found == WRITES


def _commands(node: ast.AST) -> bool:
    """Whether it writes to a link, a bus or a line, or says a command in a conversation."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    over = ast.unparse(node.func.value).rpartition(".")[2]
    return node.func.attr in {"send_line", "say", "present"} or (
        node.func.attr == "write" and over in {"_link", "link", "acquisition", "_acquisition", "self"}
    )


def test_a_release_by_nobody_is_none_on_a_real_rig(site: Site) -> None:
    person: Any = Person()
    person.ask = lambda question: Answer(question.key, True, "  ", "")
    real, item_journal = replace(site, allow=frozenset({"hold_up"}), emulated=False), NotedJournal()
    with pytest.raises(RigFault, match="was not released"):
        Interlock(real, person, item_journal).release("hold_up", "Z03")
    assert item_journal.confirmed == [("hold_up", False)]
