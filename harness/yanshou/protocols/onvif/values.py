# SPDX-License-Identifier: Apache-2.0
"""Reports values of answers that are present and cannot be read, so that they do not count as absent.

The library turns such a value into None, as if it were absent, and prints a traceback. The two functions that
turn text into values are replaced here, for this process: they report what they cannot read to a listener in
the same thread. Truth values and whole numbers are read as devices write them (``True``, ``25.0``); the
library reads every word but ``true`` as false.
"""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from zeep.xsd.elements.attribute import Attribute
from zeep.xsd.types.builtins import Boolean, Integer, Long
from zeep.xsd.types.simple import AnySimpleType

_SHOWN: Final = 60
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}
_here = threading.local()


@dataclass(frozen=True, slots=True)
class UnreadableValue:
    """The value of ``name``; ``tokens`` are those beside it and beside the elements around it."""

    name: str
    text: str
    tokens: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.name} {self.text[:_SHOWN]!r} cannot be read"


@contextlib.contextmanager
def listening() -> Iterator[list[UnreadableValue]]:
    """Collects what cannot be read in this thread while the context lasts."""
    before = getattr(_here, "heard", None)
    heard: list[UnreadableValue] = []
    _here.heard = heard
    try:
        yield heard
    finally:
        _here.heard = before


def _tell(name: str, text: object, tokens: frozenset[str] = frozenset()) -> None:
    heard = getattr(_here, "heard", None)
    if heard is not None:
        heard.append(UnreadableValue(name, " ".join(str(text).split()), tokens))


def _tokens(element: etree._Element) -> frozenset[str]:
    """The tokens of the elements around it, up to the answer."""
    found = set()
    for above in element.iterancestors():
        found |= {str(value) for name, value in above.attrib.items() if str(name).lower().endswith("token")}
        for one in above:
            if isinstance(one.tag, str) and one.tag.endswith("Token") and one.text:
                found.add(one.text.strip())
    return frozenset(found)


def _element(
    self: Any,
    xmlelement: etree._Element,
    schema: Any = None,  # noqa: ARG001 - the library's signature
    allow_none: bool = True,  # noqa: ARG001, FBT001, FBT002
    context: Any = None,  # noqa: ARG001
    schema_type: Any = None,  # noqa: ARG001
) -> Any:
    """Replaces ``AnySimpleType.parse_xmlelement``."""
    text = xmlelement.text
    if text is None:
        return None
    try:
        return self.pythonvalue(text)
    except (TypeError, ValueError, ArithmeticError):
        if text.strip():
            _tell(etree.QName(xmlelement).localname, text, _tokens(xmlelement))
        return None


def _attribute(self: Any, value: Any) -> Any:
    """Replaces ``Attribute.parse``."""
    try:
        return self.type.pythonvalue(value)
    except (TypeError, ValueError, ArithmeticError):
        _tell(str(self.name), value)
        return None


def _boolean(_self: Any, value: str) -> bool:
    word = " ".join(value.split()).lower()
    if word not in _TRUTH:
        raise ValueError(value)
    return _TRUTH[word]


def _integer(_self: Any, value: str) -> int | float:
    """A whole number; a number with a fraction is kept, as some devices write 12.5 into such a field."""
    try:
        return int(value)
    except ValueError:
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(value) from None
        return int(number) if number == int(number) else number


def install() -> None:
    """Put the readers above into the library."""
    places: tuple[tuple[Any, str, Any], ...] = (
        (AnySimpleType, "parse_xmlelement", _element),
        (Attribute, "parse", _attribute),
        (Boolean, "pythonvalue", _boolean),
        (Integer, "pythonvalue", _integer),
        (Long, "pythonvalue", _integer),
    )
    for owner, name, reader in places:
        setattr(owner, name, reader)
