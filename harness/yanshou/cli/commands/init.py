# SPDX-License-Identifier: Apache-2.0
"""``yanshou init DIR``: makes a new site folder."""

from __future__ import annotations

import argparse

from yanshou.cli.language import _
from yanshou.site import begin_site


def run(options: argparse.Namespace) -> int:
    """Return 0 when the folder is made, 2 if its inventory has mistakes to correct."""
    mistakes = begin_site(options.folder, options.inventory)
    made = {"folder": options.folder}
    print(_("made %(folder)s; fill in site.toml, then: yanshou check %(folder)s") % made)
    if mistakes:
        print("\n".join(str(mistake) for mistake in mistakes))
        print(_("problems: %d") % len(mistakes))
    return 2 if mistakes else 0
