# SPDX-License-Identifier: Apache-2.0
"""Opening many ONVIF cameras: ours against plain onvif-zeep, side by side on the same canned device.

Opening means six services ready to be asked (device, media, events, recording, search, replay).  Each
client runs in a process of its own.  Compared is the processor time of the client, which does not depend on
what else the machine does; wall time is printed beside it.  Memory is the growth of resident memory after
the imports.  Prints a table and one JSON line; exit 1 when ours is not at least 50 times faster and 20
times smaller.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

SERVICES = ("devicemgmt", "media", "events", "recording", "search", "replay")
FASTER, SMALLER = 50, 20


def resident_mib() -> float:
    """Resident memory of this process in MiB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def serve() -> None:
    """The canned device: clock, services and capabilities; everything else is a fault."""
    from tests.support.canned_soap import canned, services

    onvif = "http://www.onvif.org/ver10/"
    with canned() as device:
        names = {
            name: f"{onvif}{name}/wsdl"
            for name in ("device", "media", "events", "recording", "search", "replay")
        }
        device.answers["GetServices"] = services(device.port, **names)
        rows = "".join(
            f"<tt:{tag}><tt:XAddr>http://127.0.0.1:{device.port}/onvif/{tag}</tt:XAddr>{rest}</tt:{tag}>"
            for tag, rest in (("Device", ""), ("Events", ""), ("Media", "<tt:StreamingCapabilities/>"))
        )
        body = f"<tds:Capabilities>{rows}</tds:Capabilities>"
        device.answers["GetCapabilities"] = (
            f"<tds:GetCapabilitiesResponse>{body}</tds:GetCapabilitiesResponse>"
        )
        sys.stdout.write(f"{device.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


def open_ours(port: int, count: int) -> list[object]:
    """Cameras opened by yanshou's client."""
    from yanshou.model import Connection
    from yanshou.protocols.onvif import OnvifDevice

    cameras = []
    for _ in range(count):
        camera = OnvifDevice(Connection("onvif", "127.0.0.1", port, user="admin"), "secret", "CAM")
        cameras.append((camera, [camera.service(name) for name in SERVICES]))
    return list(cameras)


def open_stock(port: int, count: int) -> list[object]:
    """Cameras opened by plain onvif-zeep; it cannot find Profile G by itself, so it is told the addresses."""
    from onvif import ONVIFCamera

    cameras = []
    for _ in range(count):
        camera = ONVIFCamera("127.0.0.1", port, "admin", "secret")
        for name in ("recording", "search", "replay"):
            camera.xaddrs[f"http://www.onvif.org/ver10/{name}/wsdl"] = f"http://127.0.0.1:{port}/onvif/{name}"
        cameras.append(
            (camera, [camera.create_onvif_service(name) for name in SERVICES if name != "devicemgmt"])
        )
    return list(cameras)


def client(kind: str, port: int, count: int) -> None:
    """Open ``count`` cameras and print what it took."""
    logging.disable(logging.CRITICAL)
    opener = {"ours": open_ours, "stock": open_stock}[kind]
    opener(port, 0)  # the imports
    before, began, busy = resident_mib(), time.perf_counter(), time.process_time()
    kept = opener(port, count)
    wall, cpu = time.perf_counter() - began, time.process_time() - busy
    row = {"client": kind, "cameras": len(kept), "wall_s": wall, "cpu_s": cpu, "mib": resident_mib() - before}
    sys.stdout.write(json.dumps(row) + "\n")


def run(kind: str, port: int, count: int) -> dict[str, float]:
    """One client in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_onvif_fleet", kind, str(port), str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@contextlib.contextmanager
def device() -> object:
    """The canned device in a process of its own; its port."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_onvif_fleet", "serve"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def table(rows: list[dict[str, float]]) -> str:
    """The rows as text."""
    lines = [f"{'client':8}{'cameras':>9}{'cpu s':>9}{'wall s':>9}{'MiB':>9}"]
    for row in rows:
        figures = f"{row['cpu_s']:9.2f}{row['wall_s']:9.2f}{row['mib']:9.1f}"
        lines.append(f"{row['client']:8}{row['cameras']:9d}{figures}")
    return "\n".join(lines)


def main(_argv: Sequence[str] = ()) -> int:
    """Run both clients for 10 and 100 cameras and compare; 1 when a target is missed."""
    with device() as port:
        rows = [run(kind, port, count) for count in (10, 100) for kind in ("ours", "stock")]
    ours, stock = rows[-2:]
    faster, smaller = stock["cpu_s"] / ours["cpu_s"], stock["mib"] / ours["mib"]
    wall = stock["wall_s"] / ours["wall_s"]
    summary = {"faster": faster, "faster_wall": wall, "smaller": smaller}
    summary |= {"target_faster": FASTER, "target_smaller": SMALLER}
    print(table(rows))
    print(f"100 cameras: {faster:.0f} times faster ({wall:.0f} by the wall), {smaller:.0f} times less memory")
    print(json.dumps({"benchmark": "onvif_fleet", "rows": rows} | summary))
    return 0 if faster >= FASTER and smaller >= SMALLER else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve()
    elif len(sys.argv) > 1:
        client(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
