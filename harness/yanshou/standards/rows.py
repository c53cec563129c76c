# SPDX-License-Identifier: Apache-2.0
"""From TOML tables to measurands, standards and requirements, every mistake with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import PurePath

from yanshou.model import DecisionRule, Limit, LimitStatus, Obligation, Quantity, Requirement, Statistic, Text
from yanshou.standards import vocabulary
from yanshou.standards.conditions import read_applies
from yanshou.standards.records import Criterion, Measurand, Standard
from yanshou.toml import Table, near, shown

_NUMERIC = (Quantity.CONTINUOUS, Quantity.COUNT, Quantity.PROPORTION)


def read_measurand(table: Table) -> Measurand:
    """One table of a measurand file; its name is the id."""
    table.only(vocabulary.MEASURAND_KEYS)
    quantity = table.choice("quantity", vocabulary.QUANTITIES)
    unit = table.text("unit")
    if quantity in _NUMERIC and not unit:
        table.wrong(f"{table.path[-1]} has no unit.", 'A count or ratio has unit = "1".', "unit")
    return Measurand(
        id=str(table.path[-1]),
        unit=unit,
        quantity=Quantity(quantity) if quantity else Quantity.TEXT,
        zh=table.text("zh", required=True),
        en=table.text("en", required=True),
        definition=table.text("definition", required=True),
        largest_u=_largest_u(table, quantity),
        method=_method(table),
    )


def _complete(one: object) -> bool:
    if not isinstance(one, dict) or one.keys() != vocabulary.CRITERION_KEYS:
        return False
    value, texts = one["value"], (one["unit"], one["clause"], one["status"])
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return (
        number
        and all(isinstance(text, str) and text for text in texts)
        and one["status"] in vocabulary.STATUSES
    )


def _method(table: Table) -> dict[str, Criterion]:
    """The numbers a test compares with: ``method.name = { value, unit, clause, status }``."""
    raw = table.data.get("method", {})
    found = {}
    for name, one in raw.items() if isinstance(raw, dict) else [("method", raw)]:
        if not _complete(one):
            what = f"{name} of the method is not complete."
            table.wrong(what, "Give value, unit, clause and status (verified, provisional …).", "method")
            continue
        found[name] = Criterion(float(one["value"]), one["unit"], one["clause"], LimitStatus(one["status"]))
    return found


def _largest_u(table: Table, quantity: str) -> float | None:
    value = table.data.get("largest_u")
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value <= 0 or quantity != Quantity.CONTINUOUS:
        what = f"largest_u = {value!r} is no U of a continuous quantity."
        table.wrong(what, "Give it as a number above 0, in the measurand's unit.", "largest_u")
        return None
    return float(value)


def read_standard(table: Table) -> Standard:
    """Read the ``[standard]`` table of a catalogue file."""
    table.only(vocabulary.STANDARD_KEYS)
    rank = table.choice("rank", vocabulary.RANKS)
    in_force = table.flag("in_force", default=True)
    superseded_by = table.text("superseded_by")
    if in_force and superseded_by:
        table.wrong("a superseded standard is not in force.", "Write in_force = false.", "superseded_by")
    return Standard(
        id=table.text("id", required=True),
        edition=table.text("edition"),
        title=_both(table, "title"),
        rank=vocabulary.RANKS.get(rank, 0),
        in_force=in_force,
        superseded_by=superseded_by,
        status_note=table.text("status_note"),
        source=PurePath(table.toml.name).name,
    )


def read_requirement(table: Table, standard: Standard, measurands: Mapping[str, Measurand]) -> Requirement:
    """One ``[[requirement]]`` of a standard."""
    table.only(vocabulary.REQUIREMENT_KEYS)
    measurand = measurands.get(table.text("measurand", required=True))
    if measurand is None and table.data.get("measurand"):
        name = str(table.data["measurand"])
        table.wrong(f"measurand {name!r} is not known.", near(name, measurands), "measurand")
    population = _population(table)
    rule = table.text("decision_rule") and table.choice("decision_rule", vocabulary.DECISION_RULES, "DR-SA")
    return Requirement(
        id=_id(table),
        standard=standard.id,
        edition=standard.edition,
        clause=table.text("clause"),
        system=table.choice("system", vocabulary.SYSTEMS),
        title=_both(table, "title"),
        asks=_both(table, "asks"),
        measurand=measurand.id if measurand else "",
        statistic=Statistic(table.choice("statistic", vocabulary.STATISTICS, "value")),
        limit=_limit(table, measurand),
        limit_status=LimitStatus(table.choice("limit_status", vocabulary.STATUSES) or "unverified"),
        applies=read_applies(table, population),
        population=population,
        mandatory=table.flag("mandatory", default=standard.rank <= vocabulary.RANKS["mandatory"]),
        in_force=standard.in_force,
        rank=standard.rank,
        sampling=table.text("sampling"),
        decision_rule=DecisionRule(rule) if rule else None,
        evidence=table.texts("evidence", or_one=True),
        note=table.text("note"),
        obligation=Obligation(table.choice("obligation", vocabulary.OBLIGATIONS, "requirement")),
        source=PurePath(table.toml.name).name,
        quantity=measurand.quantity if measurand else None,
        standard_title=standard.title,
    )


def _id(table: Table) -> str:
    """The id of a row, as scopes name it and pages print it."""
    name = table.text("id", required=True)
    if name and not re.fullmatch(vocabulary.ID, name):
        what = f"id = {shown(name)} is no id of a requirement."
        table.wrong(what, "Begin with a capital letter; use A-Z a-z 0-9 . - alone.", "id")
    return name


def _both(table: Table, key: str) -> Text:
    """The same texts in Chinese and English, both required."""
    value = table.data.get(key)
    texts = value if isinstance(value, dict) and set(value) == {"zh", "en"} else {}
    if not texts or not all(isinstance(word, str) and word.strip() for word in texts.values()):
        table.wrong(f"{key} needs zh and en.", f'Write {key} = {{ zh = "…", en = "…" }}.', key)
        return Text("", "")
    return Text(texts["zh"], texts["en"])


def _population(table: Table) -> tuple[str, ...]:
    if not table.data.get("population"):
        table.wrong("population is missing.", 'Add population = "zone" or another kind.')
    return table.choices("population", vocabulary.KINDS, or_one=True)


def _limit(table: Table, measurand: Measurand | None) -> Limit | None:
    """Read the limit in the measurand's unit, or None when the clause gives no number."""
    raw = table.data.get("limit")
    if raw is None:
        if measurand and measurand.quantity is Quantity.LOGICAL:
            table.wrong("a logical measurand needs a limit.", "Write limit = { equals = true }.", "limit")
        return None
    if not isinstance(raw, dict) or not raw.keys() & {"max", "min", "equals"}:
        table.wrong("limit needs max, min or equals.", "Leave it out when the clause gives none.", "limit")
        return None
    for key in raw.keys() - vocabulary.LIMIT_KEYS:
        table.wrong(f"unknown key {key!r} in limit.", near(key, vocabulary.LIMIT_KEYS), "limit")
    low, high = _number(table, raw, "min"), _number(table, raw, "max")
    if low is not None and high is not None and low > high:
        table.wrong(f"min {low:g} is above max {high:g}.", "Exchange them.", "limit")
    if measurand is not None:
        _check_against(table, raw, measurand)
    unit = raw.get("unit", measurand.unit if measurand else "")
    return Limit(str(unit), low, high, raw.get("equals"), exclusive=raw.get("exclusive") is True)


