# SPDX-License-Identifier: Apache-2.0
"""``yanshou init DIR``: makes a new site folder."""

from __future__ import annotations

import argparse

from yanshou.cli.begun import left_open, lines
from yanshou.cli.grouped import mistake_lines
from yanshou.cli.language import _, spoken
from yanshou.model import UsageError
from yanshou.model.printable import tell
from yanshou.site import begin_site
from yanshou.site.schedule import write_template


def run(options: argparse.Namespace) -> int:
    """Return 0 when the folder is made, 2 if its inventory leaves something to correct or to decide."""
    if options.template:
        return _template(options)
    if options.folder is None:
        raise UsageError(
            _("no folder is named."), _("Write: yanshou init DIR, or: yanshou init --template FILE.xlsx")
        )
    begun = begin_site(options.folder, options.inventory)
    if begun.rows:
        for line in lines(begun, options.inventory.name):
            tell(line)
    made = {"folder": options.folder}
    print(_("made %(folder)s; fill in site.toml, then: yanshou check %(folder)s") % made)
    if begun.mistakes:
        tell(*mistake_lines(begun.mistakes))
    problems = len(begun.mistakes) + left_open(begun)
    if problems:
        print(_("problems: %d") % problems)
    return 2 if problems else 0


def _template(options: argparse.Namespace) -> int:
    if options.folder or options.inventory:
        raise UsageError(_("--template makes no site."), _("Fill it in, then: yanshou init DIR --from FILE"))
    write_template(options.template, spoken())
    print(
        _("wrote %(file)s; fill it in, then: yanshou init DIR --from %(file)s") % {"file": options.template}
    )
    return 0
