# SPDX-License-Identifier: Apache-2.0
"""The e-SFR of ISO 12233:2023 to the letter, for comparison; it is some percent off at both ends.

Order-5 edge polynomial, four bins per pixel, central difference, Tukey window with alpha = 1, correction of
the difference alone. Reported for comparison; no verdict rests on it.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from yanshou.imaging.edge import Floats, find_edges, oriented

_ORDER: Final = 5
_BINS: Final = 4
_LARGEST: Final = 10.0


def iso_mtf50(light: Floats) -> float | None:
    """SFR50 in cycles per pixel of the edge in linear ``light`` (height x width); None without one."""
    roi, _ = oriented(light)
    if min(roi.shape) < 2 * _BINS:
        return None
    edges = find_edges(np.ascontiguousarray(roi)[None], order=_ORDER)
    if not math.isfinite(float(edges.rms[0])):
        return None
    frequency, response = iso_response(roi, edges.centre[0], float(edges.angle_deg[0]))
    below = np.flatnonzero(response < 0.5)  # noqa: PLR2004 - SFR50
    if below.size == 0 or below[0] == 0:
        return None
    high = int(below[0])
    share = (response[high - 1] - 0.5) / (response[high - 1] - response[high])
    found = float(frequency[high - 1] + share * (frequency[high] - frequency[high - 1]))
    return found if found <= 0.5 else None  # noqa: PLR2004 - the Nyquist frequency


def iso_response(roi: Floats, centre: Floats, angle_deg: float) -> tuple[Floats, Floats]:
    """Frequencies (cycles/px along the normal) and the response of an upright region with a known edge."""
    rows, columns = roi.shape
    slope = abs(math.tan(math.radians(angle_deg)))
    whole = round(math.floor(rows * slope) / slope) if slope > 1 / rows else rows  # whole cycles of the phase
    used = slice(0, max(1, min(rows, whole)))
    offset = np.arange(columns) - centre[used, None] + columns / 2
    index = np.clip(np.ceil(offset * _BINS).astype(np.int64), 0, columns * _BINS - 1).ravel()
    hits = np.bincount(index, minlength=columns * _BINS)
    mean = np.bincount(index, roi[used].ravel(), columns * _BINS) / np.maximum(hits, 1)
    bins = np.arange(mean.size)
    mean = np.interp(bins, bins[hits > 0], mean[hits > 0])
    lsf = np.zeros_like(mean)
    lsf[1:-1] = (mean[2:] - mean[:-2]) / 2
    lsf = np.roll(lsf, mean.size // 2 - int(np.argmax(np.abs(lsf))))
    lsf *= 0.5 * (1 + np.cos(np.pi * (bins - mean.size // 2) / (mean.size / 2)))
    spectrum = np.abs(np.fft.rfft(lsf))
    x = 2 * np.pi * np.arange(spectrum.size) / mean.size
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = np.where(x > 0, x / np.sin(x), 1.0)
    correction = np.where((correction > 0) & (correction < _LARGEST), correction, _LARGEST)
    frequency = np.arange(spectrum.size) * _BINS / (mean.size * math.cos(math.radians(angle_deg)))
    keep = frequency <= 1.0
    return frequency[keep], (spectrum * correction / spectrum[0])[keep]
