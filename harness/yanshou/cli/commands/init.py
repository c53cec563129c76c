# SPDX-License-Identifier: Apache-2.0
"""``yanshou init DIR``: makes a new site folder."""

from __future__ import annotations

import argparse

from yanshou.cli.begun import left_open, lines
from yanshou.cli.grouped import mistake_lines
from yanshou.cli.language import _
from yanshou.model.printable import tell
from yanshou.site import begin_site


def run(options: argparse.Namespace) -> int:
    """Return 0 when the folder is made, 2 if its inventory leaves something to correct or to decide."""
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
