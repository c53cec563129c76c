# SPDX-License-Identifier: Apache-2.0
"""Asking a person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from yanshou.model import RigFault, utc_now
from yanshou.model.chinese import put_into
from yanshou.model.printable import printable
from yanshou.operator.checks import as_typed, checked, half_width, plain, reason_of, refuses
from yanshou.operator.messages import in_language, message
from yanshou.operator.pictures import Album
from yanshou.operator.questions import (
    Answer,
    BadAnswerError,
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    PutOffError,
    Question,
    SignatureQuestion,
    WentBackError,
)

_BACK, _LATER = "<", ">"


class TerminalOperator:
    """Prints the question and reads a line; ``!`` and a reason says that it cannot be answered.

    ``read`` and ``write`` are the terminal; the creator of this object suspends pytest's capture.
    """

    def __init__(
        self,
        name: str,
        witness: str = "",
        *,
        album: Album | None = None,
        read: Callable[[str], str] = input,
        write: Callable[[str], object] = print,
        interactive: Callable[[], bool] | None = None,
        language: str = "zh",
    ) -> None:
        self.name = name
        self.language = language
        self.witness = witness
        self._album = album or Album()
        self._read, self._write, self._interactive = read, write, interactive or _at_a_terminal

    def take_over(self, name: str, witness: str) -> None:
        """From now on these persons answer and witness."""
        self.name, self.witness = name, witness

    def ask(self, question: Question) -> Answer:
        """The person's answer; a wrong one is asked for again, the end of input is a fault."""
        if not self._interactive():
            raise RigFault(
                f"«{question.text}» needs a person, and there is no terminal.",
                device=question.key,
                remedy='Run from a terminal, or give answers with [operator] backend = "scripted".',
            )
        self._write(printable(f"\n{question.text}{self._hint(question)}"))
        for path in question.show:
            self._write(printable(f"  ▸ {path}"))
        while True:
            line = self._line(question)
            try:
                return self._answer(question, line)
            except BadAnswerError as bad:
                self._write(printable(f"  {self._say('terminal.needs', wanted=bad.wanted)}"))
            except RigFault as fault:
                self._write(printable(f"  {put_into(fault.remedy, self.language)}"))

    def _answer(self, question: Question, line: str) -> Answer:
        """What a line answers; WentBackError and PutOffError where the person wants something else."""
        if question.back and half_width(line) == _BACK:
            raise WentBackError
        if question.later and half_width(line) == _LATER:
            raise PutOffError(self.name)
        if refuses(line):
            return Answer(question.key, None, self.name, utc_now(), unable=reason_of(question, line[1:]))
        value = checked(question, line)
        if isinstance(value, Path):
            self._album.keep(question, value)
        if isinstance(question, NumberQuestion):
            return Answer(question.key, value, self.name, utc_now(), unit=question.unit, typed=line)
        typed = as_typed(question, value, line)
        return Answer(question.key, value, self.name, utc_now(), typed=typed)

    def review(self, given: Sequence[tuple[Question, Answer]]) -> int | None:
        """The place of the answer that the person wants to correct; None on Enter."""
        if not given or not self._interactive():
            return None
        self._write("\n" + self._say("terminal.answers"))
        for place, (question, answer) in enumerate(given, start=1):
            self._write(printable(f"  {place}  {question.text}  →  {self._shown(answer)}"))
        self._write(self._say("terminal.review"))
        while True:
            try:
                line = plain(self._read(f"{self.name}> "))
            except EOFError:
                return None  # all questions are answered
            if not line:
                return None
            if line.isascii() and line.isdigit() and 1 <= int(line) <= len(given):
                return int(line) - 1
            self._write(f"  1…{len(given)}")

    def _line(self, question: Question) -> str:
        try:
            return self._read(f"{self.name}> ").strip()
        except EOFError:
            raise RigFault(
                f"«{question.text}» was not answered.", device=question.key, remedy="Run again."
            ) from None

    def _say(self, key: str, **fields: object) -> str:
        return in_language(message(key, **fields), self.language)

    def _shown(self, answer: Answer) -> str:
        if isinstance(answer.value, bool):
            return self._say("terminal.yes" if answer.value else "terminal.no")
        return f"{answer.value} {_unit(answer.unit)}".strip()

    def _hint(self, question: Question) -> str:
        keys = [key for key in ("back", "later") if getattr(question, key)]
        return self._form(question) + "".join(self._say(f"terminal.{key}") for key in keys)

    def _form(self, question: Question) -> str:
        match question:
            case NumberQuestion():
                named = self._say("terminal.with_unit") if question.named else ""
                return f" [{question.low:g}…{question.high:g} {_unit(question.unit)}".rstrip() + f"{named}]"
            case ChoiceQuestion():
                return "".join(f"\n  {value}: {label}" for value, label in question.options)
            case ConfirmQuestion():
                return f" [{self._say('terminal.yes_or_no')}]"
            case PhotoQuestion() | SignatureQuestion():
                return f" [{self._say('terminal.path')}]"
        return ""


def _at_a_terminal() -> bool:
    """Whether standard input is a terminal; a program without a console has no standard input."""
    stdin = sys.stdin
    return stdin is not None and not stdin.closed and stdin.isatty()


def _unit(unit: str) -> str:
    """The unit as a person reads it: a plain number has none."""
    return "" if unit == "1" else unit
