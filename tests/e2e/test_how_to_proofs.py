# SPDX-License-Identifier: Apache-2.0
"""The pages of ``docs/how-to`` with their commands, selftests apart: those are ``make bench ONLY=how_to``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.followed import HOW_TO, copied_tree, follow
from tests.support.pages import Command, steps


@pytest.mark.parametrize("name", HOW_TO)
def test_every_command_of_the_page_prints_what_it_shows(name: str, tmp_path: Path):
    page = f"how-to/{name}"
    reported = [step.line for step in steps(page) if isinstance(step, Command)]
    quick = [line for line in reported if not line.startswith("yanshou selftest")]
    assert follow(page, copied_tree(tmp_path), quick.__contains__) == quick
