# SPDX-License-Identifier: Apache-2.0
"""Every check of the project in order, the quick ones first; stops at the first that fails."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BIN = Path(PYTHON).parent

CHECKS: dict[str, list[str]] = {
    "ruff": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "mypy for Windows": [PYTHON, "-m", "mypy", "--platform", "win32"],
    "imports": [str(BIN / "lint-imports")],
}

# Whole runs mostly wait for emulated devices, so they share the time with all other tests.
TESTS: dict[str, list[str]] = {
    "tests of parts": [PYTHON, "-m", "pytest", "-q", "tests/unit", "tests/interop"],
    "tests of whole runs": [PYTHON, "-m", "pytest", "-q", "tests/e2e"],
}


def main() -> int:
    """Run them all; the exit code of the first that fails."""
    for name, command in CHECKS.items():
        began = time.monotonic()
        print(f"== {name}", flush=True)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(
            f"== {name}: {'ok' if code == 0 else f'failed ({code})'}, {time.monotonic() - began:.0f} s",
            flush=True,
        )
        if code:
            return code
    return side_by_side()


def side_by_side() -> int:
    """Both groups of tests at once; what the second says is shown when both have ended."""
    began = time.monotonic()
    (first, command), (second, other) = TESTS.items()
    print(f"== {first}, {second}", flush=True)
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(other, cwd=ROOT, stdout=said, stderr=said) as child,
    ):
        codes = [subprocess.run(command, cwd=ROOT, check=False).returncode, child.wait()]
        said.seek(0)
        print(f"== {second}\n{said.read().decode(errors='replace')}", flush=True)
    verdict = "ok" if not any(codes) else f"failed {codes}"
    print(f"== {first}, {second}: {verdict}, {time.monotonic() - began:.0f} s", flush=True)
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
