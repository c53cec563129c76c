# SPDX-License-Identifier: Apache-2.0
"""Mistakes as a person reads them: many of one cause are one entry with its count and its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from yanshou.cli.language import _, in_own_language
from yanshou.model.trouble import Mistake

_MANY: Final = 5  # so many of one cause are still shown one by one
_FIRST: Final = 3
_MOST: Final = 20  # so many stretches of lines are named
_OF_A_DEVICE = re.compile(r"^[^:'\"]{1,80}: ")
_NUMBERED = re.compile(r"[^\s'\"=,;()]*\d[^\s'\"=,;()]*")


def mistake_lines(mistakes: Sequence[Mistake]) -> Iterator[str]:
    """The lines to print: each mistake; of more than five of one cause, three and where the others are.

    Two mistakes have one cause if the same is wrong in the same file, whichever device or number it is about.
    """
    causes: dict[tuple[str, str, str], list[Mistake]] = {}
    for one in mistakes:
        causes.setdefault(_cause(one), []).append(one)
    for alike in causes.values():
        if len(alike) <= _MANY:
            yield from plain_lines(alike)
            continue
        yield _("%(count)d problems of one cause:") % {"count": len(alike)}
        yield from (f"  {line}" for line in plain_lines(alike[:_FIRST]))
        rest = alike[_FIRST:]
        where = _places(rest)
        yield "  " + _("… and %(count)d more: %(where)s") % {"count": len(rest), "where": where}


def plain_lines(mistakes: Sequence[Mistake]) -> Iterator[str]:
    """One line for each mistake, in the language of the user."""
    return (one.said(in_own_language) for one in mistakes)


def stretches(numbers: Sequence[int]) -> str:
    """``4–9, 12``: the numbers, stretches of them drawn together; of very many the first and the last."""
    parts: list[list[int]] = []
    for number in dict.fromkeys(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    shown = [f"{part[0]}–{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts]
    return ", ".join(shown if len(shown) <= _MOST else [*shown[: _MOST - 1], f"… {shown[-1]}"])


def _cause(one: Mistake) -> tuple[str, str, str]:
    what = _OF_A_DEVICE.sub("", one.what, count=1)
    return one.path, _NUMBERED.sub("#", what), _NUMBERED.sub("#", one.remedy)


def _places(mistakes: Sequence[Mistake]) -> str:
    """The file with its lines; where a mistake has no line, the device or whatever it begins with."""
    parts = []
    for path, some in groupby(mistakes, key=lambda one: one.path):
        group = list(some)
        lines = stretches(sorted(one.line for one in group if one.line))
        names = [one.what.partition(":")[0] for one in group if not one.line]
        parts.append(f"{path}:{lines}" if lines else path)
        parts += [", ".join(names)] if names else []
    return "; ".join(parts)
