# SPDX-License-Identifier: Apache-2.0
"""The wiring check: each relay is tripped alone, and the system shows which circuit that opened.

It finds a zone wired to another relay than the inventory says, a dead relay or wire, and two circuits on one
relay, before a run would take them for a system that does not answer. For a relay that detunes a loop, cuts a
detector's supply or masks it, only the zone whose fault is shown is known, not which of these the relay does.
Relays in circuits of the panel are recognised by the panel's own troubles.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from yanshou.drivers.capabilities import AlarmPanel
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.wiring import parse_terminal
from yanshou.model import Device, DeviceKind, RigFault, Site, UsageError, now
from yanshou.model.signal import DoorSignal, PanelSignal, ZoneSignal
from yanshou.rig.interlock import Interlock
from yanshou.site import linked_to, set_off_by

_PATIENCE_S = 3.0
_SETTLE_S = 0.5  # seconds in which the effects of a relay are shown after the first one
_POLL_S = 0.02
# a panel may report its own troubles late; waiting that long keeps them from being missed
_PANEL_PATIENCE_S = 10.0
_OF_ZONE = {
    "loop": (ZoneSignal.OPEN, ZoneSignal.ALARM),
    "tamper": (ZoneSignal.TAMPER,),
    "fault": (ZoneSignal.FAULT,),
}
_OF_PANEL = {
    "mains": PanelSignal.MAINS,
    "battery": PanelSignal.BATTERY,
    "battery_weak": PanelSignal.BATTERY_LOW,
    "lid": PanelSignal.LID,
    "substitute": PanelSignal.SUBSTITUTION,
}
_OF_LINE = frozenset({"short", "eol_low", "eol_high", "supply", "mask", "range"})
_BATTERY = frozenset({"battery", "battery_weak"})
_POWER = frozenset({"mains", *_BATTERY})
_UNTRIPPED = _POWER | {"reader", "reader_out"}  # tripped on their own; no credential is presented here
_WITHOUT_PANEL = frozenset({"contact", "pass"})

Circuit = tuple[str, str]
"""A device and the role of its circuit, such as ("Z07", "loop")."""


class CircuitFinding(StrEnum):
    """What tripping one relay showed."""

    RIGHT = "right"
    WRONG = "wrong"  # another circuit opened
    SEVERAL = "several"  # its own, and another
    SILENT = "silent"  # nothing was shown
    # nothing can be concluded: its circuit was open already, or the system does not show it
    NOT_REPORTED = "untold"


@dataclass(frozen=True, slots=True)
class Tripped:
    """One relay: its circuit by the inventory, and the circuits that opened."""

    relay: str
    expected: Circuit
    opened: frozenset[Circuit]
    finding: CircuitFinding
    place: str = ""

    def as_answer(self) -> dict[str, object]:
        """Plain data for ``check --json``."""
        return {
            "relay": self.relay,
            "expected": " ".join(self.expected),
            "opened": sorted(" ".join(circuit) for circuit in self.opened),
            "finding": self.finding.value,
        }


@dataclass(frozen=True, slots=True)
class Release:
    """A person's release of one kind of intrusive action."""

    action: str
    person: str


@dataclass(slots=True)
class Released:
    """Everything that was released, in order; the interlock of the police link also writes here."""

    all: list[Release] = field(default_factory=list)

    def event(self, kind: str, **fields: object) -> None:  # noqa: ARG002 - the journal's signature
        """Keep a confirmation."""
        if fields.get("value") is True:
            self.all.append(Release(str(fields["action"]), str(fields["person"])))


def actions_of(site: Site) -> list[str]:
    """What tripping the relays may set off: a wrong wire may lead to any circuit of the bench."""
    zones = site.of_kind(DeviceKind.ZONE)
    wired = {role for device in site.devices.values() for role in device.wiring}
    causes = {
        "hold_up": any(zone.attributes.get("type") == "hold_up" for zone in zones),
        "siren": bool(wired & {"tamper", "lid"})
        or any(zone.attributes.get("type") == "24h" for zone in zones),
        "power_cut": bool(wired & _POWER) and "power_cut" in site.allow,  # otherwise they are not tripped
    }
    reached = {
        action
        for device in site.devices.values()
        for role in device.wiring
        if role not in _UNTRIPPED
        for action in set_off_by(device, role) | linked_to(site, device)
    }
    return sorted({action for action, caused in causes.items() if caused} | reached)


