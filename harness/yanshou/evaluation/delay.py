# SPDX-License-Identifier: Apache-2.0
"""Delays of the picture, by light or by request, with percentiles and the share of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yanshou.metrology import evaluate_latencies, percentile
from yanshou.model import Component, FigureKind, Latency, Measurement, Statistic


@dataclass(frozen=True, slots=True)
class LedDelays:
    """The delays of all changes that were seen, the number of those never seen, and the decoding time."""

    latencies: tuple[Latency, ...]
    missing: int
    reader_s: float  # median time of decoding, part of every delay
    place: tuple[int, int] | None  # row and column of the block in which the LED was found
    components: tuple[Component, ...] = ()  # components besides the brackets


def picture_delay(
    measurand: str,
    device: str,
    seen: LedDelays,
    statistic: Statistic,
    *,
    patience: float,
    display_s: tuple[float, float] = (0.0, 0.0),
) -> Measurement:
    """The statistic over all changes seen, in s.

    ``display_s`` is the smallest and largest delay of a display.

    A change that was never seen took longer than the wait, and so does then the largest delay.
    """
    low, high = display_s
    latencies = [Latency(one.least + low, one.most + high) for one in seen.latencies]
    never = patience + low if seen.missing else None
    made = evaluate_latencies(
        measurand, device, latencies, statistic, components=seen.components, never_within=never
    )
    return replace(made, details={**made.details, **_details(latencies, seen)})


def in_ms(made: Measurement) -> Measurement:
    """The same measurement in milliseconds."""
    budget = tuple(
        Component(one.name, one.kind, one.distribution, 1e3 * one.u, one.dof, one.source)
        for one in made.budget
    )
    value, most = made.value, made.at_least
    return replace(
        made,
        unit="ms",
        value=1e3 * value if isinstance(value, float) else value,
        U=None if made.U is None else 1e3 * made.U,
        at_least=None if most is None else 1e3 * most,
        budget=budget,
        raw=tuple(1e3 * float(one) for one in made.raw),
    )


def histogram(seconds: Sequence[float], reader_s: float = 0.0) -> dict[str, object]:
    """The numbers of the delay histogram: every delay and the percentiles, in ms."""
    return {
        "kind": FigureKind.DELAY_HISTOGRAM,
        "values_ms": [round(1e3 * one, 3) for one in seconds],
        "p50_ms": round(1e3 * percentile(seconds, 0.50), 3),
        "p95_ms": round(1e3 * percentile(seconds, 0.95), 3),
        "p99_ms": round(1e3 * percentile(seconds, 0.99), 3),
        "reader_ms": round(1e3 * reader_s, 3),
    }


def _details(latencies: Sequence[Latency], seen: LedDelays) -> dict[str, object]:
    if not latencies:
        return {"missing": seen.missing}
    figure = histogram([one.middle for one in latencies], seen.reader_s)
    figures = {name: figure[name] for name in ("p50_ms", "p95_ms", "p99_ms", "reader_ms")}
    method = "屏幕时间码" if seen.components else "发光二极管"
    return {**figures, "method": method, "missing": seen.missing, "place": seen.place, "figure": figure}
