# SPDX-License-Identifier: Apache-2.0
"""One device that sends messages, in the acquisition process.

A point that can be asked for is polled, like a register: the bracket of a change begins with the sending of
the last question answered "not yet". A change that the device only reports by itself is bracketed from the
moment the line was last idle to the receipt of the message; that it did not happen is proven only by an
answer that came after the period in question, over the same connection. After a broken connection or a
garbled message nothing is concluded about the period concerned.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from datetime import datetime

from yanshou.acquisition.after_stimulus import AfterStimulus
from yanshou.acquisition.followed_point import Cell, FollowedPoint
from yanshou.acquisition.pauses import LEAST_S
from yanshou.acquisition.timeline import Settled, Timeline, Unwatched, WaitQuestion
from yanshou.acquisition.wire import (
    UNSENDABLE_REMEDY,
    Denied,
    LinkFault,
    MessageAnswer,
    MessageChannel,
    StreamWire,
)
from yanshou.model import Instant, RigFault, now
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import Unreachable, Unsure
from yanshou.protocols.speech import LoginStep, MessageQuestion, Report, Secrets, Speech, numbered
from yanshou.protocols.unknown_form import subject_of
from yanshou.wires import Heard

_HURRY_S = 0.5
_PACE_S = 0.1
_IDLE_S = 1.0
_TURN_S = 0.03  # about the load of one question on the line
_LONGEST_GAP_S = 0.1  # per point: a panel that is asked zone by zone is polled less often
_BACK_OFF_S = (0.05, 1.0)
_SHOWN = 160  # characters of an answer that are quoted
_OTHER_FORM = "Compare the answer with the profile: another firmware, or another device."
_HEARTBEATS = 2.5  # after so many missed intervals the device counts as gone


class MessageStation:
    """One device, one connection: questions and commands one by one, reports of the device in between."""

    def __init__(self, bus: Bus, speech: Speech, secrets: Secrets) -> None:
        self.bus = bus
        self._speech = speech
        self._secrets = secrets
        self._wire = self._make_wire()
        self._lock = asyncio.Lock()
        self._wake = asyncio.Event()
        self._followed: dict[Cell, FollowedPoint] = {}
        self._elsewhere: dict[Cell, int] = {}
        self._stimulus = AfterStimulus(_HURRY_S)
        self._proven = 0.0  # when the device last proved that it answers
        self._failures = 0
        self._unanswered = ""  # the pattern of the answer that did not come, and may come late
        self._denied: Denied | None = None  # the device's words when it refused our password
        self._urgent_turn = False
        self._runner: asyncio.Task[None] | None = None

    # -- what the caller asks -------------------------------------------------------------------------------

    def hurry(self) -> None:
        """Poll closely for a while if somebody looks at this device: a stimulus is about to be given."""
        if self._stimulus.begin(waited=any(one.waits for one in self._followed.values())):
            self._wake.set()

    async def follow(self, cells: Iterable[Cell]) -> None:
        """Begin to follow points; returns after the first poll of all of them, raises ``RigFault``."""
        new = [cell for cell in cells if cell not in self._followed]
        for cell in new:
            self._followed[cell] = self._begun(cell)
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())
        try:
            await self.values(new)
        except RigFault:
            for cell in new:
                self._followed.pop(cell, None)
            raise

    async def values(self, cells: Iterable[Cell]) -> tuple[list[int], float, float]:
        """Values of polls that begin from now on, with their earliest and latest moment."""
        asked = now()
        self._stimulus.looked()
        futures = []
        for cell in cells:
            future: asyncio.Future[MessageAnswer] = asyncio.get_running_loop().create_future()
            self._followed[cell].fresh.append((asked, future))
            futures.append(future)
        self._wake.set()
        answers = await asyncio.gather(*futures)
        values = [int(answer.text) for answer in answers]
        tx, rx = (
            min((one.tx for one in answers), default=asked),
            max((one.rx for one in answers), default=asked),
        )
        return values, tx, rx

    async def all_of(self, role: str) -> dict[int, int]:
        """Every point of a role that the device reports.

        If one answer contains all of them, it is asked for; otherwise the followed points and those the
        device has reported.
        """
        ask = self._speech.asks.get(role)
        if ask is not None and ask.about(1) == ask.about(2):
            text = (await self.ask(ask, 1)).text
            by_number = {one.number: one.value for one in self._speech.reports(text) if one.role == role}
            if (unread := self._speech.unread(role, text)) or not by_number:
                said = (unread or " ".join(text.split()))[:_SHOWN]
                raise self._fault(
                    f"its answer does not state {role} as the profile has it ({said})", _OTHER_FORM
                )
            return by_number
        cells = [cell for cell in self._followed if cell[0] == role]
        values, _, _ = await self.values(cells)
        elsewhere = {number: value for (name, number), value in self._elsewhere.items() if name == role}
        return elsewhere | {number: value for (_, number), value in zip(cells, values, strict=True)}

    async def ask(self, ask: MessageQuestion, number: int) -> MessageAnswer:
        """Ask once about the ``number``-th of something, which changes nothing; raises ``RigFault``."""
        try:
            async with self._lock:
                await self._connect()
                text = self._filled(ask.request, number)
                return await self._exchange(text, numbered(ask.expect, number))
        except LinkFault as fault:
            raise self._refusal(fault) from fault

    async def wait(self, cell: Cell, question: WaitQuestion) -> Instant | None:
        """Poll with short pauses until ``question`` is answered; raises ``RigFault`` if it cannot be."""
        followed = self._followed[cell]
        self._stimulus.looked()
        try:
            settled = followed.timeline.settle(question)
        except Unwatched as reason:
            raise self._fault(f"{reason.what}", reason.remedy) from reason
        if settled is None:
            future: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
            followed.waits.append((question, future))
            self._wake.set()
            settled = await future
            self._stimulus.looked()
        return settled.event

    def polls(self, cell: Cell, since: Instant) -> tuple[int, float]:
        """How often the point was polled since, and the longest time between two polls."""
        try:
            seen = self._followed[cell].timeline.polls(since)
        except Unwatched as reason:
            raise self._fault(f"{reason.what}", reason.remedy) from reason
        return seen.polls, seen.longest_gap_s

    async def say(self, name: str, ask: MessageQuestion, refused: str, number: int) -> MessageAnswer:
        """Send a command once; raises ``RigFault``, stating whether it may have been carried out."""
        expect, begun = numbered(ask.expect, number), None
        try:
            async with self._lock:
                await self._connect()
                text = self._filled(ask.request, number)
                await self._let_late_answer_pass()
                begun = now()
                either = f"(?:{expect})|(?:{refused})" if refused else expect
                answer = await self._exchange(text, either)
        except Unsure as fault:
            what = f"{fault.what} to {name}; whether it was carried out is not known"
            raise self._fault(what, fault.remedy, since=begun) from fault
        except LinkFault as fault:
            raise self._refusal(fault) from fault
        self._heard_reports(answer.text, answer.tx, answer.rx)
        if refused and re.search(expect, answer.text) is None:
            remedy = "Look at the panel: open zones, alarms not cleared, the rights of the code."
            raise self._fault(f"refused {name} ({answer.text})", remedy)
        return answer

    async def close(self) -> None:
        """End the connection."""
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
        self._wire.close()

    # -- the loop -------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            try:
                await self._turn()
            except Unsure as fault:
                self._missed(fault)
            except Denied as fault:
                self._refusal(fault)
                self._missed(fault, at_once=True)
                await self._nap(_IDLE_S)
            except LinkFault as fault:
                self._missed(fault)
                await self._rest_after_failure()
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
                self._missed(LinkFault(f"polling failed: {error!r}", "This is a fault of the harness."))
                await self._rest_after_failure()
            else:
                self._failures = 0

    async def _turn(self) -> None:
        """One question, or a pause until one is due."""
        if not self._followed:
            await self._nap(_IDLE_S)
            return
        async with self._lock:
            await self._connect()
        self._wire.poll_closely(closely=self._is_hurried())
        ask, due = self._next_ask()
        barrier = self._barrier_due()
        if ask is not None and due <= now():
            await self._poll(ask)
        elif barrier <= now():
            await self._prove()
        else:
            await self._nap(min(due, barrier) - now())

    def _is_hurried(self) -> bool:
        return self._stimulus.lasts or any(one.waits for one in self._followed.values())

    def _next_ask(self) -> tuple[MessageQuestion | None, float]:
        """The question whose turn it is, and when.

        Points that a caller waits for have every other turn, so that the other points are still polled.
        """
        asked = [one for one in self._followed.values() if one.ask is not None]
        if not asked:
            return None, now() + 1.0
        oldest = min(asked, key=lambda one: one.polled)
        urgent = [one for one in asked if one.is_urgent]
        hurried = self._stimulus.lasts
        pause = 0.0 if hurried else max(_PACE_S, _TURN_S * len({one.ask for one in asked}))
        due = max(oldest.polled + pause, oldest.answered + LEAST_S)
        self._urgent_turn = not self._urgent_turn or due > now()
        if urgent and self._urgent_turn:
            first = min(urgent, key=lambda one: (one.due(hurried=hurried) > now(), one.polled))
            soon = first.due(hurried=hurried)
            return (first.ask, soon) if soon <= max(due, now()) else (oldest.ask, due)
        return oldest.ask, due

    def _barrier_due(self) -> float:
        """When the device must prove that it answers: at once if a caller waits, else from time to time."""
        reported = [one for one in self._followed.values() if one.ask is None]
        if not reported:
            return now() + 1.0
        if self._heartbeat():
            return self._proven + _HEARTBEATS * self._speech.every_s
        due = self._proven + self._speech.every_s
        for one in reported:
            if one.fresh:
                return 0.0
            due = min([due, *(question.deadline for question, _ in one.waits)])
        return due

    def _heartbeat(self) -> bool:
        """Whether the device proves by itself that it is alive."""
        return self._speech.alive is not None and not self._speech.alive.request

    async def _poll(self, ask: MessageQuestion) -> None:
        asked = [one for one in self._followed.values() if one.ask == ask]
        for one in asked:
            one.polled = now()
        async with self._lock:
            answer = await self._exchange(self._filled(ask.request), ask.expect)
        values = self._speech.stated(answer.text)
        for one in asked:
            one.answered = answer.rx
            if one.cell in values:
                one.saw(values[one.cell], answer.tx, answer.rx)
            else:
                role, number = one.cell
                one.fail(self._fault(f"its answer does not state {role} {number}"), at_once=True)
        self._proved(answer.tx, answer.rx)

    async def _prove(self) -> None:
        """Ask the device for an answer: all its earlier reports have then arrived."""
        if self._heartbeat():
            self._wire.close()
            silent = _HEARTBEATS * self._speech.every_s
            raise Unreachable(f"has not been heard for {silent:g} s", "Check the device and its line.")
        alive = self._speech.alive or next((ask.about(1) for ask in self._speech.asks.values()), None)
        if alive is None:
            raise Unreachable(
                "only speaks by itself, and its profile gives no way to know that it still does",
                "Add [alive] to the profile.",
            )
        async with self._lock:
            text = self._filled(alive.request)
            answer = await self._exchange(text, alive.expect)
        self._proved(answer.tx, answer.rx)

    async def _exchange(self, text: str, expect: str) -> MessageAnswer:
        """One question and its answer; raises ``LinkFault``. Call with the lock held."""
        await self._let_late_answer_pass()
        try:
            return await self._wire.ask(text, expect, self._speech.timeout_s)
        except Unsure:
            self._unanswered = expect
            raise

    async def _let_late_answer_pass(self) -> None:
        """After a missing answer, ask something whose answer looks otherwise: what is late comes before it.

        Without it a device that is later than we wait would answer each question with the state of the one
        before. Where the profile has no such question, the pause of the wire has to do.
        """
        other = self._question_beside(self._unanswered) if self._unanswered else None
        if other is None:
            return
        try:
            await self._wire.ask(self._filled(other.request), other.expect, self._speech.timeout_s)
        except Unsure as fault:
            self._unanswered = other.expect
            raise Unreachable(fault.what, fault.remedy) from fault  # what was to be sent was not
        self._unanswered = ""

    def _question_beside(self, expect: str) -> MessageQuestion | None:
        """A question with another answer than ``expect``; None over HTTP, where no answer is misplaced."""
        if self._speech.language.over_http:
            return None
        alive = self._speech.alive
        asked = [alive] if alive is not None and alive.request else []
        asked += [one.ask for one in self._followed.values() if one.ask is not None]
        asked += [ask.about(1) for ask in self._speech.asks.values()]
        return next((one for one in asked if one.expect != expect), None)

    def _proved(self, tx: float, rx: float) -> None:
        self._proven = rx
        for one in self._followed.values():
            if one.ask is None:
                one.saw(one.value, max(tx, one.timeline.tx), rx)

    async def _nap(self, seconds: float) -> None:
        self._wake.clear()
        timer = asyncio.get_running_loop().call_later(max(0.0, seconds), self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()

    async def _rest_after_failure(self) -> None:
        self._failures += 1
        least, longest = _BACK_OFF_S
        await asyncio.sleep(min(longest, least * 2 ** min(self._failures, 8)))

    # -- the connection -------------------------------------------------------------------------------------

    def _make_wire(self) -> MessageChannel:
        if self._speech.language.over_http:
            from yanshou.acquisition.http_wire import HttpWire  # noqa: PLC0415 - its library takes a while to load

            return HttpWire(self.bus, self._speech, self._secrets, self._on_heard)
        return StreamWire(self.bus, self._speech, self._on_heard, self._on_lost)

    async def _connect(self) -> None:
        if self._denied is not None:
            raise self._denied
        if self._wire.is_up:
            return
        before = now()
        await self._wire.open()
        try:
            for step in (*self._speech.login, *self._speech.start):
                await self._step(step)
        except LinkFault:
            self._wire.close()
            raise
        moment = now()
        for one in self._followed.values():
            if one.ask is None and one.timeline.values is not None:
                one.blind(min(one.timeline.tx, before), moment)
        self._proven = moment if self._heartbeat() else 0.0

    async def _step(self, step: LoginStep) -> None:
        either = "|".join(f"(?:{one})" for one in (step.expect, step.refused) if one)
        text = self._filled(step.send) if step.send else ""
        if either:
            answer = await self._wire.wait(either, self._speech.timeout_s)
            if step.refused and re.search(step.refused, answer.text):
                raise Denied("refused the login", "Check the password the site file refers to.")
        if text:
            self._wire.send(text)

    def _on_heard(self, heard: Heard, idle: float, rx: float) -> None:
        if heard.fault:
            for one in self._reported():
                one.doubt(idle, rx, heard.text[:_SHOWN])
                one.blind(idle, rx)
            return
        if self._speech.acknowledge:
            self._wire.send(self._speech.acknowledge)
        if self._speech.is_answer(heard.text):
            return  # a late answer shows a past state, not the present one
        self._heard_reports(heard.text, idle, rx)
        if self._speech.is_unknown(heard.text):
            self._doubt_what_it_may_be_about(heard.text, idle, rx)
        alive = self._speech.alive
        if alive is not None and not alive.request and re.search(alive.expect, heard.text):
            self._proved(idle, rx)

    def _doubt_what_it_may_be_about(self, line: str, idle: float, rx: float) -> None:
        at = datetime.now()  # noqa: DTZ005 - a device writes the time of its place, as this computer has it
        reported = self._reported()
        subjects = {role: subject_of(line, role, at) for role in {one.cell[0] for one in reported}}
        for one in reported:
            role, number = one.cell
            if self._speech.may_be_about(role, number, subjects[role]):
                one.doubt(idle, rx, line[:_SHOWN])

    def _heard_reports(self, text: str, idle: float, rx: float) -> None:
        for report in self._speech.reports(text):
            self._reported_by_itself(report, idle, rx)

    def _reported_by_itself(self, report: Report, idle: float, rx: float) -> None:
        one = self._followed.get((report.role, report.number))
        if one is None:
            self._elsewhere[report.role, report.number] = report.value
            return  # a zone that nobody follows: kept for callers who ask which of all zones show something
        if one.ask is not None:
            one.hint = (report.value, rx)
            self._wake.set()
        elif report.value != one.value or one.timeline.values is None:
            one.reported(report.value, idle, rx)

    def _on_lost(self, text: str, remedy: str) -> None:
        what = f"the connection was lost; what it reported meanwhile is not known{text}"
        gone = self._fault(what, remedy or "Check the line.")
        for one in self._reported():
            one.fail(gone, at_once=True)
        self._wake.set()

    def _refusal(self, fault: LinkFault) -> RigFault:
        """The fault for the caller; a device that refused our password is not asked again in this run."""
        if isinstance(fault, Denied):
            self._denied = fault
            self._wire.close()
        return self._fault(fault.what, fault.remedy)

    def _missed(self, fault: LinkFault, *, at_once: bool = False) -> None:
        problem = self._fault(fault.what, fault.remedy)
        for one in self._followed.values():
            one.fail(problem, at_once=at_once)

    # -- within ---------------------------------------------------------------------------------------------

    def _filled(self, template: str, number: int = 1) -> str:
        """What is sent; raises ``Unreachable`` if that cannot be a line."""
        try:
            return self._secrets.filled(template, number)
        except ValueError:  # never shown: it may hold a password
            what = "cannot be sent a text with control characters"
            raise Unreachable(what, UNSENDABLE_REMEDY) from None

    def _reported(self) -> list[FollowedPoint]:
        return [one for one in self._followed.values() if one.ask is None]

    def _begun(self, cell: Cell) -> FollowedPoint:
        role, number = cell
        ask = self._speech.asks.get(role)
        limit = max(1.0, 4 * self._speech.timeout_s)
        if ask is None:
            limit = max(limit, (_HEARTBEATS + 1) * self._speech.every_s)
        else:
            limit = max(limit, _LONGEST_GAP_S * len(self._followed))
        about = None if ask is None else ask.about(number)
        return FollowedPoint(cell, about, Timeline(1, limit), self._speech.defaults.get(role, 0))

    def _fault(self, what: str, remedy: str = "", since: float | None = None) -> RigFault:
        return RigFault(f"{what}.", device=self.bus.device(0), remedy=remedy, since=since)
