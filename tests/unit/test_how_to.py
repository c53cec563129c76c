# SPDX-License-Identifier: Apache-2.0
"""The pages of ``docs/how-to`` do what they say; long commands: ``tests/e2e``, ``make bench ONLY=how_to``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.followed import HOW_TO, copied_tree, follow
from tests.support.pages import Command, Edit, UnclearPageError, steps
from tests.support.places import ROOT

FOLDER = ROOT / "docs" / "how-to"
LONG = re.compile(r"^yanshou (?:run|selftest)|test_catalogue")


def test_the_pages_are_found():
    things = ("panel", "clause", "measurand", "report-format", "wire")
    assert {f"add-a-{thing}.md" for thing in things} <= set(HOW_TO)


@pytest.mark.parametrize("name", HOW_TO)
def test_the_page_can_be_followed(name: str, tmp_path: Path):
    assert follow(f"how-to/{name}", copied_tree(tmp_path), lambda line: not LONG.search(line))


@pytest.mark.parametrize("name", HOW_TO)
def test_the_page_changes_as_many_places_as_it_says(name: str):
    table = set(re.findall(r"(?m)^\| `([\w./-]+)` \|", (FOLDER / name).read_text(encoding="utf-8")))
    changed = {step.path for step in steps(f"how-to/{name}") if isinstance(step, Edit)}
    assert {path for path in table if "/" in path} == changed


def test_a_line_that_is_not_there_is_no_place_to_add_below(tmp_path: Path):
    (tmp_path / "a.txt").write_text("one\ntwo\ntwo\n", encoding="utf-8")
    Edit("below", "a.txt", "more\n", "one").apply(tmp_path)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "one\nmore\ntwo\ntwo\n"
    for line in ("three", "two"):
        with pytest.raises(UnclearPageError):
            Edit("instead", "a.txt", "more\n", line).apply(tmp_path)
    with pytest.raises(UnclearPageError):
        Edit("new", "a.txt", "again\n").apply(tmp_path)


def test_a_line_that_was_not_printed_is_missed():
    command = Command("yanshou plan", ("one  1.5 s", "…", "two"))
    assert command.missing("one 2.4 s\nbetween\ntwo\n") == []
    assert command.missing("two\none 2.4 s\n") == ["two"]
    assert command.missing("one 2.4\ntwo\n") == ["one  1.5 s", "two"]
