# SPDX-License-Identifier: Apache-2.0
"""The on-screen display of an emulated camera: date, weekday and time at the top, its name at the bottom."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]

_DAYS = "一二三四五六日"
_LINE = 0.045  # height of a line over that of the picture
_FONT = "NotoSansSC-Bold.ttf"


@dataclass(frozen=True, slots=True)
class OsdStyle:
    """What is written over the pictures; ``ahead`` is by how many seconds the written clock is ahead.

    ``stands`` is the Unix time at which it stopped, None while it runs.
    """

    name: str
    time_zone: str
    ahead: float = 0.0
    with_clock: bool = True
    stands: float | None = None

    def write(self, picture: Picture, utc: float) -> None:
        """Write over an I420 picture (height * 3/2, width) at Unix time ``utc``."""
        height = picture.shape[0] * 2 // 3
        if self.with_clock:
            second = int((utc if self.stands is None else self.stands) + self.ahead)
            _lay(picture, _line(self._clock(second), height), 0.03, 0.03)
        if self.name:
            _lay(picture, _line(self.name, height), 0.6, 0.92)

    def _clock(self, second: int) -> str:
        shown = datetime.fromtimestamp(second, UTC).astimezone(ZoneInfo(self.time_zone))
        return f"{shown:%Y-%m-%d} 星期{_DAYS[shown.weekday()]} {shown:%H:%M:%S}"


@functools.lru_cache(maxsize=64)
def _line(text: str, height: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Masks (ink, outline) of a line of text for a picture of this height."""
    font = ImageFont.truetype(
        str(resources.files("yanshou.reports") / "fonts" / _FONT), round(_LINE * height)
    )
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text, stroke_width=2))
    masks = []
    for stroke in (0, 2):
        image = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(image).text((-left, -top), text, font=font, fill=255, stroke_width=stroke)
        masks.append(np.asarray(image) > 127)  # noqa: PLR2004 - half covered
    return masks[0], masks[1]


def _lay(
    picture: Picture, masks: tuple[NDArray[np.bool_], NDArray[np.bool_]], left: float, top: float
) -> None:
    height, width = picture.shape[0] * 2 // 3, picture.shape[1]
    ink, outline = masks
    at_row, at_column = int(top * height), int(left * width)
    region = picture[at_row : at_row + ink.shape[0], at_column : at_column + ink.shape[1]]
    rows, columns = region.shape
    region[outline[:rows, :columns]] = 0
    region[ink[:rows, :columns]] = 250
