# SPDX-License-Identifier: Apache-2.0
"""``yanshou key FILE``: makes the laboratory's key once, or shows which one it is."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from yanshou.cli.language import _
from yanshou.cli.output import print_json
from yanshou.evidence.laboratory import KEY, PASSPHRASE, create_key, fingerprint, read_public
from yanshou.model import UsageError
from yanshou.model.printable import tell


def run(options: argparse.Namespace) -> int:
    """Return 0 when the key is there."""
    if options.age:
        return _age(options)
    public = options.path.with_name(options.path.name + ".pub")
    if options.path.is_file():
        mark, made = fingerprint(read_public(public)), False
    else:
        mark, made = create_key(options.path, "" if options.no_passphrase else _chosen()), True
    if options.json:
        print_json({"made": made, "public": public.as_posix(), "fingerprint": mark})
        return 0
    if made:
        message = _("made %(private)s (keep it, and a copy elsewhere) and %(public)s (give it to everybody)")
        tell(message % {"private": options.path, "public": public})
        print(_("set %(key)s to its path and %(passphrase)s to its passphrase where sessions run")
              % {"key": KEY, "passphrase": PASSPHRASE})  # fmt: skip
    print(_("fingerprint: %s") % mark)
    return 0


def _age(options: argparse.Namespace) -> int:
    """An age identity for packages, and the recipient that belongs to it."""
    from yanshou.cli.packages import create_identity  # noqa: PLC0415 - brings age in

    recipient = create_identity(options.path)
    print_json({"recipient": recipient}) if options.json else print(_("recipient: %s") % recipient)
    return 0


def _chosen() -> str:
    """A new passphrase: from the environment, else asked twice."""
    if given := os.environ.get(PASSPHRASE):
        return given
    if not sys.stdin.isatty():
        raise UsageError(
            "there is no passphrase for the new key.",
            f"Set {PASSPHRASE}, make it at a terminal, or say --no-passphrase.",
        )
    first, second = getpass.getpass(_("new passphrase: ")), getpass.getpass(_("once more: "))
    if first != second or not first:
        raise UsageError("the two passphrases differ, or are empty.", "No key was made.")
    return first
