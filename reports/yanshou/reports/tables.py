# SPDX-License-Identifier: Apache-2.0
"""The tables of the formal report: lists of printable cells."""

from __future__ import annotations

from collections.abc import Iterator

from yanshou.model import Verdict
from yanshou.reports.evidence_names import evidence_title
from yanshou.reports.messages import Messages
from yanshou.reports.messages_steps import named_step, named_value
from yanshou.reports.naming import day_and_time, item_name, item_names
from yanshou.reports.records import DeviceExchange, ItemAttempt, ItemStep, ReportRow, RunSession, Trouble
from yanshou.reports.rounding import number, size, unit_text, with_unit
from yanshou.reports.view import RunView, span_of_sessions
from yanshou.reports.wording import (
    NOTHING,
    clause,
    device_line,
    full_result,
    item_title,
    reason,
    requires,
    title,
)

_TRACE = 6


def nonconform(view: RunView, messages: Messages) -> list[dict[str, str]]:
    """Each non-conformity in full: value, requirement, attempts and evidence."""
    rows = view.of(Verdict.NON_CONFORM, Verdict.CONDITIONAL_NON_CONFORM)
    return [
        {
            "title": f"{row.finding.requirement}  {item_title(view, row, messages)}",
            "verdict": messages.verdict(row.finding.verdict),
            "clause": clause(row),
            "place": _where(view, row, messages),
            "requires": requires(row, messages),
            "result": full_result(row, messages),
            "reason": reason(row, messages),
            "attempts": _attempt_texts(row.attempts, messages) if len(row.attempts) > 1 else "",
            "raw": _raw(row),
            "evidence": "  ".join(sha[:16] for sha in row.finding.evidence),
        }
        for row in rows
    ]


def _where(view: RunView, row: ReportRow, messages: Messages) -> str:
    device = view.device(row.finding.device)
    return "  ".join(part for part in (device_line(device, messages), device.model, device.location) if part)


def _raw(row: ReportRow) -> str:
    values = row.measurement.raw if row.measurement else ()
    shown = [
        number(value, row.finding.U)
        for value in values
        if isinstance(value, float | int) and not isinstance(value, bool)
    ]
    if len(shown) < 2:  # noqa: PLR2004 - a single value is the result itself
        return ""
    more = f" … (n={len(shown)})" if len(shown) > 2 * _TRACE else ""
    return with_unit("; ".join(shown[: 2 * _TRACE]), row.finding.unit) + more


def _attempt_texts(attempts: tuple[ItemAttempt, ...], messages: Messages) -> str:
    return "；".join(f"{one.number}. {messages.outcome(one.outcome)}" for one in attempts)


def grouped(view: RunView, messages: Messages, verdict: Verdict, *, valued: bool = False) -> list[list[str]]:
    """Rows of one verdict; rows with the same requirement and reason are joined, with their devices."""
    groups: dict[tuple[str, str], list[ReportRow]] = {}
    for row in view.of(verdict):
        groups.setdefault((row.finding.requirement, reason(row, messages)), []).append(row)
    made = []
    for (name, why), rows in groups.items():
        devices = [_device_cell(view, row, messages, valued=valued) for row in rows]
        named = "，".join(_together(one) for one in devices if one) or NOTHING
        cells = [name, title(rows[0], messages), clause(rows[0]), named]
        made.append([*cells, why or NOTHING])
    return made


def _device_cell(view: RunView, row: ReportRow, messages: Messages, *, valued: bool) -> str:
    name = row.finding.device if row.finding.device != view.site.id else ""
    if not valued or row.finding.value is None:
        return name
    return f"{name} {full_result(row, messages)}".strip()


def _together(said: str) -> str:
    """A device and its value, which no end of a line parts."""
    return said.replace(" ", "\u00a0")


def sampling(view: RunView, messages: Messages) -> list[list[str]]:
    """Population, N, n, rule and the drawn devices."""
    return [
        [
            messages.population(one.population),
            str(one.N),
            str(one.n),
            messages.sampling_rule(one.rule),
            " ".join(one.drawn),
        ]
        for one in view.plan.sampling
    ]


def out_of_scope(view: RunView, messages: Messages) -> list[list[str]]:
    """What was agreed to be outside the scope, by system: how many items, and which."""
    agreed = [view.catalogue[name] for name in view.plan.out_of_scope if name in view.catalogue]
    unknown = [name for name in view.plan.out_of_scope if name not in view.catalogue]
    made = []
    for system in dict.fromkeys(row.system for row in agreed):
        titles: dict[str, list[str]] = {}
        for row in agreed:
            if row.system == system:
                titles.setdefault(messages.pick(row.title), []).append(f"{row.standard} {row.clause}".strip())
        named = [f"{one}（{'，'.join(dict.fromkeys(clauses))}）" for one, clauses in titles.items()]
        count = sum(row.system == system for row in agreed)
        made.append([messages.system(system), str(count), messages("and").join(named)])
    return (
        [*made, [messages.system(""), str(len(unknown)), messages("and").join(unknown)]] if unknown else made
    )


def people(view: RunView, messages: Messages) -> list[list[str]]:
    """Confirmations and answers in order of time: when, what, the answer, who."""
    names = item_names(view, messages)
    listed = [
        (
            one.at,
            item_name(names, one.item),
            _question(one, messages),
            answer_text(view, one, messages),
            one.person or NOTHING,
        )
        for one in view.exchanges
    ]
    listed += [
        (
            one.at,
            messages.action(one.action),
            one.text.in_language(messages.language),
            messages("yes" if one.value else "no."),
            one.person,
        )
        for one in view.confirmations
    ]
    return [
        [f"{view.local(at):%m-%d %H:%M:%S}", f"{item}  {question}".strip(), answer, person]
        for at, item, question, answer, person in sorted(listed, key=lambda one: one[0])
    ]


