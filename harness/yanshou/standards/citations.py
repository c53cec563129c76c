# SPDX-License-Identifier: Apache-2.0
"""Which standard a contract means, however its name is written: width, blanks, dashes, brackets, title."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_QUOTES: Final = "《》“”\"'"
_CODE: Final = re.compile(r"[A-Z0-9/.:-]+")
_DATED: Final = re.compile(r".*[-:](?:19|20)\d\d")


def is_cited(wanted: str, cited: str) -> bool:
    """Whether a contract that cites ``cited`` means ``wanted``, both names of standards.

    The contract may add an edition where ``wanted`` has none, and the title: in brackets, or after the year.
    """
    name, text = plain(wanted), plain(cited)
    if not text.startswith(name):
        return False
    rest = text[len(name) :]
    title = r"[^\d.:-].*" if _DATED.fullmatch(name) else r"[(《].*"
    return rest == "" or re.fullmatch(rf"[-:]\d{{4}}.*|{title}", rest) is not None


def is_edition_of(name: str, cited: str) -> bool:
    """Whether ``name`` is an edition of what was cited without one."""
    text = plain(cited)
    code = _CODE.match(text)
    return re.match(re.escape(code[0] if code else text) + "[-:]", plain(name)) is not None


def plain(name: str) -> str:
    """A name in half width and capital letters, without blanks and the quotation marks around it."""
    half = unicodedata.normalize("NFKC", name).translate(_DASHES)
    return "".join(half.split()).strip(_QUOTES).upper()
