# SPDX-License-Identifier: Apache-2.0
"""MANSCDP bodies as an emulated device writes and reads them (GB/T 28181 annex A)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

MANSCDP = ("Content-Type", "Application/MANSCDP+xml")
_ELEMENT = re.compile(r"<(\w+)>([^<]*)</\1>")
_NAME = re.compile(r"<(\w+)[\s>]")
_ROOT = re.compile(r"<(Query|Control|Notify|Response)\b")

Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HeardBody:
    """A query or control that came: its root, its plain elements, and the names of all elements."""

    root: str
    values: Mapping[str, str]
    names: frozenset[str]

    @property
    def command(self) -> str:
        """CmdType."""
        return self.values.get("CmdType", "")

    @property
    def sn(self) -> str:
        """SN, as it was written."""
        return self.values.get("SN", "")

    @property
    def device(self) -> str:
        """DeviceID: whom it is for."""
        return self.values.get("DeviceID", "")


def heard_body(data: bytes) -> HeardBody | None:
    """Read a body; None if it has no known root."""
    text = data.decode("gb18030", "replace")
    root = _ROOT.search(text)
    if root is None:
        return None
    values = {name: value.strip() for name, value in _ELEMENT.findall(text)}
    return HeardBody(root[1], values, frozenset(_NAME.findall(text)))


@dataclass(frozen=True, slots=True)
class Writing:
    """How a device encodes its text, and which encoding it states."""

    stated: str = "GB2312"
    used: str = "gb18030"

    def body(self, root: str, inner: str) -> bytes:
        """A whole body."""
        text = f'<?xml version="1.0" encoding="{self.stated}"?>\r\n<{root}>\r\n{inner}</{root}>\r\n'
        return text.encode(self.used)


def elements(lines: Lines) -> str:
    """Plain elements, one a line."""
    return "".join(f"<{name}>{escape(text)}</{name}>\r\n" for name, text in lines)


def items(name: str, found: Sequence[Lines], *, escaped: bool = True) -> str:
    """A list of items; ``escaped`` False leaves the signs of XML in the texts as they are."""
    rows = [f'<{name} Num="{len(found)}">\r\n']
    for lines in found:
        inner = elements(lines) if escaped else "".join(f"<{key}>{text}</{key}>\r\n" for key, text in lines)
        rows.append(f"<Item>\r\n{inner}</Item>\r\n")
    return "".join(rows) + f"</{name}>\r\n"


def keepalive(sn: int, code: str) -> bytes:
    """The body of a keepalive."""
    lines = [("CmdType", "Keepalive"), ("SN", str(sn)), ("DeviceID", code), ("Status", "OK")]
    return Writing().body("Notify", elements(lines))
