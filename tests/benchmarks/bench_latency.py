# SPDX-License-Identifier: Apache-2.0
"""How true a measured alarm latency is: injected delays, found again over Modbus TCP and RTU.

An emulated panel in a process of its own shows zone n in alarm a random time after coil n was written, and
keeps that time to itself until the end.  The harness measures; then the two are compared.

    python -m tests.benchmarks latency [-n 1000] [--only tcp-idle,tcp-busy,rtu-idle,rtu-busy]
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import select
import socket
import statistics
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from yanshou.acquisition import ON, Acquisition, Area, Bus, Watch
from yanshou.acquisition.priority import raise_priority
from yanshou.model import Latency

SHORTEST_S, LONGEST_S = 0.05, 2.5
WITHIN_S = 6.0
K = 2.0
SHARE = 0.95
BIAS_S = 0.5e-3
HALF_WIDTH_S = {"idle": 2e-3, "busy": 6e-3}
CASES = ("tcp-idle", "tcp-busy", "rtu-idle", "rtu-busy")
ZONES = {"tcp": 64, "rtu": 24}  # measured side by side; each write takes the slow line a poll's time


# -- the emulated panel, in its own process -----------------------------------------------------------------


class Panel:
    """Zone n alarms a random time after coil n was set; the moment is decided when the coil is written."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.due: dict[int, float] = {}
        self.truth: dict[int, list[float]] = {}

    def answer(self, pdu: bytes) -> bytes:
        """Serve FC02 and FC05; anything else is an illegal function."""
        function, address, value = struct.unpack(">BHH", pdu[:5])
        if function == 5:
            self.write(address, on=value == 0xFF00)
            return pdu[:5]
        if function != 2:
            return bytes([function | 0x80, 1])
        moment = perf_counter()
        bits = sum((moment >= self.due.get(address + n, math.inf)) << n for n in range(value))
        size = (value + 7) // 8
        return bytes([function, size]) + bits.to_bytes(size, "little")

    def write(self, zone: int, *, on: bool) -> None:
        """Open the loop, or close it and forget the alarm."""
        opened = perf_counter()
        self.due.pop(zone, None)
        if on:
            self.due[zone] = opened + self.random.uniform(SHORTEST_S, LONGEST_S)
            self.truth.setdefault(zone, []).append(self.due[zone] - opened)


def serve_tcp(panel: Panel) -> None:
    """One connection, plain sockets."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        say(server.getsockname()[1])
        connection, _ = server.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while request := connection.recv(300):
            pdu = panel.answer(request[7:])
            connection.sendall(request[:4] + struct.pack(">HB", len(pdu) + 1, request[6]) + pdu)


def serve_rtu(panel: Panel) -> None:
    """One unit on a pty, until standard input ends."""
    import tty

    master, slave = os.openpty()
    tty.setraw(slave)
    say(os.ttyname(slave))
    pending = b""
    while True:
        ready, _, _ = select.select([master, 0], [], [])
        if 0 in ready:
            return
        pending += os.read(master, 256)
        while len(pending) >= 8:
            frame, pending = pending[:8], pending[8:]
            reply = frame[:1] + panel.answer(frame[1:6])
            os.write(master, reply + crc16(reply))


def crc16(data: bytes) -> bytes:
    """CRC of Modbus over Serial Line V1.02, 6.2.2."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc.to_bytes(2, "little")


