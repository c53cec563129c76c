# SPDX-License-Identifier: Apache-2.0
"""Gathers the parts of one answer: Catalog and RecordInfo come in parts, late, twice, in any order."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from yanshou.protocols.gb28181.manscdp import Manscdp

MOST_GATHERED: Final = 100_000
_IDENTITY: Final = ("DeviceID", "StartTime", "EndTime", "FilePath")


class PartOutcome(StrEnum):
    """What became of one part."""

    TAKEN = "taken"
    FOREIGN = "foreign"  # another SN, command or device than asked
    OVER = "over"  # more items than may be held


class GatheringState(StrEnum):
    """Where a gathering stands."""

    WAITING = "waiting"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"  # the time is over and items are missing
    CONTRADICTORY = "contradictory"  # more items than SumNum, or SumNum differs between the parts


@dataclass(slots=True)
class PartGathering:
    """The answer of ``device`` to the query ``command`` with ``sn``, asked at ``asked`` (``model.now``, s).

    It waits ``idle_s`` after each part and ``total_s`` in all. Items count once, however often they come: a
    catalogue by its code, a recording by its code and times. Only what the device sends to our SN counts.
    """

    command: str
    sn: int
    device: str
    asked: float
    idle_s: float = 10.0
    total_s: float = 60.0
    items: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    totals: set[int] = field(default_factory=set)
    parts: int = 0
    doubled: int = 0  # items that came again
    differing: int = 0  # of those, the ones that say something else
    nameless: int = 0  # items without DeviceID, which count for nothing
    unsummed: int = 0  # parts without SumNum
    recovered: int = 0  # parts whose XML was not well-formed
    foreign: int = 0
    dropped: int = 0
    _last: float | None = None

    def take(self, part: Manscdp, at: float) -> PartOutcome:
        """Take one part that arrived at ``at``."""
        asked = (part.root, part.command, part.sn, part.device)
        if asked != ("Response", self.command, self.sn, self.device):
            self.foreign += 1
            return PartOutcome.FOREIGN
        self._last = at
        self.parts += 1
        self.recovered += part.recovered
        if part.total is None:
            self.unsummed += 1
        else:
            self.totals.add(part.total)
        for item in part.items:
            self._keep(item)
        return PartOutcome.OVER if self.dropped else PartOutcome.TAKEN

    def state(self, at: float) -> GatheringState:
        """Where it stands at ``at``.

        A part that was not well-formed, gave no SumNum or was not held in full never makes a complete answer.
        """
        if len(self.totals) > 1 or (self.totals and len(self.items) > max(self.totals)) or self.differing:
            return GatheringState.CONTRADICTORY
        spoiled = self.unsummed or self.recovered or self.dropped or self.nameless
        if self.totals and len(self.items) == max(self.totals) and not spoiled:
            return GatheringState.COMPLETE
        waited = self._last is not None and at - self._last > self.idle_s
        return (
            GatheringState.INCOMPLETE if waited or at - self.asked > self.total_s else GatheringState.WAITING
        )

    @property
    def missing(self) -> int | None:
        """How many items SumNum promises and did not come; None without one SumNum."""
        return next(iter(self.totals)) - len(self.items) if len(self.totals) == 1 else None

    def _keep(self, item: dict[str, str]) -> None:
        if not item.get("DeviceID"):
            self.nameless += 1
            return
        key = tuple(item.get(name, "") for name in _IDENTITY)
        if key in self.items:
            self.doubled += 1
            self.differing += self.items[key] != item
        elif len(self.items) >= MOST_GATHERED:
            self.dropped += 1
        else:
            self.items[key] = item
