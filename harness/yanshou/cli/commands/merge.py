# SPDX-License-Identifier: Apache-2.0
"""``yanshou merge RUN… --out DIR``: one report over several days, testers and laptops of one order."""

from __future__ import annotations

import argparse

from yanshou.cli.commands.report import write_reports
from yanshou.cli.language import _
from yanshou.cli.merging import merge, voided
from yanshou.evidence import RunFolder
from yanshou.model.printable import tell


def run(options: argparse.Namespace) -> int:
    """Return the exit code of the findings over all runs."""
    merge(options.paths, options.out, options.as_named.strip())
    first = RunFolder.existing(options.out).events()[0]
    summary = {
        "runs": len(first["runs"]),
        "conflicts": len(first["conflicts"]),
        "anew": voided(first["runs"]),
    }
    tell(
        _("%(runs)d runs; different verdicts %(conflicts)d; results that do not stand %(anew)d") % summary,
    )
    only = options.only.split(",") if options.only else None
    return write_reports(options.out, only, options.report_lang)
