# SPDX-License-Identifier: Apache-2.0
"""Every package stands in every import contract that lists packages, or is named here with its reason."""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import ROOT

LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(limit_to_contracts=(sys.argv[1],), no_cache=True))
"""
SOURCES = ("harness", "instruments", "fixtures", "reports")

# contract → packages it leaves out: they may do what it forbids to all others
LEFT_OUT = {
    "reports": {"evidence", "model"},
    "emulation": {"cli"},
    "emulation-shares-nothing": {
        "cli",
        "model",
        "operator",
        "reports",
        "site",
        "toml",
        "vocabulary",
        "wires",
    },
    "pytest": {"cli", "fixtures", "reports"},
    "dask": {"fleet"},
    "evaluation": {"imaging", "metrology", "model"},
}


def packages() -> set[str]:
    """The packages under ``yanshou`` in the checkout."""
    found = {path for root in SOURCES for path in (ROOT / root / "yanshou").iterdir()}
    return {path.stem for path in found if path.name != "__pycache__"}


def contracts() -> configparser.ConfigParser:
    read = configparser.ConfigParser()
    read.read(ROOT / ".importlinter", encoding="utf-8")
    return read


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_contract_lists_every_package_but_those_it_leaves_out(name: str) -> None:
    section = contracts()[f"importlinter:contract:{name}"]
    text = section["source_modules"].split() + section["forbidden_modules"].split()
    listed = {word.removeprefix("yanshou.") for word in text if word.startswith("yanshou.")}
    assert packages() - listed == LEFT_OUT[name]


def test_no_contract_is_left_unwatched() -> None:
    known = {f"importlinter:contract:{name}" for name in (*LEFT_OUT, "layers", "pure", "suites")}
    assert set(contracts().sections()) - {"importlinter"} == known


def lint(root: Path, contract: str) -> str:
    """What import-linter says of a copy of the tree about one contract."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, contract],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(root / one) for one in (".", *SOURCES))},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with a package nobody listed, a suite and an evaluation that reach for a driver."""
    root = tmp_path_factory.mktemp("tree")
    for folder in (*SOURCES, "test_suites"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", root)
    new = root / "harness" / "yanshou" / "annex" / "__init__.py"
    new.parent.mkdir()
    new.write_text("", encoding="utf-8")
    asking = root / "harness" / "yanshou" / "evaluation" / "annex.py"
    asking.write_text("from yanshou.drivers.capabilities import Recorder\n", encoding="utf-8")
    suite = root / "test_suites" / "video" / "test_annex.py"
    suite.write_text("from yanshou.drivers.capabilities import Camera\n", encoding="utf-8")
    return root


def test_a_new_package_that_stands_in_no_layer_breaks_the_build(tree: Path) -> None:
    assert "- yanshou.annex" in lint(tree, "layers")


def test_a_suite_that_reaches_past_the_api_breaks_the_build(tree: Path) -> None:
    reported = lint(tree, "suites")
    assert "test_suites.video.test_annex -> yanshou.drivers.capabilities" in reported


def test_an_evaluation_that_knows_a_device_breaks_the_build(tree: Path) -> None:
    assert "yanshou.evaluation.annex -> yanshou.drivers.capabilities" in lint(tree, "evaluation")


def test_no_test_mends_the_path_of_its_imports() -> None:
    """What tests share is imported from ``tests.support``."""
    mended = "sys" + ".path"
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    assert [path.name for path, text in texts.items() if mended in text] == []


CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}


@pytest.mark.parametrize("package", ["evaluation", "imaging", "metrology"])
def test_who_only_computes_reads_no_clock(package: str) -> None:
    """What is computed from observations is the same tomorrow: instants are handed in."""
    read = []
    for path in sorted((ROOT / "harness/yanshou" / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            name = {ast.Name: "id", ast.Attribute: "attr"}.get(type(called), "")
            no_arguments = isinstance(node, ast.Call) and not [*node.args, *node.keywords]
            if name and no_arguments and getattr(called, name) in CLOCKS:
                read.append(f"{path.name}:{node.lineno}")
    assert read == []
