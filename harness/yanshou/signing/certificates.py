# SPDX-License-Identifier: Apache-2.0
"""Who signs: a PKCS#12 file or a token, its certificate, and the authorities that are trusted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from yanshou.model import UsageError

if TYPE_CHECKING:
    from asn1crypto import crl, x509
    from pyhanko.sign.signers import Signer


_SHORT = {
    "common_name": "CN",
    "organization_name": "O",
    "organizational_unit_name": "OU",
    "country_name": "C",
    "state_or_province_name": "ST",
    "locality_name": "L",
    "serial_number": "SERIALNUMBER",
    "email_address": "E",
}


@dataclass(frozen=True, slots=True)
class Authorities:
    """Certificates of authorities that are trusted, and their lists of revoked certificates."""

    roots: tuple[x509.Certificate, ...] = ()
    lists: tuple[crl.CertificateList, ...] = ()


def authorities(roots: Sequence[Path], lists: Sequence[Path]) -> Authorities:
    """Read certificates (PEM or DER) and revocation lists; UsageError at the first that is none."""
    from asn1crypto import crl, pem  # noqa: PLC0415 - only who signs or checks needs pyHanko
    from pyhanko.keys import load_certs_from_pemder  # noqa: PLC0415

    def read_list(path: Path) -> crl.CertificateList:
        data = path.read_bytes()
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        found = crl.CertificateList.load(der, strict=True)
        found["tbs_cert_list"]["this_update"].native  # noqa: B018 - raises if it is none
        return found

    certificates: list[x509.Certificate] = []
    for path in roots:
        with _readable(path, "this is no certificate (PEM or DER)."):
            certificates += list(load_certs_from_pemder([str(path)]))
    read = []
    for path in lists:
        with _readable(path, "this is no list of revoked certificates (CRL)."):
            read.append(read_list(path))
    return Authorities(tuple(certificates), tuple(read))


@contextlib.contextmanager
def _readable(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError, KeyError):
        raise UsageError(what, "Name the file of the certificate authority.", path=path) from None


def pkcs12_signer(path: Path, passphrase: str) -> Signer:
    """The signer of a PKCS#12 file; UsageError if the passphrase does not open it."""
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415

    quiet()
    if not path.is_file():
        raise UsageError("there is no such file.", "Name the .p12 file of the signer.", path=path)
    signer: Signer | None = SimpleSigner.load_pkcs12(str(path), passphrase=passphrase.encode())
    if signer is None:
        what = "it cannot be opened: the passphrase is another one, or it is no PKCS#12 file."
        raise UsageError(what, "Nothing was signed.", path=path)
    return signer


@contextlib.contextmanager
def token_signer(module: Path, token: str, label: str, pin: str) -> Iterator[Signer]:
    """The signer of a token (PKCS#11); ``token`` and ``label`` may be empty where there is only one."""
    from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria  # noqa: PLC0415
    from pyhanko.sign.general import SigningError  # noqa: PLC0415

    quiet()
    try:
        from pkcs11 import PKCS11Error  # noqa: PLC0415
        from pyhanko.sign.pkcs11 import PKCS11SigningContext  # noqa: PLC0415
    except ImportError:
        raise UsageError("tokens need python-pkcs11.", "Install yanshou[sign].") from None
    config = PKCS11SignatureConfig(
        module_path=str(module),
        token_criteria=TokenCriteria(label=token) if token else None,
        cert_label=label or None,
        user_pin=pin,
        raw_mechanism=True,  # hashed here: many tokens know no mechanism that hashes
    )
    try:
        with PKCS11SigningContext(config) as signer:
            yield signer
    except (SigningError, PKCS11Error, RuntimeError) as error:
        what = f"the token did not sign: {str(error) or type(error).__name__}."
        raise UsageError(what, "See its module, label and PIN. Nothing was signed.", path=module) from None


def described(certificate: x509.Certificate) -> dict[str, str]:
    """What the journal keeps of a certificate."""
    return {
        "subject": certificate.subject.human_friendly,
        "issuer": certificate.issuer.human_friendly,
        "serial": f"{certificate.serial_number:x}",
        "not_before": certificate.not_valid_before.isoformat(),
        "not_after": certificate.not_valid_after.isoformat(),
        "sha256": certificate.sha256.hex(),
    }


def short_subject(certificate: x509.Certificate) -> str:
    """The subject by the short names of RFC 4514 (``CN=张三, O=…``), which need no translation."""
    parts = certificate.subject.native.items()
    return ", ".join(f"{_SHORT.get(name, name)}={value}" for name, value in parts)


def holder(certificate: x509.Certificate) -> str:
    """The common name, else the whole subject."""
    name = certificate.subject.native.get("common_name")
    return str(name) if isinstance(name, str) else certificate.subject.human_friendly


def valid_at(certificate: x509.Certificate, moment: datetime) -> bool:
    """Whether a moment lies within the validity of a certificate."""
    begins, ends = certificate.not_valid_before, certificate.not_valid_after
    return bool(begins <= moment <= ends)


def require_valid(certificate: x509.Certificate) -> None:
    """UsageError if a certificate is not valid now: nobody would accept its signature."""
    if not valid_at(certificate, datetime.now(UTC)):
        raise UsageError(
            f"the certificate of {holder(certificate)} is valid from {certificate.not_valid_before:%Y-%m-%d} "
            f"to {certificate.not_valid_after:%Y-%m-%d} only.",
            "Sign with one that is valid today. Nothing was signed.",
        )


def quiet() -> None:
    """Keep pyHanko from writing trace backs to the terminal: what it found is told by us."""
    import logging  # noqa: PLC0415

    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
