# SPDX-License-Identifier: Apache-2.0
"""Our own sender, which tests how a client's DC-09 receiver answers.

It sends only test reports and link tests (Contact ID 602, NULL), which alarm nobody.
"""

from __future__ import annotations

import math
import re
import socket
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from yanshou.drivers.alarm_link.links import address_of, key_of
from yanshou.model import Device, Instant, RigFault, Site, now
from yanshou.protocols.dc09 import (
    Dc09Message,
    Dc09Token,
    Framer,
    Header,
    UnreadableMessage,
    compose,
    read_header,
    read_message,
)

_TOKEN = re.compile(rb'"\*?([A-Z-]+)"(\d{4})?')
_NO_NUMBER = re.compile(rb'^("\*?[A-Z-]+"\d{4})None(?=L)')  # as some receivers write it
_BODY = slice(9, -1)  # of a frame, between its line feed, CRC and length, and its carriage return
_SEQUENCES = 9999
_TEST_REPORT = "1602 00 000"
_REFUSALS = 10
_PHASE_S = 0.11
ALIGNED_S = 0.1
"""A stamp is made at most so many seconds after the beginning of a second."""
ANSWERS_WITHIN_S = 20.0
"""How long an answer is waited for. In-house, unless the connection has `timeout_s`: no clause was seen."""


@dataclass(frozen=True, slots=True)
class ReceiverAnswer:
    """The receiver's answer, received by ``at``; ``token`` is empty if none came in time.

    ``other`` says why it does not acknowledge the message that was sent: by its number or account that of
    another, or what the sender of an encrypted message cannot trust (5.5.3.1): in clear, or by another key.
    """

    token: str = ""
    at: Instant | None = None
    message: Dc09Message | None = None
    number: int | None = None
    other: str = ""

    @property
    def acknowledged(self) -> bool:
        """Whether it was an ACK of the message that was sent."""
        return self.token == Dc09Token.ACK and not self.other

    @property
    def refused(self) -> bool:
        """Whether it was a NAK that is not encrypted."""
        return self.token == Dc09Token.NAK and self.message is not None and not self.message.header.encrypted

    @property
    def stamp(self) -> datetime | None:
        """The time in the answer."""
        return self.message.stamp if self.message else None

    @property
    def word(self) -> str:
        """The answer in words for a person."""
        return f"{self.token} {self.other}".strip() or "无应答"


