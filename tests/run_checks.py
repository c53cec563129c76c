# SPDX-License-Identifier: Apache-2.0
"""The checks of the project: ``check`` before each commit, ``unit`` and ``e2e``; without a word all of it.

Every check is run, and every one that failed is named at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BIN = Path(PYTHON).parent
# a file's tests stay together, for they share what the file starts
PYTEST = [PYTHON, "-m", "pytest", "-q", "--dist", "loadfile"]
QUICKLY = [*PYTEST, "--numprocesses", "2"]  # as many as processors
# both mostly wait, for emulated devices and peers: more processes than processors
# slow files first (tests.support.session), not those with the most tests: a slow one may have few
PARTS = [*PYTEST, "--numprocesses", "4", "--no-loadscope-reorder"]
RUNS = [*PYTEST, "--numprocesses", "3", "--no-loadscope-reorder"]
PRODUCT = ["harness", "instruments", "fixtures", "reports", "test_suites"]
# in one folder each platform would discard what mypy keeps of the other
WINDOWS_TYPES = ".mypy_cache/windows"

STATIC: dict[str, list[str]] = {
    "ruff": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "mypy for Windows": [PYTHON, "-m", "mypy", "--platform", "win32", "--cache-dir", WINDOWS_TYPES, *PRODUCT],
    "imports": [str(BIN / "lint-imports")],
    "dependencies": [str(BIN / "deptry"), "."],
}
QUICK = {"quick tests of parts": [*QUICKLY, "-m", "not slow", "tests/unit"]}
UNIT = {"tests of parts": [*PARTS, "tests/unit", "tests/interop"]}
E2E = {"tests of whole runs": [*RUNS, "tests/e2e"]}

# What stands in one dictionary runs in order; dictionaries run side by side.
# Whole runs mostly wait for emulated devices, so they share the time with all other checks.
GROUPS: dict[str, tuple[dict[str, list[str]], ...]] = {
    "check": (STATIC, QUICK),
    "unit": (UNIT,),
    "e2e": (E2E,),
    "test": (STATIC, UNIT, E2E),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended: its exit code, what it printed, and the seconds it took."""

    name: str
    code: int
    printed: str
    seconds: float


def main(arguments: list[str]) -> int:
    """Run the group that is named (all of it without a word); 1 when any check failed."""
    group = GROUPS[arguments[0] if arguments else "test"]
    began = time.monotonic()
    with ThreadPoolExecutor(len(group)) as side_by_side:
        outcomes = [one for part in side_by_side.map(_in_order, group) for one in part]
    failed = [one.name for one in outcomes if one.code]
    print(f"== {time.monotonic() - began:.0f} s: {'failed: ' + ', '.join(failed) if failed else 'all ok'}")
    return int(bool(failed))


def _in_order(checks: dict[str, list[str]]) -> list[Outcome]:
    return [_run(name, command) for name, command in checks.items()]


def _run(name: str, command: list[str]) -> Outcome:
    """One check; what it printed is shown when it has ended, for others run beside it."""
    began = time.monotonic()
    print(f"== {name} …", flush=True)
    with tempfile.TemporaryFile() as printed:
        code = subprocess.run(
            command, cwd=ROOT, env=_environment(), check=False, stdout=printed, stderr=printed
        ).returncode
        printed.seek(0)
        outcome = Outcome(name, code, printed.read().decode(errors="replace"), time.monotonic() - began)
    verdict = "ok" if code == 0 else f"failed ({code})"
    print(f"{outcome.printed.rstrip()}\n== {name}: {verdict}, {outcome.seconds:.0f} s", flush=True)
    return outcome


def _environment() -> dict[str, str]:
    """Ours, with compiled modules kept: hundreds of short processes would each compile them again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
