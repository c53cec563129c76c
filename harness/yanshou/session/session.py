# SPDX-License-Identifier: Apache-2.0
"""One run's open devices.

Nothing is opened before it is asked for. Before the first relay can move, the watchdog holds the list of all
relays and their rest state; on every exit the bench is put to rest first, and everything else is closed after
that.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from yanshou.acquisition.locks import BusLock
from yanshou.drivers.alarm_link.receiver import SiteCentre
from yanshou.drivers.capabilities import ContactOutput, CredentialStimulus
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.buses import buses_of
from yanshou.drivers.field.wiring import profiles_of
from yanshou.drivers.gb28181.addresses import address_of, is_gb28181
from yanshou.drivers.platform.link import ONVIF, PlatformLink, Posts, RestLink, listens_at, platforms_of
from yanshou.drivers.platform.profile import load_platform
from yanshou.equipment.access_records import AccessRecords
from yanshou.equipment.alarm_stock import AlarmStock
from yanshou.equipment.doors import Door, Entrances, WalkThroughGate
from yanshou.equipment.held_alarms import HeldAlarm
from yanshou.equipment.live_streams import LiveStream
from yanshou.equipment.optical import Led
from yanshou.equipment.panel import Contact, Panel, PanelWires
from yanshou.equipment.path_capture import PathCapturer
from yanshou.equipment.platform import Platform
from yanshou.equipment.readers import Reader
from yanshou.equipment.refusals import Refusal
from yanshou.equipment.registrant import REGISTER_WAIT_S, Registrant
from yanshou.equipment.reporting import Reporting
from yanshou.equipment.right_openings import RightOpening
from yanshou.equipment.unset_zones import Answers
from yanshou.equipment.zone import Zone
from yanshou.equipment.zones import Zones
from yanshou.evaluation.drift import WatchedClock
from yanshou.evaluation.seen import ClockSample
from yanshou.evidence import RunFolder
from yanshou.evidence.journal import Appendable
from yanshou.instruments.registry import InstrumentRegistry
from yanshou.model import Device, DeviceKind, Plan, PlanItem, Requirement, RigFault, Site, UsageError
from yanshou.model.printable import tell
from yanshou.model.trouble import NotBesideError
from yanshou.operator import Operator
from yanshou.rig.calibration import Calibration
from yanshou.rig.host_clock import host_clock_offset
from yanshou.rig.interlock import Interlock
from yanshou.rig.item_journal import ItemJournal
from yanshou.rig.lent_bench import LentBench
from yanshou.rig.opening import opened_bench
from yanshou.site import SITE_ID, device_secret, site_device

if TYPE_CHECKING:
    from yanshou.drivers.alarm_link.dialler import Dialler
    from yanshou.drivers.capabilities import Camera
    from yanshou.drivers.gb28181.camera import GbCamera
    from yanshou.drivers.gb28181.platform import SitePlatform
    from yanshou.drivers.gb28181.recorder import GbRecorder
    from yanshou.drivers.onvif.camera import OnvifCamera
    from yanshou.drivers.onvif.recorder import OnvifRecorder
    from yanshou.model import Measurement

_PATIENCE_S = 6.0
_BEYOND_S = 1.0  # longer than the longest limit, so that an event that never comes is known to be too late
_SEEN = ("buzzer", "lamp")  # where an alarm at the centre is heard and seen
_RESTORING_S = 2.0  # the watchdog of a killed run may still be restoring


def require_free_buses(site: Site) -> None:
    """Raise UsageError when another run holds a bus of the site, before any item begins."""
    profiles, mistakes = profiles_of(site)
    if mistakes:
        raise UsageError(mistakes)
    for bus in {bus.key: bus for bus, _unit in buses_of(site, profiles).values()}.values():
        lock = BusLock(bus)
        lock.acquire(timeout=_RESTORING_S)
        lock.release()


class Session:
    """The devices of one site, opened for one run."""

    def __init__(
        self,
        site: Site,
        plan: Plan,
        requirements: dict[str, Requirement],
        registry: InstrumentRegistry,
        operator: Operator,
        run: RunFolder,
        journal: Appendable,
        *,
        due: Sequence[PlanItem] = (),
        one_by_one: bool = False,
        beside: Collection[str] | None = None,
    ) -> None:
        """``beside``: this process works beside that of the run, and has only these devices of its bench."""
        self.site = site
        self.plan = plan
        self.requirements = requirements
        self.registry = registry
        self.operator = operator
        self.run = run
        self.item_journal = ItemJournal(journal, run.blobs)
        self.interlock = Interlock(site, operator, self.item_journal)
        self.clock_offset: float | None = None  # of the host clock, once it was asked for
        self.surveyor = PathCapturer(self.item_journal)
        self._items = {item.id: item.requirements for item in plan.items}
        self._cleanup = contextlib.ExitStack()
        self._cameras: dict[str, OnvifCamera | GbCamera] = {}
        self._recorders: dict[str, OnvifRecorder | GbRecorder] = {}
        self._platforms: dict[str, PlatformLink] = {}
        self.clock_offsets: dict[str, list[ClockSample]] = {}  # readings of each clock in this session
        self.drifts: dict[str, WatchedClock] = {}  # drift measurements of the clocks that were watched
        self.held_alarms: dict[str, dict[str, HeldAlarm | RigFault]] = {}  # by measurand and zone
        self.unset_answers: Answers | None = None  # by zone; None: nobody has watched yet
        self.read_offsets: dict[str, Measurement] | None = None  # by device; None: nobody has read them yet
        self.live_streams: dict[str, dict[str, LiveStream]] = {}  # by measurand and camera
        self.refusals: dict[str, dict[str, Refusal | None]] = {}  # by measurand and door; None: by itself
        self.right_openings: dict[str, dict[str, RightOpening | None]] = {}  # as refusals
        self.due = due  # the items of the plan that this session is to do
        self.one_by_one = one_by_one  # no device is watched beside another
        self._beside = beside is not None
        self._bench = LentBench(site, beside, self._opened_bench)
        self.alarms = AlarmStock(shared=not one_by_one)
        self._resting: list[Callable[[], None]] = []

    def watch_anew(self) -> None:
        """Forget which measurands were watched on many devices: what is due now is watched over one time."""
        self.held_alarms.clear()
        self.live_streams.clear()
        self.refusals.clear()
        self.right_openings.clear()
        self.read_offsets = None

    def due_beside(self, measurand: str, own: str, kind: DeviceKind) -> list[Device]:
        """The other devices of ``kind`` on which this session is to test the measurand."""
        names = [one.device for one in self.due if one.measurand == measurand and one.device != own]
        found = [self.site.devices[name] for name in names if name in self.site.devices]
        return [device for device in found if device.kind is kind]

    @property
    def patience(self) -> float:
        """How long an indication is waited for, in seconds; longer than every limit it is judged by."""
        stated = self.plan.number("patience_s", _PATIENCE_S)
        limits = [self.requirements[name].limit for name in self._items.get(self.item_journal.item, ())]
        longest = max((one.max for one in limits if one and one.unit == "s" and one.max), default=0.0)
        return max(stated, longest + _BEYOND_S)

    @cached_property
    def calibration(self) -> Calibration:
        """The loopback calibrations this run uses, as its journal has them."""
        return Calibration.of(self.run.events())

    @property
    def bench(self) -> Bench:
        """Relays, panels and doors.  The watchdog is armed before the first of them can be moved."""
        return self._bench.opened()

    def lend(self, devices: Collection[str]) -> None:
        """Let another process have these devices of the bench, until none are lent any more."""
        self._bench.lend(devices)

    def _opened_bench(self, site: Site) -> contextlib.AbstractContextManager[Bench]:
        return opened_bench(
            site,
            log=self.run.path / "watchdog.log",
            note=self._note_bench,
            permit=self.interlock.require,
            doubted=self._note_possible,
            bounds=self.calibration.bounds,
            gate=self.interlock,
            away=self._note_away,
        )

    def _note_possible(self, fault: RigFault) -> None:
        """Journal a command whose answer failed: the device may have carried it out at any later time."""
        self.item_journal.note(
            "stimulus", what=f"possible: {fault.what}", via=fault.device, instant=[fault.since, None]
        )

    def _note_away(self, relays: list[str]) -> None:
        """Journal the relays that an earlier run left away from rest."""
        what = f"found away from rest: {', '.join(relays)}; an earlier run left them so."
        self.item_journal.event(
            "trouble", family="rig_fault", what=what, device=relays[0], remedy="", attempt=0
        )
        tell(what, file=sys.stderr)

    def _note_bench(self, scheduling: str) -> None:
        self.item_journal.event("bench_opened", scheduling=scheduling)

    def device(self, name: str) -> Device:
        """A device of the inventory, or the site itself."""
        return site_device(self.site) if name == SITE_ID else self.site.devices[name]

    def zone(self, name: str) -> Zone:
        """A zone with its relays."""
        return Zone(self.device(name), self.bench.zone(name), self.item_journal)

    def panel(self, name: str) -> Panel:
        """A panel with everything of it that is wired to the bench."""
        device = self.device(name)
        wires = PanelWires(
            self.bench.circuits(name),
            self._contact(device, "siren"),
            self._contact(device, "buzzer"),
            self._contact(device, "notify"),
            self.bench.log(name),
            self.bench.keypad(name),
        )
        own = [one for one in self.site.of_kind(DeviceKind.ZONE) if one.parent == name]
        return Panel(
            device,
            self.bench.panel(name),
            self.item_journal,
            self.patience,
            wires,
            frozenset(one.number for one in own if one.number is not None),
            timed=self.alarms.timed,
        )

    def zones(self, panel: Panel) -> Zones:
        """The drawn zones of a panel, by number; if the plan drew none, all wired ones."""
        drawn = {item.device for item in self.plan.items}
        own = [one for one in self.site.of_kind(DeviceKind.ZONE) if one.parent == panel.device.id]
        wired = sorted((one for one in own if "loop" in one.wiring), key=lambda one: one.number or 0)
        chosen = [one for one in wired if one.id in drawn] or wired
        return Zones(panel, tuple(self.zone(one.id) for one in chosen), self.bench.operate_together)

    def _contact(self, device: Device, role: str) -> Contact | None:
        wired = device.wiring.get(role)
        return (lambda: self.bench.input(wired)) if wired else None

    def door(self, name: str, *, by_hand: CredentialStimulus | None = None) -> Door:
        """A door with its controller, and what of it is wired: source of credentials, contact, lock.

        ``by_hand`` presents credentials where no source is wired to its reader.
        """
        device = self.device(name)
        beside = [one for one in self._doors_of(device.parent) if one.id != name]
        wiring = device.wiring
        return Door(
            device,
            self.bench.door_controller(device.parent),
            self.bench.credential(name) if "reader" in wiring else by_hand,
            self.bench.output(wiring["contact"]) if "contact" in wiring else None,
            self.bench.input(self.wired(device, "lock_coil")),
            self.item_journal,
            self.patience,
            tuple(self.bench.input(one.wiring["lock_coil"]) for one in beside if "lock_coil" in one.wiring),
            {one.number: one.id for one in beside if one.number is not None},
            self._circuits(device, "exit", "command", "approve", "mains")
            | self._circuits(self.device(device.parent), "fire", "link"),
            self.bench.reader_line(name) if "reader_line" in wiring else None,
            self.bench.credential(name, "reader_out") if "reader_out" in wiring else None,
        )

    def entrances(self, name: str) -> Entrances:
        """A door controller with those of its doors whose lock is wired."""
        device = self.device(name)
        wired = [one for one in self._doors_of(name) if "lock_coil" in one.wiring]
        return Entrances(
            device,
            self.bench.door_controller(name),
            self._circuits(device, "link", "mains", "battery"),
            self.item_journal,
            self.patience,
            tuple(self.door(one.id) for one in wired),
            {role: self.bench.input(device.wiring[role]) for role in _SEEN if role in device.wiring},
        )

    def access_records(self, name: str) -> AccessRecords | None:
        """The event log of a door controller; None when no wire reads one."""
        device = self.device(name)
        onvif = device.connection is not None and device.connection.protocol == "onvif"
        log = self.bench.log(name) if device.profile or onvif else None
        if log is None:
            return None
        return AccessRecords(name, log, self.bench.clock(name), self.item_journal, self.site.time_zone)

    def reader(self, name: str) -> Reader:
        """A reader with the relays in its circuits and the controller of its door."""
        device = self.device(name)
        doors = self._doors_of(device.parent)
        return Reader(
            device,
            self.bench.door_controller(device.parent),
            self._circuits(device, "tamper", "line"),
            {one.number: one.id for one in doors if one.number not in (None, device.number)},
            self.item_journal,
            self.patience,
            tuple(self.bench.input(one.wiring["lock_coil"]) for one in doors if "lock_coil" in one.wiring),
        )

    def _doors_of(self, controller: str) -> list[Device]:
        return [one for one in self.site.of_kind(DeviceKind.DOOR) if one.parent == controller]

    def _circuits(self, device: Device, *roles: str) -> dict[str, ContactOutput]:
        return {role: self.bench.output(device.wiring[role]) for role in roles if role in device.wiring}

    def gate(self, name: str) -> WalkThroughGate:
        """A walk-through gate."""
        device = self.device(name)
        alarm = self.bench.input(self.wired(device, "alarm"))
        return WalkThroughGate(device, self.bench.gate(name), alarm, self.item_journal, self.patience)

    def _require_run(self) -> None:
        """Raise NotBesideError in a process beside that of the run: there is one such port on the bench."""
        if self._beside:
            raise NotBesideError("the item needs a port that only the run itself has.")

    @cached_property
    def centre(self) -> SiteCentre:
        """The receiving centre of the bench, started on first use.

        Refused while the host clock is known to be wrong.
        """
        self._require_run()
        self.clock_offset = host_clock_offset(self.site)
        centre = SiteCentre(self.site)
        self._cleanup.callback(centre.close)
        self.item_journal.event("centre_opened", scheduling=centre.note, clock_offset=self.clock_offset)
        return centre

    @cached_property
    def gb28181(self) -> SitePlatform:
        """The bench as upper platform of GB/T 28181, started on first use; devices register at it."""
        from yanshou.drivers.gb28181.platform import QUERY_S, SitePlatform  # noqa: PLC0415 - brings SIP in

        self._require_run()
        query_s = self.plan.number("query_wait_s", QUERY_S)
        platform = SitePlatform(self.site, query_s=query_s)
        self._cleanup.callback(platform.close)
        self.item_journal.event("platform_opened", scheduling=platform.note)
        return platform

    def registrant(self, device: Device) -> Registrant:
        """A device that is reached by GB/T 28181; a final RigFault if the site file does not say how."""
        wait_s = self.plan.number("register_wait_s", REGISTER_WAIT_S)
        address = address_of(self.site, device)
        permit = self.interlock.require
        return Registrant(device, address, self.gb28181, self.item_journal, permit, wait_s)

    def reporting(self, name: str) -> Reporting:
        """What an alarm link reports to the bench: to its receiver, or to its platform of GB/T 28181."""
        device = self.device(name)
        if is_gb28181(device):
            from yanshou.drivers.gb28181.receiver import GbAlarmReceiver  # noqa: PLC0415 - brings SIP in

            registered = self.registrant(device)
            registered.require_registered()
            inner = GbAlarmReceiver(registered.address, self.gb28181)
            return Reporting(device, inner, self.item_journal, self.patience)
        return Reporting(self.device(name), self.centre.link(name), self.item_journal, self.patience)

    def dialler(self, name: str) -> Dialler:
        """Our sender to the client's receiver at the far end of an alarm link; sending is a stimulus, too."""
        from yanshou.drivers.alarm_link.dialler import dialler_of  # noqa: PLC0415 - brings ciphers in

        self.interlock.require()
        return dialler_of(self.site, self.device(name))

    def platform(self, name: str) -> Platform:
        """A platform; opened once, and listened to from then on."""
        if name not in self._platforms:
            device = self.device(name)
            if device not in platforms_of(self.site):
                raise RigFault(
                    "has no connection of the protocol rest or onvif.",
                    device=name,
                    remedy="Connect it, or let a person watch it (observed_by=person).",
                    final=True,
                )
            self._platforms[name] = link = self._platform_link(device)
            self._cleanup.callback(link.close)
        return Platform(self._platforms[name], self.item_journal, self.patience)

    def _platform_link(self, device: Device) -> PlatformLink:
        if device.connection is not None and device.connection.protocol == ONVIF:
            from yanshou.drivers.platform.onvif_link import OnvifLink  # noqa: PLC0415 - its library is heavy

            return OnvifLink.of(self.site, device)
        return RestLink.of(self.site, device, self._posts(device), self.interlock.require_command)

    def _posts(self, device: Device) -> Posts | None:
        at, profile = listens_at(device), load_platform(device.profile, self.site.folder)
        if at is None or not profile.push_path:
            return None
        return self.centre.posts(device.id, at, profile.push_path, profile.push_answer)

    def camera(self, name: str) -> Camera:
        """A camera, by ONVIF or GB/T 28181; opened once."""
        if name not in self._cameras:
            self._cameras[name] = camera = self._opened_camera(self.device(name))
            self._cleanup.callback(camera.close)
        return self._cameras[name]

    def _opened_camera(self, device: Device) -> OnvifCamera | GbCamera:
        if is_gb28181(device):
            from yanshou.drivers.gb28181.camera import GbCamera  # noqa: PLC0415 - brings numpy in

            self.registrant(device).require_registered()
            return GbCamera(self.gb28181, device)
        from yanshou.drivers.onvif.camera import OnvifCamera  # noqa: PLC0415 - a site without cameras does without

        return OnvifCamera(device, self._password(device))

    def led(self, name: str) -> Led:
        """The LED in view of a camera."""
        return Led(self.bench.output(self.wired(self.device(name), "led")), self.item_journal)

    def recorder(self, name: str) -> OnvifRecorder | GbRecorder:
        """A recorder, by ONVIF or GB/T 28181; opened once."""
        if name not in self._recorders:
            self._recorders[name] = recorder = self._opened_recorder(self.device(name))
            self._cleanup.callback(recorder.close)
        return self._recorders[name]

    def recorders_beside(self, name: str, count: int) -> list[OnvifRecorder]:
        """So many further connections to a recorder by ONVIF, for several playbacks at the same time.

        None while each device is watched by itself, and none by GB/T 28181: it has one session per device.
        """
        device = self.device(name)
        if self.one_by_one or is_gb28181(device):
            return []
        from yanshou.drivers.onvif.recorder import OnvifRecorder  # noqa: PLC0415 - as with a camera

        found = [OnvifRecorder(device, self._password(device)) for _ in range(count)]
        for one in found:
            self._cleanup.callback(one.close)
        return found

    def _opened_recorder(self, device: Device) -> OnvifRecorder | GbRecorder:
        if is_gb28181(device):
            from yanshou.drivers.gb28181.recorder import GbRecorder  # noqa: PLC0415 - brings numpy in

            self.registrant(device).require_registered()
            return GbRecorder(self.gb28181, device)
        from yanshou.drivers.onvif.recorder import OnvifRecorder  # noqa: PLC0415 - as with a camera

        return OnvifRecorder(device, self._password(device))

    @contextlib.contextmanager
    def resting(self, bring_to_rest: Callable[[], None], *, first: bool = True) -> Iterator[None]:
        """Run ``first`` now, before each further attempt of the item, and at its end.

        It brings a device to rest.
        """
        if first:
            bring_to_rest()
        self._resting.append(bring_to_rest)
        try:
            yield
        finally:
            self._resting.remove(bring_to_rest)
        bring_to_rest()

    def put_to_rest(self) -> None:
        """Put relays and devices under test back to rest, if anything was opened.

        An alarm memory must not keep what a failed attempt left in it.
        """
        self._bench.rest()
        for bring_to_rest in self._resting:
            bring_to_rest()

    def close(self) -> None:
        """Put the bench to rest, then close everything, even if not every relay came to rest."""
        self._resting.clear()  # only relays matter when closing
        with self._cleanup, contextlib.closing(self._bench):
            self.put_to_rest()

    @staticmethod
    def wired(device: Device, role: str) -> str:
        """The terminal a role of the device is wired to; RigFault when it is not wired."""
        if role not in device.wiring:
            raise RigFault(
                f"the bench is not wired to its {role}.",
                device=device.id,
                remedy=f"Add `{role}=BOARD/CHANNEL` to its wiring in the inventory.",
            )
        return device.wiring[role]

    def _password(self, device: Device) -> str:
        return device_secret(self.site, device.connection) if device.connection else ""
