# SPDX-License-Identifier: Apache-2.0
"""The records of the check sheet: the printed report, its run, and the answer to each question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yanshou.model import Requirement, Text
from yanshou.reports.messages import Messages
from yanshou.reports.self_check.printed import Printed
from yanshou.reports.self_check.rows import PrintedRequirement, PrintedRow
from yanshou.reports.view import RunView


class CheckAnswer(StrEnum):
    """The answer to one question of the sheet, the gravest first."""

    MISSING = "missing"
    BY_HAND = "by_hand"
    MET = "met"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class CheckPart:
    """One thing a rule demands; ``found`` names what is printed, or what is missing."""

    asks: Text
    answer: CheckAnswer
    found: str = ""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One rule of the laboratory and its parts."""

    requirement: Requirement
    parts: tuple[CheckPart, ...]

    @property
    def answer(self) -> CheckAnswer:
        """The gravest answer of its parts."""
        given = {part.answer for part in self.parts}
        return next(answer for answer in CheckAnswer if answer in given)


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A finished report: its run, its pages, the messages of its language, and its results as printed."""

    view: RunView
    printed: Printed
    messages: Messages
    rows: tuple[PrintedRow, ...]
    requirements: tuple[PrintedRequirement, ...] = ()

    @property
    def only_tested(self) -> str:
        """The sentence that results relate to the items tested only (17025 7.8.2.1 l)."""
        return self.messages.paragraphs("statement")[4]


Check = Callable[[CheckedReport], tuple[CheckPart, ...]]


def asked(zh: str, en: str, *, met: bool, found: str = "") -> CheckPart:
    """A part that the software can answer itself."""
    return CheckPart(Text(zh, en), CheckAnswer.MET if met else CheckAnswer.MISSING, found)


def complete(zh: str, en: str, missing: Sequence[str], *, found: str = "") -> CheckPart:
    """A part that is met if nothing is ``missing``; ``found`` is printed then, else what is missing."""
    return asked(zh, en, met=not missing, found="，".join(missing) or found)


def by_hand(zh: str, en: str, found: str = "") -> CheckPart:
    """A part that only the laboratory can answer."""
    return CheckPart(Text(zh, en), CheckAnswer.BY_HAND, found)


def not_needed(zh: str, en: str, found: str = "") -> CheckPart:
    """A part that does not apply to this report."""
    return CheckPart(Text(zh, en), CheckAnswer.NOT_NEEDED, found)
