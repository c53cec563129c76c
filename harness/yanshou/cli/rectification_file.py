# SPDX-License-Identifier: Apache-2.0
"""Reads the list of what was mended after a test: one ``[[mended]]`` table per requirement and device."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from yanshou.model import UsageError
from yanshou.model.trouble import Mistake
from yanshou.operator import PhotoQuestion
from yanshou.operator.pictures import fault_of
from yanshou.toml import Table, near, read_toml, root

_KEYS: Final = frozenset({"requirement", "device", "what", "by", "on", "photo"})


@dataclass(frozen=True, slots=True)
class RectifiedItem:
    """What was done about one non-conformity, by whom and when; ``photo`` is a picture of it, if any."""

    requirement: str
    device: str
    what: str
    person: str
    on: date | None
    photo: Path | None


def read_rectification(
    path: Path, known: Collection[tuple[str, str]], since: date, until: date
) -> tuple[RectifiedItem, ...]:
    """The entries that say ``what`` was mended; an entry that says nothing is left out.

    ``known`` are the requirements and devices that had not conformed or had no result; the work was done
    between ``since``, the day of that test, and ``until``, today. UsageError with every mistake, each with
    its line.
    """
    mistakes: list[Mistake] = []
    toml = read_toml(path, mistakes)
    if not toml.sound:
        raise UsageError(mistakes)
    top = root(toml, mistakes)
    top.only({"mended"})
    found: dict[tuple[str, str], RectifiedItem] = {}
    for table in top.rows("mended"):
        one = _entry(table, path, known, (since, until))
        if one is None:
            continue
        key = (one.requirement, one.device)
        if key in found:
            table.wrong(f"{' '.join(key).strip()} is listed twice.", "Keep one entry for it.", "requirement")
        found[key] = one
    if mistakes:
        raise UsageError(mistakes)
    if not found:
        raise UsageError("nothing is said to have been mended.", 'Fill in what = "…".', path=path)
    return tuple(found.values())


def _entry(
    table: Table, path: Path, known: Collection[tuple[str, str]], days: tuple[date, date]
) -> RectifiedItem | None:
    table.only(_KEYS)
    requirement, device = table.text("requirement", required=True), table.text("device")
    what = table.text("what")
    if not what:
        return None
    if (requirement, device) not in known:
        shown = [f"{one} {other}".strip() for one, other in known]
        asked = f"{requirement} {device}".strip()
        table.wrong(f"{asked} did not fail in that run.", near(asked, shown), "requirement")
    person, on = table.person("by", required=True), table.day("on")
    if on is None:
        table.wrong("on is missing.", "Give the day it was done, on = 2026-12-01.", "on")
    elif not days[0] <= on <= days[1]:
        table.wrong(f"on = {on} is not between the test and today.", "Correct the day.", "on")
    return RectifiedItem(requirement, device, what, person, on, _photo(table, path))


def _photo(table: Table, path: Path) -> Path | None:
    name = table.text("photo")
    if not name:
        return None
    photo = path.parent / name
    if (fault := fault_of(photo, PhotoQuestion("photo", name))) is not None:
        table.wrong(f"photo {name}: {fault.en}", "Name a photograph beside this file.", "photo")
    return photo
