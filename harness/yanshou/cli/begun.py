# SPDX-License-Identifier: Apache-2.0
"""Says what became of a designer's 点位表: which sheet and rows became what, and what is left to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from yanshou.cli.grouped import stretches
from yanshou.cli.language import N_, _, spoken
from yanshou.site import Begun
from yanshou.site.schedule import OPEN, Drafted, Fate, ScheduleRemark, Why, kind_word

_FIRST: Final = 3  # so many rows of one cause are shown whole

REASONS: Final[Mapping[Why, str]] = {
    Why.UNCLEAR: N_("the kind is not sure; write it into the column 类型 of inventory.csv"),
    Why.NOT_INSTALLED: N_(
        "by the sheet it is not installed, or not surely; write its kind into 类型 if it is, or delete it"
    ),
    Why.UNTESTED: N_("equipment that no clause tests; kept as a line that is not read"),
    Why.SAME: N_("lists a device again that another sheet has"),
    Why.TEXT: N_("a title, a section, a total or a remark"),
    Why.HIDDEN_ROW: N_("hidden in the sheet, and taken over; delete its line if it does not belong"),
    Why.HIDDEN_SHEET: N_("the sheet is hidden and was not read; show it if it belongs"),
    Why.NO_HEAD: N_("the sheet has no line that names its columns and was not read"),
    Why.COVER: N_("the sheet holds text and no table"),
    Why.COLUMN_UNKNOWN: N_("the column is not known and was not read"),
    Why.COLUMN_TWICE: N_("the column is there twice; the first was read"),
    Why.COLUMN_READ: N_("the head of the column is not known; it was read by what stands in it"),
    Why.SECRET: N_("passwords are not taken over; site.toml says only where one is kept"),
    Why.CELL: N_("the cell cannot be read and was left empty"),
    Why.ATTRIBUTE: N_("not a known value; write it into the column 属性"),
    Why.SYSTEM: N_("the system is not known; write it into the column 系统"),
    Why.SYSTEM_OTHER: N_("the sheet names another system than its kind belongs to; the kind decided"),
    Why.ID: N_("cannot be an id; a new one was given"),
    Why.ID_TWICE: N_("the id stands twice; give each device its own"),
    Why.NUMBER: N_("not a number at the panel or recorder; write it into the column 防区号"),
    Why.PARENT: N_("no single device of the sheet fits; write its id into the column 上级"),
    Why.PARENT_MADE: N_("named in its column and listed nowhere; a line was made for it, complete it"),
    Why.PARENT_MISSING: N_(
        "the sheet does not say on which panel or controller it hangs; fill in 上级 and 防区号"
    ),
    Why.DOORS_MISSING: N_("lists controllers or readers, and no door; write a line 受控门 for each door"),
    Why.ADDRESS: N_("is no address; write the connection in site.toml"),
    Why.ADDRESS_TWICE: N_(
        "two devices have one address; correct one, then take its table in site.toml out of its comment"
    ),
    Why.PORT: N_(
        "the port is not one of ONVIF; write the port into site.toml, then take the table out of its comment"
    ),
    Why.PROTOCOL: N_("its address is in site.toml, in a comment; name the protocol there"),
    Why.QUANTITY: N_("stands for several devices, written as one; give each a line of its own"),
    Why.BILL: N_("only counts devices that the other sheets list; compare the numbers"),
    Why.QUANTITY_SPLIT: N_("stands for several devices; a line was written for each, complete their names"),
}


def lines(begun: Begun, file: str) -> Iterator[str]:
    """What became of the sheets, then what is left to do, each cause once with its count and first rows."""
    yield from _became(begun.drafted, file)
    counts = {fate: sum(row.fate is fate for row in begun.rows) for fate in Fate}
    heads = _(
        "rows read: %(all)d; devices %(device)d, kind not sure %(unclear)d, not tested %(untested)d, "
        "listed again %(same)d, titles and remarks %(text)d"
    )
    yield heads % {
        "all": len(begun.rows),
        **{str(fate): count for fate, count in counts.items()},
        "same": sum(one.why is Why.SAME for one in begun.remarks),
    }
    yield from _because(
        begun.remarks, file, [why for why in Why if why not in OPEN], _("For your information:")
    )
    yield from _because(begun.remarks, file, [why for why in Why if why in OPEN], _("Left to you:"))


def left_open(begun: Begun) -> int:
    """How many things a person must still decide."""
    return sum(one.why in OPEN for one in begun.remarks)


def _became(drafted: Sequence[Drafted], file: str) -> Iterator[str]:
    """One line for each stretch of rows of one kind: the sheet, its lines, the kind, the ids."""
    for (sheet, kind), stretch in groupby(drafted, key=lambda one: (one.row.sheet, one.row.kind)):
        part = list(stretch)
        numbers = stretches([one.row.line for one in part])
        ids = part[0].id if len(part) == 1 else f"{part[0].id} … {part[-1].id}"
        named = kind and (kind_word(kind) if spoken() == "zh" else str(kind))
        what = named or _("kind not sure")
        yield f"{_place(file, sheet)}:{numbers}  {what} × {len(part)}  {ids}"


def _because(remarks: Sequence[ScheduleRemark], file: str, whys: Sequence[Why], title: str) -> Iterator[str]:
    of = {why: [one for one in remarks if one.why is why] for why in whys}
    if any(of.values()):
        yield title
    for why, some in of.items():
        if not some:
            continue
        yield f"  {_(REASONS[why])} ({len(some)}):"
        for one in some[:_FIRST]:
            yield f"    {_place(file, one.sheet)}{f':{one.line}' if one.line else ''}  {one.text}".rstrip()
        if rest := some[_FIRST:]:
            by_sheet = groupby(rest, key=lambda one: one.sheet)
            yield "    … " + "; ".join(
                f"{_place(file, sheet)}:{stretches([one.line or 0 for one in part])}"
                for sheet, part in by_sheet
            )


def _place(file: str, sheet: str) -> str:
    return f"{file}[{sheet}]" if sheet else file
