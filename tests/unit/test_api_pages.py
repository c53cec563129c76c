# SPDX-License-Identifier: Apache-2.0
"""``make docs``: every public name of the interfaces has its entry, and no page asks for anything outside."""

from __future__ import annotations

import importlib
import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import ROOT

INTERFACES = ("yanshou.fixtures.api", "yanshou.drivers.capabilities", "yanshou.model", "yanshou.imaging")
FETCHED = re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, made by the very command of the Makefile."""
    folder = tmp_path_factory.mktemp("api")
    recipe = re.search(r"(?m)^docs:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert recipe is not None
    arguments = shlex.split(recipe[1].replace("\\\n", " ").replace("$(BIN)/python", sys.executable))
    arguments[arguments.index("build/api")] = str(folder)
    subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return folder


def _has_page(one: object, pages: Path) -> bool:
    """Whether it is a module that has a page of its own."""
    return inspect.ismodule(one) and (pages / f"{one.__name__.replace('.', '/')}.html").is_file()


@pytest.mark.parametrize("name", INTERFACES)
def test_every_public_name_has_its_entry(name: str, pages: Path):
    page = (pages / f"{name.replace('.', '/')}.html").read_text(encoding="utf-8")
    reported = set(re.findall(r'id="([\w.]+)"', page)) | set(re.findall(r'href="[\w/]+/(\w+)\.html"', page))
    module = importlib.import_module(name)
    missing = set(module.__all__) - reported
    assert {one for one in missing if not _has_page(getattr(module, one), pages)} == set()


@pytest.mark.parametrize("name", INTERFACES)
def test_every_public_class_and_function_says_what_it_is(name: str):
    module = importlib.import_module(name)
    public = {one: getattr(module, one) for one in module.__all__}
    reported = {
        one: shown for one, shown in public.items() if inspect.isclass(shown) or inspect.isfunction(shown)
    }
    assert reported
    assert [one for one, shown in reported.items() if not shown.__doc__] == []


def test_no_page_asks_for_anything_outside(pages: Path):
    made = list(pages.rglob("*.html"))
    assert len(made) > len(INTERFACES)
    for page in made:
        assert FETCHED.search(page.read_text(encoding="utf-8")) is None, page.name
