# SPDX-License-Identifier: Apache-2.0
"""Several runs of one order read as one: the originals stay whole in ``merged/N/`` of the folder over them.

The first line of the journal of such a folder is ``merged``. It names each run by the head of its journal and
the seal of its folder, and the items of it whose results do not stand beside the others. The events of the
runs follow one another by the beginning of each run, so the usual rules hold across them: the first
non-conformity of an item stands, whoever found it; a pass counts only from the last attempt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanshou.model import UsageError
from yanshou.reports.journal import Event, read_lines
from yanshou.reports.rejudgement import AFTER_THE_TESTS

KIND = "merged"
_LEFT = AFTER_THE_TESTS - {"site_amended"}


@dataclass(frozen=True, slots=True)
class MergedRun:
    """One of the runs: its number, name, journal, and the sessions and items it brings."""

    number: int
    run: str
    head: str
    seal: str
    software: str
    anew: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One requirement on one device with different verdicts: (number of the run, verdict, value in words)."""

    requirement: str
    device: str
    verdicts: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class MergedRuns:
    """What a folder over several runs is made of; ``overlaps`` are pairs of runs made at the same time.

    ``order`` says why the runs do not follow one another by the clocks of their computers; empty if they do.
    """

    runs: tuple[MergedRun, ...]
    conflicts: tuple[Conflict, ...]
    overlaps: tuple[tuple[int, int], ...]
    order: str = ""


def merged_runs(events: Sequence[Event]) -> MergedRuns | None:
    """What the first line of the journal says; None of a run as it was made."""
    if not events or not (events[0]["kind"] == KIND or events[0].get("over_runs")):
        return None
    first = events[0]
    runs = tuple(
        MergedRun(
            int(one["number"]),
            str(one["run"]),
            str(one["head"]),
            str(one["seal"]),
            str(one.get("software") or ""),
            tuple(str(item) for item in one["anew"]),
        )
        for one in first["runs"]
    )
    conflicts = tuple(
        Conflict(
            str(one["requirement"]),
            str(one["device"]),
            tuple(
                (int(side["number"]), str(side["verdict"]), str(side["value"])) for side in one["verdicts"]
            ),
        )
        for one in first["conflicts"]
    )
    overlaps = tuple((int(one), int(other)) for one, other in first["overlaps"])
    return MergedRuns(runs, conflicts, overlaps, str(first.get("order") or ""))


def joined(run: Path, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events of a run; of a folder over several runs those of all of them, and then its own.

    UsageError if a journal is not the one that was merged.
    """
    if (merged := merged_runs(events)) is None:
        return tuple(events)
    found: list[Event] = [{**events[0], "kind": "run_opened", "over_runs": True}]
    begun: dict[str, int] = {}
    for one in merged.runs:
        path = run / f"merged/{one.number}/journal.jsonl"
        lines = read_lines(path)
        if lines.head != one.head:
            raise UsageError(
                "is not the journal that was merged.", "Run `yanshou verify` on the folder.", path=path
            )
        found += _renamed(lines.events, one, begun)
    if events[1:]:  # counted by another computer than the last run's
        found.append(found[0])
    return (*found, *_renamed(events[1:], None, begun))


def _renamed(events: Sequence[Event], run: MergedRun | None, begun: dict[str, int]) -> Iterator[Event]:
    """The events with names that are unique over all runs, without what was done after the tests.

    Attempts at an item are numbered on. What does not stand is marked behind the last line of its run.
    """
    before = dict(begun)
    for event in events:
        if run is not None and event["kind"] in _LEFT:
            continue
        item = str(event.get("item") or "")
        if event["kind"] == "item_started":
            begun[item] = begun.get(item, 0) + 1
        if run is not None:
            event = _of_run(event, run)  # noqa: PLW2901 - the same event by its new names
        if event["kind"] == "session_started" and run is not None:
            event = {**event, "number": run.number}  # noqa: PLW2901
        if "attempt" in event and item:
            event = {**event, "attempt": int(event["attempt"]) + before.get(item, 0)}  # noqa: PLW2901
        yield event
    if run is not None and run.anew:
        yield {"kind": "voided", "utc": events[-1]["utc"], "mono": events[-1]["mono"], "anew": list(run.anew)}


def _of_run(event: Event, run: MergedRun) -> Event:
    names: Mapping[str, Any] = {}
    if event["kind"] == "measurement":
        names = {"id": named(run.number, event["id"])}
    elif event["kind"] == "finding" and event.get("measurement"):
        names = {"measurement": named(run.number, event["measurement"])}
    return {**event, **names}


def named(number: int, measurement: object) -> str:
    """The name of a measurement over all runs: ``2:m41``."""
    return f"{number}:{measurement}"


def number_of(measurement: str) -> int:
    """The number of the run that a measurement is of; 0 of a run as it was made."""
    head, found, _ = measurement.partition(":")
    return int(head) if found and head.isdigit() else 0


def blob_in(run: Path, sha256: str) -> Path:
    """The path of the evidence with this SHA-256: of the folder, or of the run that it was kept in."""
    below = f"blobs/{sha256[:2]}/{sha256}"
    places = [run / below, *(one / below for one in sorted(run.glob("merged/*")))]
    return next((one for one in places if one.is_file()), places[0])
