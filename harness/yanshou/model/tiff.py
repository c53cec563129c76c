# SPDX-License-Identifier: Apache-2.0
"""Whether the first picture of a TIFF is whole: its decoders show missing strips as black, or say nothing."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yanshou.model.filled import ends_filled, inflates_to, rest_filled
from yanshou.model.jpeg import jpeg_damaged
from yanshou.model.lzw import lzw_length

_FORMATS: Final = {1: "B", 2: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 18: "Q"}
_WIDTH, _HEIGHT, _BITS, _PACKED, _SAMPLES, _ROWS, _PLANES = 256, 257, 258, 259, 277, 278, 284
_STRIPS, _STRIP_BYTES, _TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES = 273, 279, 322, 323, 324, 325
_RAW, _LZW, _JPEG, _PACKBITS, _DEFLATE = 1, 5, 7, 32773, (8, 32946)
_APART: Final = 2
_BIG: Final = 43
_TABLES: Final = 347
_NO_RUN: Final = 128

Tags = dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A strip or tile: its bytes in the file, and what they stand for: ``rows`` of ``stride`` bytes."""

    data: bytes
    stride: int
    rows: int


def tiff_damaged(data: bytes) -> bool:
    """Whether a strip or tile of the first picture is missing, cut off or damaged (TIFF 6.0; BigTIFF)."""
    try:
        tags = _tags(data)
        parts = _parts(data, tags)
        packed = tags.get(_PACKED, (_RAW,))[0]
    except (struct.error, LookupError, ValueError, ZeroDivisionError):
        return True
    if packed == _RAW:
        whole = b"".join(one.data[: one.stride * one.rows] for one in parts)
        return any(len(one.data) < one.stride * one.rows for one in parts) or rest_filled(
            whole, parts[0].stride
        )
    if packed == _JPEG:
        tables = bytes(tags.get(_TABLES, b"\xff\xd8\xff\xd9"))[:-2]
        return any(jpeg_damaged(tables + one.data[2:]) for one in parts)
    return not all(_whole(one, packed) for one in parts)


def _whole(part: _Part, packed: int) -> bool:
    size = part.stride * part.rows
    if packed == _LZW:
        length = lzw_length(part.data, 8, gif=False)
        return length is not None and length >= size
    if packed in _DEFLATE:
        return inflates_to(part.data, size)
    if packed == _PACKBITS:
        return _unpacked(part.data) >= size
    return not ends_filled(part.data)


def _unpacked(data: bytes) -> int:
    """The number of bytes that PackBits stand for (TIFF 6.0, section 9); -1 if the last run is cut off."""
    at = total = 0
    while at < len(data):
        head = data[at]
        if head < _NO_RUN:
            at, total = at + head + 2, total + head + 1
        else:
            at, total = at + 1 + (head > _NO_RUN), total + (257 - head if head > _NO_RUN else 0)
    return total if at == len(data) else -1


def _tags(data: bytes) -> Tags:
    """The numbers of the first directory; ValueError, struct.error or KeyError if it is not whole."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == _BIG
    start = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)[0]
    count = struct.unpack_from(order + ("Q" if big else "H"), data, start)[0]
    start, size, inline = (start + 8, 20, 8) if big else (start + 2, 12, 4)
    tags: Tags = {}
    for at in range(start, start + count * size, size):
        name, kind, many = struct.unpack_from(order + ("HHQ" if big else "HHI"), data, at)
        if kind not in _FORMATS:
            continue
        form = f"{order}{many}{_FORMATS[kind]}"
        place = at + size - inline
        if struct.calcsize(form) > inline:
            place = struct.unpack_from(order + ("Q" if big else "I"), data, place)[0]
        tags[name] = struct.unpack_from(form, data, place)
    return tags


def _parts(data: bytes, tags: Tags) -> Sequence[_Part]:
    """The strips or tiles; ValueError if there are too few, or one is not in the file."""
    width, height, samples = tags[_WIDTH][0], tags[_HEIGHT][0], tags.get(_SAMPLES, (1,))[0]
    planes = samples if tags.get(_PLANES, (1,))[0] == _APART else 1
    bits = tags.get(_BITS, (1,))[0] * samples // planes
    if _TILES in tags:
        across, rows = tags[_TILE_WIDTH][0], tags[_TILE_HEIGHT][0]
        heights = [rows] * (-(-width // across) * -(-height // rows))
        starts, sizes = tags[_TILES], tags[_TILE_BYTES]
    else:
        across, rows = width, min(tags.get(_ROWS, (height,))[0], height)
        heights = [min(rows, height - top) for top in range(0, height, rows)]
        starts, sizes = tags[_STRIPS], tags[_STRIP_BYTES]
    if not heights or len(starts) != len(heights) * planes or len(sizes) != len(starts):
        raise ValueError
    if any(not at or at + size > len(data) for at, size in zip(starts, sizes, strict=True)):
        raise ValueError
    stride = -(-across * bits // 8)
    return [
        _Part(data[at : at + size], stride, high)
        for at, size, high in zip(starts, sizes, heights * planes, strict=True)
    ]
