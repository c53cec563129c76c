# SPDX-License-Identifier: Apache-2.0
"""From what a stream, a clock or a recorder gave to a measurement with its uncertainty."""

from yanshou.evaluation import delay, image, network, site
from yanshou.evaluation.ages import exact, filing_delay, log_age, pass_rate, read_hours, read_offset
from yanshou.evaluation.coverage import Excuse
from yanshou.evaluation.display import Display, Expected, PictureTime, osd_clock_offset, osd_complete
from yanshou.evaluation.drift import DRIFTS, WatchedClock, looks_table
from yanshou.evaluation.health import (
    ViewScan,
    accepted_of,
    accepted_path,
    load_accepted,
    picture_change,
    picture_level,
    picture_signal,
    picture_still,
)
from yanshou.evaluation.holding import Window
from yanshou.evaluation.playing import Sight
from yanshou.evaluation.projection import Storage
from yanshou.evaluation.psnr import sequence_psnr
from yanshou.evaluation.recorded import (
    Drawn,
    Exports,
    drawn_instants,
    exports,
    record_completeness,
    recorded_frame_rate,
    recorded_pixels,
    recording_unaltered,
)
from yanshou.evaluation.retention import Retention, retention
from yanshou.evaluation.stream import (
    frame_rate,
    stream_age,
    stream_as_declared,
    stream_pixels,
)

__all__ = [
    "DRIFTS",
    "Display",
    "Drawn",
    "Excuse",
    "Expected",
    "Exports",
    "PictureTime",
    "Retention",
    "Sight",
    "Storage",
    "ViewScan",
    "WatchedClock",
    "Window",
    "accepted_of",
    "accepted_path",
    "delay",
    "drawn_instants",
    "exact",
    "exports",
    "filing_delay",
    "frame_rate",
    "image",
    "load_accepted",
    "log_age",
    "looks_table",
    "network",
    "osd_clock_offset",
    "osd_complete",
    "pass_rate",
    "picture_change",
    "picture_level",
    "picture_signal",
    "picture_still",
    "read_hours",
    "read_offset",
    "record_completeness",
    "recorded_frame_rate",
    "recorded_pixels",
    "recording_unaltered",
    "retention",
    "sequence_psnr",
    "site",
    "stream_age",
    "stream_as_declared",
    "stream_pixels",
]
