# SPDX-License-Identifier: Apache-2.0
"""The meeting of an acceptance group and what it found: the records of the acceptance file.

An acceptance has three parts (GB 50348-2018, chapter 10): construction, technical and document acceptance.
Each has a table whose lines are passed, basically passed or not passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AcceptancePart(StrEnum):
    """施工验收, 技术验收, 资料审查."""

    CONSTRUCTION = "construction"
    TECHNICAL = "technical"
    DOCUMENT = "document"


class LineResult(StrEnum):
    """What the group found on one line; ``ABSENT``: the line is not required or does not occur (缺项)."""

    PASSED = "passed"
    BASIC = "basic"
    FAILED = "failed"
    ABSENT = "absent"


class AcceptanceTerm(StrEnum):
    """The three terms of a conclusion, the best first (GB 50348-2018, 10.1.5)."""

    PASSED = "passed"
    BASIC = "basic"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One person of the acceptance group; ``interest``: has an interest in the work and must stand aside."""

    name: str
    unit: str
    part: AcceptancePart
    expert: bool = False
    interest: bool = False
    leader: bool = False


@dataclass(frozen=True, slots=True)
class AcceptanceLine:
    """One line of a table; ``result`` is None as long as the group has not decided; ``starred``: marked *."""

    part: AcceptancePart
    text: str
    result: LineResult | None
    starred: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class AcceptanceProblem:
    """A problem the group found, how it is to be mended, by whom and until when."""

    text: str
    correction: str
    by: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AcceptanceMeeting:
    """All of an acceptance file; ``conclusion`` is what the group concluded, None before it did."""

    on: date | None
    members: tuple[GroupMember, ...]
    lines: tuple[AcceptanceLine, ...]
    conclusion: AcceptanceTerm | None = None
    problems: tuple[AcceptanceProblem, ...] = ()

    def of(self, part: AcceptancePart) -> tuple[AcceptanceLine, ...]:
        """The lines of one part, in their order."""
        return tuple(line for line in self.lines if line.part is part)

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> AcceptanceMeeting:
        """The meeting as a journal holds it; KeyError, TypeError or ValueError for anything else."""
        lines, members, problems = (_tables(record[name]) for name in ("lines", "members", "problems"))
        return cls(
            on=_day(record["on"]),
            members=tuple(
                GroupMember(
                    str(one["name"]),
                    str(one["unit"]),
                    AcceptancePart(str(one["part"])),
                    expert=one["expert"] is True,
                    interest=one["interest"] is True,
                    leader=one["leader"] is True,
                )
                for one in members
            ),
            lines=tuple(
                AcceptanceLine(
                    AcceptancePart(str(one["part"])),
                    str(one["text"]),
                    LineResult(str(one["result"])) if one["result"] is not None else None,
                    starred=one["starred"] is True,
                    note=str(one["note"]),
                )
                for one in lines
            ),
            conclusion=AcceptanceTerm(str(record["conclusion"]))
            if record["conclusion"] is not None
            else None,
            problems=tuple(
                AcceptanceProblem(
                    str(one["text"]), str(one["correction"]), str(one["by"]), _day(one["until"])
                )
                for one in problems
            ),
        )


def last_meeting(events: Iterable[Mapping[str, object]]) -> AcceptanceMeeting | None:
    """The meeting that stands in a journal: the last one, None if there was none."""
    meetings = [event["meeting"] for event in events if event["kind"] == "acceptance"]
    return AcceptanceMeeting.from_record(_table(meetings[-1])) if meetings else None


def _table(value: object) -> Mapping[str, object]:
    if isinstance(value, dict):
        return value
    raise TypeError("a table was expected")


def _tables(value: object) -> list[Mapping[str, object]]:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise TypeError("a list of tables was expected")


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value is not None else None
