# SPDX-License-Identifier: Apache-2.0
"""``yanshou check SITE``: everything wrong with a site folder, all at once."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from yanshou.cli.output import print_json, print_table
from yanshou.cli.words import _
from yanshou.drivers.wiring import site_mistakes
from yanshou.fleet.settings import survey_mistakes
from yanshou.instruments.registry import register_mistakes
from yanshou.model.trouble import Mistake
from yanshou.planning import as_answer, check_site
from yanshou.session.reach import Reached, reach
from yanshou.site import load_site
from yanshou.standards import load

HELP = "check a site folder: files, secrets, wiring, profiles, calibration"


def arguments(parser: argparse.ArgumentParser) -> None:
    """SITE and --json."""
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("--reach", action="store_true", help=_("ask every device whether it answers"))
    parser.add_argument("--json", action="store_true", help=_("answer as JSON"))


def run(options: argparse.Namespace) -> int:
    """0 when nothing is wrong, 2 for a mistake in the folder, 3 when a device does not answer."""
    today = datetime.now().astimezone().date()
    mistakes = check_site(
        options.site,
        today,
        catalogue=load(),
        register=register_mistakes,
        hooks=[site_mistakes, survey_mistakes],
    )
    reached = list(reach(load_site(options.site))) if options.reach and not mistakes else []
    silent = [_silent(one) for one in reached if one.fault]
    if options.json:
        print_json(as_answer([*mistakes, *silent]))
    else:
        _show(mistakes, reached)
    return 2 if mistakes else 3 if silent else 0


def _show(mistakes: list[Mistake], reached: list[Reached]) -> None:
    if mistakes:
        print("\n".join(str(mistake) for mistake in mistakes))
        print(_("problems: %d") % len(mistakes))
        return
    print(_("the site folder is in order"))
    if reached:
        heads = (_("device"), _("answers"), "")
        rows = [(one.device.id, "✗" if one.fault else "✓", one.fault or one.answer) for one in reached]
        print_table(heads, rows)


def _silent(one: Reached) -> Mistake:
    file, _colon, line = one.device.place.rpartition(":")
    return Mistake(file, int(line) if line.isdigit() else None, f"{one.device.id}: {one.fault}", "")
