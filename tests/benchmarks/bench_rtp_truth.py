# SPDX-License-Identifier: Apache-2.0
"""Loss and jitter by the reception process against what a sender of its own injected, over UDP on loopback.

The sender knows which packets it left out and when each left it.  Loss must be exact; the delay variation
(ITU-T Y.1541) and the RFC 3550 jitter must agree with those of the departures, by formulas written again
here, to a millisecond.
"""

from __future__ import annotations

import heapq
import json
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.benchmarks.figure import Figure, tell
from yanshou.acquisition.media import KEEP_NOTHING, StreamOrder
from yanshou.acquisition.receiver import StreamReceiver
from yanshou.drivers.stream import live
from yanshou.evaluation import network
from yanshou.model.stream import Reception

CASES = ((0.0, 0.0), (0.001, 5.0), (0.01, 20.0), (0.02, 0.0), (0.05, 40.0), (0.0, 80.0), (0.05, 80.0))
FPS, PACKETS, FRAMES = 50, 12, 220
JITTER_MS = 1.0


@dataclass(frozen=True, slots=True)
class Departure:
    """One packet that left the sender."""

    sequence: int
    timestamp: int
    at: float


@dataclass(frozen=True, slots=True)
class Injected:
    """What the sender does to its packets."""

    loss: float
    jitter_ms: float
    frames: int


