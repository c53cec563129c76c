# SPDX-License-Identifier: Apache-2.0
"""The bench's relays in the circuits of one zone."""

from __future__ import annotations

from yanshou.drivers.capabilities import ContactOutput
from yanshou.drivers.mistakes import mistake_of
from yanshou.model import Device, Instant, UsageError


class RelayZone:
    """A ``ZoneStimulus``: an energised relay opens the loop, or the tamper loop, of the zone."""

    def __init__(self, device: Device, loop: ContactOutput | None, tamper: ContactOutput | None) -> None:
        self._device = device
        self._circuits = {"loop": loop, "tamper": tamper}

    @property
    def device(self) -> Device:
        return self._device

    def open_loop(self) -> Instant:
        return self._relay("loop").operate()

    def close_loop(self) -> Instant:
        return self._relay("loop").release()

    def open_tamper(self) -> Instant:
        return self._relay("tamper").operate()

    def close_tamper(self) -> Instant:
        return self._relay("tamper").release()

    def _relay(self, circuit: str) -> ContactOutput:
        relay = self._circuits[circuit]
        if relay is None:
            remedy = f"Wire one and write {circuit}=RELAY-1/0 in its wiring."
            raise UsageError([mistake_of(self._device, f"no relay is in its {circuit}.", remedy)])
        return relay
