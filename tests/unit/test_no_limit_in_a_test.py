# SPDX-License-Identifier: Apache-2.0
"""No limit stands in a test: what a suite compares with comes from the plan and the catalogue.

A suite may hold how often and how long it does something.  It may not hold what a value has to reach: no
number, and no name of one, is compared with, and none ends a search or a wait.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SUITES = Path(__file__).parents[2] / "test_suites"
FILES = sorted(SUITES.rglob("test_*.py"))
ENDS = {"at_least", "at_most", "within", "limit", "age_s"}
NONE_OR_ONE = (0, 1)  # whether there is anything at all is no limit of a clause


def numbers(tree: ast.Module) -> set[str]:
    """Names of the module that stand for a number, or for several, and constants it takes from elsewhere."""
    named = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            named |= {one.name for one in node.names if one.name.isupper()}
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        if any(_number(part) for part in ast.walk(node.value)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named |= {one.id for to in targets for one in ast.walk(to) if isinstance(one, ast.Name)}
    return named


def _number(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, int | float) and not isinstance(value, bool) and value not in NONE_OR_ONE


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all in it, but not where a sequence is cut."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Subscript) and child is node.slice):
            yield from _parts(child)


def _held(node: ast.AST) -> list[ast.AST]:
    """What of a node is a limit when it is a number."""
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Call):
        ended = [one.value for one in node.keywords if one.arg in ENDS]
        series = [one for one in node.args if isinstance(one, ast.Tuple | ast.List)]
        return [*ended, *(one for one in series if one.elts and all(map(_number, one.elts)))]
    if isinstance(node, ast.For) and not isinstance(node.iter, ast.Call):
        return [node.iter]
    return []


def limits(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and words of each number that is compared with, or that ends a search, a wait or a series."""
    named = numbers(tree)
    for node in ast.walk(tree):
        parts = [part for one in _held(node) for part in _parts(one)]
        if any(_number(part) or (isinstance(part, ast.Name) and part.id in named) for part in parts):
            yield node.lineno, ast.unparse(node).splitlines()[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_limit_stands_in_a_suite(path: Path) -> None:
    assert list(limits(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        "def test(record, value):\n    record.logical(conforms=value >= 35.0)",
        "_MOST = 5\ndef test(record, tries):\n    record.logical(conforms=tries <= _MOST)",
        "_MOST: int = 6\ndef test(record):\n    record.number(0, at_least=_MOST)",
        "from somewhere import FEWEST\ndef test(record, n):\n    record.logical(conforms=n >= FEWEST)",
        "def test(record):\n    _window(record, (5.0, 39.0, 41.0))",
        "def test(dialler):\n    return dialler.report_frame(age_s=39.0)",
        "_NEAR, _FAR = 39.0, 41.0\ndef test(record):\n    for age in (_NEAR, _FAR):\n        use(age)",
        "def test(door):\n    return door.opened(within=2.5)",
        "_TABLE = {'a': 3}\ndef test(value):\n    return value > _TABLE['a']",
    ],
)
def test_a_limit_that_returns_is_seen(code: str) -> None:
    assert list(limits(ast.parse(code)))


def test_how_often_and_how_long_may_stand_there() -> None:
    code = "_HOLD_S = 600.0\ndef test(record):\n    seconds = record.duration('hold_s', _HOLD_S, 'x')\n"
    assert list(limits(ast.parse(code))) == []
