# SPDX-License-Identifier: Apache-2.0
"""Questions outside an item: each answer is shown at once and can be corrected before it is used."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.operator.questions import Answer, Operator, Question, Reviewer


def settled(operator: Operator, question: Question, note: Callable[..., object]) -> Answer:
    """The final answer; ``note`` is called with each mistyped one before it, as a ``correction``."""
    while True:
        answer = operator.ask(question)
        if answer.unable or not isinstance(operator, Reviewer):
            return answer
        if operator.review([(question, answer)]) is None:
            return answer
        note("correction", **correction(question, answer))


def correction(question: Question, first: Answer) -> dict[str, object]:
    """The fields of the journal for an answer that was mistyped."""
    return {
        "question": question.key,
        "text": question.text,
        "value": first.value,
        "unit": first.unit,
        "person": first.person,
        "answered": first.at,
    }
