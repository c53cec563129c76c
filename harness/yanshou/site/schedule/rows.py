# SPDX-License-Identifier: Apache-2.0
"""Reads a designer's sheets row by row: what each row is, and what could not be understood of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yanshou.model import DeviceKind, System
from yanshou.site.devices import is_id
from yanshou.site.inventory import unreadable
from yanshou.site.schedule.bare import bare_head
from yanshou.site.schedule.carried import with_carried_parents
from yanshou.site.schedule.cell_texts import (
    column_of_cell,
    is_radio,
    is_specification,
    stated_name,
    zone_of_note,
)
from yanshou.site.schedule.codes import with_ids
from yanshou.site.schedule.columns import head_by_content, read_by_content
from yanshou.site.schedule.head_names import is_of_places
from yanshou.site.schedule.heads import Head, first_head, has_key_only, heads_at
from yanshou.site.schedule.kinds import form_of, row_meaning
from yanshou.site.schedule.meanings import UNCLEAR, UNTESTED, Meaning
from yanshou.site.schedule.ports import input_of, stated_above, system_above
from yanshou.site.schedule.records import Fate, Row, ScheduleRemark, Why
from yanshou.site.schedule.settled import settled
from yanshou.site.schedule.spread import spread
from yanshou.site.schedule.terms import (
    NOTHING,
    UNSETTLED,
    Context,
    is_foot,
    is_foreign,
    is_numeral,
    is_of_fire,
    is_only_system,
    is_trade,
    meaning,
    plain,
    stated_kind,
    stated_system,
)
from yanshou.site.workbook import Sheet
from yanshou.vocabulary.device import KIND_SYSTEMS
from yanshou.vocabulary.spelling import trimmed

_PREFIX = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]\d+[)）]|第[一二三四五六七八九十]+[章部分节]+|\d+(?:\.\d+)*[、.．])\s*"
)
_TOP = re.compile(r"^(?:[一二三四五六七八九十]{1,3}(?:[、.．]|$)|第[一二三四五六七八九十]+[章部])")
_DITTO = frozenset({"同上", "〃", "″", '"', "＂", "ditto", "〞", "''", "”", "“"})
_PAGES = frozenset({"页码", "页次", "页数", "页", "page", "page no.", "page no"})
_ENOUGH = 2
_OF_WORKS = re.compile("(?:系统|工程|部分)$")
"""How the title of a section of a bill of quantities ends."""
_PART_OF_WORKS = re.compile(
    r"(?:(?:系统)?(?:前端|传输|中心|后端|终端|机房|管线|管路|管槽|存储|显示|控制|网络|供电|线缆|辅材|服务器|平台"
    r"|监控中心|消控室|综合|主要|配套|施工|安装|其他|其它|软件|硬件|核心|接入|室外|室内|周界)(?:及|和|与|、)?){1,3}"
    r"(?:设备|部分|系统|子系统|工程|材料|器材|类)"
)
"""The title of a part of a system in a bill of quantities: 1.1 | 前端设备."""
_OF_PART = re.compile(r"\d+(?:\.\d+)*[、.．]?|[A-Za-z](?:[\d.]+)?|[ⅠⅡⅢⅣⅤIVX]+")
_LETTERED = re.compile(r"^[A-HJ-W](?:[.、)）]\s*|\s+)(?=[A-Za-z]{4})")
"""The letter before an English title: D SCREENING."""
_BELOW = re.compile(r"(\d+(?:\.\d+)*)\.\d+")
_LETTER = re.compile(r"[A-Za-z]")
_TABLE = 3  # so many lines with so many cells are a table
_OF_MAKING = re.compile(
    r"日期|时间|导出|编制|制表|校[核对]|审[核批定]|设计[人:：]"
    r"|版本|页码|第.{1,4}页|图号|日?[\d\-./: 年月]+日?$|date|rev"
)
_PLACE = re.compile(r"(?:楼|层|栋|区|室|厅|院|库|井|(?<!现)场|座|单元|门|馆|站)$")


def read_rows(sheets: Sequence[Sheet], remarks: list[ScheduleRemark]) -> list[Row]:
    """Every row of every visible sheet that has a head; what could not be understood is told."""
    rows: list[Row] = []
    for sheet in sheets:
        grid = [cells for _line, cells in sheet.grid]
        head = first_head(grid)
        if head is not None and any(plain(cell) in _PAGES for cell in grid[head]):
            remarks.append(ScheduleRemark(sheet.name, None, Why.COVER))  # a table of contents
            continue
        given = (head_by_content(grid) or bare_head(grid)) if head is None and sheet.shown else None
        if not sheet.shown:
            if any(any(cells) for cells in grid):
                remarks.append(ScheduleRemark(sheet.name, None, Why.HIDDEN_SHEET))
        elif head is not None:
            rows += _Reader(sheet, remarks).rows(head)
        elif given is not None:
            if not given[1].rows:
                line = sheet.grid[given[0]][0]
                read = [one.head for one in given[1].columns if one.name]
                remarks += [ScheduleRemark(sheet.name, line, Why.COLUMN_READ, one) for one in read]
            rows += _Reader(sheet, remarks, dict([given])).rows(given[0])
        elif any(any(cells) for cells in grid):
            remarks.append(ScheduleRemark(sheet.name, None, Why.NO_HEAD if _is_table(grid) else Why.COVER))
    return settled(with_carried_parents(with_ids(rows)), remarks)


def _is_table(grid: Sequence[Sequence[str]]) -> bool:
    """Whether a sheet without a head may list devices; a cover or a page of text does not."""
    return sum(sum(bool(trimmed(cell)) for cell in cells) >= _TABLE for cells in grid) >= _TABLE


@dataclass(slots=True)
class _Reader:
    sheet: Sheet
    remarks: list[ScheduleRemark]
    given: Mapping[int, Head] = field(default_factory=dict)  # heads that only the rows below them explain
    context: Context = field(default_factory=Context)
    place: str = ""
    stated: dict[DeviceKind, str] = field(
        default_factory=dict
    )  # what a title says they hang on: 报警主机：H1
    above: dict[tuple[int, str], str] = field(default_factory=dict)
    groups: dict[tuple[int, str], str] = field(default_factory=dict)  # floors and systems written once
    divided: frozenset[str] = frozenset()  # the numbers of sections: 2, with 2.1 and 2.2 below it

    def rows(self, head_at: int) -> Iterator[Row]:
        """The rows from the head on; lines above it give the title."""
        lines = list(self.sheet.grid)
        grid = [cells for _line, cells in lines]
        top = [self.sheet.titles.get(line, "") or _only(cells) for line, cells in lines[:head_at]]
        self.context = _titled([*top, self.sheet.name])
        for one in top:
            self.stated = stated_above(one, self.stated)
        begin = {at: found for at in range(head_at, len(lines)) if (found := heads_at(grid, at))}
        heads: tuple[Head, ...] = ()
        at = head_at
        while at < len(lines):
            line, cells = lines[at]
            if again := begin.get(at) or ((self.given[at],) if at in self.given else ()):
                at += again[0].rows
                end = next((other for other in begin if other >= at), len(lines))
                heads = self._columns(again, line, lines[at:end])
                if again[0].rows:
                    continue
            yield from self._line(heads, line, [trimmed(cell) for cell in cells])
            at += 1

    def _columns(
        self, heads: Sequence[Head], line: int, body: Sequence[tuple[int, Sequence[str]]]
    ) -> tuple[Head, ...]:
        """The heads, with those columns that only their cells explain; what is not read is told."""
        cells = [cells for below, cells in body if below not in self.sheet.titles]
        read = tuple(read_by_content(head, cells, self.context) for head in heads)
        self.groups.clear()
        self.divided = frozenset(
            found[1] for line_ in cells for one in line_[:1] if (found := _BELOW.fullmatch(trimmed(one)))
        )
        for head, known in zip(heads, read, strict=True):
            for doubled in known.doubled:
                self._tell(line, Why.COLUMN_TWICE, doubled)
            for one, now in zip(head.columns, known.columns, strict=True):
                if one.name != now.name and not one.name:
                    self._tell(line, Why.COLUMN_READ, one.head)
        for one in read[0].columns:
            if one.name == "secret":
                self._tell(line, Why.SECRET, one.head)
            elif one.head and not one.name and one.head not in read[0].doubled:
                self._tell(line, Why.COLUMN_UNKNOWN, one.head)
        return read

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
            if part := head.cells(cells):
                yield from self._rows(head, number, line, part)
        beyond = cells[heads[-1].end :]
        if any(beyond):
            self._tell(line, Why.CELL, " ".join(cell for cell in beyond if cell))

    def _as_text(self, heads: Sequence[Head], cells: Sequence[str], filled: Sequence[str]) -> str:
        """The text of a line that is a section, a total or a remark; empty if it lists equipment."""
        for cell in filled[:2]:
            if is_foot(cell):
                return " ".join(filled)
        if _are_sums(heads[0], cells, filled) or _is_coded_section(filled):
            return " ".join(filled)
        body = [one for one in filled if not is_numeral(one)]
        named = body[0] if body else filled[0]
        if len(body) == _ENOUGH and cells[0] == body[0] and self._is_numbered_section(*body):
            return " ".join(filled)
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
        if column == "id" and not is_id(named):
            return named  # A区 泊位
        listed = column in {"name", "point", "kind", "id"} and not system and not _PLACE.search(named)
        return "" if listed else named

    def _is_numbered_section(self, number: str, text: str) -> bool:
        """Whether a number and a text are a section: 2 above 2.1 and 2.2, or 2 | 入侵报警系统."""
        if number.removesuffix(".0") in self.divided:
            return True
        if _OF_PART.fullmatch(number) and _PART_OF_WORKS.fullmatch(plain(text)):
            return True
        of_system = stated_system(text) is not None or is_foreign(text)
        return (
            (number.isdigit() or bool(_LETTER.fullmatch(number)))
            and of_system
            and meaning(text, self.context) is None
        )

    def _text_row(self, line: int, text: str) -> Row:
        bare = _LETTERED.sub("", _bare(text))
        self.stated = stated_above(text, self.stated)
        system, kind = stated_system(bare), stated_kind(bare)
        if is_foot(text):
            pass
        elif system or is_foreign(bare) or (bare != text and is_trade(bare)):
            self.context = Context(system, system is None, kind, fire=is_of_fire(bare))
            self.place = ""
        elif _TOP.match(text):
            self.context = Context(None, foreign=False, kind=kind)
            self.place = bare if _PLACE.search(bare) else ""
        else:
            self.context = replace(self.context, kind=kind or self.context.kind)
            self.place = bare if _PLACE.search(bare) else ""
        self.above.clear()
        self.groups.clear()
        self._tell(line, Why.TEXT, text)
        return Row(self.sheet.name, line, Fate.TEXT, text)

    def _rows(self, head: Head, block: int, line: int, cells: Sequence[str]) -> Iterator[Row]:
        """The row of a line; several where the line counts things, or names one in each of many columns."""
        for one in spread(head, cells):
            yield replace(self._row(one.head, block, line, one.cells), counted=one.counted)

    def _row(self, head: Head, block: int, line: int, cells: Sequence[str]) -> Row:
        values: dict[str, str] = {}
        extra = []
        carried = False  # the system stands in a line above
        anew = False  # another building: the floors written for the one above are not its own
        for one, cell in zip(head.columns, cells, strict=False):
            if one.name in {"secret", "unused", ""}:
                continue
            kept = UNSETTLED if one.name in {"state", "quantity"} else frozenset()
            text = self._value(line, one.head, cell, (block, one.head), kept)
            if one.name in {"system", "group"} or is_of_places(one.head):
                if not text and not anew and (text := self.groups.get((block, one.head), "")):
                    carried |= one.name in {"system", "group"}
                anew |= bool(text) and self.groups.get((block, one.head), text) != text
                self.groups[block, one.head] = text
            if one.name == "attribute":
                extra.append((one.head, text))
            elif text:
                own = column_of_cell(one.name, text, [other.name for other in head.columns])
                _put(values, own, text, one.head)
        if line in self.sheet.hidden:
            self._tell(line, Why.HIDDEN_ROW, _text(values))
        if head.above and not values.get("parent"):
            values["parent"] = head.above
        if self.place and not values.get("location"):
            values["location"] = self.place
        says = any(at < len(cells) and _is_said(cells, at) for at in head.says_kind)
        says = says and not (head.kind is DeviceKind.DOOR and has_key_only(head, cells))
        row = Row(self.sheet.name, line, Fate.UNCLEAR, _text(values), values, extra=tuple(extra))
        return self._judged(row, head, head.kind if says else None, carried=carried)

    def _value(
        self, line: int, head: str, cell: str, column: tuple[int, str], kept: frozenset[str] = frozenset()
    ) -> str:
        if what := unreadable(cell):
            self._tell(line, Why.CELL, f"{head}: {what}")
            return ""
        if plain(cell) in _DITTO:
            return self.above.get(column, "")
        text = "" if plain(cell) in NOTHING - kept else cell
        self.above[column] = text
        return text

    def _judged(self, row: Row, head: Head, said: DeviceKind | None, *, carried: bool) -> Row:
        row = _with_system(_with_number(row))
        system = stated_system(row["system"]) if row["system"] else head.system or self.context.system
        foreign = (
            is_foreign(row["system"]) or is_trade(row["system"]) or (self.context.foreign and not system)
        )
        stated = row["system"] and not system and not foreign
        kind = said or self.context.kind or (DeviceKind.ZONE if _has_zone_number(row) else None)
        kind = DeviceKind.ZONE if "防区" in row["number"] else kind  # beside the channels of cameras
        assumed = carried
        if system is None and not foreign and (above := system_above(row["parent"], row["parent head"])):
            system, assumed = above, True
        if system is None and not foreign and (kind is DeviceKind.ZONE or row["zone note"]):
            system, assumed = System.INTRUSION, True
        form = next((form_of(one.head) for one in head.columns if one.name == "kind"), None)
        found = row_meaning(row.cells, Context(system, foreign, kind), form)
        if foreign:
            fire = self.context.fire or is_of_fire(row["system"])
            found = UNCLEAR if _guarded(found, fire=fire) else UNTESTED
        if found.kind is None:
            fate = Fate.UNCLEAR if not found.clear else Fate.UNTESTED
            self._tell(row.line, Why.UNCLEAR if fate is Fate.UNCLEAR else Why.UNTESTED, row.text)
            return replace(row, fate=fate, system=None if assumed else system)
        own = self._system(row, found.kind, None if assumed else system)
        if own is None:
            self._tell(row.line, Why.SYSTEM, row["system"] or row.text)
        elif stated:
            self._tell(row.line, Why.SYSTEM_OTHER, row["system"])
        row = _with_zone(row) if found.kind is DeviceKind.ZONE else row
        if (hung := self.stated.get(found.kind)) and not row["parent"] and not row["parent_host"]:
            row = replace(row, cells={**row.cells, "parent": hung})
        attributes = found.attributes
        if found.kind is DeviceKind.ZONE and is_radio(row.cells):
            attributes = "; ".join(filter(None, (attributes, "technology=radio")))
        return replace(row, fate=Fate.DEVICE, kind=found.kind, system=own, attributes=attributes)

    def _system(self, row: Row, kind: DeviceKind, system: System | None) -> System | None:
        allowed = KIND_SYSTEMS.get(kind)
        if allowed is None or system in allowed:
            return system
        if system is not None:
            self._tell(row.line, Why.SYSTEM_OTHER, row["system"] or str(system))
        usual = allowed - {System.SITE} or allowed
        return next(iter(usual)) if len(usual) == 1 else None


def _guarded(found: Meaning, *, fire: bool) -> bool:
    """Whether equipment in a foreign system may still be one of ours: a camera in a car park.

    A panel or a detector may be one of ours in any of them but that of fire.
    """
    if found.kind in {DeviceKind.ZONE, DeviceKind.PANEL}:
        return not fire
    return found.kind not in {None, DeviceKind.POWER_SUPPLY}


def _put(values: dict[str, str], column: str, text: str, head: str) -> None:
    """A cell into its column; of several systems and groups the last that names one stands."""
    if column in {"name", "name again", "point"}:
        if column == "name again" and _is_only_described(values.get("name", ""), text, head):
            return
        text = stated_name(text) or text  # the features of an item of a bill of quantities
    if column == "kind note":
        values["kind"] = values["note"] = text
        return
    if column in {"input", "number again"}:
        own = {"number": text} if column == "number again" else input_of(text) or {"parent": text}
        values.update({**own, **values})
        return
    if column in {"parent", "number", "kind", "state"}:
        values[f"{column} head"] = head
    if column in {"system", "group"}:
        says = stated_system(text) is not None or is_foreign(text)
        if says or (column == "system" and not values.get("system")):
            values["system"] = text
    elif column in {"location", "note"} and values.get(column):
        if text not in values[column].split():
            values[column] = f"{values[column]} {text}"
    else:
        values[column] = text


def _is_only_described(name: str, text: str, head: str) -> bool:
    """Whether a second name says how a thing is made and not what it is: 读卡器, with 特征: IC卡，带键盘."""
    if stated := stated_name(text):
        text = stated
    elif is_specification(text):
        return True
    if "特征" not in head:
        return False
    known, said = meaning(name, Context()), meaning(text, Context())
    named = known.kind if known else None
    return named is not None and (said.kind if said else None) is not named


def _is_said(cells: Sequence[str], at: int) -> bool:
    """Whether something is written in a cell, and not that there is nothing."""
    written = plain(cells[at])
    return bool(written) and written not in NOTHING


def _with_system(row: Row) -> Row:
    """The row with the system that its column 类别 names instead of a thing: 视频, 门禁."""
    kind = row["kind"]
    others = [row[one] for one in ("kind again", "name", "name again", "point") if row[one]]
    of_trade = is_trade(kind) or (
        is_foreign(kind) and (kind.endswith("系统") or meaning(kind, Context()) is None)
    )
    if not others or not (is_only_system(kind) or of_trade):
        return row
    cells = {**row.cells, "kind": row["kind again"], "kind again": "", "system": row["system"] or kind}
    return replace(row, cells={**cells, "only system": kind})


def _has_zone_number(row: Row) -> bool:
    """Whether a row gives a number of a zone, by its words or by its head: 防区5, 主机防区: 5."""
    of_zones = "防区" in row["number head"] and not re.search(r"通道|门|端口|[/、]", row["number head"])
    return "防区" in row["number"] or (of_zones and row["number"].isdigit())


def _with_zone(row: Row) -> Row:
    """A zone with the number that its remark gives."""
    return replace(row, cells={**row.cells, "number": row["number"] or row["zone note"]})


def _with_number(row: Row) -> Row:
    """The row with the number of a zone that stands in its remark: 防区3, 第3防区, Zone 3."""
    found = "" if row["number"] else zone_of_note(row["note"])
    return replace(row, cells={**row.cells, "zone note": found}) if found else row


def _are_sums(head: Head, cells: Sequence[str], filled: Sequence[str]) -> bool:
    """Whether a line has the sums of a table that counts, and no place: 101 may be a flat."""
    of_things = all(
        one.name not in {"location", "id", "point", "name"}
        for one, cell in zip(head.columns, cells, strict=False)
        if cell
    )
    return head.has("count") and of_things and all(one.isdigit() for one in filled)


def _is_coded_section(filled: Sequence[str]) -> bool:
    """Whether a line is a section of a bill of quantities with its code: 0305 安全防范系统工程."""
    return len(filled) == _ENOUGH and filled[0].isdigit() and bool(_OF_WORKS.search(filled[1]))


def _few(heads: Sequence[Head], cells: Sequence[str], named: str) -> bool:
    """Whether only a quantity or a remark stands beside the name of a section."""
    beside = {one.name for one, cell in zip(heads[0].columns, cells, strict=False) if cell and cell != named}
    return beside <= {"sequence", "quantity", "note", "unused", "unit", "id", ""}


def _bare(text: str) -> str:
    return trimmed(_PREFIX.sub("", trimmed(text)))


def _only(cells: Sequence[str]) -> str:
    """The text of a line that says one thing only, or besides it only when and by whom it was made."""
    filled = list(dict.fromkeys(trimmed(cell) for cell in cells if trimmed(cell)))
    if len(filled) > 1 and not _OF_MAKING.match(plain(filled[0])):
        filled = [one for at, one in enumerate(filled) if at == 0 or not _OF_MAKING.match(plain(one))]
    return filled[0] if len(filled) == 1 else ""


def _titled(titles: Sequence[str]) -> Context:
    systems = {system for one in titles if (system := stated_system(one))}
    kinds = {kind for one in titles if (kind := stated_kind(_bare(one)))}
    foreign = not systems and any(is_foreign(one) for one in titles)
    return Context(
        systems.pop() if len(systems) == 1 else None,
        foreign,
        kinds.pop() if len(kinds) == 1 else None,
        fire=foreign and any(is_of_fire(one) for one in titles),
    )


def _text(values: Mapping[str, str]) -> str:
    stated = ("sequence", "id", "kind", "kind again", "name", "name again", "point", "model", "location")
    return " ".join(values[one] for one in stated if values.get(one)) or " ".join(values.values())
