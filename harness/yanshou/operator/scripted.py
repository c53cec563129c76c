# SPDX-License-Identifier: Apache-2.0
"""Answers written down beforehand: for rehearsals, CI and the emulated site.

A TOML file: ``person``, ``witness`` and one table ``[answer."KEY"]`` per question key with ``value`` (and
``unit`` for numbers) or ``unable``. A key may end in ``*`` to answer all questions that begin so.
``later`` beside ``value`` puts its item off once, to later in the session.
``mistyped`` beside ``value`` is answered first and corrected before the item ends. ``days_ago`` instead of
``value`` is a date so many days before today, or a list of them, so that a rehearsal does not age.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from yanshou.model import RigFault, UsageError, same_unit, utc_now
from yanshou.model.trouble import Mistake
from yanshou.operator.checks import as_typed, checked, reason_of, refuses
from yanshou.operator.pictures import Album
from yanshou.operator.questions import Answer, NumberQuestion, PutOffError, Question
from yanshou.operator.written import read_answers


class ScriptedOperator:
    """Answers questions from a file; a question without an answer is a fault, never a pass."""

    def __init__(self, path: Path, album: Album | None = None, *, language: str = "zh") -> None:
        mistakes: list[Mistake] = []
        written = read_answers(path, mistakes)
        if mistakes:
            raise UsageError(mistakes)
        self.path = path
        self.language = language
        self.sha256 = written.sha256
        self.name, self.witness = written.person, written.witness
        self._album = album or Album()
        self._answers = dict(written.entries)
        self._mistyped: set[str] = set()  # questions answered with it
        self._corrected: set[str] = set()
        self._put_off: set[str] = set()  # questions that put their item off

    def take_over(self, name: str, witness: str) -> None:
        """From now on these persons answer and witness."""
        self.name, self.witness = name, witness

    def digests(self) -> dict[str, str]:
        """SHA-256 of each written answer by its key, and of the persons, so that changes can be named."""
        people = {"person": self.name, "witness": self.witness}
        return {
            key: hashlib.sha256(json.dumps(entry, sort_keys=True, default=str).encode()).hexdigest()
            for key, entry in {**people, **self._answers}.items()
        }

    def ask(self, question: Question) -> Answer:
        """The written answer of the first matching key."""
        entry = self._entry(question.key)
        if entry is not None:
            if question.later and entry.get("later") is True and question.key not in self._put_off:
                self._put_off.add(question.key)
                raise PutOffError(self.name)
            if "mistyped" in entry and question.key not in self._mistyped:
                self._mistyped.add(question.key)
                entry = {**entry, "value": entry["mistyped"]}
            return self._answer(question, entry)
        raise RigFault(
            f"nobody answered «{question.text}».",
            device=question.key,
            remedy=f'Add [answer."{question.key}"] to {self.path.name}, or set backend = "terminal".',
        )

    def review(self, given: Sequence[tuple[Question, Answer]]) -> int | None:
        """The place of the first ``mistyped`` answer that is not corrected yet."""
        for place, (question, _answer) in enumerate(given):
            if question.key in self._mistyped - self._corrected:
                self._corrected.add(question.key)
                return place
        return None

    def _entry(self, key: str) -> Mapping[str, Any] | None:
        found = next((entry for name, entry in self._answers.items() if fnmatchcase(key, name)), None)
        if found is None or "days_ago" not in found or "value" in found:
            return found
        ago = found["days_ago"]
        days = [_before(one) for one in (ago if isinstance(ago, list) else [ago])]
        return {**found, "value": "、".join(days)}

    def _answer(self, question: Question, entry: Mapping[str, Any]) -> Answer:
        if (reason := _unable(question, entry)) is not None:
            return Answer(question.key, None, self.name, utc_now(), unable=reason)
        unit = str(entry.get("unit", ""))
        if "value" not in entry or (isinstance(question, NumberQuestion) and not unit):
            raise RigFault(
                f"the answer to «{question.text}» has no {'unit' if 'value' in entry else 'value'}.",
                device=question.key,
                remedy=f"Complete it in {self.path.name}.",
            )
        value = checked(question, entry["value"], unit, self.path.parent)
        if isinstance(value, Path):
            self._album.keep(question, value)
        if not isinstance(question, NumberQuestion):
            seen = self.witness if question.witnessed else ""
            typed = as_typed(question, value, entry["value"])
            return Answer(question.key, value, self.name, utc_now(), witness=seen, typed=typed)
        typed = "" if same_unit(unit, question.unit) else f"{entry['value']} {unit}"
        return Answer(question.key, value, self.name, utc_now(), unit=question.unit, typed=typed)


def _unable(question: Question, entry: Mapping[str, Any]) -> str | None:
    """The reason why the question cannot be answered: ``unable``, or ``!`` and words as the value."""
    value = entry.get("value")
    if "unable" in entry:
        return reason_of(question, str(entry["unable"]))
    return reason_of(question, value[1:]) if isinstance(value, str) and refuses(value) else None


def _before(days: int) -> str:
    """The date so many days before today, by the clock of this computer."""
    return (datetime.now().astimezone() - timedelta(days=days)).date().isoformat()
