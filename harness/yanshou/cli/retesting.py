# SPDX-License-Identifier: Apache-2.0
"""Takes the first run of a re-test: an intact, finished run of the same site, and what it found."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from yanshou.cli.other_retests import tell_of
from yanshou.evidence import RunFolder, verify
from yanshou.evidence.retests import other_retests
from yanshou.model import Site, UsageError
from yanshou.model.verdict import IN_PASSING
from yanshou.planning.facts import ChangedFact, changed_facts
from yanshou.planning.retest import FirstRun
from yanshou.reports import load
from yanshou.reports.results import results
from yanshou.reports.rounds import SCHEMA
from yanshou.reports.view import RunView
from yanshou.site import load_site


def first_run(path: Path, site: Site, to: Path | None = None) -> FirstRun:
    """The run in ``path`` as the first one of a re-test of ``site``, which is written ``to`` a folder.

    Other re-tests of it that lie beside either folder are named in the link, and told.

    UsageError if its folder is not intact, if it is of another site or rig, if it took limits as confirmed,
    or if nothing in it is left to be tested again.
    """
    folder = RunFolder.existing(path)
    checked = verify(path)
    if not checked.intact:
        shown = "; ".join(f"{one.path} ({one.kind})" for one in checked.problems)
        raise UsageError(
            f"the first run is not intact: {shown}.",
            "A re-test rests on an intact folder: take an intact copy, or begin a new run.",
            path=path,
        )
    view = load(path)
    _require_of_this_site(view, site, path)
    if any(event.get("limits_confirmed") for event in folder.events()[:1]):
        raise UsageError(
            "the first run is one of the selftest, which took every limit as confirmed.",
            "Name a run of a site.",
            path=path,
        )
    link = _link(view, checked.seal, _changes(path, site))
    beside = [path.resolve().parent, *([to.resolve().parent] if to else [])]
    others = other_retests(link, beside, to)
    tell_of(others)
    if others:
        link["others"] = [{"run": one.folder.name, "started": one.started} for one in others]
    record = {"schema": SCHEMA, **link, "results": results(view), "sampling": _sampling(view)}
    verdicts = [(one.finding.requirement, one.finding.device, one.finding.verdict) for one in view.rows]
    first = FirstRun(view.plan, view.catalogue, verdicts, record, link, _saw(view))
    if not first.repeated.failed and not first.repeated.left:
        raise UsageError(
            "nothing of the first run did not conform, and nothing was left without a result.",
            "There is nothing to test again.",
            path=path,
        )
    return first


def _saw(view: RunView) -> list[tuple[str, str]]:
    """The requirements whose tests saw, in passing, what did not conform on the same device."""
    found = {
        row.finding.device
        for row in view.rows
        if row.finding.verdict.against and row.finding.reason.startswith(IN_PASSING)
    }
    return [
        (row.finding.requirement, row.finding.device)
        for row in view.rows
        if row.finding.device in found
        and row.measurement is not None
        and any(text.startswith(IN_PASSING) for text in row.measurement.deviations)
    ]


def _require_of_this_site(view: RunView, site: Site, path: Path) -> None:
    if view.site.id != site.id:
        raise UsageError(
            f"the first run is of another site: {view.site.id}, not {site.id}.",
            "Name the run of this site.",
            path=path,
        )
    if view.emulated != site.emulated:
        raise UsageError(
            "one of the runs is of an emulated site, the other is not.", "Name a run of this rig.", path=path
        )


def _link(view: RunView, seal: str, changes: tuple[ChangedFact, ...]) -> dict[str, Any]:
    return {
        "run": view.run,
        "round": view.round + 1,
        "head": view.head,
        "seal": seal,
        "plan_sha256": view.plan_sha256,
        "started": view.started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "report_no": str(view.site.laboratory.get("report_no") or ""),
        "software": view.software,
        "changes": [asdict(one) for one in changes],
    }


def _changes(path: Path, site: Site) -> tuple[ChangedFact, ...]:
    """What of the site file changed since; the run keeps a copy of the folder as it was."""
    try:
        then = load_site(RunFolder.existing(path).site_copy)
    except UsageError as error:
        return (ChangedFact("site.toml", f"cannot be read: {error}", "", rests=True),)
    return changed_facts(then, site)


def _sampling(view: RunView) -> list[dict[str, Any]]:
    return [asdict(one) for one in view.plan.sampling]
