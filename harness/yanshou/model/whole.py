# SPDX-License-Identifier: Apache-2.0
"""Whether the file of a picture is whole, by whatever its format lets one know.

Most decoders fill what is damaged or missing and say nothing. PNG, and TIFF by Deflate, have checksums. GIF
and TIFF by LZW or PackBits say how many pixels there must be. JPEG, WebP and pictures without coding (BMP,
PPM, TIFF) have neither: what was changed into other valid codes is not known there, nor is a cut at the end
of a row that was filled up.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from yanshou.model.filled import ends_filled, inflates_to, rest_filled
from yanshou.model.jpeg import jpeg_damaged
from yanshou.model.lzw import lzw_length
from yanshou.model.tiff import tiff_damaged

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_NUMBER = re.compile(rb"(?:\s|#[^\n]*\n)+([-+.0-9eE]+)")
_PAM_LINE = re.compile(rb"^(WIDTH|HEIGHT|DEPTH|MAXVAL)\s+(\d+)", re.MULTILINE)
_GIF_PICTURE, _GIF_OTHER, _GIF_END = 0x2C, 0x21, 0x3B
_RLE: Final = (1, 2)  # BMP: forms of run lengths
_OLD_HEAD: Final = 12  # bytes of the header of OS/2
_ONE_BYTE: Final = 255
_LARGEST: Final = 1 << 30  # bytes of pixels: a larger picture is decoded nowhere
_LEAST: Final = 16  # bytes of coded data that OpenCV takes for a WebP picture
_SPARE: Final = 6  # bytes at the end of a WebP picture: more than its coder may add
#: columns and rows of the seven passes of an interlaced PNG: first, step
_PASSES: Final = (
    ((0, 8), (0, 8)), ((4, 8), (0, 8)), ((0, 4), (4, 8)), ((2, 4), (0, 4)),
    ((0, 2), (2, 4)), ((1, 2), (0, 2)), ((0, 1), (1, 2)),
)  # fmt: skip
_PNG_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def picture_damaged(data: bytes) -> bool:
    """Whether this begins as a picture of a known format and a part of it is damaged or missing."""
    check = _check_of(data)
    try:
        return check is not None and check(data)
    except (struct.error, LookupError, ValueError, ArithmeticError):  # a header that is not whole
        return True


def damage_shows(data: bytes) -> bool:
    """Whether this begins as a picture of a format of which it can be known that a part is missing."""
    return _check_of(data) is not None


def _check_of(data: bytes) -> Callable[[bytes], bool] | None:
    if data[:4] == b"RIFF":
        return _webp_damaged if data[8:12] == b"WEBP" else None
    return next((check for heads, check in _CHECKS if data.startswith(heads)), None)


# -- PNG (ISO/IEC 15948) ----------------------------------------------------------------------------------


def _png_damaged(data: bytes) -> bool:
    at, head = len(_PNG), b""
    packed: list[bytes] = []
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if zlib.crc32(kind + body) != struct.unpack_from(">I", data, at + 8 + length)[0]:
            return True
        if kind == b"IEND":
            size = _png_size(head)
            return size <= _LARGEST and not inflates_to(b"".join(packed), size)
        head = body if kind == b"IHDR" else head
        if kind == b"IDAT":
            packed.append(body)
        at += 12 + length


def _png_size(head: bytes) -> int:
    """The bytes of all filtered rows."""
    width, height, depth, kind, _method, _filter, interlaced = struct.unpack(">IIBBBBB", head)
    bits = depth * _PNG_SAMPLES[kind]
    total = 0
    for (left, across), (top, down) in _PASSES if interlaced else (((0, 1), (0, 1)),):
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        total += rows * (1 + -(-columns * bits // 8)) if columns > 0 else 0
    return total


# -- GIF (GIF89a) -----------------------------------------------------------------------------------------


def _gif_damaged(data: bytes) -> bool:
    at = 13 + _colours(data[10])
    while data[at] != _GIF_END:
        if data[at] == _GIF_OTHER:
            at = _blocks(data, at + 2)[1]
            continue
        if data[at] != _GIF_PICTURE:
            return True
        width, height, flags = struct.unpack_from("<HHB", data, at + 5)
        at += 10 + _colours(flags)
        coded, end = _blocks(data, at + 1)
        if lzw_length(coded, data[at], gif=True) != width * height:
            return True
        at = end
    return False


def _colours(flags: int) -> int:
    """The bytes of a table of colours."""
    return 3 << (flags % 8 + 1) if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    """What stands in successive blocks, and where the next thing begins; IndexError if the end is missing."""
    found = []
    while data[at]:
        found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(found), at + 1


# -- pictures without coding ------------------------------------------------------------------------------


def _bmp_damaged(data: bytes) -> bool:
    start, head = struct.unpack_from("<II", data, 10)
    if head == _OLD_HEAD:
        (width, height, _planes, bits), form = struct.unpack_from("<HHHH", data, 18), 0
    else:
        width, height, _planes, bits, form = struct.unpack_from("<iiHHI", data, 18)
    if form in _RLE:  # two zeros or a zero and a one end a row, and the picture
        return b"\0\1" not in data[start:][-4:] or ends_filled(data)
    stride = (width * bits + 31) // 32 * 4
    return _raw_damaged(data[start:], stride, abs(height))


def _netpbm_damaged(data: bytes) -> bool:
    kind, at, numbers = data[1:2], 2, []
    for _ in range(2 if kind in b"14" else 3):
        found = _NUMBER.match(data, at)
        if found is None:
            return True
        numbers.append(float(found[1]))
        at = found.end()
    width, height = int(numbers[0]), int(numbers[1])
    samples = 3 if kind in b"36F" else 1
    if kind in b"23":
        return len(data[at:].split()) < width * height * samples
    if kind == b"1":  # the digits need nothing in between
        return len(b"".join(data[at:].split())) < width * height
    if kind == b"4":
        return _raw_damaged(data[at + 1 :], -(-width // 8), height)
    each = 4 if kind in b"Ff" else 1 + (numbers[2] > _ONE_BYTE)
    return _raw_damaged(data[at + 1 :], width * samples * each, height)


def _pam_damaged(data: bytes) -> bool:
    head, end, pixels = data.partition(b"ENDHDR\n")
    stated = {name: int(number) for name, number in _PAM_LINE.findall(head)}
    each = 1 + (stated[b"MAXVAL"] > _ONE_BYTE)
    return not end or _raw_damaged(pixels, stated[b"WIDTH"] * stated[b"DEPTH"] * each, stated[b"HEIGHT"])


def _raw_damaged(pixels: bytes, stride: int, rows: int) -> bool:
    return len(pixels) < stride * rows or rest_filled(pixels[: stride * rows], stride)


# -- WebP (RFC 9649) --------------------------------------------------------------------------------------


def _webp_damaged(data: bytes) -> bool:
    end = 8 + int.from_bytes(data[4:8], "little")
    return end > len(data) or not all(_all_read(kind, one) for kind, one in _coded(data[:end], 12))


def _all_read(kind: bytes, coded: bytes) -> bool:
    """Whether a decoder reads coded data to their end.

    Zeros or ones that stand where the rest should be are valid codes of little information, so a decoder
    comes to the end of the picture before it has read them all. Decoded without its last bytes, a whole
    picture has no end.
    """
    import cv2  # noqa: PLC0415 - a heavy library, for pictures only
    import numpy as np  # noqa: PLC0415

    def shown(part: bytes) -> bool:
        chunk = kind + struct.pack("<I", len(part)) + part + bytes(len(part) % 2)
        file = b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk
        try:
            return cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR) is not None
        except cv2.error:
            return False

    if len(coded) < _SPARE + _LEAST:  # nothing can be left out of it
        return shown(coded)
    return shown(coded) and not shown(coded[:-_SPARE]) and not (kind == b"VP8L" and ends_filled(coded))


def _coded(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    """The form and the coded data of each picture; ValueError if a chunk is not in the file."""
    while at < len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if len(body) < length or len(data) < at + 8:
            raise ValueError
        if kind == b"ANMF":
            yield from _coded(body, 16)
        elif kind in {b"VP8 ", b"VP8L"}:
            yield kind, body
        at += 8 + length + length % 2


_CHECKS: Final[tuple[tuple[bytes | tuple[bytes, ...], Callable[[bytes], bool]], ...]] = (
    (b"\xff\xd8", jpeg_damaged),
    (_PNG, _png_damaged),
    ((b"GIF87a", b"GIF89a"), _gif_damaged),
    (b"BM", _bmp_damaged),
    (tuple(f"P{kind}".encode() for kind in "123456Ff"), _netpbm_damaged),
    (b"P7\n", _pam_damaged),
    ((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), tiff_damaged),
)
