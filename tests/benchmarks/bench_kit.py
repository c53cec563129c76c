# SPDX-License-Identifier: Apache-2.0
"""An offline kit is made, installed and used in a network namespace without a network; some minutes.

``KIT`` as argument takes a kit that is there already.  Where the system permits no such namespace, this topic
says so and is not reached.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figure import Figure, tell
from tests.support.rig import branch

_ALONE = ("unshare", "--map-root-user", "--net")
# only the loopback is there; the environment is that of a new computer
_INSIDE = """
set -eu
ip link set lo up
if python3 -c 'import socket; socket.create_connection(("192.0.2.1", 80), 1)' 2>/dev/null; then exit 9; fi
sh "$KIT/install.sh" "$HOME/yanshou"
y="$HOME/yanshou/bin/yanshou"
"$y" kit --verify "$KIT"
"$y" check "$SITE"
"$y" plan "$SITE"
"$y" run "$SITE" --run "$RUN" --emulate --operator scripted --only results,pdf,allure
"$y" verify "$RUN"
"""


def main(arguments: Sequence[str]) -> int:
    """1 when a step fails, or a report is missing."""
    if subprocess.run([*_ALONE, "true"], check=False, capture_output=True).returncode:
        print("no network namespace can be made here")
        return 1
    with tempfile.TemporaryDirectory(prefix="yanshou-bench-kit-") as name:
        base, began = Path(name), time.monotonic()
        kit = Path(arguments[0]).resolve() if arguments else base / "kit"
        if not arguments:
            command = [sys.executable, "-m", "yanshou.cli", "kit", str(kit), "--system", "linux"]
            subprocess.run(command, check=True)
        made = time.monotonic() - began
        failed, used = _use(kit, base)
        size = sum(path.stat().st_size for path in kit.rglob("*") if path.is_file()) / 1e6
        return tell("kit", [
            Figure("size of the kit", size, "MB"),
            Figure("made in", made, "s"),
            Figure("installed and used without a network in", used, "s"),
            Figure("steps and reports that failed", failed, "", at_most=0),
        ])  # fmt: skip


def _use(kit: Path, base: Path) -> tuple[int, float]:
    """Install and use it: how many steps and reports failed, and the seconds it took."""
    site = branch(base / "site", scope=["IAS-RT-01"], keep=["Z01", "Z02"])
    home, run = base / "home", base / "run"
    home.mkdir()
    python = shutil.which("python3.11") or sys.executable
    clean = {"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHON": _real(python)}
    clean |= {"KIT": str(kit), "SITE": str(site), "RUN": str(run)}
    began = time.monotonic()
    done = subprocess.run([*_ALONE, "sh", "-c", _INSIDE], env=clean, cwd=home, check=False)
    used = time.monotonic() - began
    report = run / "report"
    pages = [report / "report.pdf", report / "allure" / "index.html", report / "results.json"]
    missing = [path.name for path in pages if not path.is_file() or not path.stat().st_size]
    wrong = [] if "results.json" in missing else _not_conform(report / "results.json")
    print("failed:", done.returncode, *missing, *wrong)
    return bool(done.returncode) + len(missing) + len(wrong), used


def _not_conform(results: Path) -> list[str]:
    findings = json.loads(results.read_text("utf-8"))["findings"]
    return [one["device"] for one in findings if one["verdict"] != "conform"] if findings else ["no finding"]


def _real(python: str) -> str:
    """The interpreter itself: a shim of a version manager does not work without its environment."""
    asked = [python, "-c", "import sys; print(sys._base_executable)"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
