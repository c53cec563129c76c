# SPDX-License-Identifier: Apache-2.0
"""A panel that lets the bench act as one of its users."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.drivers.field.points import PanelLink
from yanshou.model import Device


class ProfileKeypad:
    """A ``Keypad``; ``permit`` is called with the panel and the function before each use."""

    def __init__(self, link: PanelLink, permit: Callable[[Device, str], None]) -> None:
        self._link = link
        self._permit = permit

    def can(self, function: str) -> bool:
        return self._link.profile.can(function)

    def log_in(self, user: int) -> None:
        self._link.write(self._link.profile.command("log_in"), user)

    def log_out(self, user: int) -> None:
        self._link.write(self._link.profile.command("log_in"), user, back=True)

    def ask_for(self, function: str, number: int = 1) -> None:
        self._permit(self._link.device, function)
        self._link.write(self._link.profile.command(function), number)

    def take_back(self, function: str, number: int = 1) -> None:
        self._link.write(self._link.profile.command(function), number, back=True)
