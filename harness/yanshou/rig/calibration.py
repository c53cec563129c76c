# SPDX-License-Identifier: Apache-2.0
"""Loopback calibrations: measured, kept in the site folder, frozen into a run, and repeated after it.

``calibration.json`` of the site folder holds all of them, the latest last. When a run opens, it takes the
latest calibration of each loop if the boards are the same and it is not too old; the journal of the run then
holds it.
"""

from __future__ import annotations

import json
import math
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.relay import RelayInput, RelayOutput
from yanshou.drivers.field.wiring import parse_terminal
from yanshou.evidence.durable import write_whole
from yanshou.metrology import LoopbackDrift, LoopDelay, drift, evaluate_loop
from yanshou.model import Component, Instant, Latency, Loopback, RigFault, Site, UsageError, utc_now
from yanshou.model.limited import read_json, why
from yanshou.model.site import mistake_of
from yanshou.toml import is_number

FILE = "calibration.json"
SCHEMA = "yanshou-calibration/1"
CYCLES = 100
_LARGEST_BYTES = 64_000_000
_FRESH = timedelta(hours=24)
_WITHIN_S = 2.0
_PHASE_S = 0.02
_MOST = 3  # give up after this many times the cycles asked for

EDGES = ("operate", "release")


@dataclass(frozen=True, slots=True)
class LoopRecord:
    """The calibration of one loop: which boards, when, and the delay by edge of the relay."""

    loop: Loopback
    serials: tuple[str, str]  # of the relay's board and of the input's
    utc: str
    delays: Mapping[str, LoopDelay]

    def paths(self) -> Iterator[tuple[tuple[str, str], LoopDelay]]:
        """(from contact and edge, to contact and edge) with the delay, as in ``Latency.path``."""
        shown = ("on", "off") if self.loop.contact == "NO" else ("off", "on")
        for edge, seen in zip(EDGES, shown, strict=True):
            yield (f"{self.loop.relay}:{edge}", f"{self.loop.input}:{seen}"), self.delays[edge]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "relay": self.loop.relay,
            "input": self.loop.input,
            "contact": self.loop.contact,
            "serials": list(self.serials),
            "utc": self.utc,
            "edges": {
                edge: asdict(delay)
                | {"u": delay.budget.u_c, "budget": [_component(term) for term in delay.components()]}
                for edge, delay in self.delays.items()
            },
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> LoopRecord:
        """Read what ``as_json`` wrote."""
        names = LoopDelay.__dataclass_fields__
        return cls(
            Loopback(data["relay"], data["input"], data["contact"]),
            (data["serials"][0], data["serials"][1]),
            data["utc"],
            {e: LoopDelay(**{k: v for k, v in d.items() if k in names}) for e, d in data["edges"].items()},
        )


def _component(term: Component) -> dict[str, Any]:
    return asdict(term) | {"dof": term.dof if math.isfinite(term.dof) else None}


# -- measuring ----------------------------------------------------------------------------------------------


def require_loops(site: Site) -> None:
    """Raise UsageError when there is no loop to calibrate, or a board has no serial number to bind it to."""
    if not site.loopbacks:
        raise UsageError(
            "no loopback is stated.",
            'Wire a relay to an input and write [[loopback]] relay = "…", input = "…", contact = "NC".',
            path=site.folder / "site.toml",
        )
    boards = {_board(text) for loop in site.loopbacks for text in (loop.relay, loop.input)}
    if missing := [board for board in sorted(boards) if not site.devices[board].attributes.get("serial")]:
        remedy = "Write serial=… in its attributes: a calibration belongs to the very board."
        what = "its serial number is not stated."
        raise UsageError([mistake_of(site.devices[board], what, remedy) for board in missing])


def measure(
    site: Site,
    bench: Bench,
    *,
    cycles: int = CYCLES,
    only: frozenset[str] | None = None,
    progress: Callable[[str], object] = lambda _: None,
) -> list[LoopRecord]:
    """Calibrate the site's loops (``only`` those named): both edges, ``cycles`` undisturbed ones each."""
    records = []
    for loop in site.loopbacks:
        if only is None or loop.name in only:
            progress(loop.name)
            delays = _cycled(loop, bench.output(loop.relay), bench.input(loop.input), cycles)
            serials = (_serial(site, loop.relay), _serial(site, loop.input))
            records.append(LoopRecord(loop, serials, utc_now(), delays))
    return records


