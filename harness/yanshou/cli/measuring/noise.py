# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure noise``: signal-to-noise ratios by three named formulas, from the chart's greys."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from yanshou.cli.measuring.chart import Roi, chart_in, head, readings
from yanshou.cli.pictures import read
from yanshou.imaging import ChartReading
from yanshou.model import UsageError

_IMAGES: Final = {".png", ".tif", ".tiff", ".bmp", ".ppm", ".pgm", ".webp"}


def measure(path: Path, rois: Sequence[Roi], _: argparse.Namespace) -> list[dict[str, Any]]:
    """Return ratios by ISO 15739 (temporal), video signal and field; one picture has no temporal noise."""
    known = path.suffix.lower() in _IMAGES
    return [_answer(path, *found, known=known) for found in readings(path, rois)]


def together(paths: Sequence[Path], rois: Sequence[Roi], _: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure several stills of one view as the pictures of one sequence."""
    pictures = [one for path in paths for one in read(path)]
    if len({one.size for one in pictures}) > 1:
        raise UsageError(
            "the pictures differ in size.", "Give pictures of one view, or one file at a time.", path=paths[0]
        )
    known = all(path.suffix.lower() in _IMAGES for path in paths)
    return [_answer(paths[0], *found, known=known) for found in chart_in(paths[0], pictures, rois)]


def _answer(
    path: Path, roi: Roi, reading: ChartReading | None, gates: tuple[str, ...], *, known: bool
) -> dict[str, Any]:
    found = None if reading is None else reading.snr(known=known)
    fields = [] if reading is None else [_field(one.mean, one.total) for one in reading.greys.patches]
    return {
        "snr_iso15739_db": None if found is None else found.iso_db,
        "snr_video_db": None if found is None else found.video_db,
        "snr_field_db": None if found is None else found.field_db,
        "U_db": None if found is None or found.u_db is None else 2 * found.u_db,
        "temporal_codes": None if found is None else found.temporal,
        "fixed_codes": None if found is None else found.fixed,
        "total_codes": None if found is None else found.total,
        "grey_step": None if found is None or found.step is None else found.step + 1,
        "field_db_of_steps": fields,
        "k": 2.0,
        **head(path, roi, reading, [*gates, *(() if found is None else found.gates)]),
    }


def _field(mean: float, total: float) -> float | None:
    """Return mean over standard deviation of one field in dB; unevenness of the field counts as noise."""
    return 20 * float(np.log10(mean / total)) if mean > 0 and total > 0 else None
