# SPDX-License-Identifier: Apache-2.0
"""``yanshou selftest [SITE]``: runs the planted defects, the laboratory's software validation."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from yanshou.cli.commands.demo import examples_folder
from yanshou.cli.commands.run import emulated, run_tests
from yanshou.cli.language import _, spoken
from yanshou.cli.output import print_json, print_table
from yanshou.cli.selftest import (
    DEFECTS,
    SEEN,
    Defect,
    Matrix,
    SelftestCase,
    batches,
    judge_defects,
    judge_healthy,
    never_judged,
    planted,
    read_defects,
    runs_each,
    side_by_side,
    ties,
    usual_jobs,
)
from yanshou.evidence.validation import leave_record
from yanshou.fixtures.suites import suites_folder
from yanshou.model import Finding, UsageError, Verdict
from yanshou.model.build import build_digest
from yanshou.model.version import version
from yanshou.reports import load
from yanshou.reports.messages import Messages
from yanshou.site import load_site


def run(options: argparse.Namespace) -> int:
    """Return 0 if every defect was found and nothing else failed, else 1."""
    if options.all and options.site:
        raise UsageError("--all stands for every example site.", "Name a SITE or say --all.")
    sites = _examples() if options.all else [options.site or examples_folder() / "bank-branch"]
    tested = [one for one in (_tested(site, options) for site in sites) if one]
    for one in tested:
        keep_record(one, whole=not (options.only or options.no_healthy))
    if not tested:
        where = "" if options.all else sites[0] / DEFECTS
        raise UsageError(f"no planted defect is of {options.only}.", path=where)
    if options.json:
        print_json(_answer_all(tested) if options.all else tested[0].matrix.answer())
    elif options.all:
        _show_all(tested)
    else:
        show(tested[0].matrix)
    return 1 if any(one.matrix.false_pass or one.matrix.false_fail for one in tested) else 0


def keep_record(tested: Tested, *, whole: bool) -> None:
    """Leave the record that reports of this build name; one of a part is left only if something was wrong."""
    matrix = tested.matrix
    if not whole and not (matrix.false_pass or matrix.false_fail):
        _say(_("no record: a part of the selftest validates nothing"))
        return
    seen = {case.requirement for case in matrix.cases if case.expected in SEEN and case.right}
    path = leave_record(
        {
            "build": build_digest(suites_folder()),
            "software": f"yanshou {version()}",
            "site": tested.site,
            "utc": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "cases": len(matrix.cases),
            "requirements": sorted(seen),
            "false_pass": matrix.false_pass,
            "false_fail": matrix.false_fail,
        }
    )
    _say(_("record: %(path)s") % {"path": path})


@dataclass(frozen=True, slots=True)
class Tested:
    """One site with its matrix, and how many seconds it took."""

    site: str
    matrix: Matrix
    seconds: float


def _examples() -> list[Path]:
    """Every example site that has planted defects, by name."""
    return sorted(path.parent for path in examples_folder().glob(f"*/{DEFECTS}"))


def _tested(site: Path, options: argparse.Namespace) -> Tested | None:
    """Return the matrix of one site; None if none of its defects was asked for."""
    asked = [one for one in read_defects(site) if not options.only or options.only in (one.kind, *one.named)]
    if not asked:
        return None
    if options.all:
        _say(site.name)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="yanshou-selftest-") as scratch:
        folder = options.keep / site.name if options.keep and options.all else options.keep or Path(scratch)
        matrix = _matrix(
            site,
            folder,
            asked,
            healthy=not options.no_healthy,
            jobs=options.jobs or usual_jobs(runs_each(site)),
        )
    return Tested(site.resolve().name, matrix, time.monotonic() - began)


def _answer_all(tested: Sequence[Tested]) -> dict[str, object]:
    return {
        "sites": [
            {"site": one.site, "seconds": round(one.seconds, 1)} | one.matrix.answer() for one in tested
        ],
        "false_pass": sum(one.matrix.false_pass for one in tested),
        "false_fail": sum(one.matrix.false_fail for one in tested),
        "seconds": round(sum(one.seconds for one in tested), 1),
    }


def _show_all(tested: Sequence[Tested]) -> None:
    """Print what is not as expected on each site, then one line per site and the sums."""
    for one in tested:
        wrong = [case for case in one.matrix.cases if not case.right]
        if wrong:
            print_table(_heads(), [_row(case) for case in wrong], title=f"{one.site}: {_('not as expected')}")
    heads = (_("site"), _("cases"), _("requirements"), _("false pass"), _("false fail"), _("minutes"))
    rows = [_sums(one.site, [one]) for one in tested] + [_sums(_("all"), tested)]
    print_table(heads, rows, title=_("selftest of the examples"))


def _sums(name: str, tested: Sequence[Tested]) -> tuple[str, ...]:
    return (
        name,
        str(sum(len(one.matrix.cases) for one in tested)),
        str(sum(int(one.matrix.answer()["requirements_tested"]) for one in tested)),
        str(sum(one.matrix.false_pass for one in tested)),
        str(sum(one.matrix.false_fail for one in tested)),
        f"{sum(one.seconds for one in tested) / 60:.1f}",
    )


def _matrix(site: Path, folder: Path, defects: Sequence[Defect], *, healthy: bool, jobs: int) -> Matrix:
    matrix, never = Matrix(), never_judged(site)
    devices = load_site(site).devices.values()
    runs = batches(defects, ties(devices))
    works = [
        partial(
            _run,
            site,
            folder / f"defects-{number}",
            batch,
            _("run %(number)d of %(all)d: %(count)d defects")
            % {"number": number, "all": len(runs), "count": len(batch)},
        )
        for number, batch in enumerate(runs, start=1)
    ]
    if healthy:  # the longest, so it begins first
        works.insert(0, partial(_run, site, folder / "healthy", [], _("the healthy site")))
    found = side_by_side(jobs, works)
    if healthy:
        matrix.cases += judge_healthy(found.pop(0), never)
    for batch, findings in zip(runs, found, strict=True):
        matrix.cases += judge_defects(batch, findings, never)
    return matrix


def _run(site: Path, folder: Path, defects: Sequence[Defect], printed: str) -> list[Finding]:
    """Make one run with these defects, on the devices that have one; on all devices without defects.

    ``printed`` is printed when it begins.
    """
    _say(printed)
    copy, path = folder / "site", folder / "run"
    faults = planted(site, copy, defects)
    devices = sorted({defect.tested for defect in defects})
    arguments = ["--yanshou-limits-confirmed", *(f"--yanshou-device={name}" for name in devices)]
    with emulated(copy, faults):
        if not run_tests(copy, path, operator="scripted", arguments=arguments, quiet=True):
            raise KeyboardInterrupt  # what was not tested is no answer
    kept = set(devices)
    stated = _stated(copy)
    return [
        row.finding
        for row in load(path).rows
        if (not kept or row.finding.device in kept)
        and (row.finding.measurand, row.finding.device) not in stated
    ]


def _stated(site: Path) -> set[tuple[str, str]]:
    """What the inventory says cannot be measured on a device; it has to stay untested."""
    from yanshou.fixtures.declared import covered_measurands  # noqa: PLC0415 - brings pytest in

    return {
        (name, device.id)
        for name, covered in covered_measurands().items()
        for device in load_site(site).devices.values()
        if any(device.attributes.get(key) == value for key, value in covered.not_where.items())
    }


def _say(text: str) -> None:
    """Print progress to standard error; standard output holds the answer only."""
    print(f"… {text}", file=sys.stderr, flush=True)


def show(matrix: Matrix) -> None:
    """Print what was planted and its result, what a gate stopped and why, and what is not as expected."""
    wrong = [case for case in matrix.cases if not case.right]
    planted_cases = [case for case in matrix.cases if case.defect != "none" and case.expected in SEEN]
    heads = _heads()
    print_table(heads, [_row(case) for case in planted_cases], title=_("planted defects"))
    if matrix.lightest:
        graded = [
            (one.requirement, one.defect, " > ".join(one.severities), one.caught, ", ".join(one.missed))
            for one in matrix.lightest
        ]
        graded_heads = (_("requirement"), _("defect"), _("severities"), _("lightest caught"), _("missed"))
        print_table(graded_heads, graded, title=_("how light a defect is still caught"))
    stopped = [case for case in matrix.cases if case.expected == Verdict.INVALID]
    if stopped:
        rows = [(*_row(case), case.reason) for case in stopped]
        print_table((*heads, _("reason")), rows, title=_("stopped by a validity gate"))
    untested = [case for case in matrix.cases if case.expected == Verdict.NOT_TESTED]
    if untested:
        rows = [(*_row(case), case.reason) for case in untested]
        print_table((*heads, _("reason")), rows, title=_("nothing was learnt"))
    if wrong:
        print_table(heads, [_row(case) for case in wrong], title=_("not as expected"))
    answer = matrix.answer()
    print(
        _("%(cases)d cases, %(tested)d requirements; false pass %(passed)d, false fail %(failed)d")
        % {
            "cases": len(matrix.cases),
            "tested": answer["requirements_tested"],
            "passed": matrix.false_pass,
            "failed": matrix.false_fail,
        }
    )


def _heads() -> tuple[str, ...]:
    return (_("requirement"), _("device"), _("defect"), _("severity"), _("expected"), _("got"))


def _row(case: SelftestCase) -> tuple[str, ...]:
    messages = Messages(spoken())
    expected, got = (messages.verdict(Verdict(name)) for name in (case.expected, case.got))
    mark = got if case.right else f"{got} ✗"
    return (case.requirement, case.device, case.defect, case.severity, expected, mark)
