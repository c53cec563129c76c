# SPDX-License-Identifier: Apache-2.0
"""From the bytes of an answer to the Body of its SOAP envelope; oddities are tolerated and reported.

An answer that ends too early is never completed, because a list cut short would hide entries. Tolerated are
bytes around the document (blanks, marks and zeros, parts of a multipart answer) and its character encoding.
An element that does not close makes the whole answer unreadable.
"""

from __future__ import annotations

import re
import threading
from email import message_from_bytes
from typing import Any, Final

from lxml import etree

_OPTIONS: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
_here = threading.local()
_SPACES: Final = ("http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/")
_USUAL_TYPES: Final = frozenset(
    {"", "application/soap+xml", "text/xml", "application/xml", "multipart/related"}
)
_END: Final = re.compile(rb"</(?:[\w.\-]+:)?Envelope\s*>")
_DECLARED: Final = re.compile(rb"^<\?xml[^>]*?\?>\s*")
_ENCODING: Final = re.compile(rb"encoding\s*=\s*[\"']([\w.\-]+)")
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BARE: Final = re.compile("&(?!#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)")
_DOCTYPE: Final = "the answer carries a document type declaration and is refused"


class NoEnvelope(ValueError):
    """The bytes are not a SOAP envelope; the message says what they are."""


def soap_body(content: bytes, content_type: str = "") -> tuple[etree._Element, list[str]]:
    """The Body, and a description of what was odd; NoEnvelope for broken or hostile bytes."""
    oddities = []
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("multipart/"):
        content = _part(content, content_type)
        oddities.append(f"its answers come as {kind}")
    elif kind not in _USUAL_TYPES:
        oddities.append(f"its answers call themselves {kind[:60]}")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NoEnvelope(_web_page(content) or _DOCTYPE)
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        root, mended = _mended(content, error)
        oddities += mended
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise NoEnvelope(_DOCTYPE)
    for space in _SPACES:
        body = root.find(f"{{{space}}}Body")
        if body is not None:
            return body, oddities
    raise NoEnvelope(_web_page(content) or "the answer is no SOAP envelope")


def _parser() -> etree.XMLParser:
    """One parser per thread: making one costs more than parsing a short answer."""
    made = getattr(_here, "parser", None)
    if made is None:
        made = _here.parser = etree.XMLParser(**_OPTIONS)
    parser: etree.XMLParser = made
    return parser


def _part(content: bytes, content_type: str) -> bytes:
    """The part of a multipart answer that holds the envelope (SOAP with attachments, MTOM)."""
    head = re.sub(r"[\r\n]", " ", content_type).encode("utf-8", "replace")
    whole = message_from_bytes(b"Content-Type: " + head + b"\r\n\r\n" + content)
    for one in whole.walk():
        found = one.get_payload(decode=True) if not one.is_multipart() else None
        if isinstance(found, bytes) and b"Envelope" in found:
            return found
    raise NoEnvelope("the answer has several parts, and none is a SOAP envelope")


def _mended(content: bytes, error: etree.XMLSyntaxError) -> tuple[etree._Element, list[str]]:
    """The document without surrounding bytes and in readable characters; NoEnvelope otherwise."""
    start, ends = content.find(b"<"), list(_END.finditer(content))
    if start < 0 or not ends:
        raise NoEnvelope(_web_page(content) or f'the answer is not XML ("{error.msg}")') from None
    inner, oddities = content[start : ends[-1].end()], []
    around = (content[:start] + content[ends[-1].end() :]).removeprefix(b"\xef\xbb\xbf")
    if around:
        oddities.append(f"bytes around the document ({around[:12]!r})")
    declared = _DECLARED.match(inner)
    text, why = _text(inner[declared.end() :] if declared else inner, declared[0] if declared else b"")
    legal = _BARE.sub("&amp;", _ILLEGAL.sub("\ufffd", text))
    if legal != text:
        why.append("signs that XML does not allow")
    if "<!DOCTYPE" in legal or "<!ENTITY" in legal:
        raise NoEnvelope(_DOCTYPE)
    try:
        root = etree.fromstring(legal.encode(), etree.XMLParser(**_OPTIONS, encoding="utf-8"))
    except etree.XMLSyntaxError as again:
        raise NoEnvelope(f'the answer is not XML ("{again.msg}")') from None
    stated = ", ".join([*oddities, *why]) or str(error.msg)
    return root, [f"its answers are not well-formed XML: {stated}; what could be read was read"]


def _text(inner: bytes, declaration: bytes) -> tuple[str, list[str]]:
    """The text: in the declared encoding, else in GB 18030, else with replacement characters."""
    named = _ENCODING.search(declaration)
    encoding = named[1].decode() if named else "utf-8"
    try:
        return inner.decode(encoding), []
    except (UnicodeDecodeError, LookupError):
        pass
    try:
        return inner.decode("gb18030"), [f"bytes that are not {encoding} were read as GB 18030"]
    except UnicodeDecodeError:
        return inner.decode("utf-8", "replace"), [f"bytes that are not {encoding} were replaced"]


def _web_page(content: bytes) -> str:
    """A description of an HTML page, which many devices send instead of an error; empty for anything else."""
    head = content[:2000].lower()
    return "a web page (HTML) was answered, no SOAP" if b"<html" in head or b"<!doctype html" in head else ""
