# SPDX-License-Identifier: Apache-2.0
"""A platform as a test sees it: its service, its commands, its events."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from yanshou.drivers.platform.link import PlatformLink, SeenEvent
from yanshou.equipment.host import Host
from yanshou.equipment.reactions import EffectPlace
from yanshou.model import Device, Instant, RigFault, now
from yanshou.rig.item_journal import ItemJournal

_POLL_S = 0.02
_SHOWN = 5
_HOUR_S, _NEAR_S = 3600.0, 60.0  # an offset so near to a number of hours looks like another time zone
_NOTICED_S = 60.0


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform. ``patience`` is how long an event is waited for, in seconds."""

    link: PlatformLink
    item_journal: ItemJournal
    patience: float

    @property
    def device(self) -> Device:
        """The platform in the inventory."""
        return self.link.device

    @property
    def host(self) -> Host:
        """Its service, which can be stopped."""
        return Host(self.device, self.link.answers, self.item_journal)

    def command(self, effect: str, target: str) -> Instant:
        """Give a command of the centre; the instant lies between its sending and the answer."""
        return self.item_journal.stimulus(
            f"command {effect} {target}", self.device.id, self.link.command(effect, target)
        )

    def begin(self) -> None:
        """Take what came so far as old, and what could not be read of it."""
        self.link.poll()
        self.link.unread.clear()

    def wait_event(
        self, kind: str, *, since: Instant, device: str = "", plate: str = "", within: float | None = None
    ) -> SeenEvent | None:
        """The first delivery of an event of this kind, of this device and plate where they are given.

        Raises RigFault if none came and something could not be read: it may have been the one; and if one
        came that may be an old one.
        """
        until = since.latest + (self.patience if within is None else within)
        settled = False
        while True:
            self.link.poll()
            for one in self.link.events(since):
                fits = (not device or one.device == device) and (not plate or one.event.plate == plate)
                fits = fits and not self.link.is_older(one, since)
                if one.event.kind == kind and not one.repeated and fits and one.at.earliest <= until:
                    self.require_fresh(one)
                    return self._noted(kind, one)
            if settled:
                self._noted(kind, None)
                self.require_readable()
                return None
            if now() > until:
                self.link.settle()
                settled = True  # what came until then is looked at once more
                continue
            time.sleep(_POLL_S)

    def require_fresh(self, seen: SeenEvent) -> None:
        """Raise RigFault if this may be an old event that was held back."""
        if self.link.is_doubtful(seen):
            raise RigFault(
                f"reported {seen.device or seen.event.device} {seen.event.word} with a stamp "
                f"{-(seen.skew_s or 0.0):.0f} s old, and no other event shows its clock that far off.",
                device=self.device.id,
                remedy="It may be an old event that was held back. Set its clock, or test again.",
            )

    def require_readable(self) -> None:
        """Raise RigFault if something that came since ``begin`` could not be read, or may not have come."""
        self.link.settle()
        self.link.poll()
        if self.link.unread:
            listed = "; ".join(self.link.unread[:_SHOWN])
            raise RigFault(
                f"what came from the platform cannot be read: {listed}.",
                device=self.device.id,
                remedy="Compare the platform's messages with its profile.",
            )

    def others(self, since: Instant, expected: Collection[str]) -> list[str]:
        """In words, the events since then of devices that are not expected, or that nobody listed."""
        self.link.poll()
        found = [
            f"平台报出 {one.device or one.event.device or '（无设备名）'} {one.event.word}"
            for one in self.link.events(since)
            if not one.repeated and one.device not in expected
        ]
        return list(dict.fromkeys(found))

    def other_plates(self, since: Instant, plate: str) -> list[str]:
        """The plates of wanted vehicles reported since then, other than this one."""
        plates = [one.event.plate for one in self.link.events(since) if one.event.kind == "wanted_vehicle"]
        return [one for one in dict.fromkeys(plates) if one != plate]

    def remarks(self, since: Instant) -> list[str]:
        """In words, what was odd about the deliveries since then: doubled ones, times of another zone."""
        events = self.link.events(since)
        doubled = sum(one.repeated for one in events)
        found = [f"平台 {self.device.id} 重复送达 {doubled} 次"] if doubled else []
        for one in events:
            if one.event.oddity:
                found.append(f"平台 {self.device.id} 的事件{_ODD.get(one.event.oddity, one.event.oddity)}")
            elif one.skew_s is not None and abs(one.skew_s) > _NOTICED_S:
                found.append(f"平台 {self.device.id} 的事件时间与检测台相差 {_offset(one.skew_s)}")
        return list(dict.fromkeys(found))

    def _noted(self, kind: str, found: SeenEvent | None) -> SeenEvent | None:
        value = (
            {"id": found.event.id, "device": found.event.device, "plate": found.event.plate}
            if found
            else None
        )
        self.item_journal.observation(
            f"{kind} at the platform", self.device.id, found.at if found else None, value
        )
        return found


_ODD = {"has no time": "没有时间", "names no device": "没有设备名"}


def _offset(skew_s: float) -> str:
    hours = round(skew_s / _HOUR_S)
    if hours and abs(skew_s - hours * _HOUR_S) < _NEAR_S:
        return f"{hours:+d} h（似为时区不同）"
    return f"{skew_s:+.0f} s"


@dataclass(frozen=True, slots=True)
class WatchedMessage:
    """The message of a source at the platform: a ``WatchedEffect`` effect."""

    place: EffectPlace
    platform: Platform
    source: str
    kind: str
    pulses: bool = False

    def active(self) -> bool:
        """Never: a message is an event. What came so far is old from now on."""
        self.platform.begin()
        return False

    def poll(self) -> None:
        self.platform.link.poll()

    def begun(self, since: Instant) -> list[Instant]:
        found = [
            one
            for one in self.platform.link.events(since)
            if not one.repeated
            and (one.device, one.event.kind) == (self.source, self.kind)
            and not self.platform.link.is_older(one, since)
        ]
        for one in found:
            self.platform.require_fresh(one)
        return [one.at for one in found]
