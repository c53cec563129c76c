# SPDX-License-Identifier: Apache-2.0
"""Basic and digest authentication of RTSP requests (RFC 2617, RFC 7616)."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_HASHES: Final[dict[str, Callable[[bytes], str]]] = {
    # MD5 is what RFC 2617 prescribes and most cameras know; it guards no secret of ours beyond the password.
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}
_PAIR: Final = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
_ANY_SCHEME: Final = re.compile(r"^\s*(Digest|Basic)\b(.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class Credentials:
    """User, password and the challenge last heard.  One per session; ``repr`` keeps the password out."""

    user: str
    password: str = field(repr=False)
    scheme: str = ""
    _challenge: dict[str, str] = field(default_factory=dict, repr=False)
    _count: int = 0

    def learn(self, header: str) -> bool:
        """Take a WWW-Authenticate header (several joined by newlines); False when none can be answered.

        The strongest is chosen: digest by SHA-256, digest by MD5, basic.
        """
        offers = [offer for line in header.split("\n") if (offer := _offer(line))]
        if not offers or not self.user:
            return False
        scheme, challenge = max(offers, key=_strength)
        self.scheme, self._challenge, self._count = scheme, challenge, 0
        return True

    def authorization(self, method: str, uri: str) -> str | None:
        """The Authorization header for a request, None while no challenge was heard."""
        if self.scheme == "basic":
            return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if self.scheme == "digest":
            return self._digest(method, uri)
        return None

    def _digest(self, method: str, uri: str) -> str:
        said = self._challenge
        algorithm = said.get("algorithm", "MD5").upper()
        base = algorithm.removesuffix("-SESS")
        digest = _HASHES[base]
        realm, nonce = said.get("realm", ""), said.get("nonce", "")
        cnonce = os.urandom(8).hex()
        secret = digest(f"{self.user}:{realm}:{self.password}".encode())
        if algorithm.endswith("-SESS"):
            secret = digest(f"{secret}:{nonce}:{cnonce}".encode())
        target = digest(f"{method}:{uri}".encode())
        parts = {"username": self.user, "realm": realm, "nonce": nonce, "uri": uri}
        bare = {}
        if "auth" in [value.strip() for value in said.get("qop", "").split(",")]:
            self._count += 1
            bare = {"qop": "auth", "nc": f"{self._count:08x}"}
            parts["cnonce"] = cnonce
            parts["response"] = digest(f"{secret}:{nonce}:{bare['nc']}:{cnonce}:auth:{target}".encode())
        else:
            parts["response"] = digest(f"{secret}:{nonce}:{target}".encode())
        if "opaque" in said:
            parts["opaque"] = said["opaque"]
        if "algorithm" in said:
            bare["algorithm"] = said["algorithm"]
        quoted = [f'{name}="{value}"' for name, value in parts.items()]
        return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in bare.items())])


def _offer(line: str) -> tuple[str, dict[str, str]] | None:
    match = _ANY_SCHEME.match(line)
    if match is None:
        return None
    values = {name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(match[2])}
    algorithm = values.get("algorithm", "MD5").upper().removesuffix("-SESS")
    if match[1].lower() == "digest" and algorithm not in _HASHES:
        return None
    return match[1].lower(), values


def _strength(offer: tuple[str, dict[str, str]]) -> int:
    scheme, values = offer
    if scheme == "basic":
        return 0
    return 2 if values.get("algorithm", "").upper().startswith("SHA-256") else 1
