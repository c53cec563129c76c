# SPDX-License-Identifier: Apache-2.0
"""The signed files of a report, by the journal: each is the file before it and a signature after its bytes.

A PDF is signed by adding to it, so a signed file begins with the very bytes of the one that was signed. The
unsigned file of an issue stays as it was; each signature gives one more file beside it. A line ``signed`` of
the journal holds both digests. Here only bytes and digests are compared, with the standard library alone;
``yanshou.signing`` checks the signatures themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from yanshou.evidence.issues import ISSUES

SIGNED = "signed"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class SignedFile:
    """One signed file: who made it from which file, and the digests of both.

    ``role`` is tester, reviewer or approver; seal for a file that was sealed elsewhere; stamp where only a
    time stamp was added. ``certificate`` holds subject, issuer, serial, not_before, not_after and sha256, and
    is empty for a seal that this project cannot read. ``fields`` are the fields of the PDF that were filled.
    """

    line: int
    utc: str
    issue: int
    role: str
    person: str
    how: str
    level: str
    path: str
    sha256: str
    former: str
    former_sha256: str
    fields: tuple[str, ...] = ()
    certificate: Mapping[str, str] = field(default_factory=dict)


class Standing(StrEnum):
    """What the check of one signature came to."""

    VALID = "valid"
    NO_ROOT = "no_root"  # unbroken; nobody said which certificate authorities to trust
    FOREIGN = "foreign"  # of a kind that is not checked here (SM2)
    UNCHECKED = "unchecked"
    UNTRUSTED = "untrusted"
    SELF_MADE = "self_made"
    EXPIRED = "expired"
    REVOKED = "revoked"
    BROKEN = "broken"
    LOOSE = "loose"  # unbroken, and no signature holds every byte of its container
    UNSIGNED = "unsigned"
    CHANGED_AFTER = "changed_after"
    NOT_WHOLE = "not_whole"
    OTHER_PAGES = "other_pages"
    MISPLACED = "misplaced"  # drawn over the pages outside its cell, or where no seal belongs
    OTHER_CERTIFICATE = "other_certificate"
    NOT_RECORDED = "not_recorded"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


NOT_AGAINST = frozenset({Standing.VALID, Standing.NO_ROOT, Standing.FOREIGN, Standing.UNCHECKED})
"""Standings that do not speak against a file; those but ``VALID`` leave something unchecked."""


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """One signature, seal or time stamp of a PDF and what its check came to.

    ``name`` is its field; ``when`` the time at which its certificate had to be valid, which a time stamp
    authority stated if ``stamped``, else the signer's own clock.
    """

    path: str
    name: str
    standing: Standing
    subject: str = ""
    serial: str = ""
    certificate: str = ""  # its SHA-256
    when: str = ""
    stamped: bool = False


def last_revisions(signed: Iterable[SignedFile]) -> dict[int, SignedFile]:
    """The last signed file of each issue: it holds all signatures of that issue."""
    return {one.issue: one for one in signed}


def signed_files(events: Iterable[Mapping[str, Any]]) -> tuple[SignedFile, ...]:
    """Every signed file, in the order of the journal."""
    return tuple(_signed(event) for event in events if event["kind"] == SIGNED)


def stated_digests(signed: Iterable[SignedFile]) -> dict[str, str]:
    """The SHA-256 of signed files and of the files they were made from, by path in the run folder."""
    stated: dict[str, str] = {}
    for one in signed:
        stated |= {one.former: one.former_sha256, one.path: one.sha256}
    return stated


def begins_with(path: Path, former: Path) -> bool:
    """Whether a file begins with all bytes of another one and goes on after them."""
    if path.stat().st_size <= former.stat().st_size:
        return False
    with path.open("rb") as whole, former.open("rb") as first:
        while block := first.read(_BLOCK):
            if whole.read(len(block)) != block:
                return False
    return True


def not_grown(run: Path, signed: Iterable[SignedFile]) -> Iterator[str]:
    """Signed files that do not begin with the bytes of the file they were made from, by path."""
    for one in signed:
        path, former = run / one.path, run / one.former
        if path.is_file() and former.is_file() and not begins_with(path, former):
            yield one.path


def unrecorded(run: Path, signed: Iterable[SignedFile]) -> Iterator[str]:
    """Files beside the issues that are named like signed ones, and that the journal does not know."""
    known = {one.path for one in signed}
    for path in sorted((run / ISSUES).glob("*/*.signed-*")):
        if (name := path.relative_to(run).as_posix()) not in known:
            yield name


def _signed(event: Mapping[str, Any]) -> SignedFile:
    texts = {
        key: str(event.get(key) or "")
        for key in ("utc", "role", "person", "how", "level", "sha256", "former")
    }
    certificate = event.get("certificate")
    return SignedFile(
        line=int(event["seq"]),
        issue=int(event["issue"]),
        path=str(event["file"]),
        former_sha256=str(event.get("former_sha256") or ""),
        fields=tuple(str(one) for one in event.get("fields") or ()),
        certificate={str(key): str(value) for key, value in certificate.items()}
        if isinstance(certificate, dict)
        else {},
        **texts,
    )
