# SPDX-License-Identifier: Apache-2.0
"""Text lines on a serial wire: command templates, and lines out of a stream of bytes."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping

from yanshou.model.newest import Newest

_MANY, _OUTSTANDING = 9, 4
_SHOWN, _LEAST, _MOSTLY = 40, 3, 0.6
_WORD = re.compile(r"[A-Za-z][a-z]{3}|[A-Z]{4}|[\u0400-\u04ff]{4}|[\u4e00-\u9fff]{3}")


def placeholders(template: str) -> frozenset[str]:
    """The names of the placeholders of ``template``; ValueError if its braces do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def fill(template: str, values: Mapping[str, object]) -> str:
    """Fill the placeholders of ``template``; ValueError for a value that would end the line early."""
    text = template.format_map(values)
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError(f"a line must not hold control characters: {text!r}")
    return text


class LineEcho:
    """Distinguishes the echo of an adapter, which returns what is sent, from the answer of a device.

    A line that equals the sent one counts as an echo until a question was answered by another line. From then
    on it is known how many copies come back, so a device may answer with the words of the question.
    """

    def __init__(self) -> None:
        self._copies: int | None = None
        self._sent: Newest[str, int] = Newest(_OUTSTANDING)
        self.seen = 0
        """How many copies of the last text came back so far."""

    def sent(self, text: str) -> None:
        """A text goes out."""
        self._sent.pop(text, None)
        self._sent[text] = _MANY if self._copies is None else self._copies
        self.seen = 0

    def holds(self, text: str) -> bool:
        """Whether a received line is an echo."""
        if self._sent.get(text, 0) <= 0:
            return False
        self._sent[text] -= 1
        self.seen += 1
        return True

    def answered(self, question: str, answer: str) -> None:
        """The question was answered."""
        if answer != question:
            self._copies = self.seen


def plain_text(data: bytes) -> str:
    """The first 40 printable characters if a device sent plain text; empty for anything else.

    To exclude noise, all bytes except one or two control characters must be ASCII, UTF-8 or GB 2312 and hold
    a word: seven random bytes are text of some kind in one case of thirty.
    """
    decoded = (_decoded(data, coding) for coding in ("utf-8", "gb2312"))  # 系统忙 of GB 2312 is also UTF-8
    return next((said for text in decoded if (said := _said(text))), "")


def _said(text: str) -> str:
    body = text.strip()
    controls = sum(unicodedata.category(one) == "Cc" and one not in "\r\n\t" for one in body)
    shown = "".join(one if one.isprintable() else " " for one in body)
    telling = sum(one.isalnum() for one in shown)
    if telling < max(_LEAST, _MOSTLY * len(body)) or controls > max(1, len(body) // 10):
        return ""
    is_line = body.isascii() and text.endswith(("\r", "\n"))
    return " ".join(shown.split())[:_SHOWN] if is_line or _WORD.search(shown) else ""


def _decoded(data: bytes, coding: str) -> str:
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return ""


def said_before(data: bytes) -> tuple[str, str]:
    """Words for a fault: what a device sent before it fell silent or hung up, and the remedy."""
    shown = plain_text(data)
    if not shown:
        return "", ""
    return f"; it said {shown!r}", "Do what it says; where it is busy, end the other client and try again."
