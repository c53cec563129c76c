# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure range FILE… --roi … --densities …``: dynamic range from a transmissive step chart."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from yanshou.cli.measuring.chart import frame
from yanshou.cli.pictures import coding_of, read
from yanshou.imaging.dynamic_range import dynamic_range
from yanshou.model import UsageError

Roi = tuple[int, int, int, int]
_IMAGES: Final = {".png", ".tif", ".tiff", ".bmp", ".ppm", ".pgm"}


def measure(path: Path, rois: Sequence[Roi], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure one clip; its key frames are the pictures."""
    return together([path], rois, options)


def together(paths: Sequence[Path], rois: Sequence[Roi], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return one answer for several stills as one sequence; each step needs a region and a density."""
    pictures = [one for path in paths for one in read(path)]
    if len({one.size for one in pictures}) > 1:
        raise UsageError("the pictures differ in size.", "Give pictures of one view.", path=paths[0])
    width, height = pictures[0].size
    for x, y, w, h in rois:
        if x + w > width or y + h > height:
            what = f"the region {x},{y},{w},{h} is not inside the picture of {width} x {height} px."
            raise UsageError(what, "Choose --roi X,Y,W,H inside.", path=paths[0])
    known = all(path.suffix.lower() in _IMAGES for path in paths)
    frames = [frame(one, (0, 0, width, height)) for one in pictures]
    coding = coding_of(pictures)
    found = dynamic_range(frames, rois, _densities(options.densities), coding=coding, known=known)
    return [
        {
            "dynamic_range_db": found.db,
            "at_least": found.at_least,
            "U_db": None if found.u_db is None else 2 * found.u_db,
            "k": 2.0,
            "codes": list(found.codes),
            "noise": list(found.noise),
            "snr": list(found.snr),
            "pictures": len(pictures),
            "qp": coding.qp,
            "gates": list(found.gates),
            "file": str(paths[0]),
        }
    ]


def _densities(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")] if text else []
    except ValueError:
        what = f"--densities {text} is no list of numbers."
        raise UsageError(what, "Write the certificate's densities, light to dark, with commas.") from None
