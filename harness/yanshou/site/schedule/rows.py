# SPDX-License-Identifier: Apache-2.0
"""Reads a designer's sheets row by row: what each row is, and what could not be understood of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from yanshou.model import DeviceKind, System
from yanshou.site.inventory import unreadable
from yanshou.site.schedule.heads import Head, first_head, heads_at
from yanshou.site.schedule.terms import (
    UNCLEAR,
    UNTESTED,
    Context,
    Meaning,
    is_foreign,
    meaning,
    plain,
    stated_kind,
    stated_system,
)
from yanshou.site.workbook import Sheet
from yanshou.vocabulary.device import KIND_SYSTEMS, named
from yanshou.vocabulary.spelling import trimmed
from yanshou.vocabulary.values import Unfit


class Fate(StrEnum):
    """What became of a row."""

    DEVICE = "device"
    UNCLEAR = "unclear"  # a device whose kind a person must say
    UNTESTED = "untested"  # equipment that no clause tests
    SAME = "same"  # a device that another row lists already
    QUANTITIES = "quantities"  # a line of a bill whose devices stand on the other sheets
    TEXT = "text"  # a title, a section, a total, a remark


class Why(StrEnum):
    """Why something is told to the user."""

    UNCLEAR = "unclear"
    UNTESTED = "untested"
    SAME = "same"
    TEXT = "text"
    HIDDEN_ROW = "hidden row"
    HIDDEN_SHEET = "hidden sheet"
    NO_HEAD = "no head"
    COVER = "cover"
    COLUMN_UNKNOWN = "column unknown"
    COLUMN_TWICE = "column twice"
    SECRET = "secret"  # noqa: S105 - names a reason
    CELL = "cell"
    ATTRIBUTE = "attribute"
    SYSTEM = "system"
    SYSTEM_OTHER = "system other"
    ID = "id"
    ID_TWICE = "id twice"
    NUMBER = "number"
    PARENT = "parent"
    PARENT_MADE = "parent made"
    PARENT_MISSING = "parent missing"
    ADDRESS = "address"
    ADDRESS_TWICE = "address twice"
    PORT = "port"
    PROTOCOL = "protocol"
    QUANTITY = "quantity"
    QUANTITY_SPLIT = "quantity split"
    BILL = "bill"


OPEN = frozenset(Why) - {Why.UNTESTED, Why.SAME, Why.TEXT, Why.SYSTEM_OTHER, Why.SECRET, Why.ID, Why.COVER}
"""What a person still has to decide or to look at."""


@dataclass(frozen=True, slots=True)
class ScheduleRemark:
    """One thing told: where it stands, why, and the words of the sheet it is about."""

    sheet: str
    line: int | None
    why: Why
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its cells by canonical column, and what it is."""

    sheet: str
    line: int
    fate: Fate
    text: str
    cells: Mapping[str, str] = field(default_factory=dict)
    kind: DeviceKind | None = None
    system: System | None = None
    attributes: str = ""
    extra: tuple[tuple[str, str], ...] = ()  # head and value of the columns that may be attributes

    def __getitem__(self, column: str) -> str:
        """The cell of a column; empty when the sheet has no such column."""
        return self.cells.get(column, "")


_NUMERAL = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?|[(（]\d+[)）]|第[一二三四五六七八九十]+[章部分节]*"
)
_PREFIX = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]\d+[)）]|第[一二三四五六七八九十]+[章部分节]+|\d+(?:\.\d+)*[、.．])\s*"
)
_TOP = re.compile(r"^(?:[一二三四五六七八九十]{1,3}(?:[、.．]|$)|第[一二三四五六七八九十]+[章部])")
_FOOT = re.compile(
    r"^(?:注\s*\d*[:：]|注$|说明[:：]?|备注[:：]|合计|小计|总计|共计|制表|编制|审核|审批|校对|填表|日期[:：]|签字|签名|建设单位|施工单位[:：]|total\b|subtotal\b)"
)
_NOTHING = frozenset(
    {"/", "\\", "-", "--", "—", "——", "无", "n/a", "na", "none", "nil", "暂无", "待定", "tbd", "未定"}
)
_DITTO = frozenset({"同上", "〃", "″", '"', "＂", "ditto", "〞", "''", "”", "“"})
_TABLE = 3  # so many lines with so many cells are a table
_PLACE = re.compile(r"(?:楼|层|栋|区|室|厅|院|库|井|(?<!现)场|座|单元|门|馆|站)$")


