# SPDX-License-Identifier: Apache-2.0
"""The bench's relays in the circuits of one device."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.drivers.capabilities import ContactOutput
from yanshou.model import Device, Instant, UsageError
from yanshou.model.site import mistake_of


class RelayCircuits:
    """A ``CircuitStimulus``: an energised relay disturbs its circuit."""

    def __init__(self, device: Device, relays: Mapping[str, ContactOutput]) -> None:
        self._device = device
        self._relays = relays

    @property
    def device(self) -> Device:
        return self._device

    def has(self, role: str) -> bool:
        return role in self._relays

    def disturb(self, role: str) -> Instant:
        return self._relay(role).operate()

    def restore(self, role: str) -> Instant:
        return self._relay(role).release()

    def _relay(self, role: str) -> ContactOutput:
        if role not in self._relays:
            remedy = f"Wire one and write {role}=RELAY-1/0 in its wiring."
            raise UsageError([mistake_of(self._device, f"no relay is in its {role}.", remedy)])
        return self._relays[role]


class RelayZone(RelayCircuits):
    """A ``ZoneStimulus``."""

    def open_loop(self) -> Instant:
        return self.disturb("loop")

    def close_loop(self) -> Instant:
        return self.restore("loop")

    def open_tamper(self) -> Instant:
        return self.disturb("tamper")

    def close_tamper(self) -> Instant:
        return self.restore("tamper")
