# SPDX-License-Identifier: Apache-2.0
"""The result of ``verify``, for a person and for a program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

from yanshou.evidence.laboratory import KeySignature, Signedness
from yanshou.evidence.manifest import KeptIssue, VerifyResult
from yanshou.evidence.signed import NOT_AGAINST, CheckedSignature, SignedFile, Standing, last_revisions
from yanshou.model.printable import printable

Translate = Callable[[str], str]
Checked = Sequence[CheckedSignature]


def unchecked(result: VerifyResult) -> Checked:
    """The signatures of a run where nothing is installed that can check them."""
    return [
        CheckedSignature(one.path, one.role, Standing.UNCHECKED)
        for one in last_revisions(result.signed).values()
    ]


def as_json(result: VerifyResult, noted: str | None = None, signatures: Checked = ()) -> str:
    """The answer of ``verify --json``.

    ``noted`` says what the digest given by ``--seal`` is: seal, journal line or neither; ``signatures`` are
    those of the signed reports.
    """
    problems = [{"path": one.path, "kind": one.kind} for one in result.problems]
    answer = {"intact": result.intact, "problems": problems, "seal": result.seal, "journal_head": result.head}
    if noted is not None:
        answer["noted"] = noted
    if result.answers:
        answer["changed_answers"] = [one._asdict() for one in result.answers]
    if result.unmentioned:
        answer["unmentioned"] = [one._asdict() for one in result.unmentioned]
    if result.issues:
        answer["issues"] = [_issue_record(one) for one in result.issues]
    if result.signed:
        answer["signed"] = [_signed_record(one) for one in result.signed]
    if signatures:
        answer["signatures"] = [asdict(one) for one in signatures]
    if result.key.asked or result.key.signedness is not Signedness.UNSIGNED:
        answer["manifest_signature"] = {"signedness": result.key.signedness, "key": result.key.fingerprint}
    return json.dumps(answer, ensure_ascii=False, indent=2)


def signatures_json(signatures: Checked) -> str:
    """The answer of ``verify --json`` for a PDF that came without its run folder."""
    answer = {"intact": None, "signatures": [asdict(one) for one in signatures]}
    return json.dumps(answer, ensure_ascii=False, indent=2)


def signature_lines(signatures: Checked, translate: Translate = str) -> Iterator[str]:
    """One line for each signature, seal or time stamp of a file."""
    for one in signatures:
        yield _checked_line(one, translate)


def lines(
    result: VerifyResult, translate: Translate = str, noted: str | None = None, signatures: Checked = ()
) -> Iterator[str]:
    """The result in lines: intact or each problem, then signatures, then whether the noted digest matches."""
    yield from _intact(result, translate) if result.intact else _broken(result, translate)
    for one in result.answers:
        said = translate("written answers of %(file)s changed between two sessions (line %(line)d): %(keys)s")
        yield printable(said % {"file": one.file, "line": one.line, "keys": ", ".join(one.keys)})
    for name, size in result.unmentioned:
        said = translate("%(path)s (%(bytes)d bytes): no line of the journal mentions it")
        yield printable(said % {"path": name, "bytes": size})
    for kept in result.issues:
        yield from _issued(kept, translate)
    for one_signed in result.signed:
        yield _signed_line(one_signed, translate)
    yield from signature_lines(signatures, translate)
    yield from _key_lines(result.key, translate)
    if noted is not None:
        yield _noted(translate)[noted]


def _issued(kept: KeptIssue, translate: Translate) -> Iterator[str]:
    """One issue of the report: number, time, reason, and the digest of its PDF."""
    one = kept.issue
    said = translate("issue %(number)d of the report, %(utc)s") % {"number": one.number, "utc": one.utc}
    if one.replaces:
        said += translate(", replaces issue %(replaces)d: %(reason)s") % {
            "replaces": one.replaces, "reason": one.reason,
        }  # fmt: skip
    yield printable(said)
    for path, digest in kept.files.items():
        if path.endswith("/report.pdf"):
            yield printable(f"  {path}  sha256 {digest}")


def _signed_record(one: SignedFile) -> dict[str, object]:
    record = asdict(one)
    return record | {"certificate": dict(one.certificate)}


def _signed_line(one: SignedFile, translate: Translate) -> str:
    """One signature by the journal: role, person, time, level, file."""
    said = translate("issue %(issue)d, %(role)s, by the journal: %(person)s, %(utc)s, %(level)s, %(path)s")
    return printable(
        said
        % {
            "issue": one.issue,
            "role": _roles(translate).get(one.role, one.role),
            "person": one.person or "?",
            "utc": one.utc,
            "level": one.level or "-",
            "path": one.path,
        }
    )


def _checked_line(one: CheckedSignature, translate: Translate) -> str:
    """One signature of a file and what its check came to."""
    name = _roles(translate).get(one.name, one.name)
    who = " ".join(part for part in (name, one.subject and f"({one.subject})") if part)
    said = f"{one.path}: {who}: {_standings(translate)[one.standing]}"
    if one.when:
        clock = translate("time stamp") if one.stamped else translate("signer's clock")
        said += f" [{one.when}, {clock}]"
    return printable(said)


def _key_lines(key: KeySignature, translate: Translate) -> Iterator[str]:
    """Whose key signed the manifest; nothing where it is not signed and nobody asked."""
    said = {
        Signedness.UNCHECKED: translate(
            "the manifest is signed by key %s; not checked: pycryptodomex is not installed"
        ),
        Signedness.UNKNOWN_KEY: translate(
            "the manifest is signed by key %s: compare it with what the laboratory told you, or use --key"
        ),
        Signedness.LABORATORY: translate("the manifest is signed by the laboratory's key %s"),
        Signedness.ANOTHER_KEY: translate("the manifest is signed by ANOTHER key: %s"),
    }
    if key.signedness in said:
        yield said[key.signedness] % key.fingerprint
    elif key.asked and key.signedness is Signedness.UNSIGNED:
        yield translate("the manifest is NOT signed: the folder may have been made anew as a whole")


def _issue_record(kept: KeptIssue) -> dict[str, object]:
    one = kept.issue
    return {
        "number": one.number,
        "utc": one.utc,
        "reason": one.reason,
        "replaces": one.replaces,
        "language": one.language,
        "files": kept.files,
    }


def _intact(result: VerifyResult, translate: Translate) -> Iterator[str]:
    said = translate("intact: %(files)d files, %(size).1f MB, seal %(seal)s")
    yield said % {"files": result.files, "size": result.bytes / 1e6, "seal": result.seal}
    yield translate("the journal's end: %s") % result.head


def _broken(result: VerifyResult, translate: Translate) -> Iterator[str]:
    kinds = _kinds(translate)
    for problem in result.problems:
        yield f"{printable(problem.path)}: {kinds[problem.kind]}"
    yield translate("NOT intact; problems: %d") % len(result.problems)


def exit_code(result: VerifyResult, noted: str | None = None, signatures: Checked = ()) -> int:
    """0 if the folder is intact, the noted digest matches and no signature speaks against it; else 1."""
    against = [one for one in signatures if one.standing not in NOT_AGAINST]
    return 0 if result.intact and noted != "" and not against and not result.key.refused else 1


def _noted(translate: Translate) -> Mapping[str, str]:
    return {
        "seal": translate("the digest is the seal of this folder: every file is as it was when it was noted"),
        "journal": translate(
            "the digest is of this journal: its events up to there are as they were when it was noted"
        ),
        "": translate(
            "the digest that was noted is NOT of this folder: it was changed, made anew, or is another run"
        ),
    }


def _kinds(translate: Translate) -> Mapping[str, str]:
    return {
        "changed": translate("changed"),
        "missing": translate("missing"),
        "extra": translate("not in the manifest"),
        "chain": translate("chain broken or cut"),
        "unsealed": translate("the run was never sealed"),
        "unreadable": translate("cannot be read"),
        "frozen": translate("not what the journal's first line says"),
        "misnamed": translate("its bytes are not those of its name"),
        "lost": translate("mentioned in the journal, not there"),
        "link": translate("a link: what it leads to is not in the folder"),
        "was": translate("the run was gone on with although its folder was not intact"),
        "irregular": translate("no file, or an empty folder"),
        "prefix": translate("does not begin with the bytes of the file that was signed"),
        "unrecorded": translate("named like a signed report, and the journal does not know it"),
        "compressed": translate("compressed: not of a package of ours, and not unpacked"),
        "overlong": translate("it claims to hold more than the file does: not unpacked"),
        "name": translate("its name leads elsewhere, or cannot be held everywhere: not unpacked"),
        "twice": translate("its name comes twice: not unpacked"),
        "signature": translate("the signature of the laboratory's key is not of this file"),
    }


def _roles(translate: Translate) -> Mapping[str, str]:
    return {
        "tester": translate("tester"),
        "reviewer": translate("reviewer"),
        "approver": translate("approver"),
        "seal": translate("seal made elsewhere"),
        "stamp": translate("time stamp"),
    }


def _standings(translate: Translate) -> Mapping[Standing, str]:
    return {
        Standing.VALID: translate("valid"),
        Standing.NO_ROOT: translate(
            "unbroken; whose certificate it is was not checked: name the authority's certificate by --trust"
        ),
        Standing.FOREIGN: translate(
            "a seal of another kind (such as SM2), not checked by us: ask its service"
        ),
        Standing.UNCHECKED: translate("signature not checked: install yanshou[sign]"),
        Standing.UNTRUSTED: translate(
            "NOT TRUSTED: no authority given by --trust issued it; anybody can write a name in a certificate"
        ),
        Standing.SELF_MADE: translate(
            "NOT TRUSTED: the certificate was issued by itself; anybody can write any name in one"
        ),
        Standing.EXPIRED: translate("the certificate was NOT VALID at the time of signing"),
        Standing.REVOKED: translate("the certificate was REVOKED"),
        Standing.BROKEN: translate("BROKEN: what was signed is not what is in the file"),
        Standing.LOOSE: translate(
            "NOT PROVEN: the signature holds bytes that nobody signed. Name the authority of its time stamp, "
            "too, or check the file in its run folder"
        ),
        Standing.UNSIGNED: translate("there is NO signature in the file"),
        Standing.CHANGED_AFTER: translate("the file was CHANGED after it was signed"),
        Standing.NOT_WHOLE: translate("the last signature does NOT cover the whole file"),
        Standing.OTHER_PAGES: translate("the pages are NOT those of the issue that was signed"),
        Standing.MISPLACED: translate("drawn over the pages OUTSIDE its place: it may hide a result"),
        Standing.OTHER_CERTIFICATE: translate("made with ANOTHER certificate than the journal says"),
        Standing.NOT_RECORDED: translate("the journal does NOT know this signature"),
        Standing.ABSENT: translate("in the journal, and NOT in the file"),
        Standing.UNREADABLE: translate("the file or its signature cannot be read"),
    }
