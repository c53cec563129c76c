# SPDX-License-Identifier: Apache-2.0
"""``yanshou check SITE``: everything wrong with a site folder, all at once."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from yanshou.cli.output import print_json
from yanshou.cli.words import _
from yanshou.drivers.wiring import site_mistakes
from yanshou.instruments.registry import register_mistakes
from yanshou.planning import as_answer, check_site
from yanshou.standards import load

HELP = "check a site folder: files, secrets, wiring, profiles, calibration"


def arguments(parser: argparse.ArgumentParser) -> None:
    """SITE and --json."""
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("--json", action="store_true", help=_("answer as JSON"))


def run(options: argparse.Namespace) -> int:
    """0 when nothing is wrong, else 2."""
    today = datetime.now().astimezone().date()
    mistakes = check_site(
        options.site, today, catalogue=load(), register=register_mistakes, hooks=[site_mistakes]
    )
    if options.json:
        print_json(as_answer(mistakes))
    elif mistakes:
        print("\n".join(str(mistake) for mistake in mistakes))
        print(_("%d problems") % len(mistakes))
    else:
        print(_("the site folder is in order"))
    return 2 if mistakes else 0
