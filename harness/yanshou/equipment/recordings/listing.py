# SPDX-License-Identifier: Apache-2.0
"""Asks a recorder what it holds, and what time it is by its own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from yanshou.drivers.capabilities import Recorder
from yanshou.evaluation.holding import Holding, Listing, RecorderNow, Window, contradictions, held
from yanshou.model import RigFault

_SECOND: Final = timedelta(seconds=1)
_CLOCK_S: Final = 60.0  # a recorder whose clock cannot be read may be this wrong
_READ_S: Final = 1.5  # one reading of whole seconds over a network


def hold(recorder: Recorder, window: Window) -> Holding:
    """Ask what the recorder holds, and combine its labels with its clock.

    Raises RigFault if it does not answer that, or if the cameras cannot be identified among its recordings;
    UnclearList if its list cannot be read in full.
    """
    clock = _clock(recorder, window.now)
    channels = recorder.channels(window.start - timedelta(days=366), clock.now + timedelta(days=1))
    listing = Listing(recorder.device.id, clock, tuple(channels), frozenset(recorder.without_segments))
    holding = held(listing, window)
    return holding.remarked([*contradictions(recorder.summary(), channels), *recorder.remarks])


def _clock(recorder: Recorder, now: datetime) -> RecorderNow:
    try:
        reading = recorder.read_clock()
    except RigFault as fault:
        return RecorderNow(now, _CLOCK_S, (f"录像机时钟未能读取：{fault.what}",))
    return RecorderNow(reading.shown_utc.astimezone(UTC) + _SECOND / 2, _READ_S)
