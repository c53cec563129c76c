# SPDX-License-Identifier: Apache-2.0
"""What a device does otherwise than GB/T 28181 has it, although it could be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class SipOddity(StrEnum):
    """One kind of deviation in the form of a SIP message."""

    BARE_LINE_ENDS = "lines do not end with CR LF"
    NO_COLON = "a header line has no colon"
    NOT_UTF8 = "a header is not UTF-8"
    TWICE = "a header stands twice"
    NO_LENGTH = "no Content-Length"
    BAD_LENGTH = "Content-Length is no number"
    LENGTH_SHORT = "the body is longer than Content-Length"
    LENGTH_LONG = "the body is shorter than Content-Length"


class XmlOddity(StrEnum):
    """One kind of deviation in a MANSCDP body."""

    WRONG_ENCODING = "the text is encoded otherwise than its XML declaration says"
    NUL = "the text holds NUL bytes"
    BROKEN = "not well-formed XML"
    NO_SN = "no readable SN"
    NO_DEVICE = "no DeviceID"
    ITEM_COUNT = "Num differs from the items"
    BAD_SUM = "SumNum is no number"


class PsOddity(StrEnum):
    """One kind of deviation in a program stream (ISO/IEC 13818-1, GB/T 28181 media packing)."""

    TRANSPORT_STREAM = "a transport stream stands where a program stream is due"
    NO_START_CODE = "bytes belong to no packet of the program stream"
    MPEG1_PACK = "the pack header is MPEG-1's"
    PACK_MARKER = "a marker bit of the pack header is 0"
    SCR_BACK = "the system clock reference steps back"
    SYSTEM_HEADER = "the system header is malformed"
    MAP_MALFORMED = "the program stream map is malformed"
    MAP_CRC = "the CRC of the program stream map is wrong"
    MAP_CHANGED = "a stream changes its type"
    NOT_IN_MAP = "a stream is in no valid program stream map"
    BEFORE_MAP = "media comes before the first program stream map"
    PES_HEADER = "a PES header is malformed"
    PES_UNBOUNDED = "a PES packet has no length"
    PES_CUT = "a PES packet ends before its length"
    TIMESTAMP_SPLIT = "one frame has several RTP time stamps"
    TIMESTAMP_SHARED = "two frames have the same RTP time stamp"


@dataclass(frozen=True, slots=True)
class OddityCount:
    """How often one kind was met; the place (byte offset) and words of the first."""

    count: int
    offset: int
    text: str


@dataclass(slots=True)
class Oddities:
    """Deviations of a stream by kind: one entry for each kind, however long the stream is."""

    found: dict[PsOddity, OddityCount] = field(default_factory=dict)

    def note(self, kind: PsOddity, offset: int, text: str = "") -> None:
        """Count one more of ``kind``; place and words are kept of the first only."""
        old = self.found.get(kind)
        self.found[kind] = (
            OddityCount(1, offset, text) if old is None else OddityCount(old.count + 1, old.offset, old.text)
        )
