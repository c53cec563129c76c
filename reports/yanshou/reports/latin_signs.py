# SPDX-License-Identifier: Apache-2.0
"""Latin punctuation between Latin words on a page in English; Chinese text keeps its own."""

from __future__ import annotations

import re
from typing import Any

_SIGNS = {"，": ", ", "；": "; ", "、": ", ", "：": ": ", "（": " (", "）": ")"}
_CJK = r"\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN = re.compile(f"(?<![{_CJK}])[{''.join(_SIGNS)}](?![{_CJK}])")
_QUOTED = re.compile("(「[^」]*」)")
_SPACES = re.compile(r" {2,}(?=\()|(?<=[,;:]) {2,}")


def latin_signs(content: Any) -> Any:
    """The same content with Latin signs where no Chinese stands beside them; quotations stay as written."""
    if isinstance(content, str):
        return "".join(part if part.startswith("「") else _latin(part) for part in _QUOTED.split(content))
    if isinstance(content, dict):
        return {key: latin_signs(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [latin_signs(value) for value in content]
    return content


def _latin(text: str) -> str:
    return _SPACES.sub(" ", _BETWEEN.sub(lambda at: _SIGNS[at[0]], text))
