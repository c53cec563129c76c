# SPDX-License-Identifier: Apache-2.0
"""How the source of a linkage is fired, and whether its own system shows the event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from yanshou.equipment.around import Around
from yanshou.equipment.at_controller import OtherDoors
from yanshou.equipment.doors import Door
from yanshou.equipment.panel import Panel
from yanshou.equipment.platform import Platform
from yanshou.equipment.zone import Zone
from yanshou.model import Device, Instant
from yanshou.model.signal import DoorSignal, ZoneSignal


class Source(Protocol):
    """The source of a linkage."""

    def prepare(self) -> bool:
        """Bring it into the state in which the event counts; whether anything was switched for that."""
        ...

    def fire(self) -> Instant: ...
    def shown(self, since: Instant) -> str:
        """What its own system did not show of the event, in words; empty if it showed it or cannot."""
        ...

    def strays(self) -> list[str]:
        """In words, what its own system showed at other places since ``prepare``."""
        ...

    def end(self) -> None:
        """Let the event be over."""
        ...

    def bring_to_rest(self) -> None: ...


@dataclass(slots=True)
class ZoneSource:
    """A zone: its detector is triggered while it is set, or its cover is opened."""

    panel: Panel
    zone: Zone
    event: str
    _around: Around | None = None

    def prepare(self) -> bool:
        sets = self.event == "alarm" and not self.panel.is_armed(self.zone.partition)
        if self.event == "alarm":
            self.panel.arm(self.zone)
        self._around = Around.of(self.panel, self.zone)
        return sets

    def fire(self) -> Instant:
        return self.zone.open_tamper() if self.event == "tamper" else self.zone.open_loop()

    def shown(self, since: Instant) -> str:
        signal = ZoneSignal.TAMPER if self.event == "tamper" else ZoneSignal.ALARM
        if self.zone.is_hold_up and not self.panel.reports(signal):
            return ""
        return "" if self.panel.wait_for(self.zone, signal, since=since) else "源防区未报警"

    def strays(self) -> list[str]:
        found = self._around.strays() if self._around else []
        return [f"主机另显示 {one}" for one in found]

    def end(self) -> None:
        self.zone.restore()

    def bring_to_rest(self) -> None:
        self.panel.bring_to_rest(self.zone)


@dataclass(slots=True)
class DoorSource:
    """A door: opened by force, or a credential is presented."""

    door: Door
    event: str
    _others: OtherDoors | None = None

    def prepare(self) -> bool:
        """A door at rest is watched; what other doors show before is no effect of it."""
        if self.event == "forced":
            self._others = self.door.others_without(DoorSignal.FORCED)
        return False

    def fire(self) -> Instant:
        match self.event:
            case "granted":
                return self.door.present_authorised()
            case "denied":
                return self.door.present_unauthorised()
        return self.door.force_open()

    def shown(self, since: Instant) -> str:
        if self.event == "forced":
            return "" if self.door.wait_for(DoorSignal.FORCED, since=since) else "源门未显示强行开门"
        if self.event == "granted":
            return "" if self.door.wait_released(since=since) else "有权凭证未释放源门"
        return ""

    def strays(self) -> list[str]:
        return [f"{one} 同时显示强行开门" for one in (self._others.showing() if self._others else ())]

    def end(self) -> None:
        self.door.close()

    def bring_to_rest(self) -> None:
        self.door.bring_to_rest()


@dataclass(frozen=True, slots=True)
class FireSource:
    """The fire signal at a door controller."""

    doors: Sequence[Door]

    def prepare(self) -> bool:
        """Nothing to do."""
        return False

    def fire(self) -> Instant:
        return self.doors[0].disturb("fire")

    def shown(self, since: Instant) -> str:  # noqa: ARG002 - the shape of Source; another row tests its locks
        return ""

    def strays(self) -> list[str]:
        return []

    def end(self) -> None:
        self.doors[0].restore("fire")

    def bring_to_rest(self) -> None:
        for door in self.doors:
            door.bring_to_rest()


@dataclass(frozen=True, slots=True)
class PersonSource:
    """A source without a relay of the bench: a named person does it, and undoes it."""

    device: Device
    do: Callable[[], Instant]
    undo: Callable[[], object]

    def prepare(self) -> bool:
        """Nothing to do."""
        return False

    def fire(self) -> Instant:
        return self.do()

    def shown(self, since: Instant) -> str:  # noqa: ARG002 - the shape of Source
        return ""

    def strays(self) -> list[str]:
        return []

    def end(self) -> None:
        self.undo()

    def bring_to_rest(self) -> None:
        """Nothing to do: the person has undone it."""


@dataclass(frozen=True, slots=True)
class CommandSource:
    """A command that the platform of the centre gives through its interface."""

    platform: Platform
    effect: str
    target: str

    def prepare(self) -> bool:
        self.platform.begin()
        return False

    def fire(self) -> Instant:
        return self.platform.command(self.effect, self.target)

    def shown(self, since: Instant) -> str:  # noqa: ARG002 - the shape of Source; the answer was checked
        return ""

    def strays(self) -> list[str]:
        return []

    def end(self) -> None:
        """Nothing to do: a command has no end."""

    def bring_to_rest(self) -> None:
        """Nothing to do."""
