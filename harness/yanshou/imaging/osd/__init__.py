# SPDX-License-Identifier: Apache-2.0
"""The on-screen display: where its lines are, what they say, and which time can be believed."""

from yanshou.imaging.osd.reader import TextLine, find_lines, read_line
from yanshou.imaging.osd.stamp import DateOrder, ShownClock, StampReading, believed, stamp_of

__all__ = [
    "DateOrder",
    "ShownClock",
    "StampReading",
    "TextLine",
    "believed",
    "find_lines",
    "read_line",
    "stamp_of",
]
