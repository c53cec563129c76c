# SPDX-License-Identifier: Apache-2.0
"""Profiles that are none, are hostile or contradict themselves: one clear line, before anything starts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from yanshou.cli import main
from yanshou.drivers.field.wiring import site_mistakes
from yanshou.drivers.profile import shipped_text
from yanshou.emulation.site.process import private_copy
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
PANEL = "yanshou-emulated-panel-12"
GOOD = shipped_text(PANEL)
_LONGEST = 250
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300_000_000)


def _with(old: str, new: str) -> Callable[[Path], object]:
    assert old in GOOD
    return lambda path: path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")


def _bytes(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "prose": (_bytes(b"Dear colleague,\nthis is a letter.\n"), "not valid TOML"),
    "binary": (_bytes(b"\xff\xfe\xfd" * 100), "UTF-8"),
    "UTF-16": (_bytes(GOOD.encode("utf-16")), "UTF-8"),
    "GB 18030": (_bytes(("# 报警主机\n" + GOOD).encode("gb18030")), "UTF-8"),
    "deep array": (_bytes(b"a = " + b"[" * 20_000 + b"]" * 20_000), "deep"),
    "deep tables": (_bytes(b"[" + b".".join([b"a"] * 5000) + b"]\nb = 1\n"), "deep"),
    "control character": (_with("[[point]]", "[\x07[point]]"), "not valid TOML"),
    "direction and escape": (_with('name = "', 'name = "\u202e\\u001b[2J'), "name cannot be"),
    "zero byte": (_bytes(GOOD.encode()[:200] + b"\x00" + GOOD.encode()[200:]), "not valid TOML"),
    "twice the file": (_bytes((GOOD + GOOD).encode()), "twice"),
    "huge": (_huge, "bytes"),
    "folder": (lambda path: path.mkdir(), "cannot be read"),
    "link to nothing": (lambda path: path.symlink_to("nowhere"), "cannot be read"),
    "missing": (lambda _path: None, "no such device profile"),
    "same registers": (_with("address = 16\n", "address = 0\n"), "zone_alarm and zone_open claim the same"),
    "registers overlap": (_with("address = 32\n", "address = 20\n"), "zone_tamper and zone_alarm claim"),
    "role twice": (_with('"zone_fault"', '"zone_tamper"'), "stands twice"),
    "beyond the last register": (_with("address = 16\n", "address = 65530\n"), "65535"),
}
if hasattr(os, "mkfifo"):
    BROKEN["pipe"] = (os.mkfifo, "regular file")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = private_copy(BRANCH, tmp_path / "site")
    text = (folder / "site.toml").read_text("utf-8")
    assert f'profile = "{PANEL}"' in text
    (folder / "site.toml").write_text(text.replace(f'profile = "{PANEL}"', 'profile = "own.toml"'), "utf-8")
    return folder


@pytest.mark.parametrize("damage", BROKEN)
def test_a_broken_profile_is_one_clear_line(site: Path, damage: str) -> None:
    make, expected = BROKEN[damage]
    make(site / "own.toml")
    (mistake,) = site_mistakes(load_site(site))
    said = str(mistake)
    assert "own.toml" in said
    assert expected in said
    assert len(said) < _LONGEST
    assert not _HIDDEN.search(said)


@pytest.mark.parametrize("damage", ["prose", "same registers", "missing"])
def test_a_run_tells_it_as_a_mistake_and_starts_no_emulation(
    site: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make, expected = BROKEN[damage]
    make(site / "own.toml")
    assert main(["--lang", "en", "run", str(site), "--emulate", "--run", str(site / "run")]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert expected in said[0]
