# SPDX-License-Identifier: Apache-2.0
"""``yanshou diff RUN1 RUN2``: compares a run with a later run of the same site, item by item."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from yanshou.cli.language import N_, _, spoken
from yanshou.cli.other_retests import tell_of_unnamed
from yanshou.cli.output import print_json, print_table
from yanshou.evidence import verify
from yanshou.model.printable import tell
from yanshou.reports import RunView, load
from yanshou.reports.comparison import Altered, Change, ComparedRows, Comparison, Drift, Untold, compare
from yanshou.reports.messages import Messages
from yanshou.reports.records import DeviceInfo, ReportRow
from yanshou.reports.rounding import number, uncertainty, with_unit
from yanshou.reports.wording import NOTHING, full_result

_CHANGES: Mapping[Change, str] = {
    Change.WORSE: N_("worse"),
    Change.OPEN: N_("open"),
    Change.OTHERWISE: N_("better, by another limit or rule"),
    Change.NEW: N_("new"),
    Change.GONE: N_("not tested again"),
    Change.SETTLED: N_("first verdict"),
    Change.BETTER: N_("better"),
    Change.SAME: N_("as before"),
}
_UNTOLD: Mapping[Untold, str] = {
    Untold.NO_FIGURE: "—",
    Untold.BOUND: N_("a bound is no value"),
    Untold.NOT_VALID: N_("a value is not valid"),
    Untold.MEASURAND: N_("another measurand"),
    Untold.STATISTIC: N_("another statistic"),
    Untold.UNIT: N_("another unit"),
    Untold.ESTIMATE: N_("one is an estimate"),
    Untold.NO_UNCERTAINTY: N_("U was not stated"),
}
_FIELDS = {
    "standard": N_("standard"),
    "edition": N_("edition"),
    "clause": N_("clause"),
    "limit_status": N_("limit status"),
    "in_force": N_("in force"),
    "measurand": N_("measurand"),
    "statistic": N_("statistic"),
    "limit": N_("limit"),
    "decision_rule": N_("decision rule"),
    "obligation": N_("obligation"),
    "name": N_("name"),
    "kind": N_("kind"),
    "system": N_("system"),
    "model": N_("model"),
    "location": N_("location"),
    "parent": N_("belongs to"),
}


def run(options: argparse.Namespace) -> int:
    """0 without a change for the worse, 1 if something got worse, 3 if something is open."""
    then, now = load(options.then), load(options.now)
    damage = {"then": _damage(options.then, then), "now": _damage(options.now, now)}
    found = compare(then, now, damage)
    tell_of_unnamed(options.then)
    tell_of_unnamed(options.now)
    if options.json:
        print_json(_record(found, then, now))
    else:
        _show(found, then, now, everything=options.all)
    return found.exit_code


def _damage(path: Path, view: RunView) -> tuple[str, ...]:
    """What is wrong with a run folder; a damage that a person accepted counts as well."""
    result = verify(path)
    said = [f"{one.path} ({one.kind})" for one in result.problems]
    if view.torn:
        said.append("journal.jsonl (torn)")
    return tuple(said)


def _show(found: Comparison, then: RunView, now: RunView, *, everything: bool) -> None:
    for name, key, view in ((_("then"), "then", then), (_("now"), "now", now)):
        problems = found.not_intact[key]
        stream = sys.stderr if problems else sys.stdout
        state = _("NOT intact: %s") % ", ".join(problems) if problems else _("intact")
        tell(f"{name}  {view.folder}  {view.local(view.started):%Y-%m-%d}  {state}", file=stream)
    messages = Messages(spoken())
    shown = [pair for pair in found.pairs if everything or pair.moved]
    heads = (_("requirement"), _("device"), _("then"), _("now"), _("drift"), _("change"))
    if shown:
        still, others = _parted(shown)
        print_table(heads, [*(_line(pair, messages) for pair in others), *_still_open(still, messages)])
    _show_devices(found)
    if found.requirements_altered:
        rows = [_altered(one) for one in found.requirements_altered]
        print_table(
            (_("requirement"), _("field"), _("then"), _("now")), rows, title=_("requirements that changed")
        )
    for title, names in (
        (_("requirements that came"), found.requirements_came),
        (_("requirements that went"), found.requirements_went),
    ):
        if names:
            tell(f"{title}: {' '.join(names)}")
    counts = [f"{_(text)} {n}" for change, text in _CHANGES.items() if (n := found.count(change))]
    tell("   ".join(counts))


def _parted(pairs: Iterable[ComparedRows]) -> tuple[list[ComparedRows], list[ComparedRows]]:
    """The pairs that were as open then as they are now, and all others."""
    parts: tuple[list[ComparedRows], list[ComparedRows]] = ([], [])
    for pair in pairs:
        alike = pair.then and pair.now and pair.then.finding.verdict is pair.now.finding.verdict
        parts[0 if alike and pair.change is Change.OPEN and not isinstance(pair.drift, Drift) else 1].append(
            pair
        )
    return parts


def _still_open(pairs: Iterable[ComparedRows], messages: Messages) -> Iterable[tuple[str, ...]]:
    """One line for each requirement that was open on devices then and is now, with the devices."""
    devices: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        verdict = messages.verdict(pair.now.finding.verdict) if pair.now else ""
        devices.setdefault((pair.requirement, verdict), []).append(pair.device)
    for (requirement, verdict), names in devices.items():
        yield requirement, " ".join(names), verdict, verdict, "—", _(_CHANGES[Change.OPEN])


def _show_devices(found: Comparison) -> None:
    came = [(one.id, _("came"), one.name, one.model) for one in found.devices_came]
    went = [(one.id, _("went"), one.name, one.model) for one in found.devices_went]
    if came or went:
        print_table((_("device"), _("change"), _("name"), _("model")), [*came, *went])
    if found.devices_altered:
        rows = [_altered(one) for one in found.devices_altered]
        print_table((_("device"), _("field"), _("then"), _("now")), rows, title=_("devices that changed"))


def _altered(one: Altered) -> tuple[str, str, str, str]:
    return one.name or "—", _(_FIELDS[one.field]), one.then, one.now


def _line(pair: ComparedRows, messages: Messages) -> tuple[str, ...]:
    return (
        pair.requirement,
        pair.device,
        _side(pair.then, messages),
        _side(pair.now, messages),
        _drift(pair.drift),
        _(_CHANGES[pair.change]),
    )


def _side(row: ReportRow | None, messages: Messages) -> str:
    """The verdict, with the value ± U and the limit it was judged by."""
    if row is None:
        return "—"
    verdict, value = messages.verdict(row.finding.verdict), full_result(row, messages)
    limit = f" ({row.finding.limit})" if row.finding.limit else ""
    return verdict if value == NOTHING else f"{verdict}: {value}{limit}"


def _drift(drift: Drift | Untold | None) -> str:
    if drift is None:
        return "—"
    if isinstance(drift, Untold):
        return _(_UNTOLD[drift])
    sign = "+" if drift.difference > 0 else ""
    shown = f"{sign}{number(drift.difference, drift.U)} ± {uncertainty(drift.U)}"
    shown_drift = with_unit(shown, drift.unit)
    return shown_drift if drift.changed else _("%s: no change can be told") % shown_drift


def _record(found: Comparison, then: RunView, now: RunView) -> dict[str, Any]:
    """The answer for a program; values unrounded."""
    return {
        "then": _run_record(then, found.not_intact["then"]),
        "now": _run_record(now, found.not_intact["now"]),
        "items": [_pair_record(pair) for pair in found.pairs],
        "devices": {
            "came": [_device_record(one) for one in found.devices_came],
            "went": [_device_record(one) for one in found.devices_went],
            "changed": [_altered_record(one) for one in found.devices_altered],
        },
        "requirements": {
            "came": list(found.requirements_came),
            "went": list(found.requirements_went),
            "changed": [_altered_record(one) for one in found.requirements_altered],
        },
        "summary": {change.value: found.count(change) for change in Change},
    }


def _run_record(view: RunView, problems: tuple[str, ...]) -> dict[str, Any]:
    return {
        "path": str(view.folder),
        "run": view.run,
        "started": view.started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "catalogue_sha256": view.catalogue_sha256,
        "intact": not problems,
        "problems": list(problems),
    }


def _pair_record(pair: ComparedRows) -> dict[str, Any]:
    return {
        "requirement": pair.requirement,
        "device": pair.device,
        "change": pair.change.value,
        "then": _row_record(pair.then),
        "now": _row_record(pair.now),
        "drift": _drift_record(pair.drift),
    }


def _row_record(row: ReportRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    finding = row.finding
    value = finding.value
    return {
        "verdict": finding.verdict.value,
        "value": None if isinstance(value, float) and not math.isfinite(value) else value,
        "U": finding.U if finding.U is None or math.isfinite(finding.U) else None,
        "unit": finding.unit,
        "limit": finding.limit,
        "standard": finding.standard,
        "clause": finding.clause,
        "reason": finding.reason,
    }


def _drift_record(drift: Drift | Untold | None) -> dict[str, Any] | None:
    if isinstance(drift, Drift):
        return {
            "difference": drift.difference,
            "U": drift.U,
            "unit": drift.unit,
            "changed": drift.changed,
            "worse": drift.worse,
        }
    return {"untold": drift.value} if drift else None


def _device_record(device: DeviceInfo) -> dict[str, str]:
    return {"id": device.id, "name": device.name, "kind": device.kind, "model": device.model}


def _altered_record(one: Altered) -> dict[str, str]:
    return {"name": one.name, "field": one.field, "then": one.then, "now": one.now}
