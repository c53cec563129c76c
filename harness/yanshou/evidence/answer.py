# SPDX-License-Identifier: Apache-2.0
"""The result of ``verify``, for a person and for a program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from yanshou.evidence.manifest import KeptIssue, VerifyResult
from yanshou.model.printable import printable

Translate = Callable[[str], str]


def as_json(result: VerifyResult, noted: str | None = None) -> str:
    """The answer of ``verify --json``.

    ``noted`` says what the digest given by ``--seal`` is: seal, journal line or neither.
    """
    problems = [{"path": one.path, "kind": one.kind} for one in result.problems]
    answer = {"intact": result.intact, "problems": problems, "seal": result.seal, "journal_head": result.head}
    if noted is not None:
        answer["noted"] = noted
    if result.answers:
        answer["changed_answers"] = [one._asdict() for one in result.answers]
    if result.issues:
        answer["issues"] = [_issue_record(one) for one in result.issues]
    return json.dumps(answer, ensure_ascii=False, indent=2)


def lines(result: VerifyResult, translate: Translate = str, noted: str | None = None) -> Iterator[str]:
    """The result in lines: intact or each problem, then whether the noted digest matches."""
    yield from _intact(result, translate) if result.intact else _broken(result, translate)
    for one in result.answers:
        said = translate("written answers of %(file)s changed between two sessions (line %(line)d): %(keys)s")
        yield printable(said % {"file": one.file, "line": one.line, "keys": ", ".join(one.keys)})
    for kept in result.issues:
        yield from _issued(kept, translate)
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


def exit_code(result: VerifyResult, noted: str | None = None) -> int:
    """0 if the folder is intact and the noted digest matches, else 1."""
    return 0 if result.intact and noted != "" else 1


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
    }
