# SPDX-License-Identifier: Apache-2.0
"""An access controller by its profile: one flag per door and signal."""

from __future__ import annotations

from collections.abc import Callable, Collection

from yanshou.drivers.field.freshness import Freshness
from yanshou.drivers.field.points import PanelLink, RoleWatch
from yanshou.model import Device, Instant, UsageError
from yanshou.model.signal import DoorCommand, DoorSignal


class ProfileDoorController:
    """A ``DoorController``.  ``doors``: the numbers of the inventory's doors, all watched.

    ``permit`` is called with the door and the command before each command, and raises if it is not allowed.
    """

    def __init__(
        self, link: PanelLink, doors: Collection[int], permit: Callable[[Device, str], None]
    ) -> None:
        self._link = link
        self._permit = permit
        self._fresh = Freshness(link)
        roles = [signal for signal in DoorSignal if link.profile.has(signal.value)]
        self._watches = {
            role.value: link.watch(role.value, [1] if role is DoorSignal.LINK else doors)
            for role in (roles if doors else ())
        }

    @property
    def device(self) -> Device:
        return self._link.device

    def reset(self) -> None:
        """End what it shows still; one that shows no signals has nothing to end."""
        if self._watches or self._link.profile.can("reset"):
            self._link.write(self._link.profile.command("reset"))

    def shows(self, door: int, signal: DoorSignal) -> bool:
        watch = self._watch(door, signal)
        return watch.point.on()(watch.value(door))

    def wait_for(self, door: int, signal: DoorSignal, *, since: Instant, within: float) -> Instant | None:
        watch = self._watch(door, signal)
        seen = watch.wait(door, watch.point.on(), since=since, within=within)
        self._fresh.require_after(seen, since=since, within=within)
        return seen

    def reports(self, signal: DoorSignal) -> bool:
        return self._link.profile.has(signal.value)

    def can(self, command: DoorCommand) -> bool:
        return self._link.profile.can(command.value)

    def command(self, door: Device, command: DoorCommand) -> Instant:
        self._permit(door, command.value)
        return self._link.write(self._link.profile.command(command.value), door.number or 0)

    def take_back(self, door: Device, command: DoorCommand) -> Instant:
        return self._link.write(self._link.profile.command(command.value), door.number or 0, back=True)

    def _watch(self, door: int, signal: DoorSignal) -> RoleWatch:
        watch = self._watches.get(signal.value)
        if watch is None:
            self._link.profile.point(signal.value)  # raises if the profile lacks it
        if watch is None or not watch.covers(door):
            raise UsageError(
                f"door {door} of {self.device.id} is not in the inventory.", "Add a line for it."
            )
        return watch
