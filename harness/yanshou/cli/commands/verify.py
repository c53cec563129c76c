# SPDX-License-Identifier: Apache-2.0
"""``yanshou verify RUN``: whether a run folder is as it was sealed, to the byte."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanshou.cli.output import print_json
from yanshou.cli.words import N_, _
from yanshou.evidence import verify
from yanshou.model import UsageError

HELP = "verify a run folder: every byte against its manifest and the journal's chain"

_KINDS = {
    "changed": N_("changed"),
    "missing": N_("missing"),
    "extra": N_("not in the manifest"),
    "chain": N_("chain broken or cut"),
    "unsealed": N_("the run was never sealed"),
    "unreadable": N_("cannot be read"),
    "frozen": N_("not what the journal's first line says"),
    "misnamed": N_("its bytes are not those of its name"),
    "lost": N_("mentioned in the journal, not there"),
    "link": N_("a link: what it leads to is not in the folder"),
    "irregular": N_("no file, or an empty folder"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """RUN and --json."""
    parser.add_argument("path", type=Path, metavar="RUN")
    parser.add_argument("--json", action="store_true", help=_("answer as JSON"))


def run(options: argparse.Namespace) -> int:
    """0 when intact, else 1."""
    if not options.path.is_dir():
        raise UsageError("there is no such folder.", "Name a run folder.", path=options.path)
    result = verify(options.path)
    if options.json:
        problems = [{"path": one.path, "kind": one.kind} for one in result.problems]
        print_json(
            {"intact": result.intact, "problems": problems, "seal": result.seal, "journal_head": result.head}
        )
    elif result.intact:
        size = result.bytes / 1e6
        print(_("intact: %(files)d files, %(size).1f MB, seal %(seal)s") % {
            "files": result.files, "size": size, "seal": result.seal[:16],
        })  # fmt: skip
    else:
        for problem in result.problems:
            print(f"{problem.path}: {_(_KINDS[problem.kind])}")
        print(_("NOT intact; problems: %d") % len(result.problems))
    return 0 if result.intact else 1
