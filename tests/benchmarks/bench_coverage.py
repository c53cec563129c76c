# SPDX-License-Identifier: Apache-2.0
"""Whether value ± U holds the truth: delays of a panel over Modbus TCP, RTU at two speeds, and DC-09 push.

The panel stands in a process of its own, shows zone n in alarm a random time after coil n was written, and
keeps that time to itself until the end.  Its serial lines are paced: a request takes the time of its
characters to arrive, and the answer comes character by character; the end of a request is known by its
length, so that the only silences are those the harness keeps.  Value and U are those of
``metrology.evaluate_latencies``.  Bars: 95 % of 300 inside, none missed, the median U at most twice what a
budget of the method gives.  The widest of U over RTU come from the stimuli of the other zones: each takes the
bus for an exchange, in which nobody looks.  One zone at a time, as a run does, 95 of 100 are held to the bar.

    python -m tests.benchmarks coverage [-n 300] [--only tcp,rtu-9600,rtu-115200,dc09]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from tests.benchmarks.bench_latency import Panel, crc16, one_zone, say, serve_tcp
from tests.benchmarks.figure import Figure, tell
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.acquisition.centre import Account, Centre
from yanshou.acquisition.child import raise_priority
from yanshou.emulation.dc09 import codec
from yanshou.metrology import evaluate_latencies
from yanshou.model import Latency, Statistic

# expanded uncertainty of each method in ms: bracket, stimulus, relay, loopback, filter, host, clock (k = 2)
BUDGET_MS: Mapping[str, float] = {"tcp": 2.2, "rtu-9600": 23.0, "rtu-115200": 3.0, "dc09": 1.9}
ZONES: Mapping[str, int] = {"tcp": 12, "rtu-9600": 4, "rtu-115200": 8, "dc09": 6}  # measured side by side
ALONE = "rtu-115200"  # also measured zone after zone
SHARE = 95.0
WITHIN_S = 5.0
SHORTEST_S, LONGEST_S = 0.05, 1.2
NUMBER, KEY = "1A2B", bytes(range(16))


# -- the panel, in its own process --------------------------------------------------------------------------


class Quick(Panel):
    """The panel of ``bench_latency`` with shorter delays."""

    def write(self, zone: int, *, on: bool) -> None:
        """Open the loop, or close it and forget the alarm."""
        opened = perf_counter()
        self.due.pop(zone, None)
        if on:
            self.due[zone] = opened + self.random.uniform(SHORTEST_S, LONGEST_S)
            self.truth.setdefault(zone, []).append(self.due[zone] - opened)


class Pushing(Quick):
    """Sends each alarm to the receiving centre; the truth is when it was really sent."""

    def __init__(self, seed: int, port: int) -> None:
        super().__init__(seed)
        self._line = socket.create_connection(("127.0.0.1", port))
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lock = threading.Lock()
        self._sequence = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def write(self, zone: int, *, on: bool) -> None:
        """Open the loop, and let the event go out when it is due."""
        opened = perf_counter()
        if on:
            delay = self.random.uniform(SHORTEST_S, LONGEST_S)
            threading.Timer(delay, self._send, (zone, opened)).start()

    def _send(self, zone: int, opened: float) -> None:
        with self._lock:
            self._sequence = self._sequence % 9999 + 1
            data = f"#{NUMBER}|1130 01 {zone + 1:03d}"
            line = codec.write("ADM-CID", self._sequence, NUMBER, data, key=KEY, at=datetime.now(UTC))
            self.truth.setdefault(zone, []).append(perf_counter() - opened)
            self._line.sendall(line)

    def _listen(self) -> None:
        while self._line.recv(4096):
            pass


def until(moment: float) -> None:
    """Return at ``moment``, closer than a sleep alone would."""
    while (left := moment - perf_counter()) > 0:
        time.sleep(left if left > 5e-4 else 0)


def serve_paced(panel: Panel, baud: int) -> None:
    """One RTU unit on a pty that lets characters take their time, until standard input ends."""
    import tty

    character = 10 / baud  # 8N1
    master, slave = os.openpty()
    tty.setraw(slave)
    say(os.ttyname(slave))
    pending = b""
    while True:
        ready, _, _ = select.select([master, 0], [], [])
        if 0 in ready:
            return
        came, data = perf_counter(), os.read(master, 256)
        pending += data
        while len(pending) >= 8:
            frame, pending = pending[:8], pending[8:]
            until(came + len(data) * character)
            reply = frame[:1] + panel.answer(frame[1:6])
            reply += crc16(reply)
            begun = perf_counter()
            for place, byte in enumerate(reply, 1):
                until(begun + place * character)
                os.write(master, bytes([byte]))


def serve(case: str, seed: int, port: int) -> None:
    """Be the panel; the truth is told when the harness has gone."""
    raise_priority()
    panel = Pushing(seed, port) if case == "dc09" else Quick(seed)
    if case.startswith("rtu-"):
        serve_paced(panel, int(case.removeprefix("rtu-")))
    else:
        serve_tcp(panel)
    say(panel.truth)


# -- the harness --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: U of each trial in ms, how many truths lay inside, how many alarms were missed."""

    case: str
    inside: int
    missed: int
    trials: int
    U_ms: list[float]

    def figures(self) -> Iterator[Figure]:
        """Against the bars."""
        bar = 2 * BUDGET_MS[self.case]
        yield Figure(
            f"{self.case}: truth inside value ± U", 100 * self.inside / self.trials, "%", at_least=SHARE
        )
        yield Figure(f"{self.case}: alarms missed of {self.trials}", self.missed, "", at_most=0)
        yield Figure(f"{self.case}: U, median", statistics.median(self.U_ms), "ms", at_most=bar)
        yield Figure(f"{self.case}: U, 95 of 100", sorted(self.U_ms)[int(0.95 * len(self.U_ms))], "ms")


