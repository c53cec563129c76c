# SPDX-License-Identifier: Apache-2.0
"""Pictures of the drawn test chart and what the reader of charts finds in them."""

from __future__ import annotations

import functools
import math
from typing import Any

import cv2
import numpy as np

from yanshou.emulation.video.chart import FAULTLESS, Optics, codes, draw
from yanshou.imaging import Certificate, ChartReading, Frame, layout, read_chart
from yanshou.imaging.grey import reflectance

CERTIFICATE = Certificate(
    tuple(-math.log10(0.88 * reflectance(one)) for one in layout.GREY_LIGHTNESS),
    tuple(lab for _, lab in layout.COLOURS),
    paper=-math.log10(0.88),
)


@functools.cache
def drawn(optics: Optics = FAULTLESS, width: int = 1280, height: int = 720) -> np.ndarray:
    return codes(draw(width, height, optics), optics.crush)


def frames(
    optics: Optics = FAULTLESS,
    *,
    noise: float = 1.0,
    count: int = 8,
    qp: float = 12,
    size: tuple[int, int] = (1280, 720),
) -> list[Frame]:
    """Key frames as they come from a full-range stream, each with noise of its own."""
    yuv = drawn(optics, *size)
    half = [
        np.rint(cv2.resize(yuv[..., n], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)).astype(np.uint8)
        for n in (1, 2)
    ]
    rng = np.random.default_rng(3)
    made = []
    for _ in range(count):
        luma = np.clip(np.rint(yuv[..., 0] + rng.normal(0, noise, yuv.shape[:2])), 0, 255).astype(np.uint8)
        made.append(Frame(luma, chroma=(half[0], half[1]), qp=qp))
    return made


def reading(*arguments: Any, **named: Any) -> ChartReading | None:
    found, gates = read_chart(frames(*arguments, **named), CERTIFICATE)
    assert gates == ()
    return found
