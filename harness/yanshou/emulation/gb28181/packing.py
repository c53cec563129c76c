# SPDX-License-Identifier: Apache-2.0
"""Program streams as an emulated device sends them: muxed by FFmpeg frame by frame, with a map put in.

FFmpeg writes the pack header, the system header and the PES packets. It writes no program stream map, lets
frames share packets, and calls H.264 stream 0xE2; so each frame has a muxer of its own, the map is put behind
the system header of an intra frame, and the stream id is set.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av

from yanshou.emulation.video.coding import CodedFrame, CodedLoop, ParameterSets

CLOCK_HZ = 90_000
TYPES = {"h264": 0x1B, "h265": 0x24}
"""Stream types in the map."""
VIDEO = 0xE0
_BASE = Fraction(1, CLOCK_HZ)
_OPTIONS = {"muxrate": "200000000", "preload": "0"}
_NAMES = {"h264": "h264", "h265": "hevc"}
_PACK, _SYSTEM, _PADDING = 0xBA, 0xBB, 0xBE
_PACK_BYTES = 14
_HEAD_START = CLOCK_HZ  # FFmpeg takes no time stamp before its own start


@dataclass(frozen=True, slots=True)
class PackingDefects:
    """What is wrong with the container: its type, the id, the map, or a transport stream in its place.

    ``main_10``: the parameter sets of H.265 inside say that profile.
    """

    wrong_type: bool = False
    main_10: bool = False
    stream: int = VIDEO
    map_crc: bool = False
    no_map: bool = False
    transport_stream: bool = False


class PsPacking:
    """Packs the frames of one session."""

    def __init__(self, largest: int, defects: PackingDefects) -> None:
        self._largest, self._defects = largest, defects

    def of_loop(self, loop: CodedLoop, index: int, media_s: float) -> tuple[bytes, ...]:
        """RTP payloads of a picture of a coded loop, shown ``media_s`` after the start."""
        return self.of_frame(loop.sets, loop.frames[index], media_s)

    def of_frame(self, sets: ParameterSets, frame: CodedFrame, media_s: float) -> tuple[bytes, ...]:
        """RTP payloads of a frame."""
        data = self.packed(sets, frame, media_s)
        return tuple(data[at : at + self._largest] for at in range(0, len(data), self._largest))

    def packed(self, sets: ParameterSets, frame: CodedFrame, media_s: float) -> bytes:
        """The frame as a piece of program stream (or of transport stream, if that is planted)."""
        heads = _main_10(sets) if self._defects.main_10 else sets.units
        units = (*heads, *frame.nals) if frame.intra else frame.nals
        data = b"".join(b"\0\0\0\1" + unit for unit in units)
        stamp = _HEAD_START + round(media_s * CLOCK_HZ)
        if self._defects.transport_stream:
            return _muxed("mpegts", sets.codec, data, stamp, intra=frame.intra)
        muxed = _muxed("vob", sets.codec, data, stamp, intra=frame.intra)
        return b"".join(self._mended(muxed, sets.codec, intra=frame.intra))

    def _mended(self, muxed: bytes, codec: str, *, intra: bool) -> Iterator[bytes]:
        for code, unit in _units(muxed):
            if code == _SYSTEM:
                if intra:
                    yield unit.replace(bytes((code_of(codec), 0xE0)), bytes((self._defects.stream, 0xE0)), 1)
                    yield b"" if self._defects.no_map else self._map(codec)
            elif code >> 4 == VIDEO >> 4:
                yield unit[:3] + bytes((self._defects.stream,)) + unit[4:]
            elif code != _PADDING:
                yield unit

    def _map(self, codec: str) -> bytes:
        named = next(one for one in TYPES if (one == codec) != self._defects.wrong_type)
        body = bytes((0xE1, 0xFF, 0, 0, 0, 4, TYPES[named], self._defects.stream, 0, 0))
        packet = b"\0\0\1\xbc" + struct.pack(">H", len(body) + 4) + body
        return packet + struct.pack(">I", _crc(packet) ^ (1 if self._defects.map_crc else 0))


def _main_10(sets: ParameterSets) -> tuple[bytes, ...]:
    """The parameter sets with general_profile_idc 2 in VPS and SPS (ITU-T H.265 7.3.3)."""
    places = {sets.vps: 6, sets.sps: 3}
    return tuple(
        unit[:at] + bytes((unit[at] & 0xE0 | 2,)) + unit[at + 1 :] if (at := places.get(unit)) else unit
        for unit in sets.units
    )


def code_of(codec: str) -> int:
    """The stream id that FFmpeg gives the video."""
    return 0xE2 if codec == "h264" else VIDEO


def _muxed(container: str, codec: str, data: bytes, stamp: int, *, intra: bool) -> bytes:
    out = io.BytesIO()
    options = _OPTIONS if container == "vob" else {}
    with av.open(out, "w", format=container, options=options) as muxer:
        stream = muxer.add_mux_stream(_NAMES[codec], rate=25, width=16, height=16)
        stream.time_base = _BASE
        packet = av.Packet(data)
        packet.stream, packet.time_base, packet.is_keyframe = stream, _BASE, intra
        packet.pts = packet.dts = stamp
        muxer.mux_one(packet)
    return out.getvalue()


def _units(muxed: bytes) -> Iterator[tuple[int, bytes]]:
    """The packs and packets of what FFmpeg wrote, by their lengths."""
    at = 0
    while at < len(muxed):
        code = muxed[at + 3]
        if code == _PACK:
            size = _PACK_BYTES + (muxed[at + 13] & 7)
        else:
            size = 6 + int.from_bytes(muxed[at + 4 : at + 6])
        yield code, muxed[at : at + size]
        at += size


def _crc(data: bytes) -> int:
    """CRC-32 of ISO/IEC 13818-1 annex A: polynomial 0x04C11DB7, no reflection, all ones at first."""
    register = 0xFFFFFFFF
    for octet in data:
        for bit in range(7, -1, -1):
            carry = (register >> 31) ^ (octet >> bit & 1)
            register = (register << 1 & 0xFFFFFFFF) ^ (0x04C11DB7 if carry else 0)
    return register
