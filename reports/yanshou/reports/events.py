# SPDX-License-Identifier: Apache-2.0
"""The events of a journal as records: attempts with their steps, measurements, questions, sessions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from yanshou.evidence.amendments import voided_by
from yanshou.model import (
    Component,
    Finding,
    Measurement,
    Obligation,
    Quantity,
    Reservation,
    Reserve,
    UncertaintyStatus,
    Verdict,
)
from yanshou.reports.journal import Event
from yanshou.reports.records import (
    AskedText,
    Confirmation,
    DeviceExchange,
    EvidenceNote,
    HandSignature,
    ItemAttempt,
    ItemStep,
    RunSession,
    Trouble,
)
from yanshou.reports.rejudgement import AFTER_THE_TESTS

MENDED = "整改后照片 / photograph after rectification"
SUPERSEDED = "superseded"
"""The outcome of an attempt that no longer counts for the system: the site file was corrected since."""
_STEPS = {"stimulus", "shared_stimulus", "observation", "prompt", "answer"}


def moment(text: str) -> datetime:
    """Read an RFC 3339 time as a UTC datetime."""
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass(slots=True)
class _Try:
    """An attempt while it is read."""

    item: str
    number: int
    started: datetime
    ended: datetime | None = None
    outcome: str = ""
    seconds: float | None = None
    reason: str = ""
    steps: list[ItemStep] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    prompts: dict[str, Event] = field(default_factory=dict)

    def frozen(self) -> ItemAttempt:
        """Return the record."""
        return ItemAttempt(
            self.item,
            self.number,
            self.started,
            self.ended,
            self.outcome,
            self.seconds,
            self.reason,
            tuple(self.steps),
            tuple(self.findings),
            tuple(self.troubles),
        )


def attempts_of(events: Iterable[Event]) -> dict[str, tuple[ItemAttempt, ...]]:
    """Every attempt at every item, in the order of the journal."""
    tries: dict[str, list[_Try]] = {}
    for event in events:
        for voided in voided_by(event) & tries.keys():
            tries[voided][-1].outcome = SUPERSEDED
        if "item" not in event or not event["item"]:
            continue
        item = str(event["item"])
        known = tries.setdefault(item, [])
        if event["kind"] == "item_started" or not known:
            known.append(_Try(item, int(event.get("attempt", len(known) + 1)), moment(event["utc"])))
        _take(known[-1], event)
    return {item: tuple(one.frozen() for one in known) for item, known in tries.items()}


def _take(attempt: _Try, event: Event) -> None:
    kind = event["kind"]
    if kind in _STEPS:
        if kind == "prompt":
            attempt.prompts[str(event.get("question"))] = event
        prompt = attempt.prompts.get(str(event.get("question")), {})
        answer = _exchange(prompt, event) if prompt and kind == "answer" else None
        attempt.steps.append(_step(event, prompt, answer))
    elif kind == "finding":
        attempt.findings.append(finding_of(event))
    elif kind == "trouble":
        attempt.troubles.append(trouble_of(event))
    elif kind == "put_off":
        said = {"family": kind, "what": f"put off by {event.get('person') or '—'}"}
        attempt.troubles.append(trouble_of({**event, **said}))
    elif kind == "item_finished":
        attempt.outcome = event.get("outcome", "")
        attempt.seconds = event.get("seconds")
        attempt.reason = str(event.get("reason") or "")
        attempt.ended = moment(event["utc"])


def _step(event: Mapping[str, Any], prompt: Mapping[str, Any], answer: DeviceExchange | None) -> ItemStep:
    """One step: what, over which terminal, when on the monotonic clock or with what value.

    What was asked and answered is not in it where the prompt says that in the language of the reader.
    """
    keys = ("via", "given_in", "person") if prompt else ("question", "via", "given_in", "person")
    earliest, latest = event.get("instant") or (None, None)
    instant = "" if earliest is None else f"[{earliest:.6f}, {'…' if latest is None else f'{latest:.6f}'}] s"
    return ItemStep(
        event["kind"],
        moment(event["utc"]),
        str(event.get("what") or ""),
        tuple(str(event[key]) for key in keys if event.get(key)),
        event.get("value") if answer is None else None,
        str(event.get("unit") or ""),
        instant,
        _asked(prompt),
        answer,
    )


def finding_of(event: Mapping[str, Any]) -> Finding:
    """Rebuild a journaled finding."""
    names = ("requirement", "standard", "clause", "device", "measurand", "limit", "limit_status")
    return Finding(
        **{name: str(event.get(name) or "") for name in names},
        value=event.get("value"),
        unit=event.get("unit") or "",
        U=event.get("U"),
        k=event.get("k"),
        n=int(event.get("n") or 0),
        decision_rule=str(event.get("decision_rule") or ""),
        verdict=Verdict(event["verdict"]),
        reason=event.get("reason") or "",
        acceptance=str(event.get("acceptance") or ""),
        obligation=Obligation(event.get("obligation") or "requirement"),
        measurement=str(event.get("measurement") or ""),
        evidence=tuple(event.get("evidence") or ()),
    )


def trouble_of(event: Mapping[str, Any]) -> Trouble:
    """Rebuild a journaled trouble."""
    fields = {key: str(event.get(key) or "") for key in ("item", "family", "what", "device", "remedy")}
    return Trouble(**fields, attempt=int(event.get("attempt") or 0), at=moment(event["utc"]))


def measurements_of(events: Iterable[Event]) -> dict[str, Measurement]:
    """All measurements by the id that findings name."""
    return {
        str(event["id"]): measurement_of(event)
        for event in events
        if event["kind"] == "measurement" and "id" in event
    }


def measurement_of(event: Mapping[str, Any]) -> Measurement:
    """Rebuild a journaled measurement; ``dof`` absent, null or "inf" means infinitely many."""
    interval = event.get("interval")
    return Measurement(
        measurand=event["measurand"],
        device=event["device"],
        quantity=Quantity(event["quantity"]),
        value=event.get("value"),
        unit=event.get("unit") or "",
        n=int(event.get("n") or 0),
        statistic=event.get("statistic") or "value",
        U=event.get("U"),
        k=event.get("k"),
        uncertainty=UncertaintyStatus(event.get("uncertainty") or "not_applicable"),
        budget=tuple(_component(row) for row in event.get("budget") or ()),
        raw=tuple(event.get("raw") or ()),
        interval=(interval[0], interval[1]) if interval else None,
        census=bool(event.get("census")),
        at_least=event.get("at_least"),
        at_most=event.get("at_most"),
        invalid=event.get("invalid") or "",
        estimate=bool(event.get("estimate")),
        reservations=tuple(Reservation(why, said) for why in Reserve for said in event.get(why.value) or ()),
        instruments=tuple(event.get("instruments") or ()),
        deviations=tuple(event.get("deviations") or ()),
        evidence=tuple(event.get("evidence") or ()),
        details=dict(event.get("details") or {}),
    )


def _component(row: Mapping[str, Any]) -> Component:
    dof = row.get("dof")
    return Component(
        name=row["name"],
        kind=row.get("kind", ""),
        distribution=row.get("distribution", ""),
        u=float(row["u"]),
        dof=math.inf if dof is None else float(dof),
        source=row.get("source", ""),
    )


def exchanges_of(events: Iterable[Event]) -> tuple[DeviceExchange, ...]:
    """Each question with its answer; a question nobody answered is kept, without a value."""
    made: list[DeviceExchange] = []
    waiting: dict[tuple[str, str], Event] = {}
    for event in events:
        key = (str(event.get("item") or ""), str(event.get("question") or ""))
        if event["kind"] == "prompt":
            waiting[key] = event
        elif event["kind"] == "correction":
            made.append(replace(_exchange(event, event), corrected=True))
        elif event["kind"] == "answer":
            made.append(_exchange(waiting.pop(key, {}), event))
    made += [_exchange(prompt, {"utc": prompt["utc"]}) for prompt in waiting.values()]
    return tuple(sorted(made, key=lambda one: one.at))


def _exchange(prompt: Mapping[str, Any], answer: Mapping[str, Any]) -> DeviceExchange:
    both = {**prompt, **answer}
    kind = str(prompt.get("question_kind") or prompt.get("type") or "")
    photo = answer.get("photo") or ""
    return DeviceExchange(
        item=str(both.get("item") or ""),
        question=_asked(prompt if prompt.get("text") else {"text": both.get("question")}),
        kind=kind,
        value=answer.get("value"),
        unit=str(answer.get("unit") or ""),
        person=str(answer.get("person") or ""),
        photo=str(photo.get("sha256", "") if isinstance(photo, dict) else photo),
        at=moment(both["utc"]),
        chosen=_chosen(prompt, answer.get("value")),
        unable=str(answer.get("unable") or ""),
    )


def _chosen(prompt: Mapping[str, Any], value: object) -> AskedText:
    """The words of the option that was chosen, in both languages."""
    for one in prompt.get("options") or ():
        if one["value"] == value:
            return _asked({**one, "language": prompt.get("language")})
    return AskedText("")


def _asked(event: Mapping[str, Any]) -> AskedText:
    return AskedText(*(str(event.get(key) or "") for key in ("text", "language", "translated")))


def confirmations_of(events: Iterable[Event]) -> tuple[Confirmation, ...]:
    """The confirmations: who took responsibility for which action, the witness behind the tester."""
    return tuple(
        Confirmation(
            action=str(event.get("action") or ""),
            person=" / ".join(str(event[key]) for key in ("person", "witness") if event.get(key)),
            text=_asked(event),
            value=event.get("value") is True,
            at=moment(event["utc"]),
        )
        for event in events
        if event["kind"] == "confirmation"
    )


def evidence_of(events: Iterable[Event]) -> tuple[EvidenceNote, ...]:
    """Every piece of evidence the journal names, once per SHA-256 and item."""
    seen: dict[tuple[str, str], EvidenceNote] = {}
    for event in events:
        if event["kind"] == "evidence":
            note = _evidence(event)
            seen.setdefault((note.sha256, note.item), note)
        for entry in event["entries"] if event["kind"] == "rectified" else ():
            if entry.get("photo"):
                said = {"sha256": entry["photo"], "item": "", "note": MENDED, "utc": event["utc"]}
                note = _evidence({**entry, **said})
                seen.setdefault((note.sha256, note.item), note)
    return tuple(seen.values())


def _evidence(event: Mapping[str, Any]) -> EvidenceNote:
    names = ("item", "sha256", "name", "media_type", "note", "redaction")
    fields = {key: str(event.get(key) or "") for key in names}
    return EvidenceNote(**fields, bytes=int(event.get("bytes") or 0), at=moment(event["utc"]))


_JUMP_S = 1.0
_NEW_CLOCK = AFTER_THE_TESTS | {"run_opened", "session_started"}
"""Lines of another session, perhaps of another computer: its monotonic clock is another one."""


def clock_jumps(events: Iterable[Event]) -> tuple[tuple[datetime, float], ...]:
    """When the computer's wall clock was moved within a session, and by how many seconds.

    No measurement uses the wall clock, but printed times do.
    """
    found: list[tuple[datetime, float]] = []
    ahead: float | None = None
    for event in events:
        offset = moment(event["utc"]).timestamp() - float(event.get("mono") or 0.0)
        if ahead is not None and event["kind"] not in _NEW_CLOCK and abs(offset - ahead) > _JUMP_S:
            found.append((moment(event["utc"]), offset - ahead))
        ahead = offset
    return tuple(found)


def set_back(events: Iterable[Event]) -> Iterator[tuple[Event, float]]:
    """The lines of a session that are earlier, by the wall clock, than the line before; by how many seconds.

    The clock was set back between two sessions, or another computer's clock differs.
    """
    before: datetime | None = None
    for event in events:
        at = moment(event["utc"])
        later_line = before is not None and event["kind"] in _NEW_CLOCK - {"run_opened"}
        if before is not None and later_line and (by := (before - at).total_seconds()) > _JUMP_S:
            yield event, by
        before = at


def sessions_of(events: Iterable[Event]) -> tuple[RunSession, ...]:
    """The sessions; one without a recorded end has an empty reason."""
    stretches: list[list[Event]] = []
    for event in events:
        if event["kind"] == "session_started":
            stretches.append([event])
        elif stretches:
            stretches[-1].append(event)
    return tuple(_session(stretch) for stretch in stretches)


_OF_A_SESSION = ("operator", "witness", "software", "platform", "build", "environment")


def _session(events: list[Event]) -> RunSession:
    start = events[0]
    end = next((event for event in events if event["kind"] == "session_ended"), events[-1])
    fields = {key: str(start.get(key) or "") for key in _OF_A_SESSION}
    reason = str(end.get("reason") or "") if end["kind"] == "session_ended" else ""
    resumed = bool(start.get("resumed"))
    began, ended, number = moment(start["utc"]), moment(end["utc"]), int(start.get("number") or 0)
    signed = tuple(_signature(event) for event in events if event["kind"] == "signature")
    there = tuple(map(str, start["instruments"])) if "instruments" in start else None
    absent = tuple(map(str, start.get("absent") or ()))
    return RunSession(
        began, ended, resumed, **fields, reason=reason, number=number, signatures=signed,
        instruments=there, absent=absent,
    )  # fmt: skip


def _signature(event: Event) -> HandSignature:
    texts = {key: str(event.get(key) or "") for key in ("role", "person", "given_by", "unable")}
    return HandSignature(**texts, sha256=str(event.get("photo") or ""), at=moment(event["utc"]))


def validations_of(events: Iterable[Event]) -> dict[str, Mapping[str, Any]]:
    """The selftest records that sessions and issues found, by build; the latest of a build counts."""
    found = [one for event in events if isinstance(one := event.get("validation"), dict) and one.get("build")]
    return {str(one["build"]): one for one in found}
