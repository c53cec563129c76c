# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure geometry``: distortion, pixels per metre with both tables of levels, evenness."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from yanshou.cli.measuring.chart import Roi, head, light_of, readings
from yanshou.imaging.geometry import Evenness, evenness, turned_evenness

_PAIR: Final = 2
_NEARLY_DEG: Final = 10.0


def measure(path: Path, rois: Sequence[Roi], options: argparse.Namespace) -> list[dict[str, Any]]:
    """The pixel density is that of an A3 chart printed at 100 %: divide by 1.4142 on A2, by 2 on A1."""
    answers = []
    for roi, reading, gates in readings(path, rois):
        lens = None if reading is None else reading.distortion
        density = None if reading is None else reading.density
        even = None if reading is None else evenness(reading.frames, reading.view, light_of(reading, options))
        reasons = [*gates, *(lens.gates if lens else ()), *(even.gates if even else ())]
        answers.append(
            {
                "distortion_percent": None if lens is None else lens.percent,
                "U_distortion_percent": _twice(None if lens is None else lens.u_percent),
                "px_per_m_a3": None if density is None else density.value,
                "U_px_per_m": _twice(None if density is None else density.u),
                "dori_2014": "" if density is None else density.dori,
                "oodpcvs_2025": "" if density is None else density.oodpcvs,
                "evenness_percent": None if even is None else even.percent,
                "evenness_zones": [] if even is None else list(even.zones),
                "evenness_camera_percent": None,
                "evenness_light_percent": None,
                "turned_deg": None if reading is None else reading.view.turned_deg,
                "k": 2.0,
                **head(path, roi, reading, reasons),
            }
        )
    return answers


def together(paths: Sequence[Path], rois: Sequence[Roi], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return one answer per file; two pictures, the chart turned by 180°, separate light and camera."""
    answers = [answer for path in paths for answer in measure(path, rois, options)]
    if len(paths) == _PAIR and not rois and all(one["turned_deg"] is not None for one in answers):
        apart = abs(answers[0]["turned_deg"] - answers[1]["turned_deg"]) % 360
        readings = [Evenness(one["evenness_percent"], tuple(one["evenness_zones"])) for one in answers]
        found = turned_evenness(*readings) if abs(apart - 180) < _NEARLY_DEG else None
        if found:
            shares = {"evenness_camera_percent": found.camera, "evenness_light_percent": found.light}
            answers = [one | shares for one in answers]
    return answers


def _twice(value: float | None) -> float | None:
    return None if value is None else 2 * value
