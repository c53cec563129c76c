# SPDX-License-Identifier: Apache-2.0
"""How true an alarm's instant is over each wire a panel may speak, against the truth log of the emulation.

A hold-up zone that alarms 50 to 600 ms after its loop opened; for each wire the share of alarms whose real
moment lies in the reported bracket, and how wide the brackets are.

    python -m tests.benchmarks wires [-n 60] [--only dsc-tpi,satel-integra]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figure import Figure, tell
from tests.support.line_site import SPEAKING, emulated_bench
from yanshou.emulation.faults import Fault
from yanshou.model import Instant, Latency
from yanshou.model.signal import ZoneSignal

DELAY_S = [0.05, 0.6]
SHARE = 0.95
REPORTS = {"contact-only": ("RELAY-1", "input_on"), "dsc-tpi": ("PANEL-1", "told")}


def measured(folder: Path, profile: str, trials: int) -> tuple[list[tuple[Instant, float]], list[Latency]]:
    """Reported instants beside the real ones, and the latencies."""
    shown: list[Instant] = []
    latencies = []
    with emulated_bench(folder, profile, [Fault("Z02", "alarm_delay", DELAY_S)]) as (bench, truth):
        panel, zone = bench.panel("PANEL-1"), bench.zone("Z02")
        for _ in range(trials):
            opened = zone.open_loop()
            seen = panel.wait_for(2, ZoneSignal.ALARM, since=opened, within=3.0)
            if seen is not None:
                shown.append(seen)
                latencies.append(seen - opened)
            zone.close_loop()
            panel.reset()
            while panel.shows(2, ZoneSignal.ALARM):
                pass
    real = real_moments(truth, profile)
    return list(zip(shown, real, strict=True)), latencies


def real_moments(truth: Path, profile: str) -> list[float]:
    """When each alarm was there to be seen on this wire."""
    device, what = REPORTS.get(profile, ("Z02", "alarm_shown"))
    events = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    return [
        event["t"]
        for event in events
        if (event["device"], event["what"]) == (device, what)
        and (what != "told" or "zone_alarm=1" in event["value"])
        and (what != "input_on" or event["value"] == 2)
    ]


def main(argv: Sequence[str]) -> int:
    """Print the figures; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=60, help="alarms for each wire")
    parser.add_argument("--only", default="", help="profiles, separated by commas")
    options = parser.parse_args(argv)
    figures = []
    for profile in options.only.split(",") if options.only else SPEAKING:
        with tempfile.TemporaryDirectory() as folder:
            pairs, latencies = measured(Path(folder), profile, options.n)
        inside = sum(seen.earliest <= real <= seen.latest for seen, real in pairs)
        widths = [1e3 * latency.half_width for latency in latencies]
        figures += [
            Figure(f"{profile}: truth in the bracket", inside / options.n, "of 1", at_least=SHARE),
            Figure(f"{profile}: half width, median", statistics.median(widths), "ms"),
            Figure(f"{profile}: half width, largest", max(widths), "ms"),
        ]
    return tell("wires", figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
