# SPDX-License-Identifier: Apache-2.0
"""The rejudgements of a journal: verdicts given again from stored measurements under a later overlay.

The journal is never changed: the findings of the run stay in it. A line ``rejudged`` holds the rows of the
catalogue that changed and the findings that take the place of earlier ones, by the number of their line. No
measurement changes, and every later check (calibration after the run, accepted damage) holds for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yanshou.model import Requirement
from yanshou.reports.journal import Event

AFTER_THE_TESTS = frozenset({"acceptance", "issue", "rectified", "rejudged", "signed", "site_amended"})
"""Kinds of lines that are written after the tests and are no part of their time."""


@dataclass(frozen=True, slots=True)
class Rejudgement:
    """One rejudgement: when, by whom ("" if not stated), under which overlays (name, SHA-256), of what."""

    line: int
    utc: str
    person: str
    overlays: tuple[tuple[str, str], ...]
    requirements: tuple[str, ...]


def rejudgements_of(events: Iterable[Event]) -> tuple[Rejudgement, ...]:
    """Every rejudgement, in the order of the journal."""
    return tuple(
        Rejudgement(
            int(event["seq"]),
            str(event["utc"]),
            str(event.get("person") or ""),
            tuple((str(one["file"]), str(one["sha256"])) for one in event["overlays"]),
            tuple(dict.fromkeys(str(one["requirement"]) for one in event["findings"])),
        )
        for event in events
        if event["kind"] == "rejudged"
    )


def as_rejudged(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events with the findings that stand now in the place of those they replace."""
    standing: dict[int, Mapping[str, object]] = {}
    for event in events:
        if event["kind"] == "rejudged":
            standing |= {int(one["line"]): one for one in event["findings"]}
    return tuple(
        {**event, **standing[event["seq"]]}
        if event["kind"] == "finding" and event["seq"] in standing
        else event
        for event in events
    )


def rows_rejudged(events: Iterable[Event]) -> dict[str, Requirement]:
    """The rows of the catalogue as the last rejudgement has them; only those that one of them changed."""
    return {
        str(row["id"]): Requirement.from_record(row)
        for event in events
        if event["kind"] == "rejudged"
        for row in event["rows"]
    }


def rejudgement_remarks(events: Iterable[Event]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """For the list of deviations: one sentence for each rejudgement, and the items it concerns."""
    for event in events:
        if event["kind"] == "rejudged":
            named = "、".join(f"{one['file']}（SHA-256 {one['sha256'][:16]}）" for one in event["overlays"])
            by = f"{event['person']} " if event.get("person") else ""
            rows = "、".join(dict.fromkeys(str(one["requirement"]) for one in event["findings"]))
            text = (
                f"检测后{by}按 {named} 重新判定（日志第 {event['seq']} 行，检测数据未变）：{rows}"
                " / judged again under a later overlay"
            )
            yield text, tuple(dict.fromkeys(str(one["item"]) for one in event["findings"]))
