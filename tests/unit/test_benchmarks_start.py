# SPDX-License-Identifier: Apache-2.0
"""A benchmark that starts itself again finds its package from whatever folder, in a clean checkout, too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "tests" / "benchmarks"


def test_no_benchmark_starts_itself_by_its_file() -> None:
    for path in BENCHMARKS.glob("*.py"):
        assert "sys.executable, __file__" not in path.read_text(encoding="utf-8"), path.name


def test_children_of_the_benchmarks_find_the_package(tmp_path: Path) -> None:
    """As ``make bench`` starts them: at the root, with nothing in the environment."""
    code = (
        "import subprocess, sys; import tests.benchmarks.__main__ as bench;"
        "bench.run = lambda *_: subprocess.run([sys.executable, '-c', 'import tests.benchmarks.figure'],"
        f" cwd={str(tmp_path)!r}).returncode; sys.exit(bench.main(['survey']))"
    )
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=bare, timeout=120, check=False)
    assert done.returncode == 0
