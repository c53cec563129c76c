# SPDX-License-Identifier: Apache-2.0
"""What one person's phone is shown, and what becomes of what it sends; knows nothing of HTTP."""

from __future__ import annotations

import re
import threading
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yanshou.console.access import Admission, Holder
from yanshou.console.counter import Counter, Given, Shown
from yanshou.console.prompts import FILES, REVIEW, Prompt, pairs
from yanshou.console.roles import TESTER, WITNESS
from yanshou.model import RigFault, utc_now
from yanshou.model.limited import limited_bytes
from yanshou.operator import media_type, plain
from yanshou.operator.checks import checked, reason_of, refuses
from yanshou.operator.questions import BadAnswerError

_LARGEST_SHOWN = 30_000_000  # bytes of a picture that is sent to a phone
_LONGEST = 4000  # signs of an answer
_WEB = frozenset({"image/jpeg", "image/png", "image/bmp", "image/webp"})
_UNTYPED = frozenset({"Cc", "Cs"})  # control characters, halves of characters
_ID = re.compile(r"[0-9a-f]{16}")
_POLL_S = 1.0  # between two checks whether the run lives


class NotTakenError(Exception):
    """An answer that does not count. ``why`` is a word of the page, ``details`` what it says beside it."""

    def __init__(self, status: int, why: str, **details: object) -> None:
        super().__init__(why)
        self.status = status
        self.body = {"why": why, **details}


