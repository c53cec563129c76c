# SPDX-License-Identifier: Apache-2.0
"""The accepted picture of a camera, kept as numbers, and the difference of a later picture from it.

No picture is kept (Order 799 Art. 19): indicators, the spectrum of regular stripes, the features of the view.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging.health.traits import (
    STRIPE_FROM,
    Blocks,
    Chroma,
    Indicators,
    Lines,
    Luma,
    Traits,
    traits_of,
)
from yanshou.imaging.health.view import ViewFeatures, displacement, view_features

Added = npt.NDArray[np.float32]

SCHEMA: Final = "yanshou-accepted-view/2"

_MOVED: Final = np.linspace(-0.008, 0.008, 81)  # of a side of the picture: wind, and what a mount gives
_DIMMED: Final = (0.3, 3.0)  # by how much the contrast may have changed
_FITS: Final = 4
_FINE: Final = 0.1  # codes
_HAS_COLOUR: Final = 0.5  # codes of chroma, spread or offset: neutral planes have 0, a dull view 1 or more


class ViewChange(StrEnum):
    """The possible changes since acceptance, each a continuous quantity."""

    SHARPNESS = "picture_sharpness_kept"  # ratio of the sharpness to the accepted one
    NOISE = "picture_noise_added"  # codes
    BRIGHTNESS = "picture_brightness_change"  # codes, absolute
    CAST = "picture_cast_added"  # codes of chroma
    STRIPES = "picture_stripes_added"  # codes of amplitude
    OCCLUSION = "picture_occlusion_added"  # % of what had structure
    SHIFT = "view_shift"  # % of the picture's width; 100 when it is another view


@dataclass(frozen=True, slots=True, eq=False)
class AcceptedView:
    """One camera's accepted picture in numbers; ``size`` is (width, height) in px."""

    size: tuple[int, int]
    traits: Indicators
    lines: Lines
    blocks: Blocks
    features: ViewFeatures

    @classmethod
    def of(cls, pictures: Sequence[tuple[Luma, Chroma | None]]) -> AcceptedView:
        """From several pictures of the healthy view: means of the numbers, features of the first."""
        if not pictures:
            raise ValueError("an accepted view needs at least one picture")
        height, width = pictures[0][0].shape
        seen = [traits_of(luma, chroma) for luma, chroma in pictures]
        lines = np.asarray(np.mean([one.lines for one in seen], axis=0), np.complex64)
        blocks = np.logical_and.reduce([one.blocks for one in seen])
        means, features = mean_of([one.indicators for one in seen]), view_features(seen[0].small)
        return cls((width, height), means, lines, blocks, features)

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file of the site folder."""
        return {
            "schema": SCHEMA,
            "size": list(self.size),
            "traits": asdict(self.traits),
            "lines": _packed(self.lines),
            "blocks": ["".join("01"[int(one)] for one in row) for row in self.blocks],
            "places": _packed(self.features.places),
            "descriptors": _packed(self.features.descriptors),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AcceptedView:
        """Back from :meth:`as_json`; KeyError, TypeError or ValueError when it is not one."""
        if data["schema"] != SCHEMA:
            raise ValueError(f"schema is {data['schema']!r}, not {SCHEMA!r}")
        width, height = data["size"]
        places = _unpacked(data["places"], np.float32).reshape(-1, 2)
        descriptors = _unpacked(data["descriptors"], np.uint8).reshape(-1, 32)
        if len(places) != len(descriptors):
            raise ValueError("places and descriptors differ in number")
        lines = _unpacked(data["lines"], np.complex64).reshape(2, -1)
        features = ViewFeatures(places.astype(np.float32), descriptors.astype(np.uint8))
        size, traits = (int(width), int(height)), Indicators(**data["traits"])
        return cls(size, traits, lines.astype(np.complex64), blocks_of(data["blocks"]), features)


def blocks_of(rows: Sequence[str]) -> Blocks:
    """Read from rows of 0 and 1; ValueError if they are no table."""
    blocks = np.array([[mark == "1" for mark in row] for row in rows], np.bool_)
    if blocks.ndim != 2:  # noqa: PLR2004 - rows of equal length
        raise ValueError("the blocks are no table")
    return blocks


def mean_of(seen: Sequence[Indicators]) -> Indicators:
    """Each indicator's mean; None if any picture lacks it (no chroma)."""
    means: dict[str, float | None] = {}
    for field in fields(Indicators):
        values = [getattr(one, field.name) for one in seen]
        means[field.name] = None if None in values else float(np.mean(values))
    return Indicators(**means)  # type: ignore[arg-type] # only the chroma may be None


