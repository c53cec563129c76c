# SPDX-License-Identifier: Apache-2.0
"""Questions outside an item: each answer is shown at once and can be corrected before it is used."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.operator.questions import Answer, ChoiceQuestion, Operator, Question, Reviewer

_TEXTS = ("text", "translated")


def settled(operator: Operator, question: Question, note: Callable[..., object]) -> Answer:
    """The final answer; ``note`` is called with each mistyped one before it, as a ``correction``."""
    while True:
        answer = operator.ask(question)
        if answer.unable or not isinstance(operator, Reviewer):
            return answer
        if operator.review([(question, answer)]) is None:
            return answer
        note("correction", **correction(question, answer))


def as_asked(question: Question) -> dict[str, object]:
    """The fields of the journal for a question: its key, its text as asked and in the other language.

    Of a choice also its options, each with its words in both languages.
    """
    said = question.wording
    both = {"message": said.message, "language": said.language, "translated": said.translated} if said else {}
    return {"question": question.key, "text": question.text, **both, **_options(question)}


def _options(question: Question) -> dict[str, object]:
    if not isinstance(question, ChoiceQuestion):
        return {}
    other = dict(question.known)
    return {
        "options": [
            {"value": value, "text": label, "translated": other.get(value, "")}
            for value, label in question.options
        ]
    }


def confirmed(question: Question, more: str = "") -> dict[str, object]:
    """The fields of the journal for what a person confirmed: its text in both languages, and ``more``."""
    fields = as_asked(question)
    del fields["question"]
    return {name: f"{one} {more}".strip() if name in _TEXTS else one for name, one in fields.items()}


def correction(question: Question, first: Answer) -> dict[str, object]:
    """The fields of the journal for an answer that was mistyped."""
    return {
        **as_asked(question),
        "value": first.value,
        "unit": first.unit,
        "person": first.person,
        "answered": first.at,
    }
