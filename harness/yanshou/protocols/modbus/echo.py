# SPDX-License-Identifier: Apache-2.0
"""An RS-485 line that gives back what is sent, and how its echo is told from an answer.

Functions 05 and 06 are answered by repeating the request, so an echo looks like the answer of the board.  A
read of one point cannot be answered by its own request, which has another length: so each read shows how many
copies of it come back before the answer, and as many are cut off from what answers a write.
"""

from __future__ import annotations

from yanshou.protocols.modbus.frames import Read, Request

_STRAY = 4  # bytes a line driver may add before an echo when it turns round
_REQUEST_LENGTH = 8  # of a read as an RTU frame


class Echo:
    """The echo of one line.  ``copies`` is how often a frame came back at the last read, None before one."""

    def __init__(self) -> None:
        self.copies: int | None = None
        self.only = False
        """Whether to the last question nothing came but its own copies."""
        self._sent = b""
        self._telling = False
        self._seen = 0

    def forget(self) -> None:
        """Another connection may echo otherwise."""
        self.copies = None

    def hides(self, request: Request) -> bool:
        """Whether an answer to ``request`` could not be told from its echo yet."""
        return self.copies is None and not _tells(request)

    def asks(self, request: Request) -> None:
        """A question is about to be sent."""
        self._telling = _tells(request)
        self._sent, self._seen, self.only = b"", 0, False

    def sent(self, frame: bytes) -> None:
        """The very bytes of it."""
        self._sent = frame

    def cut(self, received: bytes) -> bytes:
        """What was received without the copies of what was sent; empty while a copy is not complete."""
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
        """The last question was answered, or by nothing at all: a telling one has shown all copies."""
        if self._telling:
            self.copies = self._seen


def _tells(request: Request) -> bool:
    """Whether no answer to ``request`` can equal it: the answer has another length."""
    return isinstance(request, Read) and request.rtu_length != _REQUEST_LENGTH
