# SPDX-License-Identifier: Apache-2.0
"""How many devices are tested, and which.

By rule and by a printed seed, so that nobody can pick the good ones.

Each lot has one random order, and a sample is the beginning of it. A requirement about a part of the lot
takes the first devices of that part. So the requirements share as many devices as their rules permit, and
each sample is still a simple random one.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Collection, Iterable, Sequence

from yanshou.model import SampleRecord, UsageError

GB50348 = "GB 50348-2018 9.1.5"
GB50339 = "GB 50339-2013 19.0.4"
ALL = "all"

_FLOOR = 5  # GB 50348-2018 9.1.5: at least 5, and all when there are no more
_FLOOR_50339 = 3

# GB/T 2828.1-2012 table 1, general inspection level I, with the sample size of each code letter
# (normal inspection, single sampling): largest lot, sample.
_LEVEL_I = (
    (15, 2),
    (25, 3),
    (90, 5),
    (150, 8),
    (280, 13),
    (500, 20),
    (1_200, 32),
    (3_200, 50),
    (10_000, 80),
    (35_000, 125),
    (150_000, 200),
    (500_000, 315),
)
_LARGEST = 500


def level_i(N: int) -> int:
    """Sample size for a lot of ``N`` by GB/T 2828.1-2012, general inspection level I."""
    return next((n for largest, n in _LEVEL_I if largest >= N), _LARGEST)


def sample_size(rule: str, N: int) -> int:
    """How many of ``N`` devices are tested by ``rule``; UsageError for a rule that is not known.

    GB 50348-2018 9.1.5: all up to 5, else by GB/T 2828.1 level I and at least 5.
    GB 50339-2013 19.0.4: at least 20 % and at least 3, all when there are fewer.
    """
    if rule == GB50348:
        return N if N <= _FLOOR else max(_FLOOR, level_i(N))
    if rule == GB50339:
        return min(N, max(_FLOOR_50339, math.ceil(N / 5)))
    if rule == ALL:
        return N
    remedy = f"Known are {GB50348!r}, {GB50339!r} and {ALL!r}."
    raise UsageError(f"sampling rule {rule!r} is not known.", remedy, path="site.toml")


def ranked(lot: Iterable[str], seed: int, name: str) -> list[str]:
    """The ids of one lot in the random order of (seed, name), whatever order they came in.

    Each id has a rank of its own, the HMAC-SHA-256 of it under the key ``seed/name``: adding or removing a
    device does not move the others. Anyone can recompute the rank, but nobody knows it before the seed.
    """
    key = f"{seed}/{name}".encode()
    return sorted(set(lot), key=lambda one: (hmac.digest(key, one.encode(), "sha256"), one))


def draw(order: Sequence[str], part: Collection[str], rule: str) -> tuple[str, ...]:
    """The sample of ``part`` of a lot that stands in random ``order``, sorted by id."""
    members = [one for one in order if one in part]
    return tuple(sorted(members[: sample_size(rule, len(members))]))


def retest_sample(
    first: SampleRecord, population: Iterable[str], failed: Collection[str], seed: int, *, least: int = 0
) -> SampleRecord:
    """The sample of the re-test after repair: doubled, at most all (GB 50348-2018 9.1.6).

    It is no smaller than ``least``, what a first test would draw. It contains the devices that failed; the
    others are drawn again, devices not tested before first. Raises UsageError when a failed device was never
    drawn or does not belong to the population.
    """
    everyone = set(population)
    strangers = sorted((set(failed) - set(first.drawn)) | (set(first.drawn) - everyone))
    if strangers:
        what = f"{', '.join(strangers)} cannot be re-tested: not in the first sample or the population."
        raise UsageError(what, "Give the population and the sample of the first test.")
    n = min(max(2 * first.n, len(failed), least), len(everyone))
    order = ranked(everyone, seed, f"{first.population}/retest")
    # stable: keeps the random order within each group
    order.sort(key=lambda one: (one not in failed, one in first.drawn))
    rule = f"GB 50348-2018 9.1.6 (2 × {first.n})"
    return SampleRecord(first.population, len(everyone), n, rule, tuple(sorted(order[:n])))
