# SPDX-License-Identifier: Apache-2.0
"""One result per requirement: its devices, the gravest verdict, the worst value, and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from yanshou.model import LimitStatus, Reserve, SampleRecord, Statistic, Verdict
from yanshou.reports.records import ReportRow
from yanshou.reports.view import RunView, system_order

_WITHOUT_RESULT = frozenset({Verdict.INVALID, Verdict.NOT_TESTED})


class Rests(StrEnum):
    """What weakens a result and must be said wherever the result is printed."""

    DEVIATION = "deviation"
    PROVISIONAL = "provisional"
    SHORTENED = "shortened"
    UNPROVEN = "unproven"
    ESTIMATE = "estimate"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """All rows of one requirement that apply.

    ``number`` is the number of its line in the report; ``N`` and ``n`` are the devices of its lots and the
    devices that have a row, 0 for a requirement on the site itself.
    """

    number: int
    system: str
    rows: tuple[ReportRow, ...]
    N: int
    n: int

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of its devices: one that was not tested outweighs those that conform."""
        return max((row.finding.verdict for row in self.rows), key=lambda one: one.severity)

    @property
    def worst(self) -> ReportRow:
        """The row whose value is nearest to its limit or farthest beyond it.

        A value that may not be judged is shown only if there is no other.
        """
        valued = [row for row in self.rows if _has_value(row)]
        judged = [row for row in valued if row.finding.verdict not in _WITHOUT_RESULT]
        return max(judged or valued or self.rows, key=lambda row: (row.finding.verdict.severity, -room(row)))

    @property
    def rests_on(self) -> tuple[Rests, ...]:
        """What weakens any of its rows."""
        found = {one for row in self.rows for one in rests_on(row)}
        return tuple(one for one in Rests if one in found)


_CONDITIONAL = frozenset({Verdict.CONDITIONAL_CONFORM, Verdict.CONDITIONAL_NON_CONFORM})


def by_requirement(view: RunView) -> tuple[RequirementResult, ...]:
    """Every requirement with a row that applies, by system, in the order of the plan."""
    groups: dict[tuple[str, str], list[ReportRow]] = {}
    for row in view.rows:
        if row.finding.verdict is not Verdict.NOT_APPLICABLE:
            groups.setdefault((row.system, row.finding.requirement), []).append(row)
    order = system_order(view)
    ranked = sorted(groups.items(), key=lambda one: order.index(one[0][0]))
    return tuple(
        RequirementResult(number, system, tuple(rows), *_sample(view, rows))
        for number, ((system, _), rows) in enumerate(ranked, start=1)
    )


def rests_on(row: ReportRow) -> tuple[Rests, ...]:
    """What weakens one row, in the order of :class:`Rests`.

    A verdict that is conditional for no other reason is so because the limit lies within value ± U.
    """
    finding, measured = row.finding, row.measurement
    found = [Rests.DEVIATION] if measured is not None and measured.deviations else []
    if finding.limit_status == LimitStatus.PROVISIONAL and finding.verdict not in _WITHOUT_RESULT:
        found.append(Rests.PROVISIONAL)
    if measured is None:
        return tuple(found)
    reserved = {one.why for one in measured.reservations}
    weak = [Rests(why) for why in (Reserve.SHORTENED, Reserve.UNPROVEN) if why in reserved]
    weak += [Rests.ESTIMATE] if measured.estimate else []
    weak += [Rests.WITHIN] if not weak and finding.verdict in _CONDITIONAL else []
    return (*found, *weak)


def numbers_of(results: Iterable[RequirementResult]) -> Mapping[str, tuple[int, ...]]:
    """The numbers of the lines in which an item or a device has a row, by its id."""
    found: dict[str, list[int]] = {}
    for result in results:
        for row in result.rows:
            for name in {row.item, row.finding.device} - {""}:
                found.setdefault(name, []).append(result.number)
    return {name: tuple(dict.fromkeys(numbers)) for name, numbers in found.items()}


def room(row: ReportRow) -> float:
    """How far the value of a row lies within its limit; below 0 beyond it, -inf if it was never reached."""
    limit = row.requirement.limit if row.requirement else None
    value = _number(row)
    if value is None:
        return math.inf
    if limit is None or (limit.min is None and limit.max is None):
        return _without_limit(row, value)
    never = row.finding.value is None and row.measurement is not None and row.measurement.at_most is None
    sides = [] if limit.max is None else [-math.inf if never else limit.max - value]
    sides += [] if limit.min is None else [value - limit.min]
    return min(sides)


def _without_limit(row: ReportRow, value: float) -> float:
    """No limit is known: the statistic says which end is the worse; a demanded state must be met."""
    limit, statistic = (row.requirement.limit, row.requirement.statistic) if row.requirement else (None, None)
    if limit is not None and isinstance(limit.equals, bool | int | float):
        return -abs(value - float(limit.equals))
    return value if statistic is Statistic.MIN else -value


def _has_value(row: ReportRow) -> bool:
    return row.finding.value is not None or _number(row) is not None


def _number(row: ReportRow) -> float | None:
    """The value as a number; of a value not reached, the bound that is known."""
    value, measured = row.finding.value, row.measurement
    if isinstance(value, str):
        return None
    if value is not None:
        return float(value)
    if measured is None:
        return None
    return measured.at_least if measured.at_least is not None else measured.at_most


def _sample(view: RunView, rows: Iterable[ReportRow]) -> tuple[int, int]:
    """Devices in the lots of these rows, and devices with a row; a device of no lot counts as its own."""
    devices = {row.finding.device for row in rows} - {"", view.site.id}
    lots: dict[str, SampleRecord] = {}
    for record in view.plan.sampling:
        drawn = devices & set(record.drawn)
        name = record.population.partition(" #")[0].partition(" [")[0]
        if drawn and (name not in lots or _nearer(record, lots[name], devices)):
            lots[name] = record
    alone = devices - {one for record in lots.values() for one in record.drawn}
    return sum(record.N for record in lots.values()) + len(alone), len(devices)


def _nearer(record: SampleRecord, other: SampleRecord, devices: set[str]) -> bool:
    """Whether a sample is nearer to the devices tested: no device of them missing, none besides."""
    return len(devices ^ set(record.drawn)) < len(devices ^ set(other.drawn))
