# SPDX-License-Identifier: Apache-2.0
"""A device that is reached by GB/T 28181, as a test sees it: registered at the bench, asked, commanded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from yanshou.acquisition.sip_platform import PlatformConduct, ReceivedSip, SipEvent, SipGathered
from yanshou.drivers.gb28181.addresses import GbAddress, address_of, behind, is_gb28181
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.evaluation.sip import device_time
from yanshou.model import Device, Instant, NonConformity, RigFault, now, utc_of
from yanshou.protocols.gb28181.requests import Fields
from yanshou.rig.item_journal import ItemJournal

REGISTER_WAIT_S = 300.0
"""How long a device may take to register after the platform opened: some try again every few minutes only."""
ANEW_S = 600.0
"""How long a device may take to register anew once it is refused."""
LOGOUT_S = 30.0
FOLLOW_S = 90.0
DEFAULTS_S = {"keepalive_s": 60.0, "register_expires_s": 86_400.0}
"""What a device is set to where the site file says nothing (GB/T 28181 9.1, 9.6)."""
_UNREAD = (SipEvent.UNREADABLE, SipEvent.NOISE)
_SHOWN = 8


@dataclass(slots=True)
class Registrant:
    """A device, and the platform it registers at: itself, or through the recorder or platform it is behind.

    ``permit`` is called before each command; it raises if commands are not released. ``wait_s`` is how long
    after the platform opened a registration is waited for.
    """

    device: Device
    address: GbAddress
    platform: SitePlatform
    item_journal: ItemJournal
    permit: Callable[[], None]
    wait_s: float = REGISTER_WAIT_S

    @property
    def anew_s(self) -> float:
        """Seconds it may take to register twice: until it misses keepalives, and until it tries again."""
        return 2 * self.wait_s

    @property
    def name(self) -> str:
        """The id of the device that registers."""
        return self.address.registrant.id

    @property
    def registers_itself(self) -> bool:
        """Whether the device registers itself, not a recorder or platform in front of it."""
        return self.address.registrant is self.device

    def mark(self) -> int:
        """The number of the platform's last entry."""
        return self.platform.inner.mark()

    def entries(self, after: int = 0) -> list[ReceivedSip]:
        """What came from the device that registers, since the platform opened or after an entry."""
        return self.platform.inner.received(after, {"device": self.name})

    def cameras(self) -> list[Device]:
        """The cameras that the inventory has behind it."""
        return [one for one in self.platform.site.devices.values() if one.parent == self.device.id]

    def channels(self) -> dict[str, str]:
        """The codes of the devices behind it, by their ids, as the site file states them."""
        return {one.device.id: one.channel for one in behind(self.platform.site, self.device)}

    def others(self) -> dict[str, str]:
        """The codes of the site's devices that are neither this one nor behind it, and their ids."""
        site = self.platform.site
        known = [address_of(site, one) for one in site.devices.values() if is_gb28181(one)]
        return {one.channel: one.device.id for one in known if one.registrant is not self.address.registrant}

    # -- registration ---------------------------------------------------------------------------------------

    def wait_registered(self) -> bool:
        """Wait until it has registered at all, up to ``wait_s`` after the platform opened."""
        until = max(now() + 0.1, self.platform.opened + self.wait_s)
        match = {"device": self.name, "kind": SipEvent.REGISTERED.value}
        return self.platform.inner.wait(0, match, until=until) is not None

    def require_registered(self) -> None:
        """A final RigFault if it does not register: then nothing can be learnt from it over this wire."""
        if not self.wait_registered():
            self.require_readable(0)
            raise RigFault(
                f"{self.wait_s:g} s 内未向检测平台注册 / does not register at the bench's platform.",
                device=self.device.id,
                remedy="See its registration; compare address, port, code, realm and password at the device.",
                final=True,
            )

    def wait_registered_after(self, after: int) -> bool:
        """Wait until it has registered after an entry, up to ``wait_s``."""
        match = {"device": self.name, "kind": SipEvent.REGISTERED.value}
        return self.platform.inner.wait(after, match, until=now() + self.wait_s) is not None

    def wait_left(self, after: int) -> bool:
        """Wait until it has logged out after an entry, up to LOGOUT_S."""
        match = {"device": self.name, "kind": SipEvent.UNREGISTERED.value}
        return self.platform.inner.wait(after, match, until=now() + LOGOUT_S) is not None

    def setting(self, name: str) -> float:
        """A time it is set to, in s: as the site file says, else the default (keys of DEFAULTS_S)."""
        return self.device.quantity(name, "s", DEFAULTS_S[name])

    def set_on_site(self, name: str) -> float | None:
        """The time, where the site file states another than the default; else None."""
        stated = self.setting(name)
        return None if stated == DEFAULTS_S[name] else stated

    def wait_alarm(self, after: int, *, until: float) -> None:
        """Wait until an alarm message of it has come after an entry."""
        match = {"device": self.name, "root": "Notify", "command": "Alarm"}
        self.platform.inner.wait(after, match, until=until)

    def linger(self, after: int, seconds: float) -> list[ReceivedSip]:
        """What came after an entry, once ``seconds`` more have gone: doubled messages come late."""
        self.platform.inner.wait(self.mark(), {"kind": ""}, until=now() + seconds)
        return self.entries(after)

    def strangers(self) -> list[str]:
        """The codes that asked to register and are in no inventory."""
        refused = self.platform.inner.received(0, {"device": "", "kind": SipEvent.REFUSED.value})
        return sorted({f"{one.said['code']}（{one.peer}）" for one in refused if one.said.get("code")})

    def require_readable(self, after: int) -> None:
        """Raise RigFault if something came that could not be read and may have been from the device."""
        peers = {one.peer.rpartition(":")[0] for one in self.entries()}
        host = self.address.host
        unread = [
            one
            for kind in _UNREAD
            for one in self.platform.inner.received(after, {"kind": kind.value})
            if not peers or one.peer.rpartition(":")[0] in peers | ({host} if host else set())
        ]
        unread += [one for one in self.entries(after) if one.kind is SipEvent.REFUSED and "bytes" in one.said]
        for one in unread[:_SHOWN]:
            said = {key: one.said.get(key) for key in ("peer", "why", "bytes")}
            self.item_journal.observation("not readable at the platform", self.name, one.complete, said)
        if unread:
            first = unread[0].said
            raise RigFault(
                f"what came from {first.get('peer')} cannot be read ({first.get('why')}): "
                f"{first.get('bytes')}",
                device=self.device.id,
                remedy="See the bytes in the journal: the device's SIP, or what stands between it and us.",
            )

    @contextmanager
    def treated(self, conduct: PlatformConduct) -> Iterator[Instant]:
        """Be silent to the device, or refuse it, while the context lasts; yields since when."""
        before = now()
        self.platform.inner.conduct(self.name, conduct)
        try:
            yield self.item_journal.stimulus(f"platform {conduct.value}", self.name, Instant(before, now()))
        finally:
            self.platform.inner.conduct(self.name, PlatformConduct.SERVE)
            self.platform.disturbed[self.name] = self.mark()

    def serve(self) -> None:
        """Serve the device again and tell it the right time."""
        self.platform.undisturbed(self.name)

    def shift_date(self, seconds: float) -> None:
        """Tell the device a Date so many seconds ahead whenever it registers; a stimulus of its clock."""
        self.permit()
        before = now()
        self.platform.inner.shift(self.name, seconds)
        self.item_journal.stimulus(f"Date {seconds:+g} s", self.name, Instant(before, now()))

    def keepalive_wait(self, count: int) -> float:
        """How long so many keepalives are waited for, in s: twice as long as they should take."""
        return 2 * count * self.setting("keepalive_s")

    def keepalives(self, count: int) -> list[ReceivedSip]:
        """The keepalives since the platform last disturbed the device or the device registered.

        Waits until there are ``count``, up to ``keepalive_wait``.
        """
        until = now() + self.keepalive_wait(count)
        while True:
            entries = self.entries(self.platform.disturbed.get(self.name, 0))
            begun = max((n for n, one in enumerate(entries) if one.kind is SipEvent.REGISTERED), default=-1)
            found = [one for one in entries[begun + 1 :] if one.kind is SipEvent.KEEPALIVE]
            if len(found) >= count or now() >= until:
                return found
            match = {"device": self.name, "kind": SipEvent.KEEPALIVE.value}
            self.platform.inner.wait(self.mark(), match, until=until)

    def register_anew(self, *, within: float = ANEW_S) -> ReceivedSip | None:
        """Refuse the device until it registers anew, then let it; None if it has not ``within`` seconds."""
        mark, until = self.mark(), now() + within
        with self.treated(PlatformConduct.REFUSE):
            self.platform.inner.wait(mark, {"device": self.name, "method": "REGISTER"}, until=until)
        match = {"device": self.name, "kind": SipEvent.REGISTERED.value}
        return self.platform.inner.wait(mark, match, until=until)

    def sent_on(self, *, within: float = ANEW_S, follow: float | None = None) -> tuple[bool, bool]:
        """Send the device to a second address by 302 when it registers anew.

        Returns whether it asked to register ``within`` so many seconds, and whether it then registered at the
        second address within ``follow`` more (FOLLOW_S, or ``wait_s`` where that is shorter).
        """
        mark, until = self.mark(), now() + within
        with self.treated(PlatformConduct.REDIRECT):
            match = {"device": self.name, "kind": SipEvent.REDIRECTED.value}
            redirected = self.platform.inner.wait(mark, match, until=until)
            if redirected is None:
                return False, False
            there = {"device": self.name, "kind": SipEvent.REGISTERED.value, "moved": True}
            followed = self.platform.inner.wait(
                mark, there, until=now() + (min(FOLLOW_S, self.wait_s) if follow is None else follow)
            )
            return True, followed is not None

    # -- questions and commands -----------------------------------------------------------------------------

    def ask(self, command: str, fields: Fields | None = None, *, total_s: float | None = None) -> SipGathered:
        """Ask the device (of a channel: what it is behind) by MANSCDP; what it answered is journalled.

        ``total_s``: how long it is waited for (None: as the plan says).
        """
        self.require_registered()
        return self._asked("Query", command, fields, self.platform.query_s if total_s is None else total_s)

    def command(self, name: str, fields: Fields, *, total_s: float = 10.0) -> SipGathered:
        """Give a DeviceControl command once; ``name`` is what it is called in the journal."""
        self.permit()
        self.require_registered()
        said = self._asked("Control", "DeviceControl", fields, total_s)
        self.item_journal.stimulus(name, self.device.id, said.sent)
        return said

    def _asked(self, root: str, command: str, fields: Fields | None, total_s: float) -> SipGathered:
        mark = self.mark()
        said = self.platform.inner.ask(
            self.name,
            command,
            self.address.channel,
            fields,
            root=root,
            idle_s=min(self.platform.idle_s, total_s),
            total_s=total_s,
        )
        if not said.whole:
            self.require_readable(mark)
        value: dict[str, object] = {"state": said.state.value, "status": said.status, "parts": said.parts}
        value |= {"sums": said.totals, "items": len(said.items), "odd": said.odd}
        value |= {"encodings": said.encodings}
        self.item_journal.observation(f"{command} answered", self.device.id, said.complete, value)
        return said

    def clock_ahead(self) -> Instant | None:
        """How far its clock is ahead of the bench, in seconds; None if it states no time that can be read.

        DeviceTime of DeviceStatus, to the second; within the sending of the question and the answer.
        """
        asked = utc_of(0.0)
        said = self.ask("DeviceStatus", total_s=20.0)
        shown = device_time(said.values.get("DeviceTime", ""), ZoneInfo(self.platform.site.time_zone))
        if shown is None or said.first is None:
            return None
        stamp = shown.timestamp() - asked
        ahead = Instant(stamp - said.first.latest, stamp + 1.0 - said.sent.earliest)
        value = round(ahead.middle, 3)
        self.item_journal.observation("clock ahead of the bench, s", self.device.id, said.first, value)
        return ahead

    def as_evidence(self, entries: list[ReceivedSip]) -> bytes:
        """Entries as a file of evidence; no secret is in them."""
        return as_evidence(entries)

    def require_taken(self, said: SipGathered, what: str) -> None:
        """Raise NonConformity if the message of a command was not answered 200."""
        if said.status // 100 != 2:  # noqa: PLR2004 - success
            raise NonConformity(f"{what}的消息未得到 200 应答（{said.status or '无应答'}）")


def as_evidence(entries: list[ReceivedSip]) -> bytes:
    """The entries as JSON lines: what came, when, and how it was answered; no secret is in them."""
    return "".join(json.dumps(dict(one.said), ensure_ascii=False) + "\n" for one in entries).encode()
