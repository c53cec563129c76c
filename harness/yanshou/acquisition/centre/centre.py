# SPDX-License-Identifier: Apache-2.0
"""The caller's side of the receiving centre: blocking, thread-safe, and in plain records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yanshou.acquisition.centre.rules import Account, CentreAnswer
from yanshou.acquisition.receiving import REQUEST_S, ReceivingProcess
from yanshou.model import Instant


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """One entry of the receiver.

    ``kind`` is ``message`` (read, from a known account), ``refused`` (any other frame), ``noise`` (bytes that
    are no frame), ``cut`` (came over a path that is treated as cut), ``lost`` or ``back`` (supervision of a
    path). ``data`` shows the bytes of what could not be read. ``doubtful`` marks a repetition without a time
    stamp, which may be another event. ``first`` and ``complete`` bracket the arrival of the first and of the
    last byte, ``answered`` the sending of the answer. ``skew_s`` is the sender's time stamp minus ours.
    ``form`` says what in the form of a frame that was read differs from the protocol.
    """

    number: int
    kind: str
    account: str
    path: int
    first: Instant
    complete: Instant
    answered: Instant | None
    answer: str
    reason: str
    transport: str
    token: str
    sequence: int | None
    encrypted: bool
    repeated: bool
    skew_s: float | None
    event_class: str
    qualifier: str
    code: str
    partition: int | None
    zone: int | None
    peer: str = ""
    data: str = ""
    doubtful: bool = False
    form: str = ""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> ReceivedMessage:
        """Make one from an entry of the process."""
        answered = entry.get("answered")
        return cls(
            number=entry["n"],
            kind=entry["kind"],
            account=entry["account"],
            path=entry["path"],
            first=Instant(*entry["first"]),
            complete=Instant(*entry["complete"]),
            answered=Instant(*answered) if answered else None,
            answer=entry.get("answer", ""),
            reason=entry.get("reason", ""),
            transport=entry.get("transport", ""),
            token=entry.get("token", ""),
            sequence=entry.get("sequence"),
            encrypted=bool(entry.get("encrypted")),
            repeated=bool(entry.get("repeated")),
            skew_s=entry.get("skew"),
            event_class=entry.get("class", ""),
            qualifier=entry.get("qualifier", ""),
            code=entry.get("code", ""),
            partition=entry.get("partition"),
            zone=entry.get("zone"),
            peer=entry.get("peer", ""),
            data=entry.get("bytes", ""),
            doubtful=bool(entry.get("doubtful")),
            form=entry.get("form", ""),
        )


@dataclass(frozen=True, slots=True)
class ReceivedPost:
    """What a platform posted: its JSON text, or why it was refused and the beginning of its bytes.

    ``first`` and ``complete`` bracket the arrival of the first and of the last byte, ``utc`` is the wall
    clock at that moment in seconds.
    """

    number: int
    first: Instant
    complete: Instant
    utc: float
    body: str
    reason: str = ""
    peer: str = ""
    data: str = ""


class Centre(ReceivingProcess):
    """Owns the process and its addresses. A context manager.

    ``addresses`` are those it listens at, path 1 first; the system chooses a port for 0. Raises ``RigFault``
    when an address is not available, for example because another run listens there.
    """

    def __init__(
        self,
        addresses: Sequence[tuple[str, int]],
        accounts: Sequence[Account],
        *,
        ordinary: bool = False,
    ) -> None:
        keys = [{"device": a.device, "number": a.number, "key": a.key.hex()} for a in accounts]
        listened = [list(one) for one in addresses]
        super().__init__("yanshou.acquisition.centre", ordinary=ordinary, addresses=listened, accounts=keys)
        self.ports: list[int] = self._opened

    def answer(
        self,
        account: str,
        answer: CentreAnswer | None,
        *,
        delay_s: float = 0.0,
        count: int | None = None,
        events_only: bool = False,
        paths: Sequence[int] = (),
        cut: bool = False,
    ) -> None:
        """Answer an account ``count`` times by ``policy`` instead of by the rules.

        None: by the rules again.

        ``cut`` treats ``paths`` (all, when empty) as cut.
        """
        policy = None
        if answer is not None:
            policy = {
                "answer": answer.value,
                "delay_s": delay_s,
                "left": count,
                "events_only": events_only,
                "paths": list(paths),
                "cut": cut,
            }
        self._process.call("policy", REQUEST_S, account=account, policy=policy)

    def set_clock(self, account: str, ahead_s: float) -> None:
        """Judge the stamps of an account by a clock so many seconds ahead of ours, and state its time."""
        self._process.call("set_clock", REQUEST_S, account=account, ahead_s=ahead_s)

    def supervise(self, account: str, limit_s: float | None, paths: Sequence[int] = (1,)) -> None:
        """Note when a path of the account is silent for longer than ``limit_s``; None ends this."""
        self._process.call("supervise", REQUEST_S, account=account, limit_s=limit_s, paths=list(paths))

    def listen(self, device: str, address: tuple[str, int], path: str, answer: str) -> int:
        """Take what the platform ``device`` posts to ``path``; ``answer`` is the body of our 200.

        Returns the port.
        """
        port = self._process.call(
            "open_posts", REQUEST_S, device=device, address=list(address), path=path, answer=answer
        )
        return int(port)

    def posts(self, device: str, after: int) -> list[ReceivedPost]:
        """What the platform posted after entry ``after``, also what was refused."""
        match = {"account": device, "kind": ["post", "refused_post"]}
        return [
            ReceivedPost(
                number=one["n"],
                first=Instant(*one["first"]),
                complete=Instant(*one["complete"]),
                utc=one["utc"],
                body=one.get("body", ""),
                reason=one.get("reason", ""),
                peer=one["peer"],
                data=one.get("bytes", ""),
            )
            for one in self._entries(after, match)
        ]

    def wait(self, after: int, match: Mapping[str, object], *, until: float) -> ReceivedMessage | None:
        """The first entry after ``after`` that matches; None if none had come by ``until``."""
        entry = self._next(after, match, until)
        return None if entry is None else ReceivedMessage.of(entry)

    def unread(self, account: str, after: int) -> list[ReceivedMessage]:
        """The entries after ``after`` that could not be read and may be from ``account``."""
        entries = self._process.call("unread", REQUEST_S, account=account, after=after)
        return [ReceivedMessage.of(entry) for entry in entries]

    def received(self, after: int, match: Mapping[str, object] | None = None) -> list[ReceivedMessage]:
        """The entries after ``after`` that match, in the order of arrival."""
        return [ReceivedMessage.of(entry) for entry in self._entries(after, match or {})]
