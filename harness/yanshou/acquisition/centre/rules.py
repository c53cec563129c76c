# SPDX-License-Identifier: Apache-2.0
"""How a receiving centre answers a message, and why: one decision per frame, no input or output.

SIA DC-09: a frame with a wrong CRC gets no answer; a message that cannot be trusted in time, or not be
decrypted, a NAK with the receiver's time (5.5.1.8, 5.5.3.2); one that is not understood a DUH. Times are
seconds of any one clock; only time stamps use the wall clock.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from yanshou.protocols.dc09 import (
    Dc09Frame,
    Dc09Message,
    Dc09Token,
    Header,
    UnreadableMessage,
    acknowledge,
    not_understood,
    read_header,
    read_message,
    refuse,
)

OLDEST_S = 40.0
NEWEST_S = 20.0
_REMEMBERED = 16
_REPEATED_WITHIN_S = 120.0
_SEQUENCES = 9999
_UNDERSTOOD = frozenset({Dc09Token.CID, Dc09Token.SIA, Dc09Token.NULL})


class CentreAnswer(StrEnum):
    """What the receiver sends back."""

    ACK = "ack"
    NAK = "nak"
    DUH = "duh"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the receiver. ``key`` is empty if messages are sent in clear."""

    device: str
    number: str
    key: bytes = b""

    @property
    def value(self) -> int:
        """The number; leading zeros make no difference."""
        return int(self.number, 16)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer to a frame.

    ``trusted`` means that it is from the account it names and counts as a sign of life.
    """

    answer: CentreAnswer
    reason: str
    header: Header | None = None
    account: Account | None = None
    message: Dc09Message | None = None
    skew_s: float | None = None
    repeated: bool = False
    doubtful: bool = False
    """Repeated by what can be seen, but perhaps another event."""
    out_of_sequence: bool = False
    unread: bool = False
    """Refusals because we could not read a frame, not because the protocol demands it."""

    @property
    def trusted(self) -> bool:
        """Whether the message was read and belongs to its account, whatever the answer."""
        return self.message is not None and self.account is not None and self.reason in ("", "test policy")


@dataclass(slots=True)
class _Seen:
    """What was accepted recently from an account: (sequence, digest of data and time stamp, when)."""

    lately: deque[tuple[int, bytes, float]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    last: int | None = None


class Rulebook:
    """The rules, and the state they need of each account."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._accounts = {account.value: account for account in accounts}
        self._seen = {value: _Seen() for value in self._accounts}
        self._ahead_s: dict[str, float] = {}

    def set_clock(self, device: str, ahead_s: float) -> None:
        """Go by a clock so many seconds ahead of ours towards this account, for a test."""
        self._ahead_s[device] = ahead_s

    def clock_of(self, account: Account | None, now: datetime) -> datetime:
        """The receiver's clock as this account is to see it; ``now`` is ours."""
        return now + timedelta(seconds=self._ahead_s.get(account.device, 0.0) if account else 0.0)

    def rule(self, frame: Dc09Frame, now: datetime, at: float, *, cut: Container[str] = ()) -> Ruling:
        """The ruling on a frame that was complete at ``at``; ``now`` is UTC of the receiver.

        ``cut`` are the devices whose path this is, and is treated as cut: what comes over it was not heard,
        so that the same message over another path is no repetition.
        """
        if not frame.crc_right:
            return Ruling(CentreAnswer.NONE, "wrong CRC", read_header(frame.body), unread=True)
        header = read_header(frame.body)
        if header is None or header.token not in _UNDERSTOOD:
            return Ruling(CentreAnswer.DUH, "not understood", header, unread=True)
        account = self._accounts.get(int(header.account, 16)) if header.account else None
        if account is None:
            return Ruling(CentreAnswer.NAK, "unknown account", header, unread=True)
        try:
            message = read_message(frame.body, account.key)
        except UnreadableMessage as error:
            return Ruling(CentreAnswer.NAK, str(error), header, account, unread=True)
        ruling = self._read(message, account, self.clock_of(account, now))
        heard = ruling.answer is CentreAnswer.ACK and account.device not in cut
        return self._remember(ruling, message, account, at) if heard else ruling

    def _read(self, message: Dc09Message, account: Account, now: datetime) -> Ruling:
        header = message.header
        skew = (message.stamp - now).total_seconds() if message.stamp else None
        if account.key and not header.encrypted:
            return Ruling(CentreAnswer.NAK, "not encrypted", header, account, message, skew)
        if header.encrypted and (skew is None or not -OLDEST_S <= skew <= NEWEST_S):
            return Ruling(CentreAnswer.NAK, "time stamp outside the window", header, account, message, skew)
        if message.names_another_account:
            why = "the data are of another account than the header"
            return Ruling(CentreAnswer.NAK, why, header, account, message, skew, unread=True)
        if header.token != Dc09Token.NULL and message.event is None:
            return Ruling(
                CentreAnswer.DUH, "data not understood", header, account, message, skew, unread=True
            )
        return Ruling(CentreAnswer.ACK, "", header, account, message, skew)

    def _remember(self, ruling: Ruling, message: Dc09Message, account: Account, at: float) -> Ruling:
        """The ruling with whether the message came before, and whether one before it is missing.

        Link tests are ignored here, because many senders give them the sequence number 0000. Some senders
        give that to everything or start again after a restart, so another time stamp means another event.
        """
        if message.header.token == Dc09Token.NULL:
            return ruling
        seen, sequence = self._seen[account.value], message.header.sequence
        stamp = message.stamp.isoformat() if message.stamp else ""
        digest = hashlib.sha256(f"{message.header.token}{stamp}".encode() + message.data).digest()
        for number, other, when in seen.lately:
            if (number, other) == (sequence, digest) and at - when <= _REPEATED_WITHIN_S:
                return replace(ruling, repeated=True, doubtful=message.stamp is None)
        seen.lately.append((sequence, digest, at))
        odd = seen.last is not None and sequence != seen.last % _SEQUENCES + 1
        seen.last = sequence
        return replace(ruling, out_of_sequence=odd)


def answer_bytes(answer: CentreAnswer, ruling: Ruling, now: datetime) -> bytes:
    """The bytes of an answer; none for ``NONE``."""
    key = ruling.account.key if ruling.account else b""
    match answer:
        case CentreAnswer.ACK if ruling.header is not None:
            return acknowledge(ruling.header, key, now)
        case CentreAnswer.NAK:
            return refuse(now)
        case CentreAnswer.DUH:
            return not_understood(ruling.header)
    return b""
