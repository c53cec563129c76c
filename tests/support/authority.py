# SPDX-License-Identifier: Apache-2.0
"""A certificate authority for tests: root, signers, revocation list, and time stamps on loopback."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

LABORATORY = "示范检测有限公司"
PASSPHRASE = "only-for-tests"
DAY = timedelta(days=1)


def name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, LABORATORY),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


class Authority:
    """A root certificate and what it issues; files are written to ``folder``."""

    def __init__(self, folder: Path, common: str = "示范根证书") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.subject = folder, name(common)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._revoked: list[tuple[int, datetime]] = []
        self.certificate = self._issue(self.subject, self._key, (-3650, 3650), root=True)
        self.root = folder / "root.pem"
        self.root.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def signer(self, common: str, days: tuple[int, int] = (-1, 365)) -> Path:
        """A PKCS#12 file for a person; ``days`` from now is its certificate valid."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._file(common, key, self._issue(name(common), key, days), [self.certificate])

    def self_made(self, common: str) -> Path:
        """The same names in a certificate that its holder issued to himself."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._issue(name(common), key, (-1, 365), issuer=name(common), by=key)
        return self._file(f"self-{common}", key, certificate, [])

    def revocations(self, revoked: Sequence[Path] = (), *, days: int = 30) -> Path:
        """The list of revoked certificates, to be renewed in so many days."""
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.subject)
        builder = builder.last_update(now - 60 * DAY).next_update(now + days * DAY)
        for file in revoked:
            held = pkcs12.load_pkcs12(file.read_bytes(), PASSPHRASE.encode()).cert
            assert held is not None
            entry = x509.RevokedCertificateBuilder().serial_number(held.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(now - DAY).build())
        number = x509.CRLNumber(1)
        signed = builder.add_extension(number, critical=False).sign(self._key, hashes.SHA256())
        path = self.folder / f"list-{len(revoked)}-{days}.crl"
        path.write_bytes(signed.public_bytes(serialization.Encoding.DER))
        return path

    @contextmanager
    def stamps(self) -> Iterator[str]:
        """A time stamp authority at the address that is yielded."""
        key = rsa.generate_private_key(65537, 2048)
        certificate = self._issue(name("时间戳"), key, (-10, 365), stamping=True)
        stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
            keys.PrivateKeyInfo.load(
                key.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            ),
        )
        server = HTTPServer(("127.0.0.1", 0), _answering(stamper))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _issue(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
        days: tuple[int, int],
        *,
        root: bool = False,
        stamping: bool = False,
        issuer: x509.Name | None = None,
        by: ec.EllipticCurvePrivateKey | None = None,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        usage = dict.fromkeys(
            (
                "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                "encipher_only", "decipher_only",
            ),
            False,
        )  # fmt: skip
        usage |= {"digital_signature": not root, "key_cert_sign": root, "crl_sign": root}
        if not root:
            usage["content_commitment"] = True
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer or self.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * DAY)
            .not_valid_after(now + days[1] * DAY)
            .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
        )
        if stamping:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(purpose, critical=True)
        return builder.sign(by or self._key, hashes.SHA256())

    def _file(
        self,
        common: str,
        key: ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: list[x509.Certificate],
    ) -> Path:
        path = self.folder / f"{common}.p12"
        protection = serialization.BestAvailableEncryption(PASSPHRASE.encode())
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(common.encode(), key, certificate, chain, protection)
        )
        return path


def _answering(stamper: DummyTimeStamper) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(request).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler


def page_with_rooms() -> bytes:
    """The same, and it states where roles sign and seals may lie, as a report does."""
    room = {"page": 2, "y": 600, "width": 100, "height": 30}
    stated = {role: room | {"x": x} for role, x in (("tester", 50), ("reviewer", 200), ("approver", 350))}
    side = {"page": 0, "x": 550, "y": 0, "width": 45, "height": 842}
    seals = [{"page": 1, "x": 250, "y": 600, "width": 300, "height": 200}, side]
    writer = PdfWriter(clone_from=io.BytesIO(page()))
    writer.add_attachment("signatures.json", json.dumps(stated | {"seals": seals}).encode())
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


def page(text: str = "检测报告") -> bytes:
    """A PDF of two pages."""
    into = io.BytesIO()
    canvas = Canvas(into, invariant=1)
    for number in (1, 2):
        canvas.drawString(72, 700, f"{text.encode('ascii', 'replace').decode()} {number}")
        canvas.showPage()
    canvas.save()
    return into.getvalue()
