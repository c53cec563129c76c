# SPDX-License-Identifier: Apache-2.0
"""What polling costs: the requests and the time of one look at 1,000 points in each Modbus area.

A slave of our own in a process beside; the harness follows 1,000 contiguous points of each area, and every
second one of 1,000 more, as a site with unused zones has them.

    python -m tests.benchmarks polling [--cycles 200]
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import statistics
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks.figure import Figure, tell
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.acquisition.blocks import Span, merge
from yanshou.model import now

POINTS = 1000
BAR = 5
REGISTERS_BAR = 8  # the standard lets one read ask for 125 registers: 1,000 words cannot be had in fewer
MOST = {"coil": 2000, "discrete": 2000, "holding": 125, "input": 125}


def serve() -> None:
    """A slave that answers every read with zeros and counts the requests on standard output."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        connection, _ = server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while head := connection.recv(12):
            function, _, count = struct.unpack(">BHH", head[7:12])
            size = (count + 7) // 8 if function <= 2 else 2 * count
            connection.sendall(
                head[:4] + struct.pack(">HBBB", 3 + size, head[6], function, size) + bytes(size)
            )


@contextlib.contextmanager
def slave() -> Iterator[int]:
    """The slave in a process of its own; its port."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bench_polling", "--serve"], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        yield int(child.stdout.readline())
    finally:
        child.terminate()
        child.wait()
        child.stdout.close()


def requests_of(area: Area, addresses: range) -> int:
    """How many reads one look at these points takes."""
    most = MOST[area.value]
    spans = [Span(1, area, address, 1) for address in addresses]
    return len(merge(spans, {area.value: most}, frozenset()))


def cycle(acquisition: Acquisition, bus: Bus, area: Area, cycles: int) -> float:
    """Median seconds of one look at all points of the area."""
    spans = merge([Span(1, area, n, 1) for n in range(POINTS)], MOST, frozenset())
    watches = [acquisition.watch(bus, 1, area, span.address, span.count) for span in spans]
    took = []
    for _ in range(cycles):
        begun = now()
        for watch in watches:
            watch.current()
        took.append(now() - begun)
    for watch in watches:
        watch.close()
    return statistics.median(took)


def main(argv: Sequence[str]) -> int:
    """Print the figures; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--cycles", type=int, default=200)
    options = parser.parse_args(argv)
    if options.serve:
        serve()
        return 0
    figures = []
    for area in Area:
        bits = area.is_bits
        figures.append(
            Figure(
                f"{POINTS} {area.value} points in a row, requests",
                requests_of(area, range(POINTS)),
                "reads",
                at_most=BAR if bits else REGISTERS_BAR,
            )
        )
        if bits:
            scattered = range(0, 2 * POINTS, 2)
            figures.append(
                Figure(
                    f"{POINTS} {area.value}, every second", requests_of(area, scattered), "reads", at_most=BAR
                )
            )
    with slave() as port, Acquisition() as acquisition:
        bus = Bus("modbus-tcp", host="127.0.0.1", port=port, timeout_s=2.0, max_read=MOST)
        for area in Area:
            seconds = cycle(acquisition, bus, area, options.cycles)
            figures.append(Figure(f"one look at {POINTS} {area.value} points, median", seconds * 1e3, "ms"))
    return tell("polling", figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