def changes(accepted: AcceptedView, luma: Luma, chroma: Chroma | None = None) -> dict[ViewChange, float]:
    """The differences of a picture from the accepted one; no colour cast without colour on both sides."""
    return compared(accepted, traits_of(luma, chroma))[0]


def compared(accepted: AcceptedView, seen: Traits) -> tuple[dict[ViewChange, float], Added]:
    """The differences of a picture from the accepted one, and the stripes added to it."""
    height, width = seen.small.shape
    was, now, added = accepted.traits, seen.indicators, _added(accepted.lines, seen.lines)
    moved = displacement(accepted.features, view_features(seen.small), aspect=height / width)
    found = {
        ViewChange.SHARPNESS: (1 - now.blur) / (1 - was.blur) if was.blur < 1 else 1.0,
        ViewChange.NOISE: max(0.0, now.noise**2 - was.noise**2) ** 0.5,
        ViewChange.BRIGHTNESS: abs(now.mean - was.mean),
        ViewChange.STRIPES: float(added.max()),
        ViewChange.OCCLUSION: _lost(accepted.blocks, seen.blocks),
        ViewChange.SHIFT: moved.shift_percent,
    }
    if None not in (now.cast_u, now.cast_v, was.cast_u, was.cast_v) and not _lost_its_colour(was, now):
        found[ViewChange.CAST] = float(np.hypot(now.cast_u - was.cast_u, now.cast_v - was.cast_v))  # type: ignore[operator]
    return found, added


def _lost_its_colour(was: Indicators, now: Indicators) -> bool:
    """Whether a view that had colours has none: a camera in its night mode shows no cast, whatever it has."""
    spread, offset = now.chroma_sd or 0.0, np.hypot(now.cast_u or 0.0, now.cast_v or 0.0)
    return (was.chroma_sd or 0.0) >= _HAS_COLOUR > max(spread, float(offset))


def stripe_added(pictures: Sequence[Added]) -> list[float]:
    """The amplitude in codes, in each picture, of the stripe that was added: the largest that all have.

    What moves through the view is at another place in each picture, a stripe is in all of them.
    """
    left = np.stack(pictures)
    line = np.unravel_index(int(left.min(axis=0).argmax()), left.shape[1:])
    return [float(one[line]) for one in left]


def _added(accepted: Lines, seen: Lines) -> Added:
    """The amplitude in codes of each line that the accepted picture does not explain, (2, n).

    The accepted lines may be weaker or stronger, with the light, and moved a little, each way by itself. A
    stripe falls into three neighbouring lines (Hann window): its amplitude is that of the three together.
    """
    count = min(seen.shape[1], accepted.shape[1])
    turned = np.exp(-2j * np.pi * np.outer(_MOVED, np.arange(STRIPE_FROM, STRIPE_FROM + count)))
    found = []
    for old, new in zip(accepted[:, :count], seen[:, :count], strict=True):
        moved = turned * old
        agreed, strength = (moved.conj() * new).real, np.square(np.abs(moved))
        weight = np.ones_like(strength)
        # the least sum of amplitudes: a stripe must not pass for a change of the scene
        for _ in range(_FITS):
            gain = (weight * agreed).sum(axis=1) / np.maximum((weight * strength).sum(axis=1), 1e-9)
            left = new - np.clip(gain, *_DIMMED)[:, None] * moved
            weight = 1 / (np.abs(left) + _FINE)
        best = left[int(np.abs(left).sum(axis=1).argmin())]
        energy = np.square(np.abs(np.pad(best, 1)))
        found.append(np.sqrt((energy[:-2] + energy[1:-1] + energy[2:]) / 1.5))
    return np.asarray(found, np.float32)


def _lost(was: Blocks, now: Blocks) -> float:
    """Share in % of the blocks with structure that have none now; 100 for a picture of another shape."""
    if was.shape != now.shape:
        return 100.0
    return 100 * float((was & ~now).sum()) / max(1, int(was.sum()))


def _packed(values: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


def _unpacked(text: str, kind: type[np.generic]) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(text, validate=True), kind).copy()
