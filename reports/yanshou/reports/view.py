# SPDX-License-Identifier: Apache-2.0
"""The one source of all reports: a run folder, read completely and frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yanshou.evidence.amendments import frozen_at
from yanshou.evidence.issues import Issue, issue_at_the_end
from yanshou.model import Measurement, Plan, Requirement, UsageError, Verdict
from yanshou.model.acceptance import AcceptanceMeeting, last_meeting
from yanshou.model.site import system_turn
from yanshou.reports import events as read
from yanshou.reports.calibrations import UNCHECKED, Checked, LoopLine, checked, left_of, loops_of
from yanshou.reports.frozen import read_catalogue, read_plan, read_site
from yanshou.reports.integrity import clock_remarks, folder_remarks, not_intact
from yanshou.reports.journal import Event, read_lines
from yanshou.reports.merged import MergedRuns, blob_in, joined, merged_runs, number_of
from yanshou.reports.outcome import Material, rows_of
from yanshou.reports.records import (
    Confirmation,
    Deviation,
    DeviceExchange,
    DeviceInfo,
    EvidenceNote,
    ItemAttempt,
    ReportRow,
    RunSession,
    SiteInfo,
    Trouble,
)
from yanshou.reports.rejudgement import (
    AFTER_THE_TESTS,
    Rejudgement,
    as_rejudged,
    rejudgement_remarks,
    rejudgements_of,
    rows_rejudged,
)
from yanshou.reports.rounds import FirstRound, Mended, first_round, mended_of, with_first

_OPEN = (Verdict.NOT_TESTED, Verdict.INVALID)


_SELFTEST = "自检：依据待核的限值在本次运行中按已确认处理，判定不得用于任何工程"


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as recorded in its folder. ``rows`` are final; :meth:`local` gives times in the site's zone."""

    folder: Path
    run: str
    site: SiteInfo
    software: str
    started: datetime
    ended: datetime
    plan: Plan
    plan_sha256: str
    catalogue_sha256: str
    catalogue: Mapping[str, Requirement]
    rows: tuple[ReportRow, ...]
    attempts: Mapping[str, tuple[ItemAttempt, ...]]
    measurements: Mapping[str, Measurement]
    instruments: tuple[Mapping[str, Any], ...]
    exchanges: tuple[DeviceExchange, ...]
    confirmations: tuple[Confirmation, ...]
    troubles: tuple[Trouble, ...]
    evidence: tuple[EvidenceNote, ...]
    sessions: tuple[RunSession, ...]
    deviations: tuple[Deviation, ...]
    head: str
    torn: bool = False
    not_intact: bool = False
    loops: tuple[LoopLine, ...] = ()
    clock_jumps: tuple[tuple[datetime, float], ...] = ()
    meeting: AcceptanceMeeting | None = None
    rejudgements: tuple[Rejudgement, ...] = ()
    issue: Issue | None = None
    first: FirstRound | None = None
    mended: tuple[Mended, ...] = ()
    validations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    merged: MergedRuns | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @property
    def emulated(self) -> bool:
        """Whether the site file or the journal says that the rig was emulated."""
        return self.site.emulated

    @property
    def summary(self) -> dict[str, int]:
        """How many rows carry each verdict.

        ``advice_not_followed`` is counted only if it occurs, because readers of older files know eight
        verdicts.
        """
        counted = {verdict.value: len(self.of(verdict)) for verdict in Verdict}
        return {name: n for name, n in counted.items() if n or name != Verdict.ADVICE_NOT_FOLLOWED}

    def of(self, *verdicts: Verdict) -> tuple[ReportRow, ...]:
        """Select the rows with one of these verdicts, in plan order."""
        return tuple(row for row in self.rows if row.finding.verdict in verdicts)

    @property
    def exit_code(self) -> int:
        """1 with any non-conformity, else 3 with anything left open or nothing tested at all, else 0.

        Unverified limits and conditional conformities do not change it; both are counted and named.
        """
        if any(row.finding.verdict.against for row in self.rows):
            return 1
        return 3 if self.of(*_OPEN) or not self.rows else 0

    @property
    def round(self) -> int:
        """Which round of the test this run is: 1, or 2 and more for a re-test; the journal says so."""
        return self.first.number if self.first else 1

    def sessions_at(self, at: datetime, measurement: str) -> tuple[RunSession, ...]:
        """The sessions of a moment; in a report over several runs those of the run of a measurement."""
        of_run = number_of(measurement) if self.merged else 0
        return tuple(one for one in self.sessions if one.number == of_run and one.started <= at <= one.ended)

    @property
    def sessions_by_run(self) -> tuple[tuple[int, RunSession], ...]:
        """Each session with the number of its run, in a report over several; 0 of a run as it was made."""
        return tuple((one.number, one) for one in self.sessions)

    def local(self, at: datetime) -> datetime:
        """Give a moment in the site's time zone."""
        return at.astimezone(self.zone)

    def device(self, name: str) -> DeviceInfo:
        """The device, at least its id."""
        return self.site.devices.get(name) or DeviceInfo(name)

    @property
    def accredited(self) -> tuple[str, ...]:
        """The qualified scope given by the laboratory: ids of requirements, ``*`` for any letters."""
        scopes = self.site.laboratory.get("accredited", ())
        return tuple(str(one) for one in scopes) if isinstance(scopes, list | tuple) else (str(scopes),)

    def in_scope(self, requirement: str) -> bool:
        """Whether a requirement is in the qualified scope; if none was given, all are."""
        return not self.accredited or any(fnmatchcase(requirement, one) for one in self.accredited)

    def blob(self, sha256: str) -> Path:
        """The path of the evidence with this SHA-256."""
        return blob_in(self.folder, sha256)


