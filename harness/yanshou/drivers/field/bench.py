# SPDX-License-Identifier: Apache-2.0
"""The bench of a site: hands out the drivers of its devices, and restores all original circuits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from types import MappingProxyType

from yanshou.acquisition import Acquisition
from yanshou.acquisition.osdp import OsdpReaderLine
from yanshou.drivers.capabilities import (
    AlarmPanel,
    CircuitStimulus,
    ContactInput,
    CredentialStimulus,
    DeviceClock,
    DoorController,
    EventLog,
    InspectionGate,
    Keypad,
    ZoneStimulus,
)
from yanshou.drivers.clock.field import IsapiClock, ProfileClock
from yanshou.drivers.field.buses import buses_of
from yanshou.drivers.field.contacts import ContactLink
from yanshou.drivers.field.credential import ProfileCredential
from yanshou.drivers.field.door import ProfileDoorController
from yanshou.drivers.field.gate import ContactGate
from yanshou.drivers.field.keypad import ProfileKeypad
from yanshou.drivers.field.log import ProfileLog
from yanshou.drivers.field.osdp import OsdpCredential, OsdpReaderTap, keys_of
from yanshou.drivers.field.panel import ProfilePanel
from yanshou.drivers.field.permission import UNGUARDED, StimulusPermission
from yanshou.drivers.field.points import ModbusLink, PanelLink, PointWatch
from yanshou.drivers.field.relay import ContactDelays, NotAtRest, RelayInput, RelayOutput, RelayRest, rests_of
from yanshou.drivers.field.spoken import SpokenLink, delay_of, tuned
from yanshou.drivers.field.wiegand import PulsedCredential
from yanshou.drivers.field.wiring import Terminal, check_wiring, parse_terminal, profiles_of
from yanshou.drivers.field.zone import RelayCircuits, RelayZone
from yanshou.drivers.profile import Profile
from yanshou.model import Device, DeviceKind, Instant, RigFault, Site, UsageError
from yanshou.model.signal import Card
from yanshou.model.site import mistake_of
from yanshou.protocols.card import card_number
from yanshou.protocols.speech import Secrets
from yanshou.site import device_code, device_key, device_secret
from yanshou.vocabulary.wiring import CIRCUITS
from yanshou.wires.osdp import OSDP

_SPOKEN_WITH = frozenset({"alarm_panel", "door_controller"})  # an injector only answers commands


class Bench:
    """All field devices of one site through one acquisition process.

    Takes every bus of the site; raises ``UsageError`` for wrong profiles or wiring, or a busy bus. Drivers
    are created on first use and kept, because their watches must run before a stimulus is given. ``bounds``
    are the calibrated bounds of contacts by terminal and edge (``RELAY-2/6:operate``), in seconds. ``gate``
    is called before a relay leaves its rest state, a credential is presented or a keypad function is given,
    and raises if that is not allowed.
    """

    def __init__(
        self,
        site: Site,
        acquisition: Acquisition,
        bounds: Mapping[str, float] = MappingProxyType({}),
        gate: StimulusPermission = UNGUARDED,
    ) -> None:
        self.site = site
        self._gate = gate
        self._bounds = bounds
        self.profiles: Mapping[str, Profile]
        self.profiles, mistakes = profiles_of(site)
        if mistakes := [*mistakes, *check_wiring(site, self.profiles)]:
            raise UsageError(mistakes)
        self._acquisition = acquisition
        self._buses = buses_of(site, self.profiles)
        self._panels: dict[str, ProfilePanel] = {}
        self._spoken_links: dict[str, SpokenLink] = {}
        self._isapi_clocks: dict[str, IsapiClock] = {}
        self._controllers: dict[str, DoorController] = {}
        self._osdp: dict[str, OsdpReaderLine] = {}
        self._inputs: dict[str, RelayInput] = {}
        self._input_watches: dict[tuple[str, str], PointWatch] = {}
        for bus, _ in self._buses.values():
            acquisition.claim(bus)

    def panel(self, device_id: str) -> AlarmPanel:
        """Return the alarm panel ``device_id``; its zones are watched from now on."""
        return self._panel(device_id)

    def link(self, device_id: str) -> PanelLink:
        """A device by its profile, for reading."""
        return self._panel_link(device_id)

    def clock(self, device_id: str) -> DeviceClock | None:
        """The clock of a panel or door controller; None if no wire reports it."""
        device = self._device(device_id)
        if device.connection is not None and device.connection.protocol == "isapi":
            if device_id not in self._isapi_clocks:
                password = device_secret(self.site, device.connection)
                self._isapi_clocks[device_id] = IsapiClock(device, password, self.site.time_zone)
            return self._isapi_clocks[device_id]
        if _is_onvif_controller(device):
            controller = self.door_controller(device_id)
            return controller if isinstance(controller, DeviceClock) else None
        profile = self.profiles.get(device.profile)
        if profile is None or not profile.has("clock") or device_id not in self._buses:
            return None
        return ProfileClock(self._panel_link(device_id), self.site.time_zone)

    def zone(self, device_id: str) -> ZoneStimulus:
        """Return the relays in the circuits of zone ``device_id``."""
        return RelayZone(self._device(device_id), self._relays_of(device_id))

    def circuits(self, device_id: str) -> CircuitStimulus:
        """Return the relays in the circuits of panel ``device_id``, such as its lid and its mains."""
        return RelayCircuits(self._device(device_id), self._relays_of(device_id))

    def _relays_of(self, device_id: str) -> dict[str, RelayOutput]:
        wired = self._device(device_id).wiring.items()
        return {role: self.output(text) for role, text in wired if role in CIRCUITS}

    def operate_together(self, texts: Sequence[str]) -> list[Instant]:
        """Energise relays with one request for each run of adjacent channels of a board.

        Returns their instants.
        """
        ends = [self._terminal(text) for text in texts]
        for end in ends:
            self._gate.require_contact(str(end))
        runs = [(run, self._link(run[0].device)) for run in _runs(ends)]
        written = [self._energised(link, run) for run, link in runs]  # no other code between the writes
        moved: dict[Terminal, Instant] = {}
        for (run, _), instant in zip(runs, written, strict=True):
            moved |= {end: self.output(str(end)).moved(instant, "operate") for end in run}
        return [moved[end] for end in ends]

    def _energised(self, link: ModbusLink, run: Sequence[Terminal]) -> Instant:
        command = link.profile.command("relay")
        place, values = command.place(run[0].channel + 1), [command.value] * len(run)
        return self._acquisition.write(link.bus, link.unit, command.area, place, values)

    def log(self, device_id: str) -> EventLog | None:
        """Return the event log of a panel or door controller; None when no wire reads one."""
        device = self._device(device_id)
        if _is_onvif_controller(device):
            from yanshou.drivers.onvif.doors import OnvifDoorController  # noqa: PLC0415 - its library is heavy

            controller = self.door_controller(device_id)
            return controller.log() if isinstance(controller, OnvifDoorController) else None
        link = self._panel_link(device_id)
        if not link.profile.reads_log:
            return None
        written = device.kind is DeviceKind.DOOR_CONTROLLER and link.profile.point("event_record").question
        return ProfileLog(link, self.site.time_zone, self._card_numbers() if written else ())

    def _card_numbers(self) -> set[int]:
        """The numbers of the cards that its sources present; codes are none."""
        sources = [one for one in self.site.devices.values() if one.kind is DeviceKind.READER]
        texts = [str(one.attributes[card]) for one in sources for card in Card if card in one.attributes]
        return {card_number(one) for one in texts if not one.startswith("pin:")} - {0}

    def keypad(self, device_id: str) -> Keypad | None:
        """The users of a panel; None if its profile has no commands for acting as one."""
        link = self._panel_link(device_id)
        return ProfileKeypad(link, self._gate.require_circuit) if link.profile.can("log_in") else None

    def close(self) -> None:
        """Close the connections that are not the acquisition's: those of door controllers over ONVIF."""
        for controller in self._controllers.values():
            if _is_onvif_controller(controller.device):
                controller.close()  # type: ignore[attr-defined]  # an OnvifDoorController, imported late

    def door_controller(self, device_id: str) -> DoorController:
        """Return the access controller ``device_id``; its doors are watched from now on."""
        if device_id not in self._controllers:
            doors = [door.number for door in self._children(device_id, DeviceKind.DOOR) if door.number]
            permit = self._gate.require_circuit
            self._controllers[device_id] = (
                self._onvif_doors(device_id, doors)
                if _is_onvif_controller(self._device(device_id))
                else ProfileDoorController(self._panel_link(device_id), doors, permit)
            )
        return self._controllers[device_id]

    def _onvif_doors(self, device_id: str, doors: list[int]) -> DoorController:
        from yanshou.drivers.onvif.doors import OnvifDoorController  # noqa: PLC0415 - its library is heavy

        device, permit, ask = (
            self._device(device_id),
            self._gate.require_circuit,
            self._acquisition.require_permission,
        )
        assert device.connection is not None
        password = device_secret(self.site, device.connection)
        return OnvifDoorController(device, password, doors, permit, ask)

    def credential(self, door_id: str, role: str = "reader") -> CredentialStimulus:
        """Return the injector output behind a reader of door ``door_id``."""
        terminal = self._terminal(self._wire(door_id, role))
        link, door = self._panel_link(terminal.device), self._device(door_id)
        number, permit = terminal.channel, self._gate.require_contact

        def duress() -> None:
            self._gate.require_circuit(door, Card.DURESS.value)

        if link.profile.protocol == OSDP:
            line = self._link(terminal.device)
            return OsdpCredential(line, number, permit, duress, lambda: self._osdp_readers(line))
        if "{bits}" in link.profile.command("present_card").send:
            return PulsedCredential(self._link(terminal.device), number, permit, duress)
        return ProfileCredential(link, number, permit, duress)

    def _osdp_readers(self, link: ModbusLink) -> OsdpReaderLine:
        """The bench as all readers of an OSDP line that the inventory names; joined with the first card."""
        name = link.device.id
        if name not in self._osdp:
            ends = [
                parse_terminal(text) for one in self.site.devices.values() for text in one.wiring.values()
            ]
            addresses = [end.channel for end in ends if end is not None and end.device == name]
            assert link.device.connection is not None
            keys = keys_of(link.device, device_key(self.site, link.device.connection), addresses)
            self._osdp[name] = self._acquisition.join_osdp(link.bus, keys)
        return self._osdp[name]

    def reader_line(self, device_id: str) -> ContactInput:
        """The line of a door's reader, active while a credential runs on it, whichever it is.

        Its data lines D0 and D1 are wired to an input, or its OSDP line to a listener.
        """
        text = self._wire(device_id, "reader_line")
        terminal = self._terminal(text)
        if terminal.is_input:
            return self.input(text)
        link = self._link(terminal.device)
        delay = delay_of(link.bus, emulated=self.site.emulated)
        return OsdpReaderTap(link.device, terminal.channel, self._acquisition.listen_osdp(link.bus, delay))

    def output(self, text: str) -> RelayOutput:
        """Return the relay ``text``, such as ``RELAY-2/3``."""
        terminal = self._terminal(text)
        if terminal.is_input:
            raise UsageError(f"{text} is an input, not a relay.", "Write it like RELAY-1/3.")
        link, delays = self._link(terminal.device), self._delays(terminal.device)
        return RelayOutput(link, terminal.channel, delays, self._bounds, self._gate.require_contact)

    def input(self, text: str) -> RelayInput:
        """Return the input ``text``, such as ``RELAY-1/di0``; the board's inputs are watched from now on."""
        terminal = self._terminal(text)
        if not terminal.is_input:
            raise UsageError(f"{text} is a relay, not an input.", "Write it like RELAY-1/di0.")
        if text not in self._inputs:
            link = self._link(terminal.device)
            latched = link.profile.has("input_rose") and link.profile.can("clear_latch")
            self._inputs[text] = RelayInput(
                link,
                terminal.channel,
                self._watch_inputs(link, "input"),
                self._delays(terminal.device),
                self._bounds,
                self._watch_inputs(link, "input_rose") if latched else None,
            )
        self._inputs[text].clear_latch()
        return self._inputs[text]

    def _watch_inputs(self, link: ModbusLink, role: str) -> PointWatch:
        """The one watch of all inputs of a board."""
        key = link.device.id, role
        if key not in self._input_watches:
            self._input_watches[key] = link.watch(role, range(1, link.profile.point(role).count + 1))
        return self._input_watches[key]

    def gate(self, device_id: str) -> InspectionGate:
        """Return the walk-through gate ``device_id`` by its contacts."""
        passing, alarm = self._wire(device_id, "pass"), self._wire(device_id, "alarm")
        return ContactGate(self.output(passing), self.input(alarm))

    def ask(self, device_id: str) -> str:
        """Read one point of a device and move nothing; returns what and where it is.

        A line device without readable points is sent nothing; only its port must exist.
        """
        link = self._panel_link(device_id)
        bus, _unit = self._buses[device_id]
        known = f"{link.profile.vendor} {link.profile.model}  {bus.address}"
        if link.profile.points:
            point = link.profile.points[0]
            if point.question is None:
                link.values(point.role, [1])
            else:
                link.fields(point.role)
        elif bus.path.startswith("/") and not Path(bus.path).exists():
            raise link.fault("there is no such port.", "Check the adapter and the path in the site file.")
        return known

    def relays(self) -> list[RelayRest]:
        """List every relay channel of the bench's boards with its rest state, for the watchdog."""
        boards = [board for board in self.site.of_kind(DeviceKind.RELAY_BOARD) if board.id in self._buses]
        return [rest for board in boards for rest in rests_of(self._link(board.id))]

    def away_from_rest(self) -> list[str]:
        """The relays that are not at rest now, by name, on boards whose relays can be read."""
        found: list[str] = []
        for board in self.site.of_kind(DeviceKind.RELAY_BOARD):
            link = self._link(board.id) if board.id in self._buses else None
            if link is None or not link.profile.has("relay"):
                continue
            # a board that does not answer is reported when it is put to rest
            with contextlib.suppress(RigFault):
                shown = link.values("relay")
                found += [f"{board.id}/{number - 1}" for number, value in sorted(shown.items()) if value]
        return found

    def rest(self) -> None:
        """Restore the original circuit of every relay; raises ``RigFault`` after having tried all."""
        faults: list[RigFault] = []
        for _, group in groupby(self.relays(), key=lambda rest: rest.device):
            try:
                with self._acquisition.resting():
                    self._rest_board(list(group))
            except RigFault as fault:
                faults.append(fault)
        if faults:
            raise NotAtRest(
                "; ".join(f"{fault.device} {fault.what}" for fault in faults),
                device=", ".join(fault.device for fault in faults),
                remedy="Cut the supply of the relay boards: de-energised relays restore every circuit.",
            )

    def _rest_board(self, rests: list[RelayRest]) -> None:
        """One write for the whole board; boards without that function get one write per relay."""
        first, touching = (
            rests[0],
            all(b.address == a.address + 1 for a, b in pairwise(rests)),
        )
        if touching:
            try:
                values = [rest.value for rest in rests]
                self._acquisition.write(first.bus, first.unit, first.area, first.address, values)
            except RigFault:
                pass  # it may only know single writes; a dead board fails again just below
            else:
                return
        for rest in rests:
            self._acquisition.write(rest.bus, rest.unit, rest.area, rest.address, [rest.value])

    def _delays(self, board: str) -> ContactDelays:
        return ContactDelays.of(self._device(board), emulated=self.site.emulated)

    def _panel(self, device_id: str) -> ProfilePanel:
        if device_id not in self._panels:
            link, zones = self._panel_link(device_id), self._zones(device_id)
            self._panels[device_id] = ProfilePanel(link, zones)
        return self._panels[device_id]

    def _panel_link(self, device_id: str) -> PanelLink:
        """The link to a panel, of the kind its profile names."""
        device = self._device(device_id)
        profile = self.profiles.get(device.profile)
        if profile is not None and profile.protocol == "contact":
            zones = {zone.number: zone for zone in self._children(device_id, DeviceKind.ZONE) if zone.number}
            return ContactLink(device, profile, zones, self.input, self.output)
        if profile is not None and profile.protocol == "dc09":
            what = "it is only known by what it reports: what it shows, holds and clears is not seen."
            raise UsageError(
                [mistake_of(device, what, "Test what it reports at its alarm link, the rest by hand.")]
            )
        if (
            profile is None
            or profile.speech is None
            or not (profile.device_class in _SPOKEN_WITH or profile.converses)
        ):
            return self._link(device_id)
        if device_id not in self._spoken_links:
            self._spoken_links[device_id] = self._spoken(device, profile)
        return self._spoken_links[device_id]

    def _spoken(self, device: Device, profile: Profile) -> SpokenLink:
        link = self._link(device.id)
        assert profile.speech is not None
        assert device.connection is not None
        connection = device.connection
        secrets = Secrets(
            device_secret(self.site, connection), device_code(self.site, connection), connection.user
        )
        speech = tuned(profile.speech, link.bus, connection.options, emulated=self.site.emulated)
        return SpokenLink(device, profile, self._acquisition.converse(link.bus, speech, secrets), link.bus)

    def _zones(self, panel_id: str) -> dict[int, tuple[int, ...]]:
        zones: dict[int, list[int]] = {}
        for zone in self._children(panel_id, DeviceKind.ZONE):
            if zone.number is not None:
                zones.setdefault(int(str(zone.attributes.get("partition", 1))), []).append(zone.number)
        return {partition: tuple(numbers) for partition, numbers in zones.items()}

    def _children(self, device_id: str, kind: DeviceKind) -> list[Device]:
        return [child for child in self.site.of_kind(kind) if child.parent == device_id]

    def _device(self, device_id: str) -> Device:
        if device_id not in self.site.devices:
            raise UsageError(f"{device_id} is not in the inventory of this site.", "Correct the id.")
        return self.site.devices[device_id]

    def _link(self, device_id: str) -> ModbusLink:
        device = self._device(device_id)
        if device_id not in self._buses:
            remedy = f"Give [device.{device_id}] a profile and a Modbus or serial-line connection."
            raise UsageError([mistake_of(device, "it cannot be reached over a field bus.", remedy)])
        bus, unit = self._buses[device_id]
        return ModbusLink(device, self.profiles[device.profile], self._acquisition, bus, unit)

    def _wire(self, device_id: str, role: str) -> str:
        device = self._device(device_id)
        if role not in device.wiring:
            remedy = f"Wire it to the bench and write {role}=RELAY-1/0 in its wiring."
            raise UsageError([mistake_of(device, f"it has no {role} wired.", remedy)])
        return device.wiring[role]

    @staticmethod
    def _terminal(text: str) -> Terminal:
        terminal = parse_terminal(text)
        if terminal is None:
            raise UsageError(f"{text!r} names no channel.", "Write it like RELAY-1/3 or RELAY-1/di0.")
        return terminal


def _is_onvif_controller(device: Device) -> bool:
    at = device.connection
    return device.kind is DeviceKind.DOOR_CONTROLLER and at is not None and at.protocol == "onvif"


def _runs(ends: Sequence[Terminal]) -> Iterator[list[Terminal]]:
    """Adjacent channels of one board, each run in ascending order."""
    run: list[Terminal] = []
    for end in sorted(ends, key=lambda one: (one.device, one.channel)):
        if run and (end.device, end.channel) != (run[-1].device, run[-1].channel + 1):
            yield run
            run = []
        run.append(end)
    if run:
        yield run
