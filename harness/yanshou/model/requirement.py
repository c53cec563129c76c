# SPDX-License-Identifier: Apache-2.0
"""A requirement: one clause of one edition of one standard, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from yanshou.model.measurement import Quantity
from yanshou.model.site import System


class LimitStatus(StrEnum):
    """How sure the limit is.  An unverified limit yields a value without a verdict (依据待核)."""

    VERIFIED = "verified"
    PROVISIONAL = "provisional"
    UNVERIFIED = "unverified"


class Obligation(StrEnum):
    """Whether a clause requires (应) or only advises (宜, 建议).

    Advice that is not followed is reported, but is no non-conformity (GB/T 1.1-2020, 9.1).
    """

    REQUIREMENT = "requirement"
    ADVICE = "advice"


class Statistic(StrEnum):
    """Which figure of the repeated observations is judged."""

    VALUE = "value"
    MAX = "max"
    MIN = "min"
    MEAN = "mean"
    P95 = "p95"
    PROPORTION = "proportion"
    COUNT = "count"


class DecisionRule(StrEnum):
    """Decision rules of ILAC-G8:09/2019 (CNAS-GL015:2022): simple, guard band, non-binary."""

    SIMPLE = "DR-SA"
    GUARD_BAND = "DR-GB"
    NON_BINARY = "DR-NB"


@dataclass(frozen=True, slots=True)
class Text:
    """The same text in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What the value is compared with, in ``unit``.

    ``min`` and ``max`` belong to the permitted range unless ``exclusive`` ("小于" against "不大于").
    """

    unit: str = ""
    min: float | None = None
    max: float | None = None
    equals: float | bool | str | None = None
    exclusive: bool = False

    def __str__(self) -> str:
        unit = "" if self.unit in ("", "1") else f" {self.unit}"
        less, more = ("<", ">") if self.exclusive else ("≤", "≥")
        if isinstance(self.equals, bool):
            return "是" if self.equals else "否"
        if self.equals is not None:
            return self.equals if isinstance(self.equals, str) else f"= {exact(self.equals)}{unit}"
        if self.min is not None and self.max is not None:
            if self.exclusive:
                return f"> {exact(self.min)}, < {exact(self.max)}{unit}"
            return f"{exact(self.min)}…{exact(self.max)}{unit}"
        if self.max is not None:
            return f"{less} {exact(self.max)}{unit}"
        return f"{more} {exact(self.min)}{unit}" if self.min is not None else "—"


def exact(figure: float) -> str:
    """A limit as it is compared with: no figure of it is rounded away, as six digits would."""
    return f"{figure:.15g}"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the catalogue."""

    id: str
    standard: str
    edition: str
    clause: str
    system: str
    title: Text
    asks: Text
    measurand: str
    statistic: Statistic
    limit: Limit | None
    limit_status: LimitStatus
    applies: Mapping[str, object]
    population: tuple[str, ...]
    mandatory: bool
    in_force: bool
    rank: int
    sampling: str = ""
    decision_rule: DecisionRule | None = None
    evidence: tuple[str, ...] = ()
    note: str = ""
    obligation: Obligation = Obligation.REQUIREMENT
    source: str = ""  # the catalogue file that contains the row
    quantity: Quantity | None = None  # of its measurand; None in a run folder that does not say it
    standard_title: Text | None = None  # of its standard; None in a run folder that does not say it

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Requirement:
        """The row as ``catalogue.json`` of a run folder holds it: ``standards.as_record`` wrote it.

        Keys that are written only where they are not empty may be missing, and so may those that run folders
        of earlier versions do not have (``obligation``, ``quantity``, ``standard_title``). Any other
        missing key, and a value that is no such thing, raises KeyError, TypeError or ValueError.
        """
        limit, rule, quantity = (record.get(key) for key in ("limit", "decision_rule", "quantity"))
        standard_title = record.get("standard_title")
        return cls(
            id=record["id"],
            standard=record["standard"],
            edition=record.get("edition", ""),
            clause=record.get("clause", ""),
            system=record["system"],
            title=Text(**record["title"]),
            asks=Text(**record["asks"]),
            measurand=record["measurand"],
            statistic=Statistic(record["statistic"]),
            limit=Limit(**limit) if limit else None,
            limit_status=LimitStatus(record["limit_status"]),
            applies={key: _dated(key, value) for key, value in record.get("applies", {}).items()},
            population=tuple(record.get("population", ())),
            mandatory=record["mandatory"],
            in_force=record["in_force"],
            rank=record["rank"],
            sampling=record.get("sampling", ""),
            decision_rule=DecisionRule(rule) if rule else None,
            evidence=tuple(record.get("evidence", ())),
            note=record.get("note", ""),
            obligation=Obligation(record.get("obligation", Obligation.REQUIREMENT)),
            source=record.get("source", ""),
            quantity=Quantity(quantity) if quantity else None,
            standard_title=Text(**standard_title) if standard_title else None,
        )

    @property
    def binds_laboratory(self) -> bool:
        """Whether it is a rule for the laboratory itself."""
        return self.system == System.LABORATORY

    @property
    def binds_group(self) -> bool:
        """Whether it is a rule for the acceptance group."""
        return self.system == System.ACCEPTANCE

    @property
    def is_tested(self) -> bool:
        """Whether a plan tests it; rules for the laboratory or the acceptance group are checked on paper."""
        return not (self.binds_laboratory or self.binds_group)


def _dated(key: str, value: object) -> object:
    """JSON has no dates: those of ``commissioned_from`` and ``commissioned_before`` are texts in it."""
    return date.fromisoformat(value) if key.startswith("commissioned_") and isinstance(value, str) else value