class Dialler:
    """Sends to a receiver under test as one account; each message uses a connection of its own."""

    def __init__(
        self, address: tuple[str, int], account: str, key: bytes, *, timeout_s: float = ANSWERS_WITHIN_S
    ) -> None:
        self._address = address
        self._account = account
        self._key = key
        self._timeout_s = timeout_s
        self._data = f"#{account}|{_TEST_REPORT}".encode()
        self._sequence = 0
        self.clock_ahead_s = 0.0

    @property
    def encrypts(self) -> bool:
        """Whether the account has a key."""
        return bool(self._key)

    def report(self, *, age_s: float = 0.0) -> ReceiverAnswer:
        """A test report whose time stamp is ``age_s`` old by the receiver's clock; negative: ahead."""
        return self.send(self.report_frame(age_s=age_s))

    def report_frame(self, *, age_s: float = 0.0, key: bytes = b"") -> bytes:
        """The frame of such a report, to be sent at once; with another ``key`` if given.

        A stamp shows whole seconds, so it is made when a second has just begun and rounding cuts nothing off.
        """
        stamp = self._aligned(age_s) if self.encrypts else None
        return self._frame(Dc09Token.CID, self._data, stamp=stamp, key=key)

    def _aligned(self, age_s: float) -> datetime:
        while True:
            stamp = datetime.now(UTC) + timedelta(seconds=self.clock_ahead_s - age_s)
            if stamp.microsecond < ALIGNED_S * 1e6:
                return stamp
            time.sleep((1_000_000 - stamp.microsecond) / 1e6 + 0.001)

    def link_test(self) -> ReceiverAnswer:
        """A NULL message."""
        return self.send(self.link_test_frame())

    def link_test_frame(self) -> bytes:
        """The frame of a NULL message."""
        return self._frame(
            Dc09Token.NULL, b"", stamp=datetime.now(UTC) + timedelta(seconds=self.clock_ahead_s)
        )

    def set_clock_by_refusals(self, age_s: float) -> float | None:
        """Provoke refusals with stamps of that age, and follow the receiver's clock from then on.

        A NAK states whole seconds; several at different phases narrow the interval to a tenth of a second.
        Returns its half width in seconds; None if the receiver did not refuse or stated no time.
        """
        least, most = -math.inf, math.inf
        for _ in range(_REFUSALS):
            before = datetime.now(UTC)
            answer = self.send(
                self._frame(Dc09Token.CID, self._data, stamp=before - timedelta(seconds=age_s))
            )
            if answer.stamp is None or not answer.refused:
                return None
            least = max(least, (answer.stamp - datetime.now(UTC)).total_seconds())
            most = min(most, (answer.stamp - before).total_seconds() + 1.0)
            time.sleep(_PHASE_S)
        if least > most:
            raise RigFault("the time in its NAKs jumps.", device=self._account, remedy="Run again.")
        self.clock_ahead_s = (least + most) / 2
        return (most - least) / 2

    def foreign_frame(self, token: str, data: bytes) -> bytes:
        """A well-formed frame with a token or data that a receiver need not know."""
        return self._frame(token, data, stamp=None)

    def _frame(self, token: str, data: bytes, *, stamp: datetime | None, key: bytes = b"") -> bytes:
        """A frame, encrypted if there is a key, stamped if there is a stamp."""
        self._sequence = self._sequence % _SEQUENCES + 1
        hidden = self.encrypts and stamp is not None
        header = Header(token, self._sequence, self._account, encrypted=hidden)
        return compose(header, data, key=key or self._key, stamp=stamp if hidden else None)

    def send(self, frame: bytes) -> ReceiverAnswer:
        """Send a frame; returns the answer within the timeout."""
        try:
            with socket.create_connection(self._address, timeout=self._timeout_s) as line:
                before = now()
                line.sendall(frame)
                return _as_answer_to(frame[_BODY], self._answer(line, before))
        except OSError as error:
            host, port = self._address
            raise RigFault(
                f"the receiver at {host}:{port} cannot be reached: {error}.",
                device=self._account,
                remedy="Check address, port and the way to it.",
            ) from error

    def _answer(self, line: socket.socket, before: float) -> ReceiverAnswer:
        framer, until, broken = Framer(), before + self._timeout_s, b""
        while (left := until - now()) > 0:
            line.settimeout(left)
            try:
                data = line.recv(4096)
            except (TimeoutError, ConnectionResetError):
                break
            if not data:
                break  # the receiver closed the connection without an answer
            for one in framer.feed(data, Instant(before, now())):
                if one.crc_right and not one.odd:  # its form is what is tested
                    return self._answer_of(one.body, one.complete)
                broken = broken or one.body
        noise = framer.noise(ended=True)
        if unread := broken or (noise.data if noise else b""):
            raise self._unreadable(unread)
        return ReceiverAnswer()

    def _unreadable(self, data: bytes) -> RigFault:
        """Bytes came back that cannot be read: not silence, and not yet anybody's fault."""
        return RigFault(
            f"the receiver's answer cannot be read: {data!r}.",
            device=self._account,
            remedy="Keep the bytes, and ask the receiver's maker in what form it answers.",
        )

    def _answer_of(self, body: bytes, at: Instant) -> ReceiverAnswer:
        try:
            message = read_message(_NO_NUMBER.sub(rb"\1", body), self._key)
        except UnreadableMessage:
            found = _TOKEN.match(body)
            if found is None:
                raise self._unreadable(body) from None
            return ReceiverAnswer(found[1].decode(), at, number=int(found[2]) if found[2] else None)
        return ReceiverAnswer(message.header.token, at, message, message.header.sequence)


def _as_answer_to(sent: bytes, answer: ReceiverAnswer) -> ReceiverAnswer:
    """The answer, with why it acknowledges nothing; a NAK and DUH need bear no number and are in clear."""
    header = read_header(sent)
    if header is None or answer.token != Dc09Token.ACK:
        return answer
    if answer.number is not None and answer.number != header.sequence:
        return replace(answer, other=f"{answer.number:04d} ≠ {header.sequence:04d}")
    account = answer.message.header.account if answer.message else ""
    if account and account.lstrip("0") != header.account.lstrip("0"):
        return replace(answer, other=f"#{account} ≠ #{header.account}")
    if header.encrypted and (answer.message is None or not answer.message.header.encrypted):
        return replace(answer, other="明文" if answer.message else "不能解密")
    return answer


def dialler_of(site: Site, link: Device) -> Dialler:
    """The sender to the receiver that an alarm link names; RigFault if the site file gives it no account."""
    assert link.connection is not None
    options = link.connection.options
    if not options.get("account"):
        raise RigFault(
            "its connection has no account to test with.",
            device=link.id,
            remedy='Agree one with the receiving centre and add account = "…".',
            final=True,
        )
    timeout = float(str(options.get("timeout_s", ANSWERS_WITHIN_S)))
    return Dialler(address_of(link), str(options["account"]), key_of(site, link), timeout_s=timeout)