def _cycled(loop: Loopback, relay: RelayOutput, contact: RelayInput, cycles: int) -> dict[str, LoopDelay]:
    if contact.is_active() is not (loop.contact == "NC"):
        shown = "active" if contact.is_active() else "at rest"
        raise RigFault(
            f"the input of {loop.name} is {shown} while the relay rests: it is not wired as stated.",
            device=loop.input,
            remedy="Wire the loop, or correct contact (NO closes, NC opens when energised).",
        )
    found: dict[str, list[Latency]] = {edge: [] for edge in EDGES}
    for number in range(_MOST * cycles):
        for edge, latency in zip(EDGES, _cycle(loop, relay, contact), strict=True):
            found[edge].append(latency)
        if number + 1 >= cycles and all(evaluate_loop(one).n >= cycles for one in found.values()):
            return {edge: evaluate_loop(one) for edge, one in found.items()}
    raise RigFault(
        f"of {_MOST * cycles} cycles of {loop.name} fewer than {cycles} were undisturbed.",
        device=loop.relay,
        remedy="Close other programs: the machine is too busy to calibrate.",
    )


def _cycle(loop: Loopback, relay: RelayOutput, contact: RelayInput) -> tuple[Latency, Latency]:
    """One operation and one release, each after a random pause; only stamps, without assumed bounds."""
    closes = loop.contact == "NO"
    time.sleep(random.uniform(0, _PHASE_S))  # noqa: S311 - a phase, no secret
    operated = relay.operate()
    first = _seen(loop, contact, operated, active=closes)
    time.sleep(random.uniform(0, _PHASE_S))  # noqa: S311 - a phase, no secret
    released = relay.release()
    return first, _seen(loop, contact, released, active=not closes)


def _seen(loop: Loopback, contact: RelayInput, since: Instant, *, active: bool) -> Latency:
    wait = contact.wait_active if active else contact.wait_inactive
    seen = wait(since=since, within=_WITHIN_S)
    if seen is None:
        raise RigFault(
            f"the loop {loop.name} did not follow its relay within {_WITHIN_S:g} s.",
            device=loop.input,
            remedy="Look for a loose wire, a dead relay or the wrong channel.",
        )
    return (seen - since).corrected(0.0)


def _board(terminal: str) -> str:
    parsed = parse_terminal(terminal)
    assert parsed is not None  # checked with the wiring
    return parsed.device


def _serial(site: Site, terminal: str) -> str:
    return str(site.devices[_board(terminal)].attributes.get("serial", ""))


# -- keeping ------------------------------------------------------------------------------------------------


def keep(folder: Path, records: Sequence[LoopRecord], **about: str) -> Path:
    """Add a calibration to ``calibration.json`` of the site folder."""
    path = folder / FILE
    kept = _read(path)
    kept.append(about | {"utc": utc_now(), "loops": [record.as_json() for record in records]})
    text = json.dumps({"schema": SCHEMA, "calibrations": kept}, ensure_ascii=False, indent=1)
    write_whole(path, text.encode())
    return path


def _read(path: Path) -> list[dict[str, Any]]:
    if not os.path.lexists(path):
        return []
    try:
        content = read_json(path, _LARGEST_BYTES)
        kept = content.get("calibrations") if isinstance(content, dict) else None
        if not isinstance(kept, list) or content.get("schema") != SCHEMA:
            raise ValueError(f"it is no list of the form {SCHEMA}")  # noqa: TRY301 - reported in one place
        if not all(isinstance(one, dict) and isinstance(one.get("loops"), list) for one in kept):
            raise ValueError("one of its calibrations is not whole")  # noqa: TRY301 - as above
    except (OSError, ValueError) as error:
        raise _no_calibration(path, why(error)) from None
    return kept


def _whole(record: LoopRecord) -> LoopRecord:
    """The record; ``ValueError`` or ``TypeError`` where its time or one of its figures is none."""
    if datetime.fromisoformat(record.utc).tzinfo is None:
        raise ValueError("its time has no zone")
    if set(record.delays) != set(EDGES):
        raise ValueError("one of its edges is missing")
    for delay in record.delays.values():
        if not all(is_number(figure) for figure in asdict(delay).values()):
            raise ValueError("one of its figures is no number")
    return record


