# SPDX-License-Identifier: Apache-2.0
"""A laboratory's overlay: confirm limits it has read in the paper, replace rows, add its own.

Each change states who made it, when and on which document, and the report names the overlay. An overlay
cannot loosen a judged row, and a replaced number is verified only if the signed replacement says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import Any

from yanshou.model import LimitStatus, Requirement
from yanshou.model.demand import ClassDemand
from yanshou.model.trouble import Mistake
from yanshou.standards.applicability import is_looser, looser_rows
from yanshou.standards.catalogue import Catalogue, OverlayChange
from yanshou.standards.classes import CLASS_KEYS, read_class
from yanshou.standards.records import Standard, as_record
from yanshou.standards.rows import read_requirement, read_standard
from yanshou.standards.vocabulary import RANKS, REQUIREMENT_KEYS
from yanshou.toml import Table, TomlText, near, root, shown

_SIGNED = frozenset({"id", "by", "date", "document"})
_SIGNED_CLASS = CLASS_KEYS | (_SIGNED - {"id"})
_AGREED = frozenset({RANKS["contract"], RANKS["inhouse"]})  # what is read there is the laboratory's own paper
_HARMLESS = frozenset({"title", "asks", "limit", "limit_status", "evidence", "note"})


@dataclass(slots=True)
class _Work:
    """The catalogue while it is being changed."""

    base: Catalogue
    file: TomlText
    rows: dict[str, Requirement]
    standards: dict[str, Standard]
    changes: list[OverlayChange]
    classes: list[ClassDemand]

    def row(self, table: Table) -> Requirement | None:
        """The row a table names; an unknown id is a mistake, with similar ids."""
        name = str(table.data.get("id", ""))
        if name not in self.rows:
            table.wrong(f"no requirement {name!r} in the catalogue.", near(name, self.rows), "id")
        return self.rows.get(name)

    def signed(self, table: Table, kind: str, named: str = "") -> str:
        """Who, when, on what document; kept as a change and returned as a note.

        ``named`` is what is changed, the id of a row unless stated.
        """
        by, document = table.person("by", required=True), table.text("document", required=True)
        day = table.data.get("date")
        if type(day) is not date:
            table.wrong("date is missing or not a date.", "Write date = 2026-11-23.", "date")
        elif day > date.today():  # noqa: DTZ011 - the day of the laboratory
            table.wrong(f"{day} is still to come.", "Write the day on which the document was read.", "date")
        name = PurePath(self.file.name).name
        what = named or str(table.data.get("id"))
        self.changes.append(OverlayChange(kind, what, name, by, str(day), document))
        word = {"confirm": "确认", "replace": "替换", "add": "补充", "class": "写明"}[kind]
        return f"{by} 于 {day} 依据 {document} {word}（{name}）"


def lay_over(base: Catalogue, file: TomlText, mistakes: list[Mistake]) -> Catalogue:
    """Apply one overlay to ``base``; its mistakes are added to ``mistakes``."""
    work = _Work(base, file, dict(base.requirements), dict(base.standards), [], list(base.classes))
    top = root(file, mistakes)
    top.only({"standard", "confirm", "replace", "requirement", "class"})
    for name, change in (("replace", _replace), ("confirm", _confirm)):
        changes = top.rows(name)
        _once(changes)
        for table in changes:
            change(work, table)
    _add(work, top)
    for table in top.rows("class"):
        _class(work, table)
    return Catalogue(
        work.rows,
        base.measurands,
        work.standards,
        overlays=(*base.overlays, PurePath(file.name).name),
        changes=(*base.changes, *work.changes),
        classes=tuple(work.classes),
    )


def _once(changes: Sequence[Table]) -> None:
    """Note each row that is changed twice in the same way: nobody could say which change holds."""
    first: dict[object, Table] = {}
    for table in changes:
        name = str(table.data.get("id"))
        if name in first:
            table.wrong(f"{name} stands here twice.", f"The first stands at {first[name].place('id')}.", "id")
        first.setdefault(name, table)


def _not_before_its_edition(table: Table, row: Requirement) -> None:
    """Note a date on which nobody can have read the document, because it had not appeared."""
    day, year = table.data.get("date"), re.match(r"(?:19|20)\d\d", row.edition)
    if type(day) is date and year and day.year < int(year[0]):
        what = f"{day} lies before {row.standard} of {year[0]} appeared."
        table.wrong(what, "Write the day on which the document was read.", "date")


def _confirm(work: _Work, table: Table) -> None:
    """Raise the limit of one row to verified."""
    table.only(_SIGNED)
    row = work.row(table)
    note = work.signed(table, "confirm")
    if row is None:
        return
    _not_before_its_edition(table, row)
    if row.limit is None:
        table.wrong("the row has no limit to confirm.", "Give it one with [[replace]].", "id")
        return
    work.rows[row.id] = replace(row, limit_status=LimitStatus.VERIFIED, note=_joined(row.note, note))


def _class(work: _Work, table: Table) -> None:
    """State what a class demands; one that is stated twice is a mistake, for nobody could say which holds."""
    table.only(_SIGNED_CLASS)
    demand = read_class(table, work.base.measurands, lambda named: work.signed(table, "class", named))
    if demand is None:
        return
    if any((one.measurand, one.name) == (demand.measurand, demand.name) for one in work.classes):
        table.wrong(f"class {demand.name} of {demand.measurand} is stated twice.", "Keep one.", "name")
        return
    work.classes.append(demand)


def _replace(work: _Work, table: Table) -> None:
    """Replace part of a row, which is read again as if the catalogue contained it."""
    table.only(REQUIREMENT_KEYS | _SIGNED)
    row = work.row(table)
    note = work.signed(table, "replace")
    if row is None:
        return
    _not_before_its_edition(table, row)
    given = {key: value for key, value in table.data.items() if key in REQUIREMENT_KEYS}
    if given.keys() == {"id"}:
        table.wrong("nothing is replaced.", "Give the keys that change, or use [[confirm]].", "id")
    merged = replace(table, data=_as_table(row) | given)
    standard = work.standards[_standard_of(work, row)]
    new = read_requirement(merged, standard, work.base.measurands)
    _guard(table, row, new, given)
    if new.limit != row.limit:  # the text of the row may still state the old figure
        note = f"{note}：限值由 {row.limit or '无'} 改为 {new.limit or '无'}"
    status = _status_after(row, new, given)
    work.rows[row.id] = replace(new, limit_status=status, note=_joined(new.note, note), source=row.source)


def _as_table(row: Requirement) -> dict[str, Any]:
    """Give the row as it would stand in a catalogue file; ``applies`` as loaded, for its dates."""
    kept = {key: value for key, value in as_record(row).items() if key in REQUIREMENT_KEYS}
    return kept | {"applies": dict(row.applies)}


def _standard_of(work: _Work, row: Requirement) -> str:
    return next(
        n for n, one in work.standards.items() if (one.id, one.edition) == (row.standard, row.edition)
    )


def _guard(table: Table, old: Requirement, new: Requirement, given: Mapping[str, object]) -> None:
    """Note a mistake if a judged row would become looser.

    A row is judged if its limit is verified or provisional, whoever wrote it. An overlay cannot change the
    keys that decide what is measured, on which devices and how it is judged; a laboratory that needs another
    row adds one.
    """
    if old.limit_status is LimitStatus.UNVERIFIED:
        return
    of = f"{old.limit_status.value} row of {old.standard}"
    if is_looser(new.limit, old.limit):
        what = f"{new.limit or 'no limit'} is looser than {old.limit} of a {of}."
        table.wrong(what, "It may only be made stricter.", "limit")
    if "limit_status" in given and new.limit_status is LimitStatus.UNVERIFIED:
        table.wrong(f"a {of} cannot be called less.", "Leave limit_status out.", "limit_status")
    if dropped := set(old.evidence) - set(new.evidence):
        what = f"evidence of a {of} lacks {', '.join(sorted(dropped))}."
        table.wrong(what, "Evidence may only be added.", "evidence")
    for key in given.keys() - _HARMLESS - {"id"}:
        if given[key] != _as_table(old).get(key):
            table.wrong(f"{key} of a {of} cannot be changed.", "Add a row of your own.", key)


def _status_after(old: Requirement, new: Requirement, given: Mapping[str, object]) -> LimitStatus:
    """The status of a replaced row: a new number is verified only if its signed replacement says so."""
    inherited = "limit_status" not in given and new.limit_status is LimitStatus.VERIFIED
    return LimitStatus.PROVISIONAL if inherited and new.limit != old.limit else new.limit_status


def _add(work: _Work, top: Table) -> None:
    """Rows of the overlay's own standard, contract or in-house method."""
    added = top.rows("requirement")
    if not added:
        if "standard" in top.data:
            what = "[standard] stands without a row of its own and changes nothing."
            top.wrong(what, "Add [[requirement]], or take it out.", "standard")
        return
    if "standard" not in top.data:
        what = "rows are added, but [standard] does not say whose they are."
        top.wrong(what, "Add a [standard] table.", "requirement")
        return
    standard = _whose(work, top.inner("standard"))
    new: dict[str, Table] = {}
    for table in added:
        row = _added(work, table, standard)
        if taken := [one for one in work.rows if one.casefold() == row.id.casefold()]:
            table.wrong(f"id {taken[0]} is there already.", "Use [[replace]], or give it another id.", "id")
            continue
        work.rows[row.id], new[row.id] = row, table
    _check_looser(work, new)


