# SPDX-License-Identifier: Apache-2.0
"""``yanshou verify RUN``: checks whether a run folder is byte for byte as sealed, and who signed it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from yanshou.cli.language import _
from yanshou.cli.packages import opened
from yanshou.cli.signatures import checked, require_pyhanko
from yanshou.evidence import passes_through
from yanshou.evidence.answer import as_json, exit_code, lines
from yanshou.evidence.laboratory import read_public

if TYPE_CHECKING:
    from yanshou.signing.certificates import Authorities


def run(options: argparse.Namespace) -> int:
    """Return 0 if it is intact, has the noted digest, and no signature speaks against it; else 1."""
    trusted = _trusted(options)
    key = read_public(options.key) if options.key else None
    with opened(options.path, options.identity, key) as (folder, result):
        noted = passes_through(folder, options.seal) if options.seal is not None else None
        signatures = checked(folder, result, trusted)
    if options.json:
        print(as_json(result, noted, signatures))
    else:
        print("\n".join(lines(result, _, noted, signatures)))
    return exit_code(result, noted, signatures)


def tell_intact(run_folder: Path) -> int:
    """Verify a folder by itself, with no key, seal or authority to hold it against; 0 if it is intact."""
    with opened(run_folder, None, None) as (folder, result):
        signatures = checked(folder, result, None)
    print("\n".join(lines(result, _, None, signatures)))
    return exit_code(result, None, signatures)


def _trusted(options: argparse.Namespace) -> Authorities | None:
    if not options.trust and not options.crl:
        return None
    require_pyhanko()
    from yanshou.signing.certificates import authorities  # noqa: PLC0415 - only with the extra

    return authorities(options.trust, options.crl)
