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
        """``seconds``: the estimate of each item."""
        self._needs = needs
        self._seconds = seconds
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
            if self._would_stop_bench(item):
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

    def _would_stop_bench(self, item: str) -> bool:
        """Whether the bench could do less beside this item of another lane than it takes, and has more to do.

        While the bench waits for what cannot begin anyway, nobody waits for the bench.
        """
        lane = next((one for one in self._others if item in one), None)
        asked = [one for one in self._waiting if one in self._bench]
        if lane is None or any(not self._due(one) or self._excluded(one, ()) for one in asked):
            return False
        left = self._bench_left()
        due = [one for one in left if self._followed(one)]
        needs = self._needs[item]
        beside = [one for one in due if not needs.excludes(self._needs[one])]
        if len(beside) == len(due) or self._lasting(beside) >= self._seconds.get(item, 0.0):
            return False
        return self._lasting(left) > self._lasting(lane - self._over)

    def _bench_left(self) -> list[str]:
        return [one for one in self._bench if one not in self._over and one not in self._running]

    def _followed(self, item: str) -> bool:
        """Whether it is due, or will be when what runs is over."""
        return all(one in self._over or one in self._running for one in self._follows[item])

    def _lasting(self, items: Collection[str]) -> float:
        return sum(self._seconds.get(one, 0.0) for one in items)

    def _concluding(self) -> list[str]:
        """The bench's items that are due of what it has watched together, unless it waits for another."""
        if not self._watched:
            return []
        left = [
            item
            for item in self._bench_left()
            if self._needs[item].together in self._watched and self._due(item)
        ]
        asked = {*self._waiting}.intersection(self._bench)
        return left if asked.issubset(left) else []

    def next_of(self, items: Sequence[str]) -> str:
        """Of the items that are left of a lane, one that may begin now; else the first of all.

        What concludes a watch comes first, then what another lane waits for; else the order is kept.
        """
        concluding = [item for item in self._concluding() if not self._excluded(item, ())]
        if concluding and concluding[0] in items:
            return concluding[0]
        waiting = [one for one in self._waiting if self._due(one) and not self._would_stop_bench(one)]
        ready = [item for item in items if self._due(item) and not self._excluded(item, waiting)]
        awaited = self._awaited()
        return next((item for item in ready if item in awaited), ready[0] if ready else items[0])

    def _awaited(self) -> set[str]:
        """What has to be over before all that wait are due, directly or through others."""
        found = {one for item in self._waiting for one in self._follows[item]} - self._over
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
            heapq.heappush(running, (time + seconds[item], item))
        if not running:
            return time
        time, ended = heapq.heappop(running)
        turns.end([ended])
        idle = {lane_of[ended]}
