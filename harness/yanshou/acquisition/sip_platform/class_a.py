# SPDX-License-Identifier: Apache-2.0
"""Devices of class A (GB 35114) at the platform: how each proved itself, and the key agreed with it.

A device whose certificate the laboratory has is asked to prove itself by it. If it comes by password instead,
it is served, so that what else it does can be seen; that it did is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from yanshou.model.newest import Newest
from yanshou.protocols.gb28181 import SipOddity, SipReading
from yanshou.protocols.gb28181.requests import Seal

if TYPE_CHECKING:
    from yanshou.acquisition.sip_platform.known_device import SipDevice
    from yanshou.protocols.gb35114.registering import ClassAAccount, ClassAGate, ClassAVerdict

OLD_KEY_S: Final = 5.0
"""How long the key before still counts: a message may be on its way while the device registers anew."""
TAKES_KEY_S: Final = 1.0
"""How long a device is given to take a new key: what is signed with it and comes sooner, it may refuse."""
_MOST_NONCES: Final = 4096
_DIGEST: Final = "digest"
_AGAIN: Final = frozenset({"announced", "stale", "replayed", "foreign_random"})
"""After these a device is challenged, and may try over a fresh random number."""
_TWO: Final = "two headers that differ"  # which is no header of class A

Entry = dict[str, Any]


@dataclass(slots=True)
class _Agreed:
    """The keys of one device, and the digests it sent (by the message that carried each)."""

    account: ClassAAccount
    vkek: bytes = b""
    before: bytes = b""
    since: float = 0.0
    nonces: Newest[str, tuple[str, int, str]] = field(default_factory=lambda: Newest(_MOST_NONCES))

    def keys(self, at: float) -> list[bytes]:
        """The keys that count at a moment."""
        return [self.vkek, self.before] if self.before and at - self.since < OLD_KEY_S else [self.vkek]


@dataclass(frozen=True, slots=True)
class ClassARuling:
    """What becomes of a REGISTER: ``challenge`` (WWW-Authenticate), ``granted`` (SecurityInfo), else refused.

    ``said`` goes into its entry; ``why`` names the outcome.
    """

    said: Entry
    why: str
    challenge: str = ""
    granted: str = ""


class ClassADevices:
    """The devices of class A by their codes; nothing else is asked for a certificate."""

    def __init__(self, gate: ClassAGate, accounts: Mapping[str, ClassAAccount]) -> None:
        self._gate = gate
        self._agreed = {code: _Agreed(account) for code, account in accounts.items()}

    def register(self, asked: SipReading, code: str, at: float, day: datetime) -> ClassARuling | None:
        """Judge a REGISTER; None if the device comes without a certificate (see ``plain``)."""
        agreed = self._agreed.get(code)
        if agreed is None:
            return None
        said = _TWO if _differ(asked, "authorization") else asked.header("authorization")
        verdict = self._gate.judge(said, agreed.account, at, day)
        notes, outcome = self._said(verdict, agreed), verdict.outcome.value
        if outcome in ("absent", _DIGEST):
            return None
        if outcome in _AGAIN:
            return ClassARuling(notes, outcome, challenge=self._gate.challenge(code, at))
        if outcome != "accepted":
            return ClassARuling(notes, outcome)
        granted, vkek = self._gate.accept(verdict, agreed.account)
        agreed.before, agreed.vkek, agreed.since = agreed.vkek, vkek, at
        return ClassARuling(notes, outcome, granted=granted)

    def forget(self, code: str) -> None:
        """Drop the keys of a device that came by its password instead."""
        if (agreed := self._agreed.get(code)) is not None:
            agreed.vkek = agreed.before = b""

    def plain(self, asked: SipReading, code: str) -> Entry:
        """What the entry of a REGISTER says of a device of class A that comes without a certificate."""
        if code not in self._agreed:
            return {}
        return {"class_a": _DIGEST if asked.header("authorization") else "absent"}

    def note(self, asked: SipReading, code: str, at: float, clock: datetime) -> Entry:
        """What the entry of any other request says of its digest; ``clock`` is the local time of the site."""
        from yanshou.protocols.gb35114.signalling import NoteOutcome, judge_note  # noqa: PLC0415 - an extra

        agreed = self._agreed.get(code)
        if agreed is None:
            return {}
        text, date = asked.header("note"), asked.header("date")
        if not agreed.vkek:
            return {"note": (NoteOutcome.NO_KEY if text else NoteOutcome.ABSENT).value}
        message = _signalled(asked)
        found = [judge_note(text, message, key, agreed.account.form) for key in agreed.keys(at)]
        outcome = NoteOutcome.FITS if NoteOutcome.FITS in found else found[0]
        torn = outcome is NoteOutcome.WRONG and SipOddity.NOT_UTF8 in asked.oddities
        if torn or _differ(asked, "note") or _differ(asked, "date"):
            outcome = NoteOutcome.UNREADABLE  # not read as it stands, or one of two that differ
        said: Entry = {"note": outcome.value}
        if date:
            said["date_ahead_s"] = _ahead(date, clock)
        if text:
            own = (asked.call_id, asked.sequence, asked.method)
            said["note_again"] = agreed.nonces.setdefault(text, own) != own
        return said

    def takes_key(self, code: str, at: float) -> float:
        """For how many more seconds a device may not have taken the key that it was granted last."""
        agreed = self._agreed.get(code)
        return max(0.0, agreed.since + TAKES_KEY_S - at) if agreed is not None and agreed.vkek else 0.0

    def seal(self, code: str, clock: datetime) -> Seal | None:
        """What puts Date and digest into a request to a device; None if no key was agreed with it."""
        from yanshou.protocols.gb35114.signalling import Signalled, note  # noqa: PLC0415 - an extra

        agreed = self._agreed.get(code)
        if agreed is None or not agreed.vkek:
            return None
        date = clock.replace(tzinfo=None).isoformat(timespec="seconds")  # the standard as quoted: to a second

        def headers(
            method: str, sender: str, target: str, call: str, body: bytes
        ) -> tuple[tuple[str, str], ...]:
            message = Signalled(method, sender, target, call, date, body)
            return ("Date", date), ("Note", note(message, agreed.vkek, agreed.account.form))

        return headers

    def _said(self, verdict: ClassAVerdict, agreed: _Agreed) -> Entry:
        said: Entry = {
            "class_a": verdict.outcome.value,
            "scheme": self._gate.scheme,
            "form": verdict.form,
            "asked_form": agreed.account.form.name,
            "doubt": verdict.doubt,
            "announced": verdict.announced,
            "again": verdict.again,
        }
        if verdict.sign1:
            proof = {"random1": verdict.random1, "random2": verdict.random2, "sign1": verdict.sign1}
            said["proof"] = {name: value[:200] for name, value in proof.items()}
        return said


def class_a_of(
    code: str, devices: Iterable[SipDevice], identity: tuple[str, str] | None
) -> ClassADevices | None:
    """The devices whose certificate is known; None if there is none of them.

    ``code`` is the platform's, ``identity`` its private and public key in hexadecimal digits.
    """
    known = [one for one in devices if one.certificate]
    if not known:
        return None
    from yanshou.protocols.gb35114.certificates import read_certificate  # noqa: PLC0415 - an extra
    from yanshou.protocols.gb35114.forms import forms  # noqa: PLC0415
    from yanshou.protocols.gb35114.registering import (  # noqa: PLC0415
        ClassAAccount,
        ClassAGate,
        PlatformIdentity,
    )

    own = PlatformIdentity(*map(bytes.fromhex, identity)) if identity else None
    accounts = {
        one.code: ClassAAccount(one.code, read_certificate(one.certificate), forms()[one.form])
        for one in known
    }
    return ClassADevices(ClassAGate(code, own), accounts)


def _differ(asked: SipReading, name: str) -> bool:
    """Whether a header stands there several times, with different values."""
    return len(set(asked.head.get_header_values(name))) > 1


def _signalled(asked: SipReading) -> Any:
    from yanshou.protocols.gb35114.signalling import Signalled  # noqa: PLC0415 - an extra

    return Signalled(
        asked.method,
        asked.header("from"),
        asked.header("to"),
        asked.call_id,
        asked.header("date"),
        asked.body,
    )


def _ahead(text: str, clock: datetime) -> float | None:
    """How far a Date header is ahead of the site's local time, in s; None if it is no time."""
    try:
        read = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    except ValueError:
        try:
            read = parsedate_to_datetime(text)  # the form of RFC 3261
        except ValueError:
            return None
    if read.tzinfo is None:
        return round((read - clock.replace(tzinfo=None)).total_seconds(), 3)
    return round((read - datetime.now(UTC)).total_seconds(), 3)
