# SPDX-License-Identifier: Apache-2.0
"""Clock offsets against truth: whole seconds bracketed at their roll-over, and NTP with an uneven path.

Bracketing: clocks of random offset behind paths of up to 20 ms there and back, in simulated time.  Where in
its round trip a question was answered nobody knows, so half a round trip is what remains whatever moments are
chosen: ± 10 ms takes a round trip of 20 ms or less.  Behind longer ones (to 48 ms) the width is held against
half the longest round trip.  NTP: a real UDP server of known offset whose answers wait unevenly.  Prints a
table and one JSON line; exit 1 when a bracket is wider than that after 15 polls, or any truth lies outside
what was stated.
"""

from __future__ import annotations

import math
import random
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tests.benchmarks.figure import Figure, tell
from yanshou.drivers.clock.offset import measure_offset
from yanshou.metrology.utc import OffsetBracket, UtcReference
from yanshou.model import Instant
from yanshou.model.reading import ClockReading
from yanshou.protocols import ntp

_CLOCKS, _POLLS, _SERVERS = 500, 15, 40
_EPOCH = 2_208_988_800
_UNEVEN = (0.7, 1.6)  # round trips of one path, by its usual one
_SHORT_S, _LONG_S = 0.020, 0.048  # the longest round trip there is


class Shown:
    """A clock that shows whole seconds, asked over a path whose delay is spread unevenly."""

    def __init__(self, draw: random.Random, longest_s: float) -> None:
        self.draw = draw
        self.offset = draw.uniform(-5000, 5000)
        self.delay = draw.uniform(0.0005, longest_s / _UNEVEN[1])
        self.at = 1000 + draw.random()
        self.longest = 0.0

    def read_clock(self) -> ClockReading:
        """One reading."""
        before = self.at
        took = self.delay * self.draw.uniform(*_UNEVEN)
        self.longest = max(self.longest, took)
        asked = before + self.draw.uniform(0.05, 0.95) * took
        self.at = before + took
        shown = math.floor(asked + self.offset)
        return ClockReading(datetime.fromtimestamp(shown, UTC), 1.0, Instant(before, self.at))

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.at += max(0.0, seconds)


class Server(threading.Thread):
    """A time server ``offset`` seconds ahead whose answers come late by up to ``uneven`` seconds."""

    def __init__(self, offset: float, uneven: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        self.offset, self.uneven, self.draw = offset, uneven, random.Random(seed)
        self.start()

    def run(self) -> None:
        """Answer until closed."""
        try:
            while True:
                data, peer = self.socket.recvfrom(100)
                stamp = time.time() + self.offset + _EPOCH
                parts = (int(stamp), int(stamp % 1 * 2**32))
                time.sleep(self.draw.uniform(0, self.uneven))
                head = struct.pack("!BBbbIII", 0x24, 1, 4, -20, 0, 0, 0) + bytes(8)
                self.socket.sendto(head + data[40:48] + struct.pack("!4I", *parts, *parts), peer)
        except OSError:
            return


def bracketing() -> list[Figure]:
    """Widths and truth of many simulated clocks."""
    near, far = (list(_brackets(longest)) for longest in (_SHORT_S, _LONG_S))
    shares = sorted(found.half_width / max(0.01, clock.longest / 2) for clock, found in far)
    outside = sum(not found.low - 1e-6 <= clock.offset <= found.high + 1e-6 for clock, found in near + far)
    return [
        Figure("bracketing: clocks", len(near) + len(far), "1"),
        Figure(
            "to 20 ms there and back: widest half width",
            1000 * max(found.half_width for _, found in near),
            "ms",
            at_most=10,
        ),
        Figure("to 20 ms: most polls", max(found.polls for _, found in near), "1", at_most=_POLLS),
        Figure("to 48 ms: widest half width", 1000 * max(found.half_width for _, found in far), "ms"),
        Figure(
            "to 48 ms: half width / half of the longest round trip, median", shares[len(shares) // 2], "1"
        ),
        Figure(
            "to 48 ms: half width / half of the longest round trip, largest", shares[-1], "1", at_most=1.05
        ),
        Figure("bracketing: truth outside", outside, "1", at_most=0),
    ]


def _brackets(longest_s: float) -> Iterator[tuple[Shown, OffsetBracket]]:
    draw = random.Random(20261124)
    for _ in range(_CLOCKS):
        clock = Shown(draw, longest_s)
        yield (
            clock,
            measure_offset(
                clock,
                UtcReference(0.0),
                polls=_POLLS,
                enough_s=0.01,
                sleep=clock.sleep,
                monotonic=lambda one=clock: one.at,
            ),
        )


def asked_by_ntp() -> list[Figure]:
    """Offsets of real servers on loopback, their answers late unevenly."""
    draw = random.Random(7)
    outside, worst, widest = 0, 0.0, 0.0
    for number in range(_SERVERS):
        server = Server(draw.uniform(-100, 100), draw.choice([0.0, 0.002, 0.02]), number)
        found = ntp.query("127.0.0.1", server.port, 8, gap_s=0.0)
        server.socket.close()
        error = abs(found.offset_s - server.offset)
        outside += error > found.U_s + 1e-5
        worst, widest = max(worst, error), max(widest, found.U_s)
    return [
        Figure("NTP: servers", _SERVERS, "1"),
        Figure("NTP: within the stated U", 100 * (1 - outside / _SERVERS), "%", at_least=100),
        Figure("NTP: largest error", 1000 * worst, "ms"),
        Figure("NTP: largest U", 1000 * widest, "ms"),
    ]


def main(_argv: Sequence[str] = ()) -> int:
    """1 when a bar was missed."""
    return tell("clocks", [*bracketing(), *asked_by_ntp()])


if __name__ == "__main__":
    sys.exit(main())
