# SPDX-License-Identifier: Apache-2.0
"""The printed chart found and measured end to end: PDF, perspective, tilt, blur and noise at 1920 x 1080.

The sheet is rendered by Poppler (``pdftoppm``), area-averaged into the picture through a perspective, blurred
and given noise.  Every condition must be found, its greys counted and its edges measured.
"""

from __future__ import annotations

import math
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.benchmarks.figure import Figure, tell
from tests.support.simulated_camera import projected
from tests.support.slanted_edge import true_mtf50
from yanshou.cli.chart_sheet import chart_pdf
from yanshou.imaging import Certificate, Frame, layout, read_chart
from yanshou.imaging.grey import reflectance

WIDTHS = (1500, 1000, 600, 400)
BLURS = (0.6, 1.0)
TURNS = ((0.0, 0.0), (3.0, 0.04), (-10.0, 0.08), (10.0, -0.06))
"""Turn in degrees (never such that the edges stand upright) and by how much the far side is shorter."""
SIZE = (1920, 1080)
EXPOSURE, NOISE, DPI, SUPER = 0.85, 1.0, 300, 4
CERTIFICATE = Certificate(
    tuple(-math.log10(layout.PAPER * reflectance(one)) for one in layout.GREY_LIGHTNESS),
    paper=-math.log10(layout.PAPER),
)


def main(_: Sequence[str] = ()) -> int:
    """Print the figures; 1 when a bar is missed."""
    page = rendered()
    rng = np.random.default_rng(20261123)
    failures, deviations, times, places = 0, [], [], []
    for width in WIDTHS:
        for blur in BLURS:
            for turn, tilt in TURNS:
                frame, matrix = seen(page, width, blur, turn, tilt, rng)
                started = time.process_time()
                found, gates = read_chart([frame], CERTIFICATE)
                measured = found is not None and (
                    found.mtf50.value,
                    found.greys.steps,
                    found.distortion.rms_px,
                )
                times.append(1e3 * (time.process_time() - started))
                if found is None or found.mtf50.value is None or found.greys.steps != layout.GREYS:
                    failures += 1
                    print("not measured:", width, blur, turn, gates or measured)
                    continue
                truth = true_mtf50(layout.TURN_DEG, blur)
                deviations.append(100 * (found.mtf50.value / truth - 1))
                corners = [(0, 0), (layout.WIDTH, 0), (layout.WIDTH, layout.HEIGHT), (0, layout.HEIGHT)]
                wanted = cv2.perspectiveTransform(np.float64([corners]), matrix)[0]
                places.append(float(np.abs(found.view.pixels(corners) - wanted).max()))
    return tell(
        "chart",
        [
            Figure("conditions", float(len(WIDTHS) * len(BLURS) * len(TURNS)), ""),
            Figure("not found or not measured", float(failures), "", at_most=0.0),
            Figure("found and measured, CPU, median", float(np.median(times)), "ms", at_most=150.0),
            Figure("found and measured, CPU, slowest", float(np.max(times)), "ms"),
            Figure("sheet's corners, worst error", float(np.max(places)), "px"),
            Figure("MTF50, mean (the renderer blurs, too)", float(np.mean(deviations)), "%"),
            Figure("MTF50, standard deviation", float(np.std(deviations)), "%"),
        ],
    )


def rendered() -> np.ndarray:
    """The A3 sheet as reflectance, float32."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chart.pdf"
        path.write_bytes(chart_pdf("A3", serial="BENCH", colour_frame=False))
        out = str(path.with_suffix(""))
        command = ["pdftoppm", "-r", str(DPI), "-gray", "-singlefile", str(path), out]
        subprocess.run(command, check=True)
        codes = cv2.imread(str(path.with_suffix(".pgm")), cv2.IMREAD_GRAYSCALE) / np.float32(255)
    light = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
    return np.minimum(light, layout.PAPER).astype(np.float32)


def seen(
    page: np.ndarray, width: int, blur: float, turn: float, tilt: float, rng: np.random.Generator
) -> tuple[Frame, np.ndarray]:
    """A camera's picture of the sheet, and the true homography from millimetres to pixels."""
    half = np.array([width / 2, width / 2 * layout.HEIGHT / layout.WIDTH])
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    square[1:3, 1] *= 1 - tilt
    angle = math.radians(turn)
    spin = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    quad = np.float32(
        square @ spin * min(1.0, 1040 / np.ptp((square @ spin)[:, 1])) + np.array(SIZE) / 2 + 0.3
    )
    sheet = np.float32([[0, 0], [layout.WIDTH, 0], [layout.WIDTH, layout.HEIGHT], [0, layout.HEIGHT]])
    matrix = cv2.getPerspectiveTransform(sheet, quad)
    scale = page.shape[1] / layout.WIDTH
    from_page = np.array([[1 / scale, 0, 0.5 / scale], [0, 1 / scale, 0.5 / scale], [0, 0, 1]])
    larger = np.array([[SUPER, 0, (SUPER - 1) / 2], [0, SUPER, (SUPER - 1) / 2], [0, 0, 1]])
    shrink = max(1, int(scale / (width / layout.WIDTH * SUPER)))
    source = cv2.resize(page, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    smaller = np.array([[shrink, 0, (shrink - 1) / 2], [0, shrink, (shrink - 1) / 2], [0, 0, 1]])
    light = EXPOSURE * projected(source, larger @ matrix @ from_page @ smaller, SIZE, fine=SUPER, sigma=blur)
    codes = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    luma = np.clip(np.rint(codes + rng.normal(0, NOISE, codes.shape)), 0, 255).astype(np.uint8)
    return Frame(luma, qp=10), matrix


if __name__ == "__main__":
    raise SystemExit(main())
