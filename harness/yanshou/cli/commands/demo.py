# SPDX-License-Identifier: Apache-2.0
"""``yanshou demo``: goes the whole path on the emulated bank branch: plan, run, report, verify."""

from __future__ import annotations

import argparse
from pathlib import Path
from threading import Timer

from rich.cells import set_cell_size

from yanshou.cli.commands import report, verify
from yanshou.cli.commands.run import emulated, run_tests
from yanshou.cli.language import _
from yanshou.emulation.site.process import private_copy
from yanshou.evidence import RunFolder
from yanshou.evidence.run import JOURNAL, PLAN
from yanshou.model import UsageError
from yanshou.reports.rendering import load_makers

_MEANWHILE_S = 15.0  # the tests run in a process of their own, and this one waits for them
_LEAST_S = 10.0  # a second lane is worth its start here: cameras are measured while the doors are tested


def run(options: argparse.Namespace) -> int:
    """Return the exit code of the run; the last lines printed say where the results are."""
    site, path = options.out / "bank-branch", options.out / "run"
    if _ended(path):
        raise UsageError(f"{path} exists.", "Name another folder with --out, or remove it.")
    site.parent.mkdir(parents=True, exist_ok=True)
    if not (site / "site.toml").is_file():  # else an interrupted demo goes on
        private_copy(examples_folder() / "bank-branch", site)
    with emulated(site, None) as devices:
        later = Timer(_MEANWHILE_S, load_makers)
        later.daemon = True
        later.start()
        run_tests(site, path, arguments=[f"--yanshou-spare={_LEAST_S:g}"])
        devices.dismiss()  # they end while the reports are written
        code = report.write_reports(path, None, "zh")
    verified = verify.tell_intact(path)
    for name, command in (
        ("report/report.pdf", _("formal report")),
        ("report/allure/index.html", _("Allure page")),
        ("report/results.json", _("results")),
        ("report/junit.xml", "JUnit"),
        ("journal.jsonl", _("journal")),
    ):
        if (path / name).is_file():
            print(f"  {set_cell_size(command, 14)} {path / name}")
    return code or verified


def _ended(path: Path) -> bool:
    """Whether the folder holds nothing to continue: no run, or a run that is complete."""
    if not path.exists():
        return False
    if not (path / JOURNAL).is_file():
        return not (path / PLAN).is_file() and any(path.iterdir())
    last = RunFolder.existing(path).events()[-1:]
    return bool(last) and last[0]["kind"] == "session_ended" and last[0]["reason"] == "complete"


def examples_folder() -> Path:
    """The folder of the example sites: in the installed package, or ``examples`` of the checkout."""
    installed = Path(__file__).resolve().parents[2] / "examples"
    checkout = Path(__file__).resolve().parents[4] / "examples"
    for folder in (installed, checkout):
        if (folder / "bank-branch").is_dir():
            return folder
    raise UsageError("the example sites are not installed.", "Install yanshou again: `pip install yanshou`.")
