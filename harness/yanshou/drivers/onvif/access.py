# SPDX-License-Identifier: Apache-2.0
"""Access points and credentials of an ONVIF door controller, and what its events say of a door.

Services: access control (Profile C and A), credential (Profile A). The library does not describe the latter;
its one request is written and read by hand. Topics and items are those of the ONVIF Access Control, Door
Control and Credential Service Specifications; none was seen from a real device.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree

from yanshou.drivers.onvif.events import OnvifEvents
from yanshou.drivers.onvif.topics import OnvifEvent, meaning, unreadable
from yanshou.model import RigFault
from yanshou.model.signal import LogEntry
from yanshou.protocols.card import LOW_WORD, Bits, has_right_parity
from yanshou.protocols.onvif import AnswerUnclear, OnvifDevice
from yanshou.protocols.onvif.pull_point import Notification

CREDENTIALS: Final = "http://www.onvif.org/ver10/credential/wsdl"
_COMPARE: Final = "Compare the record with the display of the centre."
_WIEGAND: Final[Mapping[str, int]] = {"WIEGAND26": 26, "WIEGAND37": 37, "WIEGAND37_FACILITY": 37}
_NUMBERS: Final = frozenset({"", "SIMPLE_NUMBER16", "SIMPLE_NUMBER32", "SIMPLE_NUMBER56"})
_CLASSES: Final[Mapping[OnvifEvent | None, str]] = {  # of a record; other events make none
    OnvifEvent.GRANTED: "granted",
    OnvifEvent.DENIED: "denied",
    OnvifEvent.PASSBACK: "passback",
    OnvifEvent.DURESS: "duress",
    OnvifEvent.FORCED: "forced",
    OnvifEvent.HELD: "held",
    OnvifEvent.TAMPER: "tamper",
    OnvifEvent.DOOR_FAULT: "fault",
    OnvifEvent.BLOCKED: "bypass",
    OnvifEvent.DOOR_NORMAL: "restore",
}


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """One way through a door; ``door`` is the number in the inventory, 0 if it belongs to none of them."""

    token: str
    name: str
    door: int
    can_disable: bool


def access_points(onvif: OnvifDevice, doors: Mapping[str, int]) -> list[AccessPoint]:
    """All access points (GetAccessPointInfoList); ``doors`` are the numbers by the tokens of the doors."""
    return [
        AccessPoint(
            str(info.token),
            str(info.Name),
            doors.get(str(info.Entity), 0),
            bool(getattr(info.Capabilities, "DisableAccessPoint", False)),
        )
        for info in whole_list(onvif, "accesscontrol", "AccessPointInfo")
    ]


def whole_list(onvif: OnvifDevice, service: str, items: str) -> list[Any]:
    """All ``items`` of a list that a device may answer in parts; AnswerUnclear where they never end."""
    ask, found, begun = getattr(onvif.service(service), f"Get{items}List"), list[Any](), set[str]()
    start = ""
    while True:
        answer = ask(**({"StartReference": start} if start else {}))
        found += getattr(answer, items) or []
        start = str(answer.NextStartReference or "")
        if not start:
            return found
        if start in begun:
            what = f"Get{items}List: its list goes on at {start[:40]!r} again and again."
            raise AnswerUnclear(what, device=onvif.name)
        begun.add(start)


def is_enabled(onvif: OnvifDevice, point: AccessPoint) -> bool:
    """Whether an access point lets anybody through at all (GetAccessPointState)."""
    state: Any = onvif.service("accesscontrol").GetAccessPointState(Token=point.token)
    return bool(getattr(state, "Enabled", state))


class StoredCredentials:
    """The card numbers behind the tokens of credentials, each asked for once."""

    def __init__(self, onvif: OnvifDevice) -> None:
        self._onvif = onvif
        self._known: dict[str, int] = {}
        self._lock = threading.Lock()

    def number(self, token: str) -> int:
        """The low 16 bits of the card's number; RigFault if the device does not tell it."""
        with self._lock:
            if token not in self._known:
                self._known[token] = self._asked(token)
            return self._known[token]

    def _asked(self, token: str) -> int:
        if not self._onvif.offers(CREDENTIALS):
            raise self._untold(token, "it offers no credential service")
        question = etree.Element(f"{{{CREDENTIALS}}}GetCredentials", nsmap={"tcr": CREDENTIALS})
        etree.SubElement(question, f"{{{CREDENTIALS}}}Token").text = token
        answer = self._onvif.ask(CREDENTIALS, question)
        for one in answer.iterfind("{*}Credential"):
            if one.get("token") != token:
                continue
            for identifier in one.iterfind("{*}CredentialIdentifier"):
                form = identifier.findtext("{*}Type/{*}FormatType", "").strip()
                number = card_of(identifier.findtext("{*}Value", ""), form)
                if identifier.findtext("{*}Type/{*}Name", "").strip() == "pt:Card" and number is not None:
                    return number
        raise self._untold(token, "no card of it can be read")

    def _untold(self, token: str, why: str) -> RigFault:
        return RigFault(
            f"its events name the credential {token[:60]!r}, and {why}: whose it is remains unknown.",
            device=self._onvif.name,
            remedy=_COMPARE,
        )


