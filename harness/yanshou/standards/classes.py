# SPDX-License-Identifier: Apache-2.0
"""The tables ``[[class]]`` of a laboratory's overlay: what a class of a standard demands.

The catalogue holds none: its authors did not see the numbers of GB 15210, GB 12899 and GB 15208. Whoever has
the paper writes them here, signed like every other change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from yanshou.model import Quantity
from yanshou.model.demand import ClassDemand
from yanshou.standards.records import Measurand
from yanshou.toml import Table, is_number, near

TEXTS = ("objects", "positions", "postures")
COUNTS = ("passes", "detected", "blanks", "false_alarms")
CLASS_KEYS = frozenset({"measurand", "name", "distances_mm", *TEXTS, *COUNTS})
_MARK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)  # part of the key of an answer
_MOST = 1000


def read_class(
    table: Table, measurands: Mapping[str, Measurand], signed: Callable[[str], str]
) -> ClassDemand | None:
    """One class; None if it is wrong, which is noted. ``signed`` keeps who read what, and says it."""
    measurand, name = table.text("measurand", required=True), table.text("name", required=True)
    known = [key for key, one in measurands.items() if one.quantity is Quantity.LOGICAL]
    if measurand not in known:
        table.wrong(f"{measurand!r} is no measurand that is met or not.", near(measurand, known), "measurand")
    before = len(table.mistakes)
    given: dict[str, Any] = {key: _marks(table, key) for key in TEXTS}
    given |= {key: _count(table, key) for key in COUNTS if key in table.data}
    read = signed(f"{measurand} {name}")
    demand = ClassDemand(measurand, name, distances_mm=_distances(table), document=read, **given)
    _consistent(table, demand)
    return demand if len(table.mistakes) == before and measurand in known else None


def _marks(table: Table, key: str) -> tuple[str, ...]:
    listed = table.texts(key)
    for one in listed:
        if not _MARK.fullmatch(one):
            table.wrong(f"{one!r} of {key} is no mark.", "Use letters, digits, - and _.", key)
    if len(set(listed)) < len(listed):
        table.wrong(f"{key} names something twice.", "Name each once.", key)
    return tuple(listed)


def _count(table: Table, key: str) -> int:
    value = table.data[key]
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST:
        return value
    table.wrong(f"{key} = {value!r} is no count.", f"Give a whole number from 0 to {_MOST}.", key)
    return 0


def _distances(table: Table) -> tuple[float, ...]:
    listed = table.data.get("distances_mm", [])
    if isinstance(listed, list) and all(is_number(one) and one > 0 for one in listed):
        return tuple(float(one) for one in listed)
    table.wrong("distances_mm must be numbers above 0.", "Give one for each object, in mm.", "distances_mm")
    return ()


def _consistent(table: Table, demand: ClassDemand) -> None:
    """Note a class that would be met by anything, or that does not fit together."""
    if not demand.objects:
        table.wrong(
            "objects is missing.", "Name the test objects, or the features of the test body.", "objects"
        )
    if not 1 <= demand.detected <= demand.passes:
        what = f"detected {demand.detected} of passes {demand.passes} cannot be asked."
        table.wrong(what, "At least one try has to be detected, at most all.", "detected")
    if demand.blanks and demand.false_alarms >= demand.blanks:
        what = f"false_alarms {demand.false_alarms} of blanks {demand.blanks} permits every false alarm."
        table.wrong(what, "Correct one of them.", "false_alarms")
    if demand.distances_mm and len(demand.distances_mm) != len(demand.objects):
        table.wrong("distances_mm does not fit objects.", "Give one distance for each.", "distances_mm")
