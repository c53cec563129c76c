# SPDX-License-Identifier: Apache-2.0
"""The process of the receiving centre: the operations that the run can ask for."""

from __future__ import annotations

from yanshou.acquisition.centre.event_loop import StampedSelector
from yanshou.acquisition.centre.receiver import CentreReceiver, Policy
from yanshou.acquisition.centre.rules import Account, CentreAnswer
from yanshou.acquisition.centre.serving import serve_stamped
from yanshou.acquisition.child_process import Message
from yanshou.acquisition.serving import Operations
from yanshou.model import now


class CentreServer:
    """One receiver for one parent."""

    def __init__(self, selector: StampedSelector) -> None:
        self._receiver = CentreReceiver(selector)
        self.operations: Operations = {
            "open": self._open,
            "open_posts": self._open_posts,
            "policy": self._policy,
            "set_clock": self._set_clock,
            "supervise": self._supervise,
            "mark": self._mark,
            "wait": self._wait,
            "entries": self._entries,
            "unread": self._unread,
        }

    async def close(self) -> None:
        """Stop listening."""
        await self._receiver.close()

    async def _open(self, message: Message) -> object:
        accounts = [
            Account(one["device"], one["number"], bytes.fromhex(one["key"])) for one in message["accounts"]
        ]
        addresses = [(host, port) for host, port in message["addresses"]]
        return await self._receiver.open(addresses, accounts)

    async def _open_posts(self, message: Message) -> object:
        host, port = message["address"]
        answer = message["answer"].encode()
        return await self._receiver.open_posts(message["device"], (host, port), message["path"], answer)

    async def _policy(self, message: Message) -> None:
        asked = message["policy"]
        policy = None
        if asked is not None:
            answer, paths = CentreAnswer(asked.pop("answer")), frozenset(asked.pop("paths"))
            policy = Policy(answer=answer, paths=paths, **asked)
        self._receiver.policy(message["account"], policy)

    async def _set_clock(self, message: Message) -> None:
        self._receiver.set_clock(message["account"], message["ahead_s"])

    async def _supervise(self, message: Message) -> None:
        account, limit = message["account"], message["limit_s"]
        if limit is None:
            self._receiver.supervision.release(account)
        else:
            self._receiver.supervision.supervise(account, limit, tuple(message["paths"]), now())

    async def _mark(self, _message: Message) -> object:
        return self._receiver.count

    async def _wait(self, message: Message) -> object:
        return await self._receiver.wait(message["after"], message["match"], message["until"])

    async def _unread(self, message: Message) -> object:
        return self._receiver.unread(message["account"], message["after"])

    async def _entries(self, message: Message) -> object:
        return self._receiver.entries(message["after"], message["match"])


def main() -> None:
    """Serve until standard input ends."""
    serve_stamped(CentreServer)
