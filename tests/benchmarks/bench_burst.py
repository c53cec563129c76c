# SPDX-License-Identifier: Apache-2.0
"""A burst: all 1,000 zones of one panel opened within 100 ms, three times; none lost, none mistaken.

Panel and relay boards are emulated in a process of their own, with plain sockets: eight boards of 125 relays,
each opened by one block write (function 15), and a panel that shows each zone in alarm a random time after
its loop opened.  The wires are drawn at random, so that zone n hangs on any relay; the panel keeps the true
times to itself until the end.  The harness is the real one: site, profiles, bench, panel driver, acquisition.

    python -m tests.benchmarks burst [--runs 3]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from tests.benchmarks.figure import Figure, tell
from yanshou.acquisition import Acquisition
from yanshou.acquisition.child import raise_priority
from yanshou.drivers.field.bench import Bench
from yanshou.model import Connection, Device, DeviceKind, Instant, Site, System
from yanshou.model.signal import ZoneSignal

ZONES, BOARDS, RELAYS = 1000, 8, 125
SHORTEST_S, LONGEST_S = 0.1, 0.4
WITHIN_S = 6.0
BURST_MS = 100.0
_ALARM, _RESET = 0, 0  # addresses of the panel: discrete inputs of the alarms, coil of the reset

PANEL = f"""
schema = "yanshou-profile/1"
[device]
class = "alarm_panel"
vendor = "bench"
model = "{ZONES} zones"
protocol = "modbus"
document = "this benchmark"
[[point]]
role = "zone_alarm"
area = "discrete"
address = {_ALARM}
count = {ZONES}
[[command]]
name = "reset"
target = "panel"
area = "coil"
address = {_RESET}
"""
BOARD = f"""
schema = "yanshou-profile/1"
[device]
class = "relay_board"
vendor = "bench"
model = "{RELAYS} relays"
protocol = "modbus"
document = "this benchmark"
[[point]]
role = "relay"
area = "coil"
address = 0
count = {RELAYS}
[[command]]
name = "relay"
target = "relay"
area = "coil"
address = 0
"""


# -- panel and boards, in their own process -----------------------------------------------------------------


class Plant:
    """The relays, the wires between them and the zones, and the panel."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.zone_of = wires(seed)
        self.due: dict[int, float] = {}
        self.truth: list[dict[int, tuple[float, float]]] = [{}]

    def write(self, board: int, first: int, bits: Sequence[int]) -> None:
        """Relays of one board, all at once."""
        with self.lock:
            opened = perf_counter()
            for channel, bit in enumerate(bits, first):
                if bit:
                    zone = self.zone_of[board, channel]
                    self.due[zone] = opened + self.random.uniform(SHORTEST_S, LONGEST_S)
                    self.truth[-1][zone] = opened, self.due[zone]

    def reset(self) -> None:
        """The alarm memory is cleared; the next burst begins."""
        with self.lock:
            self.due.clear()
            self.truth.append({})

    def alarms(self, first: int, count: int) -> int:
        """The bits of ``count`` zones from ``first`` (from 0) at this moment."""
        with self.lock:
            moment, never = perf_counter(), float("inf")
            return sum((moment >= self.due.get(first + n + 1, never)) << n for n in range(count))


