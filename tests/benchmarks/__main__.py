# SPDX-License-Identifier: Apache-2.0
"""Run the benchmarks: ``python -m tests.benchmarks [TOPIC]``, from the root of the checkout.

A topic is a module ``bench_TOPIC.py`` beside this one, with ``main(argv) -> int``: it prints its figures as a
table and as one JSON line, and returns 1 when a figure misses its bar.  What stands after the topic goes to
the topic: ``python -m tests.benchmarks latency -n 200``.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

_PREFIX = "bench_"
_ROOT = Path(__file__).resolve().parents[2]


def topics(folder: Path = Path(__file__).parent) -> list[str]:
    """What can be run, by file name."""
    return sorted(path.stem.removeprefix(_PREFIX) for path in folder.glob(f"{_PREFIX}*.py"))


def run(topic: str, arguments: Sequence[str]) -> int:
    """One topic's exit code; one that breaks has missed its bar, and the others still run."""
    print(f"== {topic}", flush=True)
    try:
        code: int = importlib.import_module(f"tests.benchmarks.{_PREFIX}{topic}").main(list(arguments))
    except Exception:  # noqa: BLE001 - told in full; the next topic has nothing to do with it
        traceback.print_exc()
        return 1
    return code


def main(arguments: Sequence[str]) -> int:
    """Run the topic named, or all; 1 when any bar was missed, 2 when there is no such topic."""
    known = topics()
    chosen = list(arguments[:1]) or known
    if unknown := set(chosen) - set(known):
        sys.stderr.write(f"no topic {', '.join(unknown)}. There are: {', '.join(known)}.\n")
        return 2
    # a topic that starts itself again, from whatever folder, must find this package there, too
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    codes: dict[str, tuple[int, float]] = {}
    for topic in chosen:
        began = time.monotonic()
        codes[topic] = run(topic, arguments[1:]), time.monotonic() - began
    print("==")
    for topic, (code, seconds) in codes.items():
        verdict = "reached" if code == 0 else f"NOT reached ({code})"
        print(f"{topic:20} {verdict:18} {seconds:6.0f} s")
    return int(any(code for code, _ in codes.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
