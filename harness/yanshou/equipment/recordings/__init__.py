# SPDX-License-Identifier: Apache-2.0
"""Recordings as a test sees them: a recorder lists and plays, and the evaluation gets the results."""

from yanshou.equipment.recordings.drawn import (
    drawn_instants,
    exports,
    proved_by_pictures,
    record_completeness,
    recorded_frame_rate,
    recorded_pixels,
)
from yanshou.equipment.recordings.listing import hold
from yanshou.equipment.recordings.player import Player, Sight
from yanshou.equipment.recordings.retained import retention
from yanshou.equipment.recordings.several import AT_ONCE as PLAYED_AT_ONCE
from yanshou.evaluation.recorded import DrawnPlay, played_instead, undated

__all__ = [
    "PLAYED_AT_ONCE",
    "DrawnPlay",
    "Player",
    "Sight",
    "drawn_instants",
    "exports",
    "hold",
    "played_instead",
    "proved_by_pictures",
    "record_completeness",
    "recorded_frame_rate",
    "recorded_pixels",
    "retention",
    "undated",
]
