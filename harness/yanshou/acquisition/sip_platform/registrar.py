# SPDX-License-Identifier: Apache-2.0
"""The registrar of the bench in the role of the upper platform (GB/T 28181 9.1, 9.6): rules without sockets.

Each request gets at most one answer and one entry. An entry never holds a password, a digest or a raw header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from aiosipua import SipResponse, parse_address

from yanshou.acquisition.entry_log import bare, shown
from yanshou.acquisition.sip_platform.class_a import ClassADevices, ClassARuling
from yanshou.acquisition.sip_platform.known_device import SipDevice
from yanshou.model import Instant
from yanshou.model.newest import Newest
from yanshou.protocols.gb28181 import (
    DigestGate,
    DigestOutcome,
    DigestVerdict,
    Manscdp,
    SipReading,
    UnreadableXml,
    read_manscdp,
    reply_to,
)

DEFAULT_EXPIRES_S: Final = 86_400
"""Granted to a device that asks for no time (GB/T 28181 9.1: the default)."""
MISSED: Final = 3
_REPEAT_S: Final = 32.0  # a request may be sent again for 64 * T1 (RFC 3261 17.1.2)
_REPEATS: Final = 16
_MOST_EXPIRES: Final = 2**31
_TAG: Final = "yanshou"
_VERSION: Final = "3.0"  # of GB/T 28181-2022; told to a device that tells its own
_ALLOW: Final = "REGISTER, MESSAGE, NOTIFY, ACK, BYE, INFO"
_CALLS: Final = 1024
_SIP_PORT: Final = 5060
_MOST_VALUES: Final = 40
_MOST_SHOWN: Final = 64
_LONGEST_VALUE: Final = 200
# after these a device may try again with the challenge sent along; after the others its password is wrong
_AGAIN: Final = frozenset(
    {DigestOutcome.ABSENT, DigestOutcome.UNREADABLE, DigestOutcome.WRONG_REALM, DigestOutcome.WRONG_ALGORITHM}
    | {DigestOutcome.FOREIGN_NONCE, DigestOutcome.STALE, DigestOutcome.REPLAYED}
)
_STALE: Final = frozenset({DigestOutcome.STALE, DigestOutcome.REPLAYED})

Entry = dict[str, Any]
_Request = tuple[
    str, int, str, str, str
]  # Call-ID, CSeq, method, Via and Authorization: the same if sent again


class PlatformConduct(StrEnum):
    """How the platform treats a device for a test."""

    SERVE = "serve"
    SILENT = "silent"
    REFUSE = "refuse"
    REDIRECT = "redirect"  # a REGISTER is answered 302 with a second address, where it is served


class SipEvent(StrEnum):
    """What an entry of the registrar is."""

    CHALLENGED = "challenged"  # a REGISTER that was answered 401
    REGISTERED = "registered"
    UNREGISTERED = "unregistered"
    REDIRECTED = "redirected"  # a REGISTER that was answered 302
    REFUSED = "refused"  # answered 403 or another error
    UNANSWERED = "unanswered"  # the platform is silent for a test
    KEEPALIVE = "keepalive"
    MESSAGE = "message"
    NOTIFIED = "notified"  # a NOTIFY of a subscription
    REPEATED = "repeated"  # the same request again, answered as before
    ANSWERED = "answered"  # an answer to a request of the platform
    OTHER = "other"  # an answer to nothing, an ACK
    UNREADABLE = "unreadable"
    NOISE = "noise"
    ENDED = "ended"  # a BYE of the device in a call of the platform
    OFFLINE = "offline"
    EXPIRED = "expired"


@dataclass(slots=True)
class _Link:
    """What is known of one device. Moments are seconds of ``model.now``."""

    known: SipDevice
    conduct: PlatformConduct = PlatformConduct.SERVE
    until: float | None = None  # end of the registration; None while there is none
    alive: float = 0.0  # the last keepalive or registration
    interval_s: float | None = None
    missed: int = MISSED
    ahead: timedelta = timedelta()  # of the Date it is told, for a test
    online: bool = False
    peer: str = ""
    answered: Newest[_Request, tuple[float, bytes]] = field(default_factory=lambda: Newest(_REPEATS))


@dataclass(frozen=True, slots=True)
class _Ruling:
    kind: SipEvent
    status: int = 0  # 0: no answer
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    said: Entry = field(default_factory=dict)


class Registrar:
    """The registrations and keepalives of the devices under one platform.

    ``realm``: of the digest, usually the first ten digits of the platform's code; ``qop``: whether it is
    offered. ``heard`` is called with each body that a registered device sends, and its device. ``class_a``:
    the devices that have to prove themselves by certificate.
    """

    def __init__(
        self,
        realm: str,
        devices: Iterable[SipDevice],
        *,
        qop: bool = False,
        heard: Callable[[str, Manscdp, Instant], None] = lambda _device, _body, _at: None,
        class_a: ClassADevices | None = None,
    ) -> None:
        self._heard, self._class_a = heard, class_a
        self.second = ""
        """The address in the Contact of a 302, as a SIP URI; empty while there is none."""
        self._gate = DigestGate(realm, qop=qop)
        self._links = {one.code: _Link(one) for one in devices}
        self._by_device = {link.known.device: link for link in self._links.values()}
        self._calls: Newest[str, _Link] = Newest(_CALLS)

    def called(self, call: str, device: str) -> None:
        """A call or subscription began: what belongs to it is the device's, whatever its From says."""
        self._calls[call] = self._by_device[device]

    def code_at(self, peer: str) -> str:
        """The code of the device that is registered from ``peer``; empty if none is."""
        there = (one.known.code for one in self._links.values() if one.until and one.peer == peer)
        return next(there, "")

    def conduct(self, device: str, conduct: PlatformConduct) -> None:
        """Treat a device so from now on."""
        self._by_device[device].conduct = conduct

    def supervise(self, device: str, interval_s: float | None, missed: int = MISSED) -> None:
        """Call a device offline once ``missed`` keepalives of this interval are due; None ends this."""
        link = self._by_device[device]
        link.interval_s, link.missed = interval_s, missed

    def shift(self, device: str, seconds: float) -> None:
        """Tell a device a Date that is so many seconds ahead from now on."""
        self._by_device[device].ahead = timedelta(seconds=seconds)

    def forgive(self, seconds: float) -> None:
        """Do not count a time in which the bench itself did not run."""
        for link in self._links.values():
            link.alive += seconds

    def take(
        self, asked: SipReading, peer: str, at: Instant, clock: datetime, *, moved: bool = False
    ) -> tuple[bytes, Entry]:
        """Judge one message that arrived at ``at``; returns the answer (empty for none) and its entry.

        ``clock`` is the local time of the site, for the Date header. ``moved``: it came to the second
        address, where nobody is sent on.
        """
        answer, entry = self._taken(asked, peer, at, clock, moved=moved)
        return answer, {name: bare(value) for name, value in entry.items()}

    def _taken(
        self, asked: SipReading, peer: str, at: Instant, clock: datetime, *, moved: bool
    ) -> tuple[bytes, Entry]:
        head = asked.head
        link = self._calls.get(asked.call_id) or self._links.get(asked.sender)
        entry: Entry = {
            "device": link.known.device if link else "",
            "code": asked.sender[:40],
            "method": asked.method,
            "call": asked.call_id[:200],
            "begun_here": asked.call_id in self._calls,
            "sequence": asked.sequence,
            "peer": peer,
            "moved": moved,
            "odd": [one.value for one in asked.oddities],
        }
        if isinstance(head, SipResponse) or asked.method == "ACK":
            return b"", entry | {"kind": SipEvent.OTHER.value}
        key = (
            asked.call_id,
            asked.sequence,
            asked.method,
            asked.header("via"),
            asked.header("authorization"),
        )
        if link is not None and (again := _answered(link, key, at.latest)) is not None:
            return again, entry | {"kind": SipEvent.REPEATED.value}
        ruling = self._sent_on(asked, link) if not moved else None
        ruling = ruling or self._rule(asked, link, peer, at, clock)
        entry |= {"kind": ruling.kind.value, "status": ruling.status, "reason": ruling.reason, **ruling.said}
        entry |= self._note(asked, link, at, clock)
        if not ruling.status:
            return b"", entry
        answer = reply_to(asked, ruling.status, ruling.reason, tag=_TAG, headers=ruling.headers)
        if link is not None:
            link.answered[key] = (at.latest, answer)
        return answer, entry

    def check(self, moment: float) -> list[Entry]:
        """The devices that went offline or whose registration ended, each told once."""
        found = []
        for link in self._links.values():
            if link.until is not None and moment > link.until:
                found.append(_change(SipEvent.EXPIRED, link, link.until, moment))
                link.until, link.online = None, False
            if not link.online or link.interval_s is None:
                continue
            due = link.alive + link.interval_s * link.missed
            if moment > due:
                found.append(_change(SipEvent.OFFLINE, link, due, moment))
                link.online = False
        return found

    def _note(self, asked: SipReading, link: _Link | None, at: Instant, clock: datetime) -> Entry:
        """What the digest of a request of class A shows; empty where none is due."""
        if self._class_a is None or link is None or asked.method == "REGISTER":
            return {}
        said = self._class_a.note(asked, link.known.code, at.latest, clock)
        return said and said | {"told_ahead_s": link.ahead.total_seconds()}

    def _sent_on(self, asked: SipReading, link: _Link | None) -> _Ruling | None:
        """The ruling of a device that is sent to the second address; None if it is not."""
        if link is None or link.conduct is not PlatformConduct.REDIRECT:
            return None
        if asked.method != "REGISTER":
            return _Ruling(SipEvent.REFUSED, 403, "Forbidden", said=_seen(asked) | {"why": "test"})
        contact = (("Contact", f"<{self.second}>"),)
        return _Ruling(SipEvent.REDIRECTED, 302, "Moved Temporarily", contact, _asked_for(asked))

    def _rule(
        self, asked: SipReading, link: _Link | None, peer: str, at: Instant, clock: datetime
    ) -> _Ruling:
        if link is None:
            return _Ruling(SipEvent.REFUSED, 403, "Forbidden", said={"why": "unknown code"})
        if link.conduct is PlatformConduct.SILENT:
            return _Ruling(SipEvent.UNANSWERED, said=_seen(asked))
        if link.conduct is PlatformConduct.REFUSE:
            return _Ruling(SipEvent.REFUSED, 403, "Forbidden", said=_seen(asked) | {"why": "test"})
        if asked.method == "REGISTER":
            return self._register(asked, link, peer, at, clock)
        if asked.method in ("BYE", "INFO"):
            if asked.call_id not in self._calls:
                return _Ruling(SipEvent.REFUSED, 481, "Call/Transaction Does Not Exist")
            return _Ruling(SipEvent.ENDED if asked.method == "BYE" else SipEvent.OTHER, 200, "OK")
        if asked.method not in ("MESSAGE", "NOTIFY"):
            return _Ruling(SipEvent.REFUSED, 405, "Method Not Allowed", (("Allow", _ALLOW),))
        if link.until is None:
            return _Ruling(SipEvent.REFUSED, 403, "Forbidden", said={"why": "not registered"})
        return self._take_body(asked, link, peer, at)

    def _take_body(self, asked: SipReading, link: _Link, peer: str, at: Instant) -> _Ruling:
        try:
            body = read_manscdp(asked.body)
        except UnreadableXml as error:
            said = {"why": str(error)[:200], "bytes": shown(asked.body, _LONGEST_VALUE)}
            return _Ruling(SipEvent.REFUSED, 400, "Bad Request", said=said)
        said = _response(body) | {"other_peer": peer != link.peer}
        if asked.method == "MESSAGE" and (body.root, body.command) == ("Notify", "Keepalive"):
            return _keepalive(body, link, at, said)
        self._heard(link.known.device, body, at)
        if asked.method == "MESSAGE":
            return _Ruling(SipEvent.MESSAGE, 200, "OK", said=said)
        said["event"] = asked.header("event")[:_LONGEST_VALUE]
        said["state"] = asked.header("subscription-state")[:_LONGEST_VALUE]
        return _Ruling(SipEvent.NOTIFIED, 200, "OK", said=said)

    def _register(self, asked: SipReading, link: _Link, peer: str, at: Instant, clock: datetime) -> _Ruling:
        said = _asked_for(asked)
        if parse_address(asked.header("to")).uri.user != link.known.code:
            return _Ruling(SipEvent.REFUSED, 403, "Forbidden", said=said | {"why": "To is another device"})
        if self._class_a is not None:
            ruled = self._class_a.register(asked, link.known.code, at.latest, datetime.now(UTC))
            if ruled is not None:
                return self._by_certificate(asked, link, peer, at, clock, ruled)
            said |= self._class_a.plain(asked, link.known.code)
        verdict = self._verdict(asked, link, at)
        said |= {"digest": verdict.outcome.value, "fits": verdict.fits}
        said |= {"other_uri": verdict.other_uri, "reused": verdict.reused}
        if verdict.outcome in _AGAIN:
            challenge = self._gate.challenge(at.latest, stale=verdict.outcome in _STALE)
            return _Ruling(SipEvent.CHALLENGED, 401, "Unauthorized", (("WWW-Authenticate", challenge),), said)
        if verdict.outcome is not DigestOutcome.ACCEPTED:
            return _Ruling(SipEvent.REFUSED, 403, "Forbidden", said=said | {"why": verdict.outcome.value})
        if self._class_a is not None:
            self._class_a.forget(link.known.code)
        return self._grant(asked, link, peer, at, clock, said)

    def _by_certificate(
        self, asked: SipReading, link: _Link, peer: str, at: Instant, clock: datetime, ruled: ClassARuling
    ) -> _Ruling:
        """The ruling of a device that proves itself by its certificate, or says that it will."""
        said = _asked_for(asked) | ruled.said
        if ruled.challenge:
            said["signed"] = ruled.why != "announced"  # a capability is no credential
            challenge = (("WWW-Authenticate", ruled.challenge),)
            return _Ruling(SipEvent.CHALLENGED, 401, "Unauthorized", challenge, said)
        if not ruled.granted:
            return _Ruling(SipEvent.REFUSED, 403, "Forbidden", said=said | {"why": ruled.why})
        return self._grant(asked, link, peer, at, clock, said, (("SecurityInfo", ruled.granted),))

    def _grant(
        self,
        asked: SipReading,
        link: _Link,
        peer: str,
        at: Instant,
        clock: datetime,
        said: Entry,
        more: tuple[tuple[str, str], ...] = (),
    ) -> _Ruling:
        """Take the registration, or the logout, of a device that proved itself."""
        if said["bad_expires"]:
            return _Ruling(SipEvent.REFUSED, 400, "Bad Request", said=said | {"why": "Expires is no number"})
        granted = DEFAULT_EXPIRES_S if said["expires"] is None else said["expires"]
        date = ("Date", (clock + link.ahead).replace(tzinfo=None).isoformat(timespec="milliseconds"))
        version = (("X-GB-Ver", _VERSION),) if said["version"] else ()
        headers: tuple[tuple[str, str], ...] = (date, ("Expires", str(granted)), *version, *more)
        if granted == 0:
            link.until, link.online = None, False
            return _Ruling(SipEvent.UNREGISTERED, 200, "OK", headers, said)
        link.until, link.alive, link.online, link.peer = at.latest + granted, at.latest, True, peer
        headers += tuple(("Contact", one) for one in asked.head.get_header_values("contact")[:1])
        return _Ruling(SipEvent.REGISTERED, 200, "OK", headers, said | {"granted": granted, "date": date[1]})

    def _verdict(self, asked: SipReading, link: _Link, at: Instant) -> DigestVerdict:
        uri = getattr(asked.head, "uri", "")
        password = link.known.password
        header = asked.header("authorization")
        return self._gate.judge(header, asked.method, uri, link.known.code, password, at.latest)


