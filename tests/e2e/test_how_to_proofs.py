# SPDX-License-Identifier: Apache-2.0
"""The pages of ``docs/how-to`` with every command: runs and selftests on the emulated site."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.followed import copied_tree, follow
from tests.support.pages import Command, steps
from tests.support.places import ROOT

PAGES = sorted(path.name for path in (ROOT / "docs" / "how-to").glob("*.md"))


@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_the_page_prints_what_it_shows(name: str, tmp_path: Path):
    page = f"how-to/{name}"
    told = [step.line for step in steps(page) if isinstance(step, Command)]
    assert follow(page, copied_tree(tmp_path), lambda _: True) == told
