# SPDX-License-Identifier: Apache-2.0
"""The coded pictures of a program stream in RTP, as access units; the walker judges the container beside.

A picture is the run of PES packets of the first video stream with one PTS; packets without PTS continue it,
unless they stand after a pack header of their own and have another RTP time stamp. A picture is known to be
complete when the next one begins; its stamp is the arrival of its own last packet.
"""

from __future__ import annotations

from typing import Final

from yanshou.protocols.gb28181 import ps_headers
from yanshou.protocols.gb28181.program_stream import PsWalker
from yanshou.protocols.rtsp.bitstream import nal_units
from yanshou.protocols.rtsp.depacketise import MAX_FRAME, AccessUnit, codec_of
from yanshou.protocols.rtsp.rtp import RtpPacket, unwrap

STREAM_TYPES: Final = {0x10: "mpeg4", 0x1B: "h264", 0x24: "hevc", 0x80: "svac"}
"""Stream types of video in a map (GB/T 28181-2022, ISO/IEC 13818-1), by FFmpeg's names of the codecs."""
_READ: Final = ("h264", "hevc")
_HEADER: Final = {"h264": 1, "hevc": 2}


class PsFrames:
    """Assembles pictures; an ``Assembler`` of a track. Memory is bounded by one picture."""

    def __init__(self) -> None:
        self.walker = PsWalker(sink=self)
        self.dropped = 0
        self.oversized = 0
        self._codec = ""
        self._video: int | None = None
        self._out: list[AccessUnit] = []
        self._data = bytearray()
        self._open = self._whole = self._taking = self._overflow = False
        self._pts: int | None = None
        self._stamp: int | None = None  # RTP time stamp of the picture
        self._ticks: int | None = None
        self._packet: RtpPacket | None = None
        self._counted: RtpPacket | None = None  # the last packet that was counted
        self._packets = 0
        self._began = self._arrival = 0.0

    @property
    def codec(self) -> str:
        """By the parameter sets in the stream, else by its map, else H.264."""
        return self._codec or (self.mapped if self.mapped in _READ else "") or "h264"

    @property
    def mapped(self) -> str:
        """The codec of the video by its program stream map; empty where none names it."""
        stream = self.walker.streams.get(self._video) if self._video is not None else None
        return STREAM_TYPES.get(stream.type, "") if stream is not None and stream.type is not None else ""

    @property
    def video_stream(self) -> int | None:
        """The stream id of the video; None before there is any."""
        return self._video

    @property
    def shown(self) -> bool:
        """Whether the stream itself says what its codec is."""
        return bool(self._codec)

    def push(self, packet: RtpPacket, *, gap: bool = False) -> list[AccessUnit]:
        """Take the next packet in order; ``gap`` says that something is missing right before it."""
        self._out = []
        if gap:
            self.walker.lost()
        self._packet = packet
        self.walker.feed(packet.payload, packet.timestamp)
        return self._out

    def flush(self) -> list[AccessUnit]:
        """The picture still open when the session ends."""
        self._out = []
        self._whole = self._whole and self.walker.between
        self._finish()
        return self._out

    # --- what the walker finds ------------------------------------------------------------------------

    def packet(self, stream: int, pts: int | None, timestamp: int | None, *, packed: bool) -> None:
        """A PES packet begins; ``packed``: after a pack header."""
        self._taking = ps_headers.is_video(stream) and self._video in {None, stream}
        if not self._taking:
            return
        self._video = stream
        known = pts is not None and self._pts is not None
        other = pts != self._pts if known else packed and timestamp != self._stamp
        if self._open and other:
            self._finish()
        if not self._open:
            self._begin(timestamp)
        self._pts = self._pts if pts is None else pts

    def payload(self, stream: int, data: bytes) -> None:
        """A piece of the payload of the PES packet that began last."""
        packet = self._packet
        if not self._taking or stream != self._video or packet is None:
            return
        if packet is not self._counted:
            self._counted, self._packets = packet, self._packets + 1
        self._arrival = max(self._arrival, packet.arrival)
        if self._overflow:
            return
        if len(self._data) + len(data) > MAX_FRAME:
            self.oversized += 1
            self._overflow, self._whole = True, False
            self._data.clear()
            return
        self._data += data

    def lost(self) -> None:
        """Bytes are missing or unreadable here."""
        self.dropped += self._open and self._whole
        self._whole = False

    def _begin(self, timestamp: int | None) -> None:
        packet = self._packet
        assert packet is not None
        self._open = self._whole = True
        self._overflow = False
        self._stamp = packet.timestamp if timestamp is None else timestamp
        self._ticks = self._stamp if self._ticks is None else unwrap(self._stamp, self._ticks, 32)
        self._began = self._arrival = packet.arrival
        self._pts, self._packets, self._counted = None, 0, None

    def _finish(self) -> None:
        if not self._open:
            return
        data, self._open = bytes(self._data), False
        self._data.clear()
        self._codec = _codec(data) or self._codec
        units = [(kind, nal) for kind, nal in nal_units(self.codec, data)]
        coded = [(kind, nal) for kind, nal in units if self._is_slice(kind)]
        if not coded:
            return
        first = coded[0][1][_HEADER[self.codec] :][:1]
        begins = bool(first and first[0] & 0x80)  # first_mb_in_slice 0, first_slice_segment_in_pic_flag
        key = any(kind == 5 if self.codec == "h264" else 16 <= kind <= 21 for kind, _ in coded)  # noqa: PLR2004
        self._out.append(
            AccessUnit(
                data,
                self._ticks or 0,
                self._arrival,
                key,
                len(data),
                self._whole and begins,
                None,
                self._began,
                self._packets,
            )
        )

    def _is_slice(self, kind: int) -> bool:
        return 1 <= kind <= 5 if self.codec == "h264" else kind < 32  # noqa: PLR2004


def _codec(data: bytes) -> str:
    """The codec that a picture shows by its parameter sets; empty if it has none."""
    return next((seen for _, nal in nal_units("h264", data) if (seen := codec_of(nal[:16]))), "")
