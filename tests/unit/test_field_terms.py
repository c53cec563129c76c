# SPDX-License-Identifier: Apache-2.0
"""Names are the field's terms: words of our own, once replaced, do not come back as names in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain

from tests.support.places import ROOT

ROOTS = ("harness", "fixtures", "instruments", "reports", "test_suites", "tests")
INSTEAD = {
    "told": "reported or answered",
    "words": "text, messages, vocabulary or arguments",
    "talk": "line protocol or dialogue",
    "talks": "line protocol or dialogue",
    "talking": "line protocol or dialogue",
    "look": "poll, capture or scan",
    "looks": "polls, captures or scans",
    "trail": "journal of an item",
    "manners": "link behaviour",
    "hands": "disturber or users",
    "walk": "wiring check or steps",
}
FIELD_TERMS = {"WalkThroughGate"}
"""A walk-through metal detector is called so in IEC and GB standards."""
_ANY = re.compile("|".join(INSTEAD), re.IGNORECASE)
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name the module gives: variables, attributes, parameters, functions, classes, names of imports.

    A test's name is a sentence and does not count.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if not name.startswith("test_"):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield node.lineno, name
            case _:
                pass


def not_of_the_field(name: str) -> set[str]:
    return (
        {part.lower() for part in _PARTS.findall(name)} & INSTEAD.keys() if name not in FIELD_TERMS else set()
    )


def test_no_name_is_a_word_of_our_own() -> None:
    found = []
    for path in sorted(chain(ROOT.glob("*.py"), *((ROOT / root).rglob("*.py") for root in ROOTS))):
        where = path.relative_to(ROOT).as_posix()
        found += [f"{where}: {part}: {INSTEAD[part]}" for part in not_of_the_field(path.stem)]
        text = path.read_text("utf-8")
        if not _ANY.search(text):
            continue
        for line, name in names(ast.parse(text)):
            found += [f"{where}:{line}: {name}: {INSTEAD[part]}" for part in not_of_the_field(name)]
    assert found == []


def test_such_a_name_is_found_wherever_it_is_given() -> None:
    planted = """
import json as talk
_LOOK_S = 0.1
class TrailOfItem:
    def in_words(self, told, *hands): self.looks = [walk for walk in told]
async def manners(): ...
def test_what_is_told(): ...
"""
    given = {name for _, name in names(ast.parse(planted)) if not_of_the_field(name)}
    assert given == {
        "talk", "_LOOK_S", "TrailOfItem", "in_words", "told", "hands", "looks", "walk", "manners",
    }  # fmt: skip
    assert not not_of_the_field("WalkThroughGate")
    assert not not_of_the_field("outlook_bookmark")
