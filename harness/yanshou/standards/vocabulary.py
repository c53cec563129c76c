# SPDX-License-Identifier: Apache-2.0
"""The closed vocabularies of a catalogue file: ranks, keys and the values that have a fixed list."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.model import DecisionRule, DeviceKind, LimitStatus, Obligation, Quantity, Statistic, System

RANKS: Mapping[str, int] = {
    "law": 1,  # law, State Council decree, regulation of the autonomous region
    "mandatory": 2,  # full-text-mandatory GB; takes precedence over other engineering standards
    "sector": 3,
    "engineering": 4,
    "local": 5,
    "contract": 6,  # may only be stricter than higher ranks
    "foreign": 7,
    "inhouse": 8,
}
"""Rank of rules, 1 prevails."""

STANDARD_KEYS = frozenset({"id", "edition", "title", "rank", "in_force", "superseded_by", "status_note"})
REQUIREMENT_KEYS = frozenset(
    {"id", "clause", "system", "title", "asks", "measurand", "statistic", "limit", "limit_status"}
    | {"population", "applies", "mandatory", "sampling", "decision_rule", "evidence", "note", "obligation"}
)
ID = "[A-Z][A-Za-z0-9.-]*"
"""How the id of a row is written."""
LIMIT_KEYS = frozenset({"max", "min", "equals", "unit", "exclusive"})
MEASURAND_KEYS = frozenset({"unit", "quantity", "zh", "en", "definition", "largest_u", "method"})
CRITERION_KEYS = frozenset({"value", "unit", "clause", "status"})

SYSTEMS = frozenset(System)
KINDS = frozenset(DeviceKind)
STATISTICS = frozenset(Statistic)
OBLIGATIONS = frozenset(Obligation)
STATUSES = frozenset(LimitStatus)
QUANTITIES = frozenset(Quantity)
DECISION_RULES = frozenset(DecisionRule)

SPECIAL_KEYS = frozenset({"system", "cites", "device", "commissioned_before", "commissioned_from"})
"""Keys of ``applies`` that do not simply compare one attribute of the site."""
