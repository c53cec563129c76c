# SPDX-License-Identifier: Apache-2.0
"""Typed questions to a person, and typed answers.  An unanswered question never passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from yanshou.model import RigFault, Text


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is put to a person, ``language`` (``zh`` or ``en``), and the same in the other language.

    ``message`` is its key in ``yanshou.operator.messages``.
    """

    text: str
    message: str
    language: str
    translated: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; ``key`` is stable and ASCII, so that scripted answers can be given for it.

    ``wording`` is given where ``text`` comes from the catalogue of messages. ``show`` names files (a
    snapshot, say) that the person looks at while answering. ``back`` permits correcting the previous answer
    first, ``later`` putting the item off to later in the session. ``witnessed``: the witness confirms it as
    well, on a phone of his own. ``by`` names the one person whose judgement it is.
    """

    key: str
    text: str
    wording: Wording | None = field(default=None, kw_only=True)
    show: tuple[Path, ...] = field(default=(), kw_only=True)
    back: bool = field(default=False, kw_only=True)
    later: bool = field(default=False, kw_only=True)
    witnessed: bool = field(default=False, kw_only=True)
    by: str = field(default="", kw_only=True, compare=False)


@dataclass(frozen=True, slots=True)
class NumberQuestion(Question):
    """A reading with its unit, inside [low, high].

    ``named``: the unit must be typed with the number, because two units could be meant. ``whole``: a number
    of things, neither a fraction nor a share of them.
    """

    unit: str
    low: float
    high: float
    named: bool = field(default=False, kw_only=True)
    whole: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class ChoiceQuestion(Question):
    """One of several options, each (value, words); ``known`` are words that are understood as well."""

    options: tuple[tuple[str, str], ...]
    known: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class TextQuestion(Question):
    """Free text; ``pattern`` may restrict it; ``person`` marks the name of a person."""

    pattern: str = ""
    person: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class PhotoQuestion(Question):
    """A photograph, answered with its path; ``scan``: a PDF will do as well, ``film``: a video."""

    scan: bool = field(default=False, kw_only=True)
    film: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SignatureQuestion(Question):
    """The handwritten signature of the person ``by``, answered with the path of a picture of it."""


@dataclass(frozen=True, slots=True)
class ConfirmQuestion(Question):
    """A named person takes responsibility for what ``text`` says; answered with yes or no."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, by whom, and when (RFC 3339 UTC).

    A number is given in the unit of its question; ``typed`` is what was written, if different. ``unable`` is
    the reason why the person could not answer; the item then stays untested. ``witness`` is who confirmed it
    as well, on a phone of his own.
    """

    key: str
    value: float | str | bool | Path | None
    person: str
    at: str
    unit: str = ""
    unable: str = ""
    typed: str = ""
    witness: str = ""


class BadAnswerError(RigFault):
    """What was answered is no answer to the question; ``wanted`` says in both languages what would be one."""

    def __init__(
        self, wanted: Text, what: str, *, device: str = "", remedy: str = "", final: bool = False
    ) -> None:
        super().__init__(what, device=device, remedy=remedy, final=final)
        self.wanted = wanted


class WentBackError(Exception):
    """Raised instead of an answer if the person wants to correct the previous one."""


class PutOffError(Exception):
    """Raised instead of an answer if the item is to be done later in the session; ``person`` wants that."""

    def __init__(self, person: str) -> None:
        super().__init__("put off")
        self.person = person


class Operator(Protocol):
    """One way to ask a person: the terminal, written answers, the console on a phone."""

    @property
    def name(self) -> str: ...
    @property
    def witness(self) -> str: ...
    @property
    def language(self) -> str:
        """The language the person is asked in: ``zh`` or ``en``."""
        ...

    def take_over(self, name: str, witness: str) -> None:
        """From now on these persons answer and witness."""
        ...

    def ask(self, question: Question) -> Answer:
        """The answer, with the person's name. RigFault if nobody answers."""
        ...


@runtime_checkable
class Reviewer(Protocol):
    """An operator who looks at the answers of an item once more before it ends."""

    def review(self, given: Sequence[tuple[Question, Answer]]) -> int | None:
        """The place of a mistyped answer; None if all are right."""
        ...
