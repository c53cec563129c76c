# SPDX-License-Identifier: Apache-2.0
"""Whether a text can be the name of a person."""

from __future__ import annotations

import unicodedata

from yanshou.model.printable import printable

_UNSEEN = "\u115f\u1160\u3164\uffa0"  # Hangul fillers: letters by their class, blank to the reader


def names_somebody(text: str) -> bool:
    """Whether the text can name a person.

    It holds a letter of some script, not only blanks, digits and signs, and no characters that control a
    terminal or reverse the reading direction: line ends, control and direction characters.
    """
    name = unicodedata.normalize("NFKC", text).strip()
    if printable(name) != name or any(one in name for one in "\n\t"):
        return False
    return any(unicodedata.category(one).startswith("L") for one in name if one not in _UNSEEN)
