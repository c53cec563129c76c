# SPDX-License-Identifier: Apache-2.0
"""Reading one TOML table key by key, collecting every mistake with its line instead of stopping at one."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yanshou.model import Text
from yanshou.model.trouble import Mistake
from yanshou.standards.tomlfile import TomlFile


def near(word: str, known: Iterable[object]) -> str:
    """Guess what a misspelt word was meant to be, else say what is allowed."""
    words = sorted(str(one) for one in known)
    close = difflib.get_close_matches(word, words, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {', '.join(close)}?"
    return f"Allowed: {', '.join(words)}." if len(words) <= 20 else ""  # noqa: PLR2004 - a list one can still read


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its place; a key that is absent or wrong yields a harmless value and a mistake."""

    file: TomlFile
    name: str
    index: int
    data: Mapping[str, Any]
    mistakes: list[Mistake]

    def wrong(self, key: str, what: str, remedy: str) -> None:
        """Note one mistake at the line of ``key``, or at the header when the key is not there."""
        label = str(self.data.get("id", "")) or f"[{self.name}]"
        line = self.file.line_of(self.name, self.index, key)
        self.mistakes.append(Mistake(self.file.name, line, f"{label}: {what}", remedy))

    def reject_unknown(self, known: Collection[str]) -> None:
        """Each key that is not known is a mistake."""
        for key in self.data:
            if key not in known:
                self.wrong(key, f"unknown key {key!r}.", near(key, known))

    def text(self, key: str, *, required: bool = False) -> str:
        """Read a string; empty when absent."""
        value = self.data.get(key, "")
        if not isinstance(value, str):
            self.wrong(key, f"{key} must be a text, not {value!r}.", "Put it in quotation marks.")
            return ""
        if required and not value.strip():
            self.wrong(key, f"{key} is missing.", f'Add {key} = "…".')
        return value

    def choice(self, key: str, allowed: Collection[str], default: str = "") -> str:
        """One word of a closed list; ``default`` when absent, required when there is no default."""
        value = self.text(key, required=not default) or default
        if value and value not in allowed:
            self.wrong(key, f"{key} {value!r} is not known.", near(value, allowed))
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            self.wrong(
                key, f"{key} must be true or false, not {value!r}.", "Write it without quotation marks."
            )
            return default
        return value

    def both(self, key: str) -> Text:
        """Read the same words in Chinese and English, both required."""
        value = self.data.get(key)
        words = value if isinstance(value, dict) and set(value) == {"zh", "en"} else {}
        if not words or not all(isinstance(word, str) and word.strip() for word in words.values()):
            self.wrong(key, f"{key} needs zh and en.", f'Write {key} = {{ zh = "…", en = "…" }}.')
            return Text("", "")
        return Text(words["zh"], words["en"])

    def strings(self, key: str) -> tuple[str, ...]:
        """Read a text or a list of texts, as a tuple."""
        value = self.data.get(key, [])
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            self.wrong(key, f"{key} must be a text or a list of texts.", f'Write {key} = ["…"].')
            return ()
        return tuple(words)


def tables(file: TomlFile, name: str, mistakes: list[Mistake]) -> list[Table]:
    """Read the array of tables ``[[name]]`` of a file; something else under that name is a mistake."""
    found = file.data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        line = file.line_of(name) or file.line_of("", key=name)
        mistakes.append(Mistake(file.name, line, f"{name} must be tables.", f"Head each with [[{name}]]."))
        return []
    return [Table(file, name, index, one, mistakes) for index, one in enumerate(found)]
