# SPDX-License-Identifier: Apache-2.0
"""Class A of GB 35114 in an emulated device: proves itself by SM2, checks the platform, signs what it says.

All by gmalg and text; nothing here is shared with the platform.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yanshou.emulation.gb28181.agent import GbFaults
from yanshou.emulation.gb28181.certificate_text import (
    SIGNER,
    certificate,
    demo_key,
    public_in,
    signed,
)
from yanshou.emulation.gb28181.sip_text import Headers, HeardSip

ALGORITHM = "A:SM2;H:SM3;S:SM4/OFB/PKCS5;SI:SM3-SM2"
_PARAMETER = re.compile(r'(\w+)\s*=\s*"([^"]*)"')
_MD5 = "MD5"
_ISSUER = "demo issuer"
_BODY_OF_ANOTHER = b"<Notify/>"
_FIXED = base64.b64encode(b"not random at all").decode()


@dataclass(slots=True)
class ClassASide:
    """The keys of a device: its own, the platform's public one, and that of the signalling once agreed.

    ``above``: the platform's certificate in PEM; empty: only one direction can be checked. ``clock`` gives
    the device's local time as text.
    """

    device: str
    code: str
    server: str
    above: str
    faults: GbFaults
    clock: Callable[[], str]
    form: str = ""
    vkek: bytes = b""
    _key: bytes = b""
    _randoms: tuple[str, str] = ("", "")
    _used: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._key = demo_key(self.code)

    # -- registration ---------------------------------------------------------------------------------------

    def capability(self) -> str:
        """The Authorization of the first REGISTER."""
        parts = [f'algorithm="{ALGORITHM}"', f'keyversion="{self.clock()}"']
        if self.faults.has("gm_foreign_certificate"):
            self._key = demo_key(f"another {self.code}")
            parts.append(self._announced(self.code, "another issuer"))
        elif self.faults.has("gm_certificate_of_another"):
            parts.append(self._announced(f"{self.code[:-1]}{(int(self.code[-1]) + 1) % 10}", _ISSUER))
        elif self.faults.has("gm_broken_certificate"):
            parts.append('cnonce="devicecert:###"')
        return "Capability " + ",".join(parts)

    def _announced(self, code: str, issuer: str) -> str:
        text = certificate(code, self._key, (issuer, demo_key(issuer)))
        return f'cnonce="devicecert:{base64.b64encode(text.encode()).decode()}"'

    def answer(self, challenge: str) -> str:
        """The Authorization that answers a challenge; empty if it is none of class A."""
        scheme, said = _read(challenge)
        if scheme not in ("Unidirection", "Bidirection"):
            return ""
        random1, random2 = said.get("random1", ""), base64.b64encode(secrets.token_bytes(16)).decode()
        if self.faults.has("gm_own_random"):
            random1 = base64.b64encode(secrets.token_bytes(16)).decode()
        if self.faults.has("gm_old_random") and self._used:
            random1, random2 = self._used[0]
        if self.faults.has("gm_same_random2"):
            random2 = _FIXED
        self._randoms = random1, random2
        self._used.append(self._randoms)
        server = f"{self.server[:-1]}9" if self.faults.has("gm_wrong_server") else self.server
        key = demo_key("somebody else") if self.faults.has("gm_other_key") else self._key
        sign1 = base64.b64encode(signed(key, self._to_sign(random1, random2, server))).decode()
        parts = [f'random1="{random1}"', f'random2="{random2}"', f'serverid="{server}"']
        parts += [f'deviceid="{self.code}"'] if scheme == "Bidirection" else []
        parts += [f'sign1="{sign1}"', f'algorithm="{ALGORITHM}"']
        return f"{scheme} " + ", ".join(parts)

    def _to_sign(self, random1: str, random2: str, server: str) -> bytes:
        if self.faults.has("gm_signs_less"):
            return f"{random2}{server}".encode()
        if self.form == "decoded-randoms" or self.faults.has("gm_decoded_randoms"):
            return base64.b64decode(random2) + base64.b64decode(random1) + server.encode()
        return f"{random2}{random1}{server}".encode()

    def taken(self, info: str) -> bool:
        """Take the SecurityInfo of a 200; False if it does not prove the platform or brings no key."""
        from gmalg import SM2  # noqa: PLC0415 - an extra

        scheme, said = _read(info)
        sealed = _numbers(base64.b64decode(said.get("cryptkey", "")))
        if len(sealed) != 4 or scheme not in ("Unidirection", "Bidirection"):  # noqa: PLR2004 - x, y, hash, text
            return False
        if scheme == "Bidirection" and not self._proves(said):
            return False
        point = b"\x04" + _padded(sealed[0]) + _padded(sealed[1])
        self.vkek = bytes(SM2(sk=self._key).decrypt(point + sealed[2] + sealed[3]))
        return True

    def _proves(self, said: dict[str, str]) -> bool:
        from gmalg import SM2  # noqa: PLC0415 - an extra

        first, second = self._randoms
        named = [said.get(name) for name in ("random1", "random2", "deviceid", "serverid")]
        if not self.above or named != [first, second, self.code, self.server]:
            return False
        raw = [
            base64.b64decode(one) if self.form == "decoded-randoms" else one.encode()
            for one in (first, second)
        ]
        raw = raw[::-1] if self.form == "random2-first" else raw
        data = b"".join(raw) + f"{self.code}{said.get('cryptkey', '')}".encode()
        pair = _numbers(base64.b64decode(said.get("sign2", "")))
        own = SM2(pk=public_in(self.above), uid=SIGNER)
        return len(pair) == 2 and bool(own.verify(data, _padded(pair[0]), _padded(pair[1])))  # noqa: PLR2004

    # -- signalling -----------------------------------------------------------------------------------------

    def proof(self, method: str, own: str, far: str, call: str, body: bytes) -> Headers:
        """Date and Note of a request of the device; nothing before a key was agreed."""
        answer = b"<Response>" in body and self.faults.has("gm_answers_unsigned")
        if not self.vkek or answer or self.faults.has("gm_unsigned"):
            return ()
        date = self.clock()
        if (off := self.faults.find("gm_date_off")) is not None:
            date = _later(date, off.number(0))
        over = _BODY_OF_ANOTHER if self.faults.has("gm_other_body") else body
        name = "" if self.faults.has("gm_no_method") else method
        nonce = self._nonce(f"{name}{own}{far}{call}{date}", over)
        algorithm = _MD5 if self.faults.has("gm_note_md5") else "SM3"
        named = () if self.faults.has("gm_no_date") else (("Date", date),)
        return (*named, ("Note", f'Digest nonce="{nonce}",algorithm={algorithm}'))

    def proven(self, asked: HeardSip) -> bool:
        """Whether a request carries the digest it has to; any does before a key was agreed."""
        if not self.vkek:
            return True
        _, said = _read(asked.header("note"))
        parts = (asked.header(name) for name in ("from", "to", "call-id", "date"))
        return said.get("nonce") == self._nonce("".join((asked.method, *parts)), asked.body)

    def _nonce(self, head: str, body: bytes) -> str:
        from gmalg import SM3  # noqa: PLC0415 - an extra

        found = SM3()
        key = base64.b64encode(self.vkek) if self.form == "vkek-as-text" else self.vkek
        found.update(head.encode() + key + body)
        return base64.b64encode(found.value()).decode()


def _read(header: str) -> tuple[str, dict[str, str]]:
    return header.partition(" ")[0], dict(_PARAMETER.findall(header))


def _numbers(data: bytes) -> list[bytes]:
    """The contents of a sequence in DER whose members are short."""
    found, at = [], 2
    while at + 1 < len(data):
        size = data[at + 1]
        found.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    return found


def _padded(number: bytes) -> bytes:
    return number.lstrip(b"\0").rjust(32, b"\0")


def _later(date: str, seconds: float) -> str:
    return (datetime.fromisoformat(date) + timedelta(seconds=seconds)).isoformat(timespec="seconds")
