# SPDX-License-Identifier: Apache-2.0
"""MANSCDP, the XML bodies of GB/T 28181 (annex A): read strictly first, every deviation told.

Devices say GB2312 and send UTF-8, or the reverse. UTF-8 read as GB18030 gives wrong characters without an
error, the reverse does not: so strict UTF-8 is tried first, then GB18030, and the reading says which it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from yanshou.protocols.gb28181.findings import XmlOddity
from yanshou.protocols.gb28181.sip import LONGEST_BODY

MOST_ITEMS: Final = 4096
_DECLARATION: Final = re.compile(
    r"^\s*<\?xml\b[^>]{0,200}?(?:encoding\s*=\s*[\"']([\w.-]{1,40})[\"'][^>]{0,100}?)?\?>", re.IGNORECASE
)
_ROOTS: Final = frozenset({"Notify", "Query", "Response", "Control"})
_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_LEGACY: Final = frozenset({"gb2312", "gbk", "gb18030"})


class UnreadableXml(ValueError):
    """A body that is no MANSCDP; says why."""


@dataclass(frozen=True, slots=True)
class Manscdp:
    """One body. ``encoding``: ``ascii``, ``utf-8`` or ``gb18030``, as the bytes are; ``declared`` as it says.

    ``values``: the plain elements under the root, and ``group/name`` of those in a group.
    ``items``: one mapping for each Item, also of its nested
    elements, whose names are then joined by ``/``. ``total``: SumNum. ``recovered``: the XML was not
    well-formed, and what could not be read is missing.
    """

    root: str
    command: str
    sn: int | None
    device: str
    values: dict[str, str]
    items: tuple[dict[str, str], ...]
    total: int | None
    encoding: str
    declared: str
    recovered: bool
    oddities: tuple[XmlOddity, ...]


def read_manscdp(body: bytes) -> Manscdp:
    """Read a body; raises UnreadableXml for what is none, is too long, or defines a document type."""
    if len(body) > LONGEST_BODY:
        raise UnreadableXml(f"a body of {len(body)} bytes, at most {LONGEST_BODY} are taken")
    odd: list[XmlOddity] = []
    if b"\0" in body:
        odd.append(XmlOddity.NUL)
        body = body.replace(b"\0", b"")
    text, encoding = _decoded(body)
    found = _DECLARATION.match(text)
    declared = (found[1] or "").lower() if found else ""
    if _contradicts(declared, encoding):
        odd.append(XmlOddity.WRONG_ENCODING)
    root, recovered = _parsed(text[found.end() :] if found else text)
    if recovered:
        odd.append(XmlOddity.BROKEN)
    return _reading(root, encoding, declared, odd, recovered=recovered)


def _decoded(body: bytes) -> tuple[str, str]:
    if body.isascii():
        return body.decode("ascii"), "ascii"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise UnreadableXml("the text is neither UTF-8 nor GB18030")


def _contradicts(declared: str, encoding: str) -> bool:
    if encoding == "gb18030":
        return declared not in _LEGACY
    return encoding == "utf-8" and declared not in {"", "utf-8"}


def _parsed(text: str) -> tuple[etree._Element, bool]:
    """The root, and whether the XML had to be repaired for it."""
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise UnreadableXml("a document type or an entity is defined")
    data = text.strip().encode()
    try:
        return etree.fromstring(data, _parser(recover=False)), False
    except etree.XMLSyntaxError as error:
        why = str(error)[:120]
    try:
        root = etree.fromstring(data, _parser(recover=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise UnreadableXml(f"not well-formed XML: {why}")
    return root, True


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def _reading(
    root: etree._Element, encoding: str, declared: str, odd: list[XmlOddity], *, recovered: bool
) -> Manscdp:
    if root.tag not in _ROOTS:
        raise UnreadableXml(f"the root element is {str(root.tag)[:40]!r}")
    values: dict[str, str] = {}
    doubled: set[str] = set()
    items: list[dict[str, str]] = []
    for child in root:
        name = str(child.tag)
        if len(child) and child.find("Item") is None and child.get("Num") is None:
            values.update({f"{name}/{key}": text for key, text in _flat(child).items()})
        elif len(child):
            items += _items(child, odd)
        elif name in values:
            doubled.add(name)
        else:
            values[name] = (child.text or "").strip()
    sn = None if "SN" in doubled else _number(values.get("SN", ""))
    odd += [XmlOddity.NO_SN] if sn is None else []
    odd += [] if values.get("DeviceID") and "DeviceID" not in doubled else [XmlOddity.NO_DEVICE]
    total = None if "SumNum" in doubled else _number(values.get("SumNum", ""))
    odd += [XmlOddity.BAD_SUM] if "SumNum" in values and total is None else []
    return Manscdp(
        root=str(root.tag),
        command="" if "CmdType" in doubled else values.get("CmdType", ""),
        sn=sn,
        device="" if "DeviceID" in doubled else values.get("DeviceID", ""),
        values=values,
        items=tuple(items),
        total=total,
        encoding=encoding,
        declared=declared,
        recovered=recovered,
        oddities=tuple(dict.fromkeys(odd)),
    )


def _items(group: etree._Element, odd: list[XmlOddity]) -> list[dict[str, str]]:
    """The items of a list (DeviceList, RecordList); Num is compared with them."""
    found = group.findall("Item")
    if len(found) > MOST_ITEMS:
        raise UnreadableXml(f"{len(found)} items in one body, at most {MOST_ITEMS} are taken")
    said = group.get("Num")
    if said is not None and _number(said.strip()) != len(found):
        odd.append(XmlOddity.ITEM_COUNT)
    return [_flat(item) for item in found]


def _flat(item: etree._Element) -> dict[str, str]:
    flat: dict[str, str] = {}
    for one in item.iterdescendants():
        if len(one):
            continue
        names = [str(one.tag)]
        parent = one.getparent()
        while parent is not None and parent is not item:
            names.append(str(parent.tag))
            parent = parent.getparent()
        flat.setdefault("/".join(reversed(names)), (one.text or "").strip())
    return flat


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) and text.isascii() else None
