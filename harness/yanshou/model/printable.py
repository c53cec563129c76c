# SPDX-License-Identifier: Apache-2.0
"""Text from files and devices, made safe for a terminal."""

from __future__ import annotations

import unicodedata
from typing import TextIO

_KEPT = frozenset("\n\t\u200c\u200d\u180e")  # joiners and the Mongolian separator are part of words


def printable(text: str) -> str:
    """The text with control and direction characters written as escapes.

    Printed raw, they could clear the screen, hide a line or reverse the order of words.
    """
    return "".join(one if one in _KEPT or not _acts(one) else _escaped(one) for one in text)


def tell(*texts: str, file: TextIO | None = None) -> None:
    """Print to the terminal, one text per line; everything that files and devices said is printed here."""
    for text in texts:
        print(printable(text), file=file, flush=True)


def _acts(one: str) -> bool:
    return unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _escaped(one: str) -> str:
    return one.encode("unicode_escape", "surrogatepass").decode("ascii")
