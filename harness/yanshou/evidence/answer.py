# SPDX-License-Identifier: Apache-2.0
"""What ``verify`` found, for a person and for a program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from yanshou.evidence.manifest import VerifyResult

Translate = Callable[[str], str]

_SEAL_SHOWN: Final = 16


def as_json(result: VerifyResult) -> str:
    """The answer of ``verify --json``."""
    problems = [{"path": one.path, "kind": one.kind} for one in result.problems]
    answer = {"intact": result.intact, "problems": problems, "seal": result.seal, "journal_head": result.head}
    return json.dumps(answer, ensure_ascii=False, indent=2)


def lines(result: VerifyResult, translate: Translate = str) -> Iterator[str]:
    """One line that says intact, or one for each problem and their number."""
    if result.intact:
        said = translate("intact: %(files)d files, %(size).1f MB, seal %(seal)s")
        yield said % {"files": result.files, "size": result.bytes / 1e6, "seal": result.seal[:_SEAL_SHOWN]}
        return
    kinds = _kinds(translate)
    for problem in result.problems:
        yield f"{problem.path}: {kinds[problem.kind]}"
    yield translate("NOT intact; problems: %d") % len(result.problems)


def exit_code(result: VerifyResult) -> int:
    """0 when intact, else 1."""
    return 0 if result.intact else 1


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
        "irregular": translate("no file, or an empty folder"),
    }
