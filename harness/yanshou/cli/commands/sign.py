# SPDX-License-Identifier: Apache-2.0
"""``yanshou sign RUN``: signs the PDF of the last issue, takes in a sealed one, or adds a time stamp."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from yanshou.cli.language import _
from yanshou.cli.output import print_json
from yanshou.cli.signatures import IssueToSign, against, keep_signed, require_pyhanko, to_sign
from yanshou.evidence import Journal, RunFolder, reports_as_found, seal
from yanshou.model import UsageError
from yanshou.model.printable import tell

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

ROLE_NAMES = {"主检": "tester", "审核": "reviewer", "批准": "approver"}


def run(options: argparse.Namespace) -> int:
    """Return 0 when the signed file is kept and journalled."""
    ways = [bool(options.p12 or options.pkcs11), options.imported is not None, options.complete]
    if sum(ways) != 1 or (ways[0] and not options.role) or (options.p12 and options.pkcs11):
        raise UsageError(
            "say what to do, and one thing only.",
            "--role ROLE with --p12 FILE or --pkcs11 MODULE; or --import FILE; or --complete --tsa URL.",
        )
    require_pyhanko()
    folder = RunFolder.existing(options.path)
    with _signer(options) as signer:  # asks for the passphrase before anything is locked
        with folder.journal() as journal:
            found = reports_as_found(folder.path)
            issue = to_sign(folder, folder.events())
            made, missed = _made(options, issue, journal, signer)
        seal(folder.path, found)
    if missed:
        tell(missed, file=sys.stderr)
    if options.json:
        print_json({"file": made, "missed": missed})
    else:
        print(_("signed: %s") % (options.path / made).as_posix())
    return 0


def _made(
    options: argparse.Namespace, issue: IssueToSign, journal: Journal, signer: Signer | None
) -> tuple[str, str]:
    """The signed file, and what it lacks."""
    if options.imported is not None:
        return _take_in(options.imported, issue, journal), ""
    if options.complete:
        return _completed(options, issue, journal)
    assert signer is not None
    return _signed(options, issue, journal, signer)


def _signed(
    options: argparse.Namespace, issue: IssueToSign, journal: Journal, signer: Signer
) -> tuple[str, str]:
    from yanshou.signing.certificates import described, holder, short_subject  # noqa: PLC0415
    from yanshou.signing.pdf import sign  # noqa: PLC0415

    role = ROLE_NAMES.get(options.role, options.role)
    _require_turn(role, issue)
    certificate = signer.signing_cert
    assert certificate is not None
    person, data = options.person or holder(certificate), issue.read()
    appearance = _appearance(data, issue.issue.language, role, person, short_subject(certificate))
    made = sign(data, role, signer, options.tsa, appearance)
    file = keep_signed(
        issue,
        journal,
        made.data,
        role=role,
        how="p12" if options.p12 else "pkcs11",
        level=made.level,
        fields=[role],
        person=person,
        certificate=described(certificate),
    )
    return file, made.missed


def _appearance(data: bytes, language: str, role: str, person: str, subject: str) -> bytes:
    """What the signature shows on the page; nothing where the file has no room for it."""
    from yanshou.reports.signature_appearance import signature_appearance  # noqa: PLC0415 - brings the typesetting in
    from yanshou.signing.pdf import rooms  # noqa: PLC0415

    if (room := rooms(data).get(role)) is None:
        return b""
    now = datetime.now(UTC).astimezone()
    return signature_appearance(role, person, subject, now, (room.width, room.height), language or "zh")


def _require_turn(role: str, issue: IssueToSign) -> None:
    """UsageError if this role has signed, or another one signs first."""
    from yanshou.signing.pdf import ROLES  # noqa: PLC0415

    done = [one.role for one in issue.signed if one.role in ROLES]
    if role in done:
        raise UsageError(f"the {role} has signed issue {issue.issue.number}.", "Nothing was signed.")
    if role != ROLES[len(done)]:
        raise UsageError(
            f"the {ROLES[len(done)]} signs before the {role}.", f"Sign with --role {ROLES[len(done)]} first."
        )


def _take_in(sealed: Path, issue: IssueToSign, journal: Journal) -> str:
    """A file that was sealed elsewhere; UsageError unless it is our file and a seal after it."""
    from yanshou.signing.certificates import Authorities, described, holder  # noqa: PLC0415
    from yanshou.signing.check import certificate_of, check, field_names  # noqa: PLC0415

    try:
        data = sealed.read_bytes()
    except OSError:
        raise UsageError("it cannot be read.", "Name the sealed PDF.", path=sealed) from None
    if not data.startswith(issue.read()):
        raise UsageError(
            "it does not begin with the very bytes of the issue.",
            f"Have {issue.former} sealed as it is: nothing but a seal may be added.",
            path=sealed,
        )
    unsigned = (issue.run / issue.unsigned).read_bytes()
    found = check(sealed.name, data, Authorities(), issue=unsigned)
    if wrong := against(found):
        what = f"its seal does not hold: {wrong[0].name or sealed.name}: {wrong[0].standing}."
        raise UsageError(what, "Have the issue sealed again.", path=sealed)
    known = {name for one in issue.signed for name in one.fields}
    if not (new := [name for name in field_names(data) if name not in known]):
        raise UsageError("nothing in it is a seal or a signature.", "Name the sealed PDF.", path=sealed)
    certificate = certificate_of(data, new[-1])
    return keep_signed(
        issue,
        journal,
        data,
        role="seal",
        how="import",
        level="",
        fields=new,
        person=holder(certificate) if certificate else "",
        certificate=described(certificate) if certificate else {},
    )


def _completed(options: argparse.Namespace, issue: IssueToSign, journal: Journal) -> tuple[str, str]:
    from yanshou.signing.certificates import authorities  # noqa: PLC0415 - only with the extra
    from yanshou.signing.check import field_names  # noqa: PLC0415
    from yanshou.signing.pdf import complete  # noqa: PLC0415

    if not options.tsa:
        raise UsageError("--complete needs a time stamp authority.", "Name it: --tsa URL.")
    if not issue.signed:
        raise UsageError("nobody has signed this issue yet.", "Sign it first: --role tester.")
    before = set(field_names(issue.read()))
    made = complete(issue.read(), options.tsa, authorities(options.trust, options.crl))
    new = [name for name in field_names(made.data) if name not in before]
    file = keep_signed(issue, journal, made.data, role="stamp", how=options.tsa, level=made.level, fields=new)
    return file, made.missed


@contextlib.contextmanager
def _signer(options: argparse.Namespace) -> Iterator[Signer | None]:
    from yanshou.signing.certificates import pkcs12_signer, token_signer  # noqa: PLC0415

    if options.p12:
        yield pkcs12_signer(options.p12, _passphrase(options))
    elif options.pkcs11:
        with token_signer(options.pkcs11, options.token, options.certificate, _passphrase(options)) as signer:
            yield signer
    else:
        yield None


def _passphrase(options: argparse.Namespace) -> str:
    """From the environment, else asked; it is written nowhere."""
    if (given := os.environ.get(options.passphrase_env)) is not None:
        return given
    if not sys.stdin.isatty():
        raise UsageError("there is no passphrase.", f"Set {options.passphrase_env}, or sign at a terminal.")
    return getpass.getpass(_("passphrase: "))