@contextmanager
def emulated(
    case: str, seed: int, port: int = 0
) -> Iterator[tuple[object, Callable[[], dict[int, list[float]]]]]:
    """The panel's process: where it is, and how to end it and hear the truth."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.bench_coverage",
        "--serve",
        case,
        "--seed",
        str(seed),
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        stdin, stdout = child.stdin, child.stdout

        def truth() -> dict[int, list[float]]:
            stdin.close()
            return {int(zone): delays for zone, delays in json.loads(stdout.readline()).items()}

        yield json.loads(stdout.readline()), truth


def bus_of(case: str, place: object) -> Bus:
    """How the panel of a case is asked."""
    if case.startswith("rtu-"):
        return Bus("modbus-rtu", path=str(place), baud=int(case.removeprefix("rtu-")), timeout_s=1.0)
    return Bus("modbus-tcp", host="127.0.0.1", port=int(str(place)), timeout_s=1.0)


Results = dict[int, list[Latency | None]]


def side_by_side(zones: int, n: int, one: Callable[[int, int], list[Latency | None]]) -> Results:
    """``n`` trials over the zones, each zone in a thread of its own."""
    results: Results = {}

    def job(zone: int) -> None:
        results[zone] = one(zone, n // zones + (zone < n % zones))

    jobs = [threading.Thread(target=job, args=(zone,)) for zone in range(zones)]
    for each in jobs:
        each.start()
    for each in jobs:
        each.join()
    return results


def polled(case: str, n: int, seed: int, zones: int) -> tuple[Results, dict[int, list[float]]]:
    """A panel that is asked."""
    with emulated(case, seed) as (place, truth):
        bus = bus_of(case, place)
        with Acquisition() as acquisition:
            watch = acquisition.watch(bus, 1, Area.DISCRETE, 0, zones)

            def one(zone: int, times: int) -> list[Latency | None]:
                found: list[Latency | None] = []
                one_zone(acquisition, bus, watch, zone, found, random.Random(seed + zone), times=times)
                return found

            results = side_by_side(zones, n, one)
        return results, truth()


def pushed(n: int, seed: int) -> tuple[Results, dict[int, list[float]]]:
    """A panel that tells by itself, over DC-09."""
    with (
        Centre([("127.0.0.1", 0)], [Account("PANEL-1", NUMBER, KEY)]) as centre,
        emulated("dc09", seed, centre.ports[0]) as (place, truth),
    ):
        bus = bus_of("dc09", place)
        with Acquisition() as acquisition:

            def one(zone: int, times: int) -> list[Latency | None]:
                phase, found = random.Random(seed + zone), list[Latency | None]()
                for _ in range(times):
                    time.sleep(phase.uniform(0.0, 0.05))
                    mark = centre.mark()
                    opened = acquisition.write(bus, 1, Area.COIL, zone, [1])
                    wanted = {"kind": "message", "zone": zone + 1}
                    seen = centre.wait(mark, wanted, until=opened.latest + WITHIN_S)
                    found.append(seen.first - opened if seen else None)
                return found

            results = side_by_side(ZONES["dc09"], n, one)
        return results, truth()


def run_case(case: str, n: int, seed: int, zones: int | None = None) -> Outcome:
    """``n`` delays, measured, and compared with what they were."""
    results, truth = pushed(n, seed) if case == "dc09" else polled(case, n, seed, zones or ZONES[case])
    pairs = [pair for zone in results for pair in zip(results[zone], truth.get(zone, []), strict=True)]
    inside, widths = 0, []
    for latency, true in pairs:
        if latency is not None:
            found = evaluate_latencies("m", "Z", [latency], Statistic.MAX)
            assert isinstance(found.value, float)
            assert found.U is not None
            inside += abs(found.value - true) <= found.U
            widths.append(found.U * 1e3)
    missed = sum(latency is None for latency, _ in pairs)
    return Outcome(case, inside, missed, len(pairs), widths)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and one JSON line; 1 when a figure was not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-n", type=int, default=300, help="delays for each case")
    parser.add_argument("--only", default=",".join(BUDGET_MS), help="cases to run")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--serve", choices=tuple(BUDGET_MS), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        serve(options.serve, options.seed, options.port)
        return 0
    figures: list[Figure] = []
    for case in options.only.split(","):
        figures += run_case(case, options.n, options.seed).figures()
        if case == ALONE:
            alone = run_case(case, options.n // 3, options.seed, zones=1)
            figures.append(
                Figure(
                    f"{case}: U, 95 of 100, one zone at a time",
                    sorted(alone.U_ms)[int(0.95 * len(alone.U_ms))],
                    "ms",
                    at_most=2 * BUDGET_MS[case],
                )
            )
    return tell("coverage", figures)


if __name__ == "__main__":
    raise SystemExit(main())
