# SPDX-License-Identifier: Apache-2.0
"""The headers of class A as text: a word, then parameters ``name="value"`` with commas between them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 16_384
"""A header with a certificate in it has some 2,000 characters; a longer one than this is not read."""
CERTIFICATE: Final = "devicecert:"
_PARAMETER: Final = re.compile(r'\s*([A-Za-z0-9_-]{1,40})\s*=\s*(?:"([^"]*)"|([^\s,"]*))\s*(?:,|$)')
_WORD: Final = re.compile(r"\s*([A-Za-z0-9_-]{1,40})(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class ReadHeader:
    """A header: its first word, and its parameters with names in lower case."""

    scheme: str
    values: Mapping[str, str]

    def get(self, name: str) -> str:
        """The value of a parameter; empty if there is none."""
        return self.values.get(name, "")


def read_header(text: str) -> ReadHeader | None:
    """A header; None if it is too long, a parameter stands twice, or anything in it is no parameter."""
    word = _WORD.match(text) if len(text) <= LONGEST else None
    if word is None:
        return None
    values: dict[str, str] = {}
    at = word.end()
    while at < len(text):
        found = _PARAMETER.match(text, at)
        if found is None or found[1].lower() in values:
            return None
        values[found[1].lower()] = found[2] if found[2] is not None else found[3]
        at = found.end()
    return ReadHeader(word[1], values)


def algorithms(text: str) -> dict[str, list[str]]:
    """``A:SM2;H:SM3;S:…,…;SI:SM3-SM2`` by its letters: what is offered for each."""
    pairs = (one.partition(":") for one in text.split(";"))
    return {
        letter.strip().upper(): [name.strip().upper() for name in names.split(",") if name.strip()]
        for letter, _, names in pairs
    }


def announced_certificate(capability: ReadHeader) -> str | None:
    """The PEM of the certificate that a device sends along; empty if it sends none, None if it is no text."""
    said = capability.get("cnonce")
    if not said.startswith(CERTIFICATE):
        return ""
    try:
        return base64.b64decode(said.removeprefix(CERTIFICATE), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None


def decoded(text: str) -> bytes:
    """Base64 as bytes; empty for what is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
