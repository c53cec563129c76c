# SPDX-License-Identifier: Apache-2.0
"""How many devices of the sample conform, counted from the findings of the run so far.

A device conforms if everything planned on it has a verdict and none is against it. While a device is open,
the rate is only known to be at least that of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yanshou.model import Plan, Verdict

_OPEN = frozenset({Verdict.INVALID, Verdict.NOT_TESTED})
_DONE = frozenset({"done", "non_conform", "not_applicable"})


@dataclass(frozen=True, slots=True)
class PassRate:
    """The devices of all samples: those that do not conform, the open ones, and their total number."""

    n: int
    failed: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def percent(self) -> float:
        """Share of the devices that conform, in %; the open ones are not among them."""
        return 100.0 * (self.n - len(self.failed) - len(self.open)) / self.n

    @property
    def because(self) -> str:
        """What was counted, in words."""
        parts = [f"抽查 {self.n} 台"]
        parts += [f"不合格 {'、'.join(self.failed[:8])}"] if self.failed else []
        parts += [f"{len(self.open)} 台尚无结论（{'、'.join(self.open[:8])}）"] if self.open else []
        return "，".join(parts)


def count_passed(plan: Plan, events: Iterable[Mapping[str, Any]], without: str) -> PassRate | None:
    """The pass rate of the plan's samples; None when nothing was sampled.

    ``without`` is the measurand of the pass rate itself, whose own items are left out.
    """
    drawn = {name for record in plan.sampling for name in record.drawn}
    if not drawn:
        return None
    planned = {one.id: one.device for one in plan.items if one.device in drawn and one.measurand != without}
    against: set[str] = set()
    last: dict[tuple[str, str], Verdict] = {}
    settled: set[str] = set()
    for event in events:
        if event["kind"] in {"site_amended", "voided"}:
            settled -= set(event.get("anew") or ())
        item = str(event.get("item", ""))
        if item not in planned:
            continue
        if event["kind"] == "finding":
            verdict = Verdict(str(event["verdict"]))
            last[item, str(event["requirement"])] = verdict
            against |= {planned[item]} if verdict.against else set()
        elif event["kind"] == "item_started":  # what a later attempt left unfinished is open
            settled.discard(item)
        elif event["kind"] == "item_finished" and event["outcome"] in _DONE:
            settled.add(item)
    unsettled = {item for (item, _), verdict in last.items() if verdict in _OPEN} | planned.keys() - settled
    loose = (drawn - set(planned.values())) | {planned[item] for item in unsettled}
    return PassRate(len(drawn), tuple(sorted(against)), tuple(sorted(loose - against)))
