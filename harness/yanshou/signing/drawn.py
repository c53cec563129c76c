# SPDX-License-Identifier: Apache-2.0
"""Where the fields of a signed PDF are drawn: each signature in its cell, each seal in a place for seals.

Whoever signs chooses what a field shows. Drawn over a result it would show another result, and every
signature would still be valid. A viewer clips a field to its rectangle (ISO 32000-1, 12.5.5), so rectangles
are compared.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from yanshou.signing.pdf import A4_PT, ROLES, Room, rooms, seal_rooms

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

_SLACK_PT = 1.0
"""Rectangles are rounded to whole points."""
_KEEP_IN_PLACE = 0b10_1110_0110
"""Flags of a field that leave it in its rectangle at every magnification: hidden, printed, not viewed, read
only, locked, contents locked (ISO 32000-1, table 165)."""
_MOST_FIELDS = 10_000
_ACTS = ("/A", "/AA")
_OTHER_FORMS = ("/XFA", "/CO")
"""A form of another kind, which a viewer may show in place of the pages; an order of calculations."""


def misplaced(issue: bytes, signed: bytes) -> tuple[str, ...]:
    """The names of the fields that are drawn outside their place, as the issue itself states the places.

    A field without extent is nowhere misplaced. Fields that act, fields that are none of a signature and
    forms of another kind are named, too: each may change what a viewer shows.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    reader, own, seals = PdfFileReader(io.BytesIO(signed)), rooms(issue), seal_rooms(issue)
    found = [
        name
        for page, widget in _widgets(reader)
        if not _in_place(page, widget, _places(name := _name(widget), own, seals))
    ]
    return tuple(dict.fromkeys([*found, *_not_of_signatures(reader)]))


def _places(name: str, own: dict[str, Room], seals: tuple[Room, ...]) -> tuple[Room, ...]:
    if name in ROLES:
        return (own[name],) if name in own else ()
    return seals


def _in_place(page: int, widget: Any, places: tuple[Room, ...]) -> bool:
    if "/F" in widget and int(widget["/F"]) & ~_KEEP_IN_PLACE:
        return False
    first, second, third, fourth = (float(one) for one in widget["/Rect"])
    left, right, low, high = *sorted((first, third)), *sorted((second, fourth))
    if left == right and low == high:
        return True
    return any(
        place.page in (0, page)
        and left >= place.x - _SLACK_PT
        and right <= place.x + place.width + _SLACK_PT
        and A4_PT - high >= place.y - _SLACK_PT
        and A4_PT - low <= place.y + place.height + _SLACK_PT
        for place in places
    )


def _widgets(reader: PdfFileReader) -> Iterator[tuple[int, Any]]:
    """Every field that lies over a page, with the number of the page from 1."""
    for number in range(int(reader.root["/Pages"]["/Count"])):
        page = reader.find_page_for_modification(number)[0].get_object()
        for over in _listed(page, "/Annots"):
            if str(over["/Subtype"]) == "/Widget":
                yield number + 1, over


def _listed(holder: Any, key: str) -> list[Any]:
    """The objects of an array, not references to them; none where the key is missing."""
    return [one.get_object() for one in holder[key]] if key in holder else []


def _name(field: Any) -> str:
    """The full name of a field: those of the fields above it, joined by dots."""
    own = [str(field["/T"])] if "/T" in field else []
    above = [_name(field["/Parent"])] if "/Parent" in field else []
    return ".".join([*above, *own])


def _not_of_signatures(reader: PdfFileReader) -> Iterator[str]:
    """What the form of the document holds besides signatures that do nothing."""
    if "/AcroForm" not in reader.root:
        return
    form = reader.root["/AcroForm"]
    yield from (kind for kind in _OTHER_FORMS if kind in form)
    waiting, left = [(field, "") for field in _listed(form, "/Fields")], _MOST_FIELDS
    while waiting:
        field, inherited = waiting.pop()
        left -= 1
        if not left:
            raise ValueError("a form without end")
        kind = str(field["/FT"]) if "/FT" in field else inherited
        if any(act in field for act in _ACTS) or ("/Kids" not in field and kind != "/Sig"):
            yield _name(field)
        waiting += [(kid, kind) for kid in _listed(field, "/Kids")]
