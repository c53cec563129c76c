# SPDX-License-Identifier: Apache-2.0
"""The one reader of TOML files: any text, any value, and the lines mistakes are told with."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.model import limited
from yanshou.model.trouble import Mistake
from yanshou.toml import Table, near, parse_toml, read_toml, root

KEYS = st.sampled_from(["a", "b", "id", "kind", "x-1", '"a.b"', '"键"'])
VALUES = st.sampled_from(
    [
        "1",
        '"[c] # no table"',
        "'x = 1'",
        "[1, 2]  # d = 3",
        '"""\n[decoy]\na = 1\n"""',
        "'''\n\nb = 2'''",
        "[\n  1, # ]\n  2,\n]",
        "{ inner = { a = 1 } }",
        '["]", "[["]',
        '"\\"[["',
    ]
)
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=300)
    | st.dates()
    | st.datetimes(),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=4), one, max_size=3),
    max_leaves=6,
)
GETTERS: dict[str, Callable[[Table], object]] = {
    "text": lambda table: table.text("k"),
    "choice": lambda table: table.choice("k", {"NO", "NC"}, "NC"),
    "whole": lambda table: table.number("k", 1, 9, whole=True),
    "number": lambda table: table.number("k"),
    "flag": lambda table: table.flag("k", default=False),
    "day": lambda table: table.day("k"),
    "texts": lambda table: table.texts("k"),
    "choices": lambda table: table.choices("k", {"NO", "NC"}),
    "inner": lambda table: table.inner("k").data,
    "rows": lambda table: table.rows("k"),
}
SHAPES = {
    "text": str,
    "choice": str,
    "whole": int | None,
    "number": float | None,
    "flag": bool,
    "day": date | None,
    "texts": tuple,
    "choices": tuple,
    "inner": dict,
    "rows": list,
}


def table_of(data: dict[str, Any]) -> Table:
    return Table(parse_toml("t.toml", "", []), (), data, [], "the file")


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[tuple[str | int, ...], int]]:
    """A TOML text, and the line each of its headers and keys was written on."""
    lines: list[str] = []
    places: dict[tuple[str | int, ...], int] = {}

    def write(path: tuple[str | int, ...], text: str) -> None:
        places[path] = len(lines) + 1
        lines.extend(text.split("\n"))

    def fill(path: tuple[str | int, ...]) -> None:
        for key in draw(st.lists(KEYS, unique=True, max_size=4)):
            lines.extend(draw(st.sampled_from([[], ["# [no] = 1"], ["", "  # '''"]])))
            write((*path, key.strip('"')), f"{key} = {draw(VALUES)}")

    fill(("",))
    for table in draw(st.lists(st.sampled_from(["t", "u", "v.w"]), unique=True, max_size=3)):
        path = tuple(table.split("."))
        write(path, f"[{table}]  # of keys")
        fill(path)
    for nth in range(draw(st.integers(0, 3))):
        write(("row", nth), "[[row]]")
        fill(("row", nth))
        if draw(st.booleans()):
            write(("row", nth, "below"), "[row.below]")
            fill(("row", nth, "below"))
    return "\n".join(lines), {
        tuple(step for step in path if step != ""): line for path, line in places.items()
    }


@given(documents())
def test_each_header_and_key_is_found_on_the_line_it_was_written_on(
    document: tuple[str, dict[tuple[str | int, ...], int]],
) -> None:
    text, places = document
    mistakes: list[Mistake] = []
    toml = parse_toml("t.toml", text, mistakes)
    assert mistakes == []
    assert {path: toml.line(*path) for path in places} == places


@given(st.text() | documents().map(lambda one: one[0]), st.integers(0), st.text(max_size=3))
def test_any_text_is_read_or_told_in_one_line(text: str, at: int, put: str) -> None:
    at %= len(text) + 1
    mistakes: list[Mistake] = []
    toml = parse_toml("t.toml", text[:at] + put + text[at:], mistakes)
    assert toml.sound == (not mistakes)
    assert len(mistakes) <= 1
    assert all("\n" not in str(one) and one.remedy for one in mistakes)
    assert isinstance(toml.line("a", "b"), int | None)


@pytest.mark.parametrize("getter", GETTERS)
@given(value=ANY)
def test_any_value_is_of_the_right_type_or_told_in_one_line(getter: str, value: object) -> None:
    table = table_of({"k": value})
    found = GETTERS[getter](table)
    assert isinstance(found, SHAPES[getter])
    assert len(table.mistakes) <= 5
    for one in table.mistakes:
        assert "\n" not in str(one)
        assert len(str(one)) < 300
    if getter == "flag" and not isinstance(value, bool):
        assert len(table.mistakes) == 1


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    mistakes: list[Mistake] = []
    assert read_toml(path, mistakes).sound == (not mistakes)


def test_a_number_no_computer_counts_with_is_no_number() -> None:
    table = table_of({"k": 10**400, "inf": float("inf"), "yes": True})
    assert [table.number(key) for key in table.data] == [None, None, None]
    assert len(table.mistakes) == 3


def test_what_is_no_file_is_told_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    names = ["folder.toml", "none.toml", "a\0b.toml", "x" * 300 + ".toml"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.toml")
        names.append("pipe.toml")
    for name in names:
        mistakes: list[Mistake] = []
        assert not read_toml(tmp_path / name, mistakes, "t.toml").sound
        assert [one.path for one in mistakes] == ["t.toml"]
        assert "cannot be read" in mistakes[0].what


def test_a_file_of_many_mistakes_is_answered_at_once() -> None:
    text = "".join(f"wrong_key_number_{n} = 1\n" for n in range(100_000))
    mistakes: list[Mistake] = []
    top = root(parse_toml("t.toml", text, mistakes), mistakes)
    top.only({"right_key_number"})
    assert len(mistakes) == 21
    assert "99980 more" in mistakes[-1].what


def test_a_file_larger_than_any_a_person_writes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    mistakes: list[Mistake] = []
    assert not read_toml(path, mistakes).sound
    assert str(limited.LARGEST) in mistakes[0].what


def test_a_wrong_word_of_a_list_is_told_at_its_own_line() -> None:
    text = '[allow]\nintrusive = [\n  "siren",\n  "sirene",\n]\n'
    mistakes: list[Mistake] = []
    table = root(parse_toml("t.toml", text, mistakes), mistakes).inner("allow")
    assert table.choices("intrusive", {"siren"}) == ("siren",)
    assert [str(one) for one in mistakes] == [
        "t.toml:4  allow: intrusive cannot hold 'sirene'. Did you mean siren?"
    ]


def test_a_row_is_named_by_its_id_or_its_place() -> None:
    text = '[[row]]\nid = "R-1"\n[[row]]\nname = "x"\n[[row]]\nid = "\\n"\n'
    mistakes: list[Mistake] = []
    for table in root(parse_toml("t.toml", text, mistakes), mistakes).rows("row"):
        table.require("kind")
    assert [str(one).partition(" is")[0] for one in mistakes] == [
        "t.toml:1  row R-1: kind",
        "t.toml:3  row 2: kind",
        "t.toml:5  row 3: kind",
    ]


def test_a_word_as_long_as_a_file_is_compared_with_nothing() -> None:
    assert near("x" * 1_000_000, ["xx", "xy"]) == "Known are: xx, xy."