def release(site: Site, interlock: Interlock) -> None:
    """Let a named person release every action first (GB 55029-2022 6.0.4).

    Raises ``UsageError`` when the site file does not allow one, ``RigFault`` when the person refuses.
    """
    actions = actions_of(site)
    if missing := [action for action in actions if action not in site.allow]:
        named = ", ".join(f'"{action}"' for action in missing)
        raise UsageError(
            f"the wiring check may set off {named}: a wrongly wired relay may open any circuit.",
            f"Agree on it with the client and add {named} to [allow] intrusive, or check without --bench.",
            path=site.folder / "site.toml",
        )
    for action in actions:
        interlock.release(action, "the bench")


@dataclass(slots=True)
class WiringCheck:
    """The wiring check on one open bench; every relay is at rest again before the next is tripped."""

    site: Site
    bench: Bench
    report: Callable[[Tripped], object] = lambda _: None
    _panels: dict[str, AlarmPanel] = field(default_factory=dict)

    def run(self) -> list[Tripped]:
        """Trip each relay that is wired to a circuit; raises ``RigFault`` if a partition is set."""
        self._panels = {panel.id: self.bench.panel(panel.id) for panel in self._reached(DeviceKind.PANEL)}
        self._require_unset()
        self._reset()
        found = []
        for relay, circuit, place in circuits(self.site):
            found.append(self._trip(relay, circuit, place))
            self.report(found[-1])
        return found

    def _trip(self, relay: str, circuit: Circuit, place: str) -> Tripped:
        if not self._is_shown(circuit):
            return Tripped(relay, circuit, frozenset(), CircuitFinding.NOT_REPORTED, place)
        before = self._open()
        output = self.bench.output(relay)
        output.operate()
        try:
            opened = self._watched(before, _PANEL_PATIENCE_S if circuit[1] in _OF_PANEL else _PATIENCE_S)
        finally:
            output.release()
        self._restore(before)
        return Tripped(relay, circuit, opened, self._judged(circuit, before, opened), place)

    def _is_shown(self, circuit: Circuit) -> bool:
        """Whether the system shows that this circuit opens, and the client allows opening it."""
        name, role = circuit
        if role in _WITHOUT_PANEL:
            return True
        if role in _POWER and "power_cut" not in self.site.allow:
            return False
        device = self.site.devices[name]
        panel = self._panels.get(device.id if role in _OF_PANEL else device.parent)
        if panel is None:
            return False
        if role in _OF_PANEL:
            return panel.reports(_OF_PANEL[role])
        return any(panel.reports(signal) for shown in _answers(role) for signal in _OF_ZONE.get(shown, ()))

    def _judged(
        self, circuit: Circuit, before: frozenset[Circuit], opened: frozenset[Circuit]
    ) -> CircuitFinding:
        name, role = circuit
        panel = self._panels.get(self.site.devices[name].parent)
        wanted = _answers(role)
        if role == "loop" and panel is not None and panel.reports(ZoneSignal.OPEN):
            wanted = frozenset({"loop"})  # its fault alone is shown for another relay, too
        if before & {(name, one) for one in wanted}:
            return CircuitFinding.NOT_REPORTED
        if not opened:
            return CircuitFinding.SILENT
        if not opened & {(name, one) for one in wanted}:
            return CircuitFinding.WRONG
        return (
            CircuitFinding.RIGHT
            if opened <= {(name, one) for one in _answers(role)}
            else CircuitFinding.SEVERAL
        )

    def _watched(self, before: frozenset[Circuit], patience: float) -> frozenset[Circuit]:
        """All circuits that were shown open while the relay was held."""
        opened: frozenset[Circuit] = frozenset()
        end = now() + patience
        while (left := end - now()) > 0:
            seen = opened | (self._open() - before)
            if seen and not opened:
                end = now() + min(_SETTLE_S, left)
            opened = seen
            time.sleep(_POLL_S)
        return opened

    def _restore(self, before: frozenset[Circuit]) -> None:
        """Wait until everything is shown closed again, resetting latched alarms."""
        end = now() + _PATIENCE_S
        while still := self._open() - before:
            self._reset()
            if now() > end:
                device, role = min(still)
                raise RigFault(
                    f"its {role} stays shown open with all relays at rest and after a reset.",
                    device=device,
                    remedy="Clear it at the panel, or look for a relay whose contact sticks.",
                )
            time.sleep(_POLL_S)

    def _reset(self) -> None:
        for panel in self._panels.values():
            with contextlib.suppress(UsageError):  # a panel that cannot be reset from here clears by itself
                panel.reset()
        for controller in self._reached(DeviceKind.DOOR_CONTROLLER):
            self.bench.door_controller(controller.id).reset()

    def _open(self) -> frozenset[Circuit]:
        return frozenset([*self._open_zones(), *self._open_doors(), *self._gates()])

    def _open_zones(self) -> Iterator[Circuit]:
        for name, panel in self._panels.items():
            zones = {
                zone.number: zone.id for zone in self.site.of_kind(DeviceKind.ZONE) if zone.parent == name
            }
            for role, signals in _OF_ZONE.items():
                for signal in signals:
                    for number in panel.shown(signal) if panel.reports(signal) else ():
                        yield zones.get(number, f"{name} #{number}"), role
            for role, trouble in _OF_PANEL.items():
                if panel.reports(trouble) and panel.shown(trouble):
                    yield name, role

    def _open_doors(self) -> Iterator[Circuit]:
        for door in self.site.of_kind(DeviceKind.DOOR):
            if "contact" in door.wiring and door.number is not None:
                controller = self.bench.door_controller(door.parent)
                if controller.shows(door.number, DoorSignal.FORCED):
                    yield door.id, "contact"

    def _gates(self) -> Iterator[Circuit]:
        for gate in self.site.of_kind(DeviceKind.GATE):
            if {"pass", "alarm"} <= gate.wiring.keys() and self.bench.input(gate.wiring["alarm"]).is_active():
                yield gate.id, "pass"

    def _reached(self, kind: DeviceKind) -> list[Device]:
        return [device for device in self.site.of_kind(kind) if device.profile]

    def _require_unset(self) -> None:
        for name, panel in self._panels.items():
            zones = [zone for zone in self.site.of_kind(DeviceKind.ZONE) if zone.parent == name]
            for partition in sorted({int(str(zone.attributes.get("partition", 1))) for zone in zones}):
                if panel.is_armed(partition):
                    raise RigFault(
                        f"partition {partition} is set; the wiring check unsets nothing.",
                        device=name,
                        remedy="Unset it at its keypad and check again.",
                        final=True,
                    )


def circuits(site: Site) -> Iterator[tuple[str, Circuit, str]]:
    """Each relay of the inventory with the circuit it sits in and the line that says so."""
    for device in site.devices.values():
        for role, text in device.wiring.items():
            terminal = parse_terminal(text)
            board = site.devices.get(terminal.device) if terminal else None
            if terminal and not terminal.is_input and board and board.kind is DeviceKind.RELAY_BOARD:
                yield str(terminal), (device.id, role), device.place


def whereabouts(checked: Iterable[Tripped], circuit: Circuit) -> list[str]:
    """The relays that really opened ``circuit``."""
    name, role = circuit
    shown = {(name, one) for one in _answers(role)}
    return [one.relay for one in checked if one.opened & shown and one.finding is not CircuitFinding.RIGHT]


def _answers(role: str) -> frozenset[str]:
    """The indications the device may show when the relay in its circuit ``role`` is tripped."""
    if role in _OF_LINE:
        return frozenset(_OF_ZONE)
    if role in _BATTERY:
        return _BATTERY
    return frozenset({"loop", "fault"}) if role == "loop" else frozenset({role})
