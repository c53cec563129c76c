# SPDX-License-Identifier: Apache-2.0
"""Image-quality measurements: arrays in, values with their uncertainty out, nothing read or written."""

from yanshou.imaging.chart import Chart, ChartSfr, Roi, find_chart, measure_chart
from yanshou.imaging.installation import check_opencv
from yanshou.imaging.privacy import pixelate, thumbnail
from yanshou.imaging.sfr import SfrResult, sfr

__all__ = [
    "Chart",
    "ChartSfr",
    "Roi",
    "SfrResult",
    "check_opencv",
    "find_chart",
    "measure_chart",
    "pixelate",
    "sfr",
    "thumbnail",
]
