# SPDX-License-Identifier: Apache-2.0
"""What an event code says: Contact ID (SIA DC-05) and SIA-DCS (SIA DC-03) brought to one record.

The qualifiers of Contact ID are defined here: 1 is a new event or an opening, 3 a restoral or a closing, 6 a
condition reported before that is still there. The codec's own table has 2 for the restoral, which no panel
sends; a restoral would be read as an unknown event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from siadc09.siadcs import DcsEvent


class Qualifier(StrEnum):
    """What happened to the condition (SIA DC-05), or that the event is not from now (SIA DC-03, block O)."""

    NEW = "new"
    RESTORED = "restored"
    STILL = "still"
    OLD = "old"


class EventClass(StrEnum):
    """The event classes that must be distinguished (GB 55029-2022 3.5.1(1), (6)), and all others."""

    ALARM = "alarm"
    HOLD_UP = "hold_up"
    TAMPER = "tamper"
    FIRE = "fire"
    POWER = "power"
    COMMUNICATION = "communication"
    FAULT = "fault"
    SETTING = "setting"  # opening and closing
    BYPASS = "bypass"
    TEST = "test"
    OTHER = "other"


QUALIFIERS: Mapping[str, Qualifier] = {"1": Qualifier.NEW, "3": Qualifier.RESTORED, "6": Qualifier.STILL}


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """One event.  ``zone`` is the zone or user number, None when the code names none."""

    event_class: EventClass
    qualifier: Qualifier
    code: str
    partition: int
    zone: int | None


_CID = re.compile(rb"(?:#(?P<account>[0-9A-Fa-f]*)\|)?(?P<q>\d)(?P<code>[0-9A-F]{3}) (?P<group>[0-9A-F]{2}) ")
_CID_NEXT = re.compile(rb"(?<=\d)[ |,;/\[](?=[136][0-9A-F]{3} \d\d \d{3}(?!\d))")
_CID_ZONE = re.compile(rb"[0-9A-F]{3}(?![0-9A-Fa-f])")  # the rest is the maker's own text
_NO_ASCII = bytes.maketrans(bytes(range(0x80, 0x100)), b"?" * 0x80)

_ZONE_DIGITS = 3
_CARET = b"^"
_LONGEST_TEXT = 128
_OLD_EVENTS = "O"  # code of the block (SIA DC-03)

# first match counts: single codes before their group
_CID_CLASSES: tuple[tuple[str, EventClass], ...] = (
    (r"12\d|10\d", EventClass.HOLD_UP),
    (r"11\d", EventClass.FIRE),
    (r"137|14[45]|383", EventClass.TAMPER),
    (r"13\d|14[0-36-9]|15\d", EventClass.ALARM),
    (r"30[129]|31[12]|33[78]|384", EventClass.POWER),
    (r"35\d", EventClass.COMMUNICATION),
    (r"3..", EventClass.FAULT),
    (r"4[0-5]\d", EventClass.SETTING),
    (r"57\d", EventClass.BYPASS),
    (r"60\d", EventClass.TEST),
)

_SIA_CODES: Mapping[EventClass, tuple[str, str]] = {  # class → codes of the event, codes of its restoral
    EventClass.ALARM: ("BA BV", "BH BR"),
    EventClass.HOLD_UP: ("PA HA MA", "PH PR HH HR MH MR"),
    EventClass.FIRE: ("FA", "FH FR"),
    EventClass.TAMPER: ("TA", "TR TH"),
    EventClass.POWER: ("AT YT YM YP XT", "AR YR YQ XR"),
    EventClass.COMMUNICATION: ("YS YC NT LT", "YK NR LR"),
    EventClass.FAULT: ("BT PT HT FT TT UT ET", "BJ PJ HJ FJ TJ UJ ER"),
    EventClass.SETTING: ("OP OA OG OR", "CL CA CG CP"),
    EventClass.BYPASS: ("BB PB HB UB", "BU PU HU UU"),
    EventClass.TEST: ("RP TX TS", "TE"),
}
_SIA: Mapping[str, tuple[EventClass, Qualifier]] = {
    code: (event_class, qualifier)
    for event_class, both in _SIA_CODES.items()
    for codes, qualifier in zip(both, (Qualifier.NEW, Qualifier.RESTORED), strict=True)
    for code in codes.split()
}


def contact_ids(data: bytes) -> tuple[AlarmEvent, ...]:
    """Read ``#acct|Qeee gg zzz``, and further ones that a panel puts into the same data; empty for others."""
    begun, first = _CID.match(data), contact_id(data)
    if begun is None or first is None:
        return ()
    rest = [contact_id(data[one.end() :]) for one in _CID_NEXT.finditer(data, begun.end())]
    return (first, *(one for one in rest if one is not None))


