# SPDX-License-Identifier: Apache-2.0
"""What has to stand in several places stands in all of them; each test names what is missing where."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.places import EXAMPLES, ROOT, SUITES, TESTS
from yanshou.cli.main import _parser
from yanshou.cli.selftest import read_defects
from yanshou.emulation.fault_kinds import all_kinds
from yanshou.fixtures.coverage import covered_measurands
from yanshou.fixtures.prepare import overlays_of
from yanshou.instruments.registry import load_instruments
from yanshou.model import FigureKind
from yanshou.planning import make_plan
from yanshou.reports.messages import MESSAGES, Messages
from yanshou.reports.plots.kinds import DRAWERS, kind_figure
from yanshou.reports.survey import messages as survey_messages
from yanshou.site import load_site
from yanshou.site.vocabulary import PLAN_KEYS, PLAN_NUMBERS
from yanshou.standards import load

HARNESS, FIXTURES, REPORTS = ROOT / "harness/yanshou", ROOT / "fixtures", ROOT / "reports/yanshou/reports"
ASKING = {"parameter", "duration", "times"}
STATED_ELSEWHERE = {"draws", "method"}
"""Parameters of a plan that planning adds; no site file states them."""
PLANTED = re.compile(r'kind\s*=\s*\\?"(\w+)')
SITES = sorted(path.parent.name for path in EXAMPLES.glob("*/defects.toml"))


def trees(*folders: Path) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def constants(*folders: Path) -> set[str]:
    """Every constant text of the code, docstrings included."""
    nodes = (node for _, tree in trees(*folders) for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


# -- figures and their drawers


def kinds_brought(tree: ast.Module) -> set[str]:
    nodes = ast.walk(tree)
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "FigureKind"
    }


def test_every_kind_of_figure_has_a_drawer_and_somebody_who_brings_it() -> None:
    assert set(DRAWERS) == set(FigureKind)
    folders = (HARNESS / "evaluation", HARNESS / "equipment", SUITES)
    brought = {kind for _, tree in trees(*folders) for kind in kinds_brought(tree)}
    assert brought == {kind.name for kind in FigureKind}


def test_a_figure_is_brought_with_a_kind_that_exists() -> None:
    """A kind written as a text would have no drawer, and nothing would tell."""
    for path, tree in trees(HARNESS / "evaluation", SUITES):
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    named = isinstance(key, ast.Constant) and key.value == "kind"
                    assert not (named and isinstance(value, ast.Constant)), f"{path.name}:{node.lineno}"


def test_a_figure_without_a_drawer_is_said_in_its_place() -> None:
    row: Any = SimpleNamespace(measurement=SimpleNamespace(details={"figure": {"kind": "no_such_kind"}}))
    drawn = kind_figure(SimpleNamespace(blob=None), row, "en", "svg")  # type: ignore[arg-type]
    assert drawn is not None
    assert drawn.startswith(b"<?xml")


# -- what a plan may state


def asked_of_plans() -> set[str]:
    """Names that suites and fixtures read from the plan, and those planning reads from the site file."""
    asked: set[str] = set()
    for _, tree in trees(SUITES, FIXTURES, HARNESS / "planning", HARNESS / "session"):
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            name, place = node.args[0], ast.unparse(node.func)
            from_plan = node.func.attr in ASKING or place.endswith(("plan.parameters.get", "site.plan.get"))
            if from_plan and isinstance(name, ast.Constant):
                asked.add(name.value)
    return asked - STATED_ELSEWHERE


def test_every_number_of_a_plan_is_read_by_somebody() -> None:
    assert sorted(PLAN_NUMBERS.keys() - asked_of_plans()) == []


def test_everything_that_is_asked_of_a_plan_can_be_stated_in_a_site_file() -> None:
    waited = {name for covered in covered_measurands().values() for name in covered.waits}
    assert sorted((asked_of_plans() | waited) - PLAN_KEYS) == []


@pytest.mark.parametrize("name", ["site-file.md", "site-file.zh-CN.md"])
def test_the_table_of_the_plan_names_each_key_and_no_other(name: str) -> None:
    text = (ROOT / "docs" / name).read_text("utf-8")
    table = text.split("### [plan]")[1].split("\n### ")[0]
    heads = re.findall(r"^\| (`[^|]+?) \|", table, re.MULTILINE)
    documented = {key for head in heads for key in re.findall(r"`(\w+)`", head)}
    assert (sorted(PLAN_KEYS - documented), sorted(documented - PLAN_KEYS)) == ([], [])


def test_every_criterion_of_a_suite_stands_in_the_catalogue_and_every_one_there_is_read() -> None:
    calls = (node for _, tree in trees(SUITES, FIXTURES) for node in ast.walk(tree))
    asked = {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "criterion"
        and isinstance(node.args[0], ast.Constant)
    }
    measurands = load().measurands
    stated = {key for name in covered_measurands() for key in measurands[name].method}
    assert sorted(asked - stated) == []
    assert sorted(stated - constants(SUITES, FIXTURES)) == []


# -- planted defects


def test_every_kind_of_fault_is_planted_in_an_example_or_by_a_test() -> None:
    planted = {defect.kind for name in SITES for defect in read_defects(EXAMPLES / name)}
    here = Path(__file__)
    for path, tree in trees(TESTS / "unit", TESTS / "e2e", TESTS / "interop", TESTS / "support"):
        if path == here:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg:
                planted.add(node.arg)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                planted |= {node.value, *PLANTED.findall(node.value)}
    assert sorted(all_kinds().keys() - planted) == []


@pytest.mark.parametrize("name", SITES)
def test_a_defect_names_requirements_that_are_planned_at_its_device(name: str) -> None:
    """A row that the site does not test would never be found, and a selftest of other rows would not tell."""
    folder = EXAMPLES / name
    site = load_site(folder)
    plan = make_plan(
        site,
        load(overlays_of(site)),
        load_instruments(folder),
        covered=covered_measurands(),
        on=date(2026, 11, 29),
    )
    defects = [one for one in read_defects(folder) if one.kind not in {"plan", "missing_system"}]
    planned = {(row, item.device) for item in plan.items for row in item.requirements}
    lost = [(str(one), one.tested, row) for one in defects for row in one.named
            if (row, one.tested) not in planned]  # fmt: skip
    assert lost == []


# -- the texts of reports


def test_every_message_of_a_report_is_said_in_both_languages() -> None:
    for key, text in MESSAGES.items():
        assert text.zh, key
        assert text.en, key
        assert set(re.findall(r"\{(\w*)", text.zh)) == set(re.findall(r"\{(\w*)", text.en)), key


def dynamic_beginnings() -> set[str]:
    """``fig.mtf.`` of a key put together as ``f"fig.mtf.{square}"``."""
    nodes = (node for _, tree in trees(REPORTS) for node in ast.walk(tree))
    begun = {node.values[0].value for node in nodes if isinstance(node, ast.JoinedStr)
             if node.values and isinstance(node.values[0], ast.Constant)}  # fmt: skip
    return {one for one in begun if isinstance(one, str) and re.fullmatch(r"(\w+\.)+", one)}


def test_every_message_of_a_report_is_used() -> None:
    said = {
        value for path, tree in trees(REPORTS) if path.name != "messages.py"
        for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(value := node.value, str)
    }  # fmt: skip
    layouts = "".join(path.read_text("utf-8") for path in (REPORTS / "template").glob("*.typ"))
    said |= set(re.findall(r"\bt\.([\w-]+)", layouts)) | set(re.findall(r't\.at\("([^"]+)"', layouts))
    begun = tuple(dynamic_beginnings())
    assert [key for key in MESSAGES if key not in said and not key.startswith(begun)] == []


def words_called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("words")):
            continue
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            yield node.args[0].value


def test_every_message_that_is_called_exists() -> None:
    known = {*MESSAGES, *survey_messages.WORDS, *survey_messages.STATES}
    called = [(path.name, key) for path, tree in trees(REPORTS) for key in words_called(tree)]
    lost = [(name, key) for name, key in called if key not in known]
    assert lost == []
    layout = (REPORTS / "template" / "report.typ").read_text("utf-8")
    asked = re.findall(r"(?<![\w.])t\.([a-z][\w-]*)\b(?![\w(-])", layout)
    assert sorted(set(asked) - MESSAGES.keys()) == []
    assert Messages("en")("fig.undrawn", kind="x").endswith("(x)")


# -- the commands


@pytest.mark.parametrize("chinese", [True, False])
def test_every_command_stands_in_the_documents_of_each_language(chinese: bool) -> None:
    found = [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")]
    ours = [path for path in found if path.name.endswith(".zh-CN.md") == chinese]
    text = "".join(path.read_text("utf-8") for path in ours)
    commands = next(one.choices for one in _parser()._actions if isinstance(one, argparse._SubParsersAction))
    assert [name for name in commands if not re.search(rf"\byanshou {name}\b", text)] == []
