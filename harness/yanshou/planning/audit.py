# SPDX-License-Identifier: Apache-2.0
"""Checks the plan against the rules it claims to follow.

Samples, recounted from the inventory, and certificates.

The sample sizes are stated here a second time, by the code letters of the standard's own table. If the audit
used those of the planning, it could not find a mistake there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanshou.instruments.registry import InstrumentRegistry
from yanshou.model import Device, Plan, PlanItem, Site, System

# GB/T 2828.1-2012 table 1, level I: largest lot of each code letter; table 2-A: its sample.
_LETTERS = (
    (15, "A"), (25, "B"), (90, "C"), (150, "D"), (280, "E"), (500, "F"), (1_200, "G"), (3_200, "H"),
    (10_000, "J"), (35_000, "K"), (150_000, "L"), (500_000, "M"),
)  # fmt: skip
_SAMPLES = {
    "A": 2, "B": 3, "C": 5, "D": 8, "E": 13, "F": 20, "G": 32, "H": 50, "J": 80, "K": 125, "L": 200,
    "M": 315, "N": 500,
}  # fmt: skip
_ALL_UP_TO = 5
_LEAST_50339 = 3
_SHARE_50339 = 0.2


# GB 50348-2018 9.1.1: the groups of an inspection whose rows can be told by the beginning of their id
_GROUP_ROWS = {
    "safety": ("GND-",),
    "supply": ("PWR-", "IAS-PW-", "ACS-PW-"),
    "transmission": ("NET-",),
    "installation": ("ACC-13",),
    "centre": ("CTR-",),
}
_PROTECTING = frozenset(
    {System.INTRUSION, System.VIDEO, System.ACCESS_CONTROL, System.SECURITY_INSPECTION, System.INTEGRATION}
)


@dataclass(frozen=True, slots=True)
class Audit:
    """Whether a rule was kept, for how many lots or instruments, and which deviate."""

    kept: bool
    n: int
    because: str


@dataclass(frozen=True, slots=True)
class PlanAudit:
    """The frozen plan of a run with the site it was made for.

    Each check returns None if the rule does not apply.
    """

    plan: Plan
    site: Site
    registry: InstrumentRegistry
    day: date

    def small_lots(self) -> Audit | None:
        """GB 50348-2018 9.1.5: of every model with at most five pieces all are drawn.

        None if there is none.
        """
        return self._lots(lambda N: N if N <= _ALL_UP_TO else None, by_model=True)

    def level_one(self) -> Audit | None:
        """GB 50348-2018 9.1.5: of every larger model a level I sample, at least five.

        None if there is none.
        """
        return self._lots(lambda N: N if N <= _ALL_UP_TO else max(_ALL_UP_TO, _level_one(N)), by_model=True)

    def fifth(self) -> Audit | None:
        """GB 50339-2013 19.0.4: of every kind at least 20 %, and at least three, or all."""
        return self._lots(lambda N: min(N, max(_LEAST_50339, math.ceil(_SHARE_50339 * N))), by_model=False)

    def retest(self) -> Audit | None:
        """GB 50348-2018 9.1.6: twice the first sample, with all failed devices; None on a first test."""
        entries = self.plan.parameters.get("retest")
        if not isinstance(entries, Sequence) or not entries:
            return None
        wrong = [why for entry in entries if (why := self._retested(entry))]
        return Audit(not wrong, len(entries), "；".join(wrong))

    def instruments(self) -> Audit | None:
        """GB 50348-2018 9.1.3: all instruments of register and plan have certificates.

        None without instruments.
        """
        named = {one for item in self.plan.items for one in item.instruments} | set(self.registry.instruments)
        if not named:
            return None
        gates = {one: self.registry.calibration(one, self.day) for one in sorted(named)}
        wrong = [f"{one}：{gate.reason}" for one, gate in gates.items() if not gate.ok]
        return Audit(not wrong, len(gates), "；".join(wrong))

    def fraction(self) -> tuple[float, str] | None:
        """The smallest tested share of a kind in %, and that kind; None when nothing was sampled."""
        shares = {kind: (n, N) for kind, n, N in self._counted(by_model=False)}
        if not shares:
            return None
        kind = min(shares, key=lambda name: _share(*shares[name]))
        n, N = shares[kind]
        return _share(n, N), f"{kind} {n}/{N}"

    def groups(self) -> dict[str, int]:
        """GB 50348-2018 9.1.1: how many items of the plan belong to each of the seven groups.

        No row tells of the architecture: a person has to look at it, so none is counted.
        """
        counted = Counter(group for item in self.plan.items for group in self._groups_of(item))
        return {name: counted[name] for name in ("architecture", "protection", *_GROUP_ROWS)}

    def _groups_of(self, item: PlanItem) -> set[str]:
        rows = {
            group
            for group, heads in _GROUP_ROWS.items()
            if any(one.startswith(heads) for one in item.requirements)
        }
        device = self.site.devices.get(item.device)
        protects = device is not None and device.system in _PROTECTING
        return rows or ({"protection"} if protects else set())

    def _lots(self, wanted: Callable[[int], int | None], *, by_model: bool) -> Audit | None:
        """The lots under the rule (``wanted`` gives a size); None when there are none."""
        counted = [
            (lot, n, N, least)
            for lot, n, N in self._counted(by_model=by_model)
            if (least := wanted(N)) is not None
        ]
        if not counted:
            return None
        short = [f"{lot} 抽 {n}/{N}，应不少于 {least}" for lot, n, N, least in counted if n < least]
        stray = sorted(self._drawn() - {item.device for item in self.plan.items})
        lost = [f"抽取的 {'、'.join(stray[:8])} 没有检测项目"] if stray else []
        return Audit(not short and not lost, len(counted), "；".join([*short, *lost]))

    def _drawn(self) -> set[str]:
        return {name for record in self.plan.sampling for name in record.drawn}

    def _counted(self, *, by_model: bool) -> Iterator[tuple[str, int, int]]:
        """Each lot that was sampled as a whole: its name, how many are drawn, how many exist."""
        whole = [record for record in self.plan.sampling if "[" not in record.population]
        names = {record.population.partition(" #")[0] for record in whole}
        drawn = {name for record in whole for name in record.drawn}
        devices = [
            one
            for one in self.site.devices.values()
            if {one.kind.value, f"{one.kind.value}/{one.model}"} & names
        ]
        lots = Counter(_lot(one, by_model=by_model) for one in devices)
        found = Counter(_lot(one, by_model=by_model) for one in devices if one.id in drawn)
        for lot, N in sorted(lots.items()):
            if found[lot]:  # a lot outside the scope was not sampled at all
                yield lot, found[lot], N

    def _retested(self, entry: Mapping[str, Any]) -> str:
        population = str(entry.get("population", ""))
        record = next((one for one in self.plan.sampling if one.population == population), None)
        if record is None:
            return f"{population} 未列入本次抽样"
        wanted = min(2 * int(entry.get("first_n", 0)), record.N)
        missing = sorted(set(entry.get("failed", ())) - set(record.drawn))
        if record.n < wanted:
            return f"{population} 复检抽 {record.n} 台，应不少于 {wanted} 台"
        return f"{population} 首次不合格的 {'、'.join(missing)} 未在复检样品中" if missing else ""


def _lot(device: Device, *, by_model: bool) -> str:
    return f"{device.kind.value}/{device.model or device.id}" if by_model else device.kind.value


def _level_one(N: int) -> int:
    letter = next((letter for largest, letter in _LETTERS if largest >= N), "N")
    return _SAMPLES[letter]


def _share(n: int, N: int) -> float:
    """Tested share in %."""
    return 100.0 * n / N
