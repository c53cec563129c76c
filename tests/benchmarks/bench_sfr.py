# SPDX-License-Identifier: Apache-2.0
"""e-SFR against edges whose response is known in closed form; quickMTF (PyPI) on the same regions beside it.

480 regions of 64 x 64 px, edge from 0.2 to 0.8 of full scale, MTF50 0.05 to 0.40 cycles per pixel, 3 to 15
degrees, random places: noise-free (float and 8 bit) and with 1 % noise in 8 bit.  The Cramér–Rao bound is
that of the model with five unknowns: blur, place, angle, dark and bright.  Then 2,000 random edges with bow,
noise (none in each third) and rounding, plateaus off whole codes: how often value ± U holds the truth.
"""

from __future__ import annotations

import io
import math
import time
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout

import numpy as np

from tests.benchmarks.figure import Figure, tell
from tests.support.slanted_edge import edge_image, second_integral, sigma_for
from yanshou.imaging.sfr import sfr_many

LEVELS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40)
ANGLES = (3.0, 5.0, 8.0, 10.0, 15.0)
PLACES = 12
SIDE, LOW, HIGH, NOISE = 64, 51.0, 204.0, 2.55


def main(_: Sequence[str] = ()) -> int:
    """Print the figures; 1 when a bar is missed."""
    rng = np.random.default_rng(20261123)
    clean = {
        level: [
            edge_image(
                SIDE, SIDE, angle, sigma_for(level, angle), shift=rng.uniform(-1, 1), low=LOW, high=HIGH
            )
            for angle in ANGLES
            for _ in range(PLACES)
        ]
        for level in LEVELS
    }
    noisy = {
        level: [np.rint(roi + rng.normal(0, NOISE, roi.shape)) for roi in rois]
        for level, rois in clean.items()
    }
    exact, rounded = deviations(clean), deviations({k: [np.rint(roi) for roi in v] for k, v in clean.items()})
    spread = deviations(noisy)
    bounds = {level: np.mean([bound(level, angle) for angle in ANGLES]) for level in LEVELS}
    peer, peer_ms = quick_mtf(clean)
    print(" MTF50   bias %  8 bit %  noisy %   sd %  CRB % sd/CRB quickMTF %")
    for level in LEVELS:
        row = (exact[level].mean(), rounded[level].mean(), spread[level].mean(), spread[level].std())
        ratio = row[3] / bounds[level] / 100
        print(
            f"{level:6.2f} {row[0]:+8.3f} {row[1]:+8.3f} {row[2]:+8.3f} {row[3]:6.2f} "
            f"{100 * bounds[level]:6.2f} {ratio:6.2f} {peer[level].mean():+10.2f}"
        )
    every = [roi for rois in clean.values() for roi in rois]
    ratios = [spread[level].std() / 100 / bounds[level] for level in LEVELS]
    covered, left_out = coverage(rng)
    return tell(
        "sfr",
        [
            Figure("bias, float, worst MTF50", worst(exact), "%", at_most=0.2),
            Figure("bias, 8 bit without noise, worst MTF50", worst(rounded), "%"),
            Figure("bias, 1 % noise and 8 bit, worst MTF50", worst(spread), "%"),
            Figure("quickMTF, bias, float, worst MTF50", worst(peer), "%"),
            Figure("spread over Cramér–Rao, worst MTF50", float(max(ratios)), "", at_most=2.0),
            Figure("time per region, batched, 1 core", milliseconds(every), "ms", at_most=0.5),
            Figure("quickMTF, time per region", peer_ms, "ms"),
            Figure("regions of the table left out by a gate", left_of(noisy, spread), ""),
            Figure("value ± U holds the truth, 2000 edges", float(covered), "%", at_least=95.0),
            Figure("of these left out by a gate", left_out, "%"),
        ],
    )


def deviations(regions: dict[float, list[np.ndarray]]) -> dict[float, np.ndarray]:
    """(measured / true - 1) in % of every region, by true MTF50."""
    found = {}
    for level, rois in regions.items():
        values = [one.mtf50 if one.mtf50 is not None else math.nan for one in sfr_many(rois)]
        known = np.array(values)
        found[level] = 100 * (known[np.isfinite(known)] / level - 1)
    return found


def left_of(regions: dict[float, list[np.ndarray]], found: dict[float, np.ndarray]) -> float:
    """How many regions gave no figure: false alarms, since all of them are healthy."""
    return float(sum(len(rois) - len(found[level]) for level, rois in regions.items()))


