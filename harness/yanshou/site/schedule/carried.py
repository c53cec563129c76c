# SPDX-License-Identifier: Apache-2.0
"""The controller or panel that a list writes once, above the rows of its further inputs: MJ-01 1, 2, 3, 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from yanshou.site.schedule.ports import BELOW_OF
from yanshou.site.schedule.records import Fate, Row

_SEVERAL = 2


def with_carried_parents(rows: Sequence[Row]) -> list[Row]:
    """The rows with the device above them, where each is written in the row of its input 1 only.

    A table does so if every row that names one has the number 1, and every other row the number behind that
    of the row above it.  A single row that does not leaves all of them as they are.
    """
    by_sheet: dict[str, list[Row]] = {}
    for row in rows:
        by_sheet.setdefault(row.sheet, []).append(row)
    found = {id(row): row for row in rows}
    for some in by_sheet.values():
        listed = [row for row in some if row.fate is not Fate.TEXT]
        if _are_written_once(listed):
            parent, head = "", ""
            for row in listed:
                parent, head = (row["parent"], row["parent head"]) if row["parent"] else (parent, head)
                if row.kind in BELOW_OF and not row["parent"]:
                    found[id(row)] = replace(row, cells={**row.cells, "parent": parent, "parent head": head})
    return [found[id(row)] for row in rows]


def _are_written_once(rows: Sequence[Row]) -> bool:
    numbers = [row["number"] for row in rows]
    written = [row for row in rows if row["parent"]]
    kinds = {row.kind for row in rows} - {None}
    if len(written) < _SEVERAL or len(written) == len(rows) or len(kinds) != 1 or not rows[0]["parent"]:
        return False
    if len({row["parent"] for row in written}) < len(written) or not all(map(str.isdigit, numbers)):
        return False
    follows = pairwise(rows)
    return all(int(row["number"]) == 1 for row in written) and all(
        int(row["number"]) == int(before["number"]) + 1 for before, row in follows if not row["parent"]
    )