def load(run: Path) -> RunView:
    """Read a run folder; UsageError names the wrong file and line."""
    lines = read_lines(run / "journal.jsonl")
    frozen = run / frozen_at(lines.events)
    plan, catalogue = read_plan(frozen / "plan.json"), read_catalogue(frozen / "catalogue.json")
    site = _site(frozen)
    try:
        events = as_rejudged(joined(run, lines.events))
        material = Material(plan, catalogue | rows_rejudged(events), {}, {})
        return _view(run, events, material, site, (lines.head, lines.torn))
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(
            f"an event is not as docs/contracts.md §4 says ({type(error).__name__}: {error}).",
            "It was written by another version of the software; use that version for the report.",
            path=run / "journal.jsonl",
        ) from error


def _site(run: Path) -> SiteInfo:
    first, second = run / "site.json", run / "site" / "site.json"
    return read_site(second if second.is_file() and not first.is_file() else first)


def _view(
    run: Path, events: Sequence[Event], frozen: Material, site: SiteInfo, journal: tuple[str, bool]
) -> RunView:
    attempts, measurements = read.attempts_of(events), read.measurements_of(events)
    found = checked(events)
    opened = next((event for event in events if event["kind"] == "run_opened"), {})
    last = next((event for event in reversed(events) if event["kind"] == "site_amended"), opened)
    first, merged, sessions = first_round(run, opened), merged_runs(events), read.sessions_of(events)
    started, ended = _span([event for event in events if event["kind"] not in AFTER_THE_TESTS])
    if merged:
        last = opened
        started, ended = min(one.started for one in sessions), max(one.ended for one in sessions)
    return RunView(
        folder=run,
        run=str(opened.get("run") or run.resolve().name),
        site=_marked(site, opened),
        software=str(opened.get("software") or ""),
        started=started,
        ended=ended,
        plan=frozen.plan,
        plan_sha256=str(last.get("plan_sha256") or frozen.plan.sha256),
        catalogue_sha256=str(last.get("catalogue_sha256") or frozen.plan.catalogue_sha256),
        catalogue=frozen.catalogue,
        rows=with_first(
            rows_of(Material(frozen.plan, frozen.catalogue, attempts, measurements, found)), first
        ),
        first=first,
        mended=mended_of(events),
        validations=read.validations_of(events),
        attempts=attempts,
        measurements=measurements,
        instruments=_instruments(events),
        exchanges=read.exchanges_of(events),
        confirmations=read.confirmations_of(events),
        troubles=tuple(read.trouble_of(event) for event in events if event["kind"] == "trouble"),
        evidence=read.evidence_of(events),
        sessions=sessions,
        merged=merged,
        deviations=_deviations(events, found),
        loops=loops_of(events),
        clock_jumps=read.clock_jumps(events),
        not_intact=not_intact(events),
        meeting=last_meeting(events),
        rejudgements=rejudgements_of(events),
        issue=issue_at_the_end(events),
        head=journal[0],
        torn=journal[1],
        zone=_zone(site),
    )


