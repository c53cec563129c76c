# SPDX-License-Identifier: Apache-2.0
"""Takes place, time and device out of a photograph without touching its pixels.

Only what is needed to draw the picture stays: coding tables, colour profile, and how it was held. Formats:
ITU-T T.81 (JPEG, with the EXIF orientation of JEITA CP-3451), ISO/IEC 15948 (PNG).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Final

from PIL import Image

_ORIENTATION: Final = 0x0112
_TURNED: Final = range(2, 9)
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14, _LAST_APP, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_MARK = 0xFF
_IN_SCAN: Final = frozenset({0x00, *range(0xD0, 0xD8)})
_JPEG: Final = b"\xff\xd8"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_DRAWN: Final = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD".split())


def stripped(content: bytes) -> bytes:
    """The same picture without data about it; ValueError if it is no whole JPEG or PNG."""
    try:
        if content.startswith(_JPEG):
            return b"".join(_jpeg(content))
        if content.startswith(_PNG):
            return b"".join((_PNG, *_png(content)))
    except (IndexError, struct.error):
        raise ValueError("the picture is cut off") from None
    raise ValueError("only JPEG and PNG can be freed of place and time")


def _jpeg(content: bytes) -> Iterator[bytes]:
    """The parts that stay; whatever follows the end of the picture is left out."""
    yield _JPEG
    yield _held(content)
    at = 2
    while True:
        while content[at + 1] == _MARK:  # fill bytes
            at += 1
        kind = content[at + 1]
        if content[at] != _MARK:
            raise ValueError("the picture is damaged")
        if kind == _EOI:
            yield content[at : at + 2]
            return
        (length,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + length
        if kind == _SOS:
            end = _scan_end(content, end)
        if _stays(kind, content[at + 4 : end]):
            yield content[at:end]
        at = end


def _stays(kind: int, data: bytes) -> bool:
    if kind == _APP2:
        return data.startswith(b"ICC_PROFILE\0")
    if kind == _APP0:
        return data.startswith(b"JFIF\0")
    return kind == _APP14 or not (_APP0 <= kind <= _LAST_APP or kind == _COM)


def _scan_end(content: bytes, at: int) -> int:
    """Where the coded data of a scan end: at the next marker that is none of a scan."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise ValueError("the picture is cut off")
        if content[at + 1] not in _IN_SCAN:
            return at
        at += 2


def _held(content: bytes) -> bytes:
    """An EXIF segment with nothing but how the camera was held; empty where it was held upright."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            way = picture.getexif().get(_ORIENTATION, 1)
    except OSError as error:
        raise ValueError("the picture is damaged") from error
    if not isinstance(way, int) or way not in _TURNED:
        return b""
    exif = Image.Exif()
    exif[_ORIENTATION] = way
    data = exif.tobytes()
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def _png(content: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise ValueError("the picture is cut off")
        if kind in _DRAWN:
            yield content[at:end]
        if kind == b"IEND":
            return
        at = end
