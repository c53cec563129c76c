# SPDX-License-Identifier: Apache-2.0
"""``yanshou rejudge RUN --overlay FILE``: verdicts again from stored measurements, under a later overlay."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from yanshou.cli.commands.report import accept_damage
from yanshou.cli.language import _, spoken
from yanshou.cli.output import print_json, print_table
from yanshou.cli.rejudging import Again, Rejudged, Run, named, overlaid, rejudge
from yanshou.evidence import BlobStore, Journal, RunFolder, reports_as_found, seal
from yanshou.model import Finding, Measurement, Requirement, UsageError, limited
from yanshou.model.person import names_somebody
from yanshou.model.printable import tell
from yanshou.reports import load as load_run
from yanshou.reports import render
from yanshou.reports.calibrations import checked, held
from yanshou.reports.events import measurements_of
from yanshou.reports.frozen import read_plan
from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow
from yanshou.reports.rejudgement import as_rejudged
from yanshou.reports.wording import full_result
from yanshou.standards import as_record, load

Stands = Callable[[Finding], Finding]
"""The finding as it may be reported, with what was recorded after it: a calibration, damage to the folder."""


def run(options: argparse.Namespace) -> int:
    """Return the exit code of the run's findings as they stand afterwards."""
    if options.person and not names_somebody(options.person):
        raise UsageError(f"--person {options.person!r} names nobody.", "Give the name of the person.")
    files = {path.name: _bytes(path) for path in options.overlay}
    if len(files) < len(options.overlay):
        raise UsageError("two overlays have the same name.", "Give each file a name of its own.")
    accept_damage(options.path, options.not_intact)
    folder = RunFolder.existing(options.path)
    with folder.held() as journal:
        return _judged_again(options, folder, journal, files)


def _judged_again(
    options: argparse.Namespace, folder: RunFolder, journal: Journal | None, files: Mapping[str, bytes]
) -> int:
    from yanshou.fixtures.prepare import conditions_of  # noqa: PLC0415 - brings the imaging in

    events = as_rejudged(folder.events())
    _require_finished(events)
    rows, plan = _rows(folder, events), read_plan(folder.frozen / "plan.json")
    stored = Run(plan, rows, events, measurements_of(events), conditions_of(plan, limits_confirmed=False))
    kept = tuple((name, hashlib.sha256(data).hexdigest()) for name, data in files.items())
    found = rejudge(stored, overlaid(load(), rows, options.overlay), named(kept))
    if found.findings and journal is not None:
        reports = reports_as_found(folder.path)
        _journal(folder, journal, found, options.person, files)
        try:
            render(folder.path, None, options.report_lang)
        finally:
            seal(folder.path, reports)
    stands = partial(held, found=checked(events))
    if options.json:
        print_json(_record(found, stands))
    else:
        _show(found, stored.measurements, stands)
    return load_run(folder.path).exit_code


def _bytes(overlay: Path) -> bytes:
    try:
        return limited.limited_bytes(overlay)
    except (OSError, ValueError) as error:
        what = f"cannot be read: {limited.why(error)}."
        raise UsageError(what, "Name a file that is there and can be read.", path=overlay) from None


def _require_finished(events: Iterable[Mapping[str, Any]]) -> None:
    """Only a run that is over can be judged again, and never one of the selftest."""
    entries = list(events)
    if entries and entries[0]["kind"] == "merged":
        raise UsageError("is a folder over several runs.", "Judge each run again by itself.")
    if any(event["kind"] == "run_opened" and event.get("limits_confirmed") for event in entries):
        raise UsageError(
            "this is a run of the selftest, which took every limit as confirmed.", "Name a run of a site."
        )
    ends = [event["reason"] for event in entries if event["kind"] == "session_ended"]
    starts = sum(event["kind"] == "session_started" for event in entries)
    if not ends or len(ends) < starts or ends[-1] != "complete":
        raise UsageError(
            "the run is not finished, so it cannot be judged again.",
            "Go on with `yanshou run SITE --run RUN`.",
        )


def _rows(folder: RunFolder, events: Iterable[Mapping[str, Any]]) -> dict[str, Requirement]:
    """The rows as they stand: as frozen, and as earlier rejudgements changed them."""
    rows = {row["id"]: Requirement.from_record(row) for row in folder.catalogue()}
    for event in events:
        if event["kind"] == "rejudged":
            rows |= {row["id"]: Requirement.from_record(row) for row in event["rows"]}
    return rows


def _journal(
    folder: RunFolder, journal: Journal, found: Rejudged, person: str, files: Mapping[str, bytes]
) -> None:
    store = BlobStore(folder.path / "blobs")
    overlays = [{"file": name, "sha256": store.put(data)} for name, data in files.items()]
    findings = [{"line": one.line, "item": one.item, **asdict(one.after)} for one in found.findings]
    journal.append(
        "rejudged",
        person=person,
        overlays=overlays,
        rows=[as_record(row) for row in found.rows],
        findings=findings,
        left=[asdict(one) for one in found.left],
    )


def _show(found: Rejudged, measurements: Mapping[str, Measurement], stands: Stands) -> None:
    messages = Messages(spoken())
    if found.findings:
        heads = (_("requirement"), _("device"), _("value"), _("then"), _("now"), _("reason"))
        rows = [
            (
                one.after.requirement,
                one.after.device,
                _result(one, measurements, messages),
                _verdict(stands(one.before), messages),
                _verdict(stands(one.after), messages),
                messages.reason(stands(one.after).reason),
            )
            for one in found.findings
        ]
        print_table(heads, rows)
    for left in found.left:
        what = f"{left.requirement} {left.device}".rstrip()
        tell(_("not judged again: %(what)s: %(why)s") % {"what": what, "why": messages.reason(left.why)})
    tell(_("%d findings judged again") % len(found.findings))


def _result(one: Again, measurements: Mapping[str, Measurement], messages: Messages) -> str:
    return full_result(
        ReportRow(one.item, "", one.after, None, measurements.get(one.after.measurement)), messages
    )


def _verdict(finding: Finding, messages: Messages) -> str:
    """The verdict, the limit and the state of the limit."""
    limit = f"{finding.limit}, {messages.status(finding.limit_status)}" if finding.limit else "—"
    return f"{messages.verdict(finding.verdict)} ({limit})"


def _record(found: Rejudged, stands: Stands) -> dict[str, Any]:
    return {
        "findings": [
            {
                "requirement": one.after.requirement,
                "device": one.after.device,
                "before": _side(stands(one.before)),
                "after": _side(stands(one.after)),
            }
            for one in found.findings
        ],
        "left": [asdict(one) for one in found.left],
    }


def _side(finding: Finding) -> dict[str, Any]:
    return {
        "verdict": finding.verdict.value,
        "limit": finding.limit,
        "limit_status": finding.limit_status,
        "reason": finding.reason,
    }
