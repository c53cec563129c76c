# SPDX-License-Identifier: Apache-2.0
"""The devices that one line of a table names in several of its columns: counts, forms, doors at ports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yanshou.model import DeviceKind
from yanshou.site.schedule.filled import device_of, is_count, port_of
from yanshou.site.schedule.heads import Column, Head
from yanshou.site.schedule.terms import NOTHING, plain
from yanshou.vocabulary.spelling import trimmed


@dataclass(frozen=True, slots=True)
class LinePart:
    """What of a line is one row: the columns and cells to read it by."""

    head: Head
    cells: Sequence[str]
    counted: bool = False


def spread(head: Head, cells: Sequence[str]) -> Iterator[LinePart]:
    """The rows of a line: itself, each thing it counts or names, or a controller and its doors."""
    several = [
        at for at, one in enumerate(head.columns[: len(cells)]) if one.name in {"count", "thing", "door"}
    ]
    if not several:
        yield LinePart(head, cells)
        return
    bare = [Column("" if n in several else one.name, one.head) for n, one in enumerate(head.columns)]
    if head.has("door"):
        yield from _doors(head, bare, cells, several)
        return
    for at in several:
        own, written = head.columns[at], plain(cells[at])
        if written in NOTHING or written in {"", "0"}:
            continue
        columns = list(bare)
        if own.name == "thing":
            columns[at] = Column("kind", own.head)
            kind = device_of(own.head)
            for n in _numbered_as(own.head, head):
                columns[n] = Column("number", "防区")
            yield LinePart(replace(head, columns=tuple(columns), kind=kind, says_kind=(at,)), cells)
        elif is_count(written):
            columns[at] = Column("quantity", own.head)
            yield LinePart(*_with(head, columns, cells, {"name": _thing(own.head)}), counted=True)


def _numbered_as(head: str, table: Head) -> Iterator[int]:
    """The column with the zone of a numbered one: 防区2 of 探测器2."""
    if found := re.search(r"(\d)[)）]?$", head):
        spelt = re.compile(rf"防区\s*号?\s*{found[1]}")
        yield from (
            n for n, one in enumerate(table.columns) if not one.name and spelt.fullmatch(plain(one.head))
        )


def _doors(head: Head, bare: list[Column], cells: Sequence[str], ports: Sequence[int]) -> Iterator[LinePart]:
    """The controller of a line, and the door that each of its ports is named after."""
    above = next(at for at, one in enumerate(bare) if one.name == "parent")
    own = [Column("id", one.head) if at == above else one for at, one in enumerate(bare)]
    yield LinePart(
        replace(head, columns=tuple(own), kind=DeviceKind.DOOR_CONTROLLER, says_kind=(above,)), cells
    )
    for at in ports:
        if plain(cells[at]) not in NOTHING | {"", "备用", "预留", "spare"}:
            columns = [one if n == above else Column("", one.head) for n, one in enumerate(bare)]
            columns[at] = Column("point", head.columns[at].head)
            of_one = replace(head, kind=DeviceKind.DOOR, says_kind=(at,))
            yield LinePart(*_with(of_one, columns, cells, {"number": port_of(head.columns[at].head)}))


def _with(
    head: Head, columns: Sequence[Column], cells: Sequence[str], more: dict[str, str]
) -> tuple[Head, list[str]]:
    """The columns and cells of a line, with further ones behind them."""
    beyond = [""] * (len(columns) - len(cells))
    added = [Column(name, "") for name in more]
    return replace(head, columns=(*columns, *added)), [*cells[: len(columns)], *beyond, *more.values()]


def _thing(head: str) -> str:
    """The thing a head of a column of counts names, without its unit: 半球（台）."""
    return trimmed(re.sub(r"[(（][^()（）]*[)）]", "", head))
