# SPDX-License-Identifier: Apache-2.0
"""Zones and panels as a test sees them: every stimulus and observation is journaled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from yanshou.drivers.capabilities import AlarmPanel, ContactInput, Watched, ZoneSignal, ZoneStimulus
from yanshou.model import Device, Instant, RigFault, now
from yanshou.session.trail import Trail

_LOOK_S = 0.02
_LATCHED = (ZoneSignal.ALARM, ZoneSignal.TAMPER)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with the bench's relays in its loops."""

    device: Device
    stimulus: ZoneStimulus
    trail: Trail
    _opened: set[str] = field(default_factory=set)

    @property
    def number(self) -> int:
        """The zone's number at its panel."""
        if self.device.number is None:
            raise RigFault("has no zone number in the inventory.", device=self.device.id)
        return self.device.number

    @property
    def partition(self) -> int:
        """The partition that arms it."""
        return int(str(self.device.attributes.get("partition", 1)))

    @property
    def is_hold_up(self) -> bool:
        """Whether it is a hold-up zone (紧急报警), armed day and night."""
        return self.device.attributes.get("type") == "hold_up"

    def open_loop(self) -> Instant:
        """Trigger the detector: its loop opens."""
        self._opened.add("loop")
        return self._did("open_loop", self.stimulus.open_loop())

    def close_loop(self) -> Instant:
        """Restore the detector's loop."""
        closed = self._did("close_loop", self.stimulus.close_loop())
        self._opened.discard("loop")
        return closed

    def open_tamper(self) -> Instant:
        """Open the cover: the tamper loop opens."""
        self._opened.add("tamper")
        return self._did("open_tamper", self.stimulus.open_tamper())

    def close_tamper(self) -> Instant:
        """Restore the tamper loop."""
        closed = self._did("close_tamper", self.stimulus.close_tamper())
        self._opened.discard("tamper")
        return closed

    def restore(self) -> None:
        """Restore what was opened and not closed; every other relay of the bench is at rest anyway."""
        if "loop" in self._opened:
            self.close_loop()
        if "tamper" in self._opened:
            self.close_tamper()

    def _did(self, what: str, instant: Instant) -> Instant:
        return self.trail.stimulus(what, self.device.id, instant)


@dataclass(frozen=True, slots=True)
class Panel:
    """A control and indicating equipment; ``patience`` is how many seconds an indication is waited for."""

    device: Device
    inner: AlarmPanel
    trail: Trail
    patience: float
    siren: Callable[[], ContactInput] | None = None  # opened when first listened to: a watch costs polls
    _armed: set[int] = field(default_factory=set)
    _unset: set[int] = field(default_factory=set)

    def arm(self, zone: Zone) -> None:
        """Set the zone's partition, unless it is set already."""
        if not self.inner.is_armed(zone.partition):
            self.inner.arm(zone.partition)
            self.trail.note(
                "observation", what="armed", via=self.device.id, instant=None, value=zone.partition
            )
        self._armed.add(zone.partition)
        self._unset.discard(zone.partition)

    def disarm(self, zone: Zone) -> None:
        """Unset the zone's partition; one that this test has set need not be asked first."""
        if zone.partition in self._armed or self.inner.is_armed(zone.partition):
            self.inner.disarm(zone.partition)
            self.trail.note(
                "observation", what="disarmed", via=self.device.id, instant=None, value=zone.partition
            )
        self._armed.discard(zone.partition)
        self._unset.add(zone.partition)

    def reset(self) -> None:
        """The manual reset."""
        self.inner.reset()

    def shows(self, zone: Zone, signal: ZoneSignal) -> bool:
        """Whether the zone shows the signal now."""
        seen = self.inner.shows(zone.number, signal)
        self.trail.observation(signal.value, f"{self.device.id}/{zone.number}", None, seen)
        return seen

    def wait_for(self, zone: Zone, signal: ZoneSignal, *, since: Instant) -> Instant | None:
        """When the zone came to show the signal; None when it did not within ``patience``."""
        seen = self.inner.wait_for(zone.number, signal, since=since, within=self.patience)
        self.trail.observation(signal.value, f"{self.device.id}/{zone.number}", seen)
        if seen is None:
            self._require_left_alone(zone)
        return seen

    def listen(self) -> None:
        """Begin to watch the siren output, before the stimulus that is to sound it."""
        if self.siren is not None:
            self.siren()

    def sounded(self, *, since: Instant) -> bool | None:
        """Whether the siren output operated; None where the bench is not wired to it."""
        if self.siren is None:
            return None
        seen = self.siren().wait_active(since=since, within=self.patience)
        return self.trail.observation("siren", self.device.id, seen) is not None

    def wait_gone(self, zone: Zone, signal: ZoneSignal) -> bool:
        """Whether the zone ceased to show the signal within ``patience``."""
        end = now() + self.patience
        while self.inner.shows(zone.number, signal):
            if now() > end:
                return False
            time.sleep(_LOOK_S)
        return True

    def number_of(self, attribute: str) -> float:
        """A numeric attribute of the panel in the inventory, e.g. ``battery_ah``."""
        value = self.device.attributes.get(attribute)
        if not isinstance(value, int | float):
            raise RigFault(
                f"the inventory does not state its {attribute}.",
                device=self.device.id,
                remedy=f"Add `{attribute}=…` to its attributes.",
                final=True,
            )
        return float(value)

    def watch(self, zone: Zone, signal: ZoneSignal, *, shown: bool, seconds: float) -> Watched:
        """Watch that the signal stays shown, or stays away."""
        watched = self.inner.watch(zone.number, signal, shown=shown, seconds=seconds)
        what = f"{signal.value} {'stays' if shown else 'stays away'}"
        via = f"{self.device.id}/{zone.number}"
        self.trail.note("observation", what=what, via=via, instant=watched.changed, value=watched.held)
        if not watched.held:
            self._require_left_alone(zone)
        return watched

    def _require_left_alone(self, zone: Zone) -> None:
        """RigFault when the partition is not as this test left it: then what it showed says nothing of it.

        A timer of the panel, or somebody at a keypad, sets and unsets as well.
        """
        partition = zone.partition
        if partition not in self._armed | self._unset:
            return
        is_set = self.inner.is_armed(partition)
        if is_set is not (partition in self._armed):
            raise RigFault(
                f"partition {partition} was {'set' if is_set else 'unset'} during the test, not by us.",
                device=self.device.id,
                remedy="Switch its timer off, keep people from the keypads, and test again.",
            )

    def bring_to_rest(self, zone: Zone) -> None:
        """Loops closed, unset, alarm memory cleared: the state a test begins and ends in."""
        zone.restore()
        self.disarm(zone)
        if not any(self.inner.shows(zone.number, signal) for signal in _LATCHED):
            return
        self.reset()
        for signal in _LATCHED:
            if not self.wait_gone(zone, signal):
                raise RigFault(
                    f"zone {zone.number} still shows {signal.value} with its loops closed and after a reset.",
                    device=self.device.id,
                    remedy="Clear it at the panel, or check the wiring with the panel's own display.",
                )
