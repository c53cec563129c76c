# SPDX-License-Identifier: Apache-2.0
"""Digest authentication of RTSP and HTTP (RFC 2617, MD5, with or without qop), the server's side."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

REALM = "yanshou-emulation"
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')


@dataclass(frozen=True, slots=True)
class DigestAccount:
    """User and password the device expects; ``open_access`` lets everybody in."""

    user: str
    password: str
    open_access: bool = False


def new_nonce() -> str:
    """A nonce nobody can guess."""
    return secrets.token_hex(16)


def challenge(nonce: str, *, qop: bool = False) -> str:
    """Value of WWW-Authenticate."""
    return f'Digest realm="{REALM}", nonce="{nonce}"' + (', qop="auth"' if qop else "")


def accepts(header: str, method: str, nonce: str, credentials: DigestAccount) -> bool:
    """Whether an Authorization header proves the credentials for ``method``."""
    if credentials.open_access:
        return True
    scheme, _, rest = header.partition(" ")
    given = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
    if scheme.lower() != "digest" or given.get("nonce") != nonce or given.get("username") != credentials.user:
        return False
    return secrets.compare_digest(given.get("response", ""), _response(given, method, credentials))


def _response(given: Mapping[str, str], method: str, credentials: DigestAccount) -> str:
    """The request digest; also that of a URI of its own, since clients differ in the URI they sign."""
    secret = _md5(f"{credentials.user}:{REALM}:{credentials.password}")
    request = _md5(f"{method}:{given.get('uri', '')}")
    middle = [given.get("nonce", "")]
    if "qop" in given:
        middle += [given.get("nc", ""), given.get("cnonce", ""), given["qop"]]
    return _md5(":".join([secret, *middle, request]))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
