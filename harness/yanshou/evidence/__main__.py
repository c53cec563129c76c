# SPDX-License-Identifier: Apache-2.0
"""``python -m yanshou.evidence RUN``: ``yanshou verify`` with the standard library alone.

Somebody who receives a run folder needs Python 3.11 and the packages ``yanshou.evidence`` and
``yanshou.model``, and nothing else of yanshou or of what it depends on. Signatures of reports are not checked
then, and it says so. The exit codes are those of ``yanshou
verify``: 0 intact; 1 not intact; 2 wrong use; 3 the folder cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from yanshou.evidence.answer import as_json, exit_code, lines, unchecked
from yanshou.evidence.manifest import passes_through, verify
from yanshou.model import UsageError

_USAGE, _FAULT = 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify one run folder and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m yanshou.evidence", description="Verify a run folder.")
    parser.add_argument("path", type=Path, metavar="RUN")
    parser.add_argument(
        "--seal", metavar="DIGEST", help="digest noted outside: the seal, or the journal's end"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    options = parser.parse_args(arguments)
    if not options.path.is_dir():
        sys.stderr.write(f"{options.path}: there is no such folder. Name a run folder.\n")
        return _USAGE
    try:
        result = verify(options.path)
        noted = passes_through(options.path, options.seal) if options.seal is not None else None
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return _USAGE
    except OSError as error:
        sys.stderr.write(f"{error.filename or options.path}: cannot be read: {error.strerror or error}.\n")
        return _FAULT
    left = unchecked(result)
    said = [as_json(result, noted, left)] if options.json else lines(result, noted=noted, signatures=left)
    sys.stdout.buffer.write("".join(f"{line}\n" for line in said).encode(errors="replace"))
    return exit_code(result, noted)


if __name__ == "__main__":
    sys.exit(main())
