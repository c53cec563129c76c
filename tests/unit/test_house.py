# SPDX-License-Identifier: Apache-2.0
"""The shape of the code: no import circle, no long function, no long file, rooms that keep their size."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import grimp

from tests.support.places import ROOT

PRODUCT = ("harness", "fixtures", "instruments", "reports", "test_suites")
LONGEST_FUNCTION = 60
LONGEST_FILE = 500
LARGEST_SESSION = 500
"""Lines of the package ``session``: it opens things, and nothing else."""


def circle(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """The modules of one circle of imports, first and last the same; empty if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("yanshou", cache_dir=None)
    assert len(graph.modules) > 500
    assert circle({one: graph.find_modules_directly_imported_by(one) for one in graph.modules}) == []


def test_a_circle_is_found() -> None:
    assert sorted(set(circle({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}))) == ["a", "b", "c"]


def long_functions(text: str) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds))
    return [one.name for one in nodes if (one.end_lineno or 0) - one.lineno >= LONGEST_FUNCTION]


def test_functions_and_files_are_short() -> None:
    found = []
    for path in sorted(path for root in (*PRODUCT, "tests") for path in (ROOT / root).rglob("*.py")):
        text = path.read_text("utf-8")
        name = path.relative_to(ROOT).as_posix()
        lines = text.count("\n")
        found += [f"{name} has {lines} lines"] if lines > LONGEST_FILE else []
        found += [f"{name}: {one}" for one in long_functions(text)] if lines > LONGEST_FUNCTION else []
    assert found == []


def test_a_long_function_is_found() -> None:
    lines = "    pass\n" * (LONGEST_FUNCTION - 1)
    assert long_functions(f"def short():\n{lines}") == []
    assert long_functions(f"async def long():\n{lines}    pass\n") == ["long"]


def test_opening_a_session_stays_one_thing() -> None:
    package = ROOT / "harness" / "yanshou" / "session"
    assert sum(path.read_text("utf-8").count("\n") for path in package.rglob("*.py")) < LARGEST_SESSION


def test_no_test_finds_its_helpers_by_a_path_of_its_own() -> None:
    searched = "sys." + "path"
    found = [path.name for path in (ROOT / "tests").rglob("*.py") if searched in path.read_text("utf-8")]
    assert found == []
