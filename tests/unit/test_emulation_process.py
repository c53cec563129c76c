# SPDX-License-Identifier: Apache-2.0
"""The emulator's process: how it starts, what it says of a wrong script or a taken port, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patience import HUNG_S
from yanshou.emulation.fault_kinds import KINDS, all_kinds
from yanshou.emulation.faults import FaultBook, load_faults
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.model import DeviceKind, RigFault, Site, UsageError
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return private_copy(BRANCH, tmp_path / "site")


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(BRANCH)


def script(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "faults.toml"
    path.write_text(text, encoding="utf-8")
    return path


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The end of an emulation whose input stays open."""
    command = [
        sys.executable,
        "-m",
        "yanshou.emulation",
        str(folder),
        "--until-eof",
        "--without-video",
        *options,
    ]
    kept_open, held = os.pipe()
    try:
        return subprocess.run(
            command, stdin=kept_open, capture_output=True, text=True, timeout=HUNG_S, check=False
        )
    finally:
        os.close(kept_open)
        os.close(held)


# -- fault scripts ------------------------------------------------------------------------------------------

EVERY_MISTAKE = """
[[fault]]
device = "Z07"
kind = "alarm_dellay"

[[fault]]
kind = "alarm_delay"
device = "Z77"
value = 2.4

[[fault]]
device = "CAM-1"
kind = "miss_every"
value = 0

[[fault]]
device = "CAM-1"
kind = "resolution"
value = "wide"
"""


def test_all_mistakes_of_a_script_are_told_with_their_lines(tmp_path: Path, site: Site) -> None:
    with pytest.raises(UsageError) as caught:
        load_faults(script(tmp_path, EVERY_MISTAKE), site)
    found = {mistake.line: str(mistake) for mistake in caught.value.mistakes}
    assert sorted(line for line in found if line) == [4, 8, 13, 14, 19]
    assert "alarm_dellay" in found[4]
    assert all(kind in found[4] for kind in KINDS)
    assert "faults.toml:8" in found[8]
    assert "PANEL-1" in found[8]
    assert "zone" in found[13]
    assert "whole number" in found[14]


@pytest.mark.parametrize(("kind", "value"), [
    ("alarm_delay", '"long"'), ("alarm_delay", "[2.0, 1.0]"), ("alarm_delay", "[1.0]"), ("alarm_delay", "-1"),
    ("alarm_delay", "true"), ("miss_every", "1.5"), ("answers_when_unset", "1"), ("self_reset", "[1, 2]"),
    ("alarm_delay", "inf"), ("self_reset", "nan"),
])  # fmt: skip
def test_values_that_do_not_fit(tmp_path: Path, site: Site, kind: str, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_faults(script(tmp_path, f'[[fault]]\ndevice = "Z07"\nkind = "{kind}"\nvalue = {value}\n'), site)
    assert [mistake.line for mistake in caught.value.mistakes] == [4]


@pytest.mark.parametrize("text", ["fault = 3", "[fault]\ndevice = 'Z01'", "[[fault]\n", "[[flaw]]\nx = 1"])
def test_scripts_that_are_none(tmp_path: Path, site: Site, text: str) -> None:
    with pytest.raises(UsageError):
        load_faults(script(tmp_path, text), site)


def test_missing_script(tmp_path: Path, site: Site) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.toml"):
        load_faults(tmp_path / "nowhere.toml", site)


def test_a_fault_of_a_panel_holds_for_its_zones(tmp_path: Path, site: Site) -> None:
    text = '[[fault]]\ndevice = "PANEL-1"\nkind = "alarm_delay"\nvalue = [0.05, 2.5]\nevery = 3\n'
    faults = load_faults(script(tmp_path, text), site)
    found = FaultBook(faults).find("alarm_delay", "Z07", "PANEL-1")
    assert found
    assert (found.device, found.value, found.every) == ("PANEL-1", [0.05, 2.5], 3)
    assert found.place == "faults.toml:1"
    assert not FaultBook(faults).has("alarm_delay", "V01", "PANEL-2")


def test_kinds_of_the_video_side_can_be_planted_in_cameras() -> None:
    kinds = all_kinds()
    assert set(KINDS) <= set(kinds)
    assert DeviceKind.CAMERA in kinds["fps"].on
    assert DeviceKind.PANEL in kinds["clock_offset"].on


# -- the process --------------------------------------------------------------------------------------------


def test_wrong_script_ends_with_code_2_and_the_line(tmp_path: Path, folder: Path) -> None:
    ended = run(folder, "--faults", str(script(tmp_path, EVERY_MISTAKE)))
    assert ended.returncode == 2
    assert "faults.toml:4" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_wrong_site_ends_with_code_2(tmp_path: Path) -> None:
    ended = run(tmp_path)
    assert ended.returncode == 2
    assert "site.toml" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("found", "put", "said"), [
    ('rig = "emulated"', 'rig = "real"', "real"),
    ('path = "vault-panel.pty"', 'path = "/dev/ttyUSB0"', "outside the site folder"),
])  # fmt: skip
def test_nothing_real_is_replaced(folder: Path, found: str, put: str, said: str) -> None:
    path = folder / "site.toml"
    text = path.read_text(encoding="utf-8").replace('backend = "scripted"', 'backend = "terminal"')
    path.write_text(text.replace(found, put), encoding="utf-8")
    ended = run(folder)
    assert ended.returncode == 2
    assert said in ended.stderr


