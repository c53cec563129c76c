# SPDX-License-Identifier: Apache-2.0
"""Checks whether an answer fits its question; the same check for every back end."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

from yanshou.model import Text, UnitError, factor, same_unit, split_number
from yanshou.model.person import names_somebody
from yanshou.operator.messages import message
from yanshou.operator.pictures import fault_of
from yanshou.operator.questions import (
    BadAnswerError,
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    SignatureQuestion,
    TextQuestion,
)

_YES = {"y", "yes", "是", "true"}
_NO = {"n", "no", "否", "false"}
DAY = r"\d{4}-\d{2}-\d{2}"
"""The pattern of a date; each date of a text whose pattern contains it must exist in the calendar."""
_DATE = re.compile(DAY, re.ASCII)
_FIRST_YEAR = 1980  # no paper or record of a security system is older; 0226-11-03 is a typing error
_DASHES = str.maketrans(dict.fromkeys("－–—−‐‑", "-"))
_PROSE = "！，：；？（）～"  # marks of Chinese prose: they stay as they are typed
_WIDE = "".join(one for one in map(chr, range(0xFF01, 0xFF5F)) if one not in _PROSE)
_HALF = str.maketrans({**{one: chr(ord(one) - 0xFEE0) for one in _WIDE}, "\u3000": " ", "\u00b5": "\u03bc"})


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
        case PhotoQuestion() | SignatureQuestion():
            return _file(question, value, folder or Path())
        case TextQuestion(person=True) if not names_somebody(str(value or "")):
            raise _bad(question, value, message("wanted.name"))
        case TextQuestion() if question.pattern:
            return _patterned(question, str(value or "").strip())
    if not plain(str(value or "")):
        raise _bad(question, value, message("wanted.words"))
    return half_width(str(value))


def plain(text: str) -> str:
    """A text typed with a full-width keyboard, in half width and without blanks around it."""
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).strip()


def half_width(text: str) -> str:
    """A text with its full-width letters, digits and signs in half width, and one letter for micro.

    The same number typed on two keyboards is the same text then. The marks of Chinese prose stay.
    """
    return text.translate(_HALF)


def as_typed(question: Question, value: object, typed: object) -> str:
    """What was typed, where a text is kept in half width and was typed otherwise; else empty."""
    return str(typed) if isinstance(question, TextQuestion) and value != typed else ""


def refuses(line: str) -> bool:
    """Whether ``!`` or ``！`` was typed first: the question cannot be answered."""
    return plain(line[:1]) == "!"


def reason_of(question: Question, text: str) -> str:
    """The reason why a question cannot be answered; BadAnswerError unless it is one in words."""
    reason = " ".join(half_width(text).split())
    if not names_somebody(reason):
        raise _bad(question, text, message("wanted.reason"))
    return reason


def _patterned(question: TextQuestion, text: str) -> str:
    """A text of a given form, in half width; each date in it must exist in the calendar."""
    text = half_width(text)
    if not re.fullmatch(question.pattern, text, re.ASCII):
        text = plain(text)
    if not re.fullmatch(question.pattern, text, re.ASCII):
        raise _bad(question, text, message("wanted.form", pattern=question.pattern))
    for written in _DATE.findall(text) if DAY in question.pattern else ():
        try:
            day = date.fromisoformat(written)
        except ValueError:
            raise _bad(question, text, message("wanted.day")) from None
        if day.year < _FIRST_YEAR:
            raise _bad(question, text, message("wanted.year", year=_FIRST_YEAR))
    return text


def _number(question: NumberQuestion, value: object, unit: str) -> float:
    """The number in the unit of the question; a unit typed with it is converted, or refused."""
    whole = message("wanted.whole") if question.whole else None
    try:
        figure, typed = split_number(str(value))
    except UnitError:
        raise _bad(question, value, whole or message("wanted.number", unit=question.unit)) from None
    if typed and unit and not same_unit(typed, unit):
        raise _bad(question, f"{value} [{unit}]", message("wanted.one_unit", unit=question.unit))
    unit = typed or unit
    if question.named and not unit:
        raise _bad(question, value, message("wanted.with_unit", unit=question.unit))
    try:
        by = factor(unit, question.unit) if unit and unit != question.unit else 1.0
    except UnitError as error:
        wanted = whole or message("wanted.converted", unit=question.unit, why=error)
        raise _bad(question, f"{value} {unit}".strip(), wanted) from None
    number = figure * by
    if whole and (by != 1.0 or number % 1):  # "3 %" of 100 would be 0.03 of a thing
        raise _bad(question, f"{value} {unit}".strip(), whole)
    if not question.low <= number <= question.high:
        span = message("wanted.range", low=question.low, high=question.high, unit=question.unit)
        raise _bad(question, value, span)
    return number


def _choice(question: ChoiceQuestion, value: object) -> str:
    """The option that is named by its value, or by its words in either language where they are its alone."""
    typed = plain("" if value is None else str(value)).casefold()
    options = [option for option, _ in question.options]
    worded = (*question.options, *question.known)
    found = {one for one in options if plain(one).casefold() == typed} or {
        one for one, label in worded if plain(label).casefold() == typed
    }
    if len(found) != 1:
        raise _bad(question, value, message("wanted.option", options=", ".join(options)))
    return found.pop()


def _confirmed(question: ConfirmQuestion, value: object) -> bool:
    word = plain(str(value)).casefold()
    if word not in _YES | _NO:
        raise _bad(question, value, message("wanted.yes_or_no"))
    return word in _YES


def _file(question: PhotoQuestion | SignatureQuestion, value: object, folder: Path) -> Path:
    typed = str(value or "")
    path = next((one for one in (folder / typed, folder / half_width(typed)) if one.is_file()), None)
    if path is None:
        raise _bad(question, value, message("wanted.file"))
    if isinstance(question, PhotoQuestion):
        wanted = fault_of(path, question)
    else:
        from yanshou.operator.ink import ink_fault  # noqa: PLC0415 - brings OpenCV in

        wanted = ink_fault(path)
    if wanted:
        raise _bad(question, value, wanted, final=True)
    return path


def _bad(question: Question, value: object, wanted: Text, *, final: bool = False) -> BadAnswerError:
    return BadAnswerError(
        wanted,
        f"«{question.text}» was answered {value!r}.",
        device=question.key,
        remedy=f"It needs {wanted.en}.",
        final=final,
    )