def _no_calibration(path: Path, what: str) -> UsageError:
    remedy = "Move it away and calibrate again: `yanshou calibrate SITE`."
    return UsageError(f"is no calibration: {what}.", remedy, path=path)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run takes when it opens: the latest record of each loop, and why others were not taken."""

    records: tuple[LoopRecord, ...]
    left: tuple[str, ...]


def usable(file: Path, site: Site, at: datetime | None = None) -> Taken:
    """The calibrations of ``file`` that a run of ``site`` may use, opened at ``at`` (UTC, by default now)."""
    try:
        records = [_whole(LoopRecord.of(loop)) for one in _read(file) for loop in one["loops"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _no_calibration(file, "one of its loops is not whole") from None
    latest = {record.loop.name: record for record in records}
    stated = {loop.name for loop in site.loopbacks}
    taken, left = [], []
    for name, record in latest.items():
        if why := _unusable(record, site, at or datetime.now(UTC), known=name in stated):
            left.append(f"{name}: {why}")
        else:
            taken.append(record)
    return Taken(tuple(taken), tuple(left))


def _unusable(record: LoopRecord, site: Site, at: datetime, *, known: bool) -> str:
    if not known:
        return "工程文件不再写有这个环回"
    now_there = (_serial(site, record.loop.relay), _serial(site, record.loop.input))
    if now_there != record.serials:
        return f"继电器板已更换（{'、'.join(record.serials)} → {'、'.join(now_there)}）"
    age = at - datetime.fromisoformat(record.utc)
    return "" if timedelta(0) <= age <= _FRESH else f"校准于 {record.utc}，不在检测前 24 h 之内"


# -- using --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Calibration:
    """The calibrated loops that a run uses."""

    records: tuple[LoopRecord, ...] = ()

    @classmethod
    def of(cls, events: Sequence[Mapping[str, Any]]) -> Calibration:
        """The loops in the journal, without those that were found to have drifted."""
        loops: dict[str, LoopRecord] = {}
        for event in events:
            if event["kind"] == "calibration" and event["phase"] == "before":
                loops |= {one.loop.name: one for one in map(LoopRecord.of, event["loops"])}
            elif event["kind"] == "calibration":
                for name in (one["loop"] for one in event["drift"] if one["void"]):
                    loops.pop(name, None)
        return cls(tuple(loops.values()))

    @cached_property
    def bounds(self) -> dict[str, float]:
        """The largest delay of each contact in seconds, by terminal and edge.

        It replaces the assumed bound.

        For a contact in several loops the smallest of its bounds is used.
        """
        found: dict[str, float] = {}
        for record in self.records:
            for path, delay in record.paths():
                for via in path:
                    found[via] = min(found.get(via, math.inf), delay.bound)
        return found

    def corrected(self, latencies: Sequence[Latency]) -> Corrected:
        """Subtract the calibrated delay from latencies along a loop, and name the loops they rest on."""
        paths = {path: (record, delay) for record in self.records for path, delay in record.paths()}
        made, used, rests = [], {}, dict[str, None]()
        for latency in latencies:
            if latency.path in paths:
                record, delay = paths[latency.path]
                made.append(latency.corrected(delay.mean))
                used[latency.path] = delay
                rests[record.loop.name] = None
            else:
                made.append(latency)
                rests |= dict.fromkeys(self._bounding(latency.path))
        delays = list(used.values())
        return Corrected(made, _worst(delays), tuple(rests), tuple(one.mean for one in delays))

    def _bounding(self, path: tuple[str, str]) -> list[str]:
        """The loops whose bound made this latency wider."""
        return [
            record.loop.name
            for record in self.records
            if any(via and via in loop for via in path for loop, _ in record.paths())
        ]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Latencies, the terms the correction adds to the budget, the loops used, and what was subtracted."""

    latencies: list[Latency]
    components: list[Component] = field(default_factory=list)
    rests_on: tuple[str, ...] = ()
    taken_off: tuple[float, ...] = ()


def _worst(delays: Sequence[LoopDelay]) -> list[Component]:
    """The terms of the least certain of the loops used."""
    if not delays:
        return []
    worst = max(delays, key=lambda one: one.budget.u_c)
    widest = max(delays, key=lambda one: one.s)
    return [*worst.components(), widest.single()]


# -- after the run ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoopDrift:
    """One edge of one loop, before and after a run."""

    loop: str
    edge: str
    before: LoopDelay
    after: LoopDelay
    drift: LoopbackDrift

    def as_json(self) -> dict[str, Any]:
        """Plain data for the journal."""
        return {
            "loop": self.loop,
            "edge": self.edge,
            "before_s": self.before.mean,
            "after_s": self.after.mean,
            "difference_s": self.drift.difference,
            "permitted_s": self.drift.permitted,
            "void": self.drift.void,
        }


def compared(before: Calibration, after: Sequence[LoopRecord]) -> list[LoopDrift]:
    """Compare every edge of every loop of the run with its calibration after the run."""
    again = {record.loop.name: record for record in after}
    found = []
    for one in before.records:
        if (then := again.get(one.loop.name)) is not None:
            for edge, delay in one.delays.items():
                moved = drift(delay, then.delays[edge])
                found.append(LoopDrift(one.loop.name, edge, delay, then.delays[edge], moved))
    return found


def void_names(drifts: Sequence[LoopDrift]) -> list[str]:
    """The loops of which any edge drifted too far."""
    return list(dict.fromkeys(one.loop for one in drifts if one.drift.void))