@pytest.mark.parametrize("device", ["PANEL-1", "DMM-1", "NTP-1"])
def test_taken_port_is_named_with_its_device(folder: Path, device: str) -> None:
    connection = load_site(folder).devices[device].connection
    assert connection
    port = connection.port or int(connection.path.split("::")[2])
    kind = socket.SOCK_DGRAM if connection.protocol == "ntp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", port))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        ended = run(folder)
    assert ended.returncode == 3
    assert len(ended.stderr.strip().splitlines()) == 1
    assert device in ended.stderr
    assert str(port) in ended.stderr
    assert not list(folder.glob("*.pty")), "what was opened before is closed again"


def test_a_file_in_the_place_of_a_serial_line_is_left_alone(folder: Path) -> None:
    (folder / "vault-panel.pty").write_text("mine")
    ended = run(folder)
    assert ended.returncode == 3
    assert "vault-panel.pty" in ended.stderr
    assert (folder / "vault-panel.pty").read_text() == "mine"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_cleanly(folder: Path, number: signal.Signals) -> None:
    with EmulatedSite(folder, video=False, deadline_s=20) as emulated:
        assert len(list(folder.glob("*.pty"))) == 2
        child = emulated._child
        assert child
        os.kill(emulated.pid, number)
        assert child.wait(10) == 0
        assert not list(folder.glob("*.pty"))


def test_a_dismissed_site_ends_by_itself(folder: Path) -> None:
    with EmulatedSite(folder, video=False, deadline_s=HUNG_S) as emulated:
        child = emulated._child
        assert child
        emulated.dismiss()
        assert child.wait(HUNG_S) == 0
        assert not list(folder.glob("*.pty"))
        emulated.dismiss()  # once more does nothing


def test_a_site_whose_input_ends_while_it_codes_pictures_ends(folder: Path) -> None:
    code = (
        "import sys, threading\n"
        "from yanshou.emulation import __main__ as emulation\n"
        "def codes(site):\n"
        "    print('coding', flush=True)\n"
        "    threading.Event().wait()\n"
        "emulation.SiteEmulation.start = codes\n"
        "sys.exit(emulation.main([sys.argv[1], '--until-eof', '--without-video']))\n"
    )
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout
            assert child.stdin
            assert child.stdout.readline() == "coding\n"
            child.stdin.close()
            assert child.wait(HUNG_S) == 3
            assert child.stdout.read() == "", "it is never ready"
        finally:
            child.kill()


def test_links_left_by_a_killed_emulation_are_replaced(folder: Path) -> None:
    with EmulatedSite(folder, video=False, deadline_s=20) as first:
        os.kill(first.pid, signal.SIGKILL)
    assert list(folder.glob("*.pty"))
    with EmulatedSite(folder, video=False, deadline_s=20):
        assert all(link.exists() for link in folder.glob("*.pty"))


def test_last_words_of_a_child_that_does_not_start(tmp_path: Path, folder: Path) -> None:
    faults = script(tmp_path, '[[fault]]\ndevice = "Z01"\nkind = "no_such"\n')
    with pytest.raises(RigFault, match=r"ended before it was ready.*faults\.toml:3"):
        EmulatedSite(folder, faults, video=False, deadline_s=20).start()


def test_a_child_that_takes_too_long(folder: Path) -> None:
    with pytest.raises(RigFault, match="not ready within"):
        EmulatedSite(folder, video=False, deadline_s=0.001).start()
    assert not list(folder.glob("*.pty"))
