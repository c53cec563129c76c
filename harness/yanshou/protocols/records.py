# SPDX-License-Identifier: Apache-2.0
"""JSON and XML documents of HTTP devices as lines of text, one for each record, and parts of an event stream.

``{"ZoneList": [{"Zone": {"id": 0, "alarm": false}}]}`` becomes ``ZoneList/Zone alarm=false id=0``: the fields
in alphabetical order, nested ones with their path, blanks inside a value as ``_``.  What is no list is one
record; that of an event notification is called ``Alert`` in JSON and XML alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

_ALERT = "Alert"
_DEEPEST = 6
_LONGEST_PART = 1024 * 1024
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


def lines(document: bytes) -> str:
    """All records of a document, one a line; raises ValueError when it is neither JSON nor XML."""
    text = document.strip()
    try:
        data = json.loads(text) if text[:1] in (b"{", b"[") else _xml(text)
        return "\n".join(_records(data))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _xml(text: bytes) -> object:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"neither JSON nor XML: {error}") from error
    name = etree.QName(root).localname
    value = _element(root)
    return value if name == "EventNotificationAlert" else {name: value}


def _element(element: etree._Element) -> object:
    """A dictionary of the children, a list where they share one name, else the text."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return (element.text or "").strip()
    names = [etree.QName(child).localname for child in children]
    if len(set(names)) == 1 and (len(names) > 1 or etree.QName(element).localname.endswith("List")):
        return [{names[0]: _element(child)} for child in children]
    return {name: _element(child) for name, child in zip(names, children, strict=True)}


def _records(data: object) -> Iterator[str]:
    if isinstance(data, Mapping):
        lists = {str(name): value for name, value in data.items() if isinstance(value, list)}
        rest = {str(name): value for name, value in data.items() if not isinstance(value, list)}
        if rest:
            yield f"{_ALERT} {' '.join(sorted(_fields(rest)))}"
        for name, items in lists.items():
            yield from (_item(name, item) for item in items)
    elif isinstance(data, list):
        for item in data:
            yield from _records(item)


def _item(name: str, item: object) -> str:
    if isinstance(item, Mapping) and len(item) == 1:
        (inner, value), *_ = item.items()
        name, item = f"{name}/{inner}", value
    return f"{name} {' '.join(sorted(_fields(item)))}"


def _fields(data: object, path: str = "", depth: int = 0) -> Iterator[str]:
    if isinstance(data, Mapping) and depth < _DEEPEST:
        for name, value in data.items():
            yield from _fields(value, f"{path}/{name}" if path else str(name), depth + 1)
    elif not isinstance(data, list | Mapping):
        word = str(data).lower() if isinstance(data, bool) else str(data)
        yield f"{path}={'_'.join(word.split())}"


@dataclass(slots=True)
class PartReader:
    """Cuts a ``multipart`` stream into the bodies of its parts, by their length or by the next boundary."""

    boundary: bytes
    _buffer: bytes = field(default=b"")

    @classmethod
    def of(cls, content_type: str) -> PartReader:
        """For the boundary a header names; ``boundary`` where it names none."""
        found = re.search(r'boundary="?([^";]+)"?', content_type)
        name = found[1].strip() if found else "boundary"
        return cls(b"--" + name.removeprefix("--").encode("latin-1", "replace"))

    def feed(self, data: bytes) -> list[bytes]:
        """Add received bytes; returns the bodies that are whole now."""
        self._buffer = (self._buffer + data)[-_LONGEST_PART:]
        bodies = []
        while (body := self._next()) is not None:
            if body:
                bodies.append(body)
        return bodies

    def _next(self) -> bytes | None:
        start = self._buffer.find(self.boundary)
        head_end = self._buffer.find(b"\r\n\r\n", start) if start >= 0 else -1
        if head_end < 0:
            return None
        begin = head_end + 4
        length = _LENGTH.search(self._buffer[start:head_end])
        end = begin + int(length[1]) if length else self._buffer.find(b"\r\n" + self.boundary, begin)
        if end < begin or end > len(self._buffer):
            return None
        body, self._buffer = self._buffer[begin:end], self._buffer[end:]
        return body.strip()
