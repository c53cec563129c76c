# SPDX-License-Identifier: Apache-2.0
"""A platform as the bench meets it: its events as they come, its commands, and whether it answers at all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yanshou.drivers.platform.events import PlatformEvent, UnreadableEventsError, events_of
from yanshou.drivers.platform.profile import PlatformProfile, load_platform
from yanshou.model import Device, DeviceKind, Instant, RigFault, Site, UsageError, now, utc_of
from yanshou.model.site import mistake_of
from yanshou.model.trouble import Mistake
from yanshou.protocols import http
from yanshou.site import device_secret

if TYPE_CHECKING:
    from yanshou.acquisition.centre import ReceivedPost

REST, ONVIF = "rest", "onvif"
WIRES = frozenset({REST, ONVIF})
_LIMITS = http.Limits(connect_s=2.0, read_s=3.0, total_s=6.0, max_bytes=4 * 1024 * 1024)
_ALIVE = http.Limits(connect_s=1.0, read_s=2.0, total_s=3.0, max_bytes=1024 * 1024)
_GOOD = range(200, 300)
_LIST_EVERY_S = 0.1
_STALE_S = 1.5  # clocks that show whole seconds, and the way to us
_LONG_S, _HOUR_S = 60.0, 3600.0  # by which a stamp lies before the arrival of an event that was held back
_DOWN = 500  # a proxy that answers for a service that is down


Posts = Callable[[int], "list[ReceivedPost]"]
"""Gives what a platform posted after the number of an entry."""


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event of the platform, when it reached the bench, and how.

    ``device`` is the id of the inventory, empty if the platform names a device nobody listed. ``skew_s`` is
    its time minus ours at arrival. ``repeated``: the same event was delivered before.
    """

    event: PlatformEvent
    device: str
    at: Instant
    skew_s: float | None
    repeated: bool


@dataclass(slots=True)
class PlatformLink(ABC):
    """One platform. ``names``: the platform's name of a device → its id in the inventory."""

    device: Device
    names: dict[str, str]
    unread: list[str] = field(default_factory=list, init=False)
    """What came and could not be read, in words: it may have been an awaited event."""
    _seen: list[SeenEvent] = field(default_factory=list, init=False)
    _known: set[tuple[str, str, str]] = field(default_factory=set, init=False)

    @abstractmethod
    def poll(self) -> None:
        """Take what came until now; called again and again while an event is awaited."""

    @abstractmethod
    def settle(self) -> None:
        """Raise RigFault unless all events until now were certainly delivered, or are in ``unread``."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the platform's service answers a question now."""

    @abstractmethod
    def can(self, effect: str) -> bool:
        """Whether it takes a command for this effect."""

    @abstractmethod
    def command(self, effect: str, target: str) -> Instant:
        """Give a command once; RigFault if the platform does not accept it."""

    @abstractmethod
    def close(self) -> None:
        """Close its connections."""

    def name_of(self, device: str) -> str:
        """The platform's name of a device of the inventory."""
        return next((name for name, known in self.names.items() if known == device), device)

    def events(self, since: Instant) -> list[SeenEvent]:
        """The events that reached the bench at or after ``since``, repeated ones too."""
        return [one for one in self._seen if one.at.latest >= since.earliest]

    def is_older(self, seen: SeenEvent, than: Instant) -> bool:
        """Whether an event happened before ``than`` for certain, though it reached the bench after it.

        The clock of its device is at least as far ahead of ours as the freshest event of that device was
        stamped; one stamped more than ``_STALE_S`` earlier than that allows was held back on its way.
        """
        if seen.skew_s is None:
            return False
        own = [one for one in self._seen if one.event.device == seen.event.device]
        ahead = max(one.skew_s for one in own if one.skew_s is not None)
        return seen.at.latest + seen.skew_s - ahead < than.earliest - _STALE_S

    def is_doubtful(self, seen: SeenEvent) -> bool:
        """Whether it may be an old event that was held back, and nothing tells that from a clock that is off.

        It is stamped long before it came. A clock that far off shows at other events, too; one of another
        time zone is off by whole hours.
        """
        if seen.skew_s is None or seen.skew_s > -_LONG_S:
            return False
        if abs(seen.skew_s - round(seen.skew_s / _HOUR_S) * _HOUR_S) < _LONG_S:
            return False
        others = [
            one.skew_s for one in self._seen if one.event.id != seen.event.id and one.skew_s is not None
        ]
        return all(abs(one - seen.skew_s) > _LONG_S for one in others)

    def take(self, event: PlatformEvent, at: Instant, utc: float, *, listed: bool = False) -> None:
        """Keep an event that reached the bench ``at``, ``utc`` by its clock; a list repeats what it held."""
        key = event.id, event.device, event.word
        repeated = key in self._known
        if repeated and listed:
            return
        self._known.add(key)
        skew = None if event.when is None else event.when.timestamp() - utc
        self._seen.append(SeenEvent(event, self.names.get(event.device, ""), at, skew, repeated))


