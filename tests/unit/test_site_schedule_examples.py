# SPDX-License-Identifier: Apache-2.0
"""The inventories of the example sites as sheets: no device becomes another, by its name alone either."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from yanshou.site.schedule import draft, read_rows, read_sheets
from yanshou.site.vocabulary import kind_of

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/inventory.csv"))
BENCH = {"relay_board", "instrument"}


def stated(path: Path) -> tuple[list[str], list[list[str]]]:
    """The heads and the rows of an inventory."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = [cells for cells in csv.reader(file) if cells and not cells[0].startswith("#")]
    return head, rows


def kinds_read(path: Path) -> dict[str, str]:
    return {one.id: str(one.row.kind) for one in draft(read_rows(read_sheets(path), []), [])}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_device_keeps_its_kind(path: Path) -> None:
    head, rows = stated(path)
    assert kinds_read(path) == {cells[0]: str(kind_of(cells[head.index("kind")])) for cells in rows}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_a_name_alone_makes_no_device_another(path: Path, tmp_path: Path) -> None:
    """The bench stands on no designer's sheet; a camera that is named after its pole is read as the pole."""
    head, rows = stated(path)
    hidden = {head.index("kind"), head.index("system")}
    with (tmp_path / "sheet.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [[cell for at, cell in enumerate(cells) if at not in hidden] for cells in (head, *rows)]
        )
    kinds = {cells[0]: str(kind_of(cells[head.index("kind")])) for cells in rows}
    names = {cells[0]: cells[head.index("name")] for cells in rows}
    found = kinds_read(tmp_path / "sheet.csv")
    wanted = {key: kind for key, kind in kinds.items() if kind not in BENCH and "立杆" not in names[key]}
    assert {
        key: found.get(key, "lost") for key in wanted if found.get(key) not in {wanted[key], "None"}
    } == {}
