# SPDX-License-Identifier: Apache-2.0
"""The known readings of what class A signs and hashes: data, in ``forms.toml``."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import tomli

USUAL: Final = "usual"
"""The form of a device whose connection names none."""


@dataclass(frozen=True, slots=True)
class ClassAForm:
    """One reading: what octets are signed, and how the key enters the digest of signalling."""

    name: str
    signed: str  # text | bytes
    sign2: str  # random1-random2 | random2-random1
    vkek: str  # bytes | text

    def first_data(self, random1: str, random2: str, server: str) -> bytes | None:
        """What sign1 is over: random2, random1, the code of the platform. None: the randoms are no Base64."""
        randoms = [self._random(one) for one in (random2, random1)]
        return None if None in randoms else b"".join(filter(None, randoms)) + server.encode()

    def second_data(self, random1: str, random2: str, device: str, cryptkey: str) -> bytes | None:
        """What sign2 is over: both randoms, the code of the device, the sealed key as in the header."""
        order = (random1, random2) if self.sign2 == "random1-random2" else (random2, random1)
        randoms = [self._random(one) for one in order]
        return None if None in randoms else b"".join(filter(None, randoms)) + f"{device}{cryptkey}".encode()

    def digest_key(self, vkek: bytes) -> bytes:
        """The key as it stands in the digest."""
        return vkek if self.vkek == "bytes" else base64.b64encode(vkek)

    def _random(self, text: str) -> bytes | None:
        if self.signed == "text":
            return text.encode()
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return None


@cache
def forms() -> Mapping[str, ClassAForm]:
    """The forms by name."""
    text = (resources.files(__package__) / "forms.toml").read_text("utf-8")
    return {
        name: ClassAForm(name, one["signed"], one["sign2"], one["vkek"])
        for name, one in tomli.loads(text)["form"].items()
    }
