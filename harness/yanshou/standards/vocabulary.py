# SPDX-License-Identifier: Apache-2.0
"""The closed vocabularies of a catalogue file: ranks, keys and the values that have a fixed list."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.model import DecisionRule, DeviceKind, LimitStatus, Obligation, Quantity, Statistic, System

RANKS: Mapping[str, int] = {
    "law": 1,  # law, State Council decree, regulation of the autonomous region
    "mandatory": 2,  # full-text-mandatory GB; prevails over other engineering standards
    "sector": 3,
    "engineering": 4,
    "local": 5,
    "contract": 6,  # may only be stricter than what stands above it
    "foreign": 7,
    "inhouse": 8,
}
"""Rank of rules, 1 prevails."""

STANDARD_KEYS = frozenset({"id", "edition", "title", "rank", "in_force", "superseded_by", "status_note"})
REQUIREMENT_KEYS = frozenset(
    {"id", "clause", "system", "title", "asks", "measurand", "statistic", "limit", "limit_status"}
    | {"population", "applies", "mandatory", "sampling", "decision_rule", "evidence", "note", "obligation"}
)
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

SITE_KEYS: Mapping[str, frozenset[object] | None] = {
    "category": frozenset(range(1, 13)),  # Art. 8 (1)-(12) of the Inner Mongolia regulation
    "province": None,
    "sector": None,  # bank, school, residential, metro, museum, power, petroleum, prison ...
    "risk_grade": frozenset({1, 2, 3}),
    "security_grade": frozenset({1, 2, 3, 4}),  # GB/T 32581-2016, GB/T 37078-2018
    "protection_class": frozenset({"A", "B", "C"}),  # GB 50396-2007
    "high_risk": frozenset({True, False}),
    "network_form": frozenset({"controller", "local", "public"}),
    "legal_basis": frozenset({"art7", "art9", "non_public"}),  # State Council Order 799
    "counter_terror_target": frozenset({True, False}),
    "joint_earth": frozenset({True, False}),
    "remote_approval": frozenset({True, False}),
    "shared_card": frozenset({True, False}),
    "clock_system": frozenset({True, False}),
    "video_quality_class": None,
    "key_area": frozenset({True, False}),
    "analogue": frozenset({True, False}),
}
"""Site attributes a row may ask for; a set lists the only values, None leaves them free."""

SPECIAL_KEYS = frozenset({"system", "cites", "device", "commissioned_before", "commissioned_from"})
"""Keys of ``applies`` that are not a plain comparison with one site attribute."""

INHERITED = frozenset({"technology", "networked", "security_grade", "supervised"})
"""Device attributes a zone, door or camera takes from its parent when it does not state them itself."""
