# SPDX-License-Identifier: Apache-2.0
"""Questions as plain data, so that another process can show them and check what is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from yanshou.operator import (
    Answer,
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    SignatureQuestion,
    TextQuestion,
)

_KINDS: Final[Mapping[type[Question], str]] = {
    NumberQuestion: "number",
    ChoiceQuestion: "choice",
    ConfirmQuestion: "confirm",
    TextQuestion: "text",
    PhotoQuestion: "photo",
    SignatureQuestion: "signature",
}
_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("unit", "low", "high", "named", "whole"),
    "text": ("pattern", "person"),
    "photo": ("scan", "film"),
}
FILES: Final = frozenset({"photo", "signature"})
"""The kinds of prompts that a file answers."""
REVIEW: Final = "review"
"""The kind of a prompt that shows the answers of an item once more."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What waits for a person.

    ``id`` is new for every prompt, so that an answer to an earlier one can never count for this one.
    ``kind`` is number, choice, confirm, text, photo, signature or review, ``asked`` the text by language,
    ``own`` what the kind needs. ``back``: the answer before may be corrected, ``later``: the item may be put
    off. ``show`` are files to look at. ``witnessed``: the witness confirms it too, on a phone of
    his own. ``by``: the person who alone answers it, if he has a phone. ``refused`` says by language what was
    wrong with the answer before. ``given`` are the answers of a review, each with its question.
    """

    id: str
    kind: str
    key: str
    asked: Mapping[str, str]
    own: Mapping[str, Any] = field(default_factory=dict)
    options: Sequence[Sequence[str]] = ()
    known: Sequence[Sequence[str]] = ()
    back: bool = False
    later: bool = False
    show: Sequence[str] = ()
    witnessed: bool = False
    by: str = ""
    device: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    given: Sequence[Mapping[str, Any]] = ()

    def question(self) -> Question:
        """The question again, for the same checks as in the run; not for a review."""
        text = next(iter(self.asked.values()))
        match self.kind:
            case "number":
                return NumberQuestion(self.key, text, **self.own)
            case "choice":
                return ChoiceQuestion(self.key, text, pairs(self.options), known=pairs(self.known))
            case "text":
                return TextQuestion(self.key, text, **self.own)
            case "photo":
                return PhotoQuestion(self.key, text, **self.own)
            case "signature":
                return SignatureQuestion(self.key, text, by=self.by)
        return ConfirmQuestion(self.key, text)


def prompt_of(question: Question, name: str, device: Mapping[str, str], refused: Mapping[str, str]) -> Prompt:
    """The question as a prompt of the id ``name``; ``device`` is what it is about."""
    kind = _KINDS[type(question)]
    choice = question if isinstance(question, ChoiceQuestion) else None
    return Prompt(
        name,
        kind,
        question.key,
        _both(question),
        {key: getattr(question, key) for key in _OWN.get(kind, ())},
        options=choice.options if choice else (),
        known=choice.known if choice else (),
        back=question.back,
        later=question.later,
        show=tuple(str(path) for path in question.show),
        witnessed=question.witnessed,
        by=question.by,
        device=device,
        refused=refused,
    )


def review_of(given: Sequence[tuple[Question, Answer]], name: str, device: Mapping[str, str]) -> Prompt:
    """The answers of an item, shown once more before it ends."""
    shown = tuple(
        {"asked": _both(question), "value": _shown(question, answer), "unit": answer.unit}
        for question, answer in given
    )
    return Prompt(name, REVIEW, given[0][0].key, {}, device=device, given=shown)


def read_prompt(data: Mapping[str, Any]) -> Prompt:
    """A prompt from its JSON; TypeError if it has another shape."""
    return Prompt(**data)


def _both(question: Question) -> dict[str, str]:
    said = question.wording
    if said is None:
        return {"zh": question.text, "en": question.text}
    return {said.language: said.text, "en" if said.language == "zh" else "zh": said.translated}


def _shown(question: Question, answer: Answer) -> object:
    """What was answered, as a person knows it: of a choice its words by language, of a photograph nothing."""
    if isinstance(question, ChoiceQuestion):
        asked, other = dict(question.options), dict(question.known)
        said = question.wording.language if question.wording else "zh"
        label = asked[str(answer.value)]
        return {said: label, "en" if said == "zh" else "zh": other.get(str(answer.value), label)}
    return answer.value.name if isinstance(answer.value, Path) else answer.value


def pairs(options: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """Options as JSON has them, each (value, words)."""
    return tuple((value, label) for value, label in options)
