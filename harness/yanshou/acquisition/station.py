# SPDX-License-Identifier: Apache-2.0
"""One Modbus bus in the acquisition process: its requests one by one, its watches polled in between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TypeVar

from yanshou.acquisition.after_stimulus import AfterStimulus
from yanshou.acquisition.blocks import Span, merge
from yanshou.acquisition.pauses import wait_pauses_s
from yanshou.acquisition.timeline import Settled, Timeline, Unwatched, WaitQuestion
from yanshou.model import Instant, RigFault, now
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import Area, LinkFault, Master, Read, Refused, Reply, Unsure, Write
from yanshou.protocols.modbus.frames import ILLEGAL_ADDRESS

_HURRY_S = 0.2  # seconds of close polling after a stimulus, until the caller waits
_STALE_LINK_S = 2.0  # a TCP connection idle for longer is tested by a read before a stimulus uses it
_FORGOTTEN_S = 0.5  # a gateway may have forgotten a connection that was idle for longer
_BACK_OFF_S = (0.05, 1.0)
_TELL_AGAIN_S = 0.1
_IDLE_S = 1.0  # without a watch
_READ_ATTEMPTS = 2  # a read may be repeated, a stimulus never
# seconds until a device that answered "busy" or "not done yet" is asked again
_BUSY_PAUSES_S = (0.1, 0.3, 0.6)

_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class StationWatch:
    """One watch: its points, its history, and the callers that wait."""

    span: Span
    pace_s: float
    timeline: Timeline
    waits: list[tuple[WaitQuestion, asyncio.Future[Settled]]] = field(default_factory=list)
    fresh: list[tuple[float, asyncio.Future[Reply]]] = field(default_factory=list)

    def pause_s(self, polled: float) -> float:
        """Seconds to pause after the poll received at ``polled`` (``model.now``)."""
        if self.fresh:
            return 0.0
        if not self.waits:
            return self.pace_s
        return min(wait_pauses_s((question for question, _ in self.waits), polled))


@dataclass(slots=True)
class _Block:
    """One read of the polling cycle and the watches it serves."""

    span: Span
    watches: list[StationWatch]
    polled: float = 0.0
    retry_at: float = 0.0
    failures: int = 0

    def due(self, stimulus: AfterStimulus | None) -> float:
        """When to poll next (``model.now``), closely after a ``stimulus``; a past time means at once."""
        pause = min(watch.pause_s(self.polled) for watch in self.watches)
        if stimulus is not None:
            pause = min(pause, stimulus.pause_s(self.polled))
        return max(self.retry_at, self.polled + pause)


class Station:
    """One bus: a lock, a master, and a loop that polls the watched points."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._master = Master(bus)
        self._lock = asyncio.Lock()
        self._wake = asyncio.Event()
        self._watches: list[StationWatch] = []
        self._blocks: list[_Block] = []
        self._whole: frozenset[tuple[int, Area]] = frozenset()
        self._stimulus = AfterStimulus(_HURRY_S)
        self._poller: asyncio.Task[None] | None = None

    async def read(self, request: Read) -> Reply:
        """Read, at most twice, or more often while the device says it is busy; raises ``RigFault``.

        If nothing at all came over a network, the second request uses a new connection.
        """
        afresh, said = "", None
        for attempt in range(_READ_ATTEMPTS):
            try:
                return await self._ask_patiently(request)
            except Unsure as fault:
                if attempt + 1 == _READ_ATTEMPTS:
                    silent = LinkFault(fault.what + afresh, fault.remedy)
                    raise self._fault(request.unit, said or silent) from fault
                said = None if fault.silent else fault
                afresh = await self._afresh(fault)
            except LinkFault as fault:
                raise self._fault(request.unit, fault) from fault
        raise AssertionError

    async def _ask_patiently(self, request: Read) -> Reply:
        for pause in _BUSY_PAUSES_S:
            try:
                return await self._exchange(request)
            except Refused as fault:
                if not fault.later:
                    raise
                await asyncio.sleep(pause)
        return await self._exchange(request)

    async def _afresh(self, fault: Unsure) -> str:
        """Drop a silent connection, which a gateway may have forgotten; returns the words for it."""
        if not (fault.silent and self.bus.host and self._master.idled_s > _FORGOTTEN_S):
            return ""
        async with self._lock:
            self._master.close()
        return ", neither over the idle connection nor over a new one"

    async def write(self, request: Write) -> Reply:
        """Send a command once; raises ``RigFault``, stating whether it may have been carried out."""
        await self._try_link(request)
        begun = now()
        try:
            return await self._exchange(request)
        except LinkFault as fault:
            if isinstance(fault, Unsure) or (isinstance(fault, Refused) and not fault.nothing_done):
                what = f"{fault.what}; whether the command was carried out is not known"
                raise self._fault(request.unit, LinkFault(what, fault.remedy), since=begun) from fault
            raise self._fault(request.unit, fault) from fault

    async def _try_link(self, request: Write) -> None:
        """Test with a harmless read whether an idle connection still works."""
        if now() - self._master.last_rx < _STALE_LINK_S:
            return
        try:
            await self._exchange(Read(request.unit, request.area, request.address, 1))
        except Refused:
            return
        except Unsure as fault:
            await self._afresh(fault)
        except LinkFault as fault:
            raise self._fault(request.unit, fault) from fault

    async def _exchange(self, request: Read | Write) -> Reply:
        async with self._lock:
            return await self._master.exchange(request)

    def _fault(self, unit: int, fault: LinkFault, since: float | None = None) -> RigFault:
        return RigFault(f"{fault.what}.", device=self.bus.device(unit), remedy=fault.remedy, since=since)

    def hurry(self) -> None:
        """Poll closely for a while if somebody looks at this bus: a stimulus is about to be given."""
        if self._stimulus.begin(waited=any(watch.waits for watch in self._watches)):
            self._wake.set()

    async def add(self, span: Span, pace_s: float) -> StationWatch:
        """Begin to watch; returns after the first good poll, raises ``RigFault`` if there is none."""
        limit = max(1.0, 4 * self.bus.timeout_s)
        watch = StationWatch(span, pace_s, Timeline(span.count, limit))
        self._watches.append(watch)
        self._replan()
        if self._poller is None:
            self._poller = asyncio.create_task(self._poll_forever())
        try:
            await self.current(watch)
        except RigFault:
            self.remove(watch)
            raise
        return watch

    def remove(self, watch: StationWatch) -> None:
        """Stop watching; callers that still wait get an error."""
        self._watches.remove(watch)
        self._replan()
        gone = RigFault("the watch was closed while somebody waited.", device=self._name(watch))
        self._fail_waits(watch, gone)
        self._fail_fresh(watch, gone)

    async def current(self, watch: StationWatch) -> Reply:
        """The values of a poll sent from now on."""
        self._stimulus.looked()
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        watch.fresh.append((now(), future))
        self._wake.set()
        return await future

    async def wait(self, watch: StationWatch, question: WaitQuestion) -> Instant | None:
        """Poll until ``question`` is answered; raises ``RigFault`` if it cannot be."""
        self._stimulus.looked()
        try:
            settled = watch.timeline.settle(question)
        except Unwatched as reason:
            raise self._unwatched(watch, reason) from reason
        if settled is None:
            future: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
            watch.waits.append((question, future))
            self._wake.set()
            settled = await future
            self._stimulus.looked()
        return settled.event

    async def close(self) -> None:
        """End polling and close the connection."""
        poller, self._poller = self._poller, None
        # asyncio.wait_for of Python 3.11 loses a cancellation that coincides with an answer: it is sent
        # again,
        # otherwise a process whose run was killed would poll for ever
        while poller is not None and not poller.done():
            poller.cancel()
            await asyncio.wait({poller}, timeout=_TELL_AGAIN_S)
        self._master.close()

    def _replan(self) -> None:
        spans = merge((watch.span for watch in self._watches), self.bus.max_read, self._whole)
        self._blocks = [
            _Block(span, [watch for watch in self._watches if span.holds(watch.span)]) for span in spans
        ]
        self._wake.set()

    async def _poll_forever(self) -> None:
        while True:
            stimulus = self._stimulus if self._stimulus.lasts else None
            due = [(block.due(stimulus), block) for block in self._blocks]
            moment = min((when for when, _ in due), default=now() + _IDLE_S)
            if (pause := moment - now()) > 0 and await self._woken(pause):
                continue  # what is due is another question now
            late = max(moment, now())
            if ready := [one for when, one in due if when <= late]:
                await self._poll(min(ready, key=lambda one: one.polled))

    async def _woken(self, seconds: float) -> bool:
        """Pause; tells whether something changed meanwhile."""
        self._wake.clear()
        ended = False

        def end() -> None:
            nonlocal ended
            ended = not self._wake.is_set()
            self._wake.set()

        # a timer that sets the event costs half of ``asyncio.timeout``, which cancels the task
        timer = asyncio.get_running_loop().call_later(seconds, end)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()
        return not ended

    async def _poll(self, block: _Block) -> None:
        span = block.span
        try:
            reply = await self._exchange(Read(span.unit, span.area, span.address, span.count))
        except LinkFault as fault:
            self._missed(block, fault)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
            self._missed(block, LinkFault(f"polling failed: {error!r}", "This is a fault of the harness."))
        else:
            block.polled, block.failures, block.retry_at = reply.rx, 0, 0.0
            for watch in block.watches:
                self._saw(watch, reply, watch.span.address - span.address)

    def _saw(self, watch: StationWatch, reply: Reply, offset: int) -> None:
        values = reply.values[offset : offset + watch.span.count]
        changed = watch.timeline.saw(values, reply.tx, reply.rx)
        mine = Reply(values, reply.tx, reply.rx)
        for asked, asker in watch.fresh[:]:
            if reply.tx >= asked:
                watch.fresh.remove((asked, asker))
                _resolve(asker, mine)
        for question, future in watch.waits[:]:
            if changed or reply.tx >= question.deadline:
                self._try_settle(watch, question, future)

    def _try_settle(
        self, watch: StationWatch, question: WaitQuestion, future: asyncio.Future[Settled]
    ) -> None:
        try:
            settled = watch.timeline.settle(question)
        except Unwatched as reason:
            watch.waits.remove((question, future))
            _reject(future, self._unwatched(watch, reason))
            return
        if settled is not None:
            watch.waits.remove((question, future))
            _resolve(future, settled)

    def _missed(self, block: _Block, fault: LinkFault) -> None:
        """Note the gap, inform callers that can no longer be answered, and retry after a pause."""
        if self._split(block, fault):
            return
        block.failures += 1
        block.polled = now()
        least, longest = _BACK_OFF_S
        pause = 0.0 if isinstance(fault, Unsure) else min(longest, least * 2 ** min(block.failures, 8))
        block.retry_at = now() + pause
        problem = self._fault(block.span.unit, fault)
        for watch in block.watches:
            watch.timeline.failed(fault.what)
            self._fail_fresh(watch, problem)
            self._fail_waits(watch, problem, overdue_only=True)

    def _split(self, block: _Block, fault: LinkFault) -> bool:
        """Some devices refuse a read over addresses they lack; for them, read only the watched addresses."""
        pair = (block.span.unit, block.span.area)
        refused = isinstance(fault, Refused) and fault.code == ILLEGAL_ADDRESS
        if not refused or len(block.watches) < 2 or pair in self._whole:  # noqa: PLR2004 - two make a merge
            return False
        self._whole |= {pair}
        self._replan()
        return True

    @staticmethod
    def _fail_fresh(watch: StationWatch, problem: RigFault) -> None:
        for _, future in watch.fresh:
            _reject(future, problem)
        watch.fresh.clear()

    @staticmethod
    def _fail_waits(watch: StationWatch, problem: RigFault, *, overdue_only: bool = False) -> None:
        for question, future in watch.waits[:]:
            if not overdue_only or watch.timeline.overdue(question, now()):
                watch.waits.remove((question, future))
                _reject(future, problem)

    def _unwatched(self, watch: StationWatch, reason: Unwatched) -> RigFault:
        return RigFault(f"{reason.what}.", device=self._name(watch), remedy=reason.remedy)

    def _name(self, watch: StationWatch) -> str:
        return f"{self.bus.device(watch.span.unit)} {watch.span.area} {watch.span.address}"


def _resolve(future: asyncio.Future[_T], value: _T) -> None:
    if not future.done():
        future.set_result(value)


def _reject(future: asyncio.Future[_T], problem: RigFault) -> None:
    if not future.done():
        future.set_exception(problem)
