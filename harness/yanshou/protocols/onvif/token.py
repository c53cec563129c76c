# SPDX-License-Identifier: Apache-2.0
"""The WS-Security user name token, stamped with the device's own time.

The digest is Base64(SHA-1(nonce + created + password)) (OASIS UsernameToken Profile 1.1, ONVIF Core 5.9.4).
``Created`` ends in Z (some firmware refuses +00:00) and is corrected by the measured offset of the device's
clock, because a device with a wrong clock refuses a right password otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lxml import etree

_WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_PROFILE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
_BASE64: Final = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
)
_SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"


class UsernameToken:
    """Signs envelopes for zeep.  Thread-safe: nothing changes while a request is signed."""

    def __init__(self, user: str, password: str, *, offset_s: float = 0.0) -> None:
        self.user = user
        self._password = password
        self.offset_s = offset_s

    def __repr__(self) -> str:
        return f"UsernameToken({self.user!r}, offset_s={self.offset_s})"

    def apply(self, envelope: Any, headers: dict[str, str]) -> tuple[Any, dict[str, str]]:
        """Add the token to the header of ``envelope`` (the hook zeep calls)."""
        header = envelope.find(f"{{{_SOAP}}}Header")
        if header is None:
            header = etree.Element(f"{{{_SOAP}}}Header")
            envelope.insert(0, header)
        header.append(self._security())
        return envelope, headers

    def verify(self, _envelope: Any) -> None:
        """Answers carry no token; nothing to verify."""

    def _security(self) -> etree._Element:
        nonce = os.urandom(16)
        created = (datetime.now(UTC) + timedelta(seconds=self.offset_s)).strftime("%Y-%m-%dT%H:%M:%S.%f")
        created = created[:-3] + "Z"
        # SHA-1 is what the profile prescribes; it hides the password on the wire, no more.
        digest = hashlib.sha1(
            nonce + created.encode() + self._password.encode(), usedforsecurity=False
        ).digest()
        security = etree.Element(f"{{{_WSSE}}}Security", nsmap={"wsse": _WSSE, "wsu": _WSU})
        security.set(f"{{{_SOAP}}}mustUnderstand", "1")
        token = etree.SubElement(security, f"{{{_WSSE}}}UsernameToken")
        etree.SubElement(token, f"{{{_WSSE}}}Username").text = self.user
        secret = etree.SubElement(token, f"{{{_WSSE}}}Password", Type=f"{_PROFILE}#PasswordDigest")
        secret.text = base64.b64encode(digest).decode()
        salt = etree.SubElement(token, f"{{{_WSSE}}}Nonce", EncodingType=_BASE64)
        salt.text = base64.b64encode(nonce).decode()
        etree.SubElement(token, f"{{{_WSU}}}Created").text = created
        return security
