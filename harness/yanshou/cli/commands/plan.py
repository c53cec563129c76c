# SPDX-License-Identifier: Apache-2.0
"""``yanshou plan SITE``: what is tested where, who has to be warned, how long it takes; ``--items`` by id."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from yanshou.cli.language import _, spoken
from yanshou.cli.output import print_json, print_table
from yanshou.fixtures.declared import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import Plan, UsageError
from yanshou.model.printable import tell
from yanshou.model.visit import Visit
from yanshou.planning import (
    draw_mistakes,
    lanes_for,
    make_plan,
    make_visit,
    overlays_of,
    ready_mistakes,
    to_json,
    with_draw,
)
from yanshou.planning.facts import with_facts
from yanshou.site import load_site
from yanshou.standards import load

if TYPE_CHECKING:
    from yanshou.reports.visit import VisitTable


def run(options: argparse.Namespace) -> int:
    """Return 0, whatever the plan contains."""
    site = load_site(options.site)
    if mistakes := [*draw_mistakes(site), *ready_mistakes(site)]:
        raise UsageError(mistakes)
    site = with_draw(site)
    covered, catalogue = covered_measurands(), load(overlays_of(site))
    plan = with_facts(make_plan(site, catalogue, load_instruments(options.site), covered=covered), site)
    times = _times(options.lasted)
    if options.run:
        made = partial(make_visit, site=site, catalogue=catalogue, covered=covered, lasted=times, rest=True)
        return _left(options, plan, made)
    if options.json:
        print_json(to_json(plan))
        return 0
    _shown(options, plan, make_visit(plan, site, catalogue, covered, lasted=times))
    print(
        _("about %(minutes).0f min   plan sha256 %(sha256)s")
        % {"minutes": _minutes(plan), "sha256": plan.sha256}
    )
    seconds = plan.estimated_s
    lanes = lanes_for(plan.items, site, covered, seconds)
    if lanes.beside:
        print(
            _("about %(minutes).0f min in %(lanes)d lanes: %(beside)d items run beside the bench")
            % {
                "minutes": lanes.seconds / 60,
                "lanes": 1 + len(lanes.beside),
                "beside": len(lanes.all_beside),
            }
        )
    return 0


def _times(runs: Sequence[Path]) -> dict[str, float]:
    """How long the items of earlier runs lasted, by measurand."""
    from yanshou.evidence import RunFolder  # noqa: PLC0415
    from yanshou.planning import lasted  # noqa: PLC0415

    return lasted(event for path in runs for event in RunFolder.existing(path).events())


def _left(options: argparse.Namespace, plan: Plan, made: Callable[[Plan], Visit]) -> int:
    """What a run has still to do before its people may leave: 0 when nothing is left, else 3."""
    from yanshou.evidence import RunFolder  # noqa: PLC0415
    from yanshou.planning import from_json  # noqa: PLC0415

    folder = RunFolder.existing(options.run)
    frozen, finished = from_json(folder.plan()), folder.finished()
    if frozen.site != plan.site:
        raise UsageError(
            f"{options.run} is a run of the site {frozen.site}, not of {plan.site}.",
            "Name the run of this site.",
        )
    rest = replace(frozen, items=tuple(item for item in frozen.items if item.id not in finished))
    if options.json:
        print_json({"finished": len(finished), "left": [item.id for item in rest.items]})
    elif rest.items:
        _shown(options, rest, made(rest))
    if not options.json:
        counts = {"finished": len(finished), "all": len(frozen.items)}
        print(_("finished %(finished)d of %(all)d") % counts)
    return 3 if rest.items else 0


def _shown(options: argparse.Namespace, plan: Plan, visit: Visit) -> None:
    """Leave the PDF if one is wanted, and print the items or the visit."""
    if options.pdf:
        _leave(visit, options.pdf, options.report_lang)
    if options.items:
        _show(plan)
    else:
        _show_visit(visit)


def _show_visit(visit: Visit) -> None:
    """Print the tables of a visit, and the machine's and people's time."""
    from yanshou.reports.messages import Messages  # noqa: PLC0415 - not needed for an answer as JSON
    from yanshou.reports.visit import time_needed, visit_tables  # noqa: PLC0415

    for table in visit_tables(visit, Messages(spoken())):
        for title, head, rows in _parts(table):
            print_table(head, rows, title=title)
    print(
        _("machine time %(machine)s   people's time %(person)s")
        % {"machine": time_needed(visit.machine_s), "person": time_needed(visit.person_s)}
    )


def _parts(table: VisitTable) -> Iterator[tuple[str, Sequence[str], list[Sequence[str]]]]:
    """The work system by system, as a terminal has no room for the system in each line; others whole."""
    if table.name != "work":
        yield table.title, table.head, list(table.rows)
        return
    for system, rows in groupby(table.rows, key=itemgetter(0)):
        yield system, table.head[1:], [row[1:] for row in rows]


def _leave(visit: Visit, path: Path, language: str) -> None:
    from yanshou.reports.visit import visit_pdf  # noqa: PLC0415 - brings Typst in

    made = visit_pdf(visit, language, datetime.now().astimezone())
    try:
        path.write_bytes(made)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written: {error.strerror}.", "Name a file in a folder that exists."
        ) from error
    tell(str(path))


def _show(plan: Plan) -> None:
    from yanshou.reports.messages import Messages  # noqa: PLC0415 - not needed for an answer as JSON

    said = Messages(spoken()).reason
    print_table(
        (_("population"), "N", "n", _("rule"), _("drawn")),
        [(one.population, str(one.N), str(one.n), one.rule, " ".join(one.drawn)) for one in plan.sampling],
        title=_("samples   seed %d") % plan.seed,
    )
    print_table(
        (_("item"), _("requirements"), _("instruments"), _("released by a person"), "n"),
        [
            (
                item.id,
                " ".join(item.requirements),
                " ".join(item.instruments),
                " ".join(item.intrusive),
                str(item.repetitions),
            )
            for item in plan.items
        ],
        title=_("items   %d") % len(plan.items),
    )
    if plan.untestable:
        rows = [(entry.requirement, entry.device, said(entry.reason)) for entry in plan.untestable]
        print_table((_("requirement"), _("device"), _("reason")), rows, title=_("cannot be tested"))
    if plan.not_applicable:
        by_reason: dict[str, list[str]] = {}
        for entry in plan.not_applicable:
            by_reason.setdefault(said(entry.reason), []).append(entry.requirement)
        apart = [(" ".join(names), reason) for reason, names in by_reason.items()]
        print_table((_("requirement"), _("reason")), apart, title=_("does not apply"))


def _minutes(plan: Plan) -> float:
    return sum(plan.estimated_s.values()) / 60