def _span(events: Sequence[Event]) -> tuple[datetime, datetime]:
    if not events:
        raise UsageError("the journal is empty.", "Begin the run with `yanshou run SITE`.")
    times = [read.moment(event["utc"]) for event in events]  # the clock may have been set back in between
    return min(times), max(times)


def _marked(site: SiteInfo, opened: Mapping[str, Any]) -> SiteInfo:
    """Call the site emulated when either the site file or the journal says so."""
    values = {name: getattr(site, name) for name in site.__dataclass_fields__}
    return SiteInfo(**(values | {"emulated": site.emulated or bool(opened.get("emulated"))}))


def _instruments(events: Sequence[Event]) -> tuple[Mapping[str, Any], ...]:
    """Read the journalled instruments, each once; an entry may be flat or under ``instrument``."""
    found: dict[str, Mapping[str, Any]] = {}
    for event in events:
        if event["kind"] == "instrument":
            entry = event["instrument"] if isinstance(event.get("instrument"), dict) else event
            found[str(entry["id"])] = {key: entry[key] for key in entry.keys() - {"seq", "kind", "prev"}} | (
                {"kind": entry["instrument_kind"]} if "instrument_kind" in entry else {}
            )
    return tuple(found.values())


def _deviations(events: Sequence[Event], checked_: Checked) -> tuple[Deviation, ...]:
    """Collect each deviation from the method once, with the items it concerns."""
    found: dict[str, list[str]] = {}
    for event in events:
        if event["kind"] == "run_opened" and event.get("limits_confirmed"):
            found[_SELFTEST] = ["*"]
        if event["kind"] == "measurement":
            unchecked = [UNCHECKED] if event.get("id") in checked_.unchecked else []
            for text in (*(event.get("deviations") or ()), *unchecked):
                found.setdefault(str(text), []).append(str(event.get("item") or event["device"]))
    found |= {text: ["*"] for text in (*folder_remarks(events), *clock_remarks(events))}
    found |= {text: list(items) for text, items in rejudgement_remarks(events)}
    found |= {f"环回校准未采用：{text}": ["*"] for text in left_of(events)}
    return tuple(Deviation(text, tuple(dict.fromkeys(items))) for text, items in found.items())


def _zone(site: SiteInfo) -> ZoneInfo:
    try:
        return ZoneInfo(site.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"time zone {site.time_zone!r} is unknown.", "Write e.g. Asia/Shanghai.") from None


def span_of_sessions(view: RunView) -> tuple[tuple[datetime, datetime], ...]:
    """The gaps between two sessions: from the last line of one to the start of the next (断点)."""
    return tuple(
        (before.ended, after.started)
        for before, after in zip(view.sessions, view.sessions[1:], strict=False)
        # runs of several computers are no interruption of each other; a clock set back tells no gap
        if before.number == after.number and before.ended <= after.started
    )


def system_order(view: RunView) -> tuple[str, ...]:
    """The systems in the order of Art. 3 of the regulation, unknown ones last."""
    present = dict.fromkeys(row.system for row in view.rows)
    return tuple(sorted(present, key=system_turn))
