# SPDX-License-Identifier: Apache-2.0
"""Basic and digest authentication (RFC 2617, RFC 7616) of HTTP and RTSP requests."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

_HASHES: Final[dict[str, Callable[[bytes], str]]] = {
    # MD5 is prescribed by RFC 2617 and known to most cameras; here it protects nothing but the password.
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}
_PAIR: Final = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
# a challenge begins with a word not followed by "="; quoted text is skipped
_QUOTED_OR_SCHEME: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"|(?:^|,)\s*([A-Za-z][\w\-]*)(?=\s+[^\s=,]|\s*$|\s*,)'
)
_IN_CLEAR: Final = (
    "the device asks for the password in clear (Basic) at a port that the site file does not name,"
    " and it was not sent"
)


@dataclass(slots=True)
class Credentials:
    """User, password and the challenge last answered.

    One per session; ``repr`` does not show the password.

    ``clear`` says whether the password may be sent in clear (Basic). Thread-safe.
    """

    user: str
    password: str = field(repr=False)
    clear: bool = True
    scheme: str = ""
    withheld: str = ""  # why a challenge was not answered though there is a password
    _challenge: dict[str, str] = field(default_factory=dict, repr=False)
    _count: int = 0
    _accepted: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def learn(self, header: str) -> bool:
        """Take WWW-Authenticate headers (several joined by newlines); False when none can be answered.

        The strongest is chosen: digest by SHA-256, digest by MD5, basic.  Each challenge is answered with its
        own nonce (RFC 7616 3.7).
        """
        chosen = self._chosen(header)
        if chosen is None:
            return False
        with self._lock:
            self.scheme, self._challenge = chosen
            self._count = 0
        return True

    def answers(self, header: str) -> bool:
        """Whether to answer a 401 with one more request; if so, learns its challenge.

        The first 401 is answered. A later one is answered only if it calls the nonce stale, or if the
        password was accepted before and the nonce is fresh. Anything else is a wrong password, which is never
        tried again.
        """
        if not self.scheme:
            return self.learn(header)
        chosen = self._chosen(header)
        if chosen is None or chosen[0] != "digest" or self.scheme != "digest":
            return False
        fresh = chosen[1].get("nonce", "") != self._challenge.get("nonce", "")
        stale = chosen[1].get("stale", "").lower() == "true"
        return fresh and (stale or self._accepted) and self.learn(header)

    def accepted(self) -> None:
        """Note that a signed request was answered with something other than 401."""
        self._accepted = self._accepted or bool(self.scheme)

    def authorization(self, method: str, uri: str, body: bytes = b"") -> str | None:
        """The Authorization header for a request; None before any challenge."""
        if self.scheme == "basic":
            return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if self.scheme == "digest":
            with self._lock:
                return self._digest(method, uri, body)
        return None

    def _chosen(self, header: str) -> tuple[str, dict[str, str]] | None:
        offers = [offer for line in header.split("\n") for offer in _offers(line)]
        allowed = [one for one in offers if self.clear or one[0] != "basic"]
        self.withheld = _IN_CLEAR if offers and not allowed and self.user else ""
        if not allowed or not self.user:
            return None
        return max(allowed, key=_strength)

    def _digest(self, method: str, uri: str, body: bytes) -> str:
        said = self._challenge
        algorithm = said.get("algorithm", "MD5").upper()
        digest = _HASHES[algorithm.removesuffix("-SESS")]
        realm, nonce, qop = said.get("realm", ""), said.get("nonce", ""), _qop(said)
        cnonce = os.urandom(8).hex()
        secret = digest(f"{self.user}:{realm}:{self.password}".encode())
        if algorithm.endswith("-SESS"):
            secret = digest(f"{secret}:{nonce}:{cnonce}".encode())
        whole = f":{digest(body)}" if qop == "auth-int" else ""
        target = digest(f"{method}:{uri}{whole}".encode())
        parts = {"username": self.user.replace("\\", "\\\\").replace('"', '\\"')}
        parts |= {"realm": said.get("realm", ""), "nonce": nonce, "uri": uri}
        bare = {}
        if qop:
            self._count += 1
            bare = {"qop": qop, "nc": f"{self._count:08x}"}
            parts["cnonce"] = cnonce
            parts["response"] = digest(f"{secret}:{nonce}:{bare['nc']}:{cnonce}:{qop}:{target}".encode())
        else:
            parts["response"] = digest(f"{secret}:{nonce}:{target}".encode())
            if algorithm.endswith("-SESS"):
                parts["cnonce"] = cnonce
        if "opaque" in said:
            parts["opaque"] = said["opaque"]
        if "algorithm" in said:
            bare["algorithm"] = said["algorithm"]
        quoted = [f'{name}="{value}"' for name, value in parts.items()]
        return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in bare.items())])


def _offers(line: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The challenges of one header that can be answered; a header may hold several, separated by commas."""
    starts = [found for found in _QUOTED_OR_SCHEME.finditer(line) if found[1]]
    for number, found in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(line)
        scheme = found[1].lower()
        values = {
            name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(line[found.end() : end])
        }
        algorithm = values.get("algorithm", "MD5").upper().removesuffix("-SESS")
        known = algorithm in _HASHES and "nonce" in values and (_qop(values) or not values.get("qop"))
        if scheme == "basic" or (scheme == "digest" and known):
            yield scheme, values


def _qop(values: dict[str, str]) -> str:
    """The quality of protection to use: ``auth``, else ``auth-int``; empty for neither."""
    offered = {value.strip().lower() for value in values.get("qop", "").split(",")}
    return next((one for one in ("auth", "auth-int") if one in offered), "")


def _strength(offer: tuple[str, dict[str, str]]) -> int:
    scheme, values = offer
    if scheme == "basic":
        return 0
    return 2 if values.get("algorithm", "").upper().startswith("SHA-256") else 1
