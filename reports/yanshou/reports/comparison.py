# SPDX-License-Identifier: Apache-2.0
"""Compares a run with a later run of the same site: verdicts, figures, devices and requirements.

A figure has changed if its difference is larger than the combined uncertainty of both: ``|x2 - x1| >
sqrt(U1² + U2²)`` (JCGM 100:2008, 5.1.2, for two independent results; ISO 13528:2022, 9.7 uses the same test
as the number En). Otherwise no change can be told. Figures of different units, measurands or statistics are
never subtracted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from yanshou.model import Limit, Measurement, Requirement, UsageError, Verdict
from yanshou.model.unit import same_unit
from yanshou.reports.calibrations import STANDS
from yanshou.reports.records import DeviceInfo, ReportRow
from yanshou.reports.view import RunView

Key = tuple[str, str]
"""Requirement and device."""


class Change(StrEnum):
    """What became of one requirement on one device."""

    WORSE = "worse"  # a graver verdict, or a figure that moved towards or beyond the limit
    OPEN = "open"  # nothing can be said now: not tested, invalid, without a verdict, not tested again
    OTHERWISE = "otherwise"  # a better verdict, but by another limit or rule
    NEW = "new"
    GONE = "gone"
    SETTLED = "settled"  # the first verdict where there was none
    BETTER = "better"
    SAME = "same"


class Untold(StrEnum):
    """Why two figures cannot be subtracted."""

    NO_FIGURE = "no_figure"
    BOUND = "bound"
    NOT_VALID = "not_valid"
    MEASURAND = "measurand"
    STATISTIC = "statistic"
    UNIT = "unit"
    ESTIMATE = "estimate"
    NO_UNCERTAINTY = "no_uncertainty"


@dataclass(frozen=True, slots=True)
class Drift:
    """The difference of two figures (later minus earlier) and its combined U, both in ``unit``.

    ``worse`` says whether it moved towards or beyond the limit; None if that cannot be told.
    """

    difference: float
    U: float
    unit: str
    worse: bool | None

    @property
    def changed(self) -> bool:
        """Whether the difference is larger than its uncertainty."""
        return abs(self.difference) > self.U


@dataclass(frozen=True, slots=True)
class ComparedRows:
    """One requirement on one device, then and now; a side is None where the run has no such row."""

    requirement: str
    device: str
    then: ReportRow | None
    now: ReportRow | None
    change: Change
    drift: Drift | Untold | None = None

    @property
    def moved(self) -> bool:
        """Whether anything changed that a reader has to see."""
        return self.change is not Change.SAME or (isinstance(self.drift, Drift) and self.drift.changed)


@dataclass(frozen=True, slots=True)
class Altered:
    """A field of a requirement or of a device that differs between the runs."""

    name: str
    field: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The later run against the earlier one."""

    pairs: tuple[ComparedRows, ...]
    devices_came: tuple[DeviceInfo, ...]
    devices_went: tuple[DeviceInfo, ...]
    devices_altered: tuple[Altered, ...]
    requirements_came: tuple[str, ...]
    requirements_went: tuple[str, ...]
    requirements_altered: tuple[Altered, ...]
    not_intact: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def count(self, change: Change) -> int:
        """How many pairs changed in this way."""
        return sum(pair.change is change for pair in self.pairs)

    @property
    def exit_code(self) -> int:
        """1 if anything got worse, else 3 if anything is open or a run is not intact, else 0."""
        if self.count(Change.WORSE):
            return 1
        return 3 if not self.pairs or self.count(Change.OPEN) or any(self.not_intact.values()) else 0


_OPEN = (Verdict.NOT_TESTED, Verdict.INVALID)
_JUDGED = (
    Verdict.CONFORM,
    Verdict.CONDITIONAL_CONFORM,
    Verdict.ADVICE_NOT_FOLLOWED,
    Verdict.CONDITIONAL_NON_CONFORM,
    Verdict.NON_CONFORM,
)
"""The verdicts that say something about the system, the best first."""
_STATED = ("standard", "edition", "clause", "limit_status", "in_force")
_JUDGING = ("measurand", "statistic", "limit", "decision_rule", "obligation")
_DESCRIBED = ("name", "kind", "system", "model", "location", "parent")


