# SPDX-License-Identifier: Apache-2.0
"""``yanshou verify RUN``: checks whether a run folder is byte for byte as sealed, and who signed it.

A signed PDF alone can be named as well, by somebody who was sent nothing else.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from yanshou.cli.language import _
from yanshou.cli.other_retests import tell_of_unnamed
from yanshou.cli.packages import opened
from yanshou.cli.signatures import against, checked, checked_alone, require_pyhanko
from yanshou.evidence import passes_through
from yanshou.evidence.answer import as_json, exit_code, lines, signature_lines, signatures_json
from yanshou.evidence.laboratory import read_public
from yanshou.model import UsageError

if TYPE_CHECKING:
    from yanshou.signing.certificates import Authorities

_PDF = b"%PDF-"


def run(options: argparse.Namespace) -> int:
    """Return 0 if it is intact, has the noted digest, and no signature speaks against it; else 1."""
    trusted = _trusted(options)
    if _is_pdf(options.path):
        return _signed_file(options, trusted)
    key = read_public(options.key) if options.key else None
    with opened(options.path, options.identity, key) as (folder, result):
        noted = passes_through(folder, options.seal) if options.seal is not None else None
        signatures = checked(folder, result, trusted)
    if options.path.is_dir():
        tell_of_unnamed(options.path)
    if options.json:
        print(as_json(result, noted, signatures))
    else:
        print("\n".join(lines(result, _, noted, signatures)))
    return exit_code(result, noted, signatures)


def _is_pdf(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_PDF)) == _PDF


def _signed_file(options: argparse.Namespace, trusted: Authorities | None) -> int:
    """The signatures of a PDF that came without its run folder."""
    if options.seal is not None or options.key or options.identity:
        raise UsageError(
            "--seal, --key and --identity are of a run folder or a package.",
            "Name the authority of a PDF by --trust.",
            path=options.path,
        )
    require_pyhanko()
    signatures = checked_alone(options.path, trusted)
    if options.json:
        print(signatures_json(signatures))
    else:
        print("\n".join(signature_lines(signatures, _)))
    return 1 if against(signatures) else 0


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