def worst(found: dict[float, np.ndarray]) -> float:
    """The largest mean deviation in %."""
    return float(max(abs(one.mean()) for one in found.values()))


def milliseconds(rois: list[np.ndarray]) -> float:
    """CPU time per region, the best of five: what else the machine does is not ours."""
    times = []
    for _ in range(5):
        started = time.process_time()
        sfr_many(rois)
        times.append(time.process_time() - started)
    return 1e3 * min(times) / len(rois)


def bound(level: float, angle: float) -> float:
    """Relative Cramér–Rao bound of MTF50 from one region with white noise."""
    sigma, step = sigma_for(level, angle), 1e-4

    def picture(blur: float, shift: float, turn: float, low: float, high: float) -> np.ndarray:
        return edge_image(SIDE, SIDE, turn, blur, shift=shift, low=low, high=high).ravel()

    centre = np.array([sigma, 0.13, angle, LOW, HIGH])
    slopes = [
        (picture(*(centre + step * unit)) - picture(*(centre - step * unit))) / (2 * step)
        for unit in np.eye(5)
    ]
    information = np.array(slopes) @ np.array(slopes).T / NOISE**2
    per_blur = (sigma_for(level * 1.001, angle) - sigma_for(level * 0.999, angle)) / (0.002 * level)
    return math.sqrt(np.linalg.inv(information)[0, 0]) / abs(per_blur) / level


def quick_mtf(regions: dict[float, list[np.ndarray]]) -> tuple[dict[float, np.ndarray], float]:
    """The same of quickMTF's slanted-edge routine at four bins per pixel, and its time per region in ms."""
    import matplotlib as mpl

    mpl.use("Agg")
    from quickMTF.SFR_MTF import sfr_mtfcal

    peer, found, spent, count = sfr_mtfcal(), {}, 0.0, 0
    for level, rois in regions.items():
        values = []
        for roi in rois:
            started = time.process_time()
            with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                mtf, _ = peer.calc_sfr(roi, 4, show_plots=0)
            spent, count = spent + time.process_time() - started, count + 1
            under = int(np.argmax(mtf[:, 1] < 0.5))
            (f0, m0), (f1, m1) = mtf[under - 1], mtf[under]
            values.append(f0 + (m0 - 0.5) / (m0 - m1) * (f1 - f0))
        found[level] = 100 * (np.array(values) / level - 1)
    return found, 1e3 * spent / count


def coverage(rng: np.random.Generator, count: int = 2000) -> tuple[float, float]:
    """Share (%) of random edges whose truth lies in value ± U, and share left out by a gate."""
    rois, truths = [], []
    for number in range(count):
        level, angle = rng.uniform(0.05, 0.42), rng.uniform(2.5, 25.0)
        low, high = rng.uniform(30, 70), rng.uniform(150, 220)
        roi = bowed(angle, sigma_for(level, angle), rng.uniform(-1.5, 1.5), rng.uniform(-1, 1), low, high)
        noise = rng.uniform(0.0, 4.0) if number % 3 else 0.0  # without noise nothing dithers the plateaus
        rois.append(np.rint(roi + noise * rng.normal(0, 1, roi.shape)))
        truths.append(level)
    results = sfr_many(rois)
    kept = [(one, truth) for one, truth in zip(results, truths, strict=True) if one.mtf50 is not None]
    hits = sum(abs(one.mtf50 - truth) <= one.U_mtf50 for one, truth in kept)
    return 100 * hits / len(kept), 100 * (1 - len(kept) / count)


def bowed(angle: float, sigma: float, shift: float, sagitta: float, low: float, high: float) -> np.ndarray:
    """An edge bent by ``sagitta`` px over its rows: each row that of a straight edge with the local slope."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(float)
    across = 2 * y / (SIDE - 1) - 1
    centre = (SIDE - 1) / 2 * (1 + across * math.tan(math.radians(angle))) + shift + sagitta * across**2
    slope = np.arctan(math.tan(math.radians(angle)) + sagitta * 4 * across / (SIDE - 1))
    t = (x - centre) * np.cos(slope)
    a, b = np.cos(slope) / 2, np.abs(np.sin(slope)) / 2
    b = np.maximum(b, 1e-3)
    parts = [(a + b, 1), (a - b, -1), (b - a, -1), (-a - b, 1)]
    share = sum(sign * second_integral(t + step, sigma) for step, sign in parts) / (4 * a * b)
    return low + (high - low) * share


if __name__ == "__main__":
    raise SystemExit(main())
