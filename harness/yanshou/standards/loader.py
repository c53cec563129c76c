# SPDX-License-Identifier: Apache-2.0
"""Loads the catalogue: the shipped files, or a folder laid out like them, with a laboratory's overlays.

One UsageError reports the mistakes of all files; a catalogue with a mistake is never used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from yanshou.model import Requirement, UsageError
from yanshou.model.trouble import Mistake
from yanshou.standards.catalogue import Catalogue
from yanshou.standards.overlay import lay_over
from yanshou.standards.records import Measurand, Standard
from yanshou.standards.rows import read_measurand, read_requirement, read_standard
from yanshou.toml import Table, TomlText, read_toml, root


def load(overlays: Sequence[Path] = (), folder: Path | None = None) -> Catalogue:
    """Load the catalogue of ``folder`` (its ``data/`` and ``measurands/``), else the shipped one.

    ``overlays`` are applied in order. Raises UsageError with every mistake of every file.
    """
    mistakes: list[Mistake] = []
    catalogue = _shipped() if folder is None else _sound(folder)  # an overlay needs one without mistakes
    for path in overlays:
        catalogue = lay_over(catalogue, read_toml(path, mistakes), mistakes)
    _raise(mistakes)
    return catalogue


@cache
def _shipped() -> Catalogue:
    """The shipped catalogue, read once in a process: overlays change copies of it."""
    return _sound(None)


def _sound(folder: Path | None) -> Catalogue:
    mistakes: list[Mistake] = []
    catalogue = _load_folder(folder, mistakes)
    _raise(mistakes)
    return catalogue


def _load_folder(folder: Path | None, mistakes: list[Mistake]) -> Catalogue:
    root_folder: Traversable = folder or resources.files("yanshou.standards")
    shipped = folder is None
    measurands = _measurands(_files(root_folder, "measurands", mistakes, shipped=shipped), mistakes)
    _raise(mistakes)  # rows refer to measurands: if those are wrong, each row would seem wrong
    standards: dict[str, Standard] = {}
    rows: dict[str, Requirement] = {}
    places: dict[str, Table] = {}
    for file in _files(root_folder, "data", mistakes, shipped=shipped):
        if not file.sound:  # and reported as such
            continue
        top = root(file, mistakes)
        standard = _standard(top)
        _only_once(standards, standard.name, top)
        standards[standard.name] = standard
        for table in top.rows("requirement"):
            row = read_requirement(table, standard, measurands)
            if _is_new(table, row, places):
                rows[row.id] = row
    return Catalogue(rows, measurands, standards)


def _files(
    root_folder: Traversable, name: str, mistakes: list[Mistake], *, shipped: bool
) -> Iterator[TomlText]:
    """Parse the TOML files of one subfolder, in order of name."""
    subfolder = root_folder / name
    place = f"standards/{name}" if shipped else str(subfolder)
    if not subfolder.is_dir():
        what = "a catalogue folder needs data/ and measurands/."
        mistakes.append(Mistake(place, None, what, "Name the folder that holds both."))
        return
    for entry in sorted(subfolder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            yield read_toml(entry, mistakes, f"{place}/{entry.name}")


def _measurands(files: Iterator[TomlText], mistakes: list[Mistake]) -> dict[str, Measurand]:
    found: dict[str, Measurand] = {}
    places: dict[str, Table] = {}
    for file in files:
        top = root(file, mistakes)
        for name in file.data:
            table = top.inner(name)
            if name in found:
                table.wrong(f"measurand {name} is there already.", f"See {places[name].place()}.")
                continue
            found[name], places[name] = read_measurand(table), table
    return found


def _standard(top: Table) -> Standard:
    top.only({"standard", "requirement"})
    return read_standard(top.inner("standard"))


def _only_once(known: dict[str, Standard], name: str, top: Table) -> None:
    if name in known:
        top.wrong(f"standard {name} is there already.", f"See {known[name].source}.", "standard")


def _is_new(table: Table, row: Requirement, places: dict[str, Table]) -> bool:
    """Refuse an id that was used before."""
    if row.id in places:
        table.wrong(f"id {row.id} is used twice.", f"The first stands at {places[row.id].place('id')}.", "id")
        return False
    places[row.id] = table
    return bool(row.id)


def _raise(mistakes: list[Mistake]) -> None:
    if mistakes:
        raise UsageError(mistakes)
