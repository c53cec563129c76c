# SPDX-License-Identifier: Apache-2.0
"""Every wire that a suite or the bench asks for is in the vocabulary of the wiring."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import yanshou.fixtures
import yanshou.session
from tests.support.places import EXAMPLES, ROOT
from yanshou.fixtures.declared import covered_measurands
from yanshou.site.load import load_site
from yanshou.vocabulary.wiring import ROLES, roles_of

READERS_OF_WIRES = (
    *Path(next(iter(yanshou.fixtures.__path__))).glob("*.py"),
    *Path(next(iter(yanshou.session.__path__))).glob("*.py"),
    *(ROOT / "test_suites").rglob("*.py"),
)
ASKING = {"wired", "_circuits", "_contact", "disturb", "mend", "restore"}
"""Calls that name a wire by its role."""


def test_what_suites_need_wired_is_in_the_vocabulary():
    needed = {role for one in covered_measurands().values() for wire in one.wires for role in wire.split("|")}
    assert needed <= set(ROLES)
    assert {"lock_coil", "reader", "line"} <= needed


def asked_for(path: Path) -> Iterator[str]:
    """The roles that a module asks for by name, in calls and in ``wiring[…]``."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ASKING:
            yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))
        elif isinstance(node, ast.Subscript) and "wiring" in _names(node.value):
            yield from [str(node.slice.value)] if isinstance(node.slice, ast.Constant) else []


def _names(node: ast.expr) -> set[str]:
    return {getattr(node, "attr", ""), getattr(node, "id", "")}


def test_every_wire_the_bench_asks_for_is_in_the_vocabulary():
    asked = {role for path in READERS_OF_WIRES for role in asked_for(path)}
    assert asked <= set(ROLES)
    assert {"siren", "contact", "lock_coil", "fire", "mains", "screen"} <= asked


@pytest.mark.parametrize("example", ["access-lab", "alarm-lab", "linkage", "security-check", "video-lab"])
def test_the_wires_of_the_examples_are_those_of_their_devices(example: str):
    site = load_site(EXAMPLES / example)
    for device in site.devices.values():
        assert set(device.wiring) <= set(roles_of(device.kind)), device.id
