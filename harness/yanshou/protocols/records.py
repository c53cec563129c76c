# SPDX-License-Identifier: Apache-2.0
"""JSON and XML documents of HTTP devices as lines of text, one for each record, and parts of an event stream.

``{"ZoneList": [{"Zone": {"id": 0, "alarm": false}}]}`` becomes ``ZoneList/Zone alarm=false id=0``: the fields
in alphabetical order, nested ones with their path, blanks inside a value as ``_``. Anything but a list is one
record; the record of an event notification is called ``Alert`` in JSON and XML alike. Firmware versions add
fields, so a profile matches fields by name, never by position. Nothing is left out: nesting that is too deep
raises.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

_ALERT = "Alert"
_DEEPEST = 16
_LONGEST_PART = 1024 * 1024
_LENGTH = re.compile(rb"content-length\s*:\s*(\d+)", re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary\s*=\s*"?([^";]+)"?', re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")


def lines(document: bytes) -> str:
    """All records of a document, one a line; raises ValueError if it is neither JSON nor XML."""
    text = document.removeprefix(codecs.BOM_UTF8).strip()
    try:
        data = json.loads(text, object_pairs_hook=_once) if text[:1] in (b"{", b"[") else _xml(text)
        return "\n".join(_records(data))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The object of these pairs; ValueError where one name has two values: neither is known to hold."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise ValueError(f"{name} stands twice in one object")
    return found


def _xml(text: bytes) -> object:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"neither JSON nor XML: {error}") from error
    name = etree.QName(root).localname
    value = _element(root)
    return value if name == "EventNotificationAlert" else {name: value}


def _element(element: etree._Element, depth: int = 0) -> object:
    """The text, or a dictionary of the children; repeated elements and members of a list become a list."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return (element.text or "").strip()
    _refuse_depth(depth)
    found: dict[str, list[object]] = {}
    for child in children:
        found.setdefault(etree.QName(child).localname, []).append(_element(child, depth + 1))
    listed = etree.QName(element).localname.endswith("List")
    return {
        name: values if len(values) > 1 or (listed and isinstance(values[0], Mapping)) else values[0]
        for name, values in found.items()
    }


def _refuse_depth(depth: int) -> None:
    if depth > _DEEPEST:
        raise ValueError(f"nested more than {_DEEPEST} deep")


def _records(data: object, name: str = "", above: str = "", depth: int = 0) -> Iterator[str]:
    """The record of ``data``, followed by those of every list in it, however deep.

    An item is named after its list, and after itself if it has a name.
    """
    _refuse_depth(depth)
    if isinstance(data, Mapping):
        if fields := sorted(_fields(data)):
            yield f"{name or _ALERT} {' '.join(fields)}"
        yield from _lists(data, above, depth)
    elif isinstance(data, list):
        for item in data:
            yield from _item(item, name, above, depth)
    elif name:
        yield f"{name} ={_word(data)}"


def _lists(data: Mapping[Any, object], above: str, depth: int) -> Iterator[str]:
    """The records of the lists in ``data`` and in what is nested in it."""
    for key, value in data.items():
        if isinstance(value, list):
            yield from _records(value, str(key), above, depth + 1)
        elif isinstance(value, Mapping):
            _refuse_depth(depth)
            yield from _lists(value, str(key), depth + 1)


def _item(item: object, name: str, above: str, depth: int) -> Iterator[str]:
    wrapped = _wrapped(item, name)
    if isinstance(item, Mapping) and wrapped:
        beside = {key: value for key, value in item.items() if key != wrapped}
        yield from _records({**beside, **item[wrapped]}, f"{name}/{wrapped}", name, depth + 1)
    elif isinstance(item, Mapping) and above.endswith("List"):
        yield from _records(item, f"{above}/{name}", name, depth + 1)
    else:
        yield from _records(item, name, name, depth + 1)


def _wrapped(item: object, name: str) -> str:
    """The key of an item in the list ``name``: the only key, or the one with the list's name."""
    if not isinstance(item, Mapping):
        return ""
    keys = [str(key) for key, value in item.items() if isinstance(value, Mapping)]
    return next((key for key in keys if len(item) == 1 or f"{key}List" == name), "")


def _fields(data: object, path: str = "", depth: int = 0) -> Iterator[str]:
    """Fields by their path; a list of plain values is one field, a list of records is left to ``_lists``."""
    if isinstance(data, Mapping):
        _refuse_depth(depth)
        for name, value in data.items():
            yield from _fields(value, f"{path}/{name}" if path else str(name), depth + 1)
    elif isinstance(data, list):
        if data and not any(isinstance(one, list | Mapping) for one in data):
            yield f"{path}={','.join(map(_word, data))}"
    else:
        yield f"{path}={_word(data)}"


def _word(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "_".join(text.split())


@dataclass(slots=True)
class PartReader:
    """Cuts a ``multipart`` stream into the bodies of its parts, by their length or by the next boundary.

    A line may end with LF alone, as some devices write it.
    """

    boundary: bytes
    _buffer: bytes = field(default=b"")

    @classmethod
    def of(cls, content_type: str) -> PartReader:
        """For the boundary in a header; ``boundary`` if it has none."""
        found = _BOUNDARY.search(content_type)
        name = found[1].strip() if found else "boundary"
        return cls(b"--" + name.removeprefix("--").encode("latin-1", "replace"))

    def feed(self, data: bytes) -> list[bytes]:
        """Add received bytes; returns the bodies that are now complete."""
        self._buffer = (self._buffer + data)[-_LONGEST_PART:]
        bodies = []
        while (body := self._next()) is not None:
            if body:
                bodies.append(body)
        return bodies

    def _next(self) -> bytes | None:
        start = self._buffer.find(self.boundary)
        head_end = _HEAD_END.search(self._buffer, start) if start >= 0 else None
        if head_end is None:
            return None
        begin = head_end.end()
        length = _LENGTH.search(self._buffer[start : head_end.start()])
        end = begin + int(length[1]) if length else self._buffer.find(b"\n" + self.boundary, begin)
        if end < begin or end > len(self._buffer):
            return None
        body, self._buffer = self._buffer[begin:end], self._buffer[end:]
        return body.strip()
