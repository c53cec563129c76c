# SPDX-License-Identifier: Apache-2.0
"""From what a stream, a clock or a recorder gave to a measurement with its uncertainty."""

from yanshou.session.evaluate.clocks import Clock, clock_offset
from yanshou.session.evaluate.coverage import Excuse
from yanshou.session.evaluate.playing import Sight
from yanshou.session.evaluate.projection import Storage
from yanshou.session.evaluate.retention import Retention, Window, retention
from yanshou.session.evaluate.stream import esfr_mtf50, frame_rate, stream_pixels

__all__ = [
    "Clock",
    "Excuse",
    "Retention",
    "Sight",
    "Storage",
    "Window",
    "clock_offset",
    "esfr_mtf50",
    "frame_rate",
    "retention",
    "stream_pixels",
]
