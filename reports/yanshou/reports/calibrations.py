# SPDX-License-Identifier: Apache-2.0
"""The consequences of a calibration after the run for earlier measurements.

The journal is never changed: findings stay in it as they were made. If a later calibration shows too large a
drift, findings *for* the system become invalid. Findings against it stand, because a fault of our own bench
found later must not remove a non-conformity; the report names the drift beside it. The first calibration
after a measurement decides; a later, better one changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yanshou.model import Finding, Verdict
from yanshou.reports.journal import Event

STANDS = "a drift of the bench undoes no non-conformity, the value is indicative"
NOT_INTACT = "检测文件夹曾不完整 / the run folder was not intact after this was measured"
UNCHECKED = "检测后未做环回校准，检测台自身延迟的漂移未核对"
_FOR = (Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM, Verdict.UNJUDGED)
_AGAINST = (Verdict.NON_CONFORM, Verdict.CONDITIONAL_NON_CONFORM, Verdict.ADVICE_NOT_FOLLOWED)
_MS = 1e3


@dataclass(frozen=True, slots=True)
class Checked:
    """Which measurements lost their calibration, with the reason, and which no calibration followed.

    ``doubted`` are those made before the run folder was found not to be intact.
    """

    void: Mapping[str, str] = field(default_factory=dict)
    unchecked: frozenset[str] = frozenset()
    doubted: Mapping[str, str] = field(default_factory=dict)


def checked(events: Iterable[Event]) -> Checked:
    """For each measurement that rests on a loop, the first calibration after it."""
    waiting: dict[str, list[str]] = {}
    void: dict[str, str] = {}
    doubted: dict[str, str] = {}
    measured: list[str] = []
    unchecked: list[str] = []
    for event in events:
        if event["kind"] == "run_opened":  # of another run, perhaps of another bench
            unchecked += [name for names in waiting.values() for name in names]
            waiting.clear()
        if event["kind"] == "not_intact":
            doubted = dict.fromkeys(measured, NOT_INTACT) | doubted
        if event["kind"] == "measurement":
            measured.append(str(event["id"]))
            for loop in (event.get("details") or {}).get("calibration") or ():
                waiting.setdefault(str(loop), []).append(str(event["id"]))
        elif event["kind"] == "calibration" and event.get("phase") == "after":
            for loop, why in _loops_checked(event).items():
                void |= dict.fromkeys(waiting.pop(loop, ()), why) if why else {}
                waiting.pop(loop, None)
    unchecked += [name for names in waiting.values() for name in names]
    return Checked(void, frozenset(unchecked), doubted)


def _loops_checked(event: Event) -> dict[str, str]:
    """Each loop of a calibration after a run, with the reason if it is void."""
    found: dict[str, str] = {}
    for one in event["drift"]:
        loop = str(one["loop"])
        found.setdefault(loop, "")
        if one["void"]:
            moved, may = one["difference_s"] * _MS, one["permitted_s"] * _MS
            found[loop] = (
                f"loopback {loop} drifted {moved:+.2f} ms after the run, more than 3u = {may:.2f} ms"
            )
    return found


def held(finding: Finding, found: Checked) -> Finding:
    """The finding as it may be reported, considering all later lines of the journal."""
    if doubt := found.doubted.get(finding.measurement):
        verdict = Verdict.INVALID if finding.verdict in _FOR else finding.verdict
        reason = "; ".join(part for part in (finding.reason, doubt) if part)
        finding = replace(finding, verdict=verdict, reason=reason)
    why = found.void.get(finding.measurement)
    if why is None:
        return finding
    reason = "; ".join(part for part in (finding.reason, why) if part)
    if finding.verdict in _AGAINST:
        return replace(finding, reason=f"{reason}; {STANDS}")
    return replace(finding, verdict=Verdict.INVALID, reason=reason) if finding.verdict in _FOR else finding


@dataclass(frozen=True, slots=True)
class LoopLine:
    """One edge of one loop at one calibration; delays in seconds."""

    phase: str
    loop: str
    edge: str
    serials: tuple[str, ...]
    at: str
    delay: Mapping[str, Any]


def loops_of(events: Iterable[Event]) -> tuple[LoopLine, ...]:
    """Every calibration of the journal, edge by edge."""
    return tuple(
        LoopLine(
            str(event["phase"]),
            f"{loop['relay']} {loop['contact']} > {loop['input']}",
            edge,
            tuple(dict.fromkeys(str(one) for one in loop["serials"])),
            str(loop["utc"]),
            delay,
        )
        for event in events
        if event["kind"] == "calibration"
        for loop in event["loops"]
        for edge, delay in loop["edges"].items()
    )


def left_of(events: Sequence[Event]) -> tuple[str, ...]:
    """The calibrations that a run did not use when it opened, and why."""
    return tuple(
        str(one) for event in events if event["kind"] == "calibration" for one in event.get("left") or ()
    )
