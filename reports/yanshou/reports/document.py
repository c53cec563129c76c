# SPDX-License-Identifier: Apache-2.0
"""The formal report as data: every string is ready to print, so that the template only lays out.

It contains the sixteen items of ISO/IEC 17025:2017 7.8.2.1; items that only the laboratory can give and has
not given are marked as missing (``待填``) instead of stopping the report.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from yanshou.model import DecisionRule, Verdict
from yanshou.reports import basis_tables, instrument_tables, loop_tables, result_tables, tables
from yanshou.reports.conclusion import proposed, to_settle
from yanshou.reports.handwritten import printed_signatures
from yanshou.reports.issued import issue_short, issue_text
from yanshou.reports.merged_tables import merged_section
from yanshou.reports.messages import MESSAGES, Messages
from yanshou.reports.naming import zone_name
from yanshou.reports.round_tables import round_text, rounds
from yanshou.reports.rounding import number, with_unit
from yanshou.reports.software import software_text, validated_text
from yanshou.reports.view import RunView
from yanshou.reports.wording import NOTHING, title

_LAWS = "条例"


def document(view: RunView, language: str = "zh") -> dict[str, Any]:
    """Everything the template prints, in the order it prints it."""
    messages = Messages(language)
    facts = _facts(view, messages)
    return {
        "language": language,
        "t": {key: messages(key) for key in MESSAGES} | _timed(view, messages),
        "emulated": view.emulated,
        "author": facts["laboratory"],
        "report_no": facts["no"],
        "run": round_text(view, messages),
        "issue": issue_short(view, messages),
        "rounds": rounds(view, messages),
        "merged": merged_section(view, messages),
        "cover": [_fact(messages, facts, key) for key in _COVER],
        "overview": [_fact(messages, facts, key) for key in _OVERVIEW],
        "missing": [
            *(messages(key) for key in _REQUIRED if not facts[key]),
            *to_settle(view, messages),
        ],
        "statement": messages.paragraphs("statement"),
        "verdicts": messages.paragraphs("verdicts"),
        "status": messages.paragraphs("status"),
        "total": result_tables.total(view, messages),
        "rests": result_tables.summary(view, messages),
        "counts": result_tables.counts(view, messages),
        "proposed": _proposed(view, messages),
        "methods": basis_tables.methods(view, messages),
        "basis": basis_tables.judged(view, messages),
        "basis_notes": _basis_notes(view, messages),
        "rule": _rule(view, messages),
        "sampling": tables.sampling(view, messages),
        "seed": messages("seed", seed=view.plan.seed, sha=view.plan_sha256 or NOTHING),
        "instruments": instrument_tables.instruments(view, messages),
        "loops": loop_tables.loops(view, messages),
        "loop_budget": loop_tables.loop_budget(view, messages),
        "systems": result_tables.systems(view, messages),
        "annex": result_tables.annex(view, messages),
        "outside_scope": messages("outside_scope") if view.accredited else "",
        "nonconform": tables.nonconform(view, messages),
        "invalid": tables.grouped(view, messages, Verdict.INVALID),
        "untested": tables.grouped(view, messages, Verdict.NOT_TESTED),
        "unjudged": tables.grouped(view, messages, Verdict.UNJUDGED, valued=True),
        "advice": tables.grouped(view, messages, Verdict.ADVICE_NOT_FOLLOWED, valued=True),
        "na": tables.grouped(view, messages, Verdict.NOT_APPLICABLE),
        "scope": tables.out_of_scope(view, messages),
        "deviations": result_tables.deviations(view, messages),
        "people": tables.people(view, messages),
        "sessions": tables.sessions(view, messages),
        "hand": printed_signatures(view, messages),
        "gaps": tables.gaps(view, messages),
        "retries": tables.retries(view, messages),
        "evidence": tables.evidence(view, messages),
        "head": messages("head", head=view.head, catalogue=view.catalogue_sha256 or NOTHING),
    }


_COVER = (
    "category",
    "project",
    "client",
    "owner",
    "builder",
    "supervisor",
    "maintainer",
    "laboratory",
    "dates",
    "issued",
    "issue",
)
_OVERVIEW = (
    "project",
    "place",
    "client",
    "contact",
    "owner",
    "designer",
    "builder",
    "supervisor",
    "maintainer",
    "user",
    "category",
    "laboratory",
    "laboratory_address",
    "phone",
    "received",
    "dates",
    "environment",
    "devices",
    "attributes",
    "state",
    "external",
    "software",
    "validated",
)
# ISO/IEC 17025:2017 7.8.2.2: data given by the client are marked one by one
_FROM_CLIENT = frozenset(
    {"project", "place", "client", "contact", "devices", "attributes"}
    | {"owner", "designer", "builder", "supervisor", "maintainer", "user"}
)
# ISO/IEC 17025:2017 7.8.2.1 b c d e g h i j l p, 7.8.3.1 a: what must be there before the report is issued
_REQUIRED = (
    "no",
    "project",
    "place",
    "client",
    "contact",
    "category",
    "laboratory",
    "laboratory_address",
    "received",
    "environment",
    "state",
    "issued",
)


def environment_text(view: RunView, messages: Messages) -> str:
    """What was noted of the environment at each session, else what the site file says of the whole."""
    noted = [
        messages(
            "environment.session",
            no=place,
            span=f"{view.local(one.started):%m-%d %H:%M}–{view.local(one.ended):%H:%M}",
            said=messages.quoted(one.environment),
        )
        for place, one in enumerate(view.sessions, 1)
        if one.environment
    ]
    given = messages.quoted(str(view.site.laboratory.get("environment") or ""))
    return messages("semicolon").join(filter(None, [given, *noted]))


def _proposed(view: RunView, messages: Messages) -> dict[str, Any]:
    one = proposed(view, messages)
    return {"text": one.text, "tone": one.tone, "open": list(one.open), "settle": list(one.settle)}


def _facts(view: RunView, messages: Messages) -> dict[str, str]:
    site, lab = view.site, view.site.laboratory
    parties = {key: str(value) for key, value in site.parties.items()}
    given = {key: str(value) for key, value in lab.items() if value not in (None, "")}
    return {
        "no": given.get("report_no", ""),
        "project": site.name,
        "place": site.address,
        "client": parties.get("client", ""),
        "contact": parties.get("contact", given.get("client_contact", "")),
        "owner": parties.get("owner", ""),
        "designer": parties.get("designer", ""),
        **{key: parties.get(key, "") for key in ("builder", "supervisor", "maintainer", "user")},
        "category": given.get("category", ""),
        "laboratory": given.get("name", parties.get("laboratory", "")),
        "laboratory_address": given.get("address", parties.get("laboratory_address", "")),
        "phone": given.get("phone", ""),
        "received": given.get("received", ""),
        "issued": given.get("issued", ""),
        "issue": issue_text(view, messages),
        "dates": _dates(view, messages),
        "environment": environment_text(view, messages),
        "devices": _devices(view, messages),
        "attributes": _attributes(view, messages),
        "state": given.get("state", ""),
        "external": given.get("external", messages("nothing")),
        "software": software_text(view, messages),
        "validated": validated_text(view, messages),
    }


def _fact(messages: Messages, facts: dict[str, str], key: str) -> dict[str, Any]:
    missing = not facts[key] and key in _REQUIRED
    return {
        "key": key,
        "label": messages(key),
        "text": messages("fill") if missing else facts[key] or NOTHING,
        "missing": missing,
        "client": key in _FROM_CLIENT,
    }


def _timed(view: RunView, messages: Messages) -> dict[str, str]:
    """The heads of columns with times name the zone."""
    zone = zone_name(view, messages)
    return {key: messages("timed", what=messages(key), zone=zone) for key in ("c.time", "c.start", "c.end")}


def _dates(view: RunView, messages: Messages) -> str:
    zone = zone_name(view, messages)
    first, last = view.local(view.started), view.local(view.ended)
    if first.date() == last.date():
        return f"{first:%Y-%m-%d %H:%M}–{last:%H:%M} ({zone})"
    return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M} ({zone})"


def _devices(view: RunView, messages: Messages) -> str:
    kinds = Counter(device.kind for device in view.site.devices.values() if device.kind)
    return "，".join(f"{messages.kind(kind)} {count}" for kind, count in kinds.items())


def _attributes(view: RunView, messages: Messages) -> str:
    named = [
        (messages.attribute(key), _plain(value, messages)) for key, value in view.site.attributes.items()
    ]
    return "；".join(f"{name} {value}" for name, value in named)


def _plain(value: object, messages: Messages) -> str:
    if isinstance(value, bool):
        return messages("yes" if value else "no.")
    if isinstance(value, list | tuple):
        return "、".join(messages.system(str(one)) for one in value) or messages("nothing")
    return messages.value(str(value))


def _basis_notes(view: RunView, messages: Messages) -> list[str]:
    named = view.plan.parameters.get("overlays") or view.site.overlays
    names = [named] if isinstance(named, str) else [str(one) for one in named if one]  # type: ignore[attr-defined]
    names += [name for one in view.rejudgements for name, _ in one.overlays if name not in names]
    notes = [messages("overlay", names="、".join(names)) if names else messages("overlay.none")]
    if any(row.requirement and _LAWS in row.requirement.standard for row in view.rows):
        notes.append(messages("amended"))
    return notes


def _rule(view: RunView, messages: Messages) -> list[str]:
    """The rules in force in this run, each explained, and how values are compared and printed."""
    own = [row.finding.decision_rule for row in view.rows if row.finding.decision_rule]
    names = dict.fromkeys([view.plan.decision_rule.value, *own])
    return [
        *(messages.rule(DecisionRule(name)) for name in names),
        messages("agreed", share=float(str(view.plan.parameters.get("largest_u", 1 / 3)))),
        *_agreed_otherwise(view, messages),
    ]


def _agreed_otherwise(view: RunView, messages: Messages) -> list[str]:
    """The largest U of single measurands: in their unit, or as another share of the limit."""
    agreed = view.plan.parameters.get("largest_u_of")
    titles = {row.finding.measurand: title(row, messages) for row in reversed(view.rows)}
    named = [
        f"{titles.get(name, name)} {with_unit(number(float(one['U'])), one['unit'])}"
        if "U" in one
        else messages("agreed.share", name=titles.get(name, name), share=float(one["share"]))
        for name, one in (agreed.items() if isinstance(agreed, dict) else ())
    ]
    together = ("；" if messages.language == "zh" else "; ").join(named)
    return [messages("agreed.of", named=together)] if named else []
