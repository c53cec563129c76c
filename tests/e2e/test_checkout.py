# SPDX-License-Identifier: Apache-2.0
"""A run by pytest in a copy of the tree, where the dependencies are installed and yanshou is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import venv
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from tests.support.places import ROOT
from tests.support.rig import branch
from yanshou.emulation.site.process import EmulatedSite
from yanshou.evidence import read_events, verify

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links to the installed packages")

TREE = ("harness", "instruments", "fixtures", "reports", "test_suites")
ONE = "test_suites/intrusion/test_response.py::test_alarm_response_time[Z01]"


def installed() -> Iterator[Path]:
    """What is installed beside yanshou, wherever this interpreter finds it."""
    for folder in {Path(str(one.locate_file(""))) for one in metadata.distributions()}:
        if any(folder.glob("*.dist-info")):
            yield from (one for one in folder.iterdir() if "yanshou" not in one.name and one.suffix != ".pth")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that finds the dependencies and no yanshou."""
    folder = tmp_path_factory.mktemp("bare")
    packages = folder / "packages"
    packages.mkdir()
    for one in installed():
        if not (packages / one.name).exists():
            (packages / one.name).symlink_to(one)
    venv.create(folder / "venv", symlinks=True)
    own = next((folder / "venv").glob("lib/python*/site-packages"))
    (own / "dependencies.pth").write_text(f"{packages}\n", encoding="utf-8")
    return folder / "venv" / "bin" / "python"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a run needs of the checkout."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in TREE:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two zones and a paper item, emulated."""
    folder = tmp_path_factory.mktemp("site") / "site"
    found = branch(folder, scope=["IAS-RT-01", "NMG-16-01"], keep=["Z01", "Z07"])
    with EmulatedSite(found):
        yield found


def environment() -> dict[str, str]:
    return {name: one for name, one in os.environ.items() if not name.startswith("PYTHON")}


def bare(python: Path, cwd: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(python), *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=environment(), capture_output=True, encoding="utf-8", timeout=180, check=False
    )


def test_the_interpreter_has_no_yanshou(python: Path, tmp_path: Path) -> None:
    """Else the rest proves nothing."""
    assert "No module named 'yanshou'" in bare(python, tmp_path, "-c", "import yanshou").stderr
    assert bare(python, tmp_path, "-c", "import pytest, cv2, pymodbus").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "tested"),
    [
        (("test_suites",), {"alarm_response_time[Z01]", "alarm_response_time[Z07]", "papers_kept[SITE]"}),
        ((ONE,), {"alarm_response_time[Z01]"}),
        (("test_suites", "--yanshou-device=Z07"), {"alarm_response_time[Z07]"}),
    ],
    ids=["all", "one test", "one device"],
)
def test_a_run_in_a_checkout_is_the_run_of_the_plan(
    python: Path, tree: Path, site: Path, tmp_path: Path, arguments: tuple[str, ...], tested: set[str]
) -> None:
    run = tmp_path / "run"
    done = bare(python, tree, "-m", "pytest", "-q", f"--site={site}", f"--yanshou-run={run}", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    events = list(read_events(run / "journal.jsonl"))
    ended = {one["item"]: one["outcome"] for one in events if one["kind"] == "item_finished"}
    assert ended == dict.fromkeys(tested, "done")
    opened = next(one for one in events if one["kind"] == "run_opened")
    assert opened["software"].startswith("yanshou 0.")
    assert verify(run).intact
    assert json.loads((run / "plan.json").read_text("utf-8"))["items"]


def test_from_elsewhere_it_is_the_same(python: Path, tree: Path, site: Path, tmp_path: Path) -> None:
    arguments = (f"--site={site}", f"--yanshou-run={tmp_path / 'run'}", tree / "test_suites")
    done = bare(python, tmp_path, "-m", "pytest", "-q", "--yanshou-device=SITE", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_a_device_that_is_none_of_the_site_is_told_in_a_line(
    python: Path, tree: Path, site: Path, tmp_path: Path
) -> None:
    arguments = (f"--site={site}", f"--yanshou-run={tmp_path / 'run'}", "--yanshou-device=Z70", "test_suites")
    done = bare(python, tree, "-m", "pytest", "-q", *arguments)
    assert done.returncode == 4
    assert "there is no Z70" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
