# SPDX-License-Identifier: Apache-2.0
"""Statistics of repeated observations: type A evaluation and exact binomial bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence


def mean_with_u(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean, its standard uncertainty s/sqrt(n) and the degrees of freedom n-1 (GUM 4.2.3).

    Mean and u are in the unit of ``values``. One value alone has no type A uncertainty: u is then infinite,
    never zero.
    """
    n = len(values)
    mean = math.fsum(values) / n
    if n == 1:
        return mean, math.inf, 0.0
    s = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
    return mean, s / math.sqrt(n), float(n - 1)


def percentile(values: Sequence[float], p: float) -> float:
    """The smallest observed value that at least the share ``p`` of the observations do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(p * len(ordered)) - 1)]


def clopper_pearson(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Exact one-sided bounds of a proportion, each at ``level`` (Clopper and Pearson, 1934).

    Bounds are shares from 0 to 1.
    """
    if not 0 <= hits <= trials or trials == 0:
        msg = f"{hits} of {trials} is not a proportion"
        raise ValueError(msg)
    if hits in (0, trials):  # a tail of one term, solved by hand: the usual case needs no library
        least = (1 - level) ** (1 / trials)
        return (0.0, 1 - least) if hits == 0 else (least, 1.0)
    from scipy.special import betaincinv  # noqa: PLC0415 - takes a third of a second

    low = float(betaincinv(hits, trials - hits + 1, 1 - level))
    high = float(betaincinv(hits + 1, trials - hits, level))
    return low, high


def trials_for_zero(limit: float, level: float = 0.95) -> int:
    """The number of trials without a hit that proves a proportion of at most ``limit`` (2995 for 1e-3)."""
    return math.ceil(math.log(1 - level) / math.log1p(-limit))
