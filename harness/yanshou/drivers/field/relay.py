# SPDX-License-Identifier: Apache-2.0
"""The relays and inputs of the bench's boards.  De-energised is the original circuit."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from yanshou.acquisition import Area, Bus, Matches, Polls
from yanshou.drivers.field.points import ModbusLink, PointWatch
from yanshou.model import Device, Instant, RigFault, UsageError, now

REST = 0
_MOST_STEPS = 0x7FFF
_EXACT = 1e-6  # of a step

_RELAY_MS = 15.0  # common boards operate in 5-10 ms and bounce for 1-3 ms; not measured on this one
_INPUT_MS = 10.0


class NotAtRest(RigFault):
    """A relay could not be written to its rest state by this process; another process may still succeed."""


@dataclass(frozen=True, slots=True)
class RelayRest:
    """The rest state of one relay channel, with everything needed to write it without a profile."""

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


@dataclass(frozen=True, slots=True)
class ContactDelays:
    """The largest delays of a board's contacts after the signal on the wire, in seconds.

    A relay operates some milliseconds after its coil is written, and bounces; an input is filtered. Unless a
    loopback calibration of this board replaces them, these bounds widen every instant.
    """

    relay_s: float
    input_s: float

    @classmethod
    def of(cls, board: Device, *, emulated: bool) -> ContactDelays:
        """From the inventory (``relay_delay_max_ms``, ``input_delay_max_ms``), else 15 ms and 10 ms.

        The contacts of an emulated board have no delay.
        """
        relay, filtered = (0.0, 0.0) if emulated else (_RELAY_MS, _INPUT_MS)
        return cls(
            board.quantity("relay_delay_max_ms", "ms", relay) / 1000,
            board.quantity("input_delay_max_ms", "ms", filtered) / 1000,
        )


class RelayOutput:
    """One relay channel, counted from 0 as printed on the board: a ``ContactOutput``.

    ``bounds`` are calibrated bounds by contact and edge, in seconds; they replace ``delays``. ``permit`` is
    called before the relay leaves its rest state and raises if that is not allowed.
    """

    def __init__(
        self,
        link: ModbusLink,
        channel: int,
        delays: ContactDelays,
        bounds: Mapping[str, float] = MappingProxyType({}),
        permit: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._link = link
        self._number = channel + 1
        self._delays = delays
        self._bounds = bounds
        self._permit = permit
        self.channel = channel

    @property
    def name(self) -> str:
        return f"{self._link.device.id}/{self.channel}"

    def moved(self, written: Instant, edge: str) -> Instant:
        """The instant in which the contact moved, for a coil written at ``written``."""
        via = f"{self.name}:{edge}"
        bound = self._bounds.get(via, self._delays.relay_s)
        return Instant(written.earliest, written.latest + bound, via, bound)

    def operate(self) -> Instant:
        self._permit(self.name)
        return self.moved(self._link.write(self._link.profile.command("relay"), self._number), "operate")

    def release(self) -> Instant:
        """Restore the original circuit; returns the instant of the contact."""
        relay = self._link.profile.command("relay")
        moved = self.moved(self._link.write(relay, self._number, relay.off), "release")
        # a reset sent before the contact has moved would clear nothing
        time.sleep(max(0.0, moved.latest - now()))
        return moved

    def pulse(self, seconds: float) -> Instant:
        """Energise for ``seconds``, timed by the board itself; returns the instant of its beginning.

        Raises ``UsageError`` if the board cannot do that, or not for so long. The relay returns by itself.
        """
        pulse = self._link.profile.command("pulse")
        steps = round(seconds / pulse.step_s)
        if not 1 <= steps <= _MOST_STEPS or abs(steps * pulse.step_s - seconds) > _EXACT * pulse.step_s:
            raise UsageError(
                f"{self.name} cannot pulse for {seconds:g} s: it counts in steps of {pulse.step_s:g} s.",
                "Ask for a multiple of that, or operate and release the relay.",
            )
        self._permit(self.name)
        return self.moved(self._link.write(pulse, self._number, steps), "operate")


class RelayInput:
    """One input channel, counted from 0: a ``ContactInput``. All inputs of a board share one watch.

    ``latch`` watches the board's memory of rising inputs, if it has one: it shows pulses shorter than a poll.
    """

    def __init__(
        self,
        link: ModbusLink,
        channel: int,
        watch: PointWatch,
        delays: ContactDelays,
        bounds: Mapping[str, float] = MappingProxyType({}),
        latch: PointWatch | None = None,
    ) -> None:
        self._link = link
        self._number = channel + 1
        self._watch = watch
        self._delays = delays
        self._bounds = bounds
        self._latch = latch
        self._clear = False  # whether the latch was clear at the last poll
        self.channel = channel

    @property
    def name(self) -> str:
        return f"{self._link.device.id}/di{self.channel}"

    def is_active(self) -> bool:
        active = self._live()
        if not active and not self._clear:
            self.clear_latch()
        return active

    def clear_latch(self) -> None:
        """Clear the latch, so that the next rise is seen; boards without latches ignore this.

        The state before is polled first, so a wait about that time still finds it.
        """
        latch = self._latch
        if latch is None:
            return
        risen = latch.point.on()
        if risen(latch.value(self._number)) and not self._live():
            self._link.write(self._link.profile.command("clear_latch"))
        self._clear = not risen(latch.value(self._number))

    def _live(self) -> bool:
        return self._watch.point.on()(self._watch.value(self._number))

    def wait_active(self, *, since: Instant, within: float) -> Instant | None:
        return self._wait(self._watch.point.on(), since, within, "on")

    def wait_inactive(self, *, since: Instant, within: float) -> Instant | None:
        return self._wait(self._watch.point.on().inverse(), since, within, "off")

    def polls(self, since: Instant) -> Polls:
        """How often the input was polled since, and the longest time between two polls."""
        return self._watch.polls(self._number, since)

    def _wait(self, matches: Matches, since: Instant, within: float, edge: str) -> Instant | None:
        watch = self._watch
        if edge == "on" and self._latch is not None and self._clear:
            watch, matches = self._latch, self._latch.point.on()
            self._clear = False
        seen = watch.wait(self._number, matches, since=since, within=within)
        if seen is None:
            return None
        via = f"{self.name}:{edge}"
        bound = self._bounds.get(via, self._delays.input_s)
        return Instant(seen.earliest - bound, seen.latest, via, bound)


def rests_of(link: ModbusLink) -> list[RelayRest]:
    """The rest state of every relay of a board."""
    point, command = link.profile.point("relay"), link.profile.command("relay")
    return [
        RelayRest(link.device.id, link.bus, link.unit, command.area, command.place(number), command.off)
        for number in range(1, point.count + 1)
    ]