def _whose(work: _Work, own: Table) -> Standard:
    """The standard that rows are added to; one of the catalogue is written as it is there."""
    standard = read_standard(own)
    alike = [one for one in work.standards.values() if _squeezed(one.name) == _squeezed(standard.name)]
    known = alike[0] if alike else work.standards.setdefault(standard.name, standard)
    if (known.id, known.edition) != (standard.id, standard.edition):
        remedy = f'Write id = "{known.id}" and edition = "{known.edition}".'
        own.wrong(f"{shown(standard.name)} is {known.name} of the catalogue.", remedy, "id")
    if (known.rank, known.in_force) != (standard.rank, standard.in_force):
        what = f"{known.name} stands in {known.source} with another rank or force."
        own.wrong(what, "Give rank and in_force as they are there.")
    return known


def _squeezed(name: str) -> str:
    """The letters and digits of a standard's name, of one width and case: how a reader compares it."""
    return "".join(one for one in unicodedata.normalize("NFKC", name).casefold() if one.isalnum())


def _added(work: _Work, table: Table, standard: Standard) -> Requirement:
    """One row; who read a limit of a published standard signs it, as for ``[[confirm]]``."""
    signature = {key: one for key, one in table.data.items() if key in _SIGNED - {"id"}}
    rest = {key: one for key, one in table.data.items() if key not in signature}
    row = read_requirement(replace(table, data=rest), standard, work.base.measurands)
    read = standard.rank not in _AGREED and row.limit_status is LimitStatus.VERIFIED
    if read or signature:
        note = work.signed(table, "add", row.id)
        _not_before_its_edition(table, row)
        return replace(row, note=_joined(row.note, note))
    name = PurePath(work.file.name).name
    work.changes.append(OverlayChange("add", row.id, name, document=standard.name))
    return row


def _check_looser(work: _Work, new: Mapping[str, Table]) -> None:
    for conflict in looser_rows(work.rows.values()):
        name, _, what = conflict.what.partition(": ")
        if name in new:
            new[name].wrong(what, conflict.remedy, "limit")


def _joined(note: str, more: str) -> str:
    return f"{note} {more}".strip()
