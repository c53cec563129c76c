# SPDX-License-Identifier: Apache-2.0
"""``yanshou kit DIR``: an installation kit for computers without a network, or the check of one."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanshou.cli.kit.manifest import MANIFEST, check_kit
from yanshou.cli.language import _
from yanshou.cli.output import print_json
from yanshou.evidence import sha256_of
from yanshou.model.printable import tell


def run(options: argparse.Namespace) -> int:
    """Return 0 for a whole kit; 1 when a file differs, or a system lacks packages."""
    return _verify(options) if options.verify else _make(options)


def _verify(options: argparse.Namespace) -> int:
    kit: Path = options.folder
    wrong, digest = check_kit(kit), sha256_of(kit / MANIFEST)
    if options.json:
        print_json(
            {"intact": not wrong, "manifest_sha256": digest, "problems": [one._asdict() for one in wrong]}
        )
        return bool(wrong)
    said = {"changed": _("changed: %s"), "missing": _("missing: %s"), "added": _("not in the manifest: %s")}
    for one in wrong:
        tell(said[one.kind] % one.path)
    if not wrong:
        print(_("the kit is as it was made"))
    print(_("sha256 of %(file)s: %(digest)s") % {"file": MANIFEST, "digest": digest})
    return bool(wrong)


def _make(options: argparse.Namespace) -> int:
    from yanshou.cli.kit.make import make_kit  # noqa: PLC0415 - brings Node and pip in

    systems = options.system or ["linux", "windows"]
    made = make_kit(options.folder, list(dict.fromkeys(systems)))
    lacking = any(made.lacking.values())
    if options.json:
        said = {"kit": options.folder.as_posix(), "manifest_sha256": made.digest, "lacking": made.lacking}
        print_json(said)
        return bool(lacking)
    for system, names in made.lacking.items():
        if names:
            missing = _("%(system)s: there is no wheel of %(names)s; what needs it will not be installed")
            tell(missing % {"system": system, "names": ", ".join(names)})
    size = sum(path.stat().st_size for path in options.folder.rglob("*") if path.is_file()) / 1e6
    tell(_("made the kit %(folder)s, %(size).0f MB") % {"folder": options.folder.as_posix(), "size": size})
    print(_("sha256 of %(file)s: %(digest)s") % {"file": MANIFEST, "digest": made.digest})
    return bool(lacking)
