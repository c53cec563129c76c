# SPDX-License-Identifier: Apache-2.0
"""The receiving centre: 2,000 encrypted events from 50 senders at once, and 500 supervised accounts.

Bars: no event lost, none taken twice; the moment of sending inside value ± U in 95 % of single events; no
loss told of an account that polls, every account that falls silent told.  The senders are a second codec's
(the emulation's), in processes of their own.  The supervision runs accelerated: ``--speed`` times as fast as
30 s polls for 10 minutes, the ratios kept.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import multiprocessing
import random
import socket
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median

from tests.benchmarks.figure import Figure, tell
from yanshou.acquisition.centre import Account, Centre
from yanshou.emulation.dc09 import codec

SENDERS, EVENTS, PROCESSES = 50, 40, 2
ACCOUNTS, POLL_S, MINUTES, GRACE = 500, 30.0, 10.0, 1.5
SILENT = 10
TRIALS = 300
BUDGET_MS = 1.9  # U of a pushed event in the budget of the study
_KEY = bytes(range(16))
Address = tuple[str, int]


def number(index: int) -> str:
    """The account of a sender."""
    return f"{0x1000 + index:04X}"


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: bytes) -> float:
    """Send a line and wait for its acknowledgement; gives the seconds it took."""
    before = time.perf_counter()
    writer.write(line)
    answer = await asyncio.wait_for(reader.readuntil(b"\r"), 30.0)
    took = time.perf_counter() - before
    read, _ = codec.read(answer, _KEY)
    assert read is not None
    assert read.word == "ACK", read
    return took


async def events_of(index: int, address: Address, barrier: asyncio.Event) -> list[float]:
    """One sender's events, one after the other, as a panel does."""
    reader, writer = await asyncio.open_connection(*address)
    await barrier.wait()
    took = []
    for sequence in range(1, EVENTS + 1):
        data = f"#{number(index)}|1130 01 {sequence:03d}"
        line = codec.write("ADM-CID", sequence, number(index), data, key=_KEY, at=datetime.now(UTC))
        took.append(await exchange(reader, writer, line))
    writer.close()
    return took


async def polls_of(index: int, address: Address, period: float, count: int) -> None:
    """One account's link tests; the connections do not all speak at once."""
    await asyncio.sleep(period * index / ACCOUNTS)
    reader, writer = await asyncio.open_connection(*address)
    line = codec.write("NULL", 0, number(index), "", at=datetime.now(UTC))
    for _ in range(count):
        await exchange(reader, writer, line)
        await asyncio.sleep(period)
    writer.close()


def send_events(indices: Sequence[int], address: Address, ready: object, results: object) -> None:
    """A process of senders."""

    async def run() -> list[float]:
        barrier = asyncio.Event()
        tasks = [asyncio.create_task(events_of(index, address, barrier)) for index in indices]
        await asyncio.sleep(0.5)
        await asyncio.to_thread(ready.wait)  # type: ignore[attr-defined]
        barrier.set()
        return [one for took in await asyncio.gather(*tasks) for one in took]

    results.put(asyncio.run(run()))  # type: ignore[attr-defined]


