# SPDX-License-Identifier: Apache-2.0
"""The chart in a file, for the commands that read it: grey, noise, colour, geometry."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from yanshou.cli.pictures import Codes, StillPicture, read
from yanshou.imaging import ChartReading, Frame, read_chart
from yanshou.imaging.chart import linear_light
from yanshou.model import UsageError

Roi = tuple[int, int, int, int]


def readings(path: Path, rois: Sequence[Roi]) -> list[tuple[Roi, ChartReading | None, tuple[str, ...]]]:
    """Find the chart in each region of a file, or in the whole picture; or say why it was not found."""
    return chart_in(path, read(path), rois)


def chart_in(
    path: Path, pictures: Sequence[StillPicture], rois: Sequence[Roi]
) -> list[tuple[Roi, ChartReading | None, tuple[str, ...]]]:
    """The same for several pictures of one view."""
    width, height = pictures[0].size
    found = []
    for x, y, w, h in rois or [(0, 0, width, height)]:
        if x + w > width or y + h > height:
            what = f"the region {x},{y},{w},{h} is not inside the picture of {width} x {height} px."
            raise UsageError(what, "Choose --roi X,Y,W,H inside.", path=path)
        reading, gates = read_chart([frame(one, (x, y, w, h)) for one in pictures])
        found.append(((x, y, w, h), reading, gates))
    return found


def frame(picture: StillPicture, roi: Roi) -> Frame:
    """Return a region of a picture in the form the chart measurements need."""
    x, y, w, h = roi
    window = (slice(y, y + h), slice(x, x + w))
    codes = picture.codes[window]
    if codes.ndim == 3:  # noqa: PLR2004
        luma = np.rint(codes.astype(np.float64) @ np.array([0.2126, 0.7152, 0.0722])).astype(codes.dtype)
        return _framed(picture, luma, codes)
    return _framed(picture, codes, None if picture.rgb is None else picture.rgb[window])


def _framed(picture: StillPicture, luma: Codes, rgb: Codes | None) -> Frame:
    return Frame(
        np.ascontiguousarray(luma),
        picture.black,
        picture.white,
        rgb=rgb,
        qp=picture.qp,
        qp_exact=picture.qp_exact,
        bits_per_pixel=picture.bits_per_pixel,
    )


def head(path: Path, roi: Roi, reading: ChartReading | None, gates: Sequence[str]) -> dict[str, Any]:
    """Return the fields that every answer has."""
    view = None if reading is None else reading.view
    return {
        "gates": list(gates),
        "notes": [] if view is None else list(view.notes),
        "chart_width_px": None if view is None else view.width_px,
        "pictures": 0 if reading is None else len(reading.frames),
        "qp": None if reading is None else reading.qp,
        "file": str(path),
        "roi": list(roi),
    }


def light_of(reading: ChartReading, options: argparse.Namespace) -> Any:
    """Return how codes are converted to light: proportionally with ``--linear``, else by the sRGB curve."""
    return linear_light if options.linear else reading.light