def compare(then: RunView, now: RunView, not_intact: Mapping[str, tuple[str, ...]]) -> Comparison:
    """Compare two runs of one site; ``not_intact`` has the problems of each folder, by ``then`` and ``now``.

    UsageError if they are not of one site, or not in the order in which they were made.
    """
    _require_comparable(then, now)
    before, after = _rows(then), _rows(now)
    altered = tuple(_altered_requirements(then, now))
    judged_otherwise = {one.name for one in altered if one.field in _JUDGING}
    pairs = tuple(
        _pair(key, before.get(key), after[key], otherwise=key[0] in judged_otherwise)
        if key in after
        else _lost(key, before[key], now, retested=_follows(now, then))
        for key in dict.fromkeys((*after, *before))
    )
    old, new = then.site.devices, now.site.devices
    tested_then, tested_now = {name for name, _ in before}, {name for name, _ in after}
    return Comparison(
        pairs=pairs,
        devices_came=tuple(new[name] for name in new if name not in old),
        devices_went=tuple(old[name] for name in old if name not in new),
        devices_altered=tuple(_altered_devices(old, new)),
        requirements_came=tuple(sorted(tested_now - tested_then)),
        requirements_went=tuple(sorted(tested_then - tested_now)),
        requirements_altered=altered,
        not_intact=not_intact,
    )


def _require_comparable(then: RunView, now: RunView) -> None:
    if then.site.id != now.site.id:
        raise UsageError(
            f"the runs are of two sites: {then.site.id} and {now.site.id}.", "Name two runs of one site."
        )
    if then.emulated != now.emulated:
        raise UsageError("one of the runs is of an emulated site, the other is not.", "Name two real runs.")
    if then.head == now.head:
        raise UsageError("both folders hold the same run.", "Name an earlier and a later run.")
    if now.started < then.started and not _follows(now, then):  # its clock may have been set back
        raise UsageError(
            f"{now.folder} was begun before {then.folder}.", "Name the earlier run first, then the later one."
        )


def _follows(now: RunView, then: RunView) -> bool:
    """Whether a run is the re-test of the other one."""
    return now.first is not None and datetime.fromisoformat(now.first.started) == then.started.replace(
        microsecond=0
    )


def _rows(view: RunView) -> dict[Key, ReportRow]:
    """The rows by requirement and device; of several for one device the gravest."""
    found: dict[Key, ReportRow] = {}
    for row in view.rows:
        key = (row.finding.requirement, row.finding.device)
        found[key] = max(
            (found.get(key, row), row), key=attrgetter("finding.verdict.severity")
        )  # of two alike the first
    return found


def _pair(key: Key, then: ReportRow | None, now: ReportRow, *, otherwise: bool) -> ComparedRows:
    if then is None:
        return ComparedRows(*key, None, now, _new(now.finding.verdict))
    drift = drift_of(then, now)
    otherwise = otherwise or then.finding.decision_rule != now.finding.decision_rule
    change = _change(then.finding.verdict, now.finding.verdict, drift, otherwise=otherwise)
    return ComparedRows(*key, then, now, change, drift)


def _lost(key: Key, then: ReportRow, later: RunView, *, retested: bool) -> ComparedRows:
    """A row that the later run lacks is open if something is left unanswered by that.

    It is not if the device went, if the requirement was tested on other devices of the sample, or if the
    later run is the re-test of the earlier one, whose verdict stands; what did not conform is open in any
    case.
    """
    return ComparedRows(*key, then, None, _gone(key, then, later, retested=retested))


def _gone(key: Key, then: ReportRow, later: RunView, *, retested: bool) -> Change:
    requirement, device = key
    if then.finding.verdict.against:
        return Change.OPEN
    if retested and then.finding.verdict not in _OPEN:
        return Change.GONE
    removed = bool(device) and device not in later.site.devices
    sampled = any(
        row.finding.requirement == requirement and row.finding.verdict in _JUDGED for row in later.rows
    )
    return Change.GONE if removed or sampled else Change.OPEN


def _new(verdict: Verdict) -> Change:
    if verdict.against:
        return Change.WORSE
    return Change.OPEN if verdict in _OPEN else Change.NEW


