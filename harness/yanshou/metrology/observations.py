# SPDX-License-Identifier: Apache-2.0
"""From raw observations to a measurement with its uncertainty, by the statistic a clause asks for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from yanshou.metrology.budget import Budget, rectangular
from yanshou.metrology.measured import evaluated
from yanshou.metrology.statistics import clopper_pearson, mean_with_u, percentile
from yanshou.model import (
    Component,
    Latency,
    Measurement,
    Quantity,
    Statistic,
)

# the quartz of a laptop, 100 ppm; replaced by the measured figure if the host clock was compared
CLOCK_PPM = 100e-6


def evaluate_latencies(
    measurand: str,
    device: str,
    latencies: Sequence[Latency],
    statistic: Statistic,
    *,
    components: Sequence[Component] = (),
    never_within: float | None = None,
) -> Measurement:
    """A latency in seconds from bracketed observations.

    The half width of the bracket is a rectangular component (GUM 4.3.7). The bounds on the delays of the
    bench's contacts are added to it linearly, because a delay may be at its bound every time. The host clock
    is a component of 100 ppm; for the mean, the spread is a type A component; ``components`` are those of a
    loopback calibration. A latency below zero by more than its U is invalid, because no answer comes before
    its stimulus. ``never_within``: in one repetition nothing came within that many seconds, so the largest
    latency is known only to exceed it.
    """
    impossible = _impossible(latencies, Budget.of(components).U if components else 0.0)
    raw = tuple(latency.middle for latency in latencies)
    if never_within is not None or not raw:
        return Measurement(
            measurand, device, Quantity.CONTINUOUS, None, "s", len(raw),
            statistic=statistic.value, at_least=never_within, raw=raw, invalid=impossible,
        )  # fmt: skip
    value, chosen = _pick(latencies, statistic)
    parts = [
        rectangular("bracket of polling", chosen, _source_of_bracket(latencies)),
        rectangular("host clock", CLOCK_PPM * abs(value), "100 ppm of the duration"),
        *components,
    ]
    if statistic is Statistic.MEAN and len(raw) > 1:
        _, u, dof = mean_with_u(raw)
        parts.append(Component("repeatability", "A", "t", u, dof, f"n = {len(raw)}"))
    return evaluated(
        measurand,
        device,
        value,
        "s",
        len(raw),
        parts,
        statistic=statistic.value,
        raw=raw,
        invalid=impossible,
        details={"half_widths_s": [latency.half_width for latency in latencies]},
    )


def _impossible(latencies: Sequence[Latency], U: float) -> str:
    """Why these latencies are impossible, ``U`` being that of what was subtracted; empty if they are not."""
    early = [one.most for one in latencies if one.most + U < 0]
    return f"stamped {-min(early):.3g} s or more before the stimulus, which cannot be" if early else ""


def _source_of_bracket(latencies: Sequence[Latency]) -> str:
    stamped = "stamped ends of the question and the answer"
    bound = max(latency.bound_s for latency in latencies)
    return f"{stamped}; contacts of the bench: {bound * 1e3:g} ms at the most" if bound else stamped


def _pick(latencies: Sequence[Latency], statistic: Statistic) -> tuple[float, float]:
    """The statistic asked for, and a half width around it that surely contains the true one."""
    middles = [latency.middle for latency in latencies]
    widest = max(latency.half_width for latency in latencies)
    match statistic:
        case Statistic.MEAN:
            return math.fsum(middles) / len(middles), widest
        case Statistic.MIN:
            least = min(latencies, key=lambda latency: latency.middle)
            # another repetition may be the true minimum if its bracket reaches lower
            return least.middle, max(least.half_width, least.middle - min(one.least for one in latencies))
        case Statistic.P95:
            return percentile(middles, 0.95), widest
        case _:
            worst = max(latencies, key=lambda latency: latency.middle)
            # another repetition may be the true maximum if its bracket reaches higher
            reach = max(latency.most for latency in latencies) - worst.middle
            return worst.middle, max(worst.half_width, reach)


def evaluate_values(
    measurand: str,
    device: str,
    values: Sequence[float],
    unit: str,
    statistic: Statistic,
    *,
    components: Sequence[Component],
) -> Measurement:
    """A quantity from repeated readings: the statistic asked for, type A from the spread, type B as given.

    A single reading has only its type B components; without any, the uncertainty is not evaluated.
    """
    parts = list(components)
    match statistic:
        case Statistic.MAX:
            value = max(values)
        case Statistic.MIN:
            value = min(values)
        case Statistic.P95:
            value = percentile(values, 0.95)
        case _:
            value, u, dof = mean_with_u(values)
            if len(values) > 1:
                parts.append(Component("repeatability", "A", "t", u, dof, f"n = {len(values)}"))
    return evaluated(
        measurand,
        device,
        value,
        unit,
        len(values),
        parts,
        statistic=statistic.value,
        raw=tuple(values),
    )


def evaluate_counts(
    measurand: str, device: str, hits: int, trials: int, *, proportion: bool, census: bool = False
) -> Measurement:
    """A count of events in ``trials``, or their proportion with its exact binomial bounds.

    ``census`` means that the trials are the whole population and not a sample, so the proportion is exact.
    """
    share = hits / trials if census else None
    low, high = clopper_pearson(hits, trials) if share is None else (share, share)
    return Measurement(
        measurand, device, Quantity.PROPORTION if proportion else Quantity.COUNT,
        hits / trials if proportion else float(hits), "1", trials,
        statistic=(Statistic.PROPORTION if proportion else Statistic.COUNT).value,
        interval=(low, high) if proportion else None, census=proportion and census,
        details={"hits": hits, "trials": trials, "bound_95": [low, high]},
    )  # fmt: skip
