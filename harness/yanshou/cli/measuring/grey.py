# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure grey``: counts the eleven greys of the chart, and the range they show."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yanshou.cli.measuring.chart import Roi, head, readings
from yanshou.imaging.grey import range_shown


def measure(path: Path, rois: Sequence[Roi], _: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the steps distinguished, their codes and noise; the paper bounds the dynamic range."""
    answers = []
    for roi, reading, gates in readings(path, rois):
        scale = None if reading is None else reading.greys
        curve = None if reading is None else reading.curve
        shown = None if scale is None or curve is None else range_shown(scale, curve)
        answers.append(
            {
                "grey_steps": None if scale is None else scale.steps,
                "codes": [] if scale is None else [one.mean for one in scale.patches],
                "noise": [] if scale is None else [one.total for one in scale.patches],
                "resolved": [] if scale is None else list(scale.resolved),
                "dynamic_range_at_least_db": None if shown is None else shown.at_least_db,
                **head(path, roi, reading, [*gates, *(() if scale is None else scale.gates)]),
            }
        )
    return answers
