# SPDX-License-Identifier: Apache-2.0
"""Threads that import parts of one package for the first time at the same moment all get it whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = {
    "__init__.py": "import time\ntime.sleep(0.5)\nLIMIT = 1\nfrom pair.part import THING\n",
    "part.py": "from pair import LIMIT\nTHING = LIMIT\n",
}
PROGRAM = """
import threading, time
{first}
failed = []
def get(statement):
    try:
        exec(statement, {{}})
    except Exception as error:
        failed.append(repr(error))
one = threading.Thread(target=get, args=["import pair; pair.THING"])
two = threading.Thread(target=get, args=["from pair.part import THING"])
one.start(); time.sleep(0.2); two.start(); one.join(30); two.join(30)
print(failed, one.is_alive(), two.is_alive())
"""
WHOLE = "from yanshou.model.whole_imports import import_whole\nimport_whole()\nimport_whole()"


@pytest.mark.parametrize(("first", "right"), [(WHOLE, True), ("", False)])
def test_two_threads_get_a_package_whole(tmp_path: Path, *, first: str, right: bool) -> None:
    """Without it, Python hands one of them half a package: the case is the one it is made for."""
    (tmp_path / "pair").mkdir()
    for name, text in PACKAGE.items():
        (tmp_path / "pair" / name).write_text(text, "ascii")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(first=first), "ascii")
    said = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True).stdout
    assert ("[]" in said) is right
    assert "True" not in said


@pytest.mark.parametrize("started", ["cli", "plugin"])
def test_commands_and_runs_import_whole(started: str) -> None:
    code = {
        "cli": "from yanshou.cli.main import main\nmain(['check', 'nowhere'])",
        "plugin": "import pytest\npytest.main(['--collect-only', '-q', '--site', 'nowhere', 'nowhere'])",
    }[started]
    code += "\nimport importlib\nprint('WHOLE', importlib._bootstrap._find_and_load.__name__)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout
    assert "WHOLE whole" in said
