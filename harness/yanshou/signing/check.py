# SPDX-License-Identifier: Apache-2.0
"""Checks every signature, seal and time stamp of a signed report against file, authorities and journal.

A library that says "valid" says it of the bytes that were signed. What a reader relies on is more: nothing
was added after the last signature, the pages are those of the issue, the certificate stood at that time and
leads to an authority that the reader named, and the journal knows this signature and no other.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from yanshou.evidence.signed import NOT_AGAINST, CheckedSignature, SignedFile, Standing
from yanshou.signing.certificates import Authorities, quiet, valid_at
from yanshou.signing.container import held
from yanshou.signing.drawn import misplaced
from yanshou.signing.pages import same_pages
from yanshou.signing.pdf import ROLES

if TYPE_CHECKING:
    from asn1crypto import crl, x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext

_READ = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/ETSI.RFC3161"})
_CHINESE = bytes.fromhex("2a811ccf5501")  # 1.2.156.10197.1: the algorithms SM2, SM3, SM4
_STAMP = "/DocTimeStamp"


@dataclass(frozen=True, slots=True)
class _Field:
    """A filled field: its signature as pyHanko reads it, None if it is of a kind it cannot read."""

    name: str
    end: int  # the first byte after what it covers
    embedded: EmbeddedPdfSignature | None
    broken: bool = False  # one that cannot be read, and is not of this file


@dataclass(frozen=True, slots=True)
class _Moment:
    """When a signature was certainly there, and whether a trusted authority says so."""

    when: datetime
    stamped: bool


def check(
    path: str,
    data: bytes,
    trusted: Authorities,
    recorded: Sequence[SignedFile] | None = None,
    issue: bytes | None = None,
) -> tuple[CheckedSignature, ...]:
    """Every signature of a PDF, in the order in which they were made, and what else speaks against the file.

    ``recorded`` are the signatures of this issue by the journal, ``issue`` the bytes of the unsigned file.
    The journal holds every byte of a file; without it, each must be held by a signature (``loose``). A file
    that cannot be read is one result ``unreadable``: the reason does not matter.
    """
    quiet()
    try:
        found = list(_checked(path, data, trusted))
        if recorded is None:
            fields = {one.name: one for one in _fields(_reader(data))}
            found = [_without_journal(one, fields, data, trusted) for one in found] or [_unsigned(path)]
        if issue is not None:
            found += _over_the_pages(path, issue, data)
    except Exception:  # noqa: BLE001 - a damaged file may raise anything, and none of it makes it good
        return (CheckedSignature(path, "", Standing.UNREADABLE),)
    if recorded is not None:
        found = [_agreed(one, recorded) for one in found] + list(_absent(path, found, recorded))
    return tuple(found)


def _over_the_pages(path: str, issue: bytes, data: bytes) -> list[CheckedSignature]:
    """What speaks against the pages of a signed file, whatever its signatures say."""
    changed = [] if same_pages(issue, data) else [CheckedSignature(path, "", Standing.OTHER_PAGES)]
    return changed + [CheckedSignature(path, one, Standing.MISPLACED) for one in misplaced(issue, data)]


def _unsigned(path: str) -> CheckedSignature:
    return CheckedSignature(path, "", Standing.UNSIGNED)


def _without_journal(
    one: CheckedSignature, fields: Mapping[str, _Field], data: bytes, trusted: Authorities
) -> CheckedSignature:
    """The same result, unless it is valid and has a byte that nothing holds."""
    if one.standing is not Standing.VALID:
        return one
    embedded = fields[one.name].embedded
    assert embedded is not None
    whole = held(_container(embedded, data), trusted.roots)
    return one if whole else replace(one, standing=Standing.LOOSE)


def field_names(data: bytes) -> tuple[str, ...]:
    """The names of the filled signature fields of a PDF, in the order in which they were filled."""
    return tuple(one.name for one in _fields(_reader(data)))


def certificate_of(data: bytes, name: str) -> x509.Certificate | None:
    """The certificate of the signature in a field; None if it is of a kind that cannot be read."""
    for one in _fields(_reader(data)):
        if one.name == name and one.embedded is not None:
            return one.embedded.signer_cert
    return None


def _reader(data: bytes) -> PdfFileReader:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    return PdfFileReader(io.BytesIO(data))


def _fields(reader: PdfFileReader) -> list[_Field]:
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415

    filled = enumerate_sig_fields(reader, filled_status=True)
    return sorted((_field(reader, *one) for one in filled), key=lambda one: one.end)


def _field(reader: PdfFileReader, name: str, signature: Any, field: Any) -> _Field:
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415
    from pyhanko.sign.validation.pdf_embedded import extract_contents  # noqa: PLC0415

    signature = signature.get_object()
    covered = [int(one) for one in signature["/ByteRange"]]
    end = covered[-2] + covered[-1]
    contents = extract_contents(signature)
    if str(signature["/SubFilter"]) in _READ and _CHINESE not in contents:
        return _Field(name, end, EmbeddedPdfSignature(reader, field.get_object(), name))
    return _Field(name, end, None, broken=name in ROLES or _of_other_bytes(reader, covered, contents))


def _of_other_bytes(reader: PdfFileReader, covered: Sequence[int], contents: bytes) -> bool:
    """Whether a signature, whatever its kind is called, states a digest of other bytes than it covers."""
    from asn1crypto import cms  # noqa: PLC0415

    try:
        signer = cms.ContentInfo.load(contents)["content"]["signer_infos"][0]
        stated = {one["type"].native: one["values"][0].native for one in signer["signed_attrs"]}
        digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native)
    except (ValueError, TypeError, KeyError):  # of another kind, or of an algorithm that is not known here
        return False
    for first, length in zip(covered[::2], covered[1::2], strict=True):
        reader.stream.seek(first)
        digest.update(reader.stream.read(length))
    return stated.get("message_digest") != digest.digest()


def _checked(path: str, data: bytes, trusted: Authorities) -> Iterator[CheckedSignature]:
    reader = _reader(data)
    fields = _fields(reader)
    lists = [*trusted.lists, *_lists_inside(reader)]
    stamps = [(one.end, stamp) for one in fields if (stamp := _stamp(one, trusted, lists))]
    for number, one in enumerate(fields):
        last = number == len(fields) - 1
        whole = one.end == len(data) or not last
        if one.embedded is None:
            standing = Standing.FOREIGN if whole else Standing.NOT_WHOLE
            yield CheckedSignature(path, one.name, Standing.BROKEN if one.broken else standing)
        else:
            later = [stamp for end, stamp in stamps if end > one.end]
            yield _result(path, one, data, trusted, lists, later, whole=whole)


def _result(
    path: str,
    one: _Field,
    data: bytes,
    trusted: Authorities,
    lists: Sequence[crl.CertificateList],
    later: Sequence[datetime],
    *,
    whole: bool,
) -> CheckedSignature:
    assert one.embedded is not None
    certificate = one.embedded.signer_cert
    moment = _moment(one.embedded, trusted, later)
    status = _status(one.embedded, trusted, lists, moment.when)
    revoked = _revoked(certificate, lists, moment)
    standing = _standing(one.embedded, status, data, whole=whole)
    if standing is Standing.VALID:
        standing = _stood(certificate, moment, status, trusted, revoked=revoked)
    return CheckedSignature(
        path,
        one.name,
        standing,
        certificate.subject.human_friendly,
        f"{certificate.serial_number:x}",
        certificate.sha256.hex(),
        moment.when.isoformat(),
        moment.stamped,
    )


def _standing(embedded: EmbeddedPdfSignature, status: Any, data: bytes, *, whole: bool) -> Standing:
    """What the bytes say, before anybody is trusted."""
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415
    from pyhanko.sign.validation import SignatureCoverageLevel  # noqa: PLC0415

    if not (status.intact and status.valid and _padded_by_zeros(embedded, data)):
        return Standing.BROKEN
    if _stamp_broken(embedded, status):
        return Standing.BROKEN
    level = status.modification_level
    if level is not None and level > ModificationLevel.FORM_FILLING:
        return Standing.CHANGED_AFTER
    if not whole or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return Standing.NOT_WHOLE
    return Standing.VALID


def _stamp_broken(embedded: EmbeddedPdfSignature, status: Any) -> bool:
    """Whether a signature holds a time stamp that is not one of this very signature."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter  # noqa: PLC0415

    if str(embedded.sig_object_type) == _STAMP or not any(
        True for _one in extract_tst_data_iter(embedded.signer_info, signed=False)
    ):
        return False
    stamp = status.timestamp_validity
    return stamp is None or not (stamp.intact and stamp.valid)


