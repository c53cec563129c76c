# SPDX-License-Identifier: Apache-2.0
"""Which item of which lane may begin: what excludes it must not be running, what it follows must be over."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence

from yanshou.planning.exclusion import Needs


class Turns:
    """The turns of lanes that work at the same time, each through its own items.

    What tests the same device keeps the order of the plan. Of two that wait, the one that asked first is not
    overtaken by what excludes it. A lane that waits does so at the first of its items that is left, or one
    that may begin; the earliest of all items that are left can begin when those that run have ended, so
    nobody waits for ever. What the bench has watched together it concludes before anything begins that
    excludes it: those items take no time, and what follows them would wait for hours.
    """

    def __init__(
        self,
        lanes: Sequence[Sequence[str]],
        order: Sequence[str],
        needs: Mapping[str, Needs],
        seconds: Mapping[str, float],
    ) -> None:
        """``seconds``: the estimate of each item; kept is how long each keeps its devices."""
        self._needs = needs
        self.seconds = _watch_by_watch(order, needs, seconds)
        self._bench, self._others = tuple(lanes[0]), [frozenset(one) for one in lanes[1:]]
        self._watched: set[str] = set()  # what the bench has begun to watch together
        self._follows = _follows(lanes, order, needs)
        self._waiting: list[str] = []
        self._running: set[str] = set()
        self._over: set[str] = set()

    def ask(self, item: str) -> None:
        """The item is the next of its lane."""
        self._waiting.append(item)

    def granted(self) -> list[str]:
        """Those of the asked ones that begin now."""
        found: list[str] = []
        concluding = self._concluding()
        held_back: list[str] = []
        for item in tuple(self._waiting):
            if not self._due(item):
                continue
            if self._waits_for_bench(item):
                continue  # and holds nothing back itself
            if self._excluded(item, () if item in concluding else (*held_back, *concluding)):
                held_back.append(item)
                continue
            self._waiting.remove(item)
            self._running.add(item)
            if (together := self._needs[item].together) and item in self._bench:
                self._watched.add(together)
            found.append(item)
        return found

    def _waits_for_bench(self, item: str) -> bool:
        """Whether an item of another lane had better wait until the bench is further."""
        return self._would_stop_bench(item) or self._would_put_off(item)

    def _would_stop_bench(self, item: str) -> bool:
        """Whether an item of another lane would make the bench stand still, and all of it end later by that.

        What the bench can do meanwhile is all that leads to nothing which this item excludes. While the bench
        waits for what cannot begin anyway, nobody waits for the bench.
        """
        lane = next((one for one in self._others if item in one), None)
        asked = [one for one in self._waiting if one in self._bench]
        if lane is None or any(not self._due(one) or self._excluded(one, ()) for one in asked):
            return False
        needs, idle, left = self._needs[item], self.seconds[item], self._bench_left()
        before = self._over | self._running
        kept: list[float] = []  # what comes next and cannot be done beside it
        for one in left:
            if not before.issuperset(self._follows[one]):
                continue
            if needs.excludes(self._needs[one]):
                kept.append(self.seconds[one])
                continue
            before.add(one)
            idle -= self.seconds[one]
            if idle <= 0.0:
                return False
        if not kept:
            return False
        ours, theirs = self._lasting(left), self._lasting(lane - self._over)
        return (max(ours + idle, theirs), ours) > (max(ours, theirs + kept[0]), theirs)

    def _would_put_off(self, item: str) -> bool:
        """Whether the bench, in less time than an item of another lane takes, concludes what this excludes.

        Before that it has to do what the zones of other panels have in the plan before their results.
        """
        if item in self._bench or not self._watched:
            return False
        needs = self._needs[item]
        last = [one for one in self._to_conclude() if needs.excludes(self._needs[one])]
        before = self._before(last)
        if not last or not before.issubset(self._bench):
            return False
        asked = {*self._waiting}.intersection(self._bench)
        return asked <= before.union(last) and self._lasting(before) <= self.seconds[item]

    def _bench_left(self) -> list[str]:
        return [one for one in self._bench if one not in self._over and one not in self._running]

    def _lasting(self, items: Collection[str]) -> float:
        return sum(self.seconds[one] for one in items)

    def _to_conclude(self) -> list[str]:
        """What the bench has left of what it has watched together."""
        return [one for one in self._bench_left() if self._needs[one].together in self._watched]

    def _concluding(self) -> list[str]:
        """The bench's items that are due of what it has watched together, unless it waits for another."""
        if not self._watched:
            return []
        left = [item for item in self._to_conclude() if self._due(item)]
        asked = {*self._waiting}.intersection(self._bench)
        return left if asked.issubset(left) else []

    def next_of(self, items: Sequence[str]) -> str:
        """Of the items that are left of a lane, one that may begin now; else the first of all.

        What concludes a watch comes first, then what has to be over before another result of it or before
        what another lane waits for; else the order is kept.
        """
        concluding = [item for item in self._concluding() if not self._excluded(item, ())]
        if concluding and concluding[0] in items:
            return concluding[0]
        waiting = [one for one in self._waiting if self._due(one) and not self._waits_for_bench(one)]
        ready = [item for item in items if self._due(item) and not self._excluded(item, waiting)]
        awaited = self._before([*self._waiting, *(self._to_conclude() if self._watched else ())])
        return next((item for item in ready if item in awaited), ready[0] if ready else items[0])

    def _before(self, items: Collection[str]) -> set[str]:
        """What has to be over before all of these are due, directly or through others."""
        found = {one for item in items for one in self._follows[item]} - self._over
        last = found
        while last := {one for item in last for one in self._follows[item]} - self._over - found:
            found |= last
        return found

    def _due(self, item: str) -> bool:
        """Whether all that it follows is over."""
        return self._over.issuperset(self._follows[item])

    def _excluded(self, item: str, waiting: Collection[str]) -> bool:
        needs = self._needs[item]
        return any(needs.excludes(self._needs[other]) for other in (*self._running, *waiting))

    def end(self, items: Collection[str]) -> None:
        """The items are over, or will not be done in these lanes."""
        self._over.update(items)
        self._running.difference_update(items)
        self._waiting = [one for one in self._waiting if one not in self._over]


