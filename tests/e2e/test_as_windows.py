# SPDX-License-Identifier: Apache-2.0
"""A run over TCP with everything of POSIX hidden from our modules: no traceback, and the same verdicts.

``tests/support/as_windows`` says what is hidden and refused. Serial lines are left out: they are emulated
on POSIX only.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.rig import Ran, branch, faults, no_traceback, yanshou

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Windows itself, or no /proc to ask")

AS_WINDOWS = Path(__file__).parents[1] / "support" / "as_windows"

# each is refused to our modules, or to everybody below the folder
TRIED = """
import json, sys
import sitecustomize
import yanshou.evidence.durable, yanshou.rig.watchdog
from yanshou.acquisition.child_process import subprocess
v = {name: sitecustomize._import(name) for name in ("os", "signal", "socket", "select", "sys", "time")}
held = open("held.txt", "w")
def fcntl(): sitecustomize._import("fcntl")
def replaced(): open("new.txt", "w").close(); v["os"].replace("new.txt", "held.txt")
def folder_renamed():
    v["os"].makedirs("sub", exist_ok=True)
    with open("sub/file", "w"): v["os"].rename("sub", "other")
def a_pipe(): v["select"].select([v["os"].pipe()[0]], [], [], 0)
def reader(): import asyncio; asyncio.new_event_loop().add_reader(0, print)
def group(): subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
tried = {
    "fcntl": fcntl, "fork": lambda: v["os"].fork, "kill": lambda: v["os"].kill,
    "uid": lambda: v["os"].geteuid,
    "SIGKILL": lambda: v["signal"].SIGKILL, "SIGUSR1": lambda: v["signal"].SIGUSR1,
    "reuse": lambda: v["socket"].SO_REUSEPORT, "unix": lambda: v["socket"].AF_UNIX,
    "poll": lambda: v["select"].poll,
    "pipe": a_pipe, "reader": reader, "group": group, "removed": lambda: v["os"].remove("held.txt"),
    "renamed": lambda: v["os"].rename("held.txt", "x.txt"), "replaced": replaced, "folder": folder_renamed,
    "colon": lambda: open("a:b", "w"), "reserved": lambda: v["os"].mkdir("con"),
    "link": lambda: v["os"].symlink("held.txt", "link"), "pty": lambda: open("/dev/ptmx"),
}
def outcome(do):
    try:
        do()
    except (OSError, AttributeError, ImportError, ValueError, NotImplementedError) as error:
        return type(error).__name__
    return "done"
said = {name: outcome(do) for name, do in tried.items()}
held.close()
said |= {"closed": outcome(lambda: v["os"].rename("held.txt", "x.txt"))}
said |= {"seen": [yanshou.rig.watchdog.sys.platform, yanshou.evidence.durable.os.name]}
print(json.dumps(said))
"""


def _environment(folder: Path) -> Mapping[str, str]:
    (folder / "tmp").mkdir()
    return {
        "PYTHONPATH": str(AS_WINDOWS),
        "AS_WINDOWS_ROOT": str(folder),
        "PYTHONWARNDEFAULTENCODING": "1",
        "TMPDIR": str(folder / "tmp"),
    }


def test_the_shim_refuses_what_windows_refuses(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRIED],
        env=_environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said = json.loads(done.stdout or pytest.fail(done.stderr))
    assert (said.pop("closed"), said.pop("seen")) == ("done", ["win32", "nt"])
    assert [name for name, outcome in said.items() if outcome == "done"] == []


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Two zones, of which one is slow, and one camera."""
    folder = tmp_path_factory.mktemp("windows").resolve()
    site = branch(folder / "site", scope=["IAS-RT-01", "IQ-18"], keep=["Z01", "Z02", "CAM-1"])
    planted = faults(site, ("Z02", "alarm_delay", 2.4))
    arguments = ("--emulate", "--faults", planted, "--operator", "scripted", "--only", "results,pdf,junit")
    said = yanshou("run", site, "--run", folder / "run", *arguments, cwd=folder, **_environment(folder))
    return Ran(said, folder / "run")


def test_the_run_has_the_same_verdicts_and_no_traceback(ran: Ran) -> None:
    assert no_traceback(ran.said), ran.said.err
    assert ran.code == 1
    assert ran.verdicts == {
        ("IAS-RT-01", "Z01"): "conform",
        ("IAS-RT-01", "Z02"): "non_conform",
        ("IQ-18", "CAM-1"): "conditional_conform",
    }
    assert ran.said.err.strip() == ""


def test_reports_and_seal_are_made(ran: Ran) -> None:
    for name in ("report.pdf", "junit.xml"):
        assert (ran.folder / "report" / name).stat().st_size > 0
    base = ran.folder.parent
    environment = {"PYTHONPATH": str(AS_WINDOWS), "AS_WINDOWS_ROOT": str(base)}
    checked = yanshou("verify", ran.folder, cwd=base, **environment)
    assert (checked.code, no_traceback(checked)) == (0, True), checked.err
    key = yanshou("key", base / "lab.key", "--no-passphrase", cwd=base, **environment)
    assert (key.code, key.err) == (0, "")


def test_nothing_was_tried_that_windows_refuses(ran: Ran) -> None:
    noted = ran.folder.parent / "refused.txt"
    assert not noted.exists(), noted.read_text("utf-8")
