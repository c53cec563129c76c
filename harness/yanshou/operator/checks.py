# SPDX-License-Identifier: Apache-2.0
"""Checks whether an answer fits its question; the same check for every back end."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

from yanshou.model import RigFault, UnitError, factor, same_unit, split_number
from yanshou.model.person import names_somebody
from yanshou.operator.pictures import fault_of
from yanshou.operator.questions import (
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    TextQuestion,
)

_YES = {"y", "yes", "是", "true"}
_NO = {"n", "no", "否", "false"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("－–—−‐‑", "-"))


def checked(
    question: Question, value: object, unit: str = "", folder: Path | None = None
) -> float | str | bool | Path:
    """The answer in its type; RigFault says what is wrong with it."""
    match question:
        case NumberQuestion():
            return _number(question, value, unit)
        case ChoiceQuestion():
            return _choice(question, value)
        case ConfirmQuestion():
            return _confirmed(question, value)
        case PhotoQuestion():
            return _photo(question, value, folder or Path())
        case TextQuestion(person=True) if not names_somebody(str(value or "")):
            raise _bad(question, value, "the name of a person, in letters")
        case TextQuestion() if question.pattern:
            return _patterned(question, str(value or "").strip())
    if not plain(str(value or "")):
        raise _bad(question, value, "some words")
    return str(value)


def plain(text: str) -> str:
    """A text typed with a full-width keyboard, in half width and without blanks around it."""
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).strip()


def _patterned(question: TextQuestion, text: str) -> str:
    """A text of a given form, kept as typed if it fits; a date must exist in the calendar."""
    if not re.fullmatch(question.pattern, text, re.ASCII):
        text = plain(text)
    if not re.fullmatch(question.pattern, text, re.ASCII):
        raise _bad(question, text, f"text like {question.pattern}")
    if _DATE.fullmatch(text):
        try:
            date.fromisoformat(text)
        except ValueError:
            raise _bad(question, text, "a day of the calendar, such as 2026-11-03") from None
    return text


def _number(question: NumberQuestion, value: object, unit: str) -> float:
    """The number in the unit of the question; a unit typed with it is converted, or refused."""
    wanted = f"a number in {question.unit}"
    try:
        figure, typed = split_number(str(value))
    except UnitError:
        raise _bad(question, value, wanted) from None
    if typed and unit and not same_unit(typed, unit):
        raise _bad(question, f"{value} [{unit}]", f"{wanted}, with one unit")
    unit = typed or unit
    if question.named and not unit:
        raise _bad(question, value, f"{wanted}, typed with its unit")
    try:
        by = factor(unit, question.unit) if unit and unit != question.unit else 1.0
    except UnitError as error:
        raise _bad(question, f"{value} {unit}".strip(), f"{wanted}: {error}") from None
    number = figure * by
    if not question.low <= number <= question.high:
        raise _bad(question, value, f"a number from {question.low:g} to {question.high:g} {question.unit}")
    return number


def _choice(question: ChoiceQuestion, value: object) -> str:
    options = [option for option, _ in question.options]
    named = {plain(one).casefold(): one for one in options}
    if (chosen := named.get(plain("" if value is None else str(value)).casefold())) is None:
        raise _bad(question, value, "one of " + ", ".join(options))
    return chosen


def _confirmed(question: ConfirmQuestion, value: object) -> bool:
    word = plain(str(value)).casefold()
    if word not in _YES | _NO:
        raise _bad(question, value, "yes or no")
    return word in _YES


def _photo(question: PhotoQuestion, value: object, folder: Path) -> Path:
    path = folder / str(value or "")
    if not path.is_file():
        raise _bad(question, value, "the path of a file that exists")
    if wanted := fault_of(path, question.text):
        raise _bad(question, value, wanted, final=True)
    return path


def _bad(question: Question, value: object, wanted: str, *, final: bool = False) -> RigFault:
    return RigFault(
        f"«{question.text}» was answered {value!r}.",
        device=question.key,
        remedy=f"It needs {wanted}.",
        final=final,
    )
