# SPDX-License-Identifier: Apache-2.0
"""The on-screen display: where its lines are, what they say, and which time can be believed."""

from yanshou.imaging.osd.reader import (
    TextLine,
    find_faint,
    find_lines,
    find_text,
    mean_of,
    read_line,
    read_shown,
    white_over,
)
from yanshou.imaging.osd.stamp import DateOrder, ShownClock, StampReading, believed, stamp_of
from yanshou.imaging.osd.ticks import tick_times

__all__ = [
    "DateOrder",
    "ShownClock",
    "StampReading",
    "TextLine",
    "believed",
    "find_faint",
    "find_lines",
    "find_text",
    "mean_of",
    "read_line",
    "read_shown",
    "stamp_of",
    "tick_times",
    "white_over",
]
