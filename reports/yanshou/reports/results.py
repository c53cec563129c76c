# SPDX-License-Identifier: Apache-2.0
"""results.json: the machine-readable answer, values unrounded (schema ``schema/results-1.schema.json``)."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from importlib import resources
from typing import Any

from yanshou.model import Finding
from yanshou.reports.merged import Conflict
from yanshou.reports.records import ReportRow
from yanshou.reports.rejudgement import Rejudgement
from yanshou.reports.view import RunView

SCHEMA = "yanshou-results/1"


def results(view: RunView) -> dict[str, Any]:
    """All findings and their counts.  Values and U are unrounded, times UTC in RFC 3339."""
    return {
        "schema": SCHEMA,
        "run": view.run,
        "site": view.site.id,
        "emulated": view.emulated,
        "plan_sha256": view.plan_sha256,
        "catalogue_sha256": view.catalogue_sha256,
        "software": view.software,
        "started": _utc(view.started.isoformat(timespec="milliseconds")),
        "ended": _utc(view.ended.isoformat(timespec="milliseconds")),
        "summary": view.summary,
        "findings": [_finding(row) for row in view.rows],
    } | _afterwards(view)


def _afterwards(view: RunView) -> dict[str, Any]:
    """The run before a re-test, and what happened after the tests; no key for what did not happen."""
    found: dict[str, Any] = {}
    if first := view.first:
        found |= {"round": first.number, "retest_of": {"run": first.run, "head": first.head}}
        if first.others:
            found["retest_of"]["others"] = list(first.others)
        found["rectified"] = [asdict(one) for one in view.mended]
    if merged := view.merged:
        found["merged"] = [asdict(one) for one in merged.runs]
        found["conflicts"] = [_conflict(one) for one in merged.conflicts]
    if view.rejudgements:
        found["rejudged"] = [_rejudged(one) for one in view.rejudgements]
    if one := view.issue:
        found["issue"] = {
            "number": one.number,
            "utc": one.utc,
            "reason": one.reason,
            "replaces": one.replaces,
        }
    return found


def _conflict(one: Conflict) -> dict[str, Any]:
    sides = [{"run": number, "verdict": verdict} for number, verdict, _ in one.verdicts]
    return {"requirement": one.requirement, "device": one.device, "verdicts": sides}


def results_json(view: RunView) -> bytes:
    """Give the file's bytes: UTF-8, the same for the same run folder."""
    return (json.dumps(results(view), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def results_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of results.json."""
    text = (resources.files(__package__) / "schema" / "results-1.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _finding(row: ReportRow) -> dict[str, Any]:
    finding = row.finding
    return {
        "requirement": finding.requirement,
        "standard": finding.standard,
        "clause": finding.clause,
        "device": finding.device,
        "measurand": finding.measurand,
        "value": _finite(finding.value),
        "unit": finding.unit,
        "U": _finite(finding.U),
        "k": _finite(finding.k),
        "n": finding.n,
        "limit": finding.limit,
        "limit_status": finding.limit_status,
        "decision_rule": finding.decision_rule,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "acceptance_limit": finding.acceptance,
        "obligation": finding.obligation.value,
        "measurement": finding.measurement,
        "evidence": list(finding.evidence),
        "item": row.item,
        "attempts": len(row.attempts),
    } | ({"first": _first(row.first)} if row.first else {})


def _first(finding: Finding) -> dict[str, Any]:
    """What the round before found."""
    return {
        "verdict": finding.verdict.value,
        "value": _finite(finding.value),
        "unit": finding.unit,
        "U": _finite(finding.U),
        "limit": finding.limit,
        "reason": finding.reason,
    }


def _rejudged(one: Rejudgement) -> dict[str, Any]:
    return {
        "utc": one.utc,
        "person": one.person,
        "overlays": [{"file": name, "sha256": sha256} for name, sha256 in one.overlays],
        "requirements": list(one.requirements),
    }


def _finite(value: float | str | None) -> float | str | None:
    """A number for JSON, which has no infinity: such a value becomes null, and its verdict says why."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _utc(text: str) -> str:
    return text.replace("+00:00", "Z")
