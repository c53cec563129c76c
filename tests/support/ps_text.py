# SPDX-License-Identifier: Apache-2.0
"""Writes program streams bit by bit (ISO/IEC 13818-1 2.5.3); shares no code with what reads them."""

from __future__ import annotations

from collections.abc import Sequence

VIDEO, AUDIO = 0xE0, 0xC0
H264, H265, AAC = 0x1B, 0x24, 0x0F


def crc(data: bytes) -> int:
    """CRC-32/MPEG-2, bit by bit."""
    value = 0xFFFFFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            top = value >> 31 ^ (byte >> bit & 1)
            value = (value << 1 & 0xFFFFFFFF) ^ (0x04C11DB7 if top else 0)
    return value


def bits(*fields: tuple[int, int]) -> bytes:
    """Values with their widths, in this order."""
    text = "".join(format(value, f"0{width}b") for value, width in fields)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def pack(scr: int = 0, marker: int = 1, stuffing: int = 0) -> bytes:
    """A pack header."""
    head = bits(
        *((1, 2), (scr >> 30, 3), (1, 1), (scr >> 15 & 0x7FFF, 15), (marker, 1), (scr & 0x7FFF, 15), (1, 1)),
        *((0, 9), (1, 1), (5000, 22), (3, 2), (31, 5), (stuffing, 3)),
    )
    return b"\0\0\1\xba" + head + b"\xff" * stuffing


def system_header() -> bytes:
    """A system header of one video and one audio stream."""
    body = bits((1, 1), (5000, 22), (1, 1), (1, 6), (0, 2), (0, 2), (1, 1), (1, 5), (0, 1), (127, 7))
    body += bits((VIDEO, 8), (3, 2), (1, 1), (128, 13)) + bits((AUDIO, 8), (3, 2), (0, 1), (64, 13))
    return b"\0\0\1\xbb" + len(body).to_bytes(2, "big") + body


def program_map(types: Sequence[tuple[int, int]] = ((VIDEO, H264), (AUDIO, AAC)), crc_off: int = 0) -> bytes:
    """A program stream map; ``crc_off`` spoils its checksum."""
    entries = b"".join(bytes([kind, stream, 0, 0]) for stream, kind in types)
    body = b"\xe1\xff\0\0" + len(entries).to_bytes(2, "big") + entries
    head = b"\0\0\1\xbc" + (len(body) + 4).to_bytes(2, "big") + body
    return head + (crc(head) ^ crc_off).to_bytes(4, "big")


def pes(payload: bytes, pts: int | None = None, stream: int = VIDEO, length: int | None = None) -> bytes:
    """A PES packet."""
    data = b""
    if pts is not None:
        data = bits(
            (2, 4), (pts >> 30, 3), (1, 1), (pts >> 15 & 0x7FFF, 15), (1, 1), (pts & 0x7FFF, 15), (1, 1)
        )
    head = bytes([0x80, 0x80 if data else 0, len(data)]) + data
    size = len(head) + len(payload) if length is None else length
    return b"\0\0\1" + bytes([stream]) + size.to_bytes(2, "big") + head + payload
