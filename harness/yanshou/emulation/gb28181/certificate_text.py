# SPDX-License-Identifier: Apache-2.0
"""Certificates of SM2 as emulated devices have them (X.509, GM/T 0015), written octet by octet with gmalg."""

from __future__ import annotations

import base64
import hashlib
import textwrap
from datetime import UTC, datetime

SIGNER = b"1234567812345678"
_EC = "1.2.840.10045.2.1"
_SM2 = "1.2.156.10197.1.301"
_SM2_SM3 = "1.2.156.10197.1.501"
_COUNTRY, _ORGANISATION, _NAME = "2.5.4.6", "2.5.4.10", "2.5.4.3"
_BEGINS, _ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)


def demo_key(name: str) -> bytes:
    """The private key of an emulated device, 32 bytes: of no use to anybody, because anybody can make it."""
    return hashlib.sha256(f"yanshou demo {name}".encode()).digest()


def public_of(key: bytes) -> bytes:
    """The public key of a private one: 04, then both coordinates."""
    from gmalg import SM2  # noqa: PLC0415 - an extra

    return bytes(SM2().generate_pk(key))


def signed(key: bytes, data: bytes) -> bytes:
    """A signature in DER."""
    from gmalg import SM2  # noqa: PLC0415 - an extra

    r, s = SM2(sk=key, uid=SIGNER).sign(data)
    return _der(0x30, _number(r), _number(s))


def certificate(code: str, key: bytes, issuer: tuple[str, bytes], ends: datetime = _ENDS) -> str:
    """A certificate in PEM for the public key of ``key``; ``issuer``: its name and private key."""
    algorithm = _der(0x30, _oid(_SM2_SM3))
    parts = (
        _der(0xA0, _number(b"\x02")),
        _number(hashlib.sha256(f"{code} {issuer[0]}".encode()).digest()[:8]),
        algorithm,
        _subject(issuer[0]),
        _der(0x30, _moment(_BEGINS), _moment(ends)),
        _subject(code),
        _der(0x30, _der(0x30, _oid(_EC), _oid(_SM2)), _bits(public_of(key))),
    )
    body = _der(0x30, *parts)
    whole = _der(0x30, body, algorithm, _bits(signed(issuer[1], body)))
    lines = textwrap.wrap(base64.b64encode(whole).decode(), 64)
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def _der(tag: int, *parts: bytes) -> bytes:
    inner = b"".join(parts)
    if len(inner) < 0x80:  # noqa: PLR2004 - the short form of a length
        return bytes([tag, len(inner)]) + inner
    size = len(inner).to_bytes((len(inner).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + inner


def _number(value: bytes) -> bytes:
    bare = value.lstrip(b"\0") or b"\0"
    return _der(2, b"\0" + bare if bare[0] >= 0x80 else bare)  # noqa: PLR2004 - else it would be negative


def _bits(value: bytes) -> bytes:
    return _der(3, b"\0" + value)


def _oid(text: str) -> bytes:
    first, second, *others = (int(one) for one in text.split("."))
    octets = bytearray([40 * first + second])
    for one in others:
        sevens = [one >> shift & 0x7F for shift in range(0, max(one.bit_length(), 1), 7)][::-1]
        octets += bytes(part | 0x80 for part in sevens[:-1]) + bytes(sevens[-1:])
    return _der(6, bytes(octets))


def _moment(at: datetime) -> bytes:
    return _der(0x17, at.strftime("%y%m%d%H%M%SZ").encode())


def _subject(name: str) -> bytes:
    pairs = ((_COUNTRY, 0x13, "CN"), (_ORGANISATION, 0x0C, "yanshou demo"), (_NAME, 0x0C, name))
    return _der(
        0x30, *(_der(0x31, _der(0x30, _oid(oid), _der(tag, text.encode()))) for oid, tag, text in pairs)
    )


def public_in(pem: str) -> bytes:
    """The public key in a certificate: 04, then both coordinates."""
    data = base64.b64decode("".join(pem.split("-----")[2].split()))
    at = data.index(_oid(_SM2) + b"\x03\x42\x00") + len(_oid(_SM2)) + 3
    return data[at : at + 65]
