# SPDX-License-Identifier: Apache-2.0
"""A survey of a thousand emulated cameras, side by side with plain onvif-zeep on twenty.

Each camera answers 50 ms after it was asked, and is asked eight operations: clock and services (to open it),
identity, clock, profiles, stream address, snapshot address, snapshot.  The survey runs in a process of its
own: cameras per second from the first question to the last result in the journal, and the most memory it
ever held.  Then the same with 50 of the thousand silent, and with 100 that push 100 MB at once.  Prints a
table and one JSON line; exit 1 when a bar is missed.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import emulated_fleet
from tests.benchmarks.figure import Figure, tell
from tests.benchmarks.one_survey import peak_mib
from tests.support.canned_fleet import Manner

KEYS = "stream_s = 0\nper_subnet = 512"
CAMERAS, STOCK_CAMERAS, HOSTILE = 1000, 20, 100
RATE, MIB, FASTER = 150, 100, 75


def stock(cameras: str) -> None:
    """Plain onvif-zeep, one camera after the other, as its documentation shows it."""
    logging.disable(logging.CRITICAL)
    import requests
    from onvif import ONVIFCamera

    listed = json.loads(cameras)
    began = time.perf_counter()
    for host, port in listed:
        camera = ONVIFCamera(host, port, "admin", emulated_fleet.fleet_site.SECRET)
        device, media = camera.devicemgmt, camera.create_media_service()
        device.GetServices({"IncludeCapability": False})
        device.GetDeviceInformation()
        device.GetSystemDateAndTime()
        token = media.GetProfiles()[0].token
        setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
        media.GetStreamUri({"StreamSetup": setup, "ProfileToken": token})
        requests.get(media.GetSnapshotUri({"ProfileToken": token}).Uri, timeout=5)
    row = {"seconds": time.perf_counter() - began, "mib": peak_mib()}
    sys.stdout.write(json.dumps(row) + "\n")


def run(module: str, *arguments: str) -> dict[str, object]:
    """One measurement in a process of its own."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    done = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=900,
        env=emulated_fleet.environment(),
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def asked_each(counts: Path) -> float:
    """Operations per camera as the emulation counted them."""
    answer = json.loads(counts.read_text(encoding="utf-8")).values()
    return sum(sum(one.values()) - one["connected"] for one in answer) / len(answer)


def figures(folder: Path) -> list[Figure]:
    """Healthy, with silent ones, with hostile ones, and stock."""
    with emulated_fleet.fleet(folder / "healthy", CAMERAS, KEYS) as fleet:
        healthy = run("one_survey", str(fleet.site), str(folder / "healthy" / "out"))
    operations = asked_each(fleet.counts)
    silent = dict.fromkeys(range(0, CAMERAS, 20), Manner.SILENT)
    with emulated_fleet.fleet(folder / "silent", CAMERAS, KEYS, silent) as fleet:
        dead = run("one_survey", str(fleet.site), str(folder / "silent" / "out"))
    hostile = dict.fromkeys(range(HOSTILE), Manner.ENDLESS)
    with emulated_fleet.fleet(folder / "hostile", 2 * HOSTILE, KEYS, hostile) as fleet:
        pushed = run("one_survey", str(fleet.site), str(folder / "hostile" / "out"))
    with emulated_fleet.fleet(folder / "stock", STOCK_CAMERAS, KEYS) as fleet:
        twenty = json.dumps([[one.host, one.port] for one in fleet.cameras])
        plain = run("bench_survey", "stock", twenty)
    rate, plain_rate = CAMERAS / healthy["seconds"], STOCK_CAMERAS / plain["seconds"]
    return [
        Figure("cameras asked in full", float(healthy["states"].get("asked", 0)), "", at_least=CAMERAS),
        Figure("operations per camera", operations, "", at_least=emulated_fleet.OPERATIONS),
        Figure("survey, cameras per second", rate, "1/s", at_least=RATE),
        Figure("survey, most memory", healthy["mib"], "MiB", at_most=MIB),
        Figure("plain onvif-zeep, cameras per second", plain_rate, "1/s"),
        Figure("plain onvif-zeep, most memory for 20", plain["mib"], "MiB"),
        Figure("survey over plain onvif-zeep", rate / plain_rate, "times", at_least=FASTER),
        Figure("50 of 1,000 silent: asked in full", float(dead["states"].get("asked", 0)), "", at_least=950),
        Figure("50 of 1,000 silent: longer by", dead["seconds"] - healthy["seconds"], "s", at_most=30),
        Figure("100 times 100 MB pushed: most memory", pushed["mib"], "MiB"),
        Figure(
            "… and the 100 others asked in full", float(pushed["states"].get("asked", 0)), "", at_least=100
        ),
    ]


def main(_arguments: Sequence[str] = ()) -> int:
    """Measure and tell; 1 when a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="yanshou-bench-") as folder:
        return tell("survey", figures(Path(folder)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["stock"]:
        stock(sys.argv[2])
    else:
        sys.exit(main())
