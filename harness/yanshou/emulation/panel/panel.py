# SPDX-License-Identifier: Apache-2.0
"""An emulated control and indicating equipment: zones, setting, latching alarm memory, siren, clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from zoneinfo import ZoneInfo

from yanshou.emulation.faults import Fault
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.panel.burst import EmulatedBurst
from yanshou.emulation.panel.log import EmulatedLog
from yanshou.emulation.panel.notice import Notifier
from yanshou.emulation.panel.power import PanelPower, Powered
from yanshou.emulation.panel.setting import Setting
from yanshou.emulation.panel.siren import Siren
from yanshou.emulation.panel.users import PanelUsers
from yanshou.emulation.panel.zone import ALWAYS, DETECTOR_FAULTS, EOL_TOLERANCE, LINE_FAULTS, EmulatedZone
from yanshou.emulation.site.own_time import OwnTime
from yanshou.emulation.site.world import World
from yanshou.model import Device

_SHOWN_ELSEWHERE = ("wrong_zone_shown", "also_shows", "shows_all", "also_partition")
LATE_S = 3.0  # of an alarm that is late only sometimes
STRAY_S = 8.0  # of one that comes after nobody waits for it any more
ALARM_S = (0.02, 0.05)  # from the open loop to the shown alarm, in a healthy panel; a run waits for hundreds
_FLICKER_S, _FOLLOWS_S = 0.15, 0.2
TAMPER_S = (0.03, 0.10)
FAULT_S = (0.03, 0.10)


class EmulatedPanel:
    """Behaves as GB 50394-2007 5.2.3 demands, except for planted faults.

    An open loop of a set zone (of a hold-up zone always) latches its alarm after 0.03–0.08 s, of an entry
    zone after its entry time; it stays, whatever the loop does, until the reset command finds the loop
    closed. A tamper, a line fault and a detector's fault latch whether set or not. The siren sounds for every
    alarm but hold-up, until reset or unset.
    """

    def __init__(
        self, device: Device, unit: ModbusUnit, world: World, zones: Iterable[Device], zone_name: str,
        supplies: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.device = device.id
        self._supplies = supplies
        self.unit = unit
        self._world = world
        self._time_zone = ZoneInfo(zone_name)
        self.zones = [EmulatedZone.of(zone) for zone in zones]
        self._by_number = {zone.number: zone for zone in reversed(self.zones)}
        self._by_partition: dict[int, list[EmulatedZone]] = {}
        for zone in self.zones:
            self._by_partition.setdefault(zone.partition, []).append(zone)
        self._debounce_s = float(str(device.attributes.get("debounce_ms", 0.0))) / 1000
        self._notify = Notifier(device, world)
        self._siren = Siren(device, world)
        self.log = EmulatedLog(self.device, unit, world, self._time_zone)
        self.users = PanelUsers(device, unit, world, self.log)
        buzzer = device.wiring.get("buzzer", "")
        self.power = PanelPower(
            self.device, unit, world, buzzer, Powered(self._dark, self._up, self._trouble)
        )
        self.setting = Setting(device, world, self.zones, self.power, self.log, self.users)
        self.setting.changed = self._set_or_unset
        self.setting.duress = self._notify.now
        self.setting.woke = self._woke
        self._burst = EmulatedBurst(self.device, world)
        self._take_commands()
        self._show()
        if restless := self._fault("sets_itself"):
            world.clockwork.after(restless.number(), lambda: self.setting.set_itself(1))

    def _take_commands(self) -> None:
        unit, guarded = self.unit, self.users.guarded
        unit.on("arm", self.setting.arm)
        unit.on("disarm", self.setting.disarm)
        unit.on("duress", self.setting.disarm_under_duress)
        unit.on("reset", guarded("reset", self.reset))
        unit.on("bypass", guarded("bypass", self._bypass))
        unit.on("erase_log", guarded("erase_log", self._erase_log))
        own = OwnTime(self._world.faults, self.device)
        unit.image.serve_registers("clock", lambda: own.registers(self._time_zone))

    def circuits(self) -> Mapping[str, Callable[[EmulatedZone, float, bool], None]]:
        """The effects of the bench's relays on a zone, by their role in the wiring."""
        zone_roles: dict[str, Callable[[EmulatedZone, float, bool], None]] = {
            "loop": lambda zone, t, on: self.loop(zone, t, opened=on),
            "tamper": lambda zone, t, on: self.tamper(zone, t, opened=on),
        }
        for role in (*LINE_FAULTS, *DETECTOR_FAULTS):
            zone_roles[role] = partial(self._disturb, role)
        return zone_roles

    def _fault(self, kind: str, zone: EmulatedZone | None = None) -> Fault | None:
        return self._world.faults.find(kind, *([zone.id] if zone else []), self.device)

    # -- the loops ------------------------------------------------------------------------------------------

    def loop(self, zone: EmulatedZone, t: float, *, opened: bool) -> None:
        """The detector loop of ``zone`` opened or closed at ``t``."""
        self._world.truth.write(zone.id, "loop_open" if opened else "loop_closed", t=t)
        (zone.disturbed.add if opened else zone.disturbed.discard)("loop")
        self._signal(zone, opened=opened)
        if opened and self._answers(zone):
            self._trigger(zone, t)
        elif not opened:
            self._restored(zone, t)

    def shaken(self, zone: EmulatedZone, on: bool) -> None:  # noqa: FBT001 - the shape of world.Contact
        """Something that nobody at the bench has stimulated sets the detector off, whatever its loop does."""
        if on and self._answers(zone):
            self._world.truth.write(zone.id, "shaken")
            self._world.clockwork.after(self._world.drawn(*ALARM_S), lambda: self._alarm(zone))

    def _signal(self, zone: EmulatedZone, *, opened: bool) -> None:
        """The state of the contact reaches the panel, at once or late."""
        if zone.arriving:
            zone.arriving.cancel()  # of an earlier opening
            zone.arriving = None
        if opened and (late := self._fault("signal_late", zone)):
            zone.arriving = self._world.clockwork.after(late.number(), lambda: self._arrived(zone))
        else:
            self._arrived(zone)

    def _arrived(self, zone: EmulatedZone) -> None:
        zone.shown_open = zone.loop_open
        self._show(zone)

    def _answers(self, zone: EmulatedZone) -> bool:
        if not self.power.alive or zone.bypassed:
            return False
        if zone.partition in self.setting.armed or self._fault("answers_when_unset", zone):
            return True
        return zone.type in ALWAYS and not self._fault("hold_up_unsettable", zone)

    def _trigger(self, zone: EmulatedZone, t: float) -> None:
        zone.openings += 1
        zone.opened_at = t
        miss = self._fault("miss_every", zone)
        lost = self._burst.joined(t)
        if lost or (miss and zone.openings % int(miss.number(1)) == 0):
            self._world.truth.write(zone.id, "alarm_missed")
        elif self._strays(zone):
            self._world.clockwork.after(STRAY_S, lambda: self._alarm(zone))
        elif zone.shown_as is None and zone.pending is None:
            zone.pending = self._world.clockwork.after(self._delay(zone), lambda: self._alarm(zone))
            if zone.type == "entry":
                self._show(zone)

    def _delay(self, zone: EmulatedZone) -> float:
        """The time from the opening to the indication of this zone."""
        late = self._fault("alarm_delay", zone)
        delay = self._late_now(zone) or max(self._world.duration(late, *ALARM_S), self._debounce(zone))
        if zone.type == "entry":
            slow = self._fault("entry_delay", zone)
            return delay + (slow.number() if slow else zone.entry_s)
        return delay if late else self._burst.queued(delay, self._fault("later_zones_slow", zone))

    def _late_now(self, zone: EmulatedZone) -> float:
        """The delay of an alarm that is late only at the first opening, or at each value-th; else 0."""
        first, nth = self._fault("alarm_delay_first", zone), self._fault("alarm_delay_nth", zone)
        if first and zone.openings == 1:
            return first.number()
        return LATE_S if nth and zone.openings % int(nth.number(1)) == 0 else 0.0

    def _silent_now(self, zone: EmulatedZone) -> bool:
        """Whether the siren stays off at this alarm, though not at all alarms of the zone."""
        nth = self._fault("siren_silent_nth", zone)
        return nth is not None and zone.openings % int(nth.number(1)) == 0

    def _strays(self, zone: EmulatedZone) -> bool:
        """Whether the alarm of this opening comes long afterwards, reset meanwhile or not."""
        stray = self._fault("alarm_stray_nth", zone)
        return stray is not None and zone.openings % int(stray.number(1)) == 0

    def _debounce(self, zone: EmulatedZone) -> float:
        slow = self._fault("debounce", zone)
        return slow.number() / 1000 if slow else self._debounce_s

    def _restored(self, zone: EmulatedZone, t: float) -> None:
        if zone.pending and t - zone.opened_at < self._debounce(zone):
            zone.forget()
            self._world.truth.write(zone.id, "pulse_ignored", t=t)
        lost = self._fault("alarm_lost_on_restore", zone)
        hold_up = self._fault("hold_up_not_latching", zone) if zone.type == "hold_up" else None
        if zone.shown_as is not None and (lost or hold_up):
            self._clear(zone)

    def tamper(self, zone: EmulatedZone, t: float, *, opened: bool) -> None:
        """The tamper loop of ``zone`` opened or closed at ``t``."""
        self._world.truth.write(zone.id, "tamper_open" if opened else "tamper_closed", t=t)
        (zone.disturbed.add if opened else zone.disturbed.discard)("tamper")
        is_set = zone.partition in self.setting.armed
        dead = self._fault("tamper_dead_armed" if is_set else "tamper_dead_unset", zone)
        if opened and not dead and not zone.tampered and self.power.alive:
            delay = self._world.drawn(*TAMPER_S)
            zone.tamper_pending = self._world.clockwork.after(delay, lambda: self._tampered(zone))

    def _disturb(self, role: str, zone: EmulatedZone, t: float, on: bool) -> None:  # noqa: FBT001 - world.Switch
        """The bench detunes the line of ``zone``, cuts its supply or masks its detector."""
        self._world.truth.write(zone.id, f"{role}_{'on' if on else 'off'}", t=t)
        (zone.disturbed.add if on else zone.disturbed.discard)(role)
        if on and self.power.alive and self._is_faulty(zone):
            self._world.clockwork.after(self._world.drawn(*FAULT_S), lambda: self._faulty(zone))

    def _is_faulty(self, zone: EmulatedZone) -> bool:
        tolerant = self._fault("eol_tolerance", zone)
        if "short" in zone.disturbed and self._fault("line_short_silent", zone):
            return False
        if zone.line_is_wrong(tolerant.number() if tolerant else EOL_TOLERANCE):
            return True
        silent = {"supply"} if self._fault("supply_cut_silent", zone) else set()
        return bool(zone.disturbed & set(DETECTOR_FAULTS) - silent)

    # -- the memory -----------------------------------------------------------------------------------------

    def _alarm(self, zone: EmulatedZone) -> None:
        zone.pending = None
        if self._world.down and self._fault("dies_with_platform"):
            return
        if self._world.dark and self._fault("dies_with_video"):
            return
        if self._fault("alarm_overwrites"):
            for other in self.zones:
                self._clear(other)
        wrong = self._fault("wrong_zone_shown", zone)
        zone.shown_as = int(wrong.number()) if wrong else zone.number
        sound = zone.type != "hold_up" and not self._fault("siren_dead") and not self._silent_now(zone)
        t = self._show(zone, siren=self._siren.wanted or sound)
        self._world.truth.write(zone.id, "alarm_shown", zone.shown_as, t)
        self.log.write("hold_up" if zone.type == "hold_up" else "alarm", zone.shown_as)
        self._world.alarm(zone.id, active=True)
        self._notify.later()
        if self._fault("fault_follows", zone):
            self._world.clockwork.after(_FOLLOWS_S, lambda: self._followed(zone))
        if heals := self._fault("self_reset", zone):
            zone.clearing = self._world.clockwork.after(heals.number(), lambda: self._clear(zone))
        if not zone.loop_open:
            self._world.clockwork.after(0.1, lambda: self._restored(zone, zone.opened_at + 1e9))

    def _followed(self, zone: EmulatedZone) -> None:
        """The fault of a zone whose alarm is still shown is shown, too, though its line is right."""
        if zone.shown_as is not None:
            zone.faulted = True
            self._show(zone)

    def _tampered(self, zone: EmulatedZone) -> None:
        zone.tamper_pending = None
        if not zone.flickers and self._fault("tamper_first_alarm", zone):
            zone.flickers = True
            self._show(zone)
            zone.tamper_pending = self._world.clockwork.after(_FLICKER_S, lambda: self._tampered(zone))
            return
        zone.flickers, zone.tampered = False, True
        self.log.write("tamper", zone.number)
        self._world.truth.write(zone.id, "tamper_shown", zone.number, self._show(zone))

    def _faulty(self, zone: EmulatedZone) -> None:
        if self._is_faulty(zone) and not zone.faulted:
            zone.faulted = True
            self.log.write("fault", zone.number)
            self._world.truth.write(zone.id, "fault_shown", zone.number, self._show(zone))

    def _clear(self, zone: EmulatedZone) -> None:
        """Remove the alarm of ``zone`` from the memory; the siren ends with the last alarm it sounds for."""
        if zone.clearing:  # the alarm after this one has its own time
            zone.clearing.cancel()
            zone.clearing = None
        if zone.shown_as is None:
            return
        zone.shown_as = None
        sounding = any(other.shown_as is not None and other.type != "hold_up" for other in self.zones)
        t = self._show(zone, siren=self._siren.wanted and sounding)
        self._world.truth.write(zone.id, "alarm_cleared", t=t)
        self._world.alarm(zone.id, active=False)

    # -- the commands ---------------------------------------------------------------------------------------

    def _set_or_unset(self, partition: int) -> float:
        if partition in self.setting.armed | self.setting.leaving:
            return self._show()
        self._notify.cancel()
        return self._show(siren=False)

    def _woke(self, partition: int) -> None:
        """The panel set itself by its own timer, with a loop open."""
        for zone in self.zones:
            if zone.partition == partition and zone.loop_open and self._answers(zone):
                self._trigger(zone, time.perf_counter())

    def _bypass(self, number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        for zone in self.zones:
            if zone.number == number and zone.type not in ALWAYS:
                zone.bypassed = own
                self.log.write("bypass", number, self.users.acting)
        self._show()

    def _erase_log(self, _number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        if own and self._fault("log_erasable"):
            self.log.erase()
        elif own and self._fault("log_erases_older"):
            self.log.erase_older()

    def reset(self, _number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        """Clear every latched alarm, tamper and fault whose cause is gone."""
        if not own:
            return
        self._world.truth.write(self.device, "reset")
        self._notify.cancel()
        self.power.reset()
        for zone in self.zones:
            if not zone.loop_open:
                zone.forget()
                self._clear(zone)
            if not zone.tamper_open:
                self._untamper(zone)
            if zone.faulted and not self._is_faulty(zone):
                zone.faulted = False
                self._world.truth.write(zone.id, "fault_cleared", t=self._show(zone))

    def _untamper(self, zone: EmulatedZone) -> None:
        if zone.tamper_pending:
            zone.tamper_pending.cancel()
            zone.tamper_pending, zone.flickers = None, False
        if zone.tampered:
            zone.tampered = False
            self._world.truth.write(zone.id, "tamper_cleared", t=self._show(zone))

    # -- power ----------------------------------------------------------------------------------------------

    def _dark(self) -> None:
        for zone in self.zones:
            zone.forget()
        self._siren.want(on=False)

    def _up(self) -> None:
        if self._fault("forgets_set_state"):
            self.setting.lose()
        if self._fault("log_lost_without_power"):
            self.log.erase()
        self._show()

    def _trouble(self, shown: str) -> None:
        self.log.write("tamper" if shown == "cover_tamper" else "power")
        if mistaken := self._fault("trouble_as_alarm"):
            for zone in (one for one in self.zones if one.number == mistaken.number()):
                self._alarm(zone)
        if shown == "ac_loss" and self._world.faults.has("switchover_resets", self.device, *self._supplies):
            self.setting.lose()
            self._show()

    # -- what the bus sees ----------------------------------------------------------------------------------

    def _show(self, zone: EmulatedZone | None = None, *, siren: bool | None = None) -> float:
        """Update the image to the state at once; gives the stamp of the change, in seconds.

        ``zone`` is the only one that changed, so that a panel with many zones is not slowed down by the
        others.
        """
        if zone is not None and any(self._fault(kind, zone) for kind in _SHOWN_ELSEWHERE):
            zone = None  # it is also shown at another zone
        sounds = self._siren.wanted if siren is None else siren
        partitions = [zone.partition] if zone else range(1, self.unit.profile.count_of("partition") + 1)
        numbers = [zone.number] if zone else range(1, self.unit.profile.count_of("zone") + 1)
        image, classes = self.unit.image, self._classes([zone] if zone else self.zones)
        alarms = classes["alarm"]
        with image.changing() as t:
            for one in [zone] if zone else self.zones:
                image.put("zone_open", one.number, on=one.shown_open)
                image.put("zone_bypass", one.number, on=one.bypassed)
            for number in numbers:
                for name, shown in classes.items():
                    image.put(f"zone_{name}", number, on=number in shown)
                image.put_state("zone_state", number, "alarm" if number in alarms else self._state(number))
            for number in partitions:
                self._show_partition(number)
            image.put("siren", 1, on=sounds)
        self._siren.want(on=sounds)
        return t

    def _show_partition(self, number: int) -> None:
        image, zones = self.unit.image, self._by_partition.get(number, [])
        image.put("partition_armed", number, on=number in self.setting.armed)
        alarms = [zone for zone in self.zones if zone.shown_as is not None]
        beside = [also for zone in alarms if (also := self._fault("also_partition", zone))]
        shown = any(zone in zones for zone in alarms) or any(also.number() == number for also in beside)
        image.put("partition_alarm", number, on=shown)
        image.put("exit", number, on=number in self.setting.leaving)
        image.put("entry", number, on=any(zone.pending for zone in zones if zone.type == "entry"))

    def _classes(self, zones: Iterable[EmulatedZone]) -> dict[str, set[int]]:
        """The zone numbers shown under each class; a hold-up alarm is also an alarm."""
        shown: dict[str, set[int]] = {"alarm": set(), "hold_up": set(), "tamper": set(), "fault": set()}
        for zone in zones:
            if zone.shown_as is not None:
                kind = self._class(zone, "hold_up" if zone.type == "hold_up" else "alarm")
                shown[kind] |= self._places(zone, zone.shown_as)
                shown["alarm"] |= shown[kind] if kind == "hold_up" else set()
            if zone.flickers:
                shown["alarm"] |= self._places(zone, zone.number)
            if zone.tampered:
                shown[self._class(zone, "tamper")] |= self._places(zone, zone.number)
            if zone.faulted:
                shown[self._class(zone, "fault")] |= self._places(zone, zone.number)
        return shown

    def _places(self, zone: EmulatedZone, number: int) -> set[int]:
        """The zone numbers at which something of this zone is shown."""
        if self._fault("shows_all", zone):
            return set(range(1, self.unit.profile.count_of("zone") + 1))
        neighbour = self._fault("also_shows", zone)
        return {number, int(neighbour.number())} if neighbour else {number}

    def _class(self, zone: EmulatedZone, kind: str) -> str:
        if kind == "tamper" and self._fault("tamper_shown_as_alarm", zone):
            return "alarm"
        confused = self._fault("class_confused")
        true, _, wrong = str(confused.value if confused else "").partition(">")
        return wrong if true == kind else kind

    def _state(self, number: int) -> str:
        """What a state word shows of the zone apart from its alarm; a number without zone shows unset."""
        zone = self._by_number.get(number)
        if zone is None:
            return "disarmed"
        is_set = zone.partition in self.setting.armed or zone.type in ALWAYS
        if zone.tampered:
            return "tamper"
        if zone.faulted or (zone.loop_open and not is_set):
            return "fault"
        return "armed" if is_set else "disarmed"
