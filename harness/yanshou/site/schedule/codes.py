# SPDX-License-Identifier: Apache-2.0
"""Ids that stand behind the name of a thing in one cell: 摄像机TV-01, 报警主机AP-1."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from yanshou.model import DeviceKind
from yanshou.site.devices import is_id
from yanshou.site.schedule.heads import ABOVE_OTHERS
from yanshou.site.schedule.records import Fate, Row
from yanshou.site.schedule.terms import Context, meaning, plain

_CODED = re.compile(
    r"(?P<thing>.*[一-龥）)])\s*(?P<code>(?P<stem>(?:[A-Z]{1,6}\d?[-_](?:[A-Z\d]{1,4}[-_])?|[A-Z]{2,6}))\d{1,3})"
)
"""A thing with a short id behind it; the codes of makers mostly have longer numbers."""
_SERIES = 2
"""So many things of one name with ids that begin alike show that these are ids: HO-01 is a model."""
_NAMES = ("name", "point", "kind")


def with_ids(rows: Sequence[Row]) -> list[Row]:
    """The rows, with the ids that stand behind the names on sheets that have no column of ids."""
    sheets: dict[str, list[Row]] = {}
    for row in rows:
        if row.fate in {Fate.DEVICE, Fate.UNCLEAR}:
            sheets.setdefault(row.sheet, []).append(row)
    coded = {sheet for sheet, some in sheets.items() if _have_codes(some)}
    return [_with_id(row) if row.sheet in coded else row for row in rows]


def id_of_above(text: str) -> str:
    """The id behind the name of a panel, recorder or controller: AP-1 of 报警主机AP-1; empty if none."""
    found = _CODED.fullmatch(text.strip())
    known = meaning(found["thing"], Context()) if found else None
    return found["code"] if found and known and known.kind in ABOVE_OTHERS else ""


def _have_codes(rows: Sequence[Row]) -> bool:
    """Whether the names of a sheet without ids end in them: things of one name, numbered in one series."""
    found = [(row.kind, one) for row in rows if (one := _coded(row))]
    codes = [one["code"] for _, one in found]
    if any(row["id"] for row in rows) or len(set(codes)) < len(codes):
        return False
    kinds: dict[str, set[DeviceKind | None]] = {}
    series: dict[tuple[str, str], int] = {}
    for kind, one in found:
        key = one["stem"], plain(one["thing"])
        kinds.setdefault(one["stem"], set()).add(kind)
        series[key] = series.get(key, 0) + 1
    return any(count >= _SERIES and len(kinds[stem]) == 1 for (stem, _), count in series.items())


def _coded(row: Row) -> Mapping[str, str] | None:
    """The name of a row apart from the id behind it; None if it ends in none, or stands for several."""
    text = next((row[one] for one in _NAMES if row[one]), "")
    found = _CODED.fullmatch(text.strip())
    if found is None or row["quantity"] not in {"", "1"} or found["code"] == row["model"]:
        return None
    known: DeviceKind | None = row.kind or getattr(meaning(found["thing"], Context()), "kind", None)
    return found.groupdict() if known and is_id(found["code"]) else None


def _with_id(row: Row) -> Row:
    found = _coded(row)
    return replace(row, cells={**row.cells, "id": found["code"]}) if found else row