class Desk:
    """The one place of a run where phones see the question that waits and hand in the answer."""

    def __init__(self, counter: Counter, access: Admission, *, exposed: bool = False) -> None:
        self.counter = counter
        self.access = access
        self._exposed = exposed  # sent in clear: no names of persons
        self._guard = threading.Lock()
        self._alive = (float("-inf"), False)

    def view(self, holder: Holder) -> dict[str, Any]:
        """What the phone of this person shows now."""
        runs, paused = self._runs(), self.counter.paused()
        shown, done = self._shown(holder)
        prompt = shown.prompt if runs else None
        return {
            "person": "" if self._exposed else holder.name,
            "role": holder.role,
            "exposed": self._exposed,
            "language": shown.language,
            "emulated": shown.emulated,
            "runs": runs,
            "put_off": shown.put_off,
            "doing": {} if prompt and prompt.by else shown.doing,  # a mark is given blind
            "answered": {} if self._exposed else shown.answered,
            "paused": {key: self._named(one) if key == "person" else one for key, one in paused.items()},
            "prompt": self._prompt(prompt, holder, done) if prompt else None,
        }

    def _shown(self, holder: Holder) -> tuple[Shown, Given | None]:
        """What is shown and the answer of this person to it; read again if the run took it in between.

        The run shows something else before it clears an answer it took.
        """
        while True:
            shown = self.counter.shown()
            if shown.prompt is None:
                return shown, None
            done = self.counter.taken(shown.prompt.id, holder.role)
            if done or self.counter.shown().prompt == shown.prompt:
                return shown, done

    def picture(self, holder: Holder, prompt: str, number: int) -> tuple[bytes, str]:
        """A picture of the prompt that waits, by its number, with its media type; NotTakenError if none."""
        shown = self.counter.shown()
        if shown.prompt is None or shown.prompt.id != prompt or not 0 <= number < len(shown.prompt.show):
            raise NotTakenError(404, "gone")
        if not self._mine(shown.prompt, holder):
            raise NotTakenError(403, "not_yours")
        try:
            content = limited_bytes(Path(shown.prompt.show[number]), _LARGEST_SHOWN)
        except (OSError, ValueError):
            raise NotTakenError(404, "gone") from None
        kind = media_type(content)
        if kind not in _WEB:
            raise NotTakenError(415, "gone")
        return content, kind

    def waiting(self, holder: Holder, prompt: str) -> Prompt:
        """The prompt of this id, if it waits for this person; else NotTakenError says why not."""
        shown, before = self._shown(holder)
        if not self._runs(fresh=True):
            raise NotTakenError(410, "not_running")
        if shown.prompt is None or shown.prompt.id != prompt:
            raise NotTakenError(409, "answered", person=self._before(shown, prompt))
        if not self._mine(shown.prompt, holder):
            raise NotTakenError(403, "not_yours", by=shown.prompt.by)
        if before is not None:
            raise NotTakenError(409, "answered", person=self._named(before.person))
        return shown.prompt

    def answer(self, holder: Holder, given: Mapping[str, Any]) -> None:
        """Take an answer: kept on the disk when this returns. NotTakenError says why it does not count."""
        name, value, unable = (_text(given, key) for key in ("prompt", "value", "unable"))
        with self._guard:  # of two phones one is first
            back, later = (given.get(key) is True for key in ("back", "later"))
            if not unable and refuses(value):
                value, unable = "", value[1:].strip() or "-"  # typed as at the terminal
            sent = Given(name, holder.name, utc_now(), value, unable, back, later)
            if self._repeats(holder, sent):
                return
            prompt = self.waiting(holder, name)
            if (back and not prompt.back) or (later and not prompt.later) or (back and later):
                raise NotTakenError(422, "no_back" if back else "no_later")
            if (back or later) and holder.role != TESTER:
                raise NotTakenError(422, "bad")
            if not back and not later:
                sent = self._checked(prompt, sent)
            self.counter.give(holder.role, sent)

    def _repeats(self, holder: Holder, sent: Given) -> bool:
        """Whether this phone sent the same once more, because the line broke before it was told."""
        if not _ID.fullmatch(sent.prompt) or (kept := self.counter.taken(sent.prompt, holder.role)) is None:
            return False
        return replace(kept, at="") == replace(sent, at="")

    def _checked(self, prompt: Prompt, sent: Given) -> Given:
        """The answer if it fits its question, or the reason why there is none."""
        if not sent.unable:
            self._check(prompt, sent.value)
            return sent
        if prompt.kind == REVIEW:
            raise NotTakenError(422, "bad")
        try:
            reason_of(prompt.question(), sent.unable)
        except BadAnswerError:
            raise NotTakenError(422, "reason") from None
        return replace(sent, value="")

    def pause(self, holder: Holder, *, on: bool) -> None:
        """Let the run begin no other item, or go on; testers only."""
        if holder.role != TESTER:
            raise NotTakenError(403, "not_yours")
        if on:
            self.counter.pause(holder.name, utc_now())
        else:
            self.counter.resume()

    def _check(self, prompt: Prompt, value: str) -> None:
        """The same check as in the run, so that the phone is told at once what is wrong."""
        if prompt.kind == REVIEW:
            if value and not (value.isascii() and value.isdecimal() and int(value) < len(prompt.given)):
                raise NotTakenError(422, "bad")
            return
        typed: object = value
        if prompt.kind in FILES:
            typed = self.counter.photos / Path(value).name
        try:
            checked(prompt.question(), typed)
        except BadAnswerError as bad:
            raise NotTakenError(422, "wanted", wanted={"zh": bad.wanted.zh, "en": bad.wanted.en}) from None
        except RigFault as fault:
            raise NotTakenError(422, "bad", what=fault.remedy) from None

    def _mine(self, prompt: Prompt, holder: Holder) -> bool:
        """Whether this person answers the prompt.

        The witness confirms what is witnessed. A mark that one person alone may give is asked on his phone,
        if he has one, and on no other.
        """
        if holder.role == WITNESS:
            return prompt.witnessed or (bool(prompt.by) and _same(prompt.by, holder.name))
        if prompt.by and any(_same(prompt.by, one.name) for one in self.access.present()):
            return _same(prompt.by, holder.name)
        return True

    def _prompt(self, prompt: Prompt, holder: Holder, done: Given | None) -> dict[str, Any]:
        mine = self._mine(prompt, holder)
        head = {"id": prompt.id, "mine": mine, "given": done is not None, "witnessed": prompt.witnessed}
        if not mine:  # a mark is given blind: others see that somebody is asked, and whom
            return {**head, "by": self._named(prompt.by)}
        return {
            **head,
            "kind": prompt.kind,
            "asked": prompt.asked,
            "own": prompt.own,
            "options": self._options(prompt),
            "back": prompt.back and holder.role == TESTER,
            "later": prompt.later and holder.role == TESTER,
            "device": prompt.device,
            "refused": prompt.refused,
            "review": prompt.given,
            "show": [Path(one).name for one in prompt.show],
            "waits_for": self._waits_for(prompt) if done else "",
        }

    @staticmethod
    def _options(prompt: Prompt) -> list[dict[str, str]]:
        """The options in both languages; the words the run does not ask in are among those known."""
        other = dict(pairs(prompt.known))
        return [
            {"value": one, "words": label, "other": other.get(one, label)} for one, label in prompt.options
        ]

    def _waits_for(self, prompt: Prompt) -> str:
        """Whose confirmation is still missing."""
        missing = [role for role in (TESTER, WITNESS) if self.counter.taken(prompt.id, role) is None]
        return missing[0] if prompt.witnessed and missing else ""

    def _before(self, shown: Shown, prompt: str) -> str:
        return self._named(shown.answered.get("person", "")) if shown.answered.get("id") == prompt else ""

    def _named(self, person: str) -> str:
        return "" if self._exposed else person

    def _runs(self, *, fresh: bool = False) -> bool:
        at, runs = self._alive
        if fresh or time.monotonic() - at > _POLL_S:
            runs = self.counter.runs
            self._alive = (time.monotonic(), runs)
        return runs


def _text(given: Mapping[str, Any], key: str) -> str:
    """A text of what was sent, on one line; NotTakenError for anything else and for one that nobody types."""
    value = given.get(key, "")
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise NotTakenError(422, "bad")
    line = " ".join(value.split())
    if any(unicodedata.category(sign) in _UNTYPED for sign in line):
        raise NotTakenError(422, "bad")
    return line


def _same(one: str, other: str) -> bool:
    return plain(one).casefold() == plain(other).casefold()
