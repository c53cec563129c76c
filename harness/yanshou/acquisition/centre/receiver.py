# SPDX-License-Identifier: Apache-2.0
"""The receiving centre itself: it judges every frame, answers, keeps entries, and supervises accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yanshou.acquisition.centre.event_loop import Heart, StampedSelector
from yanshou.acquisition.centre.ports import Port, Way
from yanshou.acquisition.centre.posts import PostPort
from yanshou.acquisition.centre.rules import Account, CentreAnswer, Rulebook, Ruling, answer_bytes
from yanshou.acquisition.centre.supervision import LinkChange, Supervision
from yanshou.acquisition.entry_log import Entry, EntryLog, shown
from yanshou.model import now, utc_of
from yanshou.protocols.dc09 import AlarmEvent, Dc09Frame, Dc09Token, Noise

_CHECK_S = 0.05
_TOGETHER_S = 1.0  # noise of one peer within so many seconds is one entry
_FEW = 64
_LONGEST_SHOWN = 200


@dataclass(slots=True)
class Policy:
    """How an account is answered for a test instead of by the rules.

    ``cut`` simulates a broken wire: what arrives is noted, but neither answered nor taken as a sign of life.
    ``answer`` replaces an ACK (``none``: nothing is answered); ``delay_s`` delays the answer; ``left`` is the
    number of messages it holds for, None for all; ``events_only`` excludes link tests; ``paths`` are the
    paths it holds for, all when empty.
    """

    answer: CentreAnswer = CentreAnswer.ACK
    cut: bool = False
    delay_s: float = 0.0
    left: int | None = None
    events_only: bool = False
    paths: frozenset[int] = frozenset()

    def cuts(self, path: int) -> bool:
        """Whether this path is treated as cut."""
        return self.cut and (not self.paths or path in self.paths)

    def applies(self, ruling: Ruling, path: int) -> bool:
        """Whether this message is answered by the policy; if so, counts it."""
        link_test = ruling.header is not None and ruling.header.token == Dc09Token.NULL
        if (
            self.cut
            or (self.paths and path not in self.paths)
            or (self.events_only and link_test)
            or self.left == 0
        ):
            return False
        if ruling.answer is not CentreAnswer.ACK and self.answer is not CentreAnswer.NONE:
            return False
        if self.left is not None:
            self.left -= 1
        return True


class CentreReceiver:
    """One receiver on its ports. What arrives is kept as entries, numbered from 1."""

    def __init__(self, selector: StampedSelector) -> None:
        self._selector = selector
        self._loop = asyncio.get_running_loop()
        self._ports: list[Port] = []
        self._posts: list[PostPort] = []
        self._rules = Rulebook(())
        self._policies: dict[str, Policy] = {}
        self.supervision = Supervision()
        self._log = EntryLog()
        self._noises: dict[str, Entry] = {}  # the last noise of each peer
        self._owners: dict[str, set[str]] = {}  # the accounts each host has sent messages for
        self._heart = Heart(self._loop)
        self._checking = self._loop.call_later(_CHECK_S, self._check)

    async def open(self, addresses: Iterable[tuple[str, int]], accounts: Iterable[Account]) -> list[int]:
        """Listen at every address, the first being path 1; returns the ports."""
        self._rules = Rulebook(accounts)
        self._ports = [
            Port(path, host, port, self._selector, self._take, self._take_noise)
            for path, (host, port) in enumerate(addresses, start=1)
        ]
        return [await port.open() for port in self._ports]

    async def open_posts(self, device: str, address: tuple[str, int], path: str, answer: bytes) -> int:
        """Listen for what a platform posts to ``path``; returns the port."""
        port = PostPort(device, address, path, answer, self._selector, self._take_post)
        self._posts.append(port)
        return await port.open()

    async def close(self) -> None:
        """Stop."""
        self._heart.stop()
        self._checking.cancel()
        for posts in self._posts:
            posts.close()
        for port in self._ports:
            port.close()

    def policy(self, account: str, policy: Policy | None) -> None:
        """Answer the account by ``policy`` from now on; by the rules again when None."""
        if policy is None:
            self._policies.pop(account, None)
        else:
            self._policies[account] = policy

    def set_clock(self, account: str, ahead_s: float) -> None:
        """Go by a clock so many seconds ahead of ours towards this account."""
        self._rules.set_clock(account, ahead_s)

    # -- what came ------------------------------------------------------------------------------------------

    def _take(self, frame: Dc09Frame, way: Way) -> None:
        moment = datetime.fromtimestamp(utc_of(frame.complete.latest), UTC)
        cut = {account for account, policy in self._policies.items() if policy.cuts(way.path)}
        ruling = self._rules.rule(frame, moment, frame.complete.latest, cut=cut)
        device = ruling.account.device if ruling.account else ""
        entry = self._log.keep(
            {
                "kind": "message" if ruling.trusted else "refused",
                "account": device,
                "path": way.path,
                "transport": way.transport,
                "peer": way.peer,
                "first": frame.first.as_pair(),
                "complete": frame.complete.as_pair(),
                "answer": ruling.answer.value,
                "reason": ruling.reason,
                "answered": None,
                "form": frame.odd,
                **_content(ruling),
            }
        )
        if ruling.trusted:
            self._owners.setdefault(_host(way.peer), set()).add(device)
        elif ruling.unread:
            entry["bytes"] = shown(frame.body, _LONGEST_SHOWN)
        policy = self._policies.get(device)
        if policy is not None and policy.cuts(way.path):
            entry |= {"kind": "cut", "answer": CentreAnswer.NONE.value}
            return
        if policy is not None and policy.applies(ruling, way.path):
            entry["answer"] = policy.answer.value
            entry["reason"] = "test policy"
            self._loop.call_later(policy.delay_s, self._answer, policy.answer, ruling, way, entry)
        else:
            self._answer(ruling.answer, ruling, way, entry)
        if ruling.trusted:
            self._note(self.supervision.heard(device, way.path, frame.complete.latest))
            for event in ruling.message.further if ruling.message else ():  # each has an entry of its own
                self._log.keep({**entry, **_of_event(event)})
        self._log.wake()

    def _take_post(self, entry: Entry) -> None:
        entry["utc"] = utc_of(entry["complete"][1])
        self._log.keep(entry)
        self._log.wake()

    def _take_noise(self, noise: Noise, way: Way) -> None:
        """Keep bytes that are no frame; bytes that follow from the same peer join the same entry."""
        if (last := self._noises.get(way.peer)) is not None and last["complete"][1] > now() - _TOGETHER_S:
            last["complete"] = noise.last.as_pair()
            last["bytes"] = (last["bytes"] + shown(noise.data, _LONGEST_SHOWN))[:_LONGEST_SHOWN]
            return
        entry = self._log.keep(
            {
                "kind": "noise",
                "account": "",
                "path": way.path,
                "transport": way.transport,
                "peer": way.peer,
                "first": noise.first.as_pair(),
                "complete": noise.last.as_pair(),
                "answer": CentreAnswer.NONE.value,
                "reason": f"{noise.count} bytes that are no frame",
                "bytes": shown(noise.data, _LONGEST_SHOWN),
            }
        )
        self._noises = {peer: one for peer, one in self._noises.items() if one["n"] > entry["n"] - _FEW}
        self._noises[way.peer] = entry
        self._log.wake()

    def _answer(self, answer: CentreAnswer, ruling: Ruling, way: Way, entry: Entry) -> None:
        data = answer_bytes(answer, ruling, self._rules.clock_of(ruling.account, datetime.now(UTC)))
        if data:
            before = now()
            way.send(data)
            entry["answered"] = [before, now()]
            self._log.wake()

    def _check(self) -> None:
        if missed := self._heart.missed():
            self.supervision.forgive(missed)
        for port in self._ports:
            port.tell_overdue(now())
        self._note(self.supervision.check(now()))
        self._checking = self._loop.call_later(_CHECK_S, self._check)

    def _note(self, changes: Iterable[LinkChange]) -> None:
        for change in changes:
            moment = now()
            self._log.keep(
                {
                    "kind": "lost" if change.lost else "back",
                    "account": change.account,
                    "path": change.path,
                    "first": [min(change.at, moment), moment],
                    "complete": [min(change.at, moment), moment],
                }
            )
            self._log.wake()

    # -- what is asked --------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """The number of the last entry."""
        return self._log.count

    def entries(self, after: int, match: Mapping[str, Any]) -> list[Entry]:
        """The entries after number ``after`` that match."""
        return self._log.entries(after, match)

    def unread(self, account: str, after: int) -> list[Entry]:
        """Entries after number ``after`` that could not be read and may be from ``account``.

        Excluded are those with another account's number, and those from a host that only other accounts use.
        """
        for port in self._ports:
            port.tell_overdue(now())
        fresh = (one for one in self.entries(after, {}) if one.get("bytes") or one.get("doubtful"))
        return [one for one in fresh if self._may_be(one, account)]

    def _may_be(self, entry: Entry, account: str) -> bool:
        owners = self._owners.get(_host(entry["peer"]), set())
        return entry["account"] == account or (not entry["account"] and (not owners or account in owners))

    async def wait(self, after: int, match: Mapping[str, Any], until: float) -> Entry | None:
        """The first entry after number ``after`` that matches; None if none came by ``until``."""
        return await self._log.wait(after, match, until)


def _host(peer: str) -> str:
    return peer.rpartition(":")[0]


def _content(ruling: Ruling) -> Entry:
    """The contents of the message as plain values."""
    header, event = ruling.header, ruling.message.event if ruling.message else None
    content: Entry = {"skew": ruling.skew_s, "repeated": ruling.repeated, "odd": ruling.out_of_sequence}
    content["doubtful"] = ruling.doubtful
    if header is not None:
        content |= {"token": header.token, "sequence": header.sequence, "encrypted": header.encrypted}
        content["number"] = header.account
    return content if event is None else content | _of_event(event)


def _of_event(event: AlarmEvent) -> Entry:
    return {
        "class": event.event_class.value,
        "qualifier": event.qualifier.value,
        "code": event.code,
        "partition": event.partition,
        "zone": event.zone,
    }
