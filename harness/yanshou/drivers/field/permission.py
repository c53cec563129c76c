# SPDX-License-Identifier: Apache-2.0
"""The permission asked before a stimulus: by the terminal it uses, or by the device and its circuit."""

from __future__ import annotations

from typing import Protocol

from yanshou.model import Device


class StimulusPermission(Protocol):
    """Raises ``RigFault`` if a stimulus may not be given, before anything is sent."""

    def require_contact(self, relay: str) -> None:
        """Called with the terminal of a relay or an injector, such as ``RELAY-2/6``."""
        ...

    def require_circuit(self, device: Device, role: str) -> None:
        """Called with a device and one of its circuits, or a function of its keypad (``duress``)."""
        ...


class _Unguarded:
    """Permits everything, for a bench that moves nothing of a system, such as wired loops."""

    def require_contact(self, relay: str) -> None:
        """Always permitted."""

    def require_circuit(self, device: Device, role: str) -> None:
        """Always permitted."""


UNGUARDED: StimulusPermission = _Unguarded()
