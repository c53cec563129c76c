# SPDX-License-Identifier: Apache-2.0
"""Which items of a run are done at the same time: two lanes, that of the bench and one beside it.

The lane of the bench has the relays, panels, controllers and people. What only asks a camera or a recorder
over the network is done beside it, in a process of its own. Items exclude each other where they hold the same
thing, or where one disturbs what the other watches quietly. The rules:

- Items that exclude each other are never done at the same time. Those that name the same device keep the
  order of the plan; the bench and a person do the others one after the other in any order.
- What has to precede the lane beside the bench is done first, what has to follow it last.
- The order depends on nothing but the items and their needs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

EVERYTHING: Final = "*"
"""Held, watched or disturbed by an item of which nothing narrower is known."""
BENCH: Final = "bench"
"""All that is wired to the relays: it is worked one item after the other, whatever sounds or opens there."""
PERSON: Final = "person"
"""A person takes one step after the other."""
LEAST_S: Final = 120.0
"""How many seconds the lanes must spare to be worth a second process on the same computer."""
_LOOSE: Final = frozenset({BENCH, PERSON, EVERYTHING})


@dataclass(frozen=True, slots=True)
class Needs:
    """What an item holds alone, what must be quiet while it runs, and what it disturbs.

    Each is a set of names: ids of devices, hosts, ``BENCH``, ``PERSON``, or ``EVERYTHING``. ``beside``: it
    needs neither the bench nor a person.
    """

    holds: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    disturbs: frozenset[str] = frozenset()
    beside: bool = False

    def excludes(self, other: Needs) -> bool:
        """Whether the two must not be done at the same time."""
        return _exclude(self, other)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The ids of the items in the order in which they are done.

    After ``first`` come ``bench`` and ``beside`` at the same time, and ``last`` when both have ended.
    """

    first: tuple[str, ...]
    bench: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    last: tuple[str, ...] = ()

    def lasting(self, seconds: Mapping[str, float]) -> float:
        """How long all of it takes, from the seconds of each item."""
        first, bench, beside, last = (
            sum(seconds[item] for item in part) for part in (self.first, self.bench, self.beside, self.last)
        )
        return first + max(bench, beside) + last


@dataclass(slots=True)
class _Together:
    """What several items need together, but for what lets them be done in any order."""

    holds: set[str] = field(default_factory=set)
    quiet: set[str] = field(default_factory=set)
    disturbs: set[str] = field(default_factory=set)

    def add(self, one: Needs) -> None:
        self.holds |= one.holds - _LOOSE
        self.quiet |= one.quiet - _LOOSE
        self.disturbs |= one.disturbs - _LOOSE

    def exclude(self, one: Needs) -> bool:
        return _exclude(self, one)


def lanes_of(
    order: Sequence[str],
    needs: Mapping[str, Needs],
    seconds: Mapping[str, float],
    *,
    least_s: float = LEAST_S,
) -> Lanes:
    """Put items, in the order of the plan, into lanes.

    What the bench disturbs is done beside it only if that spares more than leaving it at the bench. They stay
    in one lane (``first``) where two would spare less than ``least_s`` seconds by the estimate.
    """
    beside = [item for item in order if needs[item].beside]
    at_bench = _Together()
    for item in order:
        if BENCH in needs[item].holds:
            at_bench.add(needs[item])
    calm = [item for item in beside if not _meet(at_bench.disturbs - {EVERYTHING}, needs[item].quiet)]
    found = [_with(order, needs, chosen) for chosen in (beside, calm)]
    best = min(found, key=lambda lanes: lanes.lasting(seconds))
    spared = sum(seconds[item] for item in order) - best.lasting(seconds)
    return best if spared >= least_s else Lanes(tuple(order))


def _with(order: Sequence[str], needs: Mapping[str, Needs], beside: Sequence[str]) -> Lanes:
    """The lanes with as many of ``beside`` as can be done there, from the first of them on.

    An item that is bound to both sides of the lane is in its way. With fewer beside none is bound that was
    free before, so the number is found by halving.
    """

    def bound(count: int) -> tuple[set[str], set[str]]:
        chosen = frozenset(beside[:count])
        return _bound(reversed(order), needs, chosen), _bound(order, needs, chosen)

    counts = range(1, len(beside) + 1)
    most = bisect_left(counts, True, key=lambda count: not set.isdisjoint(*bound(count)))
    return _arranged(order, frozenset(beside[:most]), *bound(most)) if most else Lanes(tuple(order))


def _bound(order: Iterable[str], needs: Mapping[str, Needs], beside: Collection[str]) -> set[str]:
    """The items of the bench that must wait for what comes before them in ``order`` in the lane beside it."""
    before, bound = _Together(), set[str]()
    for item in order:
        if item in beside:
            before.add(needs[item])
        elif before.exclude(needs[item]):
            bound.add(item)
            before.add(needs[item])
    return bound


def _arranged(order: Sequence[str], beside: Collection[str], first: set[str], last: set[str]) -> Lanes:
    return Lanes(
        first=tuple(item for item in order if item in first),
        bench=tuple(item for item in order if item not in beside and item not in first | last),
        beside=tuple(item for item in order if item in beside),
        last=tuple(item for item in order if item in last),
    )


def _exclude(one: Needs | _Together, other: Needs) -> bool:
    return (
        _meet(one.holds, other.holds) or _meet(one.disturbs, other.quiet) or _meet(other.disturbs, one.quiet)
    )


def _meet(some: Collection[str], others: Collection[str]) -> bool:
    if not some or not others:
        return False
    return EVERYTHING in some or EVERYTHING in others or not set(some).isdisjoint(others)
