# SPDX-License-Identifier: Apache-2.0
"""Files of a site that are there and cannot be read: one clear line each, at once, and never "in order"."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from yanshou.emulation.faults import load_faults
from yanshou.emulation.site.process import private_copy
from yanshou.equipment.accepted_views import accepted_path, load_accepted
from yanshou.fleet.survey import read_head
from yanshou.model import UsageError, limited
from yanshou.model.trouble import Mistake
from yanshou.operator import PhotoQuestion
from yanshou.operator.pictures import fault_of
from yanshou.planning.check import check_site
from yanshou.planning.draws import DRAW_FILE, with_draw
from yanshou.rig.calibration import usable
from yanshou.site import load_site
from yanshou.standards import load

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
TODAY = date(2026, 11, 24)


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300_000_000)


BROKEN: dict[str, Callable[[Path], object]] = {
    "binary": lambda path: path.write_bytes(b"\xff\xfe\xfd" * 100),
    "deep": lambda path: path.write_text('{"a":' * 10_000 + "1" + "}" * 10_000),
    "list": lambda path: path.write_text("[1, 2]"),
    "number": lambda path: path.write_text("7"),
    "empty object": lambda path: path.write_text("{}"),
    "huge": _huge,
    "folder": lambda path: path.mkdir(),
    "link to nothing": lambda path: path.symlink_to("nowhere"),
}
if hasattr(os, "mkfifo"):
    BROKEN["pipe"] = os.mkfifo


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return private_copy(BRANCH, tmp_path / "site")


def reported(read: Callable[[], object]) -> list[Mistake]:
    with pytest.raises(UsageError) as error:
        read()
    for one in error.value.mistakes:
        assert "\n" not in str(one)
        assert len(str(one)) < 400
        assert not any(word in one.what for word in ("Error", "Errno", "codec", "object is not"))
    return list(error.value.mistakes)


@pytest.mark.parametrize("damage", BROKEN)
def test_what_the_program_itself_keeps_in_a_site_is_told_when_it_is_damaged(site: Path, damage: str) -> None:
    at = {
        site / DRAW_FILE: lambda: with_draw(load_site(site)),
        site / "calibration.json": lambda: usable(site / "calibration.json", load_site(site)),
        accepted_path(site, "CAM-1", "day"): lambda: load_accepted(site, "CAM-1", "day"),
        site / "survey.json": lambda: read_head(site),
    }
    for path, read in at.items():
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        BROKEN[damage](path)
        assert len(reported(read)) == 1


@pytest.mark.parametrize("name", ["answers.toml", "inventory.csv"])
@pytest.mark.parametrize("damage", [name for name in BROKEN if name != "link to nothing"])
def test_check_tells_what_a_run_would_stumble_over(site: Path, name: str, damage: str) -> None:
    (site / name).unlink()
    BROKEN[damage](site / name)
    mistakes = [one for one in check_site(site, TODAY) if name in one.path]
    assert mistakes
    assert all("\n" not in str(one) for one in mistakes)


def test_an_accepted_view_that_nobody_accepted_is_none(site: Path) -> None:
    path = accepted_path(site, "CAM-1", "day")
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"accepted_by": "\u3164", "schema": "yanshou-accepted-view/1"}', encoding="utf-8")
    assert "who accepted it" in reported(lambda: load_accepted(site, "CAM-1", "day"))[0].what


@pytest.mark.parametrize("name", ["x" * 300, "a\\u0000b", "..", "/"])
def test_a_name_no_file_can_have_is_a_mistake_with_its_line(site: Path, name: str) -> None:
    text = (site / "site.toml").read_text("utf-8").replace('"inventory.csv"', f'"{name}"')
    assert name in text
    (site / "site.toml").write_text(text, "utf-8")
    assert any("inventory" in one.what or "CSV" in one.what for one in check_site(site, TODAY))


def test_a_row_confirmed_twice_in_one_overlay_is_a_mistake(tmp_path: Path) -> None:
    one = '[[confirm]]\nid = "IAS-RT-01"\nby = "张三"\ndate = 2026-01-01\ndocument = "GB"\n'
    path = tmp_path / "lab.toml"
    path.write_text(one * 2, encoding="utf-8")
    (mistake,) = reported(lambda: load([path]))
    assert mistake.line == 7
    assert "lab.toml:2" in mistake.remedy


def test_a_whole_number_beyond_64_bits_is_none_of_toml() -> None:
    for number in ("1" * 20, "-" + "9" * 19 + "9", "0x" + "f" * 17):
        with pytest.raises(limited.BeyondLimitsError, match="64 bits"):
            limited.parse_toml(f"a = [{{ b = {number} }}]")
    assert limited.parse_toml(f"a = {2**63 - 1}\nb = '{'1' * 30}'")["a"] == 2**63 - 1


def test_a_photograph_larger_than_any_is_not_read(tmp_path: Path) -> None:
    _huge(tmp_path / "photo.jpg")
    wanted = fault_of(tmp_path / "photo.jpg", PhotoQuestion("SITE.photo", "照片"))
    assert wanted is not None
    assert "200000000 bytes" in wanted.en


def test_a_misspelt_fault_is_told_with_what_was_meant(site: Path) -> None:
    path = site / "faults.toml"
    path.write_text('[[fault]]\ndevice = "Z7"\nkind = "alarm_dely"\n', encoding="utf-8")
    with pytest.raises(UsageError) as error:  # the list of all kinds that follows is long
        load_faults(path, load_site(site))
    found = error.value.mistakes
    assert any(one.remedy.startswith("Did you mean alarm_delay") for one in found)
    assert all(one.line and "\n" not in str(one) for one in found)
