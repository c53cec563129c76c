# SPDX-License-Identifier: Apache-2.0
"""The bench's receiving centre for a site: one process for all receivers and accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from yanshou.acquisition.centre import Account, Centre, CentreAnswer, ReceivedMessage, ReceivedPost
from yanshou.drivers.alarm_link.links import (
    ACCOUNT,
    address_of,
    key_of,
    links_of,
    options_of,
    receiver_mistakes,
    receivers_of,
)
from yanshou.model import Device, Instant, RigFault, Site, UsageError
from yanshou.protocols.dc09 import EventClass, Qualifier


class CentreLink:
    """An ``AlarmReceiver``: the reports of one alarm link to the bench, and how they are answered."""

    def __init__(self, device: Device, centre: Centre, paths: Sequence[int]) -> None:
        self._device = device
        self._centre = centre
        self._paths = tuple(paths)

    @property
    def device(self) -> Device:
        return self._device

    @property
    def paths(self) -> tuple[int, ...]:
        return self._paths

    def mark(self) -> int:
        return self._centre.mark()

    def wait(self, match: Mapping[str, object], *, after: int, until: float) -> ReceivedMessage | None:
        return self._centre.wait(after, {**match, "account": self._device.id}, until=until)

    def wait_event(
        self,
        event_class: EventClass,
        zone: int | None,
        *,
        qualifier: Qualifier,
        after: int,
        since: Instant,
        within: float,
    ) -> ReceivedMessage | None:
        match: dict[str, object] = {"class": event_class.value, "qualifier": qualifier.value}
        if zone is not None:
            match["zone"] = zone
        match |= {"kind": "message", "repeated": False}
        found = self.wait(match, after=after, until=since.latest + within)
        # an entry about something earlier
        while found is not None and found.complete.latest < since.earliest:
            found = self.wait(match, after=found.number, until=since.latest + within)
        return found

    def received(self, after: int) -> list[ReceivedMessage]:
        return self._centre.received(after, {"account": self._device.id})

    def unread(self, after: int) -> list[ReceivedMessage]:
        return self._centre.unread(self._device.id, after)

    def answer(
        self,
        answer: CentreAnswer | None,
        *,
        count: int | None = None,
        events_only: bool = False,
        paths: Sequence[int] = (),
        cut: bool = False,
    ) -> None:
        self._centre.answer(
            self._device.id, answer, count=count, events_only=events_only, paths=paths, cut=cut
        )

    def set_clock(self, ahead_s: float) -> None:
        self._centre.set_clock(self._device.id, ahead_s)

    def supervise(self, limit_s: float | None) -> None:
        self._centre.supervise(self._device.id, limit_s, self._paths)


class SiteCentre:
    """All receivers of a site, opened at once; raises ``UsageError`` for mistakes in the site file."""

    def __init__(self, site: Site) -> None:
        if mistakes := list(receiver_mistakes(site)):
            raise UsageError(mistakes)
        self._site = site
        self._receivers = [device.id for device in receivers_of(site)]
        accounts = [
            Account(link.id, str(options_of(link)["account"]), key_of(site, link)) for link in links_of(site)
        ]
        self._centre = Centre([address_of(device) for device in receivers_of(site)], accounts)

    @property
    def note(self) -> str:
        """The scheduling class of the process."""
        return self._centre.note

    def link(self, device_id: str) -> CentreLink:
        """The link ``device_id``, as it reports to the bench."""
        device = self._site.devices[device_id]
        if device not in links_of(self._site):
            raise RigFault(
                "does not report to a receiver of the bench.",
                device=device_id,
                remedy=f"Give it a {ACCOUNT} connection, or test it by hand.",
                final=True,
            )
        names = [
            str(options_of(device)[key]) for key in ("receiver", "alternate") if key in options_of(device)
        ]
        return CentreLink(device, self._centre, [self._receivers.index(name) + 1 for name in names])

    def posts(
        self, device_id: str, address: tuple[str, int], path: str, answer: str
    ) -> Callable[[int], list[ReceivedPost]]:
        """Listen for what a platform posts; returns what gives its posts after the number of an entry."""
        self._centre.listen(device_id, address, path, answer)
        return lambda after: self._centre.posts(device_id, after)

    def close(self) -> None:
        """Stop listening."""
        self._centre.close()
