# SPDX-License-Identifier: Apache-2.0
"""Which items of a run are done at the same time: the lane of the bench, and lanes beside it.

The lane of the bench has the relays, panels, controllers and people. What only asks a camera or a recorder
over the network is done beside it, in a process of its own, and in another one the doors of controllers that
share nothing with the rest of the site. Items exclude each other where they hold the same thing, or where one
disturbs what the other watches quietly. The rules:

- Items that exclude each other are never done at the same time: each waits for its turn (``planning.turns``).
- What tests the same device keeps the order of the plan; all else comes in any order, so that the bench goes
  on with what may begin while a lane is at what excludes the next item.
- What needs the whole bench, or the part of it that a lane has, is done before or after all lanes.
- Which lane an item is in depends on nothing but the items, their needs and their estimated times.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from yanshou.planning.exclusion import EVERYTHING, Lane, Needs, named
from yanshou.planning.turns import lasting

LEAST_S: Final = 120.0
"""How many seconds a lane must spare to be worth a process of its own on the same computer."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The ids of the items in the order in which they are done.

    After ``first`` come ``bench`` and all of ``beside`` at the same time, and ``last`` when they have ended.
    ``seconds``: how long all of it takes by the estimate.
    """

    first: tuple[str, ...]
    bench: tuple[str, ...] = ()
    beside: Mapping[Lane, tuple[str, ...]] = field(default_factory=dict)
    last: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def all_beside(self) -> tuple[str, ...]:
        """What is done beside the bench, one lane after the other."""
        return tuple(chain.from_iterable(self.beside.values()))


def lanes_of(
    order: Sequence[str],
    needs: Mapping[str, Needs],
    seconds: Mapping[str, float],
    *,
    least_s: float = LEAST_S,
) -> Lanes:
    """Put items, in the order of the plan, into lanes.

    A lane that would spare less than ``least_s`` seconds by the estimate is not opened; with none all items
    are ``first``.
    """
    best = Lanes(tuple(order), seconds=sum(seconds[item] for item in order))
    by_lane = {lane: [item for item in order if needs[item].lane is lane] for lane in Lane}
    alone = [items for items in by_lane.values() if items]
    choices = [alone, [_apart(by_lane, order, needs)]] if len(alone) > 1 else [alone]
    for several in choices:
        for chosen in several:
            found = _with(order, needs, chosen, seconds)
            if best.seconds - found.seconds >= least_s * max(1, len(found.beside) - len(best.beside)):
                best = found
    return best


def _apart(
    by_lane: Mapping[Lane, Sequence[str]], order: Sequence[str], needs: Mapping[str, Needs]
) -> list[str]:
    """The items of all lanes, without those of a later lane that hold a device of an earlier one."""
    names, kept = set[str](), set[str]()
    for items in by_lane.values():
        own = [item for item in items if names.isdisjoint(named(needs[item]))]
        kept.update(own)
        names.update(*(named(needs[item]) for item in own))
    return [item for item in order if item in kept]


def _with(
    order: Sequence[str], needs: Mapping[str, Needs], beside: Sequence[str], seconds: Mapping[str, float]
) -> Lanes:
    """The lanes with as many of ``beside`` as can be done there, from the first of them on.

    An item that is bound to both sides of the lanes is in their way. With fewer beside none is bound that was
    free before, so the number is found by halving.
    """
    counts = range(1, len(beside) + 1)
    most = bisect_left(
        counts, True, key=lambda count: _sides(order, needs, frozenset(beside[:count])) is None
    )
    chosen = frozenset(beside[:most])
    sides = _sides(order, needs, chosen)
    if not most or sides is None:
        return Lanes(tuple(order), seconds=sum(seconds[item] for item in order))
    first, last = sides
    lanes = {lane: tuple(one for one in order if one in chosen and needs[one].lane is lane) for lane in Lane}
    opened = {lane: items for lane, items in lanes.items() if items}
    bench = tuple(item for item in order if item not in chosen and item not in first | last)
    together = lasting([bench, *opened.values()], order, needs, seconds)
    return Lanes(
        first=tuple(item for item in order if item in first),
        bench=bench,
        beside=opened,
        last=tuple(item for item in order if item in last),
        seconds=together + sum(seconds[item] for item in first | last),
    )


def _sides(
    order: Sequence[str], needs: Mapping[str, Needs], beside: Collection[str]
) -> tuple[set[str], set[str]] | None:
    """The items of the bench that are done before and after all lanes; None if one would have to be both.

    They need the whole bench, or a device that a lane has there, and so do those that keep their order.
    """
    lent = {name for item in beside if needs[item].lane is Lane.DOORS for name in named(needs[item])}
    needing = {
        item
        for item in order
        if item not in beside and (EVERYTHING in needs[item].holds or not lent.isdisjoint(named(needs[item])))
    }
    begun = next((place for place, item in enumerate(order) if item in beside), len(order))
    first = _bound(reversed(order), needs, beside, needing, needing.intersection(order[:begun]))
    if first is None:
        return None
    last = _bound(order, needs, beside, needing, needing - first)
    return None if last is None or first & last else (first, last)


def _bound(
    order: Iterable[str],
    needs: Mapping[str, Needs],
    beside: Collection[str],
    needing: Collection[str],
    found: set[str],
) -> set[str] | None:
    """``found`` with the items that must wait for what comes before them in ``order`` beside the bench.

    None if something beside it would have to wait for one of them.
    """
    before, taken, bound = set[str](), set[str](), set(found)
    for item in order:
        own = needs[item].tests
        if item in beside:
            if not taken.isdisjoint(own):
                return None
            before |= own
        elif item in bound or not taken.isdisjoint(own) or (item in needing and not before.isdisjoint(own)):
            bound.add(item)
            taken |= own
    return bound