def _number(table: Table, raw: Mapping[str, object], key: str) -> float | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        table.wrong(f"{key} must be a finite number, not {value!r}.", "", "limit")
        return None
    return float(value)


def _check_against(table: Table, raw: Mapping[str, object], measurand: Measurand) -> None:
    """Check that the limit is of the same quantity, in the same unit, as its measurand."""
    _check_unit(table, raw.get("unit"), measurand)
    equals, logical = raw.get("equals"), measurand.quantity is Quantity.LOGICAL
    if logical and not isinstance(equals, bool):
        table.wrong(f"{measurand.id} is logical: equals is missing.", "Write { equals = true }.", "limit")
    if not logical and isinstance(equals, bool):
        table.wrong(f"{measurand.id} is not logical.", "Give max, min or a number to equal.", "limit")
    if not isinstance(equals, str | int | float | None):
        table.wrong(f"equals cannot be {equals!r}.", "Give a number, a text or true.", "limit")
    if isinstance(equals, float) and not math.isfinite(equals):
        table.wrong(f"equals must be a finite number, not {equals!r}.", "", "limit")
    if equals is not None and raw.keys() & {"min", "max"}:
        table.wrong("equals stands beside min or max.", "Keep one of them.", "limit")
    if not isinstance(raw.get("exclusive", False), bool):
        table.wrong("exclusive must be true or false.", "", "limit")


def _check_unit(table: Table, unit: object, measurand: Measurand) -> None:
    if unit is None:
        if measurand.quantity is Quantity.CONTINUOUS:
            table.wrong("limit has no unit.", f'Add unit = "{measurand.unit}".', "limit")
    elif unit != measurand.unit:
        what = f"limit is in {unit!r} but {measurand.id} is measured in {measurand.unit!r}."
        table.wrong(what, "Convert the limit.", "limit")
