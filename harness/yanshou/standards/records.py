# SPDX-License-Identifier: Apache-2.0
"""Measurands, standards, and the conversion between a requirement and plain JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yanshou.model import Limit, LimitStatus, Quantity, Requirement, Text

_COLON = re.compile(r"(EN|IEC|ISO|BS|ILAC)\b")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A number a test needs for a yes or no: its clause, and how reliable it is."""

    value: float
    unit: str
    clause: str
    status: LimitStatus


@dataclass(frozen=True, slots=True)
class Measurand:
    """A quantity intended to be measured (VIM 2.3), with the unit every limit on it is written in.

    ``largest_u`` is the largest permitted U in the same unit, for measurands where a share of the limit is
    meaningless (decibels, grades, a limit that may be 0). ``method`` are the criteria of its test, by name.
    """

    id: str
    unit: str
    quantity: Quantity
    zh: str
    en: str
    definition: str
    largest_u: float | None = None
    method: Mapping[str, Criterion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standard:
    """One edition of one standard, law or rule; ``rank`` 1 (law) prevails over 8 (in-house)."""

    id: str
    edition: str
    title: Text
    rank: int
    in_force: bool
    superseded_by: str = ""
    status_note: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """As it is printed, e.g. ``GB 55029-2022``."""
        return standard_name(self.id, self.edition)


def standard_name(standard: str, edition: str) -> str:
    """``GB 55029-2022``, ``EN 50131-1:2006``, ``…条例（2007）``: each family has its own way."""
    if not edition:
        return standard
    if not standard.isascii():
        return f"{standard}（{edition}）"
    return f"{standard}{':' if _COLON.match(standard) else '-'}{edition}"


def as_record(row: Requirement) -> dict[str, Any]:
    """A requirement as plain JSON values; dates become ISO texts, empty keys are left out."""
    record: dict[str, Any] = {
        "id": row.id,
        "standard": row.standard,
        "edition": row.edition,
        "clause": row.clause,
        "system": row.system,
        "title": {"zh": row.title.zh, "en": row.title.en},
        "asks": {"zh": row.asks.zh, "en": row.asks.en},
        "measurand": row.measurand,
        "statistic": row.statistic.value,
        "limit": limit_record(row.limit),
        "limit_status": row.limit_status.value,
        "applies": {key: _plain(value) for key, value in row.applies.items()},
        "population": list(row.population),
        "mandatory": row.mandatory,
        "in_force": row.in_force,
        "rank": row.rank,
        "sampling": row.sampling,
        "decision_rule": row.decision_rule.value if row.decision_rule else None,
        "evidence": list(row.evidence),
        "note": row.note,
        "obligation": row.obligation.value,
        "source": row.source,
        "quantity": row.quantity.value if row.quantity else None,
        "standard_title": row.standard_title and {"zh": row.standard_title.zh, "en": row.standard_title.en},
    }
    return {key: value for key, value in record.items() if value not in (None, "", [])}


def limit_record(limit: Limit | None) -> dict[str, Any] | None:
    """Give a limit as the table it was read from."""
    if limit is None:
        return None
    record = {"min": limit.min, "max": limit.max, "equals": limit.equals}
    table: dict[str, Any] = {key: value for key, value in record.items() if value is not None}
    if limit.unit:
        table["unit"] = limit.unit
    if limit.exclusive:
        table["exclusive"] = True
    return table


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
