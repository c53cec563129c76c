# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure colour``: CIEDE2000 and white balance, on our chart or a bare ColorChecker."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from yanshou.cli.measuring.chart import Roi, head, readings
from yanshou.cli.pictures import StillPicture, read
from yanshou.imaging.colour import Colours, bare_checker, compared


def measure(path: Path, rois: Sequence[Roi], _: argparse.Namespace) -> list[dict[str, Any]]:
    """Compare with the values of the ColorChecker Classic since November 2014, not a certificate."""
    answers = []
    for roi, reading, gates in readings(path, rois):
        found = _bare(read(path)[0], roi) if reading is None else reading.colours
        shown = {**_shown(found), "reference": "ColorChecker Classic since November 2014, not certified"}
        answers.append({**shown, **head(path, roi, reading, gates if found is None else found.gates)})
    return answers


def _bare(picture: StillPicture, roi: Roi) -> Colours | None:
    """Measure a ColorChecker without our markers."""
    codes = picture.codes if picture.codes.ndim == 3 else picture.rgb  # noqa: PLR2004
    if codes is None:
        return None
    x, y, w, h = roi
    part = codes[y : y + h, x : x + w]
    eight = part if part.dtype == np.uint8 else (part / 257).astype(np.uint8)
    found = bare_checker(np.ascontiguousarray(eight[..., ::-1]))
    return None if found is None else compared(found[0], gates=found[1])


def _shown(found: Colours | None) -> dict[str, Any]:
    known = found is not None and found.white_balance is not None
    if found is None or not known:
        keys = ("delta_e00_mean", "delta_e00_max", "delta_e00_exposure_matched", "delta_c00_mean")
        return {**dict.fromkeys(keys), "white_balance_error": None, "a": None, "b": None, "patches": []}
    return {
        "delta_e00_mean": float(found.delta.mean()),
        "delta_e00_max": float(found.delta.max()),
        "delta_e00_exposure_matched": float(found.matched.mean()),
        "delta_c00_mean": float(found.chroma.mean()),
        "white_balance_error": found.white_balance,
        "a": found.cast[0],
        "b": found.cast[1],
        "patches": [[round(float(value), 3) for value in lab] for lab in found.measured],
    }