@dataclass(slots=True)
class RestLink(PlatformLink):
    """A platform over HTTP. ``posts`` gives what it posted after an entry; None if it posts nothing here."""

    profile: PlatformProfile
    session: http.HttpSession
    zone: ZoneInfo
    posts: Posts | None
    permit: Callable[[str, str], None]
    """Called with effect and target before a command is given; raises if that was not released."""
    _after: int = field(default=0, init=False)
    _listed: float | None = field(default=None, init=False)  # when the last list was asked for

    @classmethod
    def of(
        cls,
        site: Site,
        device: Device,
        posts: Posts | None,
        permit: Callable[[str, str], None],
    ) -> RestLink:
        """The link to a platform of the site; UsageError for a wrong profile."""
        assert device.connection is not None
        home = http.base(device.connection)
        verify = bool(device.connection.options.get("tls_verify", True))
        secret = device_secret(site, device.connection)
        return cls(
            device,
            names_of(site),
            load_platform(device.profile, site.folder),
            http.session(device.connection.user, secret, home=home, verify_tls=verify),
            ZoneInfo(site.time_zone),
            posts,
            permit,
        )

    def poll(self) -> None:
        """Take what was posted; if nothing is posted here, read the list, at most ten times a second."""
        self._take_posts()
        due = self._listed is None or now() - self._listed > _LIST_EVERY_S
        if self.posts is None and self.profile.poll_path and due:
            self._take_list()

    def settle(self) -> None:
        """Nothing to prove: a list is read whole, and what is posted and lost is lost by the platform."""

    def answers(self) -> bool:
        """Whether the platform's service answers a question now."""
        path = self.profile.alive_path or self.profile.poll_path or "/"
        try:
            answer = self._ask("GET", path, _ALIVE)
        except RigFault:
            return False
        return answer.status < _DOWN

    def can(self, effect: str) -> bool:
        """Whether the profile has a command for this effect."""
        return effect in self.profile.commands

    def command(self, effect: str, target: str) -> Instant:
        """Give a command once; RigFault if the platform does not accept it."""
        self.permit(effect, target)
        path, body = self.profile.commands[effect].filled(self.name_of(target))
        before = now()
        answer = self._ask(self.profile.commands[effect].method, path, _LIMITS, body)
        if answer.status not in _GOOD:
            shown = answer.content[:120].decode("utf-8", "replace")
            raise RigFault(
                f"refused the command {effect} of {target}: {answer.status} {shown}".strip(),
                device=self.device.id,
                since=before,
            )
        return Instant(before, now())

    def close(self) -> None:
        """Close its connections."""
        self.session.close()

    # -- what came ------------------------------------------------------------------------------------------

    def _take_posts(self) -> None:
        for post in self.posts(self._after) if self.posts else ():
            self._after = post.number
            if post.reason:
                self.unread.append(f"{post.reason}（{post.data[:60]}）" if post.data else post.reason)
                continue
            at = Instant(post.first.earliest, post.complete.latest)
            self._take(post.body, self.profile.push_list, at, post.utc)

    def _take_list(self) -> None:
        asked = now()
        answer = self._ask("GET", self.profile.poll_path, _LIMITS)
        got, first = now(), self._listed is None
        if answer.status not in _GOOD:
            raise RigFault(
                f"answered {self.profile.poll_path} with status {answer.status}.", device=self.device.id
            )
        since = asked if self._listed is None else self._listed
        before = len(self._seen)
        text = answer.content.decode("utf-8", "replace")
        self._take(text, self.profile.poll_list, Instant(since, got), utc_of(got), listed=True)
        if first:
            del self._seen[before:]  # they were there before anybody looked
        self._listed = asked

    def _take(self, text: str, place: str, at: Instant, utc: float, *, listed: bool = False) -> None:
        try:
            found = events_of(self.profile, text, place, self.zone)
        except UnreadableEventsError as error:
            self.unread.append(str(error))
            return
        for event in found:
            self.take(event, at, utc, listed=listed)

    def _ask(self, method: str, path: str, limits: http.Limits, body: bytes | None = None) -> http.HttpAnswer:
        headers = {"Content-Type": "application/json"} if body else {}
        address = http.base(self.device.connection) if self.device.connection else None
        assert address is not None
        target = http.home(address.host, address.port, tls=address.scheme == "https", target=path)
        return http.exchange(
            self.session,
            method,
            target,
            device=self.device.id,
            limits=limits,
            data=body,
            headers=headers,
            once=method != "GET",
        )


def names_of(site: Site) -> dict[str, str]:
    """The names a platform gives the devices of the inventory → their ids."""
    return {str(one.attributes.get("platform_id", one.id)): one.id for one in site.devices.values()}


def platforms_of(site: Site) -> list[Device]:
    """The platforms that the bench reaches."""
    platforms = site.of_kind(DeviceKind.PLATFORM)
    return [one for one in platforms if one.connection is not None and one.connection.protocol in WIRES]


def listens_at(device: Device) -> tuple[str, int] | None:
    """Where the bench takes what the platform posts; None if it posts nothing."""
    if device.connection is None or (port := device.connection.options.get("listen")) is None:
        return None
    return str(device.connection.options.get("listen_host", "127.0.0.1")), int(str(port))


def platform_mistakes(site: Site) -> Iterator[Mistake]:
    """Mistakes in the platforms of a site, found without asking anybody."""
    for device in platforms_of(site):
        if device.connection is not None and device.connection.protocol == ONVIF:
            yield from _double_names(device, site)  # its topics are those of the standard: it has no profile
            continue
        if not device.profile:
            yield mistake_of(device, "has no profile.", 'Name one: profile = "generic-rest".')
            continue
        try:
            profile = load_platform(device.profile, site.folder)
        except UsageError as error:
            yield from error.mistakes
            continue
        if profile.push_path and not profile.poll_path and listens_at(device) is None:
            yield mistake_of(device, "posts its events, and nobody listens.", "Add listen = PORT.")
        yield from _double_names(device, site)


def _double_names(device: Device, site: Site) -> Iterator[Mistake]:
    taken: dict[str, Device] = {}
    for one in site.devices.values():
        name = str(one.attributes.get("platform_id", one.id))
        first = taken.setdefault(name, one)
        if first is not one:
            yield mistake_of(one, f"{device.id} calls it {name}, as {first.id}.", "Correct platform_id.")
