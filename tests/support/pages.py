# SPDX-License-Identifier: Apache-2.0
"""Does what a page of ``docs`` says: writes the files its blocks show, and gives its commands.

A paragraph that ends with a colon and names a file says what the indented block below it is for::

    New file `PATH`:                          the block is the file
    Append to `PATH`:                         the block goes to the end of the file
    In `PATH`, replace the last line by:      the block stands in its place
    In `PATH`, below `LINE`, add:             the block goes below the only line with this text
    In `PATH`, below the line of `A` …, add:  the block goes below the only table line that begins with `A` …
    In `PATH`, replace `LINE` by:             the block stands in the place of that line
    In `PATH`, replace every `LINE` by:       the block stands in the place of each such line

A block whose first line begins with ``$`` is a command with what it prints; ``…`` there is what is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PART = re.compile(r"(?m)(?:^\S.*\n)+|(?:^ {4}.*\n)(?:(?:^ {4}.*)?\n)*(?=^\S|\Z)")
_ORDERS = {
    "new": re.compile(r"(?:New file|新建文件) `(?P<path>[^`]+)`[:：]$"),
    "end": re.compile(r"(?:Append to) `(?P<path>[^`]+)`[:：]$"),
    "last": re.compile(
        r"(?:In|在) `(?P<path>[^`]+)`(?:, replace the last line by| 中，把最后一行换成)[:：]$"
    ),
    "below": re.compile(r"In `(?P<path>[^`]+)`, below `(?P<line>[^`]+)`, add:$"),
    "row": re.compile(r"In `(?P<path>[^`]+)`, below the line of (?P<line>`.+`), add:$"),
    "instead": re.compile(r"In `(?P<path>[^`]+)`, replace `(?P<line>[^`]+)` by:$"),
    "every": re.compile(r"In `(?P<path>[^`]+)`, replace every `(?P<line>[^`]+)` by:$"),
    "removed": re.compile(r"(?:Delete|删除) `(?P<path>[^`]+)`"),
}


class UnclearPageError(AssertionError):
    """A page that cannot be followed: it names a line that is not there, or there twice."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a page wants done to a file."""

    order: str
    path: str
    text: str = ""
    line: str = ""

    def apply(self, folder: Path) -> None:
        """Do it below ``folder``."""
        target = folder / self.path
        if self.order == "removed":
            target.unlink()
            return
        if self.order == "new":
            if target.exists():
                raise UnclearPageError(f"{self.path} exists, the page calls it new")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.text, encoding="utf-8", newline="\n")
            return
        target.write_text(self._changed(target.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")

    def _changed(self, text: str) -> str:
        if self.order == "end":
            return text.rstrip("\n") + "\n\n" + self.text
        lines = text.splitlines(keepends=True)
        if self.order == "last":
            return "".join([*lines[:-1], self.text])
        found = [number for number, line in enumerate(lines) if self._is_meant(line.strip())]
        if self.order == "every" and found:
            return "".join(self.text if number in found else line for number, line in enumerate(lines))
        if len(found) != 1:
            raise UnclearPageError(f"{self.path} has {len(found)} lines {self.line!r}, the page means one")
        before = found[0] + (self.order in ("below", "row"))
        return "".join([*lines[:before], self.text, *lines[found[0] + 1 :]])

    def _is_meant(self, line: str) -> bool:
        return line.startswith(f"| {self.line} |") if self.order == "row" else line == self.line.strip()


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a page and the lines it shows below."""

    line: str
    shown: tuple[str, ...]

    def missing(self, printed: str) -> list[str]:
        """The lines of the page that were not printed in this order; numbers and spaces may differ."""
        rest = iter([_plain(line) for line in printed.splitlines()])
        return [line for line in self.shown if line != "…" and _plain(line) not in rest]


def _plain(line: str) -> str:
    return re.sub(r"[0-9a-f]{16,}|\d+(?:[.,]\d+)*", "0", " ".join(line.split()))


def steps(page: str) -> Iterator[Edit | Command]:
    """What ``docs/<page>`` says, in its order."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for paragraph in _PART.finditer(text):
        if not paragraph[0].startswith("    "):
            order = _order(paragraph[0])
            if order is not None and order.order == "removed":
                yield order
            continue
        block = re.sub(r"(?m)^ {4}", "", paragraph[0]).rstrip("\n") + "\n"
        if block.startswith("$ "):
            yield from _commands(block)
        elif (order := _order(text[: paragraph.start()].rstrip().rpartition("\n\n")[2])) is not None:
            yield Edit(order.order, order.path, block, order.line)


def _order(paragraph: str) -> Edit | None:
    for order, pattern in _ORDERS.items():
        if found := pattern.search(paragraph.strip()):
            return Edit(order, found["path"], line=found.groupdict().get("line") or "")
    return None


def _commands(block: str) -> Iterator[Command]:
    for part in re.split(r"(?m)^\$ ", block)[1:]:
        line, *shown = part.splitlines()
        yield Command(line.partition("  #")[0].strip(), tuple(one for one in shown if one))
