# SPDX-License-Identifier: Apache-2.0
"""Image-quality measurements: they take arrays and return values with uncertainty; no input or output."""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.imaging.finder import ChartView, find_chart
    from yanshou.imaging.frame import Frame
    from yanshou.imaging.installation import check_opencv
    from yanshou.imaging.privacy import pixelate, thumbnail
    from yanshou.imaging.reading import Certificate, ChartReading, read_chart
    from yanshou.imaging.sfr import SfrResult, sfr_many
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.imaging.finder": (
                "ChartView",
                "find_chart",
            ),
            "yanshou.imaging.frame": ("Frame",),
            "yanshou.imaging.installation": ("check_opencv",),
            "yanshou.imaging.privacy": (
                "pixelate",
                "thumbnail",
            ),
            "yanshou.imaging.reading": (
                "Certificate",
                "ChartReading",
                "read_chart",
            ),
            "yanshou.imaging.sfr": (
                "SfrResult",
                "sfr_many",
            ),
        },
    )

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
    "sfr_many",
    "thumbnail",
]