def _follows(
    lanes: Sequence[Sequence[str]], order: Sequence[str], needs: Mapping[str, Needs]
) -> Mapping[str, Collection[str]]:
    """Of each item the last ones before it, in each lane, that test the same device."""
    lane_of = {item: number for number, items in enumerate(lanes) for item in items}
    last: dict[str, dict[int, str]] = {}  # by the name of a device and the lane
    found: dict[str, Collection[str]] = {}
    for item in order:
        if (lane := lane_of.get(item)) is None:
            continue
        names = needs[item].tests
        found[item] = {other for name in names for other in last.get(name, {}).values()}
        for name in names:
            last.setdefault(name, {})[lane] = item
    return found


def _watch_by_watch(
    order: Sequence[str], needs: Mapping[str, Needs], seconds: Mapping[str, float]
) -> Mapping[str, float]:
    """The seconds in which each item keeps its devices: the first of a watch makes it for all of them."""
    first: dict[str, str] = {}
    found = {item: seconds.get(item, 0.0) for item in order}
    for item in order:
        if (own := first.setdefault(needs[item].together or item, item)) != item:
            found[own] += found[item]
            found[item] = 0.0
    return found


def lasting(
    lanes: Sequence[Sequence[str]],
    order: Sequence[str],
    needs: Mapping[str, Needs],
    seconds: Mapping[str, float],
) -> float:
    """How long the lanes take together, from the seconds of each item; the first chooses what is next."""
    turns = Turns(lanes, order, needs, seconds)
    left = [list(items) for items in lanes]
    lane_of = {item: number for number, items in enumerate(lanes) for item in items}
    running: list[tuple[float, str]] = []
    time, idle = 0.0, set(range(len(lanes)))
    while True:
        for number in sorted(idle):
            if left[number]:
                item = turns.next_of(left[number]) if number == 0 else left[number][0]
                left[number].remove(item)
                turns.ask(item)
        for item in turns.granted():
            heapq.heappush(running, (time + turns.seconds[item], item))
        if not running:
            return time
        time, ended = heapq.heappop(running)
        turns.end([ended])
        idle = {lane_of[ended]}
