# SPDX-License-Identifier: Apache-2.0
"""The console's own certificate (P-256, self-signed); a person compares its fingerprint."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from yanshou.console.access import private

_LASTS = dt.timedelta(days=30)
_LEFT = dt.timedelta(days=1)
_SKEW = dt.timedelta(days=1)  # the clock of a phone may be behind


def certificate_for(address: str, path: Path) -> str:
    """Make the key and certificate for an address in ``path``, or keep those of a console before.

    Returns the SHA-256 of the certificate as colon-separated hexadecimal digits.
    """
    found = _read(path)
    if found is None or address not in _addresses(found) or found.not_valid_after_utc < _now() + _LEFT:
        found = _make(address, path)
    return found.fingerprint(hashes.SHA256()).hex(":").upper()


def _make(address: str, path: Path) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "yanshou console")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - _SKEW)
        .not_valid_after(_now() + _LASTS)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    private(path)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem + made.public_bytes(serialization.Encoding.PEM))
    return made


def _read(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None


def _addresses(certificate: x509.Certificate) -> list[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return [str(one) for one in names.value.get_values_for_type(x509.IPAddress)]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
