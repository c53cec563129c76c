# SPDX-License-Identifier: Apache-2.0
"""An emulated control and indicating equipment: zones, setting, latching alarm memory, siren, clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yanshou.emulation.clockwork import Timer
from yanshou.emulation.faults import Fault
from yanshou.emulation.unit import Unit
from yanshou.emulation.world import World
from yanshou.model import Device

ALARM_S = (0.10, 0.25)  # from the open loop to the shown alarm, of a healthy panel
TAMPER_S = (0.10, 0.30)
_ALWAYS = frozenset({"hold_up", "24h"})  # types of zone that answer whether set or not


@dataclass(slots=True)
class Zone:
    """One zone: its two loops, and what the panel remembers of it until it is reset."""

    id: str
    number: int
    partition: int
    type: str
    loop_open: bool = False
    tamper_open: bool = False
    shown_as: int | None = None  # the zone number its latched alarm is shown at
    tampered: bool = False
    openings: int = 0
    pending: Timer | None = None
    tamper_pending: Timer | None = None

    @classmethod
    def of(cls, device: Device) -> Zone:
        """The zone of an inventory line; partition 1 and type normal unless it says otherwise."""
        partition = device.attributes.get("partition", 1)
        kind = str(device.attributes.get("type", "normal"))
        return cls(device.id, device.number or 0, int(str(partition)), kind)


class Panel:
    """Behaves as GB 50394-2007 5.2.3 asks, except where a fault is planted.

    An open loop of a set zone (of a hold-up zone always) latches its alarm after 0.15–0.40 s; it stays,
    whatever the loop does, until the reset command finds the loop closed.  A tamper latches whether set or
    not.  The siren sounds for every alarm but hold-up, until reset or unset.  Setting is refused while a
    normal zone of the partition is open.
    """

    def __init__(
        self, device: Device, unit: Unit, world: World, zones: Iterable[Device], zone_name: str
    ) -> None:
        self.device = device.id
        self.unit = unit
        self._world = world
        self._siren_wire = device.wiring.get("siren", "")
        self._siren = False
        self._set: set[int] = set()
        self.zones = [Zone.of(zone) for zone in zones]
        self._time_zone = ZoneInfo(zone_name)
        unit.on("arm", self.arm)
        unit.on("disarm", self._disarm)
        unit.on("reset", self.reset)
        unit.image.serve_words("clock", self._clock)
        self._show()
        if restless := self._fault("sets_itself"):
            world.clockwork.after(restless.number(), lambda: self._set_itself(1))

    def _fault(self, kind: str, zone: Zone | None = None) -> Fault | None:
        return self._world.faults.find(kind, *([zone.id] if zone else []), self.device)

    # -- the loops ------------------------------------------------------------------------------------------

    def loop(self, zone: Zone, t: float, *, opened: bool) -> None:
        """The detector loop of ``zone`` opened or closed at ``t``."""
        self._world.truth.write(zone.id, "loop_open" if opened else "loop_closed", t=t)
        zone.loop_open = opened
        self._show()
        if opened and self._answers(zone):
            self._trigger(zone)
        elif not opened:
            self._restored(zone)

    def _answers(self, zone: Zone) -> bool:
        if zone.partition in self._set or self._fault("answers_when_unset", zone):
            return True
        return zone.type in _ALWAYS and not self._fault("hold_up_unsettable", zone)

    def _trigger(self, zone: Zone) -> None:
        zone.openings += 1
        miss = self._fault("miss_every", zone)
        if miss and zone.openings % int(miss.number(1)) == 0:
            self._world.truth.write(zone.id, "alarm_missed")
        elif zone.shown_as is None and zone.pending is None:
            delay = self._world.duration(self._fault("alarm_delay", zone), *ALARM_S)
            zone.pending = self._world.clockwork.after(delay, lambda: self._alarm(zone))

    def _restored(self, zone: Zone) -> None:
        lost = self._fault("alarm_lost_on_restore", zone)
        hold_up = self._fault("hold_up_not_latching", zone) if zone.type == "hold_up" else None
        if zone.shown_as is not None and (lost or hold_up):
            self._clear(zone)

    def tamper(self, zone: Zone, t: float, *, opened: bool) -> None:
        """The tamper loop of ``zone`` opened or closed at ``t``."""
        self._world.truth.write(zone.id, "tamper_open" if opened else "tamper_closed", t=t)
        zone.tamper_open = opened
        is_set = zone.partition in self._set
        dead = self._fault("tamper_dead_armed" if is_set else "tamper_dead_unset", zone)
        if opened and not dead and not zone.tampered:
            delay = self._world.drawn(*TAMPER_S)
            zone.tamper_pending = self._world.clockwork.after(delay, lambda: self._tampered(zone))

    # -- the memory -----------------------------------------------------------------------------------------

    def _alarm(self, zone: Zone) -> None:
        zone.pending = None
        wrong = self._fault("wrong_zone_shown", zone)
        zone.shown_as = int(wrong.number()) if wrong else zone.number
        sound = zone.type != "hold_up" and not self._fault("siren_dead")
        t = self._show(siren=self._siren or sound)
        self._world.truth.write(zone.id, "alarm_shown", zone.shown_as, t)
        self._world.alarm(zone.id, active=True)
        if heals := self._fault("self_reset", zone):
            self._world.clockwork.after(heals.number(), lambda: self._clear(zone))
        if not zone.loop_open:
            self._world.clockwork.after(0.1, lambda: self._restored(zone))

    def _tampered(self, zone: Zone) -> None:
        zone.tamper_pending = None
        zone.tampered = True
        self._world.truth.write(zone.id, "tamper_shown", zone.number, self._show())

    def _clear(self, zone: Zone) -> None:
        """Take the alarm of ``zone`` out of the memory; the siren ends with the last one it sounds for."""
        if zone.shown_as is None:
            return
        zone.shown_as = None
        sounding = any(other.shown_as is not None and other.type != "hold_up" for other in self.zones)
        t = self._show(siren=self._siren and sounding)
        self._world.truth.write(zone.id, "alarm_cleared", t=t)
        self._world.alarm(zone.id, active=False)

    # -- the commands ---------------------------------------------------------------------------------------

    def arm(self, partition: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        """Set the partition; ``own`` is False when the opposite was written."""
        if not own:
            self._disarm(partition, own=True)
            return
        open_zones = [
            z.id for z in self.zones if z.partition == partition and z.loop_open and z.type not in _ALWAYS
        ]
        if open_zones or self._fault("arm_refused"):
            self._world.truth.write(self.device, "arm_refused", open_zones)
        elif partition not in self._set:
            self._set.add(partition)
            self._world.truth.write(self.device, "armed", partition, self._show())
            if restless := self._fault("unsets_itself"):
                self._world.clockwork.after(restless.number(), lambda: self._disarm(partition, own=True))

    def _disarm(self, partition: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        if not own or partition not in self._set:
            return
        self._set.discard(partition)
        for zone in self.zones:
            if zone.partition == partition and zone.type not in _ALWAYS:
                _forget(zone)
        self._world.truth.write(self.device, "disarmed", partition, self._show(siren=False))
        if restless := self._fault("sets_itself"):
            self._world.clockwork.after(restless.number(), lambda: self._set_itself(partition))

    def _set_itself(self, partition: int) -> None:
        """As a timer does: without asking whether a loop is open."""
        self._set.add(partition)
        self._world.truth.write(self.device, "armed", partition, self._show())
        for zone in self.zones:
            if zone.partition == partition and zone.loop_open and self._answers(zone):
                self._trigger(zone)

    def reset(self, _number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        """Clear every latched alarm and tamper whose cause is gone."""
        if not own:
            return
        self._world.truth.write(self.device, "reset")
        for zone in self.zones:
            if not zone.loop_open:
                _forget(zone)
                self._clear(zone)
            if not zone.tamper_open:
                self._untamper(zone)

    def _untamper(self, zone: Zone) -> None:
        if zone.tamper_pending:
            zone.tamper_pending.cancel()
            zone.tamper_pending = None
        if zone.tampered:
            zone.tampered = False
            self._world.truth.write(zone.id, "tamper_cleared", t=self._show())

    # -- what the bus sees ----------------------------------------------------------------------------------

    def _show(self, *, siren: bool | None = None) -> float:
        """Bring the image up to the state in one piece; gives the stamp of the change, in seconds."""
        sounds = self._siren if siren is None else siren
        image = self.unit.image
        alarms = {zone.shown_as for zone in self.zones}
        with image.changing() as t:
            for zone in self.zones:
                image.put("zone_open", zone.number, on=zone.loop_open)
                image.put("zone_tamper", zone.number, on=zone.tampered)
            for number in range(1, self.unit.profile.count_of("zone") + 1):
                image.put("zone_alarm", number, on=number in alarms)
                image.put_state("zone_state", number, "alarm" if number in alarms else self._state(number))
            for number in range(1, self.unit.profile.count_of("partition") + 1):
                image.put("partition_armed", number, on=number in self._set)
                alarmed = any(z.partition == number and z.shown_as is not None for z in self.zones)
                image.put("partition_alarm", number, on=alarmed)
            image.put("siren", 1, on=sounds)
        self._sound(on=sounds)
        return t

    def _sound(self, *, on: bool) -> None:
        if on != self._siren:
            self._siren = on
            self._world.drive(self._siren_wire, active=on)
            self._world.truth.write(self.device, "siren_on" if on else "siren_off")

    def _state(self, number: int) -> str:
        """What a state word shows of the zone, its alarm apart; a number that no zone uses shows unset."""
        zone = next((zone for zone in self.zones if zone.number == number), None)
        if zone is None:
            return "disarmed"
        is_set = zone.partition in self._set or zone.type in _ALWAYS
        if zone.tampered:
            return "tamper"
        if zone.loop_open and not is_set:
            return "fault"
        return "armed" if is_set else "disarmed"

    def _clock(self) -> list[int]:
        ahead = self._fault("clock_offset")
        now = datetime.now(self._time_zone) + timedelta(seconds=ahead.number() if ahead else 0.0)
        return [now.year, now.month, now.day, now.hour, now.minute, now.second]


def _forget(zone: Zone) -> None:
    """Drop an alarm that is still being processed."""
    if zone.pending:
        zone.pending.cancel()
        zone.pending = None
