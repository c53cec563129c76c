# SPDX-License-Identifier: Apache-2.0
"""Digest authentication of a device that registers (RFC 2617, RFC 7616; GB/T 28181 9.1), the platform's side.

A response that fits proves the password only for a nonce which the platform gave out: a device that makes up
its own nonce is refused, although its hash is right.
"""

from __future__ import annotations

import hmac
import os
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aiosipua import AuthChallenge, SipDigestAuth, build_credentials, parse_auth, stringify_auth

from yanshou.model.newest import Newest

MOST_NONCES: Final = 4096
NONCE_S: Final = 300.0
_ALGORITHMS: Final = ("MD5", "SHA-256")
_COUNT: Final = re.compile(r"[0-9A-Fa-f]{8}")
_LONGEST: Final = 4096
_NEEDED: Final = ("username", "realm", "nonce", "uri", "response")


class DigestOutcome(StrEnum):
    """What became of the Authorization of a request."""

    ACCEPTED = "accepted"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    WRONG_REALM = "wrong_realm"
    WRONG_USER = "wrong_user"
    WRONG_ALGORITHM = "wrong_algorithm"
    FOREIGN_NONCE = "foreign_nonce"
    STALE = "stale"
    REPLAYED = "replayed"
    WRONG_RESPONSE = "wrong_response"


@dataclass(frozen=True, slots=True)
class DigestVerdict:
    """The outcome; ``other_uri``: the digest is over another URI than the request; ``reused``: an old nonce.

    ``fits``: the response fits the password, which alone accepts nothing.
    """

    outcome: DigestOutcome
    other_uri: bool = False
    reused: bool = False
    fits: bool = False


@dataclass(slots=True)
class _Given:
    at: float
    count: int = 0  # the largest nonce count taken
    used: bool = False


class DigestGate:
    """The nonces a platform gives out, and what comes back. At most MOST_NONCES are kept, the newest."""

    def __init__(self, realm: str, algorithm: str = "MD5", *, qop: bool = True) -> None:
        if algorithm not in _ALGORITHMS:
            raise ValueError(f"digest by {algorithm}; known are {', '.join(_ALGORITHMS)}")
        self.realm, self.algorithm, self._qop = realm, algorithm, qop
        self._given: Newest[str, _Given] = Newest(MOST_NONCES)

    def challenge(self, at: float, *, stale: bool = False) -> str:
        """The value of WWW-Authenticate with a fresh nonce, given out at ``at`` (``model.now``, seconds)."""
        nonce = os.urandom(16).hex()
        self._given[nonce] = _Given(at)
        said = {"realm": self.realm, "nonce": nonce, "algorithm": self.algorithm}
        if self._qop:
            said["qop"] = "auth"
        if stale:
            said["stale"] = "true"
        return stringify_auth(AuthChallenge("Digest", said))

    def judge(
        self, authorization: str, method: str, uri: str, user: str, password: str, at: float
    ) -> DigestVerdict:
        """Judge the Authorization header of a request that came at ``at``; empty if there is none."""
        if not authorization:
            return DigestVerdict(DigestOutcome.ABSENT)
        said = _parameters(authorization)
        if said is None:
            return DigestVerdict(DigestOutcome.UNREADABLE)
        fits = self._fits(said, method, password)
        given = self._given.get(said["nonce"])
        outcome = self._outcome(said, user, given, at, fits=fits)
        reused = given is not None and given.used
        if outcome is DigestOutcome.ACCEPTED and given is not None:
            given.used = True
            given.count = int(said.get("nc", "0"), 16)
        return DigestVerdict(outcome, other_uri=said["uri"] != uri, reused=reused, fits=fits)

    def _outcome(
        self, said: dict[str, str], user: str, given: _Given | None, at: float, *, fits: bool
    ) -> DigestOutcome:
        if said["realm"] != self.realm:
            return DigestOutcome.WRONG_REALM
        if said["username"] != user:
            return DigestOutcome.WRONG_USER
        if said.get("algorithm", "MD5").upper() != self.algorithm:
            return DigestOutcome.WRONG_ALGORITHM
        if given is None:
            return DigestOutcome.FOREIGN_NONCE
        if not fits:
            return DigestOutcome.WRONG_RESPONSE
        if not 0 <= at - given.at <= NONCE_S:
            return DigestOutcome.STALE
        if "qop" in said and int(said["nc"], 16) <= given.count:
            return DigestOutcome.REPLAYED
        return DigestOutcome.ACCEPTED

    def _fits(self, said: dict[str, str], method: str, password: str) -> bool:
        """Whether the response is that of the password, over the values the device itself names."""
        asked = {"realm": said["realm"], "nonce": said["nonce"], "algorithm": self.algorithm}
        if "qop" in said:
            asked["qop"] = "auth"
        right = build_credentials(
            SipDigestAuth(said["username"], password),
            AuthChallenge("Digest", asked),
            method,
            said["uri"],
            nonce_count=int(said.get("nc", "0"), 16),
            cnonce=said.get("cnonce", ""),
        )
        if right is None:
            return False
        return hmac.compare_digest(right.params["response"].encode(), said["response"].lower().encode())


def _parameters(authorization: str) -> dict[str, str] | None:
    """The parameters of a digest, names in lower case; None if one is missing, doubled or unreadable."""
    if len(authorization) > _LONGEST:
        return None
    read = parse_auth(authorization, credentials=True)
    said = {name.lower(): value for name, value in read.params.items()}
    if read.scheme.lower() != "digest" or len(said) != len(read.params):
        return None
    if not all(said.get(name) for name in _NEEDED):
        return None
    if "qop" not in said:
        said.pop("nc", None)
        return said
    whole = said["qop"].lower() == "auth" and _COUNT.fullmatch(said.get("nc", "")) and said.get("cnonce")
    return said if whole else None
