# SPDX-License-Identifier: Apache-2.0
"""The main streams of several cameras received at the same time, each by two readers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from yanshou.drivers.capabilities import Camera
from yanshou.evaluation import frame_rate, second_fell_behind
from yanshou.model import RigFault
from yanshou.model.stream import SecondReading, StreamCapture, StreamDeclaration
from yanshou.planning import Together

AT_ONCE: Final = Together.STREAMS.at_once
_DISTINCT: Final = 250  # frames decoded to see how many are repeats


@dataclass(frozen=True, slots=True)
class LiveStream:
    """The main stream as it arrived, what the camera declares of it, and what a second reader made of it."""

    capture: StreamCapture
    declared: StreamDeclaration
    second: SecondReading

    @property
    def second_late(self) -> bool:
        """Whether the second reader saw less because this computer did not keep up."""
        return second_fell_behind(self.capture, self.second, self.declared)

    def short_of(self, device: str) -> bool:
        """Whether it speaks against the camera, or says nothing: then it is received once more by itself."""
        if self.second_late:
            return True
        found = frame_rate(device, self.capture, self.declared, self.second)
        if found.invalid or not isinstance(found.value, float):
            return True
        return self.declared.frame_rate is None or found.value < self.declared.frame_rate


def received(seconds: float, camera: Camera) -> LiveStream:
    """The stream of one camera, then the same by the second reader. RigFault if none came.

    The second reader is asked once more where this computer did not keep up with it.
    """
    capture, declared = camera.capture(seconds, distinct_of=_DISTINCT), camera.declared_stream()
    came = LiveStream(capture, declared, camera.second_reading(seconds))
    return replace(came, second=camera.second_reading(seconds)) if came.second_late else came


def received_together(cameras: Sequence[Camera], seconds: float) -> dict[str, LiveStream]:
    """What arrived; a camera that gave no stream is asked again when its turn comes."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = pool.map(partial(_tried, seconds), cameras)
    return {camera.device.id: one for camera, one in zip(cameras, made, strict=True) if one is not None}


def _tried(seconds: float, camera: Camera) -> LiveStream | None:
    try:
        return received(seconds, camera)
    except RigFault:
        return None
