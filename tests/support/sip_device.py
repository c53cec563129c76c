# SPDX-License-Identifier: Apache-2.0
"""A device under a GB/T 28181 platform that knows SIP only as text; shares no code with the platform."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence
from typing import Any

CODE = "34020000001320000001"
OTHER = "34020000001320000002"
PLATFORM = "34020000002000000001"
REALM = "3402000000"
PASSWORD = "abc-12345"
URI = f"sip:{PLATFORM}@{REALM}"


def md5(text: str) -> str:
    """The digest of a text, in hexadecimal digits."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


STARTS = itertools.count(1)


class SipTextDevice:
    """A device under the platform; it knows SIP only as text."""

    def __init__(
        self, code: str = CODE, password: str = PASSWORD, realm: str = REALM, uri: str = URI
    ) -> None:
        self.code, self.password, self.sequence = code, password, 0
        self.realm, self.uri = realm, uri
        self.start = next(STARTS)

    def request(
        self,
        method: str,
        extra: Sequence[str] = (),
        body: str = "",
        length: int | None = None,
        sequence: int | None = None,
    ) -> bytes:
        """A request of the next number, or of ``sequence``; ``length`` is stated instead of the right one."""
        self.sequence = sequence or self.sequence + 1
        size = len(body.encode()) if length is None else length
        lines = [
            f"{method} {self.uri} SIP/2.0",
            f"Via: SIP/2.0/UDP 192.168.3.99:5060;rport;branch=z9hG4bK{self.sequence}",
            f"From: <sip:{self.code}@{self.realm}>;tag=77",
            f"To: <sip:{self.code}@{self.realm}>",
            f"Call-ID: {self.start}@192.168.3.99",
            f"CSeq: {self.sequence} {method}",
            f"Contact: <sip:{self.code}@192.168.3.99:5060>",
            *extra,
            f"Content-Length: {size}",
        ]
        return "\r\n".join([*lines, "", body]).encode()

    def register(
        self, answer: bytes = b"", expires: str | None = "3600", nonce: str | None = None, **kw: Any
    ) -> bytes:
        """A REGISTER; signed over the nonce of ``answer``, or over ``nonce``."""
        extra = [] if expires is None else [f"Expires: {expires}"]
        found = re.search(rb'nonce="(\w+)"', answer)
        nonce = nonce or (found[1].decode() if found else None)
        if nonce:
            key = md5(f"{self.code}:{self.realm}:{self.password}")
            response = md5(f"{key}:{nonce}:{md5(f'REGISTER:{self.uri}')}")
            extra.append(
                f'Authorization: Digest username="{self.code}", realm="{self.realm}", nonce="{nonce}", '
                f'uri="{self.uri}", response="{response}", algorithm=MD5'
            )
        return self.request("REGISTER", extra, **kw)

    def keepalive(self, sn: int = 1, code: str | None = None, **kw: Any) -> bytes:
        """A keepalive, of another device if ``code`` is given."""
        body = (
            '<?xml version="1.0" encoding="GB2312"?>\r\n<Notify>\r\n<CmdType>Keepalive</CmdType>\r\n'
            f"<SN>{sn}</SN>\r\n<DeviceID>{code or self.code}</DeviceID>\r\n"
            "<Status>OK</Status>\r\n</Notify>\r\n"
        )
        return self.request("MESSAGE", ["Content-Type: Application/MANSCDP+xml"], body, **kw)
