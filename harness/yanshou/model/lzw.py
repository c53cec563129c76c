# SPDX-License-Identifier: Apache-2.0
"""How many bytes a series of LZW codes stands for, and whether it ends as its writer ended it."""

from __future__ import annotations

from typing import Final

_MOST_BITS: Final = 12


def lzw_length(data: bytes, bits: int, *, gif: bool) -> int | None:  # noqa: C901 - one state
    """The number of bytes that LZW codes stand for; None if a code is impossible or the last one is missing.

    ``bits`` are those of a byte of the picture. ``gif``: the lowest bit comes first (GIF89a, appendix F);
    otherwise the highest, and codes grow by a bit one code earlier (TIFF 6.0, section 13).
    """
    clear = 1 << bits
    lengths: list[int] = []
    total = at = kept = held = before = 0
    width = bits + 1
    while True:
        while held < width:
            if at == len(data):
                return None
            kept = kept | data[at] << held if gif else (kept << 8 | data[at]) & 0xFFFFFFF
            at, held = at + 1, held + 8
        held -= width
        if gif:
            code, kept = kept & ((1 << width) - 1), kept >> width
        else:
            code = kept >> held & ((1 << width) - 1)
        if code == clear:
            lengths, before, width = [1] * clear + [0, 0], 0, bits + 1
            continue
        if code == clear + 1:
            return total
        if not lengths or code > len(lengths) or (code == len(lengths) and not before):
            return None
        if before and len(lengths) < 1 << _MOST_BITS:
            lengths.append(before + 1)
        if code == len(lengths):
            return None
        before = lengths[code]
        total += before
        if len(lengths) >= (1 << width) - (not gif) and width < _MOST_BITS:
            width += 1
