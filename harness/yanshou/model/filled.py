# SPDX-License-Identifier: Apache-2.0
"""What the data of pictures without checksums say of what is missing.

A file system or a flash memory fills up what never came with zeros or ones. Where the codes of pixels are
stored as they are, only the place where that begins says so.
"""

from __future__ import annotations

import zlib
from typing import Final

_FILLS: Final = (b"\0", b"\xff")
_LONG: Final = 16  # bytes alike: coded data end in fewer
_SHOWN: Final = 4  # of a row, a quarter shows something
_PIECE: Final = 1 << 24


def ends_filled(data: bytes) -> bool:
    """Whether coded data end in a run of zeros or of ones that no coder writes."""
    return any(data.endswith(fill * _LONG) for fill in _FILLS)


def rest_filled(pixels: bytes, stride: int) -> bool:
    """Whether uncoded pixels (rows of ``stride`` bytes, as in the file) were filled up from some place on.

    It begins within a row, below a row that shows something to its end, and whole rows of it follow. A black
    or white strip of a picture begins at the left.
    """
    for fill in _FILLS:
        row, place = divmod(len(pixels.rstrip(fill)), stride)
        if not row or not place or len(pixels) < (row + 2) * stride:
            continue
        begun = pixels[row * stride : row * stride + place]
        above = pixels[(row - 1) * stride + place : row * stride]
        if all(len(one) - one.count(fill) > len(one) / _SHOWN for one in (begun, above)):
            return True
    return False


def inflates_to(data: bytes, size: int) -> bool:
    """Whether a zlib stream (RFC 1950) is whole by its checksum and holds ``size`` bytes or some more."""
    stream, total = zlib.decompressobj(), 0
    try:
        while not stream.eof:
            piece = stream.decompress(data, _PIECE)
            data, total = stream.unconsumed_tail, total + len(piece)
            if total > size + _PIECE or (not piece and not data and not stream.eof):
                return False
    except zlib.error:
        return False
    return total >= size
