# SPDX-License-Identifier: Apache-2.0
"""What the harness itself costs per test item, on the emulated bank branch without its cameras.

Overhead of an item = its wall time by the journal (item_started to item_finished) minus the waiting it asks
for.  Waiting is: sleeping (the random phase before a stimulus, the pause between two polls); an exchange with
a device from its sending to its receipt, by its own Instant; a watch from the stimulus to the moment it saw
what it waited for, or to its end.  Everything else is overhead: pytest and its fixtures, the way to the
acquisition process and back, the opening of the bench, the multimeter's answers, every durable journal line,
evaluation and judgement.  The item that opens the bench first pays for that and is named apart.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest import mock

from tests.benchmarks.figure import Figure, tell
from tests.benchmarks.waits import FILE
from yanshou.cli.commands.run import run_tests
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.evidence import read_events

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
SCOPE = (
    "IAS-RT-01",
    "IAS-FN-03",
    "IAS-TA-01",
    "IAS-PW-01",
    "ACS-RT-01",
    "ACS-AL-01",
    "SCR-RD-01",
    "SCR-AL-01",
    "NMG-08-01",
    "NMG-16-01",
    "NMG-17-01",
    "NMG-19-01",
)
MEDIAN_MS = 50.0


def main(argv: Sequence[str] = ()) -> int:
    """The median overhead; 1 when it misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", action="store_true", help="print the overhead of every item")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="yanshou-bench-") as name:
        walls, spent = run(Path(name))
    overhead = {item: 1e3 * (walls[item] - spent[item]["waited"]) for item in walls}
    if options.items:
        print("\n".join(f"{one:45} {overhead[one]:9.1f} ms of {walls[one]:7.3f} s" for one in walls))
    ordered = sorted(overhead.values())
    return tell(
        "overhead",
        [
            Figure("items", len(ordered), "", at_least=20),
            Figure("overhead per item, median", statistics.median(ordered), "ms", at_most=MEDIAN_MS),
            Figure("  of it the journal", median_ms(spent, "journal"), "ms"),
            Figure("  of it the way to the bus and its turn there", median_ms(spent, "turn"), "ms"),
            Figure("overhead per item, 90 %", ordered[int(0.9 * (len(ordered) - 1))], "ms"),
            Figure("overhead of the item that opens the bench", ordered[-1], "ms"),
            Figure("wall time per item, median", 1e3 * statistics.median(walls.values()), "ms"),
        ],
    )


def median_ms(spent: Mapping[str, Mapping[str, float]], what: str) -> float:
    """The median over items of one part, in ms."""
    return 1e3 * statistics.median(one[what] for one in spent.values())


def run(folder: Path) -> tuple[dict[str, float], Mapping[str, Mapping[str, float]]]:
    """Wall seconds, and the seconds counted by ``waits``, of every item of one emulated run."""
    site = private_copy(BRANCH, folder / "site")
    text = (site / "site.toml").read_text(encoding="utf-8")
    scope = "scope = [" + ", ".join(f'"{row}"' for row in SCOPE) + "]"
    (site / "site.toml").write_text(re.sub(r"(?ms)^scope = \[.*?\]", scope, text), encoding="utf-8")
    waits = folder / "waits.jsonl"
    with mock.patch.dict(os.environ, {FILE: str(waits)}), EmulatedSite(site, video=False):
        run_tests(site, folder / "run", arguments=["-p", "tests.benchmarks.waits"], quiet=True)
    return walls_of(folder / "run" / "journal.jsonl"), spent_of(waits)


def walls_of(journal: Path) -> dict[str, float]:
    """Seconds from the start of each finished item to its end; an item of several attempts is left out."""
    began: dict[str, float] = {}
    walls: dict[str, float] = {}
    for event in read_events(journal):
        if event["kind"] == "item_started":
            began[event["item"]] = event["mono"]
        elif event["kind"] == "item_finished" and event["attempt"] == 1 and event["outcome"] == "done":
            walls[event["item"]] = event["mono"] - began[event["item"]]
    return walls


def spent_of(path: Path) -> Mapping[str, Mapping[str, float]]:
    """What each item spent, as ``waits`` counted it."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {line.pop("item"): line for line in lines}


if __name__ == "__main__":
    raise SystemExit(main())
