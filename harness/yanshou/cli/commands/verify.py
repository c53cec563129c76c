# SPDX-License-Identifier: Apache-2.0
"""``yanshou verify RUN``: whether a run folder is as it was sealed, to the byte."""

from __future__ import annotations

import argparse

from yanshou.cli.language import _
from yanshou.evidence import passes_through, verify
from yanshou.evidence.answer import as_json, exit_code, lines
from yanshou.model import UsageError


def run(options: argparse.Namespace) -> int:
    """0 when intact and of the digest that was noted, else 1."""
    if not options.path.is_dir():
        raise UsageError("there is no such folder.", "Name a run folder.", path=options.path)
    result = verify(options.path)
    noted = passes_through(options.path, options.seal) if options.seal is not None else None
    print(as_json(result, noted) if options.json else "\n".join(lines(result, _, noted)))
    return exit_code(result, noted)
