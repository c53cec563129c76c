# SPDX-License-Identifier: Apache-2.0
"""Requests of the platform: sent the way the device came by, repeated over UDP, matched with their answers.

An answer belongs to a request by Call-ID and CSeq (RFC 3261 17.1); an ACK follows each final answer to
INVITE. Nothing is sent to an address out of Via or Contact.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from aiosipua import SipResponse, parse_address

from yanshou.acquisition.sip_platform.ports import SipWay
from yanshou.model import Instant, now
from yanshou.model.newest import Newest
from yanshou.protocols.gb28181 import SipReading
from yanshou.protocols.gb28181.requests import Seal, SipCall, SipEnds, request_to

PATIENCE_S: Final = 32.0
"""How long an answer is waited for: 64 times T1."""
_T1_S: Final = 0.5
_T2_S: Final = 4.0
_FINAL: Final = 200
_OK: Final = range(200, 300)
_ACKS: Final = 256
_POLL_S: Final = 0.1
_DIGITS: Final = 10

Entry = dict[str, Any]
_Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class OwnEnd:
    """The platform as it names itself in its requests."""

    code: str
    realm: str
    host: str
    port: int

    def towards(self, way: SipWay, target: str) -> SipEnds:
        """The two ends of a request for ``target`` (20 digits) on this way."""
        return SipEnds(
            own=f"sip:{self.code}@{self.realm}",
            far=f"sip:{target}@{target[:10]}",
            uri=f"sip:{target}@{way.peer}",
            contact=f"sip:{self.code}@{self.host}:{self.port}",
            via=f"{way.transport.upper()} {self.host}:{self.port}",
        )


@dataclass(frozen=True, slots=True)
class SipOrder:
    """One request. ``call`` and the tags are empty for a new one; ``sequence`` 0: the next."""

    method: str
    target: str
    body: bytes = b""
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    call: str = ""
    own_tag: str = ""
    far_tag: str = ""
    sequence: int = 0
    patience_s: float = PATIENCE_S


@dataclass(slots=True)
class _Waiting:
    answer: SipReading | None = None
    at: Instant | None = None
    provisional: list[int] = field(default_factory=list)
    come: asyncio.Event = field(default_factory=asyncio.Event)


class Outgoing:
    """The requests that wait for their answers, and the ACKs that were given."""

    def __init__(self, own: OwnEnd) -> None:
        self.own = own
        self.seal: Callable[[str], Seal | None] = lambda _peer: None
        """What signs the requests to a peer (GB 35114); None: nothing does."""
        self._waiting: dict[_Key, _Waiting] = {}
        self._acks: Newest[_Key, Callable[[], None]] = Newest(_ACKS)
        self._given_up: Newest[_Key, Callable[[str], None]] = Newest(_ACKS)
        self._numbers = itertools.count(1)

    def new_call(self) -> str:
        """A Call-ID that was never used."""
        return f"{os.urandom(12).hex()}@{self.own.host}"

    def take(self, answer: SipReading, at: Instant) -> bool:
        """Take an answer that came; False if it belongs to no request."""
        key = (answer.call_id, answer.sequence, answer.method)
        if (again := self._acks.get(key)) is not None:
            again()
            return True
        waiting = self._waiting.get(key)
        if waiting is None or not isinstance(answer.head, SipResponse):
            return self._too_late(key, answer)
        if answer.head.status_code < _FINAL:
            waiting.provisional.append(answer.head.status_code)
        elif waiting.answer is None:
            waiting.answer, waiting.at = answer, at
            waiting.come.set()
        return True

    async def send(self, way: SipWay, order: SipOrder) -> Entry:
        """Send and wait for the final answer; what comes back says how it went (``status`` 0: no answer)."""
        call = SipCall(
            order.call or self.new_call(),
            order.own_tag or os.urandom(6).hex(),
            order.far_tag,
            order.sequence or next(self._numbers),
        )
        ends = replace(self.own.towards(way, order.target), seal=self.seal(way.peer))
        branch = f"z9hG4bK{os.urandom(8).hex()}"
        data = request_to(
            ends,
            call,
            order.method,
            branch,
            body=order.body,
            content_type=order.content_type,
            headers=order.headers,
        )
        key = (call.call, call.sequence, order.method)
        waiting = self._waiting[key] = _Waiting()
        try:
            said = await self._exchange(way, data, waiting, order)
        finally:
            del self._waiting[key]
        said |= {"call": call.call, "own_tag": call.own_tag, "sequence": call.sequence}
        said |= _answer(waiting, call.far_tag)
        if order.method == "INVITE" and waiting.answer is not None:
            self._acknowledge(way, ends, call, key, branch, said)
        elif order.method == "INVITE":
            self._give_up(way, ends, call, key, branch)
        return said

    def _give_up(self, way: SipWay, ends: SipEnds, call: SipCall, key: _Key, branch: str) -> None:
        """Cancel a call that was not answered in time; if it is accepted after all, it is ended."""
        way.send(request_to(ends, call, "CANCEL", branch))

        def end(far_tag: str) -> None:
            for method, sequence in (("ACK", call.sequence), ("BYE", next(self._numbers))):
                of = SipCall(call.call, call.own_tag, far_tag, sequence)
                way.send(request_to(ends, of, method, f"z9hG4bK{os.urandom(8).hex()}"))

        self._given_up[key] = end

    def _too_late(self, key: _Key, answer: SipReading) -> bool:
        """Whether it is the answer to a call that was given up; an accepted one is ended."""
        end = self._given_up.get(key)
        if end is None or not isinstance(answer.head, SipResponse):
            return False
        if answer.head.status_code in _OK:
            end(parse_address(answer.header("to")).tag or "")
        return True

    async def _exchange(self, way: SipWay, data: bytes, waiting: _Waiting, order: SipOrder) -> Entry:
        """Send, and over UDP again until something comes (RFC 3261 17.1.2.1)."""
        before = now()
        way.send(data)
        said: Entry = {"sent": [before, now()], "again": 0, "peer": way.peer, "why": ""}
        until, every = before + order.patience_s, _T1_S
        due = before + every if way.transport == "udp" else until
        while waiting.answer is None and now() < until:
            if not way.open():
                said["why"] = "the connection was closed"
                break
            if now() >= due and not (order.method == "INVITE" and waiting.provisional):
                way.send(data)
                said["again"] += 1
                every = every * 2 if order.method == "INVITE" else min(every * 2, _T2_S)
                due = now() + every
            left = min(until, due if due > now() else until, now() + _POLL_S) - now()
            await _sleep(waiting.come, left)
        return said

    def _acknowledge(
        self, way: SipWay, ends: SipEnds, call: SipCall, key: _Key, branch: str, said: Entry
    ) -> None:
        """Give the ACK, and again whenever the final answer comes again."""
        accepted = said["status"] in _OK
        of = SipCall(call.call, call.own_tag, said["far_tag"], call.sequence)
        ack = request_to(ends, of, "ACK", f"z9hG4bK{os.urandom(8).hex()}" if accepted else branch)

        def again() -> None:
            way.send(ack)

        self._acks[key] = again
        again()


async def _sleep(come: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(come.wait(), max(0.0, seconds) + 0.001)
    except TimeoutError:
        return


def _answer(waiting: _Waiting, far_tag: str) -> Entry:
    answer = waiting.answer
    said: Entry = {"provisional": waiting.provisional, "status": 0, "reason": "", "answered": None}
    said |= {"far_tag": far_tag, "body": "", "content_type": "", "contact": "", "odd": [], "expires": None}
    if answer is None or waiting.at is None or not isinstance(answer.head, SipResponse):
        return said
    return said | {
        "status": answer.head.status_code,
        "reason": answer.head.reason_phrase[:80],
        "answered": waiting.at.as_pair(),
        "far_tag": parse_address(answer.header("to")).tag or far_tag,
        "body": answer.body.decode("latin-1"),
        "content_type": answer.header("content-type")[:80],
        "contact": answer.header("contact")[:200],
        "odd": [one.value for one in answer.oddities],
        "expires": _seconds(answer.header("expires") or answer.header("min-expires")),
    }


def _seconds(text: str) -> float | None:
    """A whole number of seconds in a header; None if there is none that can be read."""
    text = text.partition(";")[0].strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
