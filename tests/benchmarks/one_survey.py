# SPDX-License-Identifier: Apache-2.0
"""One survey in a process that holds nothing else: ``python -m tests.benchmarks.one_survey SITE OUT``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def peak_mib() -> float:
    """The most resident memory this process ever had, in MiB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def survey(site: str, out: str) -> None:
    """Survey the site and print what it took."""
    from yanshou.fleet.settings import Settings
    from yanshou.fleet.survey import Survey
    from yanshou.fleet.threads import ask_all
    from yanshou.site import load_site

    loaded = load_site(Path(site))
    opened = Survey.open(Path(out), loaded, Settings.of(loaded))
    began = time.perf_counter()
    with opened:
        ask_all(opened.waiting, opened.settings, loaded.folder, opened.keep)
    seconds = time.perf_counter() - began
    memory = peak_mib()  # before the results are read back
    states: dict[str, int] = {}
    for one in opened.results():
        states[one["state"]] = states.get(one["state"], 0) + 1
    row = {"seconds": seconds, "mib": memory, "states": states, "cpu_s": time.process_time()}
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    survey(*sys.argv[1:])
