# SPDX-License-Identifier: Apache-2.0
"""Asks at the terminal what was mended before a re-test, one non-conformity after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from yanshou.cli.language import _
from yanshou.cli.rectification_file import RectifiedItem
from yanshou.model.person import names_somebody
from yanshou.model.printable import printable


def ask_mended(
    known: Iterable[tuple[str, str]],
    since: date,
    until: date,
    *,
    read: Callable[[str], str] = input,
    write: Callable[[str], object] = print,
) -> tuple[RectifiedItem, ...]:
    """What a person tells of each requirement and device; what is left empty is told of nothing.

    A name that names nobody and a day outside ``since`` to ``until`` are asked for again. The end of input
    ends the list.
    """
    try:
        return tuple(_asked(known, (since, until), read, write))
    except EOFError:
        return ()


def _asked(
    known: Iterable[tuple[str, str]],
    days: tuple[date, date],
    read: Callable[[str], str],
    write: Callable[[str], object],
) -> Iterator[RectifiedItem]:
    for requirement, device in known:
        write(printable(f"{requirement} {device}".strip()))
        if not (what := read(_("what was mended (empty: nothing told): ")).strip()):
            continue
        person = read(_("by whom: ")).strip()
        while not names_somebody(person):
            person = read(_("by whom (a person's name): ")).strip()
        on = _day(read(_("on which day, as 2026-12-01: ")), days)
        while on is None:
            on = _day(read(_("on which day, from %s to %s: ") % days), days)
        yield RectifiedItem(requirement, device, what, person, on, None)


def _day(text: str, days: tuple[date, date]) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if days[0] <= day <= days[1] else None