def wires(seed: int) -> dict[tuple[int, int], int]:
    """Zone (from 1) by board and relay, drawn at random."""
    zones = list(range(1, ZONES + 1))
    random.Random(seed).shuffle(zones)
    return {(n // RELAYS, n % RELAYS): zone for n, zone in enumerate(zones)}


def answer(plant: Plant, place: int, pdu: bytes) -> bytes:
    """One request at the panel (place 0) or at a board (1 to 8)."""
    function, address, value = struct.unpack(">BHH", pdu[:5])
    if place == 0 and function == 2:
        size = (value + 7) // 8
        return bytes([2, size]) + plant.alarms(address, value).to_bytes(size, "little")
    if place == 0 and function == 5:
        plant.reset()
        return pdu[:5]
    if place and function in (5, 15):
        whole = int.from_bytes(pdu[6:], "little") if function == 15 else int(value == 0xFF00)
        count = value if function == 15 else 1
        plant.write(place - 1, address, [whole >> n & 1 for n in range(count)])
        return pdu[:5]
    if place and function == 1:
        return bytes([1, (value + 7) // 8]) + bytes((value + 7) // 8)
    return bytes([function | 0x80, 1])


def serve_port(plant: Plant, place: int, server: socket.socket) -> None:
    """One device, one connection after the other."""
    while True:
        connection, _ = server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, contextlib.suppress(ConnectionError):
            while head := connection.recv(300):
                pdu = answer(plant, place, head[7:])
                connection.sendall(head[:4] + struct.pack(">HB", len(pdu) + 1, head[6]) + pdu)


def serve(seed: int) -> None:
    """All devices, until standard input ends; then what really happened."""
    raise_priority()
    plant = Plant(seed)
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(BOARDS + 1)]
    for place, server in enumerate(servers):
        threading.Thread(target=serve_port, args=(plant, place, server), daemon=True).start()
    print(json.dumps([server.getsockname()[1] for server in servers]), flush=True)
    sys.stdin.read()
    print(json.dumps(plant.truth), flush=True)


# -- the harness --------------------------------------------------------------------------------------------


def site_of(folder: Path, ports: Sequence[int], seed: int) -> Site:
    """The site as an inventory would state it."""
    (folder / "panel.toml").write_text(PANEL, "utf-8")
    (folder / "board.toml").write_text(BOARD, "utf-8")
    devices = [_reached("PANEL-1", DeviceKind.PANEL, "panel.toml", ports[0])]
    devices += [
        _reached(f"RELAY-{n}", DeviceKind.RELAY_BOARD, "board.toml", port)
        for n, port in enumerate(ports[1:], 1)
    ]
    devices += [
        Device(
            f"Z{zone:04d}",
            DeviceKind.ZONE,
            System.INTRUSION,
            "",
            parent="PANEL-1",
            number=zone,
            wiring={"loop": f"RELAY-{board + 1}/{channel}"},
        )
        for (board, channel), zone in wires(seed).items()
    ]
    return Site("burst", "burst", folder, "UTC", {}, {}, {one.id: one for one in devices}, emulated=True)


def _reached(name: str, kind: DeviceKind, profile: str, port: int) -> Device:
    connection = Connection("modbus-tcp", "127.0.0.1", port, options={"unit": 1})
    return Device(name, kind, System.INTRUSION, name, connection=connection, profile=profile)


class Burst:
    """What one burst brought."""

    def __init__(self, bench: Bench, site: Site) -> None:
        panel = bench.panel("PANEL-1")
        panel.shows(1, ZoneSignal.ALARM)  # the zones are watched before anything opens
        relays = {zone.wiring["loop"]: zone.number or 0 for zone in site.of_kind(DeviceKind.ZONE)}
        moved = bench.operate_together(list(relays))
        opened = dict(zip(relays.values(), moved, strict=True))
        self.spread_ms = (max(m.latest for m in moved) - min(m.earliest for m in moved)) * 1e3
        self.opened: dict[int, Instant] = opened
        began = perf_counter()
        self.seen = {
            zone: panel.wait_for(zone, ZoneSignal.ALARM, since=since, within=WITHIN_S)
            for zone, since in opened.items()
        }
        self.took_s = perf_counter() - began
        self.shown = panel.shown(ZoneSignal.ALARM)
        bench.rest()
        panel.reset()
        while panel.shown(ZoneSignal.ALARM):
            time.sleep(0.01)

    def lost(self) -> int:
        """Zones whose alarm was not seen, or does not stand now."""
        return len(
            {zone for zone, seen in self.seen.items() if seen is None} | self.opened.keys() - self.shown
        )

    def wrong(self, truth: dict[int, tuple[float, float]]) -> int:
        """Zones shown at a time that was not theirs, and zones shown that nobody opened."""
        strange = self.shown - truth.keys()
        for zone, seen in self.seen.items():
            opened, due = truth[zone]
            reported = seen is None or seen.earliest <= due <= seen.latest
            if not reported or not self.opened[zone].earliest <= opened <= self.opened[zone].latest:
                strange |= {zone}
        return len(strange)


@contextmanager
def emulated(seed: int) -> Iterator[tuple[list[int], subprocess.Popen[str]]]:
    """Panel and boards; their ports, the panel's first."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_burst", "--serve", "--seed", str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline()), child


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and one JSON line; 1 when a figure was not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        serve(options.seed)
        return 0
    with emulated(options.seed) as (ports, child), tempfile.TemporaryDirectory() as folder:
        site = site_of(Path(folder), ports, options.seed)
        with Acquisition() as acquisition:
            bench = Bench(site, acquisition)
            bench.rest()  # as every run begins: the boards' connections stand before the first burst
            bursts = [Burst(bench, site) for _ in range(options.runs)]
        result, _ = child.communicate()
    truths = [{int(zone): (o, d) for zone, (o, d) in one.items()} for one in json.loads(result)]
    figures = []
    for number, (burst, truth) in enumerate(zip(bursts, truths, strict=False), 1):
        half = sorted(seen.half_width for seen in burst.seen.values() if seen)
        figures += [
            Figure(f"run {number}: {ZONES} zones opened within", burst.spread_ms, "ms", at_most=BURST_MS),
            Figure(f"run {number}: alarms lost", burst.lost(), "", at_most=0),
            Figure(f"run {number}: zones mistaken", burst.wrong(truth), "", at_most=0),
            Figure(f"run {number}: half width, median", half[len(half) // 2] * 1e3, "ms"),
            Figure(f"run {number}: all answers had", burst.took_s, "s"),
        ]
    return tell("burst", figures)


if __name__ == "__main__":
    raise SystemExit(main())
