# SPDX-License-Identifier: Apache-2.0
"""All the drawn zones of one panel together: bursts, and one stimulus of each class."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from yanshou.equipment.panel import Panel
from yanshou.equipment.zone import Zone
from yanshou.model import Instant, Latency, RigFault, now
from yanshou.model.signal import ZoneSignal

BURST_S = 0.1  # seconds in which all zones of a burst are opened
_SPACED = 0.4  # share of them that single requests may take
_APART_S = 0.01


@dataclass(frozen=True, slots=True)
class Triggered:
    """One zone of a burst: when it was opened and when it was shown; None if never.

    ``kept``: it is still shown when the last one is.
    """

    zone: Zone
    opened: Instant
    shown: Instant | None
    kept: bool = True

    @property
    def latency(self) -> Latency | None:
        """From the opening to the indication."""
        return None if self.shown is None else self.shown - self.opened


@dataclass(frozen=True, slots=True)
class Burst:
    """The result of zones opened together, in the order of opening."""

    zones: tuple[Triggered, ...]
    scan_s: float

    @property
    def span_s(self) -> float:
        """The longest time in which all zones were opened, in seconds."""
        return max(one.opened.latest for one in self.zones) - min(one.opened.earliest for one in self.zones)

    @property
    def lost(self) -> list[str]:
        """Zones that were never shown."""
        return [one.zone.device.id for one in self.zones if one.shown is None]

    @property
    def vanished(self) -> list[str]:
        """Zones that were shown and are no longer, though nobody reset: another alarm took their place."""
        return [one.zone.device.id for one in self.zones if one.shown is not None and not one.kept]

    @property
    def disordered(self) -> list[str]:
        """Zones surely shown after a zone that was surely opened later, by more than a scan of the panel."""
        seen = [(one, one.shown) for one in self.zones if one.shown is not None]
        return [
            early.zone.device.id
            for early, shown in seen
            if any(
                late.opened.earliest - early.opened.latest > self.scan_s and overtook.latest < shown.earliest
                for late, overtook in seen
            )
        ]

    def figure(self) -> dict[str, object]:
        """The timeline as plain numbers, in seconds from the first opening."""
        start = min(one.opened.earliest for one in self.zones)

        def pair(instant: Instant | None) -> list[float] | None:
            return None if instant is None else [instant.earliest - start, instant.latest - start]

        return {
            "window_s": BURST_S,
            "span_s": self.span_s,
            "zones": [one.zone.device.id for one in self.zones],
            "opened": [pair(one.opened) for one in self.zones],
            "shown": [pair(one.shown) for one in self.zones],
        }


@dataclass(frozen=True, slots=True)
class ClassStimulus:
    """One stimulus that must be shown as ``signal`` and nothing else."""

    zone: Zone
    circuit: str
    signal: ZoneSignal


@dataclass(frozen=True, slots=True)
class Zones:
    """The drawn zones of a panel, by their number."""

    panel: Panel
    all: tuple[Zone, ...]
    together: Callable[[Sequence[str]], list[Instant]]  # one request for adjacent relays

    def __iter__(self) -> Iterator[Zone]:
        return iter(self.all)

    def of_type(self, *types: str) -> list[Zone]:
        """The zones of these types of the inventory; without a type a zone is a normal one."""
        return [zone for zone in self.all if zone.type in types]

    def wired(self, role: str) -> list[Zone]:
        """The zones with a relay of the bench in the circuit ``role``."""
        return [zone for zone in self.all if zone.wired(role)]

    def rest(self) -> None:
        """Bring every zone to rest."""
        for zone in self.all:
            self.panel.bring_to_rest(zone)

    def of_burst(self) -> list[Zone]:
        """The zones without entry time."""
        return [zone for zone in self.all if zone.wired("loop") and zone.type != "entry"]

    def open_together(self, zones: Sequence[Zone]) -> Burst:
        """Open the loops of ``zones`` within a tenth of a second, in their order, and wait for all of them.

        Raises RigFault if the stamps do not prove the tenth of a second: then it was no burst. Each zone gets
        a request of its own while the bus is fast enough; the rest are opened with one request per run of
        adjacent relays.
        """
        opened = self._opened(zones)
        span = max(at.latest for at in opened) - min(at.earliest for at in opened)
        if span > BURST_S:
            raise RigFault(
                f"触发历时 {span * 1000:.0f} ms，超过 {BURST_S * 1000:.0f} ms，不构成同时触发",
                device=self.panel.device.id,
                remedy="Wire the zones to neighbouring relays of one board, or take load off the machine.",
            )
        shown = [
            self.panel.wait_for(zone, ZoneSignal.ALARM, since=at)
            for zone, at in zip(zones, opened, strict=True)
        ]
        still = self.panel.shown(ZoneSignal.ALARM)
        kept = [zone.number in still for zone in zones]
        return Burst(tuple(map(Triggered, zones, opened, shown, kept)), self.panel.scan_s)

    def _opened(self, zones: Sequence[Zone]) -> list[Instant]:
        first = zones[0].open_in_burst()
        opened = [first]
        apart = min(_APART_S, _SPACED * BURST_S / len(zones))
        for place, zone in enumerate(zones[1:], start=1):
            left = (len(zones) - place) * (opened[-1].latest - opened[-1].earliest)
            if now() + left > first.earliest + _SPACED * BURST_S:
                return opened + self._grouped(zones[place:])
            time.sleep(max(0.0, first.latest + place * apart - now()))
            opened.append(zone.open_in_burst())
        return opened

    def _grouped(self, zones: Sequence[Zone]) -> list[Instant]:
        instants = self.together([zone.device.wiring["loop"] for zone in zones])
        return [zone.opened_with_others(at) for zone, at in zip(zones, instants, strict=True)]

    def class_stimuli(self) -> list[ClassStimulus]:
        """One stimulus for each class that the bench can produce: intrusion, hold-up, tamper, fault."""
        wanted = (
            (self.of_type("normal"), ("loop",), ZoneSignal.ALARM),
            (self.of_type("hold_up"), ("loop",), ZoneSignal.HOLD_UP),
            (self.all, ("tamper",), ZoneSignal.TAMPER),
            (self.all, ("short", "supply", "eol_low", "eol_high", "mask"), ZoneSignal.FAULT),
        )
        found = []
        for zones, circuits, signal in wanted:
            fitting = [(zone, role) for role in circuits for zone in zones if zone.wired(role)]
            found += [ClassStimulus(*fitting[0], signal)] if fitting else []
        return found