def _change(then: Verdict, now: Verdict, drift: Drift | Untold, *, otherwise: bool) -> Change:
    if now in _OPEN or (now is Verdict.UNJUDGED and then is not Verdict.UNJUDGED):
        return Change.OPEN
    if now is Verdict.NOT_APPLICABLE:
        if then is now:
            return Change.SAME
        return Change.OPEN if then.against or then in _OPEN else Change.GONE
    moved = _moved(drift)
    if now is then or moved is Change.WORSE:
        return moved
    if then not in _JUDGED:
        return Change.WORSE if now.against else Change.SETTLED
    if _JUDGED.index(now) > _JUDGED.index(then):
        return Change.WORSE
    return Change.OTHERWISE if otherwise else Change.BETTER


def _moved(drift: Drift | Untold) -> Change:
    """What the figures say where the verdict stayed."""
    if isinstance(drift, Untold) or not drift.changed:
        return Change.SAME
    if drift.worse is None:
        return Change.OPEN
    return Change.WORSE if drift.worse else Change.BETTER


def drift_of(then: ReportRow, now: ReportRow) -> Drift | Untold:
    """The difference of the figures of two rows, or why there is none."""
    one, other = then.finding, now.finding
    first, second = _figure(one.value), _figure(other.value)
    if first is None or second is None:
        return Untold.NO_FIGURE
    if why := _unlike(then, now):
        return why
    if one.U is None or other.U is None:
        return Untold.NO_UNCERTAINTY
    difference, spread = second - first, math.hypot(one.U, other.U)
    if not (math.isfinite(difference) and math.isfinite(spread)):
        return Untold.NOT_VALID
    limit = now.requirement.limit if now.requirement else None
    return Drift(difference, spread, other.unit, _worse(first, second, limit))


def _figure(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _unlike(then: ReportRow, now: ReportRow) -> Untold | None:
    """Why the figures are not of one kind, or not usable; None if they are."""
    first, second = then.measurement, now.measurement
    if first is None or second is None or not (_usable(then, first) and _usable(now, second)):
        return Untold.NOT_VALID
    if any(one.at_least is not None or one.at_most is not None for one in (first, second)):
        return Untold.BOUND
    if then.finding.measurand != now.finding.measurand or first.measurand != second.measurand:
        return Untold.MEASURAND
    if first.statistic != second.statistic:
        return Untold.STATISTIC
    if then.finding.unit != now.finding.unit and not same_unit(then.finding.unit, now.finding.unit):
        return Untold.UNIT
    return Untold.ESTIMATE if first.estimate is not second.estimate else None


def _usable(row: ReportRow, measurement: Measurement) -> bool:
    """Whether no gate closed and no later calibration made the value indicative."""
    closed = measurement.invalid or row.finding.verdict in _OPEN
    return not closed and STANDS not in row.finding.reason


def _worse(first: float, second: float, limit: Limit | None) -> bool | None:
    """Whether the later value is nearer to the limit, or further beyond it; None without a limit."""
    if limit is None:
        return None
    if isinstance(limit.equals, int | float) and not isinstance(limit.equals, bool):
        return abs(second - limit.equals) > abs(first - limit.equals)
    if limit.min is None and limit.max is None:
        return None
    return _room(second, limit) < _room(first, limit)


def _room(value: float, limit: Limit) -> float:
    """The distance to the nearer limit; negative beyond it."""
    above = math.inf if limit.max is None else limit.max - value
    below = math.inf if limit.min is None else value - limit.min
    return min(above, below)


def _altered_requirements(then: RunView, now: RunView) -> Iterable[Altered]:
    """What the catalogue of the later run asks otherwise, and the decision rule if it was agreed anew."""
    if then.plan.decision_rule is not now.plan.decision_rule:
        yield Altered("", "decision_rule", then.plan.decision_rule.value, now.plan.decision_rule.value)
    for name in sorted(then.catalogue.keys() & now.catalogue.keys()):
        old, new = then.catalogue[name], now.catalogue[name]
        for key in (*_STATED, *_JUDGING):
            if getattr(old, key) != getattr(new, key):
                yield Altered(name, key, _text(old, key), _text(new, key))


def _text(row: Requirement, key: str) -> str:
    value = getattr(row, key)
    return "—" if value is None or value == "" else str(value)


def _altered_devices(old: Mapping[str, DeviceInfo], new: Mapping[str, DeviceInfo]) -> Iterable[Altered]:
    for name in sorted(old.keys() & new.keys()):
        for key in _DESCRIBED:
            was, is_ = getattr(old[name], key), getattr(new[name], key)
            if was != is_:
                yield Altered(name, key, was or "—", is_ or "—")
