# SPDX-License-Identifier: Apache-2.0
"""``yanshou verify RUN``: checks whether a run folder is byte for byte as it was sealed."""

from __future__ import annotations

import argparse

from yanshou.cli.language import _
from yanshou.evidence import passes_through, verify
from yanshou.evidence.answer import as_json, exit_code, lines
from yanshou.model import UsageError


def run(options: argparse.Namespace) -> int:
    """Return 0 if it is intact and has the noted digest, else 1."""
    if not options.path.is_dir():
        raise UsageError("there is no such folder.", "Name a run folder.", path=options.path)
    result = verify(options.path)
    noted = passes_through(options.path, options.seal) if options.seal is not None else None
    print(as_json(result, noted) if options.json else "\n".join(lines(result, _, noted)))
    return exit_code(result, noted)
