# SPDX-License-Identifier: Apache-2.0
"""The Chinese of mistakes in files and of faults of the bench.

The code says them in English, with what it takes from the site in between. The JSON files beside this module
hold each sentence with ``{0}``, ``{1}`` … in those places, and its Chinese; ``python -m tests.chinese`` keeps
them in step with the code. ``words.json`` is kept by hand: expressions that the code puts into its sentences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

_HOLE: Final = "_"  # in place of what is filled in: joined to a word, the word may be another one
_KEY = re.compile(r"\b[A-Za-z]+\b")
_FIELD = re.compile(r"\{(\d+)\}")
_AFTER_SENTENCE = re.compile(r"(?<=[.;?!])\s+")
_SUBJECT = re.compile(r"[^:'\"«]{1,80}: ")
_PLACE = re.compile(r"\S+:\d+  ")  # the file and line of a mistake
_FOREIGN = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b|: ")  # a sentence, and not a value
_CHOICE = re.compile(r",? (or|and) |, ")
_CHINESE_ENDS: Final = ("。", "？", "！", "；")
_CHOICES: Final = {"or": " 或 ", "and": " 和 "}
_SPECIFIC: Final = 16  # signs
_DEEP: Final = 4  # sentences that quote sentences


@dataclass(frozen=True)
class Sentence:
    """A sentence of the code, and its Chinese; both with numbers in braces where the code fills in."""

    english: str
    chinese: str

    @cached_property
    def literals(self) -> list[str]:
        """What stands between the places that are filled in."""
        return [part for part in _FIELD.split(_bare(self.english))[::2] if part]

    @property
    def specific(self) -> bool:
        """Whether it has so much text of its own that English in its places does not make it another one."""
        return len("".join(self.literals)) >= _SPECIFIC

    @cached_property
    def key(self) -> str:
        """The longest word that stands in every text of the sentence; empty if a place touches each word."""
        apart = _FIELD.sub(_HOLE, _bare(self.english))
        return max(_KEY.findall(apart), key=len, default="")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the sentence however it was filled in."""
        parts = _FIELD.split(_bare(self.english))
        found = "".join(
            re.escape(part) if at % 2 == 0 else f"(?P<f{part}>.*?)" for at, part in enumerate(parts)
        )
        return re.compile(found, re.DOTALL)

    def fields(self, text: str) -> dict[str, str] | None:
        """What the text fills into the places, by their numbers; None if it is another sentence.

        What a sentence begins with is one thing and no sentence of its own: ``Z01: kind`` stands for two.
        """
        if any(literal not in text for literal in self.literals):
            return None
        if (found := self.pattern.fullmatch(text)) is None:
            return None
        values = {name[1:]: value for name, value in found.groupdict().items()}
        subject = any(value.endswith(":") for value in values.values())
        return None if subject or (self.english.startswith("{") and ": " in values["0"]) else values

    def filled(self, values: dict[str, str]) -> str:
        """The Chinese with these values in their places."""
        return _FIELD.sub(lambda place: values.get(place[1], place[0]), self.chinese)


def in_chinese(text: str) -> str:
    """The text in Chinese, sentence by sentence; what is not known stays as it is.

    Values of the site stay as they are; a sentence quoted within another one is translated, too.
    """
    return _whole(text, _DEEP) or _partly(text) or text


def put_into(text: str, language: str) -> str:
    """A mistake or a fault, which the code states in English, in the language of its reader: zh or en."""
    return in_chinese(text) if language == "zh" else text


def _whole(text: str, deep: int) -> str:
    """The Chinese of a text whose every sentence is known, else empty.

    Ends of sentences come first: what is filled in at the end of one does not take in the next.
    """
    if not deep or not text.strip():
        return ""
    for found in _AFTER_SENTENCE.finditer(text):
        first = _one(text[: found.start()], deep)
        if first and (rest := _whole(text[found.end() :], deep)):
            return _joined(first, rest)
    return _one(text, deep)


def _partly(text: str) -> str:
    """The text with those of its sentences in Chinese that are known; empty if none is."""
    found = _AFTER_SENTENCE.search(text)
    if not found:
        return ""
    first, rest = text[: found.start()], text[found.end() :]
    known, after = _one(first, _DEEP), _whole(rest, _DEEP) or _partly(rest)
    return _joined(known or first, after or rest) if known or after else ""


def _joined(first: str, rest: str) -> str:
    """Two sentences; behind a Chinese one there is no blank."""
    return f"{first}{'' if first.endswith(_CHINESE_ENDS) else ' '}{rest}"


def _one(text: str, deep: int) -> str:
    """The Chinese of one sentence, with its place or the name of what it is about before it, or without."""
    if place := _PLACE.match(text):
        rest = _whole(text[place.end() :], deep)
        return f"{place.group()}{rest}" if rest else ""
    return _sentence(text, deep) or _about(text, deep)


def _about(text: str, deep: int) -> str:
    """The Chinese of a sentence behind the name of what it is about, such as a device or a table."""
    subject = _SUBJECT.match(text)
    if subject and (rest := _whole(text[subject.end() :], deep - 1)):
        return f"{_value(subject.group().removesuffix(': '), deep)}：{rest}"
    return ""


def _sentence(text: str, deep: int) -> str:
    bare = _bare(text)
    known = _sentences()
    for one in sorted((one for key in {"", *_KEY.findall(bare)} for one in known.get(key, ())), key=_rank):
        if (fields := one.fields(bare)) is not None:
            values = {number: _value(value, deep) for number, value in fields.items()}
            if one.specific or not any(_FOREIGN.search(value) for value in values.values()):
                chinese = one.filled(values).rstrip("。")
                return f"{chinese}。" if text.endswith(".") else chinese
    return ""


def _value(value: str, deep: int) -> str:
    """What was filled in: a sentence or an expression in Chinese, and the word between several names."""
    if translated := _whole(value, deep - 1):
        return translated
    names = _CHOICE.split(value)[::2]
    if any(not name or " " in name for name in names):
        return value
    return _CHOICE.sub(lambda between: _CHOICES.get(between[1] or "", "、"), value)


def _bare(text: str) -> str:
    return text.strip().removesuffix(".")


@cache
def _sentences() -> dict[str, list[Sentence]]:
    """Every sentence that has Chinese, by a word of it."""
    found: dict[str, list[Sentence]] = {}
    for one in sentences():
        if one.chinese and one.literals:
            found.setdefault(one.key, []).append(one)
    return found


def _rank(one: Sentence) -> tuple[int, str]:
    """The sentence with most text of its own comes first."""
    return -len("".join(one.literals)), one.english


def sentences() -> Iterator[Sentence]:
    """Every sentence of the files, in their order."""
    for path in sorted(Path(__file__).parent.glob("*.json")):
        for english, chinese in json.loads(path.read_text(encoding="utf-8")).items():
            yield Sentence(english, chinese)
