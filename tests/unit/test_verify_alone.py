# SPDX-License-Identifier: Apache-2.0
"""``python -m yanshou.evidence`` says what ``yanshou verify`` says, with the standard library alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import yanshou.evidence
from yanshou.cli import main
from yanshou.evidence import BlobStore, Journal, seal

NEEDED = ("evidence", "model")
ALONE = """
import runpy, sys
sys.argv[0] = "yanshou.evidence"
runpy.run_module("yanshou.evidence", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    with Journal(folder / "journal.jsonl") as journal:
        digest = BlobStore(folder / "blobs").put(b"picture")
        journal.append("run_opened", site={"name": "示范银行网点"})
        journal.append("evidence", sha256=digest)
    (folder / "plan.json").write_text("{}")
    seal(folder)
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """An interpreter with the two packages and nothing that was installed."""
    packages = tmp_path_factory.mktemp("alone")
    source = Path(yanshou.evidence.__file__).parents[1]
    for name in NEEDED:
        shutil.copytree(source / name, packages / "yanshou" / name)
    (packages / "__main__.py").write_text(ALONE, encoding="utf-8")  # a folder that is run finds its packages

    def verify(*arguments):
        command = [sys.executable, "-I", "-S", str(packages), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)

    return verify


def _rot(run):
    next(path for path in (run / "blobs").rglob("*") if path.is_file()).write_bytes(b"another picture")


def _cut(run):
    journal = run / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])


DAMAGES = {
    "intact": lambda _run: None,
    "changed": lambda run: (run / "plan.json").write_text("{} "),
    "missing": lambda run: (run / "plan.json").unlink(),
    "extra": lambda run: (run / "附件.txt").write_text("later"),
    "rotten evidence": _rot,
    "cut journal": _cut,
    "unsealed": lambda run: (run / "manifest.json").unlink(),
    "unreadable manifest": lambda run: (run / "manifest.json").write_text("["),
    "no journal": lambda run: (run / "journal.jsonl").unlink(),
    "empty folder": lambda run: (run / "empty").mkdir(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_both_say_the_same_of_a_run_and_end_with_the_same_code(run, alone, capsys, damage):
    DAMAGES[damage](run)
    for arguments in ((run,), (run, "--json")):
        code = main(["--lang", "en", "verify", *map(str, arguments)])
        said = alone(*arguments)
        assert (said.returncode, said.stdout) == (code, capsys.readouterr().out)
        assert said.stderr == ""
    assert code == (0 if damage == "intact" else 1)
    assert json.loads(said.stdout)["intact"] is (damage == "intact")


def test_a_folder_that_is_not_there_is_wrong_use(alone, tmp_path):
    for arguments in ((tmp_path / "nowhere",), ()):
        said = alone(*arguments)
        assert said.returncode == 2
        assert "Traceback" not in said.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_cannot_be_read_is_no_verdict(run, alone):
    (run / "blobs").chmod(0)
    code = alone(run).returncode
    (run / "blobs").chmod(0o700)
    assert code == main(["verify", str(run)])
