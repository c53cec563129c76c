# SPDX-License-Identifier: Apache-2.0
"""A signature by a token (PKCS#11): SoftHSM, which nobody here wrote, stands for the USB key."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pkcs11
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11 import Attribute, ObjectClass
from pkcs11.util.ec import decode_ec_private_key

from tests.support.authority import PASSPHRASE, Authority, page
from tests.support.peers import require
from yanshou.evidence.signed import Standing
from yanshou.model import UsageError
from yanshou.signing.certificates import authorities, token_signer
from yanshou.signing.check import check
from yanshou.signing.pdf import sign

pytestmark = pytest.mark.needs("softhsm")
LIBRARIES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
)
LABEL, PIN = "yanshou", "246810"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library of an empty token."""
    tokens, settings = tmp_path / "tokens", tmp_path / "softhsm2.conf"
    tokens.mkdir()
    settings.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    arguments = [
        require("softhsm"),
        "--init-token",
        "--free",
        "--label",
        LABEL,
        "--pin",
        PIN,
        "--so-pin",
        PIN,
    ]
    subprocess.run(arguments, check=True, capture_output=True)
    return next(path for path in LIBRARIES if path.is_file())


def _put(library: Path, p12: Path) -> None:
    """Put key and certificate of a file on the token."""
    held = pkcs12.load_pkcs12(p12.read_bytes(), PASSPHRASE.encode())
    assert isinstance(held.key, ec.EllipticCurvePrivateKey)
    assert held.cert is not None
    key = held.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    der = held.cert.certificate.public_bytes(serialization.Encoding.DER)
    certificate = x509.Certificate.load(der)
    named = {Attribute.TOKEN: True, Attribute.LABEL: "signer", Attribute.ID: b"\1"}
    with pkcs11.lib(str(library)).get_token(token_label=LABEL).open(user_pin=PIN, rw=True) as session:
        session.create_object(decode_ec_private_key(key) | named | {Attribute.SIGN: True})
        session.create_object(
            named
            | {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                Attribute.SUBJECT: certificate.subject.dump(),
                Attribute.ISSUER: certificate.issuer.dump(),
                Attribute.SERIAL_NUMBER: certificate["tbs_certificate"]["serial_number"].dump(),
                Attribute.VALUE: der,
            }
        )


def test_a_token_signs_and_a_wrong_pin_does_not(library: Path, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")
    _put(library, authority.signer("王五"))
    with token_signer(library, LABEL, "signer", PIN) as signer:
        data = sign(page(), "approver", signer).data
    (found,) = check("report.pdf", data, authorities([authority.root], []))
    assert (found.standing, "王五" in found.subject) == (Standing.VALID, True)
    with (
        pytest.raises(UsageError, match="the token did not sign"),
        token_signer(library, LABEL, "signer", "1"),
    ):
        pass
    with (
        pytest.raises(UsageError, match="the token did not sign"),
        token_signer(library, LABEL, "somebody else", PIN) as signer,
    ):
        sign(page(), "approver", signer)
    with (
        pytest.raises(UsageError, match="the token did not sign"),
        token_signer(tmp_path / "no.so", LABEL, "signer", PIN),
    ):
        pass