def say(what: object) -> None:
    """Tell the parent one thing."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def serve(wire: str, seed: int) -> None:
    """Be the panel; the truth is told when the harness has gone.

    A real panel has a processor of its own: where it may, this one goes before the load of the machine.
    """
    raise_priority()
    panel = Panel(seed)
    {"tcp": serve_tcp, "rtu": serve_rtu}[wire](panel)
    say(panel.truth)


# -- the harness --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """What one case came to; times in milliseconds."""

    case: str
    n: int
    missed: int
    inside_share: float
    half_width_median_ms: float
    half_width_p99_ms: float
    bias_ms: float
    sd_ms: float
    worst_ms: float
    reached: bool


@contextmanager
def hogs(number: int) -> Iterator[None]:
    """``number`` processes that do nothing but compute."""
    children = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(number)]
    try:
        yield
    finally:
        for child in children:
            child.kill()
            child.wait()


def measure(bus: Bus, zones: int, n: int, seed: int) -> dict[int, list[Latency | None]]:
    """Open loops of all zones side by side, ``n`` times in all; returns the latencies by zone, in order."""
    results: dict[int, list[Latency | None]] = {zone: [] for zone in range(zones)}
    with Acquisition() as acquisition:
        watch = acquisition.watch(bus, 1, Area.DISCRETE, 0, zones)
        jobs = [
            threading.Thread(
                target=one_zone,
                args=(acquisition, bus, watch, zone, results[zone], random.Random(seed + zone)),
                kwargs={"times": n // zones + (zone < n % zones)},
            )
            for zone in range(zones)
        ]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
    return results


def one_zone(
    acquisition: Acquisition,
    bus: Bus,
    watch: Watch,
    zone: int,
    results: list[Latency | None],
    phase: random.Random,
    *,
    times: int,
) -> None:
    """Stimulate one zone again and again, at random moments."""
    for _ in range(times):
        threading.Event().wait(phase.uniform(0.0, 0.1))
        opened = acquisition.write(bus, 1, Area.COIL, zone, [1])
        shown = watch.wait(zone, ON, since=opened, within=WITHIN_S)
        results.append(None if shown is None else shown - opened)
        acquisition.write(bus, 1, Area.COIL, zone, [0])
        watch.current()


def run_case(case: str, n: int, seed: int) -> Figures:
    """One panel, one load, ``n`` delays."""
    wire, load = case.split("-")
    command = [sys.executable, "-m", "tests.benchmarks.bench_latency", "--serve", wire, "--seed", str(seed)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as panel,
        hogs(os.cpu_count() or 1 if load == "busy" else 0),
    ):
        assert panel.stdout is not None
        assert panel.stdin is not None
        place = json.loads(panel.stdout.readline())
        bus = (
            Bus("modbus-tcp", host="127.0.0.1", port=place, timeout_s=1.0)
            if wire == "tcp"
            else Bus("modbus-rtu", path=place, baud=115200, timeout_s=1.0)
        )
        measured = measure(bus, ZONES[wire], n, seed)
        panel.stdin.close()
        truth = {int(zone): delays for zone, delays in json.loads(panel.stdout.readline()).items()}
    pairs = [pair for zone in measured for pair in zip(measured[zone], truth.get(zone, []), strict=True)]
    return figures(case, pairs)


def figures(case: str, pairs: Sequence[tuple[Latency | None, float]]) -> Figures:
    """Compare the measured latencies with the truth."""
    found = [(latency, truth) for latency, truth in pairs if latency is not None]
    errors = [latency.middle - truth for latency, truth in found]
    halves = sorted(latency.half_width for latency, _ in found)
    inside = sum(abs(e) <= K * h.half_width / math.sqrt(3) for e, (h, _) in zip(errors, found, strict=True))
    share = inside / len(pairs)
    median, bias = statistics.median(halves), statistics.fmean(errors)
    reached = share >= SHARE and median <= HALF_WIDTH_S[case.split("-")[1]] and abs(bias) < BIAS_S
    return Figures(
        case=case,
        n=len(pairs),
        missed=len(pairs) - len(found),
        inside_share=share,
        half_width_median_ms=median * 1e3,
        half_width_p99_ms=halves[int(0.99 * (len(halves) - 1))] * 1e3,
        bias_ms=bias * 1e3,
        sd_ms=statistics.stdev(errors) * 1e3,
        worst_ms=max(map(abs, errors)) * 1e3,
        reached=reached,
    )


def table(results: Sequence[Figures]) -> str:
    """The figures for people."""
    head = "case          n missed inside ±U  a median    a p99     bias      sd   worst"
    rows = [
        f"{r.case:9} {r.n:5d} {r.missed:6d} {r.inside_share:9.1%} {r.half_width_median_ms:9.3f} "
        f"{r.half_width_p99_ms:8.3f} {r.bias_ms:+8.3f} {r.sd_ms:7.3f} {r.worst_ms:7.3f}"
        f"  {'reached' if r.reached else 'NOT reached'}"
        for r in results
    ]
    return "\n".join([head + "  (ms)", *rows])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and one JSON line; 1 when a figure was not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-n", type=int, default=1000, help="delays for each case")
    parser.add_argument("--only", default=",".join(CASES), help="cases to run")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--serve", choices=("tcp", "rtu"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        serve(options.serve, options.seed)
        return 0
    results = [run_case(case, options.n, options.seed) for case in options.only.split(",")]
    print(table(results))
    answer = {"bench": "latency", "cases": [{f: getattr(r, f) for f in Figures.__slots__} for r in results]}
    print(json.dumps(answer))
    return 0 if all(result.reached for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
