# SPDX-License-Identifier: Apache-2.0
"""One emulated device of GB/T 28181: it registers, answers, sends media and reports alarms."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from yanshou.emulation.gb28181.agent import GbIdentity, SipAgent
from yanshou.emulation.gb28181.answers import QueryAnswers
from yanshou.emulation.gb28181.calls import GbCalls
from yanshou.emulation.gb28181.channels import GbState
from yanshou.emulation.gb28181.class_a import ClassASide
from yanshou.emulation.gb28181.controls import RESTART_S, carry_out
from yanshou.emulation.gb28181.manscdp_text import MANSCDP, HeardBody, heard_body
from yanshou.emulation.gb28181.registration import GbTimes, Registration
from yanshou.emulation.gb28181.sip_text import HeardSip, answered, token
from yanshou.emulation.gb28181.subscriptions import GbSubscriptions

ALLOWED = "INVITE, ACK, BYE, CANCEL, INFO, MESSAGE, SUBSCRIBE, NOTIFY"
_THINKS_S = 0.01  # so that what came before a query, such as a Date, has taken effect
_AGAIN_S = 0.4  # until a doubled alarm


class GbDevice:
    """It does all this from :meth:`start` until :meth:`stop`, in the event loop that runs then."""

    def __init__(
        self, identity: GbIdentity, state: GbState, times: GbTimes, class_a: ClassASide | None = None
    ) -> None:
        self.state, self._class_a = state, class_a
        self._agent = SipAgent(identity, state.faults, self._heard)
        self._answers = QueryAnswers(state)
        if class_a is not None:
            self._agent.proof = class_a.proof
        self._registration = Registration(self._agent, times, state.truth, state.set_clock, class_a)
        self._calls = GbCalls(self._agent, state, self._answers)
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending = asyncio.Lock()  # one answer after the other
        self._subscriptions = GbSubscriptions(self._agent, state, self._answers)
        self._serial = 0
        self._last = ""  # the last MESSAGE, which may be sent again

    def start(self) -> None:
        """Begin to register."""
        self._do(self._registration.run())

    async def stop(self) -> None:
        """Log out, and end."""
        await self._calls.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._registration.leave(), 1.0)
        for task in (*self._tasks,):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._agent.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- requests of the platform ---------------------------------------------------------------------------

    def _heard(self, asked: HeardSip) -> None:
        """Serve what the platform proved to be its own."""
        if self._class_a is None or self._class_a.proven(asked):
            self._asked(asked)
            return
        self.state.truth.write(self.state.id, "not_proven", asked.method)
        if asked.method != "ACK":
            self._agent.send(answered(asked, 403, "Forbidden", token()))

    def _asked(self, asked: HeardSip) -> None:
        if self.state.faults.habit("no_answer"):
            return
        match asked.method:
            case "MESSAGE":
                self._message(asked)
            case "INVITE":
                self._do(self._calls.invited(asked))
            case "ACK":
                self._calls.acknowledged(asked)
            case "INFO":
                self._calls.informed(asked)
            case "BYE":
                self._calls.ended(asked)
            case "SUBSCRIBE":
                self._subscriptions.asked(asked)
            case "CANCEL":  # the call was answered at once
                self._agent.send(answered(asked, 200, "OK", token()))
            case "OPTIONS":
                self._agent.send(answered(asked, 200, "OK", token(), [("Allow", ALLOWED)]))
            case _:
                self._agent.send(answered(asked, 405, "Method Not Allowed", token(), [("Allow", ALLOWED)]))

    def _message(self, asked: HeardSip) -> None:
        body = heard_body(asked.body)
        if body is None:
            self._agent.send(answered(asked, 400, "Bad Request", token()))
            return
        self._agent.send(answered(asked, 200, "OK", token()))
        key = f"{asked.header('call-id')} {asked.number}"
        if key == self._last:
            return  # the same request again
        self._last = key
        if body.root == "Query":
            self._do(self._query(body))
        elif body.root == "Control":
            self._do(self._control(body))

    async def _query(self, asked: HeardBody) -> None:
        await asyncio.sleep(_THINKS_S)
        await self._answer(self._answers.bodies(asked))

    async def _answer(self, bodies: list[bytes]) -> None:
        async with self._sending:
            for body in bodies:
                await self._agent.ask("MESSAGE", [MANSCDP], body)

    async def _control(self, asked: HeardBody) -> None:
        if "TeleBoot" in asked.names:
            self.state.truth.write(self.state.id, "restarted")
            await self._calls.close()
            await self._registration.restart(RESTART_S)
            return
        wants, result = carry_out(self.state, asked)
        if wants:
            await self._answer([self._answers.result(asked, result)])

    # -- channels -------------------------------------------------------------------------------------------

    def cut(self, code: str, late_s: float, *, gone: bool) -> None:
        """A channel went or came back: noticed after ``late_s``, and told to subscribers of the catalogue."""
        self._do(self._noticed(code, late_s, gone=gone))

    async def _noticed(self, code: str, late_s: float, *, gone: bool) -> None:
        await asyncio.sleep(late_s)
        (self.state.off.add if gone else self.state.off.discard)(code)
        self.state.truth.write(self.state.id, "channel_off" if gone else "channel_on", code)
        if self._subscriptions.holds("Catalog"):
            self._serial += 1
            await self._subscriptions.notify(
                "Catalog", self._answers.changed(str(self._serial), code, gone=gone)
            )

    # -- alarms ---------------------------------------------------------------------------------------------

    def alarm(self, code: str, source: str, late_s: float, kind: str = "") -> None:
        """Report an alarm of ``source`` in the name of ``code`` after ``late_s``; ``kind``: its AlarmType."""
        faults, state = self.state.faults, self.state
        state.alarms += 1
        lost = faults.find("gb_alarm_lost")
        if lost is not None and state.alarms % int(lost.number(1)) == 0:
            return
        times = 2 if faults.has("gb_alarm_twice") else 1
        self._do(self._report(code, source, late_s, times, kind))

    async def _report(self, code: str, source: str, late_s: float, times: int, kind: str) -> None:
        at = self.state.now()
        await asyncio.sleep(late_s)
        for number in range(times):
            if number:
                await asyncio.sleep(_AGAIN_S)
            self._serial += 1
            body = self._answers.notice(
                [
                    ("CmdType", "Alarm"),
                    ("SN", str(self._serial)),
                    ("DeviceID", code),
                    ("AlarmPriority", "1"),
                    ("AlarmMethod", "2"),
                    ("AlarmTime", self.state.local(at)),
                    ("AlarmDescription", source),
                ],
                f"<Info>\r\n<AlarmType>{kind}</AlarmType>\r\n</Info>\r\n" if kind else "",
            )
            self.state.truth.write(self.state.id, "alarm_sent", code)
            by_message = self.state.faults.habit("notify_as_message")
            if self._subscriptions.holds("Alarm") and not by_message:
                await self._subscriptions.notify("Alarm", body)
            else:
                await self._agent.ask("MESSAGE", [MANSCDP], body)