def contact_id(data: bytes) -> AlarmEvent | None:
    """Read ``#acct|Qeee gg zzz``; None when it is not that.

    The zone is decimal on the wire (``012`` is zone 12), whatever a general parser makes of it.
    """
    found = _CID.match(data)
    zone = data[found.end() :] if found else b""
    if found is None or not _CID_ZONE.match(zone):
        return None
    zone = zone[:_ZONE_DIGITS]
    qualifier = QUALIFIERS.get(found["q"].decode())
    if qualifier is None:
        return None
    code = found["code"].decode()
    return AlarmEvent(cid_class(code), qualifier, code, _digits(found["group"]), _digits(zone))


def cid_class(code: str) -> EventClass:
    """The class of a Contact ID event code of three digits."""
    matching = (event_class for pattern, event_class in _CID_CLASSES if re.fullmatch(pattern, code))
    return next(matching, EventClass.OTHER)


def sia_dcs(data: bytes) -> tuple[AlarmEvent, ...]:
    """Read blocks such as ``#acct|Nri1/BA012/BA013``: each event with the partition of its ``ri`` modifier.

    Texts (``^Lobby^``) are passed over, whatever they are coded in. The events of a block O are old ones that
    the panel sends again, whatever their code says: none of them happened now.

    The address is hexadecimal in the standard and decimal from the panels; digits are read as decimal.
    """
    from siadc09.siadcs import DcsInfo, parse_siadcs  # noqa: PLC0415 - brings ciphers in, slow to load

    group = parse_siadcs(_without_texts(data).translate(_NO_ASCII))
    blocks = [block for block in getattr(group, "blocks", ()) if isinstance(block, DcsInfo)]
    return tuple(
        _of_sia(event, old=block.functioncode == _OLD_EVENTS) for block in blocks for event in block.events
    )


def _of_sia(event: DcsEvent, *, old: bool) -> AlarmEvent:
    event_class, qualifier = _SIA.get(event.code, (EventClass.OTHER, Qualifier.NEW))
    qualifier = Qualifier.OLD if old else qualifier
    partition = getattr(event.modifiers.get("ri"), "value", 0)
    zone = None if event.addr is None else _shown(event.addr)
    return AlarmEvent(
        event_class, qualifier, event.code, partition if isinstance(partition, int) else 0, zone
    )


def end_of_text(data: bytes, begin: int) -> int:
    """The position of the ``^`` that ends the text begun by the one at ``begin``; -1 if there is none.

    The second byte of a GBK character may be a ``^`` or a bracket; then the bytes before it do not decode.
    """
    most = begin + _LONGEST_TEXT
    first = end = data.find(_CARET, begin + 1, most)
    while end >= 0:
        for coding in ("utf-8", "gb18030"):
            with suppress(UnicodeDecodeError):
                data[begin + 1 : end].decode(coding)
                return end
        end = data.find(_CARET, end + 1, most)
    return first


def _without_texts(data: bytes) -> bytes:
    kept, at = b"", 0
    while (begin := data.find(_CARET, at)) >= 0:
        kept += data[at:begin]
        end = end_of_text(data, begin)
        at = len(data) if end < 0 else end + 1
    return kept + data[at:]


def _shown(address: object) -> int | None:
    """The number as written on the wire, from the codec's hexadecimal reading of it."""
    return _digits(f"{address:X}".encode()) if isinstance(address, int) else None


def _digits(text: bytes) -> int:
    return int(text) if text.isdigit() else int(text, 16)
