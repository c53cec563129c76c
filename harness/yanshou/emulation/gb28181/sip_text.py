# SPDX-License-Identifier: Apache-2.0
"""SIP messages as an emulated device writes and reads them: lines of text."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

_SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}
_SHORT |= {"c": "content-type", "e": "content-encoding", "k": "supported", "s": "subject", "o": "event"}
_LIMIT = 1 << 20  # bytes of a stream that are held while the end of a message is looked for
_END = b"\r\n\r\n"

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HeardSip:
    """A message that came: its first line, its headers with names in lower case, its body."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def method(self) -> str:
        """The method of a request; empty for an answer."""
        return "" if self.start.startswith("SIP/") else self.start.partition(" ")[0]

    @property
    def status(self) -> int:
        """The code of an answer; 0 for a request."""
        found = re.match(r"SIP/2\.0 (\d{3})\b", self.start)
        return int(found[1]) if found else 0

    def header(self, name: str) -> str:
        """The first header of this name, in lower case; empty if there is none."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def number(self) -> int:
        """The number of CSeq; 0 if it cannot be read."""
        first = self.header("cseq").split(" ")[0]
        return int(first) if first.isdecimal() else 0

    @property
    def target(self) -> str:
        """The user part of the request's address."""
        found = re.search(r"sips?:([^@;>\s]*)@", self.start)
        return found[1] if found else ""


def heard(data: bytes) -> HeardSip | None:
    """The message in these bytes; None if they are none."""
    head, _, body = data.lstrip(b"\r\n").partition(_END)
    lines = head.decode("utf-8", "replace").split("\r\n")
    if "SIP/2.0" not in lines[0]:
        return None
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            key = name.strip().lower()
            headers.append((_SHORT.get(key, key), value.strip()))
    return HeardSip(lines[0], tuple(headers), body)


class StreamCutter:
    """Cuts a TCP stream into messages by Content-Length."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are whole now."""
        self._held += data
        found = []
        while True:
            self._held = self._held.lstrip(b"\r\n\0")
            head, end, rest = self._held.partition(_END)
            if not end:
                break
            length = re.search(rb"(?im)^(?:content-length|l)\s*:\s*(\d{1,7})", head)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                break
            found.append(head + end + rest[:size])
            self._held = rest[size:]
        if len(self._held) > _LIMIT:
            self._held = b""
        return found


def written(start: str, headers: Headers, body: bytes = b"", length: int | None = None) -> bytes:
    """The bytes of a message; ``length`` is stated in the place of the right one."""
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def answered(
    asked: HeardSip, status: int, reason: str, tag: str, extra: Headers = (), body: bytes = b""
) -> bytes:
    """The answer to a request; ``tag`` is put to To where it has none."""
    copied = {"via": "Via", "from": "From", "to": "To", "call-id": "Call-ID", "cseq": "CSeq"}
    headers = []
    for key, value in asked.headers:
        if key in copied:
            tagged = key == "to" and ";tag=" not in value and status > 100  # noqa: PLR2004 - Trying has none
            headers.append((copied[key], f"{value};tag={tag}" if tagged else value))
    return written(f"SIP/2.0 {status} {reason}", [*headers, *extra], body)


def tag_of(address: str) -> str:
    """The tag of a From or To header; empty if it has none."""
    found = re.search(r";\s*tag=([^;\s>]+)", address)
    return found[1] if found else ""


def token(size: int = 6) -> str:
    """Fresh characters for a tag, a branch or a Call-ID."""
    return secrets.token_hex(size)
