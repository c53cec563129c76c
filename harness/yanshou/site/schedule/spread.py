# SPDX-License-Identifier: Apache-2.0
"""The devices that one line of a table names in several of its columns: counts, forms, doors at ports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.filled import is_count, kind_below, port_of
from yanshou.site.schedule.heads import Column, Head
from yanshou.site.schedule.kind_columns import items_of, thing_of_id
from yanshou.site.schedule.terms import NOTHING, Context, meaning, plain, stated_system
from yanshou.vocabulary.spelling import trimmed

_OF_ONE = frozenset({"id", "host", "port", "number", "model", "parent", "parent_host", "quantity", "unit"})
"""Columns that say something of one thing, and not of all things of a line."""
_OF_WHAT = re.compile(
    r"(?P<thing>.+?)(?:类型|型号|形式|规格|ip(?:地址)?|数量|通道号?|防区号?)", re.IGNORECASE
)
_LEAF = re.compile(r"[单双](?:门|扇|扇门|开门)")
"""Leaves of doors, as a table counts them below 门禁."""


@dataclass(frozen=True, slots=True)
class LinePart:
    """What of a line is one row: the columns and cells to read it by."""

    head: Head
    cells: Sequence[str]
    counted: bool = False


def spread(head: Head, cells: Sequence[str]) -> Iterator[LinePart]:
    """The rows of a line: itself, each thing it counts or names, or a controller and its doors."""
    several = [
        at
        for at, one in enumerate(head.columns[: len(cells)])
        if one.name in {"count", "thing", "door", "items", "floor", "own id"}
    ]
    if not several:
        yield LinePart(head, cells)
        return
    bare = [Column("" if n in several else one.name, one.head) for n, one in enumerate(head.columns)]
    for name, parts in (("floor", _floors), ("door", _doors), ("own id", _by_ids)):
        if head.has(name):
            yield from parts(head, bare, cells, several)
            return
    for at in several:
        if head.columns[at].name == "items":
            yield from _items(head, bare, cells, at)
            continue
        own, written = head.columns[at], plain(cells[at])
        if written in NOTHING or written in {"", "0"}:
            continue
        if own.name == "thing":
            yield _thing_of(head, bare, cells, several, at)
        elif is_count(written):
            columns = [*bare[:at], Column("quantity", own.head), *bare[at + 1 :]]
            yield LinePart(*_with(head, columns, cells, _counted(head, at)), counted=True)


def _counted(head: Head, at: int) -> dict[str, str]:
    """The thing that a column counts, and the system it stands below: 门禁 / 单门, 入侵报警 / 手报."""
    own = head.columns[at].head
    group = head.groups[at] if at < len(head.groups) else ""
    system = stated_system(group) if group != own else None
    if system is None:
        return {"name": _thing(own)}
    leaf = system is System.ACCESS_CONTROL and _LEAF.fullmatch(plain(own))
    return {"name": f"{_thing(own)}门禁" if leaf else _thing(own), "system": group}


def _thing_of(
    head: Head, bare: Sequence[Column], cells: Sequence[str], several: Sequence[int], at: int
) -> LinePart:
    """The thing that a cell names in a column headed by its kind, with what the line says of it alone."""
    columns, own = list(bare), head.columns[at].head
    columns[at] = Column("kind", own)
    filled = [n for n in several if n < len(cells) and plain(cells[n]) not in NOTHING | {""}]
    for n in _of_others(head, filled, at):
        columns[n] = Column("", columns[n].head)
    for n in _numbered_as(own, head):
        columns[n] = Column("number", "防区")
    return LinePart(replace(head, columns=tuple(columns), kind=kind_below(own), says_kind=(at,)), cells)


def _floors(
    head: Head, bare: Sequence[Column], cells: Sequence[str], floors: Sequence[int]
) -> Iterator[LinePart]:
    """The thing of a line on each floor that counts some of it; if none does, as many as their sum."""
    counted = [at for at in floors if is_count(cells[at]) and cells[at] != "0"]
    if not counted:
        sums = [Column("quantity" if one.name == "sum" else one.name, one.head) for one in bare]
        yield LinePart(replace(head, columns=tuple(sums)), cells)
    columns = [Column("" if one.name == "sum" else one.name, one.head) for one in bare]
    for at in counted:
        own = {"location": head.columns[at].head, "quantity": cells[at]}
        yield LinePart(*_with(head, columns, cells, own), counted=True)


def _by_ids(
    head: Head, bare: Sequence[Column], cells: Sequence[str], own: Sequence[int]
) -> Iterator[LinePart]:
    """Each thing of a place that a line gives the id of: 摄像机编号 | 报警按钮编号 | 门禁编号."""
    filled = [at for at in own if plain(cells[at]) not in NOTHING | {""}]
    if not filled:
        yield LinePart(replace(head, columns=tuple(bare)), cells)
    for at in filled:
        thing = thing_of_id(head.columns[at].head)
        kind = kind_below(thing)
        columns = [
            Column("", one.head) if one.name in _OF_ONE | {"kind"} and _kind_said(one) is not kind else one
            for one in bare
        ]
        columns[at] = Column("id", head.columns[at].head)
        said = any(
            one.name == "kind" and n < len(cells) and plain(cells[n]) not in NOTHING | {""}
            for n, one in enumerate(columns)
        )
        more = {} if said else {"kind": thing}
        yield LinePart(*_with(replace(head, kind=kind, says_kind=(at,)), columns, cells, more))


def _kind_said(column: Column) -> DeviceKind | None:
    """The kind of the things that the head of a column says it is of: 摄像机类型; that of cameras, else."""
    found = _OF_WHAT.fullmatch(column.head.strip())
    return (kind_below(found["thing"]) if found else None) or DeviceKind.CAMERA


def _items(head: Head, bare: Sequence[Column], cells: Sequence[str], at: int) -> Iterator[LinePart]:
    """Each thing that a cell lists with its number: 双鉴2只、门磁3只."""
    columns = [Column("" if one.name in {"quantity", "unit"} else one.name, one.head) for one in bare]
    group = head.columns[at].head
    of_system = {"system": group} if stated_system(group) else {}
    alone = [] if plain(cells[at]) in NOTHING | {""} else [(cells[at], "")]
    for thing, count in items_of(cells[at]) or alone:
        known = meaning(thing, Context()) is not None  # 监区门 below 门禁 is the name of a door
        own = {"kind" if known else "name": thing, "quantity": count}
        yield LinePart(*_with(replace(head, kind=None, says_kind=()), columns, cells, {**own, **of_system}))


def _of_others(head: Head, things: Sequence[int], own: int) -> Iterator[int]:
    """The columns of addresses, numbers and models that belong to another thing of the line than this one.

    They stand behind the thing they are of: 摄像机 | IP | 探测器 | 防区.  A detector has no address, and only
    it has a zone.
    """
    kinds = {at: kind_below(head.columns[at].head) for at in things if head.columns[at].name == "thing"}
    for n, one in enumerate(head.columns):
        if one.name not in _OF_ONE:
            continue
        fits = [at for at, kind in kinds.items() if _may_have(one, kind)] or list(kinds)
        before = [at for at in fits if at < n]
        if own not in (before[-1:] or fits):
            yield n


def _may_have(column: Column, kind: DeviceKind | None) -> bool:
    if column.name == "host":
        return kind is not DeviceKind.ZONE
    if column.name == "number" and "防区" in column.head:
        return kind is DeviceKind.ZONE
    return not (column.name == "number" and "通道" in column.head) or kind is DeviceKind.CAMERA


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
