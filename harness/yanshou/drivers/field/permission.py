# SPDX-License-Identifier: Apache-2.0
"""Who is asked before a stimulus is given: by the wire it goes through, or by the device and its circuit."""

from __future__ import annotations

from typing import Protocol

from yanshou.model import Device


class StimulusPermission(Protocol):
    """Raises ``RigFault`` when a stimulus may not be given, before anything is sent."""

    def require_contact(self, relay: str) -> None:
        """Asked with the terminal of a relay or an injector, such as ``RELAY-2/6``."""
        ...

    def require_circuit(self, device: Device, role: str) -> None:
        """Asked with a device and one of its circuits, or a function of its keypad (``duress``)."""
        ...


class _Unguarded:
    """Lets everything through: for a bench that moves nothing of a system, such as loops that are wired."""

    def require_contact(self, relay: str) -> None:
        """No question."""

    def require_circuit(self, device: Device, role: str) -> None:
        """No question."""


UNGUARDED: StimulusPermission = _Unguarded()