def serve(loss: float, jitter_ms: float, frames: int) -> None:
    """Speak as much RTSP as one client needs, send, and tell the truth on standard output."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    control, _ = listener.accept()
    ports: tuple[int, int] | None = None
    departures: list[Departure] = []
    dropped: list[int] = []
    for line, headers in _requests(control):
        method, answer = line.split()[0], ""
        if method == "DESCRIBE":
            body = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
            answer = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        elif method == "SETUP":
            low, high = headers["transport"].partition("client_port=")[2].split(";")[0].split("-")
            ports = int(low), int(high)
            answer = f"Session: 1\r\nTransport: RTP/AVP;unicast;client_port={low}-{high}\r\n\r\n"
        control.sendall(
            f"RTSP/1.0 200 OK\r\nCSeq: {headers['cseq']}\r\n{answer or chr(13) + chr(10)}".encode()
        )
        if method == "PLAY" and ports is not None:
            _send(ports[0], Injected(loss, jitter_ms, frames), departures, dropped)
    truth = {"departures": [[one.sequence, one.timestamp, one.at] for one in departures], "dropped": dropped}
    print(json.dumps(truth), flush=True)


def _requests(control: socket.socket) -> Any:
    data = b""
    while True:
        head, end, rest = data.partition(b"\r\n\r\n")
        if end:
            lines = head.decode().split("\r\n")
            pairs = (line.partition(":") for line in lines[1:])
            yield lines[0], {name.lower(): value.strip() for name, _, value in pairs}
            data = rest
        elif more := control.recv(4096):
            data += more
        else:
            return


def _send(port: int, injected: Injected, departures: list[Departure], dropped: list[int]) -> None:
    chance = random.Random(20261124)
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    begun = time.perf_counter() + 0.1
    due: list[tuple[float, int, int, bool]] = []
    sequence = 65_400  # the numbering passes its end on the way
    for frame in range(injected.frames):
        late = chance.uniform(0.0, injected.jitter_ms / 1e3)
        for number in range(PACKETS):
            heapq.heappush(due, (begun + frame / FPS + late, sequence, frame, number == PACKETS - 1))
            sequence += 1
    while due:
        at, sequence, frame, last = heapq.heappop(due)
        if chance.random() < injected.loss:
            dropped.append(sequence)
            continue
        time.sleep(max(0.0, at - time.perf_counter()))
        timestamp = 4_294_900_000 + frame * 90_000 // FPS
        head = bytes((0x80, 96 | last << 7)) + (sequence & 0xFFFF).to_bytes(2)
        packet = head + (timestamp & 0xFFFF_FFFF).to_bytes(4) + b"\0\0\0\1" + b"\x41" + bytes(600)
        departures.append(Departure(sequence, timestamp, time.perf_counter()))
        out.sendto(packet, ("127.0.0.1", port))


def measure(loss: float, jitter_ms: float, frames: int = FRAMES) -> dict[str, float]:
    """One case: what was measured, and what is true."""
    module, stated = "tests.benchmarks.bench_rtp_truth", [str(loss), str(jitter_ms), str(frames)]
    command = [sys.executable, "-m", module, "serve", *stated]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
        assert sender.stdout is not None
        port = int(sender.stdout.readline())
        order = StreamOrder(
            f"rtsp://127.0.0.1:{port}/s",
            transport="udp",
            seconds=frames / FPS + 1.0,
            idle_s=1.0,
            keep=KEEP_NOTHING,
        )
        capture = live.capture(StreamReceiver(order), pictures=0, key_frames_only=True)
        truth = json.loads(sender.stdout.readline())
    assert capture.reception is not None
    lost = network.packet_loss("", capture)
    jitter = network.delay_jitter("", capture)
    departures = [Departure(*row) for row in truth["departures"]]
    numbers = [one.sequence for one in departures]
    inside = [one for one in truth["dropped"] if min(numbers) < one < max(numbers)]
    return {
        "lost": float(str(lost.details["hits"])),
        "truly_lost": float(len(inside)),
        "ipdv_ms": float(str(jitter.value)),
        "true_ipdv_ms": 1e3 * true_ipdv(departures),
        "j_ms": float(str(jitter.details["rfc3550_mean_ms"])),
        "true_j_ms": 1e3 * true_jitter(departures),
        "median_late_ms": 1e3 * _median_late(capture.reception, departures),
    }


def _median_late(reception: Reception, departures: Sequence[Departure]) -> float:
    """How much later than its departure a packet was stamped, in s."""
    left = {one.sequence & 0xFFFF: one.at for one in departures}
    stamps = zip(reception.packets["sequence"].tolist(), reception.packets["arrival"].tolist(), strict=True)
    return statistics.median(at - left[sequence] for sequence, at in stamps)


def _transits(departures: Sequence[Departure]) -> list[float]:
    """Of the first packet of each frame that left."""
    first: dict[int, float] = {}
    for one in departures:
        first.setdefault(one.timestamp, one.at - one.timestamp / 90_000)
    return list(first.values())


def true_ipdv(departures: Sequence[Departure]) -> float:
    """99.9 % quantile less the minimum, in s; the sessions are shorter than a minute."""
    ordered = sorted(_transits(departures))
    place = 0.999 * (len(ordered) - 1)
    return ordered[int(place) + (place > int(place))] - ordered[0]


def true_jitter(departures: Sequence[Departure]) -> float:
    """Mean of J over the stream, in s (RFC 3550 A.8)."""
    transits, jitter, total = _transits(departures), 0.0, 0.0
    for before, after in pairwise(transits):
        jitter += (abs(after - before) - jitter) / 16
        total += jitter
    return total / (len(transits) - 1)


def main(argv: Sequence[str] = ()) -> int:
    """All cases; 1 when a loss is not exact or a jitter is off by more than its bar."""
    if argv and argv[0] == "serve":
        serve(float(argv[1]), float(argv[2]), int(argv[3]))
        return 0
    print("  loss  jitter   lost   true   IPDV ms     true    J ms    true")
    off_lost, off_ipdv, off_j = 0.0, 0.0, 0.0
    for loss, jitter in CASES:
        found = measure(loss, jitter)
        print(
            f"{loss:6.1%} {jitter:5.0f}ms {found['lost']:6.0f} {found['truly_lost']:6.0f}"
            f" {found['ipdv_ms']:9.3f} {found['true_ipdv_ms']:8.3f}"
            f" {found['j_ms']:7.3f} {found['true_j_ms']:7.3f}"
        )
        off_lost = max(off_lost, abs(found["lost"] - found["truly_lost"]))
        off_ipdv = max(off_ipdv, abs(found["ipdv_ms"] - found["true_ipdv_ms"]))
        off_j = max(off_j, abs(found["j_ms"] - found["true_j_ms"]))
    return tell(
        "rtp_truth",
        [
            Figure("lost packets, worst difference to the truth", off_lost, "packets", at_most=0.0),
            Figure("delay variation (Y.1541), worst difference", off_ipdv, "ms", at_most=JITTER_MS),
            Figure("RFC 3550 jitter, worst difference", off_j, "ms", at_most=JITTER_MS),
        ],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
