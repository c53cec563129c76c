# SPDX-License-Identifier: Apache-2.0
"""The messages inside DC-09 frames: header, data in clear or AES, time stamp, and the three answers.

AES is in CBC with a zero vector, 16 to 31 bytes of padding before a ``|``, the whole in hexadecimal; the
header stays in clear.  Time stamps are UTC, and mandatory where encrypted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from yanshou.protocols.dc09.codec import codec
from yanshou.protocols.dc09.events import AlarmEvent, contact_ids, end_of_text, sia_dcs
from yanshou.protocols.dc09.framing import frame_of
from yanshou.protocols.dc09.keys import KEY_LENGTHS

_HEADER = re.compile(
    rb'"(?P<encrypted>\*?)(?P<token>[A-Z][A-Z0-9-]{0,15})"(?P<sequence>\d{4})'
    rb"(?P<receiver>R[0-9A-Fa-f]{1,6})?(?P<prefix>L[0-9A-Fa-f]{0,6})?"
    rb"(?:#(?P<account>[0-9A-Fa-f]{1,16})|A[0-9A-Fa-f]{0,6})?\["
)
_ACCOUNT = re.compile(rb"#([0-9A-Fa-f]{1,16})\|")
_STAMP = re.compile(rb"_(\d\d:\d\d:\d\d,\d\d-\d\d-\d{4})$")
_MARK = re.compile(rb"[\]^]")
_BLOCK = 16


class Dc09Token(StrEnum):
    """The tokens that are supported."""

    CID = "ADM-CID"
    SIA = "SIA-DCS"
    NULL = "NULL"
    ACK = "ACK"
    NAK = "NAK"
    DUH = "DUH"


class UnreadableMessage(ValueError):
    """The data cannot be read from the body: the key is wrong, or the body breaks the protocol."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the data.  Texts as on the wire, without their letter; empty when left out."""

    token: str
    sequence: int
    account: str
    encrypted: bool = False
    receiver: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Dc09Message:
    """One message. ``data`` is the content of the first bracket, ``event`` the first event in it, if any.

    ``further`` are the others that a panel sends in the same message.
    """

    header: Header
    data: bytes
    stamp: datetime | None
    event: AlarmEvent | None = None
    further: tuple[AlarmEvent, ...] = ()

    @property
    def names_another_account(self) -> bool:
        """Whether the data begin with another account than the header.

        Contact ID has room for four digits, so a shorter one may be the end of the longer.
        """
        found = _ACCOUNT.match(self.data)
        if found is None:
            return False
        here, there = found[1].decode().upper().lstrip("0"), self.header.account.lstrip("0")
        return not (here.endswith(there) or there.endswith(here))


def read_header(body: bytes) -> Header | None:
    """The header of a body; None if it has none that the protocol knows."""
    found = _HEADER.match(body)
    if found is None:
        return None
    return Header(
        token=found["token"].decode(),
        sequence=int(found["sequence"]),
        account=(found["account"] or b"").decode().upper(),
        encrypted=bool(found["encrypted"]),
        receiver=(found["receiver"] or b"")[1:].decode(),
        prefix=(found["prefix"] or b"")[1:].decode(),
    )


def read_message(body: bytes, key: bytes = b"") -> Dc09Message:
    """The message of a body; ``key`` is that of its account.  Raises Unreadable."""
    header = read_header(body)
    if header is None:
        raise UnreadableMessage("no header")
    content = body[body.index(b"[") + 1 :]
    if header.encrypted:
        content = _decrypted(content, key)
    end = _end_of_data(content)
    if end < 0:
        raise UnreadableMessage("the data do not end")
    data, rest = content[:end], content[end + 1 :]
    found = _STAMP.search(rest)
    stamp = _moment(found[1]) if found else None
    if header.encrypted and stamp is None:
        raise UnreadableMessage("encrypted without a time stamp, or with another key")
    event, *further = _events(header.token, data) or (None,)
    return Dc09Message(header, data, stamp, event, tuple(one for one in further if one is not None))


def _end_of_data(content: bytes) -> int:
    """The position of the bracket that ends the data, skipping complete ``^text^``."""
    at = 0
    while found := _MARK.search(content, at):
        if found[0] == b"]":
            return found.start()
        text = end_of_text(content, found.start())
        at = (text if text >= 0 else found.start()) + 1
    return -1


def _events(token: str, data: bytes) -> tuple[AlarmEvent, ...]:
    match token:
        case Dc09Token.CID:
            return contact_ids(data)
        case Dc09Token.SIA:
            return sia_dcs(data)
    return ()


def _decrypted(content: bytes, key: bytes) -> bytes:
    """The text after the padding. A message without data continues with its bracket at once."""
    if len(key) not in KEY_LENGTHS:
        raise UnreadableMessage("encrypted, and the account has no key")
    try:
        cipher = bytes.fromhex(content.decode("ascii"))
    except ValueError:  # UnicodeDecodeError is one
        raise UnreadableMessage("encrypted, and not in hexadecimal") from None
    if not cipher or len(cipher) % _BLOCK:
        raise UnreadableMessage("encrypted, and not in whole blocks")
    clear: bytes = codec().decrypt(key, cipher)
    padding, bar, rest = clear.partition(b"|")
    if bar and b"]" not in padding:
        return rest
    at = clear.find(b"]")
    if at < 0:
        raise UnreadableMessage("another key")
    return clear[at:]


def _moment(text: bytes) -> datetime | None:
    try:
        moment: datetime = codec().fromtimestamp(text.decode("ascii"))
    except ValueError:  # a day or hour that does not exist
        return None
    return moment


def compose(header: Header, data: bytes = b"", *, key: bytes = b"", stamp: datetime | None = None) -> bytes:
    """A frame, encrypted when the header says so; then ``key`` and ``stamp`` are needed."""
    tail = b"]" + (b"_" + codec().totimestamp(stamp).encode("ascii") if stamp else b"")
    content = data + tail
    if header.encrypted:
        bar = b"|" if data else b""
        short = -(len(bar) + len(content)) % _BLOCK
        clear = bytes(codec().genpad(_BLOCK + short)) + bar + content
        content = codec().encrypt(key, clear).hex().encode("ascii")
    return frame_of(_head(header) + b"[" + content)


def _head(header: Header) -> bytes:
    mark = "*" if header.encrypted else ""
    receiver = f"R{header.receiver}" if header.receiver else ""
    prefix = f"L{header.prefix or '0'}"
    return f'"{mark}{header.token}"{header.sequence:04d}{receiver}{prefix}#{header.account}'.encode("ascii")


def acknowledge(header: Header, key: bytes, now: datetime) -> bytes:
    """The ACK of a message: its header again, encrypted like the message."""
    return compose(replace(header, token=Dc09Token.ACK), key=key, stamp=now if header.encrypted else None)


def refuse(now: datetime) -> bytes:
    """The NAK: never encrypted, and with the receiver's time, by which the sender sets its own (5.5.3.2)."""
    return frame_of(b'"NAK"0000R0L0A0[]_' + codec().totimestamp(now).encode("ascii"))


def not_understood(header: Header | None) -> bytes:
    """The DUH: never encrypted; it repeats the header as far as that could be read."""
    if header is None:
        return frame_of(b'"DUH"0000R0L0A0[]')
    return compose(replace(header, token=Dc09Token.DUH, account=header.account or "0", encrypted=False))
