# SPDX-License-Identifier: Apache-2.0
"""One word, however it is typed: full width, capitals, blanks and hyphens do not matter."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

_Word = TypeVar("_Word")
_JOINTS = str.maketrans("", "", "-_·‐‑‒–—−/()（）")
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})


@lru_cache(4096)  # the catalogue and an inventory ask for the same few words again and again
def squeezed(text: str) -> str:
    """The text without case, width, blanks, hyphens and characters nobody sees: ``Hold-Up`` is ``holdup``."""
    plain = unicodedata.normalize("NFKC", text).translate(_JOINTS)
    return "".join(one for one in plain if unicodedata.category(one) not in _UNSEEN).casefold()


def trimmed(text: str) -> str:
    """The text without the blanks of any script, and the characters nobody sees, at both ends."""
    first, last = 0, len(text)
    while first < last and _blank(text[first]):
        first += 1
    while last > first and _blank(text[last - 1]):
        last -= 1
    return text[first:last]


def spellings(known: Mapping[_Word, tuple[str, ...]]) -> dict[str, _Word]:
    """Each word by every squeezed spelling of it: its own, and the further ones given."""
    return {squeezed(one): word for word, more in known.items() for one in (str(word), *more)}


def _blank(one: str) -> bool:
    return one.isspace() or unicodedata.category(one) in _UNSEEN
