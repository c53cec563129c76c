# SPDX-License-Identifier: Apache-2.0
"""What a template may say: fields, loops over lists, conditions, a few filters; nothing is called.

A template is a file somebody sent. Jinja2 evaluates expressions of Python's kind, so each part of a template
is read into its tree first, and anything that is not on the list is refused before it is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

_ALLOWED: Final = (
    *(
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Const,
        nodes.Getattr,
        nodes.Getitem,
    ),
    *(nodes.For, nodes.If, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr),
    *(nodes.Filter, nodes.Test, nodes.Keyword, nodes.Tuple),
)
_FILTERS: Final = ("default", "d", "join", "length", "count", "first", "last", "upper", "lower", "trim", "e")
_TESTS: Final = ("defined", "undefined", "none", "true", "false")
_DEEPEST: Final = 2
_LONGEST_NAME: Final = 40


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """Jinja2 with fields and loops only; ``SecurityError`` names what else a template says."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.tests = {name: self.tests[name] for name in _TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _require_plain(tree, 0)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Fields of ours are keys; of an object of Python only the counters of a loop are of use."""
        return attr in {"index", "index0", "first", "last", "length"} and super().is_safe_attribute(
            obj, attr, value
        )

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is called."""
        del obj
        return False


def _require_plain(node: nodes.Node, depth: int) -> None:
    deeper = depth + isinstance(node, nodes.For)
    if deeper > _DEEPEST:
        raise SecurityError(f"loops stand more than {_DEEPEST} deep")
    if not isinstance(node, _ALLOWED):
        raise SecurityError(f"“{type(node).__name__.lower()}” is not allowed")
    for word in _strings(node):
        if word.startswith("_") or len(word) > _LONGEST_NAME:
            raise SecurityError(f"the name {word[:_LONGEST_NAME]!r} is not allowed")
    for child in node.iter_child_nodes():
        _require_plain(child, deeper)


def _strings(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Name | nodes.Filter | nodes.Test):
        yield node.name
    if isinstance(node, nodes.Getattr):
        yield node.attr
    if (
        isinstance(node, nodes.Getitem)
        and isinstance(node.arg, nodes.Const)
        and isinstance(node.arg.value, str)
    ):
        yield node.arg.value
