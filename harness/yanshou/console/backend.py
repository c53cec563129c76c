# SPDX-License-Identifier: Apache-2.0
"""Asking people on their phones: the run's side of the console."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from yanshou.console.counter import Counter, Given, Shown
from yanshou.console.prompts import Prompt, prompt_of, review_of
from yanshou.console.roles import TESTER, WITNESS
from yanshou.model import Device, RigFault, Site, Text
from yanshou.model.printable import printable
from yanshou.operator import (
    Album,
    Answer,
    NumberQuestion,
    PhotoQuestion,
    PutOffError,
    Question,
    SignatureQuestion,
    WentBackError,
    in_language,
    message,
)
from yanshou.operator.checks import as_typed, checked, reason_of
from yanshou.operator.questions import BadAnswerError

_STEP_S = 0.1  # between two looks for an answer


class ConsoleOperator:
    """Puts each question up for the phones and waits, however long it takes, until a person answers.

    ``write`` is the terminal of the run, which says once how to open the console.
    """

    def __init__(
        self,
        counter: Counter,
        site: Site,
        name: str,
        witness: str = "",
        *,
        album: Album | None = None,
        language: str = "zh",
        write: Callable[[str], object] = print,
    ) -> None:
        self.name = name
        self.witness = witness
        self.language = language
        self._counter = counter
        self._devices = site.devices
        self._album = album or Album()
        self._write = write
        self._announced = False
        self._lock = counter.open()
        strip = site.operator.get("photo_metadata") == "strip"
        self._shown = Shown(name, witness, language, site.emulated, strip)
        counter.show(self._shown)

    def measuring(self, done: int, total: int, title: Text, device: str) -> None:
        """Show which item is measured now, and how many of all are done."""
        both = {"zh": title.zh, "en": title.en}
        doing = {
            "done": done,
            "total": total,
            "title": both,
            "device": self._named(self._devices.get(device)),
        }
        self._show(doing=doing)

    def put_off(self, count: int) -> None:
        """Show how many items are open because they were put off."""
        self._show(put_off=count)

    def hold(self, note: Callable[..., object]) -> None:
        """Wait as long as somebody paused the run; ``note`` journals who, and that it goes on."""
        paused = self._counter.paused()
        if not paused:
            return
        person = str(paused.get("person", ""))
        note("paused", person=person)
        self._write(printable(in_language(message("console.paused", person=person), self.language)))
        while self._counter.paused():
            time.sleep(_STEP_S)
        note("resumed")

    def take_over(self, name: str, witness: str) -> None:
        """From now on these persons answer and witness; the phones show their names."""
        self.name, self.witness = name, witness
        self._show(operator=name, witness=witness)

    def close(self) -> None:
        """Take no more answers."""
        self._lock.release()

    def ask(self, question: Question) -> Answer:
        """The answer of the person whose phone sent it; an unfit one is asked for again."""
        self._tell()
        refused: Mapping[str, str] = {}
        while True:
            prompt = prompt_of(question, _new(), self._about(question), refused)
            given = self._given(prompt)
            try:
                return self._answer(question, given)
            except BadAnswerError as bad:
                refused = {"zh": bad.wanted.zh, "en": bad.wanted.en}
            except RigFault as fault:
                refused = dict.fromkeys(("zh", "en"), fault.remedy)

    def review(self, given: Sequence[tuple[Question, Answer]]) -> int | None:
        """The place of the answer that a person wants to correct; None when all are right."""
        if not given:
            return None
        answer = self._given(review_of(given, _new(), self._about(given[0][0])))[TESTER]
        place = int(answer.value) if answer.value.isdecimal() else len(given)
        return place if place < len(given) else None

    def _answer(self, question: Question, given: Mapping[str, Given]) -> Answer:
        """The answer to a question; where two persons answer it, what the more careful of them says."""
        first = given.get(TESTER) or given[WITNESS]
        if first.back:
            raise WentBackError
        if first.later:
            raise PutOffError(first.person)
        seen = given[WITNESS].person if WITNESS in given else ""
        if reason := next((one.unable for one in given.values() if one.unable), ""):
            why = reason_of(question, reason)
            return Answer(question.key, None, first.person, first.at, unable=why, witness=seen)
        typed: object = first.value
        if isinstance(question, PhotoQuestion | SignatureQuestion):
            typed = self._counter.photos / Path(first.value).name
        value = checked(question, typed)
        if question.witnessed:
            value = value is True and set(given) == {TESTER, WITNESS} and self._agrees(question, given)
        if isinstance(value, Path):
            self._album.keep(question, value)
        if isinstance(question, NumberQuestion):
            return Answer(
                question.key,
                value,
                first.person,
                first.at,
                unit=question.unit,
                typed=first.value,
                witness=seen,
            )
        kept = as_typed(question, value, first.value)
        return Answer(question.key, value, first.person, first.at, witness=seen, typed=kept)

    @staticmethod
    def _agrees(question: Question, given: Mapping[str, Given]) -> bool:
        return checked(question, given[WITNESS].value) is True

    def _given(self, prompt: Prompt) -> Mapping[str, Given]:
        """Put the prompt up and wait; the answers by role."""
        self._show(prompt=prompt)
        while not (found := self._decided(prompt)):
            if not self._lock.is_locked:
                raise RigFault("the console was closed.", device=prompt.key)
            time.sleep(_STEP_S)
        people = "、".join(one.person for one in found.values())
        self._show(prompt=None, answered={"id": prompt.id, "person": people})
        self._counter.clear(prompt.id)
        return found

    def _decided(self, prompt: Prompt) -> Mapping[str, Given]:
        """The answers that decide: one, or of two persons both, where the first no is enough."""
        found = dict(self._each(prompt.id))
        if not prompt.witnessed or set(found) == {TESTER, WITNESS}:
            return found
        question = prompt.question()
        no = any(
            one.unable or one.back or one.later or checked(question, one.value) is not True
            for one in found.values()
        )
        return found if no else {}

    def _each(self, prompt: str) -> Iterator[tuple[str, Given]]:
        for role in (TESTER, WITNESS):
            if given := self._counter.taken(prompt, role):
                yield role, given

    def _about(self, question: Question) -> dict[str, str]:
        """The device a question is about: its key begins with the id. A mark is given blind: none."""
        if question.by:
            return {}
        found = (one for name, one in self._devices.items() if question.key.startswith(f"{name}."))
        return self._named(max(found, key=lambda one: len(one.id), default=None))

    @staticmethod
    def _named(device: Device | None) -> dict[str, str]:
        return {"id": device.id, "name": device.name, "place": device.location} if device else {}

    def _show(self, **changed: Any) -> None:
        self._shown = replace(self._shown, **changed)
        self._counter.show(self._shown)

    def _tell(self) -> None:
        if not self._announced:
            self._announced = True
            run = self._counter.folder.with_suffix("")
            self._write(printable(in_language(message("console.waits", run=run), self.language)))


def _new() -> str:
    """The id of a prompt, never used before."""
    return secrets.token_hex(8)