def _answered(link: _Link, key: _Request, moment: float) -> bytes | None:
    """The answer to a request that came before; None if it is new."""
    old = link.answered.get(key)
    silent = link.conduct in (PlatformConduct.SILENT, PlatformConduct.REFUSE)
    return None if old is None or silent or moment - old[0] > _REPEAT_S else old[1]


def _asked_for(asked: SipReading) -> Entry:
    """The time a REGISTER asks for: the parameter of Contact, else Expires; None if it names none."""
    contacts = asked.head.get_header_values("contact")
    inner = parse_address(contacts[0]).params.get("expires") if contacts else None
    text = inner if inner is not None else asked.header("expires")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None  # noqa: PLR2004
    bad = bool(text) and (number is None or number >= _MOST_EXPIRES)
    version = asked.header("x-gb-ver")[:20]
    said: Entry = {"expires": None if bad else number, "bad_expires": bad, "version": version}
    said["signed"] = bool(asked.header("authorization"))
    if contacts:
        uri = parse_address(contacts[0]).uri
        said["contact"] = f"{uri.host}:{uri.port or _SIP_PORT}"[:_LONGEST_VALUE]
    return said


def _seen(asked: SipReading) -> Entry:
    """What a request says that is not served for a test."""
    if asked.method == "REGISTER":
        return _asked_for(asked)
    try:
        return _response(read_manscdp(asked.body))
    except UnreadableXml as error:
        return {"why": str(error)[:200]}


