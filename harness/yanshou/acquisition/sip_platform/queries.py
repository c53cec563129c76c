# SPDX-License-Identifier: Apache-2.0
"""Queries and commands of MANSCDP: a MESSAGE is sent, and what the device sends to our SN is gathered.

A list (catalogue, recordings) comes in parts that may be late, doubled or out of order; anything else is
answered by one body. After a complete list the platform listens on a little: more may come than SumNum says.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from dataclasses import dataclass, field
from typing import Any, Final

from yanshou.acquisition.sip_platform.outgoing import Outgoing, SipOrder
from yanshou.acquisition.sip_platform.ports import SipWay
from yanshou.model import Instant, now
from yanshou.protocols.gb28181 import GatheringState, Manscdp, PartGathering
from yanshou.protocols.gb28181.requests import MANSCDP, Fields, write_manscdp

LISTS: Final = frozenset({"Catalog", "RecordInfo"})
"""The commands whose answer is a list with SumNum."""
_POLL_S: Final = 0.05
_OK: Final = range(200, 300)

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of ``target``: root (``Query`` or ``Control``), command, its elements, and how long.

    ``idle_s`` is waited after each part, ``total_s`` in all, ``settle_s`` after a list was complete.
    """

    root: str
    command: str
    target: str
    fields: Fields
    idle_s: float
    total_s: float
    settle_s: float


@dataclass(slots=True)
class _Gathered:
    device: str  # the registrant, by its id in the site file
    parts: PartGathering
    values: dict[str, str] = field(default_factory=dict)
    items: list[dict[str, str]] = field(default_factory=list)
    first: Instant | None = None
    complete: Instant | None = None
    encodings: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    come: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, body: Manscdp, at: Instant) -> None:
        before = self.parts.parts
        self.parts.take(body, at.latest)
        if self.parts.parts == before:
            return
        if not before:
            self.values, self.items = dict(body.values), list(body.items)
        self.first, self.complete = self.first or at, at
        self.encodings = list(dict.fromkeys([*self.encodings, body.encoding]))
        self.odd = list(dict.fromkeys([*self.odd, *(one.value for one in body.oddities)]))
        self.come.set()


class Queries:
    """The queries that are open, by their SN."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._open: dict[int, _Gathered] = {}
        self._numbers = itertools.count(int.from_bytes(os.urandom(2)) + 1)

    def heard(self, device: str, body: Manscdp, at: Instant) -> None:
        """Take the body of a MESSAGE of a registered device."""
        if body.root != "Response":
            return
        asked = self._open.get(-1 if body.sn is None else body.sn)
        if asked is not None and asked.device == device:
            asked.take(body, at)
            return
        for other in self._open.values():  # an SN that nobody asked with: told, and counts for nothing
            if other.device == device and other.parts.command == body.command:
                other.take(body, at)

    async def ask(self, device: str, way: SipWay, query: Query) -> Entry:
        """Ask, gather, and tell what came."""
        sn = next(self._numbers)
        body = write_manscdp(query.root, query.command, sn, query.target, query.fields)
        parts = PartGathering(query.command, sn, query.target, now(), query.idle_s, query.total_s)
        asked = self._open[sn] = _Gathered(device, parts)
        order = SipOrder("MESSAGE", query.target, body, MANSCDP, patience_s=query.total_s)
        sending = asyncio.ensure_future(self._outgoing.send(way, order))
        try:
            await self._gather(asked, query, sending)
            sent = await sending  # its patience is that of the query
        finally:
            del self._open[sn]
            sending.cancel()
        return _response(asked, sent, listed=query.command in LISTS) | {"sn": sn, "command": query.command}

    async def _gather(self, asked: _Gathered, query: Query, sending: asyncio.Future[Entry]) -> None:
        listed = query.command in LISTS
        while True:
            moment = now()
            refused = sending.done() and sending.result()["status"] not in _OK and not asked.parts.parts
            if refused or moment - asked.parts.asked > query.total_s:
                break
            if asked.complete is not None and _is_whole(asked, moment, listed=listed):
                waited = moment - asked.complete.latest
                settled = not listed or waited > query.settle_s
                if settled and sending.done():
                    break
            asked.come.clear()
            try:
                await asyncio.wait_for(asked.come.wait(), _POLL_S)
            except TimeoutError:
                continue


def _is_whole(asked: _Gathered, moment: float, *, listed: bool) -> bool:
    return not listed or asked.parts.state(moment) is not GatheringState.WAITING


def _response(asked: _Gathered, sent: Entry, *, listed: bool) -> Entry:
    parts, moment = asked.parts, now()
    state = parts.state(moment)
    if not listed:
        state = GatheringState.COMPLETE if parts.parts else GatheringState.INCOMPLETE
    elif state is GatheringState.WAITING:
        state = GatheringState.INCOMPLETE
    return {
        "sent": sent.get("sent"),
        "again": sent.get("again", 0),
        "status": sent.get("status", 0),
        "answered": sent.get("answered"),
        "why": sent.get("why", ""),
        "state": state.value,
        "items": list(parts.items.values()) if listed else asked.items,
        "values": asked.values,
        "totals": sorted(parts.totals),
        "parts": parts.parts,
        "doubled": parts.doubled,
        "differing": parts.differing,
        "nameless": parts.nameless if listed else 0,
        "unsummed": parts.unsummed if listed else 0,
        "recovered": parts.recovered,
        "foreign": parts.foreign,
        "dropped": parts.dropped,
        "first": None if asked.first is None else asked.first.as_pair(),
        "complete": None if asked.complete is None else asked.complete.as_pair(),
        "encodings": asked.encodings,
        "odd": asked.odd,
    }
