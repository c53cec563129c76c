# SPDX-License-Identifier: Apache-2.0
"""Who may see and answer: one-time tokens on the screen of the console, a cookie in the phone.

A token opens one phone, once, for one named person. What the phone keeps then is known here by its SHA-256
only, on the disk, so that a console that was killed knows its phones again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from yanshou.evidence.durable import write_whole
from yanshou.model.limited import parse_json

LASTS_S: Final = 7 * 86_400
"""How long a phone stays admitted, in seconds: a visit takes several days."""
_BYTES = 24  # of a token: nobody guesses it


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who may answer, in the role of a tester or of the witness."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class _Phone:
    """A phone that was admitted, by the SHA-256 of its cookie; ``since`` in seconds of the epoch."""

    cookie: str
    name: str
    role: str
    since: float


class Admission:
    """The people of one console, and the phones that were admitted for them."""

    def __init__(self, path: Path, people: Sequence[Holder]) -> None:
        self.people = tuple(people)
        self._path = path
        self._guard = threading.Lock()
        self._tokens: dict[str, Holder] = {}
        self._phones = self._read()

    def token(self, holder: Holder) -> str:
        """A new one-time token for a person; it is held in memory only."""
        token = secrets.token_urlsafe(_BYTES)
        self._tokens[_digest(token)] = holder
        return token

    def admit(self, token: str, cookie: str) -> str | None:
        """Take a token; returns the cookie of the phone, None if the token does not count.

        ``cookie`` is what the phone had before: a phone that is somebody else's already is not admitted, so
        that two people cannot confirm on one phone. The person's phone before this one is admitted no more.
        """
        with self._guard:
            holder = self._tokens.get(_digest(token))
            if holder is None:
                return None
            before = self.holder(cookie)
            if before is not None and before != holder:
                return None
            del self._tokens[_digest(token)]
            fresh = secrets.token_urlsafe(_BYTES)
            others = [one for one in self._phones if (one.name, one.role) != (holder.name, holder.role)]
            phone = _Phone(_digest(fresh), holder.name, holder.role, time.time())
            self._phones = (*others, phone)
            self._write()
            return fresh

    def holder(self, cookie: str) -> Holder | None:
        """Whose phone has this cookie; None if it is nobody's, or was admitted too long ago."""
        if not cookie:
            return None
        digest = _digest(cookie)
        for phone in self._phones:
            if hmac.compare_digest(phone.cookie, digest) and _lasts(phone):
                found = Holder(phone.name, phone.role)
                return found if found in self.people else None
        return None

    def present(self) -> tuple[Holder, ...]:
        """The people who have a phone."""
        found = (Holder(one.name, one.role) for one in self._phones if _lasts(one))
        return tuple(one for one in found if one in self.people)

    def _read(self) -> tuple[_Phone, ...]:
        try:
            content = parse_json(self._path.read_bytes())
            return tuple(_Phone(**one) for one in content)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError):  # damaged: every phone is admitted anew
            return ()

    def _write(self) -> None:
        private(self._path)
        write_whole(self._path, json.dumps([asdict(one) for one in self._phones]).encode())


def cookie_of(header: str, name: str) -> str:
    """The value of the cookie ``name`` in a Cookie header; empty if there is none."""
    parts: Mapping[str, str] = {
        key.strip(): value for key, _, value in (one.partition("=") for one in header.split(";"))
    }
    return parts.get(name, "").strip()


def private(path: Path) -> None:
    """Make the folder of ``path`` one that only its owner reads; Windows keeps the rights of the user."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name != "nt":
        path.parent.chmod(0o700)


def _lasts(phone: _Phone) -> bool:
    return 0 <= time.time() - phone.since < LASTS_S


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
