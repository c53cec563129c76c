# SPDX-License-Identifier: Apache-2.0
"""Loss, jitter and regularity of a packet stream from its sequence numbers, time stamps and arrivals.

Arrays in, plain numbers out.  RFC 3550 A.1 (sequence numbers) and A.8 (interarrival jitter); ITU-T Y.1541 for
the delay variation: the 99.9 % quantile of the delay less its minimum, in windows of one minute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from yanshou.model.outage import MAX_DROPOUT, is_outage, usual_rate

Floats = npt.NDArray[np.float64]

_WINDOW_S = 60.0
_QUANTILE = 0.999
_STALL_PERIODS = 3.0


@dataclass(frozen=True, slots=True)
class Loss:
    """Packets between the first and the last that came: sent, of which distinct ones came, and the rest.

    ``reordered`` came after a later one, ``duplicates`` more than once; ``bursts`` are the lengths of runs of
    missing packets.
    """

    expected: int
    received: int
    duplicates: int
    reordered: int
    restarts: int
    bursts: tuple[int, ...]

    @property
    def lost(self) -> int:
        """The packets that never arrived."""
        return self.expected - self.received


def loss(
    sequence: npt.NDArray[Any],
    timestamp: npt.NDArray[Any] | None = None,
    arrival: Floats | None = None,
    clock_rate: int = 90_000,
    beside: Sequence[tuple[int, int]] = (),
    source: npt.NDArray[Any] | None = None,
) -> Loss:
    """Loss of one stream from its 16-bit sequence numbers in the order of arrival.

    A late packet is not lost. Losses before the first or after the last packet cannot be seen. A jump of the
    numbers counts as an outage if time stamps (``clock_rate`` ticks a second) and arrivals (s) advanced
    alike; otherwise, or without time stamps, the numbering started again and each part is counted by itself.
    So it is where ``source`` (the SSRC of each packet) changes, however near the numbers of both are.
    """
    if len(sequence) == 0:
        return Loss(0, 0, 0, 0, 0, ())
    steps = _signed(sequence, 16)
    jumps = np.flatnonzero(np.abs(steps) > MAX_DROPOUT)
    if timestamp is not None and arrival is not None:
        out = [one for one in jumps if _outage(int(one), steps, timestamp, arrival, clock_rate)]
        steps[out] %= 1 << 16
        jumps = np.setdiff1d(jumps, out)
    if source is not None:
        jumps = np.union1d(jumps, np.flatnonzero(np.diff(np.asarray(source, np.int64))))
    borders = jumps + 1
    full = int(sequence[0]) + np.concatenate(([0], np.cumsum(steps)))
    expected = received = filled = reordered = 0
    bursts: list[int] = []
    parts = np.split(full, borders)
    for part, others in zip(parts, _by_part(full, beside, borders), strict=True):
        own = np.unique(part)
        inside = others[(others > own[0]) & (others < own[-1])]
        distinct = np.union1d(own, inside)
        expected += int(distinct[-1] - distinct[0]) + 1
        received += len(distinct)
        filled += len(distinct) - len(own)
        reordered += int(np.count_nonzero(part < np.maximum.accumulate(part)))
        holes = np.diff(distinct) - 1
        bursts += [int(hole) for hole in holes[holes > 0]]
    duplicates = len(sequence) - (received - filled)
    return Loss(expected, received, duplicates, reordered, len(borders), tuple(bursts))


def _by_part(
    full: npt.NDArray[np.int64], beside: Sequence[tuple[int, int]], borders: npt.NDArray[np.intp]
) -> list[npt.NDArray[np.int64]]:
    """The numbers of the packets beside the stream, counted on like ``full``, for each part of it."""
    if not beside:
        return [np.zeros(0, np.int64) for _ in range(len(borders) + 1)]
    after, number = np.asarray(beside, np.int64).T
    at = np.clip(after - 1, 0, len(full) - 1)
    half = np.int64(1 << 15)
    apart = np.mod(number - full[at] + half, 2 * half) - half
    near = np.abs(apart) <= MAX_DROPOUT
    part = np.searchsorted(borders, at, side="right")
    return [(full[at] + apart)[near & (part == one)] for one in range(len(borders) + 1)]


def _outage(
    at: int, steps: npt.NDArray[np.int64], timestamp: npt.NDArray[Any], arrival: Floats, clock_rate: int
) -> bool:
    """Whether the jump of the numbers after packet ``at`` is a gap in one stream."""
    return is_outage(
        int(steps[at]),
        int(timestamp[at + 1]) - int(timestamp[at]),
        float(arrival[at + 1] - arrival[at]),
        usual_rate(at + 1, float(arrival[at] - arrival[0])),
        clock_rate,
    )


def transit(timestamp: npt.NDArray[Any], arrival: Floats, clock_rate: int) -> Floats:
    """Arrival minus RTP time, in s: the one-way delay plus an unknown constant between the two clocks."""
    steps = _signed(timestamp, 32)
    ticks = np.concatenate(([0], np.cumsum(steps)))
    return np.asarray(arrival - arrival[0] - ticks / clock_rate, np.float64)


def _signed(counter: npt.NDArray[Any], bits: int) -> npt.NDArray[np.int64]:
    """Differences of a counter of ``bits`` bits, each with the smaller absolute value."""
    values = np.asarray(counter, np.int64)
    half = np.int64(1 << bits - 1)
    return np.asarray(np.mod(values[1:] - values[:-1] + half, 2 * half) - half, np.int64)


def interarrival_jitter(transits: Floats) -> tuple[float, float]:
    """Mean over the stream and largest value of the RFC 3550 jitter J, in s; 0 below two packets."""
    jitter, total, most = 0.0, 0.0, 0.0
    differences = np.abs(np.diff(transits)).tolist()
    for difference in differences:
        jitter += (difference - jitter) / 16.0
        total += jitter
        most = max(most, jitter)
    return (total / len(differences) if differences else 0.0), most


def delay_variation(transits: Floats, arrival: Floats) -> float:
    """The worst minute's 99.9 % quantile of the delay less its minimum there, in s (ITU-T Y.1541)."""
    minute = ((arrival - arrival[0]) // _WINDOW_S).astype(int)
    # an incomplete minute at the end does not count as a minute
    minute = np.minimum(minute, max(0, round(float(arrival[-1] - arrival[0]) / _WINDOW_S) - 1))
    spans = [transits[minute == one] for one in np.unique(minute)]
    return max(float(np.quantile(span, _QUANTILE, method="higher") - span.min()) for span in spans)


@dataclass(frozen=True, slots=True)
class Regularity:
    """How evenly frames came: gaps in s, the most frequent steps of the time stamps (ticks: how often)."""

    gaps: Floats
    steps: dict[int, int]
    stalls: int
    longest_gap_s: float


def regularity(ticks: Sequence[int], arrival: Sequence[float]) -> Regularity:
    """The regularity of at least two frames; a stall is a gap of more than three frame periods."""
    gaps = np.diff(np.asarray(arrival, np.float64))
    # in display order: frames that others are predicted from are sent before these
    steps = Counter(int(step) for step in np.diff(np.sort(np.asarray(ticks, np.int64))))
    period = float(np.median(gaps))
    return Regularity(
        gaps,
        dict(steps.most_common(8)),
        int(np.count_nonzero(gaps > _STALL_PERIODS * period)),
        float(gaps.max()),
    )