def card_of(value: str, form: str) -> int | None:
    """The low 16 bits of the number of a card from its hexadecimal digits; None if they cannot be told.

    Makers put the bits of a Wiegand card at either end of its bytes: the parity says where. Forms that are
    texts, accounts or of a maker hold no such number.
    """
    digits, form = "".join(value.split()), form.strip().upper()
    try:
        number = int(digits, 16)
    except ValueError:
        return None
    if form in _NUMBERS:
        return number & LOW_WORD
    if (bits := _WIEGAND.get(form)) is None:
        return None
    spare = max(0, 4 * len(digits) - bits)
    frames = [number] if not number >> bits else []
    frames += [number >> spare] if number == number >> spare << spare else []
    numbers = {one >> 1 & LOW_WORD for one in frames if has_right_parity(Bits(bits, one))}
    return numbers.pop() if len(numbers) == 1 else None


def _card_as_text(text: str) -> int | None:
    """A card as its maker writes it; None for nothing but decimal digits, which may be of either kind."""
    return None if text.strip().isdecimal() else card_of(text, "")


@dataclass(frozen=True, slots=True)
class EventReader:
    """From a notification to a record: doors by the tokens of doors and of access points."""

    device: str
    doors: Mapping[str, int]
    points: Mapping[str, int]
    credentials: StoredCredentials

    def keeps(self, notification: Notification) -> bool:
        """Whether a record is made of it, or one cannot be told from it."""
        found = meaning(notification)
        return found in _CLASSES or found is OnvifEvent.UNREADABLE or bool(notification.wrong)

    def entry(self, number: int, notification: Notification) -> LogEntry:
        """Its record; RigFault if it cannot be read whole: that is unknown, not another event."""
        if notification.utc is None or notification.wrong:
            what = (
                f"event {number} ({notification.topic or 'no topic'}) has {notification.wrong or 'no time'}."
            )
            raise RigFault(what, device=self.device)
        found = meaning(notification)
        if found is OnvifEvent.UNREADABLE:
            raise RigFault(f"event {number}: {unreadable(notification)}.", device=self.device)
        door = self.doors.get(notification.source.get("DoorToken", ""), 0)
        door = door or self.points.get(notification.source.get("AccessPointToken", ""), 0)
        return LogEntry(number, _CLASSES.get(found, ""), door, self._user(notification), notification.utc)

    def _user(self, notification: Notification) -> int:
        """Whose card it was; 0 where the event names nobody."""
        if token := notification.data.get("CredentialToken", ""):
            return self.credentials.number(token)
        card, form = notification.data.get("IdentifierValue", ""), notification.data.get("FormatType", "")
        text = notification.data.get("Card", "")
        if not card and not text:
            return 0
        number = card_of(card, form) if card else _card_as_text(text)
        if number is None:
            what = f"an event names the card {(card or text)[:40]!r}, whose number is not known by its form."
            raise RigFault(what, device=self.device, remedy=_COMPARE)
        return number


@dataclass(frozen=True, slots=True)
class OnvifLog:
    """An ``EventLog`` of the events that were pulled since the log was opened; it holds none from before."""

    events: OnvifEvents
    reader: EventReader

    def bounds(self) -> tuple[int, int]:
        """The first and the newest event; (0, 0) if none came yet."""
        newest = self.events.newest()
        return min(1, newest), newest

    def read(self, number: int) -> LogEntry | None:
        """The record of an event; None where there is a gap instead of one."""
        pulled = self.events.event(number)
        if pulled is None or pulled.notification is None:
            return None
        return replace(self.reader.entry(number, pulled.notification), arrived=pulled.arrived)

    def require_whole(self, since: int) -> None:
        """Raise RigFault unless every event since then was delivered."""
        self.events.require_whole(since)
