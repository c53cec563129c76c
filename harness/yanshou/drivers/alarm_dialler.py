# SPDX-License-Identifier: Apache-2.0
"""Our own sender: it speaks to a client's DC-09 receiver, to see how that answers.

It sends test reports and link tests only (Contact ID 602, NULL): nobody is alarmed by them.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from yanshou.model import Instant, RigFault, now
from yanshou.protocols.dc09 import Framer, Header, Message, Token, Unreadable, compose, read_message

_SEQUENCES = 9999
_TEST_REPORT = "1602 00 000"


@dataclass(frozen=True, slots=True)
class Told:
    """What the receiver answered, by ``at``: ``token`` is empty when nothing came in time."""

    token: str = ""
    at: Instant | None = None
    message: Message | None = None
    readable: bool = True


class Dialler:
    """Speaks to a receiver under test as one account; each message goes over a connection of its own."""

    def __init__(self, address: tuple[str, int], account: str, key: bytes, *, timeout_s: float = 3.0) -> None:
        self._address = address
        self._account = account
        self._key = key
        self._timeout_s = timeout_s
        self._sequence = 0
        self.clock_ahead_s = 0.0

    @property
    def encrypts(self) -> bool:
        """Whether the account has a key."""
        return bool(self._key)

    def report(self, *, age_s: float = 0.0, encrypted: bool | None = None) -> Told:
        """A test report whose time stamp is ``age_s`` old by the receiver's clock; negative: ahead."""
        return self.send(self.report_frame(age_s=age_s, encrypted=encrypted))

    def report_frame(self, *, age_s: float = 0.0, encrypted: bool | None = None, key: bytes = b"") -> bytes:
        """The frame of such a report, with another ``key`` when one is given."""
        data = f"#{self._account}|{_TEST_REPORT}".encode()
        return self._frame(Token.CID, data, age_s=age_s, encrypted=encrypted, key=key)

    def link_test(self) -> Told:
        """A NULL message."""
        return self.send(self._frame(Token.NULL, b"", age_s=0.0, encrypted=None))

    def foreign_frame(self, token: str, data: bytes) -> bytes:
        """A well formed frame with a token or data that no receiver has to know."""
        return self._frame(token, data, age_s=0.0, encrypted=False)

    def _frame(
        self, token: str, data: bytes, *, age_s: float, encrypted: bool | None, key: bytes = b""
    ) -> bytes:
        self._sequence = self._sequence % _SEQUENCES + 1
        hidden = self.encrypts if encrypted is None else encrypted
        stamp = datetime.now(UTC) + timedelta(seconds=self.clock_ahead_s - age_s)
        header = Header(token, self._sequence, self._account, encrypted=hidden)
        return compose(header, data, key=key or self._key, stamp=stamp if hidden else None)

    def send(self, frame: bytes) -> Told:
        """Send a frame; what came back within the timeout."""
        try:
            with socket.create_connection(self._address, timeout=self._timeout_s) as line:
                before = now()
                line.sendall(frame)
                return self._answer(line, before)
        except OSError as error:
            host, port = self._address
            raise RigFault(
                f"the receiver at {host}:{port} cannot be reached: {error}.",
                device=self._account,
                remedy="Check address, port and the way to it.",
            ) from error

    def _answer(self, line: socket.socket, before: float) -> Told:
        framer, until = Framer(), before + self._timeout_s
        while (left := until - now()) > 0:
            line.settimeout(left)
            try:
                data = line.recv(4096)
            except (TimeoutError, ConnectionResetError):
                break
            if not data:
                break  # it hung up without a word
            for one in framer.feed(data, Instant(before, now())):
                return self._told(one.body, one.complete)
        return Told()

    def _told(self, body: bytes, at: Instant) -> Told:
        try:
            message = read_message(body, self._key)
        except Unreadable:
            return Told(token=body[1:4].decode("ascii", "replace").strip('*"'), at=at, readable=False)
        return Told(message.header.token, at, message)