def read_rows(sheets: Sequence[Sheet], remarks: list[ScheduleRemark]) -> list[Row]:
    """Every row of every visible sheet that has a head; what could not be understood is told."""
    rows: list[Row] = []
    for sheet in sheets:
        grid = [cells for _line, cells in sheet.grid]
        head = first_head(grid)
        if not sheet.shown:
            if any(any(cells) for cells in grid):
                remarks.append(ScheduleRemark(sheet.name, None, Why.HIDDEN_SHEET))
        elif head is not None:
            rows += _Reader(sheet, remarks).rows(head)
        elif any(any(cells) for cells in grid):
            remarks.append(ScheduleRemark(sheet.name, None, Why.NO_HEAD if _is_table(grid) else Why.COVER))
    return rows


def _is_table(grid: Sequence[Sequence[str]]) -> bool:
    """Whether a sheet without a head may list devices; a cover or a page of text does not."""
    return sum(sum(bool(trimmed(cell)) for cell in cells) >= _TABLE for cells in grid) >= _TABLE


@dataclass(slots=True)
class _Reader:
    sheet: Sheet
    remarks: list[ScheduleRemark]
    context: Context = field(default_factory=Context)
    place: str = ""
    above: dict[tuple[int, str], str] = field(default_factory=dict)

    def rows(self, head_at: int) -> Iterator[Row]:
        """The rows from the head on; lines above it give the title."""
        lines = list(self.sheet.grid)
        grid = [cells for _line, cells in lines]
        top = [self.sheet.titles.get(line, "") or _only(cells) for line, cells in lines[:head_at]]
        self.context = _titled([*top, self.sheet.name])
        heads, at = heads_at(grid, head_at), head_at
        self._columns(heads, lines[head_at][0])
        at += heads[0].rows
        while at < len(lines):
            line, cells = lines[at]
            if again := heads_at(grid, at):
                heads = again
                self._columns(heads, line)
                at += again[0].rows
                continue
            yield from self._line(heads, line, [trimmed(cell) for cell in cells])
            at += 1

    def _columns(self, heads: Sequence[Head], line: int) -> None:
        for head in heads:
            for doubled in head.doubled:
                self._tell(line, Why.COLUMN_TWICE, doubled)
        for one in heads[0].columns:
            if one.name == "secret":
                self._tell(line, Why.SECRET, one.head)
            elif one.head and not one.name and one.head not in heads[0].doubled:
                self._tell(line, Why.COLUMN_UNKNOWN, one.head)

    def _tell(self, line: int, why: Why, text: str = "") -> None:
        self.remarks.append(ScheduleRemark(self.sheet.name, line, why, text))

    def _line(self, heads: Sequence[Head], line: int, cells: Sequence[str]) -> Iterator[Row]:
        if title := trimmed(self.sheet.titles.get(line, "")):
            yield self._text_row(line, title)
            return
        filled = list(dict.fromkeys(cell for cell in cells if cell))
        if not filled or cells[0].startswith("#"):
            return
        if text := self._as_text(heads, cells, filled):
            yield self._text_row(line, text)
            return
        for number, head in enumerate(heads):
            part = cells[head.at : head.at + len(head.columns)]
            if any(part):
                yield self._row(head, number, line, part)
        wide = heads[-1].at + len(heads[-1].columns)
        if any(cells[wide:]):
            self._tell(line, Why.CELL, " ".join(cell for cell in cells[wide:] if cell))

    def _as_text(self, heads: Sequence[Head], cells: Sequence[str], filled: Sequence[str]) -> str:
        """The text of a line that is a section, a total or a remark; empty if it lists equipment."""
        for cell in filled[:2]:
            if _FOOT.match(plain(cell)):
                return " ".join(filled)
        body = [one for one in filled if not _NUMERAL.fullmatch(one)]
        named = body[0] if body else filled[0]
        numbered = len(body) < len(filled) or bool(_PREFIX.match(named))
        if numbered and (len(body) <= 1 or (stated_system(_bare(named)) and _few(heads, cells, named))):
            return " ".join(filled)
        if len(filled) > 1:
            return ""
        column = next((one.name for one, cell in zip(heads[0].columns, cells, strict=False) if cell), "")
        system = stated_system(named) or is_foreign(named)
        if column == "location" and not cells[0] and not system:  # what it is at that place is missing
            return ""
        if column in {"name", "point", "kind"} and not system and meaning(named, self.context):
            return ""
        listed = column in {"name", "point", "kind", "id"} and not system and not _PLACE.search(named)
        return "" if listed else named

    def _text_row(self, line: int, text: str) -> Row:
        bare = _bare(text)
        system, kind = stated_system(bare), stated_kind(bare)
        if _FOOT.match(plain(text)):
            pass
        elif system or is_foreign(bare):
            self.context = Context(system, system is None, kind)
            self.place = ""
        elif _TOP.match(text):
            self.context = Context(None, foreign=False, kind=kind)
            self.place = bare if _PLACE.search(bare) else ""
        else:
            self.context = replace(self.context, kind=kind or self.context.kind)
            self.place = bare if _PLACE.search(bare) else ""
        self.above.clear()
        self._tell(line, Why.TEXT, text)
        return Row(self.sheet.name, line, Fate.TEXT, text)

    def _row(self, head: Head, block: int, line: int, cells: Sequence[str]) -> Row:
        values: dict[str, str] = {}
        extra = []
        for one, cell in zip(head.columns, cells, strict=False):
            if one.name in {"secret", "unused", ""}:
                continue
            text = self._value(line, one.head, cell, (block, one.head))
            if one.name == "attribute":
                extra.append((one.head, text))
            elif text and one.name in {"location", "note"} and values.get(one.name):
                values[one.name] = f"{values[one.name]} {text}"
            elif text:
                values[one.name] = text
        if line in self.sheet.hidden:
            self._tell(line, Why.HIDDEN_ROW, _text(values))
        if self.place and not values.get("location"):
            values["location"] = self.place
        return self._judged(
            head, Row(self.sheet.name, line, Fate.UNCLEAR, _text(values), values, extra=tuple(extra))
        )

    def _value(self, line: int, head: str, cell: str, column: tuple[int, str]) -> str:
        if what := unreadable(cell):
            self._tell(line, Why.CELL, f"{head}: {what}")
            return ""
        if plain(cell) in _DITTO:
            return self.above.get(column, "")
        text = "" if plain(cell) in _NOTHING else cell
        self.above[column] = text
        return text

    def _judged(self, head: Head, row: Row) -> Row:
        system = stated_system(row["system"]) if row["system"] else self.context.system
        foreign = is_foreign(row["system"]) or (self.context.foreign and not system)
        stated = row["system"] and not system and not foreign
        kind = head.kind or self.context.kind
        if kind is DeviceKind.ZONE and not row["system"]:
            system = system or System.INTRUSION
        context = Context(system, foreign, kind)
        found = _meaning(row, context)
        if foreign:
            found = UNCLEAR if found and (found.kind or found is UNCLEAR) and _guarded(found) else UNTESTED
        if found.kind is None:
            fate = Fate.UNCLEAR if not found.clear else Fate.UNTESTED
            self._tell(row.line, Why.UNCLEAR if fate is Fate.UNCLEAR else Why.UNTESTED, row.text)
            return replace(row, fate=fate, system=system)
        own = self._system(row, found.kind, system)
        if own is None:
            self._tell(row.line, Why.SYSTEM, row["system"] or row.text)
        elif stated:
            self._tell(row.line, Why.SYSTEM_OTHER, row["system"])
        return replace(row, fate=Fate.DEVICE, kind=found.kind, system=own, attributes=found.attributes)

    def _system(self, row: Row, kind: DeviceKind, system: System | None) -> System | None:
        allowed = KIND_SYSTEMS.get(kind)
        if allowed is None or system in allowed:
            return system
        if system is not None:
            self._tell(row.line, Why.SYSTEM_OTHER, row["system"] or str(system))
        usual = allowed - {System.SITE} or allowed
        return next(iter(usual)) if len(usual) == 1 else None


