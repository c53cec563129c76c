# SPDX-License-Identifier: Apache-2.0
"""Whether every byte of a signature's container (CMS, RFC 5652) is held by something.

A signature holds the bytes of the file and its own signed attributes. The container around it has more:
version numbers, lists of algorithms, certificates of authorities, unsigned attributes. Who validates a
signature reads past most of that, so a byte of it may be another one and the signature is still good. Here
each such part must be what the standard says it is beside the rest, or be signed itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asn1crypto import algos, cms, core, x509

_WITHOUT_PARAMETERS = frozenset({"rsassa_pkcs1v15", "ecdsa", "ed25519", "ed448"})
_STAMP = "signature_time_stamp_token"


def held(container: bytes, roots: Sequence[x509.Certificate]) -> bool:
    """Whether no byte of a validated signature can be another one without anybody seeing it.

    ``container`` is the DER object alone, without the zeros after it; ``roots`` are the trusted authorities.
    """
    from asn1crypto import cms  # noqa: PLC0415 - only who signs or checks needs pyHanko

    if not _plainly_encoded(container):
        return False
    info = cms.ContentInfo.load(container, strict=True)
    kind = info["content_type"].native
    return _read_whole(info) and kind == "signed_data" and _signed_data_held(info["content"], roots)


def _read_whole(value: core.Sequence) -> bool:
    """Whether each object inside a sequence is one of its fields: asn1crypto passes over others."""
    from asn1crypto import core, parser  # noqa: PLC0415

    fields = sum(not isinstance(value[number], core.Void) for number in range(len(value)))
    inside, rest = 0, value.contents
    while rest:
        header, content = parser.parse(rest)[3:5]
        inside, rest = inside + 1, rest[len(header) + len(content) :]
    return fields == inside


def _plainly_encoded(data: bytes) -> bool:
    """Whether objects fill ``data``, inside as well, lengths in the shortest form (X.690, 10.1)."""
    from asn1crypto import parser  # noqa: PLC0415

    while data:
        kind, method, tag, header, content, trailer = parser.parse(data)
        used = len(header) + len(content)
        if (kind, tag) == (0, 0) or trailer or parser.emit(kind, method, tag, content) != data[:used]:
            return False
        if method and not _plainly_encoded(content):
            return False
        data = data[used:]
    return True


def _signed_data_held(data: cms.SignedData, roots: Sequence[x509.Certificate]) -> bool:
    if len(data["signer_infos"]) != 1 or len(data["digest_algorithms"]) != 1 or data["crls"].native:
        return False
    signer, content = data["signer_infos"][0], data["encap_content_info"]["content_type"].native
    digest = data["digest_algorithms"][0]
    return (
        _read_whole(data)
        and _read_whole(data["encap_content_info"])
        and data["version"].native
        == ("v1" if content == "data" and signer["version"].native == "v1" else "v3")
        and digest["algorithm"].native == signer["digest_algorithm"]["algorithm"].native
        and _without_parameters(digest)
        and _signer_held(signer, roots)
        and _certificates_held([one.chosen for one in data["certificates"]], roots)
    )


def _signer_held(signer: cms.SignerInfo, roots: Sequence[x509.Certificate]) -> bool:
    known = signer["sid"].name == "issuer_and_serial_number"
    algorithm = signer["signature_algorithm"]
    return (
        _read_whole(signer)
        and signer["version"].native == ("v1" if known else "v3")
        and _without_parameters(signer["digest_algorithm"])
        and (algorithm.signature_algo not in _WITHOUT_PARAMETERS or _without_parameters(algorithm))
        and all(_stamp_held(one, roots) for one in _unsigned(signer))
    )


def _unsigned(signer: cms.SignerInfo) -> list[Any]:
    from asn1crypto import core  # noqa: PLC0415

    attributes = signer["unsigned_attrs"]
    return [] if isinstance(attributes, core.Void) else list(attributes)


def _stamp_held(attribute: cms.CMSAttribute, roots: Sequence[x509.Certificate]) -> bool:
    """Whether an unsigned attribute is one time stamp of this signature, and is held itself.

    That the stamp is of this signature is what its validation says.
    """
    if attribute["type"].native != _STAMP or len(attribute["values"]) != 1:
        return False
    return held(attribute["values"][0].dump(), roots)


def _without_parameters(algorithm: algos.AlgorithmIdentifier) -> bool:
    """Whether an algorithm has no parameters, or NULL as its parameters (RFC 5754)."""
    from asn1crypto import core  # noqa: PLC0415

    return _read_whole(algorithm) and isinstance(algorithm["parameters"], core.Void | core.Null)


def _certificates_held(certificates: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]) -> bool:
    trusted = {one.dump() for one in roots}
    issuers = [*certificates, *roots]
    return all(
        one.dump() in trusted or any(_issued(one, issuer) for issuer in issuers) for one in certificates
    )


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the signature of a certificate is that of the issuer."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415

    if certificate.issuer != issuer.subject:
        return False
    subject, authority = (x509.load_der_x509_certificate(one.dump()) for one in (certificate, issuer))
    try:
        subject.verify_directly_issued_by(authority)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
