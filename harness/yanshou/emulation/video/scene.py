# SPDX-License-Identifier: Apache-2.0
"""The scene in front of an emulated camera: a chart or a room, a moving patch, and a frame counter.

Patch and counter are at the left and right edge, outside the chart. Pictures are I420, full range.
"""

from __future__ import annotations

import functools
import hashlib
import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from yanshou.emulation.video import chart
from yanshou.emulation.video.played import played
from yanshou.emulation.video.spoil import UNSPOILT, Spoil, blown_up

Picture = NDArray[np.uint8]

_COUNTER_BITS = 8
_CLOTH = 25.0  # codes: the texture of what stands in the room, finer than a pixel
_GRAIN_SEED = 20261123
_MID_GREY = 127
_CHART_LOOP, _ROOM_LOOP = 50, 150
_UNEVEN = 0.15
_ROOM = 512  # by which the field of noise is larger than the picture

SENSOR = 0.35
"""Least standard deviation of a sensor's noise in luma codes: no two pictures of a camera are the same."""

GRAIN = 0.6
"""Standard deviation of the fixed grain in luma codes; it dithers the rounding to 8 bits."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A view: ``label`` drawn into it, the chart or a room, picture size, blur in px, degradations.

    ``noise`` is the standard deviation of the sensor's noise in luma codes, ``optics`` what lens and
    processing do to the chart, ``gop`` the pictures between intra pictures, ``qp`` another quantiser than the
    usual one.
    """

    label: str
    with_chart: bool
    width: int = 1280
    height: int = 720
    blur_px: float = 0.0
    spoil: Spoil = UNSPOILT
    noise: float = 0.0
    optics: chart.Optics = chart.FAULTLESS
    gop: int = 25
    qp: int | None = None
    fed: bool = False  # the reference sequence is fed to its input instead of a view
    blown_up: tuple[int, int, str] | None = None  # width and height it is captured in, and how it is enlarged
    twice: bool = False  # every second picture repeats the one before
    lamp: bool | None = None  # an LED in view: lit, dark, or (None) absent

    @property
    def count(self) -> int:
        """Pictures in a loop: an even number of groups, so that neighbouring idr_pic_id differ.

        A room's loop is longer than the sessions of the examples, because a live view does not repeat itself.
        """
        return _CHART_LOOP if self.with_chart or self.fed else _ROOM_LOOP

    def sized(self, size: tuple[int, int] | None) -> Scene:
        """The same view in another picture size (width, height)."""
        return self if size is None else replace(self, width=size[0], height=size[1])

    def still(self) -> NDArray[np.uint8]:
        """Luma (height, width) of everything that does not move, in the captured size."""
        if self.blown_up:
            return self._taken().still()
        luma = self._chart()[..., 0] if self.with_chart else self._room()
        luma = luma + np.random.default_rng(_GRAIN_SEED).normal(0.0, GRAIN, luma.shape)
        picture = np.clip(np.rint(luma), 0, 255).astype(np.uint8)
        if not self.with_chart:
            _write(picture, self.label, (0.3, 0.12), 1.6)
        if self.lamp is not None:
            _lamp(picture, lit=self.lamp)
        return picture

    def chroma(self) -> Picture:
        """Both chroma planes as I420 has them, (height / 2, width): U first, then V."""
        if not self.with_chart:
            return np.full((self.height // 2, self.width), 128, np.uint8)
        half = (self.width // 2, self.height // 2)
        planes = [
            cv2.resize(self._chart()[..., n], half, interpolation=cv2.INTER_AREA).ravel() for n in (1, 2)
        ]
        both = np.concatenate(planes).reshape(self.height // 2, self.width)
        return np.clip(np.rint(both), 0, 255).astype(np.uint8)

    def _taken(self) -> Scene:
        """The view in the captured size."""
        assert self.blown_up is not None
        return replace(self, width=self.blown_up[0], height=self.blown_up[1], blown_up=None)

    def _chart(self) -> NDArray[np.float64]:
        """The chart as YUV 4:4:4, not rounded."""
        return _chart_codes(self.width, self.height, replace(self.optics, blur_px=self.blur_px))

    def _room(self) -> NDArray[np.float64]:
        """A room of blocks, distinct for each label, with the blur of the camera."""
        digest = hashlib.sha256(self.label.encode()).digest()
        seed = np.random.default_rng(int.from_bytes(digest[:8], "big"))
        slope = np.linspace(60.0, 170.0, self.width)[None, :] + np.linspace(0.0, 40.0, self.height)[:, None]
        for _ in range(14):
            x, y = seed.uniform(0.18, 0.72), seed.uniform(0.2, 0.8)
            w, h = seed.uniform(0.03, 0.12), seed.uniform(0.03, 0.16)
            rows = slice(int(y * self.height), int((y + h) * self.height))
            columns = slice(int(x * self.width), int((x + w) * self.width))
            slope[rows, columns] = seed.uniform(60, 195)
            slope[rows, columns] += seed.normal(0.0, _CLOTH, slope[rows, columns].shape)
        sigma = chart.total_sigma(self.blur_px)
        return np.asarray(cv2.GaussianBlur(slope, (0, 0), sigma), dtype=np.float64)

    def animate(self, still: Picture, number: int) -> Picture:
        """I420 picture (height * 3/2, width) number ``number`` of the loop."""
        if self.twice:
            return replace(self, twice=False).animate(still, number - number % 2)
        if self.blown_up:
            small = self._taken().animate(still, number)
            return blown_up(small, (self.width, self.height), self.blown_up[2])
        if self.fed:
            neutral = np.full((self.height // 2, self.width), 128, np.uint8)
            return self.spoil.apply(np.vstack((played(self.width, self.height, number), neutral)), number)
        luma = still.copy()
        if self.noise:
            grain = np.random.default_rng((_GRAIN_SEED, number)).normal(0.0, self.noise, luma.shape)
            luma = np.clip(np.rint(luma + grain), 0, 255).astype(np.uint8)
        else:
            luma = np.asarray(cv2.add(luma, _sensor(luma.shape, number), dtype=cv2.CV_8U), np.uint8)
        side, rim = self.height // 12, self.width // 12
        travel = self.height - 3 * side
        phase = _to_and_fro(number / self.count, self.count // _CHART_LOOP)
        top = side + 2 * int(phase * travel / 2)
        luma[top : top + side, rim // 4 : rim // 4 + side] = 235
        _counter(luma, number)
        _write(luma, f"{number:03d}", (0.905, 0.9), 0.9)
        return self.spoil.apply(np.vstack((luma, _chroma(self))), number)


def _to_and_fro(part: float, rounds: int) -> float:
    """Where the patch is, 0 to 1, after that part of a loop.

    So many times to and fro, at a speed that changes: within the loop it does not repeat itself.
    """
    return abs(2 * ((rounds * part + _UNEVEN * math.sin(2 * math.pi * part)) % 1) - 1)


def _sensor(shape: tuple[int, ...], number: int) -> NDArray[np.int16]:
    """The least noise of picture ``number``: a cut out of a larger field, another one for each picture."""
    height, width = shape
    down, right = (int(one) for one in np.random.default_rng((_GRAIN_SEED, number)).integers(0, _ROOM, 2))
    return np.ascontiguousarray(_sensor_field(height, width)[down : down + height, right : right + width])


@functools.lru_cache(maxsize=2)
def _sensor_field(height: int, width: int) -> NDArray[np.int16]:
    drawn = np.random.default_rng(_GRAIN_SEED).normal(0.0, SENSOR, (height + _ROOM, width + _ROOM))
    return np.rint(drawn).astype(np.int16)


@functools.lru_cache(maxsize=8)
def _chart_codes(width: int, height: int, optics: chart.Optics) -> NDArray[np.float64]:
    yuv = chart.codes(chart.draw(width, height, optics), optics.crush)
    yuv[..., 0] = chart.bent(yuv[..., 0], optics)
    return yuv


@functools.lru_cache(maxsize=8)
def _chroma(scene: Scene) -> Picture:
    return scene.chroma()


def _write(luma: Picture, text: str, place: tuple[float, float], scale: float) -> None:
    height, width = luma.shape
    at = (int(place[0] * width), int(place[1] * height))
    ascii_text = text.encode("ascii", "replace").decode()
    cv2.putText(luma, ascii_text, at, cv2.FONT_HERSHEY_SIMPLEX, scale * height / 720, 240, 2, cv2.LINE_8)


def _lamp(luma: Picture, *, lit: bool) -> None:
    """An LED in its dark housing, at the lower edge."""
    height, width = luma.shape
    side, left, top = height // 9, width // 7, height - height // 8
    luma[top : top + side, left : left + side] = 24
    rim = side // 5
    luma[top + rim : top + side - rim, left + rim : left + side - rim] = 250 if lit else 40


def _counter(luma: Picture, number: int) -> None:
    """The frame number as a column of black and white cells, lowest bit on top, at the right rim."""
    height, width = luma.shape
    cell = height // 20
    left = width - width // 14
    for bit in range(_COUNTER_BITS):
        top = height // 5 + bit * cell
        luma[top : top + cell, left : left + cell] = 235 if number >> bit & 1 else 20


def read_counter(luma: Picture) -> int:
    """Frame number shown by the counter of a picture (height, width) of any emulated camera."""
    height, width = luma.shape
    cell = height // 20
    left = width - width // 14
    tops = [height // 5 + bit * cell for bit in range(_COUNTER_BITS)]
    bits = [
        float(luma[top + 2 : top + cell - 2, left + 2 : left + cell - 2].mean()) > _MID_GREY for top in tops
    ]
    return sum(1 << bit for bit, lit in enumerate(bits) if lit)
