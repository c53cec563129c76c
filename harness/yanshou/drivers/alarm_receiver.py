# SPDX-License-Identifier: Apache-2.0
"""The bench's receiving centre for a site: one process for all its receivers and accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from yanshou.acquisition.centre import Account, Answer, Centre, Received
from yanshou.drivers.mistakes import mistake_of
from yanshou.model import Device, DeviceKind, Instant, RigFault, Site, UsageError
from yanshou.model.trouble import Mistake
from yanshou.protocols.dc09 import KEY_LENGTHS, EventClass, Qualifier
from yanshou.site import device_secret
from yanshou.site.secrets import DEMO_PASSWORD

RECEIVER = "dc09-receiver"
ACCOUNT = "dc09-account"
DC09_PORT = 12000


class CentreLink:
    """An ``AlarmReceiver``: what one alarm link reports to the bench, and how it is answered."""

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

    def wait(self, match: Mapping[str, object], *, after: int, until: float) -> Received | None:
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
    ) -> Received | None:
        match: dict[str, object] = {"class": event_class.value, "qualifier": qualifier.value}
        if zone is not None:
            match["zone"] = zone
        match |= {"kind": "message", "repeated": False}
        found = self.wait(match, after=after, until=since.latest + within)
        while found is not None and found.complete.latest < since.earliest:  # of something before
            found = self.wait(match, after=found.number, until=since.latest + within)
        return found

    def received(self, after: int) -> list[Received]:
        return self._centre.received(after, {"account": self._device.id})

    def unread(self, after: int) -> list[Received]:
        return self._centre.unread(self._device.id, after)

    def answer(
        self,
        answer: Answer | None,
        *,
        count: int | None = None,
        events_only: bool = False,
        paths: Sequence[int] = (),
        cut: bool = False,
    ) -> None:
        self._centre.answer(
            self._device.id, answer, count=count, events_only=events_only, paths=paths, cut=cut
        )

    def supervise(self, limit_s: float | None) -> None:
        self._centre.supervise(self._device.id, limit_s, self._paths)


class SiteCentre:
    """All receivers of a site, opened at once; raises ``UsageError`` for a site file that does not fit."""

    def __init__(self, site: Site) -> None:
        if mistakes := list(receiver_mistakes(site)):
            raise UsageError(mistakes)
        self._site = site
        self._receivers = [device.id for device in receivers_of(site)]
        accounts = [
            Account(link.id, str(_options(link)["account"]), key_of(site, link)) for link in links_of(site)
        ]
        self._centre = Centre([address_of(device) for device in receivers_of(site)], accounts)

    @property
    def note(self) -> str:
        """How the process is scheduled."""
        return self._centre.note

    def link(self, device_id: str) -> CentreLink:
        """The link ``device_id`` as it reports to the bench."""
        device = self._site.devices[device_id]
        if device not in links_of(self._site):
            raise RigFault(
                "does not report to a receiver of the bench.",
                device=device_id,
                remedy=f"Give it a {ACCOUNT} connection, or test it by hand.",
                final=True,
            )
        names = [str(_options(device)[key]) for key in ("receiver", "alternate") if key in _options(device)]
        return CentreLink(device, self._centre, [self._receivers.index(name) + 1 for name in names])

    def close(self) -> None:
        """Stop listening."""
        self._centre.close()


def receivers_of(site: Site) -> list[Device]:
    """The receivers of the bench, in inventory order: the first is path 1."""
    return [one for one in site.of_kind(DeviceKind.ALARM_RECEIVER) if _protocol(one) == RECEIVER]


def links_of(site: Site) -> list[Device]:
    """The alarm links that report to a receiver of the bench."""
    return [one for one in site.of_kind(DeviceKind.ALARM_LINK) if _protocol(one) == ACCOUNT]


def address_of(device: Device) -> tuple[str, int]:
    """Host and port of a DC-09 receiver."""
    assert device.connection is not None
    return device.connection.host, device.connection.port or DC09_PORT


def key_of(site: Site, device: Device) -> bytes:
    """The AES key of a link, empty when it has none; an emulated site without it uses a public one."""
    assert device.connection is not None
    text = device_secret(site, device.connection)
    if text == DEMO_PASSWORD:
        return hashlib.sha256(text.encode()).digest()[:16]
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b"?"
    if text and len(key) not in KEY_LENGTHS:
        raise UsageError(
            [mistake_of(device, "its key is none.", "A key has 32, 48 or 64 hexadecimal digits.")]
        )
    return key


def receiver_mistakes(site: Site) -> Iterator[Mistake]:
    """What is wrong between links and receivers, without listening anywhere."""
    known = {device.id for device in receivers_of(site)}
    taken: dict[int, Device] = {}
    for link in links_of(site):
        for role in ("receiver", "alternate"):
            name = str(_options(link).get(role, ""))
            if name and name not in known:
                names = ", ".join(sorted(known)) or "none"
                yield mistake_of(link, f"its {role} {name} is no alarm_receiver.", f"Receivers: {names}.")
        account = str(_options(link).get("account", ""))
        if not account:
            yield mistake_of(link, "its connection has no account.", 'Add account = "…".')
            continue
        first = taken.setdefault(int(account, 16), link)
        if first is not link:
            yield mistake_of(link, f"has the account of {first.id}.", "Give each link its own.")
        if link.connection is not None and link.connection.secret is not None:
            yield from _key_mistakes(site, link)


def _key_mistakes(site: Site, link: Device) -> Iterator[Mistake]:
    try:
        key_of(site, link)
    except UsageError as error:
        yield from (one for one in error.mistakes if "its key is none" in one.what)  # a missing one is told


def _options(device: Device) -> Mapping[str, object]:
    return device.connection.options if device.connection else {}


def _protocol(device: Device) -> str:
    return device.connection.protocol if device.connection else ""
