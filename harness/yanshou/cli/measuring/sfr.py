# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure sfr``: measures the slanted edge in a picture, or in each region of it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from yanshou.cli.pictures import StillPicture, coding_of, read
from yanshou.imaging.iso import iso_mtf50
from yanshou.imaging.sfr import MAX_CLIPPED, SfrResult, clipped, refused, sfr, srgb_steps
from yanshou.model import UsageError

Roi = tuple[int, int, int, int]


def measure(path: Path, rois: Sequence[Roi], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return one answer per region, or one of the whole picture; pictures of a clip are averaged first."""
    pictures = _distinct(read(path))
    width, height = pictures[0].size
    return [_answer(path, pictures, roi, linear=options.linear) for roi in (rois or [(0, 0, width, height)])]


def _distinct(pictures: Sequence[StillPicture]) -> list[StillPicture]:
    """Return the pictures that differ; copies of one picture are no repetition."""
    return list({one.codes.tobytes(): one for one in pictures}.values())


def _answer(path: Path, pictures: Sequence[StillPicture], roi: Roi, *, linear: bool) -> dict[str, Any]:
    x, y, w, h = roi
    width, height = pictures[0].size
    if x + w > width or y + h > height:
        what = f"the region {x},{y},{w},{h} is not inside the picture of {width} x {height} px."
        raise UsageError(what, "Choose --roi X,Y,W,H inside.", path=path)
    window = (slice(y, y + h), slice(x, x + w))
    light = np.mean([one.light(linear=linear)[window] for one in pictures], axis=0) * 255.0
    found = _measured(pictures, window, light, linear=linear)
    upright = "vertical" if found.horizontal else "horizontal"
    coding = coding_of(pictures)
    return {
        "mtf50": found.mtf50,
        "mtf30": found.mtf30,
        "mtf10": found.mtf10,
        "mtf_nyquist": found.mtf_nyquist,
        "peak": found.peak,
        "angle": None if found.angle_deg is None else abs(found.angle_deg),
        "U_mtf50": found.U_mtf50,
        "gates": list(found.gates),
        "k": 2.0,
        "unit": "cy/px",
        "edge": upright if found.angle_deg is not None else None,
        "mtf50_iso12233_2023": None if found.mtf50 is None else iso_mtf50(light),
        "tone": "linear" if linear else "sRGB",
        "pictures": len(pictures),
        "qp": coding.qp,
        "qp_exact": coding.exact,
        "bits_per_pixel": coding.bits_per_pixel,
        "file": str(path),
        "roi": list(roi),
    }


def _measured(
    pictures: Sequence[StillPicture], window: tuple[slice, slice], light: Any, *, linear: bool
) -> SfrResult:
    closed = coding_of(pictures).gate
    if closed:
        return refused(closed)
    share = max(float(one.clipped()[window].mean()) for one in pictures)
    if share > MAX_CLIPPED:
        return refused(clipped(share))
    whole = pictures[0].codes.dtype
    depth = float(np.iinfo(whole).max) if np.issubdtype(whole, np.integer) else math.inf
    one = 255.0 / depth
    return sfr(light, steps=(one, one) if linear else srgb_steps(light, 255.0, depth))
