# SPDX-License-Identifier: Apache-2.0
"""SUBSCRIBE and NOTIFY at an emulated device (GB/T 28181 9.11; RFC 6665)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from yanshou.emulation.gb28181.agent import Dialogue, SipAgent, answering
from yanshou.emulation.gb28181.answers import QueryAnswers
from yanshou.emulation.gb28181.channels import GbState
from yanshou.emulation.gb28181.manscdp_text import MANSCDP, heard_body
from yanshou.emulation.gb28181.sip_text import HeardSip, answered, token

_USUAL_S = "3600"


@dataclass(slots=True)
class _Held:
    """One subscription: its dialogue, the header Event as it was asked for, and when it ends (loop time)."""

    dialogue: Dialogue
    event: str
    until: float


class GbSubscriptions:
    """What the platform subscribed to, by CmdType."""

    def __init__(self, agent: SipAgent, state: GbState, answers: QueryAnswers) -> None:
        self._agent, self._state, self._answers = agent, state, answers
        self._held: dict[str, _Held] = {}

    def asked(self, asked: HeardSip) -> None:
        """Take SUBSCRIBE: a new subscription, its refresh, or with Expires 0 its end."""
        body, tag = heard_body(asked.body), token()
        if body is None:
            self._agent.send(answered(asked, 400, "Bad Request", tag))
            return
        stated = asked.header("expires")
        expires = stated if stated.isdecimal() else _USUAL_S
        event = asked.header("event")
        self._take(body.command, _Held(answering(asked, tag), event, self._time() + float(expires)), expires)
        extra = [("Expires", expires), ("Event", event), MANSCDP, self._agent.contact_header()]
        self._agent.send(answered(asked, 200, "OK", tag, extra, self._answers.result(body)))

    def _take(self, command: str, made: _Held, expires: str) -> None:
        faults, before = self._state.faults, self._held.get(command)
        if expires == "0":
            if not faults.has("gb_subscription_kept"):
                self._held.pop(command, None)
            return
        if before is not None and before.dialogue.call == made.dialogue.call:
            made.dialogue.number = before.dialogue.number
            if faults.has("gb_refresh_ignored"):
                made.until = before.until
        self._held[command] = made
        self._state.truth.write(self._state.id, "subscribed", command)

    def holds(self, command: str) -> bool:
        """Whether a NOTIFY is to be sent of this."""
        held = self._held.get(command)
        kept = self._state.faults.has("gb_subscription_kept")
        return held is not None and (kept or self._time() < held.until)

    async def notify(self, command: str, body: bytes) -> None:
        """Send a NOTIFY in the dialogue of the subscription."""
        if self._state.faults.has("gb_notify_missing"):
            return
        held = self._held[command]
        left = max(0, round(held.until - self._time()))
        extra = [("Event", held.event), ("Subscription-State", f"active;expires={left}"), MANSCDP]
        self._state.truth.write(self._state.id, "notified", command)
        await self._agent.ask("NOTIFY", extra, body, within=held.dialogue)

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()
