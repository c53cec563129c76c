# SPDX-License-Identifier: Apache-2.0
"""Compares what two revisions of a PDF show, whatever their signatures say.

What is added after a signature can take the place of pages that were signed (a shadow attack). So every
object that the issue is made of must be the same in the signed file: content, fonts, pictures, sizes,
settings of the document. A later revision keeps the numbers of objects, so each is compared with the one of
the same number. Only what signing itself changes may differ, and nothing may lie over a page but fields of
signatures.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyhanko.pdf_utils.generic import DictionaryObject, Reference

_SIGNING = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version", "/Metadata"})
"""Keys of the document's root that signing changes."""
_OVER = "/Annots"


def same_pages(issue: bytes, signed: bytes) -> bool:
    """Whether a signed file shows the pages of the issue, with nothing over them but signatures."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    before, after = (PdfFileReader(io.BytesIO(data)) for data in (issue, signed))
    root = before.trailer.raw_get("/Root").reference
    if _number(root) != _number(after.trailer.raw_get("/Root").reference):
        return False
    waiting, met = [root], {_number(root)}
    while waiting:
        reference = waiting.pop()
        then = before.get_object(reference)
        now = after.get_object(generic.Reference(*_number(reference), after))
        left_out = _SIGNING if reference == root else frozenset({_OVER}) if _is_page(then) else frozenset()
        if _form(then, left_out) != _form(now, left_out) or (_is_page(then) and not _only_fields(then, now)):
            return False
        for one in _references(then, _SIGNING if reference == root else frozenset()):
            if _number(one) not in met:
                met.add(_number(one))
                waiting.append(one)
    return True


def _number(reference: Reference) -> tuple[int, int]:
    return reference.idnum, reference.generation


def _is_page(value: Any) -> bool:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415

    return isinstance(value, generic.DictionaryObject) and value.get("/Type") == "/Page"


def _only_fields(then: DictionaryObject, now: DictionaryObject) -> bool:
    """Whether a page kept what lay over it, and got nothing more than fields of signatures."""
    first, second = (_over(one) for one in (then, now))
    kept = (
        [_form(second.raw_get(number)) for number in range(len(first))] if len(second) >= len(first) else []
    )
    if kept != [_form(first.raw_get(number)) for number in range(len(first))]:
        return False
    return all(_of_signature(second[number]) for number in range(len(first), len(second)))


def _over(page: DictionaryObject) -> Any:
    """What lies over a page; an array of none where there is nothing."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415

    if _OVER not in page:
        return generic.ArrayObject()
    return page[_OVER]  # not get(): that gives a reference


def _of_signature(annotation: DictionaryObject) -> bool:
    holders = [annotation, annotation["/Parent"]] if "/Parent" in annotation else [annotation]
    kinds = {str(one["/FT"]) for one in holders if "/FT" in one}
    return kinds == {"/Sig"} and str(annotation["/Subtype"]) == "/Widget"


def _form(value: Any, left_out: frozenset[str] = frozenset()) -> str:
    """An object as a text: what it refers to stands in it by its number."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415

    if isinstance(value, generic.IndirectObject):
        return f"{value.idnum} {value.generation} R"
    if isinstance(value, generic.DictionaryObject):
        held = [f"{key} {_form(value.raw_get(key))}" for key in sorted(value.keys() - left_out)]
        data = value.encoded_data if isinstance(value, generic.StreamObject) else b""
        return f"<<{' '.join(held)}>> {hashlib.sha256(data).hexdigest()}"
    if isinstance(value, generic.ArrayObject):
        return f"[{' '.join(_form(value.raw_get(number)) for number in range(len(value)))}]"
    return f"{type(value).__name__} {value!r}"


def _references(value: Any, left_out: frozenset[str]) -> Iterator[Reference]:
    """The objects that an object refers to."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415

    if isinstance(value, generic.IndirectObject):
        yield value.reference
    elif isinstance(value, generic.DictionaryObject):
        for key in value.keys() - left_out:
            yield from _references(value.raw_get(key), frozenset())
    elif isinstance(value, generic.ArrayObject):
        for number in range(len(value)):
            yield from _references(value.raw_get(number), frozenset())
