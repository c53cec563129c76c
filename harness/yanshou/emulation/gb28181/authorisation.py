# SPDX-License-Identifier: Apache-2.0
"""The digest of a device that registers (RFC 2617, GB/T 28181 9.1), the device's side."""

from __future__ import annotations

import hashlib
import re
import secrets

_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')


def parameters(header: str) -> dict[str, str]:
    """The parameters of a WWW-Authenticate header, names in lower case."""
    return {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(header)}


def authorisation(said: dict[str, str], user: str, password: str, method: str, uri: str) -> str:
    """The Authorization header that answers a challenge; ``said`` are its parameters."""
    name = said.get("algorithm", "MD5")
    kind = "sha256" if name.upper() == "SHA-256" else "md5"

    def hashed(text: str) -> str:
        return hashlib.new(kind, text.encode(), usedforsecurity=False).hexdigest()

    realm, nonce = said.get("realm", ""), said.get("nonce", "")
    secret, asked = hashed(f"{user}:{realm}:{password}"), hashed(f"{method}:{uri}")
    parts = [f'username="{user}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{uri}"']
    if "auth" in said.get("qop", "").replace(" ", "").split(","):
        ours = secrets.token_hex(8)
        parts += ["qop=auth", "nc=00000001", f'cnonce="{ours}"']
        proof = hashed(f"{secret}:{nonce}:00000001:{ours}:auth:{asked}")
    else:
        proof = hashed(f"{secret}:{nonce}:{asked}")
    parts += [f'response="{proof}"', f"algorithm={name}"]
    if "opaque" in said:
        parts.append(f'opaque="{said["opaque"]}"')
    return "Digest " + ", ".join(parts)
