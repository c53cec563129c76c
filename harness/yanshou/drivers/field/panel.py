# SPDX-License-Identifier: Apache-2.0
"""An alarm panel by its profile, whatever its wire: flags per zone, or one state word per zone."""

from __future__ import annotations

import time
from collections.abc import Mapping

from yanshou.acquisition import Matches
from yanshou.drivers.field.freshness import Freshness
from yanshou.drivers.field.points import PanelLink, RoleWatch
from yanshou.drivers.profile import Command
from yanshou.model import Device, Instant, UsageError, now
from yanshou.model.signal import PanelSignal, Signal, Watched, ZoneSignal

_STATES: Mapping[Signal, frozenset[str]] = {
    ZoneSignal.ALARM: frozenset({"alarm", "hold_up"}),  # a hold-up alarm also counts as an alarm
    ZoneSignal.HOLD_UP: frozenset({"hold_up"}),
    ZoneSignal.TAMPER: frozenset({"tamper"}),
    ZoneSignal.FAULT: frozenset({"fault"}),
    ZoneSignal.OPEN: frozenset({"open"}),
    ZoneSignal.BYPASS: frozenset({"bypassed"}),
}
_CONFIRM_POLL_S = 0.02


class ProfilePanel:
    """An ``AlarmPanel``.  ``zones`` are the numbers of the inventory's zones by partition.

    The zones are watched from the first moment on, so that whatever a stimulus causes is bracketed.
    """

    def __init__(self, link: PanelLink, zones: Mapping[int, tuple[int, ...]]) -> None:
        self._link = link
        self._zones = zones
        self._fresh = Freshness(link)
        numbers = sorted({number for group in zones.values() for number in group})
        roles = [role for role in ("zone_state", *ZoneSignal) if link.profile.has(role)]
        self._watches = {str(role): link.watch(role, numbers) for role in roles} if numbers else {}
        for signal in PanelSignal:
            if link.profile.has(signal.value):
                every = range(1, link.profile.point(signal.value).count + 1)
                self._watches[signal.value] = link.watch(signal.value, every)

    @property
    def device(self) -> Device:
        return self._link.device

    def arm(self, partition: int = 1) -> None:
        self._command("arm", partition)

    def try_arm(self, partition: int, *, within: float) -> bool:
        command = self._link.profile.command("arm")
        for number in self._targets(command, partition):
            self._link.write(command, number)
        deadline = now() + within
        while not (self.is_armed(partition) or self._leaving(partition)):
            if now() > deadline:
                self._fresh.require(after=deadline)
                return False
            time.sleep(_CONFIRM_POLL_S)
        return True

    def _leaving(self, partition: int) -> bool:
        return self.reports(PanelSignal.EXIT) and self._link.flag(PanelSignal.EXIT.value, partition)

    def disarm(self, partition: int = 1) -> None:
        self._command("disarm", partition)

    def reset(self) -> None:
        command = self._link.profile.command("reset")
        partitions = self._zones if command.target in ("partition", "zone") else (1,)
        for partition in partitions:
            self._command("reset", partition)

    def is_armed(self, partition: int = 1) -> bool:
        if self._link.profile.has("partition_armed"):
            return self._link.flag("partition_armed", partition)
        shown = self._states(partition)
        return "armed" in shown and "disarmed" not in shown

    def is_unset(self, partition: int = 1) -> bool:
        if self._link.profile.has("partition_armed"):
            return not self._link.flag("partition_armed", partition)
        return "disarmed" in self._states(partition)

    def armed(self) -> frozenset[int]:
        if not self._link.profile.has("partition_armed"):
            return frozenset(number for number in self._zones if self.is_armed(number))
        return self._on("partition_armed")

    def alarmed_partitions(self) -> frozenset[int]:
        profile, role = self._link.profile, "partition_alarm"
        one_by_one = profile.has(role) and profile.point(role).count > 1
        return self._on(role) if one_by_one else frozenset()

    def _on(self, role: str) -> frozenset[int]:
        """The numbers of all points of a role of flags that are on now."""
        is_on = self._link.profile.point(role).on()
        return frozenset(number for number, value in self._link.values(role).items() if is_on(value))

    def reports(self, signal: Signal) -> bool:
        profile = self._link.profile
        if profile.has(signal.value):
            return True
        states = _STATES.get(signal, frozenset())
        return profile.has("zone_state") and bool(profile.point("zone_state").shows(states).among)

    def shows(self, number: int, signal: Signal) -> bool:
        role, matches = self._question(signal)
        value = self._watch(role, number).value(number)
        self._require_known(role, number, value)
        return matches(value)

    def shown(self, signal: Signal) -> frozenset[int]:
        role, matches = self._question(signal)
        values = self._link.values(role)
        for number in {one for group in self._zones.values() for one in group} & set(values):
            self._require_known(role, number, values[number])
        return frozenset(number for number, value in values.items() if matches(value))

    def wait_for(self, number: int, signal: Signal, *, since: Instant, within: float) -> Instant | None:
        role, matches = self._question(signal)
        watch = self._watch(role, number)
        seen = watch.wait(number, matches, since=since, within=within)
        if seen is None:
            self._require_legible(role, number, since, within)
        self._fresh.require_after(seen, since=since, within=within)
        return seen

    def watch(
        self, number: int, signal: Signal, *, shown: bool, seconds: float, since: Instant | None = None
    ) -> Watched:
        role, matches = self._question(signal)
        watch = self._watch(role, number)
        begun, moment = since is None, now() if since is None else since.latest
        since = Instant(moment, moment)
        value = watch.value(number)
        self._require_known(role, number, value)
        if begun and matches(value) is not shown:
            seen = watch.polls(number, since)
            return Watched(held=False, seconds=0.0, polls=seen.polls, longest_gap_s=seen.longest_gap_s)
        left = matches.inverse() if shown else matches
        changed = watch.wait(number, left, since=since, within=seconds)
        self._require_legible(role, number, since, seconds)
        if changed is None:
            self._fresh.require(after=moment + seconds)
        seen = watch.polls(number, since)
        return Watched(
            held=changed is None,
            seconds=seconds if changed is None else max(0.0, changed.earliest - moment),
            polls=seen.polls,
            longest_gap_s=seen.longest_gap_s,
            changed=changed,
        )

    def _question(self, signal: Signal) -> tuple[str, Matches]:
        """Find the role that shows ``signal`` on this panel, and how it is recognised."""
        profile = self._link.profile
        if profile.has(signal.value):
            return signal.value, profile.point(signal.value).on()
        if self.reports(signal):
            return "zone_state", profile.point("zone_state").shows(_STATES[signal])
        raise UsageError(
            f"profile {profile.name} does not say how {self.device.id} shows {signal.value}.",
            f"Add a point {signal.value} or its code to the map of zone_state.",
        )

    def _require_known(self, role: str, number: int, value: int) -> None:
        """RigFault for a code the profile has no word for: then the state of the panel is unknown."""
        point = self._link.profile.point(role)
        if point.states and not point.shows(frozenset(point.states.values()))(value):
            raise self._link.fault(
                f"{role} {number} shows {point.state_of(value)}, which the profile has no word for.",
                "Look the code up in the maker's document and add it to the map.",
            )

    def _require_legible(self, role: str, number: int, since: Instant, within: float) -> None:
        """The same for the whole period that was watched."""
        point, watch = self._link.profile.point(role), self._watch(role, number)
        if not point.states:
            return
        self._require_known(role, number, watch.value(number))
        known = point.shows(frozenset(point.states.values()))
        if watch.wait(number, known.inverse(), since=since, within=within) is not None:
            raise self._link.fault(
                f"{role} {number} showed a code meanwhile that the profile has no word for.",
                "Look the codes up in the maker's document and add them to the map.",
            )

    def _watch(self, role: str, number: int) -> RoleWatch:
        watch = self._watches.get(role)
        if watch is None or not watch.covers(number):
            raise UsageError(
                f"zone {number} of {self.device.id} is not in the inventory.", "Add a line for it."
            )
        return watch

    def _command(self, name: str, partition: int) -> None:
        command = self._link.profile.command(name)
        targets = self._targets(command, partition)
        for number in targets:
            self._link.write(command, number)
        begun = now()
        for number in targets:
            self._confirm(command, number, begun)

    def _targets(self, command: Command, partition: int) -> tuple[int, ...]:
        if command.target == "panel":
            return (1,)
        if command.target == "partition":
            return (partition,)
        zones = self._zones.get(partition, ())
        if not zones:
            raise UsageError(f"partition {partition} of {self.device.id} has no zones in the inventory.")
        return zones

    def _confirm(self, command: Command, number: int, begun: float) -> None:
        """Poll until the panel shows what the command demands; RigFault if it does not in time.

        The time runs from ``begun``, for all targets of one command together.
        """
        confirm = command.confirm
        if confirm is None:
            return
        point = self._link.profile.point(confirm.role)
        on = point.shows(frozenset({confirm.equals})) if isinstance(confirm.equals, str) else point.on()
        matches = on.inverse() if confirm.equals == 0 else on
        deadline = begun + confirm.within_s
        while not matches(value := self._link.values(confirm.role, [number])[number]):
            if now() > deadline:
                shown = point.state_of(value) if point.states else str(int(point.on()(value)))
                raise self._link.fault(
                    f"{command.name} was not confirmed within {confirm.within_s:g} s: "
                    f"{confirm.role} {number} shows {shown}, not {confirm.equals}.",
                    "Look at the panel: close open zones, clear alarms, check the user's rights.",
                )
            time.sleep(_CONFIRM_POLL_S)

    def _states(self, partition: int) -> set[str]:
        point = self._link.profile.point("zone_state")
        values = self._link.values("zone_state", self._targets(Command("arm", "zone"), partition))
        for number, value in values.items():
            self._require_known("zone_state", number, value)
        return {point.state_of(value) for value in values.values()}
