# SPDX-License-Identifier: Apache-2.0
"""``yanshou pack RUN``: one archive for the client and the years, with everything to check it."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import sys
import tempfile
from pathlib import Path

from yanshou.cli.language import _
from yanshou.cli.output import print_json
from yanshou.cli.packages import beside, encrypt, enough, recipients
from yanshou.evidence import RunFolder, sha256_of, verify
from yanshou.evidence.laboratory import PASSPHRASE, LaboratoryKey, read_key, session_key
from yanshou.evidence.manifest import seal_as_it_is
from yanshou.evidence.package import write_package
from yanshou.model import UsageError
from yanshou.model.printable import tell


def run(options: argparse.Namespace) -> int:
    """Return 0 when the package is written."""
    to = recipients(options.encrypt_to) if options.encrypt_to else []
    key = read_key(options.key, _passphrase()) if options.key else session_key()
    folder = RunFolder.existing(options.path)
    _require_intact(folder.path)
    # nobody goes on with the run meanwhile; on a medium that cannot be written nobody can
    with folder.journal() if os.access(folder.path, os.W_OK) else contextlib.nullcontext():
        if key is not None:
            seal_as_it_is(folder.path, key)
        into = options.out or folder.path.with_name(f"{folder.path.resolve().name}.zip{'.age' if to else ''}")
        if to:
            with tempfile.TemporaryDirectory(prefix=".yanshou-", dir=into.resolve().parent) as temporary:
                plain = Path(temporary) / "package.zip"
                write_package(folder.path, plain, beside(), key)
                encrypt(plain, into, to)
        else:
            write_package(folder.path, into, beside(), key)
    _tell(options, into, key, to)
    return 0


def _require_intact(run: Path) -> None:
    """UsageError unless the folder is as it was sealed; damage that a person accepted stays in it."""
    result = verify(run)
    if wrong := [one for one in result.problems if one.kind != "was"]:
        raise UsageError(
            f"the run folder is not intact: {wrong[0].path} ({wrong[0].kind}).",
            "See `yanshou verify RUN`. Nothing was packed.",
            path=run,
        )


def _passphrase() -> str:
    """From the environment, else asked where somebody can answer; a key may have none."""
    if (given := os.environ.get(PASSPHRASE)) is not None:
        return given
    return getpass.getpass(_("passphrase: ")) if sys.stdin.isatty() else ""


def _tell(options: argparse.Namespace, into: Path, key: LaboratoryKey | None, to: list[object]) -> None:
    digest = sha256_of(into)
    if to and not enough(to):
        tell(_("one key only can open this package: add a recovery key by --encrypt-to"), file=sys.stderr)
    if options.json:
        print_json({"package": into.as_posix(), "sha256": digest, "signed": key is not None})
        return
    tell(_("packed: %(file)s, %(size).1f MB, sha256 %(digest)s")
         % {"file": into.as_posix(), "size": into.stat().st_size / 1e6, "digest": digest})  # fmt: skip
    if key is None:
        print(_("the manifest is not signed: name the laboratory's key by --key"))
