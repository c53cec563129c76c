# SPDX-License-Identifier: Apache-2.0
"""Picture delay by light.

A relay switches an LED in view, which is searched in decoded frames or on a screen.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from yanshou.drivers.capabilities import Camera, ContactInput, ContactOutput
from yanshou.evaluation.delay import LedDelays
from yanshou.model import Instant, Latency, RigFault, now
from yanshou.model.stream import SeenFrame
from yanshou.rig.item_journal import ItemJournal

_STEP_S: Final = 0.28  # seconds between two changes: some frames of each state, also at 15 fps
_PHASE_S: Final = 0.12
_SETTLE_S: Final = 0.5
_CONTRAST: Final = 25.0  # difference of luma codes between dark and lit
_MIDDLE: Final = 0.5
_HYSTERESIS: Final = 0.1
_FOLLOWS_S: Final = 0.15  # seconds a delay may differ from the median and still be that of the LED
_FOLLOWS_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Led:
    """An LED in view of a camera, on a relay of the bench; dark at rest."""

    output: ContactOutput
    item_journal: ItemJournal

    def change(self, *, lit: bool) -> Instant:
        """Switch it, and write that to the journal."""
        instant = self.output.operate() if lit else self.output.release()
        return self.item_journal.stimulus("led on" if lit else "led off", self.output.name, instant)

    def blink(self, changes: int) -> list[Instant]:
        """Change it ``changes`` times, on and off, each at a random phase of the frame clock."""
        given = []
        for number in range(changes):
            time.sleep(_STEP_S + random.uniform(0.0, _PHASE_S))  # noqa: S311 - a phase, no secret
            given.append(self.change(lit=number % 2 == 0))
        return given


def decoded_delays(camera: Camera, led: Led, changes: int, patience: float) -> LedDelays:
    """From each change of the LED to the first decoded frame that shows it.

    Waits ``patience`` after the last.

    Raises RigFault if no part of the picture follows the LED.
    """
    longest = changes * (_STEP_S + _PHASE_S) + patience + 30.0
    try:
        with camera.view(longest) as view:
            view.wait_running()
            time.sleep(_SETTLE_S)
            given = led.blink(changes)
            _sleep_until(given[-1].latest + patience)
            frames = list(view.finish())
    finally:
        led.output.release()
    return find(frames, given, camera.device.id)


def screen_delays(sensor: ContactInput, led: Led, changes: int, patience: float) -> LedDelays:
    """From each change of the LED to that of a photo sensor in front of the screen showing the camera."""
    latencies: list[Latency] = []
    try:
        for number in range(changes):
            time.sleep(_STEP_S + random.uniform(0.0, _PHASE_S))  # noqa: S311 - a phase, no secret
            lit = number % 2 == 0
            given = led.change(lit=lit)
            wait = sensor.wait_active if lit else sensor.wait_inactive
            seen = wait(since=given, within=patience)
            led.item_journal.observation("screen", sensor.name, seen)
            if seen is None:
                break
            latencies.append(seen - given)
    finally:
        led.output.release()
    return LedDelays(tuple(latencies), int(len(latencies) < changes), 0.0, None)


def find(frames: Sequence[SeenFrame], given: Sequence[Instant], device: str = "") -> LedDelays:
    """The delays of the changes ``given`` (on first) in the block of the picture that follows them best.

    A change is the first frame on the other side of the middle between dark and lit. If fewer changes are
    found than given, they are late ones, because light changes arrive in order.
    """
    if len(frames) < 2:  # noqa: PLR2004 - nothing can change
        raise RigFault("too few frames could be decoded.", device=device)
    shapes = {frame.blocks.shape for frame in frames}
    if len(shapes) > 1:
        raise RigFault("the picture changed its size meanwhile.", device=device)
    series = np.stack([frame.blocks for frame in frames])
    best: tuple[float, tuple[int, int], list[int]] | None = None
    for row, column in _candidates(series):
        changed = _changes(series[:, row, column])
        spread = _spread(frames, given, changed)
        if spread is not None and (best is None or spread < best[0]):
            best = spread, (row, column), changed
    if best is None:
        raise RigFault(
            "no part of the picture follows the LED.",
            device=device,
            remedy="Put it where the camera sees it, large enough and not overexposed; check its relay.",
        )
    _, place, changed = best
    pairs = zip(given, changed, strict=False)
    latencies = tuple(frames[index].there - change for change, index in pairs)
    reader = float(np.median([frame.decode_s for frame in frames]))
    return LedDelays(latencies, len(given) - len(changed), reader, place)


def _candidates(series: npt.NDArray[np.float32]) -> list[tuple[int, int]]:
    """Blocks that are dark at one time and bright at another."""
    low, high = np.percentile(series, 10, axis=0), np.percentile(series, 90, axis=0)
    rows, columns = np.nonzero(high - low > _CONTRAST)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _changes(values: npt.NDArray[np.float32]) -> list[int]:
    """Indices of the frames at which the block came to be lit, dark, lit ... beginning with lit."""
    low, high = np.percentile(values, 10), np.percentile(values, 90)
    share = (values - low) / (high - low)
    lit, found = False, []
    for index, value in enumerate(share.tolist()):
        if lit != (value > (_MIDDLE - _HYSTERESIS if lit else _MIDDLE + _HYSTERESIS)):
            found.append(index)
            lit = not lit
    return found


def _spread(frames: Sequence[SeenFrame], given: Sequence[Instant], changed: Sequence[int]) -> float | None:
    """How unevenly a block follows the changes, in s; None when it does not follow them."""
    if not changed or len(changed) > len(given) or len(changed) < len(given) // 2:
        return None
    delays = np.array([frames[b].arrival - a.earliest for a, b in zip(given, changed, strict=False)])
    middle = float(np.median(delays))
    periods = [b.arrival - a.arrival for a, b in pairwise(frames)]
    allowed = max(_FOLLOWS_S, 3 * float(np.median(periods)), _FOLLOWS_SHARE * middle)
    if delays.min() < 0 or float(np.abs(delays - middle).max()) > allowed:
        return None
    return float(delays.std())


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - now()))
