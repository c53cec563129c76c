# SPDX-License-Identifier: Apache-2.0
"""From what a stream, a clock or a recorder gave to a measurement with its uncertainty."""

from yanshou.session.evaluate import delay, image, network
from yanshou.session.evaluate.clocks import Clock, clock_offset
from yanshou.session.evaluate.coverage import Excuse
from yanshou.session.evaluate.display import Display, Expected, osd_clock_offset, osd_complete
from yanshou.session.evaluate.health import (
    Look,
    accepted_of,
    accepted_path,
    load_accepted,
    picture_change,
    picture_level,
    picture_signal,
    picture_still,
)
from yanshou.session.evaluate.playing import Sight
from yanshou.session.evaluate.projection import Storage
from yanshou.session.evaluate.retention import Retention, Window, retention
from yanshou.session.evaluate.stream import falls_short, frame_rate, stream_pixels

__all__ = [
    "Clock",
    "Display",
    "Excuse",
    "Expected",
    "Look",
    "Retention",
    "Sight",
    "Storage",
    "Window",
    "accepted_of",
    "accepted_path",
    "clock_offset",
    "delay",
    "falls_short",
    "frame_rate",
    "image",
    "load_accepted",
    "network",
    "osd_clock_offset",
    "osd_complete",
    "picture_change",
    "picture_level",
    "picture_signal",
    "picture_still",
    "retention",
    "stream_pixels",
]
