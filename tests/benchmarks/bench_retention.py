# SPDX-License-Identifier: Apache-2.0
"""Retention of one recorder with 64 channels over 90 days, 500 gaps of 1 s to 3 days planted in them.

The emulated recorder runs in a process of its own and writes down what it really holds; the harness asks by
ONVIF, plays both edges of every gap and a sample, and its list is held against that truth.  A second part
evaluates a list of a million stretches.  Prints a table and one JSON line; exit 1 when a gap of 2 s or more
is missed, one is invented, an edge is off by more than 1 s, or playback is less than 20 times real time.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.figure import Figure, tell
from yanshou.drivers.onvif.recorder import OnvifRecorder
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.equipment.recordings import PLAYED_AT_ONCE, hold, retention
from yanshou.evaluation import Window
from yanshou.evaluation.coverage import Gap, gaps_of, joined
from yanshou.evaluation.holding import time_line
from yanshou.model import DeviceKind
from yanshou.model.recording import Segment
from yanshou.site import load_site

CHANNELS, GAPS, DAYS = 64, 500, 90
_PLAY_S = 2.0  # counted of each playback, as when its bar was set; key frames of 12 s are asked for since

SITE = """
[site]
id = "bench"
name = "bench"
time_zone = "UTC"
rig = "emulated"
[operator]
backend = "scripted"
[device.NVR-1]
[device.NVR-1.connection]
protocol = "onvif"
host = "127.0.0.1"
port = 15899
user = "admin"
password = { env = "YANSHOU_BENCH_PASSWORD" }
"""


def write_site(folder: Path, seed: int) -> Path:
    """A recorder with its cameras, and the fault script with the gaps; small pictures."""
    folder.mkdir()
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    rows = ["id,kind,system,name,model,location,parent,number,attributes,wiring"]
    names = [f"CAM-{number:02}" for number in range(1, CHANNELS + 1)]
    rows += [f"{name},camera,video,{name},M,,NVR-1,{n},," for n, name in enumerate(names, start=1)]
    rows.append("NVR-1,recorder,video,NVR,M,,,1,keeps_d=100,")
    (folder / "inventory.csv").write_text("\n".join(rows), encoding="utf-8")
    draw = random.Random(seed)
    faults = [("resolution", name, '"128x72"') for name in names]
    for _ in range(GAPS):
        length = 10 ** draw.uniform(0, 5.41)  # 1 s to 3 days
        ago = draw.uniform(length / 86_400 + 0.01, DAYS - 0.5)
        faults.append(("gap", draw.choice(names), f'"{ago:.6f}:{length:.1f}"'))
    script = folder / "faults.toml"
    lines = [
        f'[[fault]]\ndevice = "{name}"\nkind = "{kind}"\nvalue = {value}\n' for kind, name, value in faults
    ]
    script.write_text("\n".join(lines), encoding="utf-8")
    return script


def truth_of(path: Path) -> dict[str, list[Segment]]:
    """What the emulation holds, by camera."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["what"] == "segments":
            name = entry["value"]["recording"].removeprefix("REC-")
            found[name] = [
                Segment(datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, UTC))
                for a, b in entry["value"]["segments"]
            ]
    return found


def main(_argv: Sequence[str] = ()) -> int:
    """Run both parts."""
    with tempfile.TemporaryDirectory(prefix="bench-retention-") as scratch:
        script = write_site(Path(scratch) / "site", 20261124)
        copy, truth_file = Path(scratch) / "copy", Path(scratch) / "truth.jsonl"
        private_copy(script.parent, copy)
        with EmulatedSite(copy, faults=copy / "faults.toml", truth=truth_file, deadline_s=300):
            figures = asked(copy, truth_file)
    return tell("retention", [*figures, *million()])


def asked(folder: Path, truth_file: Path) -> list[Figure]:
    """Ask, play, and hold the findings against the truth."""
    site = load_site(folder)
    cameras = tuple(one.id for one in site.of_kind(DeviceKind.CAMERA))
    with ExitStack() as stack:
        recorder, *beside = (
            stack.enter_context(OnvifRecorder(site.devices["NVR-1"], "demo-only"))
            for _ in range(PLAYED_AT_ONCE)
        )
        window = Window(datetime.now(UTC), DAYS, cameras, None, "1", limits=(DAYS,), samples=4)
        began = time.perf_counter()
        holding = hold(recorder, window)
        listed_s = time.perf_counter() - began
        began, before = time.perf_counter(), time.process_time()
        found = retention(recorder, window, beside=beside)
        played_s, spent_s = time.perf_counter() - began - listed_s, time.process_time() - before
    missed = invented = 0
    worst = 0.0
    truth = truth_of(truth_file)
    planted = 0
    for camera in cameras:
        line = time_line(camera, holding, window)
        reported = [one for one in line.inside if one.end < line.end]
        real = [one for one in gaps_of(joined(truth[camera]), line.start, line.end) if one.end < line.end]
        planted += len(real)
        for gap in real:
            off = min((_apart(one, gap) for one in reported), default=float("inf"))
            if off > 1.0 and (gap.end - gap.start).total_seconds() >= 2:
                missed += 1
            elif off <= 1.0:
                worst = max(worst, off)
        invented += sum(not any(_apart(one, gap) <= 1.0 for gap in real) for one in reported)
    plays = found.measurement.n
    failed = found.tables["playback.csv"].decode("utf-8-sig").count("不能回放")
    return [
        Figure("gaps held by the emulation (united)", planted, "1"),
        Figure("gaps of 2 s or more missed", missed, "1", at_most=0),
        Figure("gaps invented", invented, "1", at_most=0),
        Figure("largest error of an edge", worst, "s", at_most=1.0),
        Figure("listing, both directions", listed_s, "s"),
        Figure("playbacks", plays, "1"),
        Figure("playbacks that failed", failed, "1", at_most=0),
        Figure("playback against real time", plays * _PLAY_S / played_s, "x", at_least=20),
        Figure("processor time of a playback, with its share of the list", 1e3 * spent_s / plays, "ms"),
    ]


def _apart(one: Gap, other: Segment) -> float:
    """By how much the edges of two gaps differ, in seconds; the larger."""
    begins, ends = one.start - other.start, one.end - other.end
    return max(abs(begins.total_seconds()), abs(ends.total_seconds()))


def million() -> list[Figure]:
    """A list of a million stretches, evaluated."""
    step, last = timedelta(seconds=7.7), datetime(2026, 11, 24, tzinfo=UTC)
    first = last - 1_000_000 * step
    held = [Segment(first + n * step, first + n * step + timedelta(seconds=6)) for n in range(1_000_000)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    gaps = gaps_of(joined(held), first, last)
    spent = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        Figure("a million stretches: gaps found", len(gaps), "1", at_least=1_000_000),
        Figure("a million stretches: processor time", spent, "s", at_most=60),
        Figure("a million stretches: memory added", grown, "MiB", at_most=1024),
    ]


if __name__ == "__main__":
    sys.exit(main())
