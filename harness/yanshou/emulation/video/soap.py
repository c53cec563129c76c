# SPDX-License-Identifier: Apache-2.0
"""SOAP 1.2 as ONVIF uses it: reading requests safely, WS-Security user name tokens, answers and faults."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "tt": "http://www.onvif.org/ver10/schema",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tr2": "http://www.onvif.org/ver20/media/wsdl",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "trc": "http://www.onvif.org/ver10/recording/wsdl",
    "tse": "http://www.onvif.org/ver10/search/wsdl",
    "trp": "http://www.onvif.org/ver10/replay/wsdl",
    "tdc": "http://www.onvif.org/ver10/doorcontrol/wsdl",
    "tac": "http://www.onvif.org/ver10/accesscontrol/wsdl",
    "tcr": "http://www.onvif.org/ver10/credential/wsdl",
    "pt": "http://www.onvif.org/ver10/pacs",
    "ter": "http://www.onvif.org/ver10/error",
    "tns1": "http://www.onvif.org/ver10/topics",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "wstop": "http://docs.oasis-open.org/wsn/t-1",
    "wsa": "http://www.w3.org/2005/08/addressing",
}
"""Prefixes of every answer."""

CONTENT_TYPE = "application/soap+xml; charset=utf-8"

_WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
_WSU = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"
_SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?")
_DECLARATIONS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


class EmulatedSoapFault(Exception):
    """A fault to be sent: code (Sender or Receiver), ONVIF subcodes from outer to inner, and a reason."""

    def __init__(self, reason: str, *subcodes: str, code: str = "Sender") -> None:
        super().__init__(reason)
        self.reason, self.subcodes, self.code = reason, subcodes, code

    @property
    def status(self) -> int:
        """HTTP status of the SOAP 1.2 binding: 400 for the sender's faults, 500 for ours."""
        return 400 if self.code == "Sender" else 500


@dataclass(frozen=True, slots=True)
class UsernameToken:
    """WS-Security user name token as received; ``created`` in Unix s, None when it cannot be read."""

    user: str
    password: str
    nonce: bytes
    created_text: str
    digest: bool

    @property
    def created(self) -> float | None:
        """Moment of creation by the client's clock."""
        return parse_time(self.created_text)

    def proves(self, user: str, password: str) -> bool:
        """Whether the token was made with this user and password."""
        wanted = password
        if self.digest:
            raw = self.nonce + self.created_text.encode() + password.encode()
            wanted = base64.b64encode(hashlib.sha1(raw, usedforsecurity=False).digest()).decode()
        return self.user == user and secrets.compare_digest(self.password.encode(), wanted.encode())


@dataclass(frozen=True, slots=True)
class Call:
    """A SOAP request: the operation's namespace and name, its element, and the token it bears."""

    namespace: str
    operation: str
    body: etree._Element
    token: UsernameToken | None
    path: str = ""

    def text(self, name: str, default: str = "") -> str:
        """Text of the first descendant of that local name."""
        found = self.find(name)
        return default if found is None or found.text is None else found.text.strip()

    def find(self, name: str) -> etree._Element | None:
        """First descendant of that local name."""
        return next(self.body.iter(f"{{*}}{name}"), None)

    def texts(self, name: str) -> list[str]:
        """Texts of all descendants of that local name."""
        return [(element.text or "").strip() for element in self.body.iter(f"{{*}}{name}")]

    def number(self, name: str) -> int | None:
        """Whole number in the first descendant of that local name, or None; SoapFault when it is none."""
        text = self.text(name)
        if not text:
            return None
        if not re.fullmatch(r"[+-]?\d{1,9}", text):
            raise EmulatedSoapFault(f"{name} is no number", "InvalidArgVal")
        return int(text)


def parse_call(data: bytes, path: str) -> Call:
    """The call in a SOAP message; SoapFault when it is malformed.  Entities and DTDs are never resolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise EmulatedSoapFault(f"not well formed: {error}", "WellFormed") from error
    if b"<!DOCTYPE" in data:
        raise EmulatedSoapFault("a document type is not allowed", "WellFormed")
    body = root.find(f"{_SOAP}Body")
    operation = (
        next((child for child in body if isinstance(child.tag, str)), None) if body is not None else None
    )
    if operation is None:
        raise EmulatedSoapFault("no operation in the body", "WellFormed")
    name = etree.QName(operation)
    return Call(name.namespace or "", name.localname, operation, _token(root), path)


def _token(root: etree._Element) -> UsernameToken | None:
    element = next(root.iter(f"{_WSSE}UsernameToken"), None)
    if element is None:
        return None
    password = element.find(f"{_WSSE}Password")
    digest = password is not None and password.get("Type", "").endswith("#PasswordDigest")
    try:
        nonce = base64.b64decode(element.findtext(f"{_WSSE}Nonce", ""))
    except ValueError:
        nonce = b""
    user = element.findtext(f"{_WSSE}Username", "")
    text = (password.text or "") if password is not None else ""
    return UsernameToken(user, text, nonce, element.findtext(f"{_WSU}Created", ""), digest)


def el(tag: str, *children: str, **attributes: object) -> str:
    """An element from ready markup; attribute values are escaped."""
    head = tag + "".join(f" {name}={quoteattr(value_text(value))}" for name, value in attributes.items())
    return f"<{head}>{''.join(children)}</{tag}>" if children else f"<{head}/>"


def leaf(tag: str, value: object, **attributes: object) -> str:
    """An element holding a value as text, escaped; booleans and times in the forms of XML Schema."""
    return el(tag, escape(value_text(value)), **attributes)


def value_text(value: object) -> str:
    """Text of a value in XML Schema form."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def envelope(content: str) -> bytes:
    """A whole answer around the content of the body."""
    body = f"<s:Body>{content}</s:Body>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope {_DECLARATIONS}>{body}</s:Envelope>'.encode()


def fault_content(fault: EmulatedSoapFault) -> str:
    """The fault element, subcodes nested as SOAP 1.2 asks."""
    nested = ""
    for subcode in reversed(fault.subcodes):
        nested = el("s:Subcode", leaf("s:Value", f"ter:{subcode}"), nested)
    reason = f'<s:Text xml:lang="en">{escape(fault.reason)}</s:Text>'
    return el("s:Fault", el("s:Code", leaf("s:Value", f"s:{fault.code}"), nested), el("s:Reason", reason))


def time_text(utc: float, digits: int = 3) -> str:
    """xs:dateTime in UTC of Unix seconds, cut (not rounded) to ``digits`` decimals, up to 6."""
    moment = datetime.fromtimestamp(utc, UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment.microsecond:06d}"[: len(text) + 1 + digits] + "Z" if digits else text + "Z"


def parse_time(text: str) -> float | None:
    """Unix seconds of an xs:dateTime, UTC when it names no zone; None when it is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def parse_duration(text: str, default: float) -> float:
    """Seconds of an xs:duration without years and months; ``default`` when it is none."""
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()):
        return default
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