def _stood(
    certificate: x509.Certificate, moment: _Moment, status: Any, trusted: Authorities, *, revoked: bool
) -> Standing:
    """Whether the certificate stood at that time, and who answers for it."""
    if not valid_at(certificate, moment.when):
        return Standing.EXPIRED
    if revoked or status.revoked:
        return Standing.REVOKED
    if not trusted.roots:
        return Standing.NO_ROOT
    if status.trusted:
        return Standing.VALID
    alone = certificate.issuer == certificate.subject
    return Standing.SELF_MADE if alone else Standing.UNTRUSTED


def _status(
    embedded: EmbeddedPdfSignature,
    trusted: Authorities,
    lists: Sequence[crl.CertificateList],
    when: datetime,
    *,
    skip_diff: bool = False,
) -> PdfSignatureStatus | Any:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp  # noqa: PLC0415
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # noqa: PLC0415

    if str(embedded.sig_object_type) == _STAMP:
        return validate_pdf_timestamp(embedded, _context(trusted, lists, when))
    usage = KeyUsageConstraints(
        key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
    )
    context = _context(trusted, lists, when)
    return validate_pdf_signature(embedded, context, key_usage_settings=usage, skip_diff=skip_diff)


def _context(trusted: Authorities, lists: Sequence[crl.CertificateList], when: datetime) -> ValidationContext:
    """What is trusted at a moment. Lists made later than that are used, too."""
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    return ValidationContext(
        trust_roots=trusted.roots,
        crls=list(lists),
        allow_fetching=False,
        revocation_mode="soft-fail",
        retroactive_revinfo=True,
        moment=when,
    )


