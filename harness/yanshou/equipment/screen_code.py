# SPDX-License-Identifier: Apache-2.0
"""Picture delay by time code: a screen in view shows this computer's time, and so do decoded frames.

Random moments are drawn, one in each part of the window. A change of the scene at such a moment is visible
with the first frame whose code is not older. The delay of the screen itself is in the budget.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yanshou.drivers.capabilities import Camera
from yanshou.evaluation.delay import LedDelays
from yanshou.imaging.timecode import PERIOD_MS, ShownTime, TimeCodeReader
from yanshou.metrology import rectangular
from yanshou.model import Instant, Latency, RigFault, now, utc_of
from yanshou.model.stream import SeenFrame

SLICE_S: Final = 0.5  # of the window for each moment
_TICK_S: Final = 1e-3  # the page's clock shows whole ms
_STANDS_S: Final = 1.0  # so many frames with the same code: the page or the camera stands still
_LEAST_SHARE: Final = 0.5  # of the frames must be readable
_MOST_S: Final = 60.0  # no camera is that late: the code comes from another clock
_STEP_S: Final = 1 / 60  # interval assumed where the page could not state it
_AGREE_S: Final = 5e-3  # drift of this computer's wall clock against its monotonic clock, over the window
_CAPTURE_S: Final = 1.2
_REMEDY: Final = "Show the page full screen on this computer, larger in view, in focus and not overexposed."


@dataclass(frozen=True, slots=True)
class CodeFrame:
    """One frame: when it was decoded, and the time its code shows (both ``model.now``)."""

    there: Instant
    shown: float | None
    step_s: float = 0.0


def wait_shown(camera: Camera, within: float) -> None:
    """Return once the code is read in the camera's picture; RigFault if not ``within`` seconds."""
    reader, until = TimeCodeReader(), now() + within
    while True:
        pictures = camera.capture(_CAPTURE_S, pictures=1).pictures
        if any(reader.read(luma) is not None for _, luma in pictures):
            return
        if now() > until:
            raise RigFault(
                "no time code can be read in the picture.", device=camera.device.id, remedy=_REMEDY
            )


def watch(camera: Camera, moments: int, patience: float) -> tuple[list[CodeFrame], Instant]:
    """The frames of a window for ``moments`` and the time after it, and the period for moments."""
    device, before = camera.device.id, utc_of(0.0)
    with camera.view(moments * SLICE_S + 2 * patience + 30.0) as view:
        view.wait_running()
        begun = now()
        time.sleep(moments * SLICE_S + patience)
        ended = now()
        frames = list(view.finish(TimeCodeReader().read))
    moved = abs(utc_of(0.0) - before)
    if moved > _AGREE_S:
        raise RigFault(f"this computer's clock was moved by {1e3 * moved:.0f} ms meanwhile.", device=device)
    return [_coded(frame, before, device) for frame in frames], Instant(begun, ended - patience)


def drawn(window: Instant, moments: int, seed: int) -> list[float]:
    """One moment in each of ``moments`` equal parts of the window, at random, in order."""
    chance = random.Random(seed)  # noqa: S311 - a phase, no secret
    part = (window.latest - window.earliest) / moments
    return [window.earliest + (number + chance.random()) * part for number in range(moments)]


def find(
    frames: Sequence[CodeFrame],
    moments: Sequence[float],
    *,
    screen_s: float,
    device: str = "",
) -> LedDelays:
    """The delay at each of ``moments``: to the first frame whose code is not older.

    ``screen_s`` is the largest delay of the screen from drawing a code to its light, in seconds.

    Raises RigFault if too few frames can be read, or the code stood still while frames arrived. Moments after
    the code of the last frame are left out.
    """
    read = [frame for frame in frames if frame.shown is not None]
    if len(read) < max(2, _LEAST_SHARE * len(frames)):
        what = f"the time code could be read in {len(read)} of {len(frames)} frames only."
        raise RigFault(what, device=device, remedy=_REMEDY)
    _refuse_standing(frames, device)
    step = max((frame.step_s for frame in read), default=0.0) or _STEP_S
    found = [_delay(frames, moment) for moment in moments]
    shift = (step + screen_s) / 2
    latencies = tuple(Latency(one.least - shift, one.most - shift) for one in found if one is not None)
    budget = (
        rectangular("refresh of the time code", step / 2, f"a code each {1e3 * step:.1f} ms"),
        rectangular("latency of the screen", screen_s / 2, f"0…{1e3 * screen_s:g} ms"),
        rectangular("clock of the page", _TICK_S / 2, "read in whole ms"),
    )
    spent = sorted(frame.there.latest - frame.there.earliest for frame in frames)
    return LedDelays(latencies, sum(one is None for one in found), spent[len(spent) // 2], None, budget)


def _delay(frames: Sequence[CodeFrame], moment: float) -> Latency | None:
    """From a moment to the first frame whose time is not older; unread frames before it may have shown it."""
    possible, before = None, None
    for frame in frames:
        if frame.shown is None:
            possible = possible or frame
        elif frame.shown < moment:
            possible, before = None, frame
        else:
            first = possible or frame
            least = first.there.earliest - moment
            if before is not None and _repeats(frames, before):  # the page may have paused
                least = min(least, first.there.earliest - frame.shown)
            return Latency(least, frame.there.latest - moment + _TICK_S)
    return None


def _repeats(frames: Sequence[CodeFrame], frame: CodeFrame) -> bool:
    """Whether the code of this frame was shown by several."""
    return sum(one.shown == frame.shown for one in frames) > 1


def _refuse_standing(frames: Sequence[CodeFrame], device: str) -> None:
    since: CodeFrame | None = None
    for frame in frames:
        if frame.shown is None:
            continue
        if since is None or frame.shown != since.shown:
            since = frame
        elif frame.there.earliest - since.there.earliest > _STANDS_S:
            what = f"the time code stood still for more than {_STANDS_S:g} s while frames went on coming."
            raise RigFault(what, device=device, remedy="Is the page in front, and the picture not frozen?")


def _coded(frame: SeenFrame, wall_at_zero: float, device: str) -> CodeFrame:
    if not isinstance(frame.read, ShownTime):
        return CodeFrame(frame.there, None)
    age_ms = (1e3 * (frame.arrival + wall_at_zero) - frame.read.ms) % PERIOD_MS
    if age_ms > 1e3 * _MOST_S:
        off_ms = min(age_ms, PERIOD_MS - age_ms)
        raise RigFault(
            f"the time code is not of this computer's clock (off by {off_ms:.0f} ms).",
            device=device,
            remedy="Show the page on the computer that runs this test.",
            final=True,
        )
    return CodeFrame(frame.there, frame.arrival - age_ms / 1e3, frame.read.step_s)


def frame_table(frames: Sequence[CodeFrame]) -> bytes:
    """Every frame as CSV: when it had come and been decoded, the time it shows; s of ``model.now``."""
    rows = [
        f"{one.there.earliest:.6f},{one.there.latest:.6f},{'' if one.shown is None else f'{one.shown:.6f}'}"
        for one in frames
    ]
    return "\n".join(["arrival_s,decoded_s,shown_s", *rows, ""]).encode()
