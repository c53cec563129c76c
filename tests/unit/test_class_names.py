# SPDX-License-Identifier: Apache-2.0
"""A class name stands for one thing: no two classes of the product share one."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.support.places import ROOT

ROOTS = ("harness", "fixtures", "instruments", "reports")
SAME_THING = {"Grain", "UsernameToken"}
"""The emulation makes its own of them."""


def test_no_class_name_stands_twice() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for root in ROOTS:
        for path in sorted((ROOT / root).rglob("*.py")):
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].append(path.relative_to(ROOT).as_posix())
    twice = {name: files for name, files in homes.items() if len(files) > 1 and name not in SAME_THING}
    assert twice == {}