def _moment(embedded: EmbeddedPdfSignature, trusted: Authorities, later: Sequence[datetime]) -> _Moment:
    """The time a trusted authority states, in or after the signature; else that of the signer's clock."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter  # noqa: PLC0415

    if str(embedded.sig_object_type) == _STAMP:
        return _Moment(_stated(embedded.signed_data), stamped=True)
    for token in extract_tst_data_iter(embedded.signer_info, signed=False):
        when = _stated(token)
        status = _status(embedded, trusted, trusted.lists, when, skip_diff=True).timestamp_validity
        if status is not None and status.intact and status.valid and status.trusted:
            return _Moment(when, stamped=True)
    if later:
        return _Moment(min(later), stamped=True)
    return _Moment(embedded.self_reported_timestamp or datetime.now(UTC), stamped=False)


def _stamp(one: _Field, trusted: Authorities, lists: Sequence[crl.CertificateList]) -> datetime | None:
    """The time of a time stamp of the whole file, if it holds and its authority is trusted."""
    if one.embedded is None or str(one.embedded.sig_object_type) != _STAMP:
        return None
    when = _stated(one.embedded.signed_data)
    status = _status(one.embedded, trusted, lists, when)
    return when if status.intact and status.valid and status.trusted else None


def _stated(token: Any) -> datetime:
    stated: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return stated


def _revoked(certificate: x509.Certificate, lists: Sequence[crl.CertificateList], moment: _Moment) -> bool:
    """Whether a list names the certificate. Only a time stamp shows that a signature was made before that."""
    for one in lists:
        if one.issuer != certificate.issuer:
            continue
        for entry in one["tbs_cert_list"]["revoked_certificates"]:
            same = entry["user_certificate"].native == certificate.serial_number
            if same and not (moment.stamped and moment.when < entry["revocation_date"].native):
                return True
    return False


def _lists_inside(reader: PdfFileReader) -> Iterator[crl.CertificateList]:
    """The revocation lists that were added to the file."""
    from asn1crypto import crl  # noqa: PLC0415

    store = reader.root["/DSS"] if "/DSS" in reader.root else {}  # noqa: SIM401 - get() gives a reference
    if "/CRLs" not in store:
        return
    for stream in store["/CRLs"]:
        yield crl.CertificateList.load(stream.get_object().data)


def _padded_by_zeros(embedded: EmbeddedPdfSignature, data: bytes) -> bool:
    """Whether what no signature covers, the room around the signature itself, holds nothing else."""
    gap = _gap(embedded, data)
    digits = gap[1:-1]
    plain = digits in (digits.lower(), digits.upper())
    if gap[:1] != b"<" or gap[-1:] != b">" or not plain:
        return False
    room = bytes.fromhex(digits.decode("ascii"))
    return not any(room[_encoded_length(room) :])


def _gap(embedded: EmbeddedPdfSignature, data: bytes) -> bytes:
    return data[int(embedded.byte_range[1]) : int(embedded.byte_range[2])]


def _container(embedded: EmbeddedPdfSignature, data: bytes) -> bytes:
    """The signature itself, without the zeros after it."""
    room = bytes.fromhex(_gap(embedded, data)[1:-1].decode("ascii"))
    return room[: _encoded_length(room)]


def _encoded_length(data: bytes) -> int:
    """How many bytes the DER object at the beginning of ``data`` takes (X.690, 8.1.3)."""
    short = data[1]
    if short < 0x80:  # noqa: PLR2004 - the short form
        return 2 + short
    count = short & 0x7F
    return 2 + count + int.from_bytes(data[2 : 2 + count])


def _agreed(one: CheckedSignature, recorded: Sequence[SignedFile]) -> CheckedSignature:
    """The same result, unless it is good and the journal says otherwise."""
    if one.standing not in NOT_AGAINST:
        return one
    known = next((signed for signed in recorded if one.name in signed.fields), None)
    if known is None:
        return replace(one, standing=Standing.NOT_RECORDED)
    stated = known.certificate.get("sha256")
    return one if stated in (None, one.certificate) else replace(one, standing=Standing.OTHER_CERTIFICATE)


def _absent(
    path: str, found: Sequence[CheckedSignature], recorded: Sequence[SignedFile]
) -> Iterator[CheckedSignature]:
    there = {one.name for one in found}
    for signed in recorded:
        for name in signed.fields:
            if name not in there:
                yield CheckedSignature(path, name, Standing.ABSENT)
