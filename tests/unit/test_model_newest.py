# SPDX-License-Identifier: Apache-2.0
"""A table that keeps its newest entries only."""

from __future__ import annotations

from yanshou.model.newest import Newest


def test_what_came_first_goes_first() -> None:
    table: Newest[str, int] = Newest(2)
    for number, name in enumerate("abc"):
        table[name] = number
    assert dict(table) == {"b": 1, "c": 2}


def test_an_entry_that_changes_keeps_its_place() -> None:
    table: Newest[str, int] = Newest(2)
    table["a"], table["b"] = 1, 2
    table["a"] = 3
    assert table.setdefault("a", 9) == 3
    table["c"] = 4
    assert dict(table) == {"b": 2, "c": 4}
