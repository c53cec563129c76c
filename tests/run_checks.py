# SPDX-License-Identifier: Apache-2.0
"""Every check of the project in order, the quick ones first; stops at the first that fails."""

from __future__ import annotations

import subprocess
import sys
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
    "tests": [PYTHON, "-m", "pytest", "-q", "tests"],
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
