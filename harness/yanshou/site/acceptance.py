# SPDX-License-Identifier: Apache-2.0
"""Reads the acceptance file: the group, its three tables, its conclusion and the problems to mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from yanshou.model import UsageError
from yanshou.model.acceptance import (
    AcceptanceLine,
    AcceptanceMeeting,
    AcceptancePart,
    AcceptanceProblem,
    AcceptanceTerm,
    GroupMember,
    LineResult,
)
from yanshou.model.trouble import Mistake
from yanshou.toml import Table, near, read_toml, root
from yanshou.vocabulary.spelling import spellings, squeezed

_Word = TypeVar("_Word", bound=StrEnum)

_PARTS: Final = {
    AcceptancePart.CONSTRUCTION: ("施工验收", "施工", "施工验收组"),
    AcceptancePart.TECHNICAL: ("技术验收", "技术", "技术验收组"),
    AcceptancePart.DOCUMENT: ("资料审查", "资料", "资料审查组"),
}
_RESULTS: Final = {
    LineResult.PASSED: ("合格",),
    LineResult.BASIC: ("基本合格",),
    LineResult.FAILED: ("不合格",),
    LineResult.ABSENT: ("缺项", "不涉及", "无此项"),
}
_TERMS: Final = {
    AcceptanceTerm.PASSED: ("通过",),
    AcceptanceTerm.BASIC: ("基本通过",),
    AcceptanceTerm.FAILED: ("不通过",),
}
_MEMBER_KEYS: Final = frozenset({"name", "unit", "part", "expert", "interest", "leader"})
_LINE_KEYS: Final = frozenset({"text", "result", "starred", "note"})
_PROBLEM_KEYS: Final = frozenset({"text", "correction", "by", "until"})
_KEYS: Final = frozenset(
    {"date", "conclusion", "member", "problem", *(part.value for part in AcceptancePart)}
)


def read_acceptance(path: Path) -> AcceptanceMeeting:
    """The meeting in a file; UsageError with every mistake, each with its line."""
    mistakes: list[Mistake] = []
    toml = read_toml(path, mistakes)
    if not toml.sound:
        raise UsageError(mistakes)
    top = root(toml, mistakes)
    top.only(_KEYS)
    top.require("date")
    meeting = AcceptanceMeeting(
        on=top.day("date"),
        members=tuple(_members(top)),
        lines=tuple(line for part in AcceptancePart for line in _lines(top, part)),
        conclusion=_word(top, "conclusion", _TERMS),
        problems=tuple(_problems(top)),
    )
    if sum(member.leader for member in meeting.members) > 1:
        top.wrong("more than one member leads the group.", "Keep leader = true once.", "member")
    if mistakes:
        raise UsageError(mistakes)
    return meeting


def _members(top: Table) -> Iterator[GroupMember]:
    seen: dict[str, Table] = {}
    for table in top.rows("member"):
        table.only(_MEMBER_KEYS)
        name = table.person("name", required=True)
        if name in seen:
            remedy = f"See {seen[name].place('name')}; one person counts once."
            table.wrong(f"{name} is in the group already.", remedy, "name")
        seen.setdefault(name, table)
        yield GroupMember(
            name,
            table.text("unit", required=True),
            _word(table, "part", _PARTS, required=True) or AcceptancePart.TECHNICAL,
            expert=table.flag("expert", default=False),
            interest=table.flag("interest", default=False),
            leader=table.flag("leader", default=False),
        )


def _lines(top: Table, part: AcceptancePart) -> Iterator[AcceptanceLine]:
    for table in top.rows(part.value):
        table.only(_LINE_KEYS)
        yield AcceptanceLine(
            part,
            table.text("text", required=True),
            _word(table, "result", _RESULTS),
            starred=table.flag("starred", default=False),
            note=table.text("note"),
        )


def _problems(top: Table) -> Iterator[AcceptanceProblem]:
    for table in top.rows("problem"):
        table.only(_PROBLEM_KEYS)
        text, correction = table.text("text", required=True), table.text("correction", required=True)
        yield AcceptanceProblem(text, correction, table.text("by"), table.day("until"))


def _word(
    table: Table, key: str, allowed: Mapping[_Word, tuple[str, ...]], *, required: bool = False
) -> _Word | None:
    """A word of a closed list in either language; None when it is absent, blank or wrong."""
    text = table.text(key, required=required)
    if not text:
        return None
    found = spellings(allowed).get(squeezed(text))
    if found is None:
        known = (
            [str(one) for one in allowed]
            if text.isascii()
            else [one for more in allowed.values() for one in more]
        )
        table.wrong(f"{key} cannot be {text!r}.", near(text, known), key)
    return found
