# SPDX-License-Identifier: Apache-2.0
"""The relays and inputs of the bench's boards.  De-energised is the original circuit."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.acquisition import Area, Bus
from yanshou.drivers.points import Link, PointWatch
from yanshou.model import Instant

REST = 0


@dataclass(frozen=True, slots=True)
class RelayRest:
    """The rest state of one relay channel, with all that is needed to write it without any profile."""

    device: str
    bus: Bus
    unit: int
    area: Area
    address: int
    value: int = REST

    def as_json(self) -> dict[str, object]:
        """Plain data for the watchdog's pipe."""
        return {
            "device": self.device,
            "bus": self.bus.as_json(),
            "unit": self.unit,
            "area": self.area.value,
            "address": self.address,
            "value": self.value,
        }


class RelayOutput:
    """One relay channel, counted from 0 as printed on the board: a ``ContactOutput``."""

    def __init__(self, link: Link, channel: int) -> None:
        self._link = link
        self._number = channel + 1
        self.channel = channel

    @property
    def name(self) -> str:
        return f"{self._link.device.id}/{self.channel}"

    def operate(self) -> Instant:
        return self._link.write(self._link.profile.command("relay"), self._number)

    def release(self) -> Instant:
        return self._link.write(self._link.profile.command("relay"), self._number, REST)


class RelayInput:
    """One input channel, counted from 0: a ``ContactInput``.  All inputs of a board share one watch."""

    def __init__(self, link: Link, channel: int, watch: PointWatch) -> None:
        self._link = link
        self._number = channel + 1
        self._watch = watch
        self.channel = channel

    @property
    def name(self) -> str:
        return f"{self._link.device.id}/di{self.channel}"

    def is_active(self) -> bool:
        return self._watch.point.on()(self._watch.value(self._number))

    def wait_active(self, *, since: Instant, within: float) -> Instant | None:
        return self._watch.wait(self._number, self._watch.point.on(), since=since, within=within)

    def wait_inactive(self, *, since: Instant, within: float) -> Instant | None:
        off = self._watch.point.on().inverse()
        return self._watch.wait(self._number, off, since=since, within=within)


def rests_of(link: Link) -> list[RelayRest]:
    """List the rest state of every relay of a board."""
    point, command = link.profile.point("relay"), link.profile.command("relay")
    return [
        RelayRest(link.device.id, link.bus, link.unit, command.area, command.place(number))
        for number in range(1, point.count + 1)
    ]
