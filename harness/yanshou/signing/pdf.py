# SPDX-License-Identifier: Apache-2.0
"""Signs a PDF: PAdES B-B offline, B-T with a time stamp, completed later to B-LTA.

The fields of all three roles are added together with the first signature, because a field that is added later
is a change after signing. Everything is added after the bytes that were there.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanshou.model import UsageError
from yanshou.signing.certificates import Authorities, quiet, require_valid

if TYPE_CHECKING:
    from pyhanko.sign.fields import SigFieldSpec
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko.stamp import BaseStampStyle
    from pyhanko_certvalidator import ValidationContext

ROLES = ("tester", "reviewer", "approver")
"""主检, 审核, 批准, in the order in which they sign."""
A4_PT = 841.89
"""The height of a page."""
WAIT_S = 10
"""How long a time stamp authority may take to answer."""


ROOMS = "signatures.json"
"""The attachment of a report that says where each role signs."""
SEALS = "seals"
"""The key in it of the places for seals."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where a signature is drawn: page from 1, and place and size in pt from the top left of the page."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed PDF, its level (B-B, B-T, B-LTA), and why it is not the one that was asked for."""

    data: bytes
    level: str
    missed: str = ""


def sign(data: bytes, role: str, signer: Signer, authority: str = "", shown: bytes = b"") -> Signed:
    """Sign for a role; with a time stamp if the authority at that address gives one, else without.

    ``shown`` is a PDF of one page that is drawn in the room of the role (``rooms``), if the file has one.
    """
    certificate = signer.signing_cert
    if certificate is None:
        raise UsageError("there is no certificate beside the key.", "Nothing was signed.")
    require_valid(certificate)
    if not authority:
        return Signed(_signed(data, role, signer, None, shown), "B-B")
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415

    try:
        return Signed(_signed(data, role, signer, _stamper(authority), shown), "B-T")
    except (TimestampRequestError, OSError, ValueError) as error:
        missed = f"{authority} gave no time stamp: {str(error) or type(error).__name__}"
        return Signed(_signed(data, role, signer, None, shown), "B-B", missed)


def rooms(data: bytes) -> dict[str, Room]:
    """Where each role signs, as the report itself says; empty for a PDF that does not say it."""
    return {role: Room(**room) for role, room in _stated_rooms(data).items() if role in ROLES}


def seal_rooms(data: bytes) -> tuple[Room, ...]:
    """Where a seal may be drawn, as the report itself says; page 0 is any page."""
    return tuple(Room(**room) for room in _stated_rooms(data).get(SEALS, ()))


def _stated_rooms(data: bytes) -> dict[str, Any]:
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        listed = PdfFileReader(io.BytesIO(data)).root["/Names"]["/EmbeddedFiles"]["/Names"]
        for number in range(0, len(listed), 2):
            if str(listed[number]) == ROOMS:
                return dict(json.loads(listed[number + 1]["/EF"]["/F"].data))
    except (KeyError, TypeError, ValueError, PdfError):
        return {}
    return {}


def _spec(name: str, room: Room | None) -> SigFieldSpec:
    """The field of a role: where its signature is drawn, or nowhere."""
    from pyhanko.sign.fields import SigFieldSpec  # noqa: PLC0415

    if room is None:
        return SigFieldSpec(name)
    top = A4_PT - room.y
    left, right, bottom = round(room.x), round(room.x + room.width), round(top - room.height)
    return SigFieldSpec(name, on_page=room.page - 1, box=(left, bottom, right, round(top)))


@contextlib.contextmanager
def _drawn(shown: bytes) -> Iterator[BaseStampStyle]:
    """The look of a signature, from a PDF of one page."""
    from pyhanko.pdf_utils.content import ImportedPdfPage  # noqa: PLC0415
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule  # noqa: PLC0415
    from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="yanshou-sign-") as folder:
        page = Path(folder) / "shown.pdf"
        page.write_bytes(shown)
        whole = SimpleBoxLayoutRule(
            AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MAX, margins=Margins(0, 0, 0, 0)
        )
        yield StaticStampStyle(
            border_width=0,
            background=ImportedPdfPage(str(page)),
            background_opacity=1,
            background_layout=whole,
        )


def complete(data: bytes, authority: str, trusted: Authorities) -> Signed:
    """Add what a later check needs (certificates, revocation lists) and a time stamp over the whole file.

    The level is B-LTA where the given lists prove that no certificate was revoked, else B-T. Raises
    UsageError if no time stamp can be had, or a list is out of date.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.signers import PdfTimeStamper  # noqa: PLC0415
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415

    quiet()
    _require_current(trusted)
    proven = _with_proofs(data, trusted) if trusted.roots and trusted.lists else None
    writer = IncrementalPdfFileWriter(io.BytesIO(proven or data))
    try:
        stamped = PdfTimeStamper(_stamper(authority)).timestamp_pdf(writer, "sha256")
    except (TimestampRequestError, OSError, ValueError) as error:
        raise UsageError(
            f"{authority} gave no time stamp: {str(error) or type(error).__name__}.",
            "The signed file stays as it was; try again when the authority can be reached.",
        ) from None
    missed = "" if proven else "no revocation list given by --crl shows that the certificates stood"
    return Signed(stamped.getvalue(), "B-LTA" if proven else "B-T", missed)


def _signed(data: bytes, role: str, signer: Signer, stamper: TimeStamper | None, shown: bytes) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    quiet()
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    there = {name for name, *_rest in fields.enumerate_sig_fields(writer.prev)}
    room = rooms(data)
    for name in ROLES:
        if name not in there:
            fields.append_signature_field(writer, _spec(name, room.get(name)))
    meta = signers.PdfSignatureMetadata(
        field_name=role, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    drawn = _drawn(shown) if shown and role in room else contextlib.nullcontext()
    with drawn as style:
        made = signers.PdfSigner(meta, signer, timestamper=stamper, stamp_style=style)
        signed: bytes = made.sign_pdf(writer).getvalue()
    return signed


def _stamper(authority: str) -> TimeStamper:
    from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper  # noqa: PLC0415

    return RequestsHTTPTimeStamper(authority, timeout=WAIT_S)


def _require_current(trusted: Authorities) -> None:
    for one in trusted.lists:
        until = one["tbs_cert_list"]["next_update"].native
        if until is not None and until < datetime.now(UTC):
            raise UsageError(
                f"the revocation list of {one.issuer.human_friendly} was to be renewed on {until:%Y-%m-%d}.",
                "Get the present one from the authority. The signed file stays as it was.",
            )


def _with_proofs(data: bytes, trusted: Authorities) -> bytes | None:
    """The file with certificates and lists for each signature; None if they do not prove every one."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.dss import async_add_validation_info  # noqa: PLC0415

    count = len(PdfFileReader(io.BytesIO(data)).embedded_regular_signatures)
    for number in range(count):
        signature = PdfFileReader(io.BytesIO(data)).embedded_regular_signatures[number]
        if not validate_pdf_signature(signature, _context(trusted), skip_diff=True).trusted:
            return None
        added = asyncio.run(async_add_validation_info(signature, _context(trusted), skip_timestamp=True))
        data = added.getvalue()
    return data if count else None


def _context(trusted: Authorities) -> ValidationContext:
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    return ValidationContext(
        trust_roots=trusted.roots,
        crls=list(trusted.lists),
        allow_fetching=False,
        revocation_mode="hard-fail",
    )
