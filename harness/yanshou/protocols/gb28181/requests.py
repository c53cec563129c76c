# SPDX-License-Identifier: Apache-2.0
"""Requests of the platform to a device: SIP messages, and the MANSCDP bodies they carry (annex A)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from aiosipua import SipRequest

MANSCDP = "Application/MANSCDP+xml"
Fields = Mapping[str, "str | Fields"]
"""Elements of a body by name: a text, or elements below."""


Seal = Callable[[str, str, str, str, bytes], tuple[tuple[str, str], ...]]
"""Headers that prove a request, from its method, From, To, Call-ID and body."""


@dataclass(frozen=True, slots=True)
class SipEnds:
    """Who asks whom: ``own`` and ``far`` for From and To, ``uri`` of the request, ``contact`` and ``via``.

    ``via`` is ``UDP host:port`` or ``TCP host:port``, the bench's own address. ``seal`` makes the headers
    that prove the request, where a key was agreed.
    """

    own: str
    far: str
    uri: str
    contact: str
    via: str
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class SipCall:
    """What a request belongs to: its Call-ID, both tags (``far_tag`` is empty at first) and CSeq."""

    call: str
    own_tag: str
    far_tag: str
    sequence: int


def request_to(
    ends: SipEnds,
    call: SipCall,
    method: str,
    branch: str,
    *,
    body: bytes = b"",
    content_type: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """The bytes of a request; ``branch`` is that of Via."""
    made = SipRequest(method=method, uri=ends.uri)
    made.add_header("Via", f"SIP/2.0/{ends.via};rport;branch={branch}")
    sender = f"<{ends.own}>;tag={call.own_tag}"
    target = f"<{ends.far}>" + (f";tag={call.far_tag}" if call.far_tag else "")
    made.add_header("From", sender)
    made.add_header("To", target)
    made.add_header("Call-ID", call.call)
    made.add_header("CSeq", f"{call.sequence} {method}")
    made.add_header("Contact", f"<{ends.contact}>")
    made.add_header("Max-Forwards", "70")
    proof = () if ends.seal is None else ends.seal(method, sender, target, call.call, body)
    for name, value in (*headers, *proof):
        made.add_header(name, value)
    if body:
        made.add_header("Content-Type", content_type)
    made.body = body
    return bytes(made)


def write_manscdp(root: str, command: str, sn: int, device: str, fields: Fields | None = None) -> bytes:
    """A body with CmdType, SN, DeviceID and ``fields`` in their order, in GB18030 as devices expect it."""
    lines = ['<?xml version="1.0" encoding="GB2312"?>', f"<{root}>"]
    lines += _elements({"CmdType": command, "SN": str(sn), "DeviceID": device, **(fields or {})})
    return "\r\n".join([*lines, f"</{root}>", ""]).encode("gb18030")


def _elements(fields: Fields) -> list[str]:
    lines: list[str] = []
    for name, value in fields.items():
        if isinstance(value, str):
            lines.append(f"<{name}>{escape(value)}</{name}>")
        else:
            lines += [f"<{name}>", *_elements(value), f"</{name}>"]
    return lines