def _question(one: DeviceExchange, messages: Messages) -> str:
    text = one.question.in_language(messages.language)
    return messages("corrected", question=text) if one.corrected else text


def step_text(view: RunView, step: ItemStep, messages: Messages) -> str:
    """What was done or seen; of a question and its answer, what the reader understands."""
    asked = step.asked.in_language(messages.language) if step.asked.text else ""
    answer = answer_text(view, step.answer, messages) if step.answer else ""
    return " · ".join(filter(None, [asked, answer, *_of_the_bench(step, messages)]))


def _of_the_bench(step: ItemStep, messages: Messages) -> Iterator[str]:
    """What the bench did or saw, where, and when or with what value."""
    if step.what:
        yield named_step(step.what, messages.pick)
    yield from step.over
    if step.value is not None:
        yield f"= {named_value(step.value, messages.pick)} {unit_text(step.unit)}".rstrip()
    if step.instant:
        yield step.instant
    if step.kind == "observation" and not step.seen:
        yield named_step("not seen", messages.pick)


def answer_text(view: RunView, one: DeviceExchange, messages: Messages) -> str:
    """What a person answered, chose or photographed, or why he did not."""
    photo = _photo(view, one, messages) if one.photo else ""
    if one.value is None:
        why = messages("unable", why=messages.quoted(one.unable)) if one.unable else messages("unanswered")
        return photo or why
    if one.photo:
        return photo  # its file on the tester's computer is nobody's business
    text = messages("yes" if one.value else "no.") if isinstance(one.value, bool) else _typed(one, messages)
    return " ".join(part for part in (text, unit_text(one.unit)) if part)


def _photo(view: RunView, one: DeviceExchange, messages: Messages) -> str:
    """A photograph by its number in the list of evidence."""
    places = (place for place, note in enumerate(view.evidence, start=1) if note.sha256 == one.photo)
    return messages("photo", no=f"E{next(places, NOTHING)}", sha=one.photo[:16])


def _typed(one: DeviceExchange, messages: Messages) -> str:
    """What was chosen, in the reader's words, or what a person wrote, as it was written."""
    if one.chosen.text:
        return one.chosen.in_language(messages.language)
    if isinstance(one.value, float) and one.value.is_integer():
        return f"{one.value:.0f}"
    return messages.quoted(str(one.value)) if isinstance(one.value, str) and not one.photo else str(one.value)


def sessions(view: RunView, messages: Messages) -> list[list[str]]:
    """Each session: when, who, which instruments were there, how it ended."""
    return [
        [
            str(place),
            day_and_time(view, one.started),
            day_and_time(view, one.ended),
            " / ".join(name for name in (one.operator, one.witness) if name) or NOTHING,
            _instruments_there(one, messages),
            messages.outcome(one.reason),
        ]
        for place, one in enumerate(view.sessions, start=1)
    ]


def _instruments_there(one: RunSession, messages: Messages) -> str:
    """The instruments of a session and those that were missed; of an older journal nothing is known."""
    if one.instruments is None:
        return NOTHING
    there = messages("and").join(one.instruments) or messages("nothing")
    missed = messages("instruments.absent", which=messages("and").join(one.absent)) if one.absent else ""
    return messages("semicolon").join(filter(None, [there, missed]))


def gaps(view: RunView, messages: Messages) -> list[str]:
    """The interruptions between sessions, and a torn line of the journal."""
    spans = enumerate(span_of_sessions(view), start=1)
    listed = [messages("gap", n=n, a=day_and_time(view, a), b=day_and_time(view, b)) for n, (a, b) in spans]
    listed += [messages("jump", at=day_and_time(view, at), by=f"{by:+.0f}") for at, by in view.clock_jumps]
    return [*listed, messages("torn")] if view.torn else listed


def retries(view: RunView, messages: Messages) -> list[list[str]]:
    """Every attempt of an item that needed more than one, or that our own bench spoiled."""
    spoiled = {"rig_fault", "interrupted", ""}
    names = item_names(view, messages)
    return [
        [
            item_name(names, one.item),
            str(one.number),
            f"{view.local(one.started):%m-%d %H:%M:%S}",
            messages.outcome(one.outcome),
            _stated(one, messages),
        ]
        for attempts in view.attempts.values()
        if len(attempts) > 1 or attempts[0].outcome in spoiled
        for one in attempts
    ]


def _stated(attempt: ItemAttempt, messages: Messages) -> str:
    troubles = [trouble_text(one, messages) for one in attempt.troubles]
    found = dict.fromkeys(messages.verdict(finding.verdict) for finding in attempt.findings)
    return "；".join([*troubles, *found, *filter(None, [messages.reason(attempt.reason)])]) or NOTHING


def trouble_text(one: Trouble, messages: Messages) -> str:
    """A trouble in the language of the report; a remedy in the other language is left to the journal."""
    said = [messages.reason(text) for text in (one.what, one.remedy) if text]
    return " ".join(filter(None, [one.device, *dict.fromkeys(said)]))


def evidence(view: RunView, messages: Messages) -> list[list[str]]:
    """Every piece of evidence: number, what it is, item, size, SHA-256 in full."""
    names = item_names(view, messages)
    return [
        [
            f"E{place}",
            evidence_title(view, one, messages),
            item_name(names, one.item),
            size(one.bytes) if one.bytes else NOTHING,
            one.sha256,
        ]
        for place, one in enumerate(view.evidence, start=1)
    ]
