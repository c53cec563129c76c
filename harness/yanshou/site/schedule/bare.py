# SPDX-License-Identifier: Apache-2.0
"""Tables that begin without a head: what each column holds, by the cells alone, where they leave no doubt."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from yanshou.site.devices import is_id
from yanshou.site.schedule.filled import device_of
from yanshou.site.schedule.heads import ABOVE_OTHERS, Column, Head
from yanshou.site.schedule.kinds import is_place, zone_type
from yanshou.site.schedule.terms import Context, is_foot, meaning, plain
from yanshou.vocabulary.spelling import trimmed

_LINES = 2
_THINGS, _PLACES = 0.8, 0.5
_NUMBER = re.compile(r"第?\s*\d{1,4}\s*[号#]?\s*防区|防区\s*\d{1,4}|(?:ch|zone|通道|d)\s*\d{1,3}")
_QUANTITY = re.compile(r"\d{1,4}\s*(?:[台个只套对部块组副把樘点路]|pcs?|sets?|nos?\.?|ea)")
_CODE = re.compile(r"(?=.*[a-z])(?=.*\d)[\x21-\x7e]+", re.IGNORECASE)


def bare_head(grid: Sequence[Sequence[str]]) -> tuple[int, Head] | None:
    """The line a table without a head begins with, and its columns; None if no column names its equipment."""
    lines = [[trimmed(cell) for cell in cells] for cells in grid]
    filled = [
        at
        for at, cells in enumerate(lines)
        if len(set(cells) - {""}) > 1 and not any(map(is_foot, [one for one in cells if one][:2]))
    ]
    if len(filled) < _LINES:
        return None
    wide = max(len(lines[at]) for at in filled)
    cells = [[lines[at][n] for at in filled if n < len(lines[at]) and lines[at][n]] for n in range(wide)]
    shares = [0.0 if some and all(map(_is_data, some)) else _share(some) for some in cells]
    thing = max(range(wide), key=lambda n: (len(cells[n]) * 2 >= len(filled), shares[n]))
    if shares[thing] < _THINGS or len(cells[thing]) < _LINES:
        return None
    names = [""] * wide
    names[thing] = "name"
    for at, some in enumerate(cells):
        if at != thing and some and (name := _held(some, first=at < thing)) and name not in names:
            names[at] = name
    places = [at for at, some in enumerate(cells) if not names[at] and _are_places(some)]
    if places:
        names[places[0]] = "location"
    if thing + 1 < wide and not names[thing + 1] and all(map(_CODE.fullmatch, cells[thing + 1])):
        names[thing + 1] = "model"
    if not {"location", "host", "id", "number"} & set(names):
        return None
    columns = [
        Column(name, "防区类型" if name == "attribute" else chr(ord("A") + at % 26) if any(some) else "")
        for at, (name, some) in enumerate(zip(names, cells, strict=True))
    ]
    return filled[0], Head(tuple(columns), rows=0)


def _held(cells: Sequence[str], *, first: bool) -> str:
    """The column that cells leave no doubt of: running numbers, addresses, quantities, ids, parents.

    ``first`` says that it stands before the name of the equipment, where designers write its id.
    """
    if len(set(cells)) == len(cells) and all(map(_is_host, cells)):
        return "host"
    for spelt, name in ((_NUMBER, "number"), (_QUANTITY, "quantity")):
        if all(spelt.fullmatch(plain(cell)) for cell in cells):
            return name
    if first and all(cell.isdigit() for cell in cells):
        return "sequence"
    if all(map(zone_type, cells)):
        return "attribute"
    ids = all(is_id(cell) and _CODE.fullmatch(cell) and not _is_host(cell) for cell in cells)
    if first and ids and len(set(cells)) == len(cells) > 1:
        return "id"
    return "parent" if ids and not first and all(device_of(cell) in ABOVE_OTHERS for cell in cells) else ""


def _is_data(cell: str) -> bool:
    """Whether a cell is an id, an address or a number at a panel, which may contain the word for a thing."""
    return bool(_CODE.fullmatch(cell) or _NUMBER.fullmatch(plain(cell)))


def _are_places(cells: Sequence[str]) -> bool:
    chinese = [cell for cell in cells if not cell.isascii()]
    return bool(chinese) and sum(map(is_place, chinese)) >= _PLACES * len(cells)


def _is_host(cell: str) -> bool:
    try:
        return not ipaddress.IPv4Address(plain(cell).split("/")[0].split(":")[0]).is_unspecified
    except ValueError:
        return False


def _share(cells: Sequence[str]) -> float:
    """How many of the cells name equipment."""
    found = [one for cell in cells if (one := meaning(cell, Context())) is not None]
    return len(found) / len(cells) if cells and any(one.kind for one in found) else 0.0
