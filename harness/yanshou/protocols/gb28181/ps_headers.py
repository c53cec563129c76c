# SPDX-License-Identifier: Apache-2.0
"""The headers of a program stream (ISO/IEC 13818-1 2.5.3, 2.5.4, 2.4.3.6): each is read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PACK: Final = 0xBA
SYSTEM: Final = 0xBB
MAP: Final = 0xBC
END: Final = 0xB9
LOWEST: Final = END
_VIDEO: Final = range(0xE0, 0xF0)
_AUDIO: Final = range(0xC0, 0xE0)
# map, padding, private 2, ECM, EMM, directory, DSM-CC, H.222.1 type E: no PES header follows their length
_BARE: Final = frozenset({MAP, 0xBE, 0xBF, 0xF0, 0xF1, 0xFF, 0xF2, 0xF8})
PES_HEAD: Final = 9
_LONGEST_MAP: Final = 0x3FA
LONGEST_HEADER: Final = 6 + _LONGEST_MAP
"""Longest program stream map the standard allows, in bytes; no system header of 64 streams is longer."""
_SHORTEST_MAP: Final = 10
_POLYNOMIAL: Final = 0x04C11DB7


class BrokenHeader(ValueError):
    """A header that does not follow the standard; says where it departs."""


@dataclass(frozen=True, slots=True)
class StreamMap:
    """A program stream map: stream types by stream id, in their order, and whether its CRC is right."""

    types: tuple[tuple[int, int], ...]
    crc_right: bool
    current: bool


@dataclass(frozen=True, slots=True)
class PesHead:
    """The header of a PES packet: its length in bytes from the start code, and its PTS (90 kHz), if any."""

    length: int
    pts: int | None


def is_video(stream: int) -> bool:
    """Whether a stream id is one of video (0xE0 to 0xEF)."""
    return stream in _VIDEO


def is_media(stream: int) -> bool:
    """Whether a stream id is one of video or audio, which the map has to name."""
    return stream in _VIDEO or stream in _AUDIO


def is_bare(stream: int) -> bool:
    """Whether no PES header follows the length of a packet with this stream id."""
    return stream in _BARE


def _crc_row(value: int) -> int:
    value <<= 24
    for _ in range(8):
        value = ((value << 1) ^ _POLYNOMIAL if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


_ROWS: Final = tuple(_crc_row(value) for value in range(256))


def crc32_mpeg2(data: bytes) -> int:
    """CRC-32/MPEG-2; 0 over data followed by its own CRC."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = ((crc << 8) & 0xFFFFFFFF) ^ _ROWS[(crc >> 24) ^ byte]
    return crc


def read_scr(head: bytes) -> int:
    """The base of the system clock reference (90 kHz) of a pack header of 14 bytes.

    Raises BrokenHeader when a marker bit is 0.
    """
    marked = head[4] & 0x04 and head[6] & 0x04 and head[8] & 0x04 and head[9] & 0x01
    if not marked or head[12] & 0x03 != 0x03:  # noqa: PLR2004 - the two marker bits
        raise BrokenHeader(head[:14].hex(" "))
    value = int.from_bytes(head[4:9])
    return (value >> 35 & 0x7) << 30 | (value >> 19 & 0x7FFF) << 15 | value >> 3 & 0x7FFF


def check_system_header(body: bytes) -> None:
    """Check what follows the length of a system header; raises BrokenHeader."""
    if len(body) < 6:  # noqa: PLR2004 - the fixed part
        raise BrokenHeader(f"its length is {len(body)}")
    if not (body[0] & 0x80 and body[2] & 0x01 and body[4] & 0x20):
        raise BrokenHeader("a marker bit is 0")
    streams = body[6:]
    if len(streams) % 3 or any(not streams[at] & 0x80 for at in range(0, len(streams), 3)):
        raise BrokenHeader("its list of streams does not add up")
    if any(streams[at + 1] & 0xC0 != 0xC0 for at in range(0, len(streams) - 2, 3)):  # noqa: PLR2004 - '11'
        raise BrokenHeader("the bits '11' of a stream are not set")


def read_map(packet: bytes) -> StreamMap:
    """Read a whole program stream map, from its start code to its CRC; raises BrokenHeader."""
    length = len(packet) - 6
    if not _SHORTEST_MAP <= length <= _LONGEST_MAP:
        raise BrokenHeader(f"its length is {length}")
    if not packet[7] & 0x01:
        raise BrokenHeader("the marker bit is 0")
    at = 10 + int.from_bytes(packet[8:10])
    end = len(packet) - 4
    if at + 2 > end or at + 2 + int.from_bytes(packet[at : at + 2]) != end:
        raise BrokenHeader("its lengths do not add up")
    at += 2
    types = []
    while at < end:
        if at + 4 > end:
            raise BrokenHeader("its last entry is cut")
        types.append((packet[at + 1], packet[at]))
        at += 4 + int.from_bytes(packet[at + 2 : at + 4])
    if at != end:
        raise BrokenHeader("its last entry is longer than the map")
    if len({stream for stream, _ in types}) != len(types):
        raise BrokenHeader("a stream stands twice")
    return StreamMap(tuple(types), crc32_mpeg2(packet) == 0, bool(packet[6] & 0x80))


def read_pes(head: bytes, length: int) -> PesHead:
    """Read a PES header; ``length`` is the packet's length field. Raises BrokenHeader.

    ``head`` goes from the start code to the end of the header data.
    """
    if head[6] & 0xC0 != 0x80:  # noqa: PLR2004 - '10'
        raise BrokenHeader("the bits '10' are not there")
    flags, data = head[7] >> 6, head[8]
    if length and length < 3 + data:
        raise BrokenHeader(f"{data} bytes of header in a packet of {length}")
    if flags == 1:
        raise BrokenHeader("PTS_DTS_flags is '01', which is forbidden")
    if data < {0: 0, 2: 5, 3: 10}[flags]:
        raise BrokenHeader("the header is too short for its time stamps")
    pts = _stamp(head[9:14], flags) if flags else None
    if flags == 3:  # noqa: PLR2004 - PTS and DTS
        _stamp(head[14:19], 1)
    return PesHead(PES_HEAD + data, pts)


def _stamp(field: bytes, prefix: int) -> int:
    """A time stamp of 33 bits; raises BrokenHeader when its prefix or a marker bit is wrong."""
    if field[0] >> 4 != prefix or not (field[0] & 1 and field[2] & 1 and field[4] & 1):
        raise BrokenHeader(f"a time stamp is malformed ({field.hex(' ')})")
    return (
        (field[0] >> 1 & 0x7) << 30 | int.from_bytes(field[1:3]) >> 1 << 15 | int.from_bytes(field[3:5]) >> 1
    )