def _guarded(found: Meaning) -> bool:
    """Whether equipment in a foreign system may still be one of ours: a camera in a car park."""
    return found.kind not in {None, DeviceKind.ZONE, DeviceKind.POWER_SUPPLY, DeviceKind.PANEL}


def _meaning(row: Row, context: Context) -> Meaning:
    """What the row is, by its kind, else its name, else what its title or its heads say of all rows."""
    if row["kind"]:
        by_kind = meaning(row["kind"], context) or _detector(row["kind"], context)
        if by_kind is not None and (by_kind.clear or not row["name"]):
            return by_kind
        by_name = meaning(row["name"], context)
        sharper = by_kind is None or plain(row["kind"]) in plain(row["name"])  # 主机, and its name 报警主机
        return by_name if by_name is not None and sharper else UNCLEAR
    if row["name"] and (by_name := meaning(row["name"], context)) is not None:
        return by_name
    point = meaning(row["point"], context) if row["point"] else None
    if context.kind is None:
        return point or UNCLEAR
    if not (row["name"] or row["point"] or row["id"] or row["location"]):
        return UNCLEAR
    if point is not None and point.kind is not context.kind:
        return UNCLEAR
    return point or Meaning(context.kind)


def _detector(text: str, context: Context) -> Meaning | None:
    """A zone by the technology of its detector (红外, 微波), on a sheet that lists zones only."""
    if context.kind is not DeviceKind.ZONE:
        return None
    try:
        return Meaning(DeviceKind.ZONE, f"detector={named('detector', DeviceKind.ZONE).value.read(text)}")
    except Unfit:
        return None


