# SPDX-License-Identifier: Apache-2.0
"""What came back to a request or a query of the platform, in plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yanshou.model import Instant
from yanshou.protocols.gb28181 import GatheringState

_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class SipAnswer:
    """The final answer to one request; ``status`` 0: none came.

    ``sent`` brackets the first sending, ``again`` is how often it was repeated, ``provisional`` are the
    answers below 200 before it. ``call``, the tags and ``sequence`` are those of the dialog. ``expires`` is
    the time it grants, of a 423 the shortest one it would (s; None: it names none). ``why``: what went wrong
    on the way, such as a closed connection.
    """

    sent: Instant
    again: int
    status: int
    reason: str
    answered: Instant | None
    provisional: tuple[int, ...]
    call: str
    own_tag: str
    far_tag: str
    sequence: int
    body: bytes
    content_type: str
    contact: str
    odd: tuple[str, ...]
    why: str
    expires: float | None = None

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> SipAnswer:
        """Make one from what the process says."""
        return cls(
            sent=Instant(*said["sent"]),
            again=said["again"],
            status=said["status"],
            reason=said["reason"],
            answered=_instant(said["answered"]),
            provisional=tuple(said["provisional"]),
            call=said["call"],
            own_tag=said["own_tag"],
            far_tag=said["far_tag"],
            sequence=said["sequence"],
            body=said["body"].encode("latin-1"),
            content_type=said["content_type"],
            contact=said["contact"],
            odd=tuple(said["odd"]),
            why=said["why"],
            expires=said["expires"],
        )

    @property
    def accepted(self) -> bool:
        """Whether the request was answered with success."""
        return self.status in _SUCCESS


@dataclass(frozen=True, slots=True)
class SipGathered:
    """The answer to a query or command of MANSCDP.

    ``status`` is that of the MESSAGE itself (0: no answer to it). ``state``: whether the answer is whole; of
    a list, that its items are as many as SumNum says (``totals`` has each value that SumNum had). ``values``
    are the plain elements of the first body, ``items`` those of a list, each once. ``first`` and ``complete``
    bracket the arrival of the first and of the last body. ``foreign``: bodies to another SN than ours, which
    count for nothing. ``encodings``: as the bytes were. ``odd``: what in the XML departs from its form.
    """

    command: str
    sn: int
    sent: Instant
    again: int
    status: int
    answered: Instant | None
    state: GatheringState
    values: Mapping[str, str]
    items: tuple[Mapping[str, str], ...]
    totals: tuple[int, ...]
    parts: int
    doubled: int
    differing: int
    nameless: int
    unsummed: int
    recovered: int
    foreign: int
    dropped: int
    first: Instant | None
    complete: Instant | None
    encodings: tuple[str, ...]
    odd: tuple[str, ...]
    why: str

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> SipGathered:
        """Make one from what the process says."""
        return cls(
            command=said["command"],
            sn=said["sn"],
            sent=Instant(*said["sent"]),
            again=said["again"],
            status=said["status"],
            answered=_instant(said["answered"]),
            state=GatheringState(said["state"]),
            values=said["values"],
            items=tuple(said["items"]),
            totals=tuple(said["totals"]),
            parts=said["parts"],
            doubled=said["doubled"],
            differing=said["differing"],
            nameless=said["nameless"],
            unsummed=said["unsummed"],
            recovered=said["recovered"],
            foreign=said["foreign"],
            dropped=said["dropped"],
            first=_instant(said["first"]),
            complete=_instant(said["complete"]),
            encodings=tuple(said["encodings"]),
            odd=tuple(said["odd"]),
            why=said["why"],
        )

    @property
    def taken(self) -> bool:
        """Whether the MESSAGE itself was answered with success."""
        return self.status in _SUCCESS

    @property
    def whole(self) -> bool:
        """Whether the answer is complete and nothing in it contradicts."""
        return self.state is GatheringState.COMPLETE


def _instant(pair: list[float] | None) -> Instant | None:
    return None if pair is None else Instant(pair[0], pair[1])