def send_polls(indices: Sequence[int], address: Address, period: float, count: int) -> None:
    """A process of pollers; the first accounts fall silent half way."""

    async def run() -> None:
        await asyncio.gather(
            *(polls_of(index, address, period, count // 2 if index < SILENT else count) for index in indices)
        )

    asyncio.run(run())


def shares(count: int) -> list[list[int]]:
    """The senders' numbers by process."""
    return [list(range(part, count, PROCESSES)) for part in range(PROCESSES)]


def burst() -> list[Figure]:
    """All senders at once."""
    context = multiprocessing.get_context("spawn")
    accounts = [Account(f"P{index}", number(index), _KEY) for index in range(SENDERS)]
    with Centre([("127.0.0.1", 0)], accounts) as centre:
        address, ready, results = (
            ("127.0.0.1", centre.ports[0]),
            context.Barrier(PROCESSES + 1),
            context.Queue(),
        )
        children = [
            context.Process(target=send_events, args=(share, address, ready, results))
            for share in shares(SENDERS)
        ]
        for child in children:
            child.start()
        ready.wait()
        began = time.perf_counter()
        took = sorted(one for _ in children for one in results.get(timeout=120))
        seconds = time.perf_counter() - began
        for child in children:
            child.join()
        came = centre.received(0, {"kind": "message"})
    fresh = [one for one in came if not one.repeated]
    order: dict[str, list[int | None]] = {f"P{index}": [] for index in range(SENDERS)}
    for one in fresh:
        order[one.account].append(one.sequence)
    wanted = list(range(1, EVENTS + 1))
    lost = sum(len(set(wanted) - set(got)) for got in order.values())
    halves = sorted(one.first.half_width * 1e3 for one in came)
    print(f"{SENDERS * EVENTS} encrypted events, {SENDERS} senders at once, {centre.note}")
    return [
        Figure("events lost", lost, "events", at_most=0),
        Figure(
            "events too many or out of order",
            sum(got != wanted for got in order.values()),
            "senders",
            at_most=0,
        ),
        Figure("send to ACK, median", median(took) * 1e3, "ms"),
        Figure("send to ACK, p99", p99(took) * 1e3, "ms"),
        Figure("send to ACK, longest", took[-1] * 1e3, "ms"),
        Figure("half width of an arrival, median", median(halves), "ms"),
        Figure("half width of an arrival, p99", p99(halves), "ms"),
        Figure("events in a second", len(took) / seconds, "1/s"),
    ]


def supervision(speed: float) -> list[Figure]:
    """Many accounts that poll, some of which fall silent."""
    context = multiprocessing.get_context("spawn")
    period = POLL_S / speed
    count = int(MINUTES * 60 / POLL_S)
    accounts = [Account(f"P{index}", number(index)) for index in range(ACCOUNTS)]
    with Centre([("127.0.0.1", 0)], accounts) as centre:
        address = ("127.0.0.1", centre.ports[0])
        children = [
            context.Process(target=send_polls, args=(share, address, period, count))
            for share in shares(ACCOUNTS)
        ]
        for child in children:
            child.start()
        while len({one.account for one in centre.received(0, {"kind": "message"})}) < ACCOUNTS:
            time.sleep(period / 4)
        mark = centre.mark()
        for account in accounts:
            centre.supervise(account.device, period * GRACE)
        time.sleep((count - 3) * period)
        lost = {one.account for one in centre.received(mark, {"kind": "lost"})}
        polls = len(centre.received(mark, {"kind": "message"}))
        for child in children:
            child.join()
    silent = {f"P{index}" for index in range(SILENT)}
    print(f"{ACCOUNTS} accounts, {POLL_S:g} s polls, {MINUTES:g} min, {speed:g} times as fast")
    return [
        Figure("accounts supervised at once", ACCOUNTS, "accounts", at_least=500),
        Figure("link tests heard", polls, "messages"),
        Figure("false losses", len(lost - silent), "accounts", at_most=0),
        Figure("silent accounts told", len(lost & silent), "accounts", at_least=SILENT),
    ]


def push() -> list[Figure]:
    """Single events at random moments: does value ± U hold the moment in which the event was sent?"""
    source = random.Random(20261124)
    accounts = [Account("P0", number(0))]
    truths = []
    with Centre([("127.0.0.1", 0)], accounts) as centre:
        with socket.create_connection(("127.0.0.1", centre.ports[0])) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for trial in range(1, TRIALS + 1):
                data = f"#{number(0)}|1130 01 {trial % 1000:03d}"
                frame = codec.write("ADM-CID", trial, number(0), data, at=datetime.now(UTC))
                time.sleep(source.uniform(0.005, 0.03))
                before = time.perf_counter()
                line.sendall(frame)
                truths.append((before, time.perf_counter()))
                line.recv(4096)
        came = centre.received(0, {"kind": "message"})
    expanded = [2 * one.first.half_width / math.sqrt(3) for one in came]
    inside = sum(
        one.first.middle - U <= behind and one.first.middle + U >= before
        for one, (before, behind), U in zip(came, truths, expanded, strict=True)
    )
    print(f"{TRIALS} single events, the moment of sending against value ± U (k = 2)")
    return [
        Figure("truth inside value ± U", inside / TRIALS * 100, "%", at_least=95.0),
        Figure("U of an arrival, median", median(expanded) * 1e3, "ms", at_most=2 * BUDGET_MS),
        Figure("U of an arrival, p99", p99(sorted(expanded)) * 1e3, "ms"),
    ]


def p99(values: Sequence[float]) -> float:
    """The 99th percentile of sorted values."""
    return values[min(len(values) - 1, int(0.99 * len(values)))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Both parts; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=15.0, help="how much faster than 30 s polls")
    options = parser.parse_args(arguments)
    return tell("arc", [*burst(), *push(), *supervision(options.speed)])


if __name__ == "__main__":
    sys.exit(main())
