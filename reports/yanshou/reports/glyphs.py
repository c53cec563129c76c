# SPDX-License-Identifier: Apache-2.0
"""The shipped font, and characters it cannot print.

A report must read the same on every machine, so only the vendored subset of Noto Sans SC (GB 2312, symbols of
the field, rarer characters of names) is used. The report prints a character outside it as 〓 and names it, so
that it neither vanishes nor stops the report.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from matplotlib.ft2font import FT2Font

FAMILY = "Noto Sans SC"
FALLBACK = "〓"
# of the superscripts, only ¹²³ are in the font
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]*[⁰⁴⁵⁶⁷⁸⁹⁻⁺][⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]*")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_DROPPED = {"Cc", "Cf", "Cs"}


def font_folder() -> Path:
    """The folder of the vendored fonts."""
    return Path(str(resources.files(__package__) / "fonts"))


@cache
def printable() -> frozenset[int]:
    """Code points that both weights can print."""
    faces = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
    maps = [FT2Font(str(font_folder() / face)).get_charmap() for face in faces]
    return frozenset(maps[0]) & frozenset(maps[1])


class Printer:
    """Makes texts printable and records the characters it could not print."""

    def __init__(self) -> None:
        self.missing: dict[str, int] = {}

    def clean(self, content: Any) -> Any:
        """Make every text inside lists and tables printable; anything else stays as it is."""
        if isinstance(content, str):
            return self.text(content)
        if isinstance(content, dict):
            return {key: self.clean(value) for key, value in content.items()}
        if isinstance(content, list | tuple):
            return [self.clean(value) for value in content]
        return content

    def text(self, text: str) -> str:
        """Make one text printable."""
        known = printable()
        if all(ord(char) in known for char in text):
            return text
        text = _RAISED.sub(lambda found: f"^{found[0].translate(_DIGITS)}", text)
        return "".join(char if ord(char) in known else self._other(char) for char in text)

    def _other(self, char: str) -> str:
        if char in "\n\t":
            return " "
        if ord(char) in (0x2010, 0x2011, 0x2012):  # the hyphens the subset has one glyph for
            return "-"
        if unicodedata.category(char) in _DROPPED:
            return ""
        self.missing[char] = self.missing.get(char, 0) + 1
        return FALLBACK

    def named(self) -> list[str]:
        """``U+20BB7 CJK UNIFIED IDEOGRAPH-20BB7 ×2`` for each character that was replaced."""
        return [
            f"U+{ord(char):04X} {unicodedata.name(char, '')} ×{count}".replace("  ", " ")
            for char, count in sorted(self.missing.items())
        ]
