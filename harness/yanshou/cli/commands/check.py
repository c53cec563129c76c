# SPDX-License-Identifier: Apache-2.0
"""``yanshou check SITE``: lists all mistakes of a site folder at once, and tries its devices."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from yanshou.cli.grouped import mistake_lines, plain_lines
from yanshou.cli.language import _
from yanshou.cli.output import print_json
from yanshou.drivers.field.wiring import site_mistakes
from yanshou.fleet.scope import discover_mistakes
from yanshou.fleet.settings import survey_mistakes
from yanshou.instruments.register_check import register_mistakes
from yanshou.model import Site
from yanshou.model.printable import tell
from yanshou.model.trouble import Mistake
from yanshou.planning import as_answer, check_site, overlays_of
from yanshou.standards import Catalogue, load
from yanshou.standards.names import Names, shipped_names

if TYPE_CHECKING:
    from yanshou.cli.live_check import Live


def _catalogue(site: Site) -> Catalogue | Names:
    """Return the catalogue with the site's overlays; without them, and with nothing cited, its names do."""
    overlays = overlays_of(site)
    return load(overlays) if overlays or site.attributes.get("contract_cites") else shipped_names()


def run(options: argparse.Namespace) -> int:
    """Return 0 if all is right, 2 for a mistake in the folder, 3 if a device or a wire is not."""
    mistakes = check_site(
        options.site,
        datetime.now().astimezone().date(),
        catalogue=_catalogue,
        register=register_mistakes,
        hooks=[site_mistakes, survey_mistakes, discover_mistakes],
    )
    live: Live | None = None
    if not mistakes and (options.reach or options.bench):
        from yanshou.cli.live_check import asked  # noqa: PLC0415 - brings in what connects to devices

        live = asked(options)
    found = [*mistakes, *(live.mistakes() if live else ())]
    if options.json:
        print_json(as_answer(found) | (live.as_answer() if live else {}))
    else:
        _show(mistakes, live, every=options.all)
    return 2 if mistakes else 3 if found else 0


def _show(mistakes: list[Mistake], live: Live | None, *, every: bool) -> None:
    if mistakes:
        tell(*(plain_lines(mistakes) if every else mistake_lines(mistakes)))
        print(_("problems: %d") % len(mistakes))
        return
    print(_("the site folder is in order"))
    if live:
        live.show()