def _keepalive(body: Manscdp, link: _Link, at: Instant, said: Entry) -> _Ruling:
    if body.device != link.known.code:
        return _Ruling(
            SipEvent.REFUSED, 400, "Bad Request", said=said | {"why": "keepalive of another device"}
        )
    link.alive, link.online = at.latest, True
    return _Ruling(SipEvent.KEEPALIVE, 200, "OK", said=said | {"health": body.values.get("Status", "")[:20]})


def _response(body: Manscdp) -> Entry:
    said: Entry = {
        "root": body.root,
        "command": body.command[:40],
        "sn": body.sn,
        "target": body.device[:40],
        "encoding": body.encoding,
        "xml_odd": [one.value for one in body.oddities],
    }
    if body.root == "Notify":
        said["values"] = _shown(body.values)
        said["items"] = [_shown(item) for item in body.items[:_MOST_SHOWN]]
        said["total"] = body.total
    return said


def _shown(values: dict[str, str]) -> dict[str, str]:
    kept = list(values.items())[:_MOST_VALUES]
    return {name[:_LONGEST_VALUE]: text[:_LONGEST_VALUE] for name, text in kept}


def _change(kind: SipEvent, link: _Link, due: float, moment: float) -> Entry:
    at = [min(due, moment), moment]
    known = link.known
    return {"kind": kind.value, "device": known.device, "code": known.code, "first": at, "complete": at}
