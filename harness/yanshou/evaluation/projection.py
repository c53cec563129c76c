# SPDX-License-Identifier: Apache-2.0
"""How long a young system may keep its recordings in future: capacity over measured bit rate, an estimate."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from yanshou.metrology import Budget, rectangular
from yanshou.model import Component
from yanshou.model.recording import Playback

_DAY = 86_400.0
_FEW = 2
_OVERHEAD = 0.03  # of the capacity, for file system and index: 0 to 6 %
_NO_RATE = "未能测得码率，无法推算"


@dataclass(frozen=True, slots=True)
class Storage:
    """Usable bytes of the recorder by itself or its papers, 0 if unknown, and what it does when full."""

    capacity_bytes: float = 0.0
    overwrite: str = ""


@dataclass(frozen=True, slots=True)
class Projection:
    """Days the storage holds at the measured rate, ``U`` (k = 2), and how it was got, in words."""

    days: float | None
    U: float
    mbit_s: float
    text: str

    def numbers(self) -> dict[str, object]:
        """For the journal."""
        return {"days": self.days, "U": self.U, "mbit_s": self.mbit_s, "words": self.text}


def projected(played: Iterable[Sequence[Playback]], storage: Storage) -> Projection:
    """The capacity divided by the bit rate of ``played``: playbacks of all frames, some of each camera.

    They are read one after the other, and only as many as needed.
    """
    if not storage.capacity_bytes:
        return Projection(None, 0.0, 0.0, "存储容量未给出，未推算")
    total, variance = 0.0, 0.0
    for plays in played:
        rates = [found for play in plays if (found := rate(play))]
        if len(rates) < _FEW:
            return Projection(None, 0.0, 0.0, _NO_RATE)
        total += statistics.fmean(rates)
        variance += statistics.variance(rates) / len(rates)
    budget = Budget.of(
        [
            Component(
                "measured bit rate", "A", "normal", math.sqrt(variance) / total, math.inf, "sampled playback"
            ),
            rectangular("usable part of the capacity", _OVERHEAD, "file system and index, 0 to 6 %"),
        ]
    )
    days = storage.capacity_bytes * (1 - _OVERHEAD) / total / _DAY
    policy = f"，存满后{storage.overwrite}" if storage.overwrite else "，覆盖策略未给出"
    text = f"按容量与实测码率推算约 {days:.0f} d ± {budget.U * days:.0f} d（估计值，不作结论{policy}）"
    return Projection(days, budget.U * days, total * 8 / 1e6, text)


def rate(play: Playback) -> float | None:
    """Bytes a second of recorded time of one playback of all frames; None if its frames have no times."""
    timed = [(one.utc, one.size) for one in play.frames_played if one.utc is not None]
    span = timed[-1][0] - timed[0][0] if timed else timedelta(0)
    if span <= timedelta(0):
        return None
    return sum(size for _, size in timed[:-1]) / span.total_seconds()
