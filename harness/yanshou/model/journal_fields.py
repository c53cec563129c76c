# SPDX-License-Identifier: Apache-2.0
"""Whether the fields of a journal line that decide about results are what docs/contracts.md §4 says.

A chain of digests can be made anew over lines that no version of this software wrote. What such a line says
of an item cannot be relied on, and whoever reads it must not stumble over it later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from yanshou.model.journal_kind import require_known_kinds
from yanshou.model.measurement import Quantity, Reserve, UncertaintyStatus
from yanshou.model.requirement import Obligation
from yanshou.model.trouble import UsageError
from yanshou.model.verdict import Verdict

_OUTCOMES = ("done", "non_conform", "rig_fault", "not_applicable", "interrupted")
_ENDS = 2
_Is = Callable[[object], bool]


def _text(value: object) -> bool:
    return isinstance(value, str)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _table(value: object) -> bool:
    return isinstance(value, dict)


def _one_of(values: Iterable[str]) -> _Is:
    known = frozenset(values)
    return lambda value: isinstance(value, str) and value in known


def _pair(value: object) -> bool:
    """Two numbers, as an instant or interval; an instant may have no end, or be none."""
    if value is None:
        return True
    if not (isinstance(value, list) and len(value) == _ENDS):
        return False
    return all(one is None or _number(one) for one in value)


def _moment(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


_LINE: Mapping[str, _Is] = {"utc": _moment, "mono": _number}
_DECISIVE: Mapping[str, Mapping[str, _Is]] = {
    "item_started": {"item": _text, "attempt": _whole},
    "item_finished": {"item": _text, "outcome": _one_of(_OUTCOMES)},
    "measurement": {"measurand": _text, "device": _text, "quantity": _one_of(Quantity)},
    "finding": {"item": _text, "requirement": _text, "verdict": _one_of(Verdict)},
}
_IF_STATED: Mapping[str, Mapping[str, _Is]] = {
    "run_opened": {"site": _table, "frozen": _table},
    "draw": {"number": _whole},
    "not_intact": {"problems": _tables},
    "answers": {"file": _text, "keys": _table, "changed": _texts},
    "session_started": {"instruments": _texts, "absent": _texts, "asked": _tables},
    "calibration": {"loops": _tables, "drift": _tables},
    "stimulus": {"instant": _pair},
    "observation": {"instant": _pair},
    "item_finished": {"attempt": _whole, "seconds": lambda value: value is None or _number(value)},
    "measurement": {
        "item": _text,
        "id": _text,
        "n": _whole,
        "uncertainty": _one_of(UncertaintyStatus),
        "interval": _pair,
        "budget": _tables,
        "raw": lambda value: isinstance(value, list),
        "details": _table,
        **dict.fromkeys(("deviations", "instruments", "evidence", *Reserve), _texts),
    },
    "finding": {"device": _text, "n": _whole, "obligation": _one_of(Obligation), "evidence": _texts},
    "evidence": {"sha256": _text},
    "site_amended": {"number": _whole, "anew": _texts, "frozen": _table},
}


def require_readable(events: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Raise UsageError for lines of an unknown kind, or decisive fields no version of this software wrote."""
    require_known_kinds(events, path)
    for number, event in enumerate(events, 1):
        for name in _wrong(event):
            raise UsageError(
                f"line {number} ({event['kind']}) has a wrong `{name}`: {event.get(name)!r:.80}.",
                "No version of yanshou wrote it. Take an intact copy of the run folder, or begin anew.",
                path=path,
            )


def _wrong(event: Mapping[str, Any]) -> Iterator[str]:
    kind = event["kind"]
    for name, right in {**_LINE, **_DECISIVE.get(kind, {})}.items():
        if not right(event.get(name)):
            yield name
    for name, right in _IF_STATED.get(kind, {}).items():
        if name in event and not right(event[name]):
            yield name
