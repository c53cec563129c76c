# SPDX-License-Identifier: Apache-2.0
"""The licences of what is required and shipped are told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
OPTIONAL = [one for group in PROJECT["optional-dependencies"].values() for one in group]


@pytest.mark.parametrize("requirement", [*PROJECT["dependencies"], *OPTIONAL])
def test_each_requirement_stands_in_the_notice_with_a_licence(requirement: str) -> None:
    name = re.split(r"[^\w.-]", requirement)[0]
    assert re.search(rf"^{re.escape(name)}(?: \(.+\))? {{2,}}\S", NOTICE, re.MULTILINE)


def test_the_notice_is_shipped_and_speaks_of_the_gpl_in_the_wheel() -> None:
    assert "NOTICE" in PROJECT["license-files"]
    assert all(word in NOTICE for word in ("PyAV", "x264", "x265", "GPL", "Noto Sans SC", "Allure"))
