# SPDX-License-Identifier: Apache-2.0
"""The head of an emulated camera that pans, tilts and zooms, and what it sees of its surroundings."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

_AROUND = (3, 4)  # height and width of the surroundings in those of a picture
_FARTHEST = (1.4, 0.55)  # turn in widths of the picture, tilt in widths upwards and downwards
_ZOOM = (1.0, 4.0)
_PER_S = 0.8  # widths a second at full speed
_ZOOM_PER_S = 0.8  # natural logarithm of the ratio
_RECALL_S = 0.4  # a preset is reached so soon
_BLOCKS = 420
_CLOTH = 25.0


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a head looks: turned to the right and upwards in widths of the picture, and its zoom."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 1.0


@dataclass(slots=True)
class PanHead:
    """Moves by its commands as time goes on, up to its ends; times are those of ``perf_counter``."""

    presets: dict[int, Pose] = field(default_factory=dict)
    _from: Pose = field(default_factory=Pose)
    _since: float = 0.0
    _speed: tuple[float, float, float] = (0.0, 0.0, 0.0)
    _until: float = float("inf")

    def pose(self, t: float | None = None) -> Pose:
        """Where it looks at ``t`` (now)."""
        now = time.perf_counter() if t is None else t
        gone = max(min(now, self._until) - self._since, 0.0)
        pan, tilt, zoom = self._speed
        wide, high = _FARTHEST
        return Pose(
            float(np.clip(self._from.pan + pan * gone, -wide, wide)),
            float(np.clip(self._from.tilt + tilt * gone, -high, high)),
            float(np.clip(self._from.zoom * np.exp(zoom * gone), *_ZOOM)),
        )

    def move(self, pan: float, tilt: float, zoom: float, *, most: float = float("inf")) -> None:
        """Move at these shares of full speed, from -1 to 1, until told otherwise; zeros stop it.

        It ends by itself after ``most`` widths of the picture.
        """
        now = time.perf_counter()
        self._from = self.pose(now)
        self._speed = (pan * _PER_S, tilt * _PER_S, zoom * _ZOOM_PER_S)
        self._since, self._until = now, now + most / max(*(abs(one) for one in self._speed), 1e-9)

    def keep(self, number: int) -> None:
        """Keep where it looks as a preset."""
        self.presets[number] = self.pose()

    def recall(self, number: int, *, beside: float = 0.0) -> None:
        """Turn to a preset, or ``beside`` widths to its right; nothing for one that is not kept."""
        if (kept := self.presets.get(number)) is None:
            return
        now = time.perf_counter()
        here, there = self.pose(now), replace(kept, pan=kept.pan + beside)
        self._from, self._since, self._until = here, now, now + _RECALL_S
        ways = (there.pan - here.pan, there.tilt - here.tilt, np.log(there.zoom / here.zoom))
        pan, tilt, zoom = (float(way) / _RECALL_S for way in ways)
        self._speed = (pan, tilt, zoom)


def surroundings(label: str, width: int, height: int) -> NDArray[np.uint8]:
    """Luma of everything around a camera: blocks of cloth on a slope, distinct for each label."""
    digest = hashlib.sha256(f"around {label}".encode()).digest()
    chance = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    high, wide = _AROUND[0] * height, _AROUND[1] * width
    drawn = np.linspace(70.0, 150.0, wide)[None, :] + np.linspace(0.0, 30.0, high)[:, None]
    for _ in range(_BLOCKS):
        x, y = chance.uniform(0, wide), chance.uniform(0, high)
        w, h = chance.uniform(0.02, 0.2) * width, chance.uniform(0.02, 0.25) * height
        block = drawn[int(y) : int(y + h), int(x) : int(x + w)]
        block[:] = chance.uniform(40, 210) + chance.normal(0.0, _CLOTH, block.shape)
    soft = cv2.GaussianBlur(drawn, (0, 0), 0.7)
    return np.clip(np.rint(soft), 0, 255).astype(np.uint8)


def looked_at(around: NDArray[np.uint8], pose: Pose, width: int, height: int) -> NDArray[np.uint8]:
    """The luma (height, width) that a head sees of its surroundings."""
    span = 1 / pose.zoom
    left = around.shape[1] / 2 + pose.pan * width - span * width / 2
    top = around.shape[0] / 2 - pose.tilt * width - span * height / 2
    place = np.array([[span, 0.0, left], [0.0, span, top]])
    taken = cv2.warpAffine(
        around,
        place,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(taken, np.uint8)
