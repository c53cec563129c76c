# SPDX-License-Identifier: Apache-2.0
"""Image-quality measurements: they take arrays and return values with uncertainty; no input or output."""

from yanshou.imaging.finder import ChartView, find_chart
from yanshou.imaging.frame import Frame
from yanshou.imaging.installation import check_opencv
from yanshou.imaging.privacy import pixelate, thumbnail
from yanshou.imaging.reading import Certificate, ChartReading, read_chart
from yanshou.imaging.sfr import SfrResult, sfr, sfr_many

__all__ = [
    "Certificate",
    "ChartReading",
    "ChartView",
    "Frame",
    "SfrResult",
    "check_opencv",
    "find_chart",
    "pixelate",
    "read_chart",
    "sfr",
    "sfr_many",
    "thumbnail",
]
