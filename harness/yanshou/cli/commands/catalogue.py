# SPDX-License-Identifier: Apache-2.0
"""``yanshou catalogue list|show|coverage``: shows the requirements, and which of them a suite measures."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from typing import Any

from yanshou.cli.language import N_, _, spoken
from yanshou.cli.output import print_json, print_table
from yanshou.fixtures.suites import coverage_of
from yanshou.model import Requirement, Text
from yanshou.reports.messages import Messages
from yanshou.standards import Catalogue, load, standard_name

_COVERAGES = (N_("automatic"), N_("operator"), N_("report"), N_("none"))
"""By a suite alone, by a suite that asks a person, by the check sheet of the report, by nothing."""
_FIELDS = {
    "id": "ID",
    "standard": N_("standard"),
    "edition": N_("edition"),
    "clause": N_("clause"),
    "system": N_("system"),
    "title": N_("title"),
    "asks": N_("asks"),
    "measurand": N_("measurand"),
    "statistic": N_("statistic"),
    "limit": N_("limit"),
    "unit": N_("unit"),
    "limit_status": N_("limit status"),
    "in_force": N_("in force"),
    "mandatory": N_("mandatory"),
    "obligation": N_("obligation"),
    "applies": N_("applies when"),
    "population": N_("population"),
    "coverage": N_("coverage"),
    "note": N_("note"),
    "source": N_("source"),
}


def run(options: argparse.Namespace) -> int:
    """Return 0; an unknown id is a usage error."""
    catalogue = load(options.overlay)
    rows = catalogue.find(options.pattern or "*")
    covered = coverage_of({row.measurand for row in rows})
    entries = [_entry(catalogue, row, _covered(row, covered)) for row in rows]
    match options.what:
        case "list":
            _list(entries, rows, as_json=options.json)
        case "show":
            _show(entries, rows, as_json=options.json)
        case _:
            _coverage(entries, as_json=options.json)
    return 0


def _covered(row: Requirement, by_suites: Mapping[str, str]) -> str:
    if not row.is_tested:
        return "report"
    return by_suites.get(row.measurand, "none")


def _entry(catalogue: Catalogue, row: Requirement, coverage: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "standard": row.standard,
        "edition": row.edition,
        "clause": row.clause,
        "system": row.system,
        "measurand": row.measurand,
        "limit": str(row.limit) if row.limit else None,
        "unit": row.limit.unit if row.limit else catalogue.measurands[row.measurand].unit,
        "limit_status": row.limit_status.value,
        "in_force": row.in_force,
        "coverage": coverage,
        "title": {"zh": row.title.zh, "en": row.title.en},
    }


def _list(entries: list[dict[str, Any]], rows: tuple[Requirement, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(entries)
        return
    messages = Messages(spoken())
    print_table(
        ("ID", _("standard"), _("clause"), _("title"), _("limit"), _("limit status"), _("coverage")),
        [
            (
                row.id,
                standard_name(row.standard, row.edition) + ("" if row.in_force else f" ({_('superseded')})"),
                row.clause,
                messages.pick(row.title),
                entry["limit"] or "—",
                messages.status(entry["limit_status"]),
                _(entry["coverage"]),
            )
            for entry, row in zip(entries, rows, strict=True)
        ],
    )


def _show(entries: list[dict[str, Any]], rows: tuple[Requirement, ...], *, as_json: bool) -> None:
    full = [
        entry
        | {
            "asks": {"zh": row.asks.zh, "en": row.asks.en},
            "statistic": row.statistic.value,
            "applies": dict(row.applies),
            "population": list(row.population),
            "mandatory": row.mandatory,
            "obligation": row.obligation.value,
            "note": row.note,
            "source": row.source,
        }
        for entry, row in zip(entries, rows, strict=True)
    ]
    if as_json:
        print_json(full if len(full) != 1 else full[0])
        return
    for entry in full:
        lines = [(_(label), _plain(key, entry[key])) for key, label in _FIELDS.items()]
        print_table((_("field"), _("value")), lines)


def _plain(key: str, value: object) -> str:
    messages = Messages(spoken())
    match value:
        case bool():
            return _("yes") if value else _("no")
        case {"zh": str(zh), "en": str(en)}:
            return messages.pick(Text(zh, en))
        case dict():
            return "\n".join(f"{name}: {_plain('', item)}" for name, item in value.items())
        case list():
            return ", ".join(messages.kind(str(item)) if key == "population" else str(item) for item in value)
        case str() if value:
            return _named(key, value, messages)
    return "—" if value is None or value == "" else str(value)


def _named(key: str, value: str, messages: Messages) -> str:
    """Translate a value of a closed vocabulary."""
    match key:
        case "coverage":
            return _(value)
        case "limit_status":
            return messages.status(value)
        case "system":
            return messages.system(value)
        case "statistic":
            return messages.statistic(value) or value
    return value


def _coverage(entries: list[dict[str, Any]], *, as_json: bool) -> None:
    systems = sorted({entry["system"] for entry in entries})
    counts = {name: Counter(e["coverage"] for e in entries if e["system"] == name) for name in systems}
    if as_json:
        print_json({"total": Counter(entry["coverage"] for entry in entries), "systems": counts,
                    "requirements": {entry["id"]: entry["coverage"] for entry in entries}})  # fmt: skip
        return
    messages = Messages(spoken())
    rows = [(messages.system(name), *(str(counts[name][kind]) for kind in _COVERAGES)) for name in systems]
    total = Counter(entry["coverage"] for entry in entries)
    rows.append((_("all"), *(str(total[kind]) for kind in _COVERAGES)))
    print_table((_("system"), *(_(kind) for kind in _COVERAGES)), rows, title=_("what the suites measure"))
