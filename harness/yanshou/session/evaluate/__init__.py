# SPDX-License-Identifier: Apache-2.0
"""From what a stream, a clock or a recorder gave to a measurement with its uncertainty."""

from yanshou.session.evaluate import delay, image, network, site
from yanshou.session.evaluate.ages import exact, filing_delay, log_age, pass_rate, read_hours, read_offset
from yanshou.session.evaluate.clocks import Clock, clock_offset, clock_survey
from yanshou.session.evaluate.coverage import Excuse
from yanshou.session.evaluate.display import Display, Expected, PictureTime, osd_clock_offset, osd_complete
from yanshou.session.evaluate.drift import DRIFTS, Drift, Watched, clock_drift, looks_table, watch_clocks
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
from yanshou.session.evaluate.holding import Window
from yanshou.session.evaluate.playing import Sight
from yanshou.session.evaluate.projection import Storage
from yanshou.session.evaluate.psnr import sequence_psnr
from yanshou.session.evaluate.recorded import (
    Drawn,
    Exports,
    drawn_instants,
    exports,
    record_completeness,
    recorded_frame_rate,
    recorded_pixels,
    recording_unaltered,
)
from yanshou.session.evaluate.retention import Retention, retention
from yanshou.session.evaluate.stream import (
    frame_rate,
    stream_age,
    stream_as_declared,
    stream_pixels,
)

__all__ = [
    "DRIFTS",
    "Clock",
    "Display",
    "Drawn",
    "Drift",
    "Excuse",
    "Expected",
    "Exports",
    "Look",
    "PictureTime",
    "Retention",
    "Sight",
    "Storage",
    "Watched",
    "Window",
    "accepted_of",
    "accepted_path",
    "clock_drift",
    "clock_offset",
    "clock_survey",
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
    "watch_clocks",
]
