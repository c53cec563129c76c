# SPDX-License-Identifier: Apache-2.0
"""``yanshou plan SITE``: shows what is tested on which devices, with which instruments, how long."""

from __future__ import annotations

import argparse

from yanshou.cli.language import _
from yanshou.cli.output import print_json, print_table
from yanshou.fixtures.declared import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import Plan, UsageError
from yanshou.planning import draw_mistakes, make_plan, overlays_of, ready_mistakes, to_json, with_draw
from yanshou.site import load_site
from yanshou.standards import load


def run(options: argparse.Namespace) -> int:
    """Return 0, whatever the plan contains."""
    site = load_site(options.site)
    if mistakes := [*draw_mistakes(site), *ready_mistakes(site)]:
        raise UsageError(mistakes)
    site = with_draw(site)
    covered = covered_measurands()
    plan = make_plan(site, load(overlays_of(site)), load_instruments(options.site), covered=covered)
    if options.json:
        print_json(to_json(plan))
        return 0
    _show(plan)
    return 0


def _show(plan: Plan) -> None:
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
        rows = [(entry.requirement, entry.device, entry.reason) for entry in plan.untestable]
        print_table((_("requirement"), _("device"), _("reason")), rows, title=_("cannot be tested"))
    if plan.not_applicable:
        by_reason: dict[str, list[str]] = {}
        for entry in plan.not_applicable:
            by_reason.setdefault(entry.reason, []).append(entry.requirement)
        apart = [(" ".join(names), reason) for reason, names in by_reason.items()]
        print_table((_("requirement"), _("reason")), apart, title=_("does not apply"))
    print(_("about %(minutes).0f min   plan sha256 %(sha256)s") % {
        "minutes": _minutes(plan), "sha256": plan.sha256,
    })  # fmt: skip


def _minutes(plan: Plan) -> float:
    estimate = plan.parameters.get("estimate_s")
    return float(estimate["total"]) / 60 if isinstance(estimate, dict) else 0.0
