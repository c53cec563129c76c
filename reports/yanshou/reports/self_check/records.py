# SPDX-License-Identifier: Apache-2.0
"""What the check sheet is made of: the printed report, its run, and the answer to each question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from yanshou.model import Requirement, Text
from yanshou.reports.messages import Messages
from yanshou.reports.self_check.printed import Printed
from yanshou.reports.view import RunView


class Answer(StrEnum):
    """The answer to one question of the sheet, the gravest first."""

    MISSING = "missing"
    BY_HAND = "by_hand"
    MET = "met"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a rule asks for; ``found`` names what is printed, or what is not."""

    asks: Text
    answer: Answer
    found: str = ""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One rule of the laboratory and its parts."""

    requirement: Requirement
    parts: tuple[Part, ...]

    @property
    def answer(self) -> Answer:
        """The gravest answer of its parts."""
        given = {part.answer for part in self.parts}
        return next(answer for answer in Answer if answer in given)


@dataclass(frozen=True, slots=True)
class Subject:
    """A finished report: the run it speaks of, its pages, and the words of its language."""

    view: RunView
    printed: Printed
    words: Messages


Check = Callable[[Subject], tuple[Part, ...]]


def asked(zh: str, en: str, *, met: bool, found: str = "") -> Part:
    """A part that the software can answer itself."""
    return Part(Text(zh, en), Answer.MET if met else Answer.MISSING, found)


def by_hand(zh: str, en: str, found: str = "") -> Part:
    """A part that only the laboratory can answer."""
    return Part(Text(zh, en), Answer.BY_HAND, found)


def not_needed(zh: str, en: str, found: str = "") -> Part:
    """A part that this report gives no occasion for."""
    return Part(Text(zh, en), Answer.NOT_NEEDED, found)
