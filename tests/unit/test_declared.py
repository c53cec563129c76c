# SPDX-License-Identifier: Apache-2.0
"""What the suites declare, read from their text: what importing them gives, or they are imported."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.support.places import FIXTURES, SUITES
from yanshou.fixtures import declared
from yanshou.planning import Phase

SUITE = """\
import pytest
from functools import partial
from yanshou.fixtures.api import Phase, Record, measures

_WAIT_S = 2 * 3.0
_BOTH = ("a", "b")
_FIRST, _SECOND = "one", "two"
asked = partial(measures, operator=True)


@measures(_FIRST, waits={"wait_s": _WAIT_S}, wires=(*_BOTH, "c|d"), phase=Phase.TIMED, seconds=_WAIT_S + 1)
def test_one(record: Record) -> None: ...


@pytest.mark.parametrize("x", [1])
@asked(_SECOND)
def test_two(record: Record, x: int) -> None: ...


def helper() -> None: ...
"""


@pytest.mark.parametrize("path", sorted(SUITES.rglob("test_*.py")), ids=lambda one: one.stem)
def test_the_text_of_a_suite_says_what_its_import_says(path: Path) -> None:
    try:
        reported = declared._by_text(path.read_text(encoding="utf-8"))
    except (NameError, ValueError):
        return  # then it is imported
    assert reported == tuple(declared._by_import(path))


def test_all_suites_are_read_by_their_text() -> None:
    """One that is not costs every plan the import of all that measures."""
    for path in SUITES.rglob("test_*.py"):
        declared._by_text(path.read_text(encoding="utf-8"))


def test_names_that_are_assigned_in_the_suite_are_followed() -> None:
    (first, one), (second, two) = declared._by_text(SUITE)
    assert (first, second) == ("test_one", "test_two")
    assert (one.measurand, one.waits, one.seconds) == ("one", {"wait_s": 6.0}, 7.0)
    assert (one.wires, one.phase) == (("a", "b", "c|d"), Phase.TIMED)
    assert (two.measurand, two.operator, two.seconds) == ("two", True, 2.0)


@pytest.mark.parametrize(
    "more",
    [
        "for name in ('x', 'y'):\n    pass\n",
        "if True:\n    def test_hidden(): ...\n",
        "from elsewhere import test_hidden\n",
        "from elsewhere import *\n",
        "test_hidden = measures('three')(helper)\n",
        "from elsewhere import wanted\n\n@measures(wanted)\ndef test_three(): ...\n",
        "from elsewhere import other\n\n@other('three')\ndef test_three(): ...\n",
    ],
)
def test_a_suite_that_may_declare_more_than_its_text_shows_is_imported(more: str) -> None:
    with pytest.raises((NameError, ValueError)):
        declared._by_text(SUITE + more)


def test_the_fixtures_that_open_the_device_itself_are_all_known() -> None:
    """Those that take it from the session by its own id, and all that ask for one of them."""
    fixtures = {
        node.name: ({one.arg for one in node.args.args}, ast.unparse(node))
        for path in (FIXTURES / "yanshou" / "fixtures").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and "pytest.fixture" in ast.unparse(node.decorator_list)
    }
    opening = {
        name
        for name, (_, text) in fixtures.items()
        if re.search(r"session\.(camera|recorder)\(device\.id", text)
    }
    while more := {name for name, (asked, _) in fixtures.items() if asked & opening} - opening:
        opening |= more
    asked = {
        one.arg
        for path in SUITES.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for one in node.args.args
    }
    assert opening & asked == declared._ASKING_ITSELF
