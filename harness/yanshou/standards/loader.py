# SPDX-License-Identifier: Apache-2.0
"""Loads the catalogue: the shipped files, or a folder laid out like them, with a laboratory's overlays.

Everything wrong in any file is told in one UsageError; a catalogue with a mistake judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from yanshou.model import Requirement, UsageError
from yanshou.model.trouble import Mistake
from yanshou.standards.catalogue import Catalogue
from yanshou.standards.overlay import lay_over
from yanshou.standards.records import Measurand, Standard
from yanshou.standards.rows import read_measurand, read_requirement, read_standard
from yanshou.standards.table import Table, tables
from yanshou.standards.tomlfile import TomlFile, parse


def load(overlays: Sequence[Path] = (), folder: Path | None = None) -> Catalogue:
    """Load the catalogue of ``folder`` (its ``data/`` and ``measurands/``), else the shipped one.

    ``overlays`` are laid over it in order.  Raises UsageError with every mistake of every file.
    """
    mistakes: list[Mistake] = []
    catalogue = _load_folder(folder, mistakes)
    _raise(mistakes)  # an overlay can only be judged against a sound catalogue
    for path in overlays:
        catalogue = lay_over(catalogue, _overlay(path, mistakes), mistakes)
    _raise(mistakes)
    return catalogue


def _load_folder(folder: Path | None, mistakes: list[Mistake]) -> Catalogue:
    root: Traversable = folder or resources.files("yanshou.standards")
    shipped = folder is None
    measurands = _measurands(_files(root, "measurands", mistakes, shipped=shipped), mistakes)
    _raise(mistakes)  # every row leans on the measurands: against broken ones each would seem wrong
    standards: dict[str, Standard] = {}
    rows: dict[str, Requirement] = {}
    places: dict[str, Table] = {}
    for file in _files(root, "data", mistakes, shipped=shipped):
        if file.text is None:  # unreadable, and told so
            continue
        standard = _standard(file, mistakes)
        _only_once(standards, standard.name, file, mistakes)
        standards[standard.name] = standard
        for table in tables(file, "requirement", mistakes):
            row = read_requirement(table, standard, measurands)
            if _is_new(table, row, places):
                rows[row.id] = row
    return Catalogue(rows, measurands, standards)


def _files(root: Traversable, name: str, mistakes: list[Mistake], *, shipped: bool) -> Iterator[TomlFile]:
    """Parse the TOML files of one subfolder, in order of name."""
    subfolder = root / name
    shown = f"standards/{name}" if shipped else str(subfolder)
    if not subfolder.is_dir():
        what = "a catalogue folder needs data/ and measurands/."
        mistakes.append(Mistake(shown, None, what, "Name the folder that holds both."))
        return
    for entry in sorted(subfolder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            yield parse_entry(f"{shown}/{entry.name}", entry.read_bytes, mistakes)


def parse_entry(name: str, read: Callable[[], bytes], mistakes: list[Mistake]) -> TomlFile:
    """Read and parse one file; what cannot be read is a mistake, never a traceback."""
    try:
        text = read().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        mistakes.append(Mistake(name, None, f"cannot be read: {error.strerror}.", "Check the path."))
        return TomlFile(name, {}, None)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        mistakes.append(Mistake(name, line, "is not UTF-8.", "Save the file as UTF-8."))
        return TomlFile(name, {}, None)
    return parse(name, text, mistakes)


def _overlay(path: Path, mistakes: list[Mistake]) -> TomlFile:
    return parse_entry(path.name, path.read_bytes, mistakes)


def _measurands(files: Iterator[TomlFile], mistakes: list[Mistake]) -> dict[str, Measurand]:
    found: dict[str, Measurand] = {}
    places: dict[str, TomlFile] = {}
    for file in files:
        for name, data in file.data.items():
            table = Table(file, name, 0, data if isinstance(data, dict) else {}, mistakes)
            if name in found:
                place = f"{places[name].name}:{places[name].line_of(name) or 1}"
                table.wrong("", f"measurand {name} is there already.", f"See {place}.")
                continue
            found[name], places[name] = read_measurand(table), file
    return found


def _standard(file: TomlFile, mistakes: list[Mistake]) -> Standard:
    data = file.data.get("standard", {})
    table = Table(file, "standard", 0, data if isinstance(data, dict) else {}, mistakes)
    for key in file.data.keys() - {"standard", "requirement"}:
        line = file.line_of(key) or file.line_of("", key=key)
        what = f"unknown table or key {key!r}."
        mistakes.append(Mistake(file.name, line, what, "A catalogue file has [standard], [[requirement]]."))
    return read_standard(table)


def _only_once(known: dict[str, Standard], name: str, file: TomlFile, mistakes: list[Mistake]) -> None:
    if name in known:
        what = f"standard {name} is there already."
        mistakes.append(Mistake(file.name, file.line_of("standard"), what, f"See {known[name].source}."))


def _is_new(table: Table, row: Requirement, places: dict[str, Table]) -> bool:
    """Refuse an id that was used before."""
    if row.id in places:
        first = places[row.id]
        place = f"{first.file.name}:{first.file.line_of(first.name, first.index, 'id')}"
        table.wrong("id", f"id {row.id} is used twice.", f"The first stands at {place}.")
        return False
    places[row.id] = table
    return bool(row.id)


def _raise(mistakes: list[Mistake]) -> None:
    if mistakes:
        raise UsageError(mistakes)