def _few(heads: Sequence[Head], cells: Sequence[str], named: str) -> bool:
    """Whether only a quantity or a remark stands beside the name of a section."""
    beside = {one.name for one, cell in zip(heads[0].columns, cells, strict=False) if cell and cell != named}
    return beside <= {"sequence", "quantity", "note", "unused", "id", ""}


def _bare(text: str) -> str:
    return trimmed(_PREFIX.sub("", trimmed(text)))


def _only(cells: Sequence[str]) -> str:
    """The text of a line that says one thing only."""
    filled = list(dict.fromkeys(trimmed(cell) for cell in cells if trimmed(cell)))
    return filled[0] if len(filled) == 1 else ""


def _titled(titles: Sequence[str]) -> Context:
    systems = {system for one in titles if (system := stated_system(one))}
    kinds = {kind for one in titles if (kind := stated_kind(one))}
    foreign = not systems and any(is_foreign(one) for one in titles)
    return Context(
        systems.pop() if len(systems) == 1 else None, foreign, kinds.pop() if len(kinds) == 1 else None
    )


def _text(values: Mapping[str, str]) -> str:
    stated = ("sequence", "id", "kind", "name", "point", "model", "location")
    return " ".join(values[one] for one in stated if values.get(one)) or " ".join(values.values())
