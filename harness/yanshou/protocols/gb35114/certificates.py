# SPDX-License-Identifier: Apache-2.0
"""Certificates and private keys of SM2 (GM/T 0015, GB/T 32918.5), read from PEM."""

from __future__ import annotations

import base64
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from yanshou.model import RigFault

CURVE: Final = "1.2.156.10197.1.301"
"""The curve sm2p256v1 of GB/T 32918.5."""
_CODE: Final = re.compile(r"(?<![0-9])[0-9]{20}(?![0-9])")
_PUBLIC: Final = 65  # bytes of a point that is not compressed
_HEX: Final = re.compile(r"[0-9A-Fa-f]{64}")
_SEC1: Final = ("EC PRIVATE KEY", "SM2 PRIVATE KEY")
_ORDER: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


class UnreadableCertificateError(ValueError):
    """No certificate or key of SM2; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Sm2Certificate:
    """A certificate: its bytes (DER), its public key (64 bytes), the 20-digit codes in its subject.

    ``begins`` and ``ends`` bound its validity. Who issued it is not looked into: the laboratory had it from
    whoever issues it, and says so by putting it into the site folder.
    """

    der: bytes
    public: bytes
    codes: tuple[str, ...]
    begins: datetime
    ends: datetime

    def names(self, code: str) -> bool:
        """Whether the subject holds this code."""
        return code in self.codes

    def valid_at(self, moment: datetime) -> bool:
        """Whether a moment (with its zone) lies in the validity."""
        return self.begins <= moment <= self.ends


def read_certificate(text: str) -> Sm2Certificate:
    """A certificate in PEM; UnreadableCertificateError says why it is none of SM2."""
    x509 = _library("x509")
    try:
        found = x509.Certificate.load(_unarmoured(text, "CERTIFICATE"), strict=True)
        key = found["tbs_certificate"]["subject_public_key_info"]
        _require_curve(key["algorithm"])
        point = bytes(key["public_key"].native)
        subject = str(found.subject.native)
        begins, ends = found.not_valid_before, found.not_valid_after
        der = bytes(found.dump())
    except UnreadableCertificateError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the parser meets in bytes that are no certificate
        raise UnreadableCertificateError(f"is no certificate: {str(error).splitlines()[0][:120]}") from None
    if len(point) != _PUBLIC or point[0] != 4:  # noqa: PLR2004 - the mark of a whole point
        raise UnreadableCertificateError("holds no whole point of the curve")
    return Sm2Certificate(der, point[1:], tuple(dict.fromkeys(_CODE.findall(subject))), begins, ends)


def as_pem(der: bytes) -> str:
    """A certificate in DER as PEM."""
    lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def read_private_key(text: str) -> bytes:
    """A private key, 32 bytes: PEM (PKCS #8 or SEC 1, without a password) or 64 hexadecimal digits."""
    if _HEX.fullmatch(text.strip()):
        return _in_range(int(text.strip(), 16))
    if "ENCRYPTED" in text:
        raise UnreadableCertificateError("is a key with a password; give the key without one")
    keys = _library("keys")
    try:
        sec1 = next((one for one in _SEC1 if f"BEGIN {one}-" in text), "")
        if sec1:
            inner = keys.ECPrivateKey.load(_unarmoured(text, sec1), strict=True)
        else:
            whole = keys.PrivateKeyInfo.load(_unarmoured(text, "PRIVATE KEY"), strict=True)
            _require_curve(whole["private_key_algorithm"])
            inner = whole["private_key"].parsed
        number = inner["private_key"].native
    except UnreadableCertificateError:
        raise
    except Exception:  # noqa: BLE001 - and nothing of a key is repeated in a message
        raise UnreadableCertificateError("is no private key (PEM, or 64 hexadecimal digits)") from None
    return _in_range(int(number))


def _in_range(number: int) -> bytes:
    if not 0 < number < _ORDER - 1:
        raise UnreadableCertificateError("is no private key: its number is out of range")
    return number.to_bytes(32, "big")


def _require_curve(algorithm: Any) -> None:
    if algorithm["algorithm"].native not in ("ec", CURVE) or (
        algorithm["algorithm"].native == "ec" and algorithm["parameters"].chosen.native != CURVE
    ):
        raise UnreadableCertificateError("is of another curve than SM2's")


def _unarmoured(text: str, label: str) -> bytes:
    name, _, data = _library("pem").unarmor(text.strip().encode("ascii"))
    if name != label:
        raise UnreadableCertificateError(f"is a {name} and no {label}")
    return bytes(data)


def _library(part: str) -> Any:
    try:
        from asn1crypto import keys, pem, x509  # noqa: PLC0415 - an extra
    except ImportError:
        raise RigFault(
            "GB 35114: the library that reads certificates is not installed.",
            remedy="Install it: pip install 'yanshou[gm]'.",
            final=True,
        ) from None
    return {"keys": keys, "pem": pem, "x509": x509}[part]
