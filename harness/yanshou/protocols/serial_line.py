# SPDX-License-Identifier: Apache-2.0
"""Text lines on a serial wire: commands with holes to fill, lines out of a stream of bytes."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

_LONGEST = 4096  # bytes without an end of line; a device that sends more is not speaking lines


def placeholders(template: str) -> frozenset[str]:
    """Names of the holes of ``template``; raises ValueError when its braces do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def fill(template: str, values: Mapping[str, object]) -> str:
    """Fill the holes of ``template``; a value that would end the line early raises ValueError."""
    text = template.format_map(values)
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError(f"a line must not hold control characters: {text!r}")
    return text


@dataclass(slots=True)
class LineReader:
    """Cuts a stream of bytes into lines at ``eol``.  Bytes that are no ASCII show as U+FFFD, never raise."""

    eol: bytes = b"\r\n"
    pending: bytes = field(default=b"")

    def feed(self, data: bytes) -> list[str]:
        """Add received bytes; returns the lines completed by them, without their ends."""
        *lines, self.pending = (self.pending + data).split(self.eol)
        self.pending = self.pending[-_LONGEST:]
        return [line.decode("ascii", "replace") for line in lines]

    def clear(self) -> None:
        """Forget a line begun."""
        self.pending = b""
