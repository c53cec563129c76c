# SPDX-License-Identifier: Apache-2.0
"""Compares what two revisions of a PDF show, whatever their signatures say.

What is added after a signature can take the place of pages that were signed (a shadow attack). So the pages
of a signed file must be those of the issue: the same content, fonts, pictures and size, the same settings of
the document, and nothing laid over them but fields of signatures.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyhanko.pdf_utils.generic import DictionaryObject
    from pyhanko.pdf_utils.reader import PdfFileReader

_SIGNING = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version", "/Metadata"})
_BACKWARDS = frozenset({"/Parent", "/Annots", "/P"})


def same_pages(issue: bytes, signed: bytes) -> bool:
    """Whether a signed file shows the pages of the issue, with nothing over them but signatures."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    before, after = (PdfFileReader(io.BytesIO(data)) for data in (issue, signed))
    if _shown(before.root) != _shown(after.root):
        return False
    count = int(before.root["/Pages"]["/Count"])
    return all(_only_fields_added(before, after, number) for number in range(count))


def _only_fields_added(before: PdfFileReader, after: PdfFileReader, number: int) -> bool:
    then, now = (Counter(map(_shown, _annotations(one, number, False))) for one in (before, after))
    added = _annotations(after, number, True)
    return then == now and all(str(one["/Subtype"]) == "/Widget" for one in added)


def _annotations(reader: PdfFileReader, number: int, signatures: bool) -> list[DictionaryObject]:  # noqa: FBT001
    """The annotations of a page: fields of signatures, or all others."""
    page = reader.find_page_for_modification(number)[0].get_object()
    found = [one.get_object() for one in page["/Annots"]] if "/Annots" in page else []
    return [one for one in found if _of_signature(one) == signatures]


def _of_signature(annotation: DictionaryObject) -> bool:
    holders = [annotation, annotation["/Parent"]] if "/Parent" in annotation else [annotation]
    return any(str(one["/FT"]) == "/Sig" for one in holders if "/FT" in one)


def _shown(value: Any) -> str:
    return _digest(value, {}, top=True)


def _digest(value: Any, met: dict[Any, str], *, top: bool = False) -> str:
    """A digest of an object with all it refers to, without what leads back up.

    ``met`` holds the digest of each object that was met on the way; "" while it is being made.
    """
    from pyhanko.pdf_utils import generic  # noqa: PLC0415

    if isinstance(value, generic.IndirectObject):
        if value.reference not in met:
            met[value.reference] = ""
            met[value.reference] = _digest(value.get_object(), met)
        return met[value.reference]
    told = hashlib.sha256(type(value).__name__.encode())
    if isinstance(value, generic.StreamObject):
        told.update(hashlib.sha256(value.encoded_data).digest())
    if isinstance(value, generic.DictionaryObject):
        for key in sorted(value.keys() - (_BACKWARDS | (_SIGNING if top else frozenset()))):
            told.update(f"{key}={_digest(value.raw_get(key), met)};".encode())
    elif isinstance(value, generic.ArrayObject):
        for number in range(len(value)):
            told.update(_digest(value.raw_get(number), met).encode())
    else:
        told.update(repr(value).encode())
    return told.hexdigest()
