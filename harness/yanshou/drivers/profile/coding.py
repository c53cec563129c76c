# SPDX-License-Identifier: Apache-2.0
"""Whether the texts of a profile can occur on a line of its coding.

A pattern with signs that the coding does not have never matches, and a text with such signs cannot be sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from yanshou.toml import Table, shown
from yanshou.wires.lines import CODINGS

_ROWS = ("login", "start", "message", "point", "command")
_TEXTS = ("match", "form", "request", "expect", "absent", "send", "refused", "take_back", "acknowledge")
_LEAST_SECOND = "0"  # the second and the fourth byte of a character in GB 18030 may be ASCII from here on


def check_coding(top: Table, coding: str) -> None:
    """Note each text that no line in ``coding`` can hold, and an ``eol`` that may be in a character."""
    transport = top.inner("transport")
    tables = [transport, top.inner("alive"), *(row for name in _ROWS for row in top.rows(name))]
    for table in tables:
        for key, text in _texts(table):
            if strange := _strange(text, coding):
                what = f"{key} has signs that a line in {coding} cannot hold: {shown(strange)}."
                table.wrong(what, "Correct it, or write the coding of the device under [transport].", key)
    if CODINGS[coding] == "gb18030" and str(transport.data.get("eol", ""))[:1] >= _LEAST_SECOND:
        what = "eol may be the half of a character in that coding."
        transport.wrong(what, "Give the control character that ends a line.", "eol")


def _texts(table: Table) -> Iterator[tuple[str, str]]:
    for key in _TEXTS:
        if isinstance(text := table.data.get(key), str):
            yield key, text
    codes = table.data.get("map")
    for group, inner in codes.items() if isinstance(codes, dict) else ():
        yield from (("map", text) for text in (inner if isinstance(inner, dict) else [group]))


def _strange(text: str, coding: str) -> str:
    """The first sign that the coding does not have; empty when there is none."""
    try:
        text.encode(CODINGS[coding])
    except UnicodeEncodeError as error:
        return text[error.start : error.start + 1]
    return ""
