# SPDX-License-Identifier: Apache-2.0
"""A journal, and records of items that are judged by given rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from yanshou.evidence import BlobStore, Journal, read_events
from yanshou.fixtures.record import Record
from yanshou.metrology import Conditions
from yanshou.model import (
    DecisionRule,
    Finding,
    Instant,
    Limit,
    LimitStatus,
    Plan,
    PlanItem,
    Requirement,
    Statistic,
    Text,
)
from yanshou.rig.calibration import Calibration
from yanshou.rig.item_journal import ItemJournal
from yanshou.standards import Catalogue

PATIENCE_S = 6.0


def row(name: str, statistic: str = "max", limit: Limit | None = None, **other: Any) -> Requirement:
    text = Text(name, name)
    values: dict[str, Any] = {
        "standard": "GB 55029",
        "edition": "2022",
        "clause": "3.5.1(8)",
        "system": "intrusion",
        "measurand": "alarm_response_time",
        "limit_status": LimitStatus.VERIFIED,
        "applies": {},
        "population": ("zone",),
        "mandatory": True,
        "in_force": True,
        "rank": 2,
    }
    return Requirement(
        id=name, title=text, asks=text, statistic=Statistic(statistic), limit=limit, **(values | other)
    )


@dataclass(slots=True)
class FakeSession:
    """As much of a session as a record asks for; nothing can be opened."""

    item_journal: ItemJournal
    requirements: dict[str, Requirement]
    plan: Plan = field(default_factory=lambda: Plan("s", 1, (), parameters={"hold_s": 1.5}))
    patience: float = PATIENCE_S
    calibration: Calibration = field(default_factory=Calibration)


class Bench:
    """A journal, and records of items judged by given rows."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.jsonl"
        self.journal = Journal(self.path)
        self.item_journal = ItemJournal(self.journal, BlobStore(folder / "blobs"))
        self.item_journal.item = "alarm_response_time[Z07]"

    def record(self, *rows: Requirement, repetitions: int = 3, **conditions: Any) -> Record:
        session: Any = FakeSession(self.item_journal, {one.id: one for one in rows})
        names = tuple(one.id for one in rows)
        item = PlanItem(
            self.item_journal.item, "alarm_response_time", "Z07", names, repetitions=repetitions,
            decision_rule=conditions.get("rule", DecisionRule.SIMPLE),
        )  # fmt: skip
        return Record(session, item, Conditions(**conditions))

    def record_of(self, measurand: str, catalogue: Catalogue, device: str = "SITE", **plan: Any) -> Record:
        """A record that is judged by the rows of a catalogue, with the criteria of the test."""
        rows = {row.id: row for row in catalogue.measuring(measurand)}
        method = {name: one.value for name, one in catalogue.measurands[measurand].method.items()}
        frozen = Plan("s", 1, (), parameters={"method": {measurand: method}} | plan)
        self.item_journal.item = f"{measurand}[{device}]"
        session: Any = FakeSession(self.item_journal, rows, frozen)
        return Record(session, PlanItem(self.item_journal.item, measurand, device, tuple(rows)), Conditions())

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in read_events(self.path) if event["kind"] == kind]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.journal.close()


def saw(record: Record, *latencies: float | None, half_width: float = 0.001) -> None:
    """Give a stimulus and see it after each of these times; None: it was waited for in vain."""
    opened = Instant(10.0, 10.0)
    for latency in latencies:
        seen = None if latency is None else 10.0 + latency
        record.latency(opened, None if seen is None else Instant(seen - half_width, seen + half_width))


def verdicts(findings: list[Finding]) -> dict[str, str]:
    return {finding.requirement: finding.verdict.value for finding in findings}


TWO_S = Limit("s", max=2.0)
