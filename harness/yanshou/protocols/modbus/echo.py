# SPDX-License-Identifier: Apache-2.0
"""Distinguishes the echo of an RS-485 line, which returns what is sent, from an answer.

Functions 05 and 06 are answered by repeating the request, so an echo looks like the answer of the board. A
read of one point cannot be answered by its own request, which has another length: so each read shows how many
copies of it come back before the answer, and as many are removed from the answer to a write.
"""

from __future__ import annotations

from yanshou.protocols.modbus.frames import Read, Request

_STRAY = 4  # bytes a line driver may add before an echo when it changes direction
_REQUEST_LENGTH = 8  # of a read as an RTU frame


class Echo:
    """The echo of one line.

    ``copies`` is how often a frame came back at the last read; None before the first.
    """

    def __init__(self) -> None:
        self.copies: int | None = None
        self.only = False
        """Whether the last question brought nothing but its own copies."""
        self._sent = b""
        self._telling = False
        self._seen = 0

    def forget(self) -> None:
        """Forget the count: another connection may echo differently."""
        self.copies = None

    def hides(self, request: Request) -> bool:
        """Whether an answer to ``request`` cannot be distinguished from its echo yet."""
        return self.copies is None and not _tells(request)

    def asks(self, request: Request) -> None:
        """Note a request that is about to be sent."""
        self._telling = _tells(request)
        self._sent, self._seen, self.only = b"", 0, False

    def sent(self, frame: bytes) -> None:
        """Note its bytes."""
        self._sent = frame

    def cut(self, received: bytes) -> bytes:
        """The received bytes without copies of the sent ones; empty while a copy is incomplete."""
        most = 1 + len(received) if self._telling else self.copies or 0
        rest, self._seen = received, 0
        while self._sent and self._seen < most:
            at = rest.find(self._sent, 0, len(self._sent) + _STRAY)
            if at < 0:
                break
            rest, self._seen = rest[at + len(self._sent) :], self._seen + 1
        begun = self._seen < most and self._sent.startswith(rest)
        self.only = self._seen > 0 and (begun or not rest)
        return b"" if begun else rest

    def answered(self) -> None:
        """Note that the last request was answered, or not at all: after a read all copies are known."""
        if self._telling:
            self.copies = self._seen


def _tells(request: Request) -> bool:
    """Whether no answer to ``request`` can equal the request, because it has another length."""
    return isinstance(request, Read) and request.rtu_length != _REQUEST_LENGTH
