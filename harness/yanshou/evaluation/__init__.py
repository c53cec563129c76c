# SPDX-License-Identifier: Apache-2.0
"""From the data of a stream, a clock or a recorder to a measurement with its uncertainty.

Pure: observations in, measurements out. Nothing here asks a device, opens a file or waits; ``equipment`` does
that and passes frozen records in.
"""

from yanshou.evaluation import (
    body,
    delay,
    detection,
    gb35114,
    gb_download,
    gb_media,
    image,
    inspection,
    network,
    sip,
    site,
)
from yanshou.evaluation.ages import (
    exact,
    filing_delay,
    log_age,
    longest_interval,
    pass_rate,
    read_hours,
    read_offset,
    trial_days,
)
from yanshou.evaluation.coverage import Excuse
from yanshou.evaluation.display import Display, Expected, PictureTime, osd_clock_offset, osd_complete
from yanshou.evaluation.drift import DRIFTS, WatchedClock, readings_table
from yanshou.evaluation.health import (
    ViewScan,
    accepted_of,
    picture_change,
    picture_level,
    picture_signal,
    picture_still,
)
from yanshou.evaluation.holding import Window
from yanshou.evaluation.hours import (
    LocalStorage,
    Repair,
    hours_between,
    longest_repair,
    stored_without_network,
)
from yanshou.evaluation.papers import Paper, longest_stretch, out_of_order, same_model
from yanshou.evaluation.private_places import PRIVATE_PLACES, PlaceFound, place_of
from yanshou.evaluation.projection import Storage
from yanshou.evaluation.psnr import sequence_psnr
from yanshou.evaluation.recorded import (
    Drawn,
    Exports,
    recording_unaltered,
)
from yanshou.evaluation.retention import Retention
from yanshou.evaluation.stream import (
    frame_rate,
    second_fell_behind,
    stream_age,
    stream_as_declared,
    stream_pixels,
)

__all__ = [
    "DRIFTS",
    "PRIVATE_PLACES",
    "Display",
    "Drawn",
    "Excuse",
    "Expected",
    "Exports",
    "LocalStorage",
    "Paper",
    "PictureTime",
    "PlaceFound",
    "Repair",
    "Retention",
    "Storage",
    "ViewScan",
    "WatchedClock",
    "Window",
    "accepted_of",
    "body",
    "delay",
    "detection",
    "exact",
    "filing_delay",
    "frame_rate",
    "gb35114",
    "gb_download",
    "gb_media",
    "hours_between",
    "image",
    "inspection",
    "log_age",
    "longest_interval",
    "longest_repair",
    "longest_stretch",
    "network",
    "osd_clock_offset",
    "osd_complete",
    "out_of_order",
    "pass_rate",
    "picture_change",
    "picture_level",
    "picture_signal",
    "picture_still",
    "place_of",
    "read_hours",
    "read_offset",
    "readings_table",
    "recording_unaltered",
    "same_model",
    "second_fell_behind",
    "sequence_psnr",
    "sip",
    "site",
    "stored_without_network",
    "stream_age",
    "stream_as_declared",
    "stream_pixels",
    "trial_days",
]
