# SPDX-License-Identifier: Apache-2.0
"""The WS-Security user name token, stamped with the device's own time.

The digest is Base64(SHA-1(nonce + created + password)) (OASIS UsernameToken Profile 1.1, ONVIF Core 5.9.4).
``Created`` ends in Z (some firmware refuses +00:00) and is corrected by the measured offset of the device's
clock, because otherwise a device with a wrong clock refuses a right password.
"""

from __future__ import annotations

import base64
import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

_WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_PROFILE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
_BASE64: Final = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
)
_SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
_SECURITY: Final = (
    f'<wsse:Security xmlns:wsse="{_WSSE}" xmlns:wsu="{_WSU}" xmlns:soap-env="{_SOAP}"'
    ' soap-env:mustUnderstand="1"><wsse:UsernameToken><wsse:Username>{user}</wsse:Username>'
    f'<wsse:Password Type="{_PROFILE}#PasswordDigest">{{digest}}</wsse:Password>'
    f'<wsse:Nonce EncodingType="{_BASE64}">{{nonce}}</wsse:Nonce>'
    "<wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"
)


class UsernameToken:
    """Signs envelopes.  Thread-safe: nothing changes while a request is signed."""

    def __init__(self, user: str, password: str, *, offset_s: float = 0.0) -> None:
        self.user = user
        self._password = password
        self.offset_s = offset_s

    def __repr__(self) -> str:
        return f"UsernameToken({self.user!r}, offset_s={self.offset_s})"

    def header(self) -> bytes:
        """The Security element for the header of an envelope, stamped with the device's time."""
        nonce = os.urandom(16)
        created = (datetime.now(UTC) + timedelta(seconds=self.offset_s)).isoformat(timespec="milliseconds")
        created = created.replace("+00:00", "Z")
        # SHA-1 is prescribed by the profile; it only hides the password on the wire.
        digest = hashlib.sha1(
            nonce + created.encode() + self._password.encode(), usedforsecurity=False
        ).digest()
        return _SECURITY.format(
            user=escape(self.user),
            digest=base64.b64encode(digest).decode(),
            nonce=base64.b64encode(nonce).decode(),
            created=created,
        ).encode()
