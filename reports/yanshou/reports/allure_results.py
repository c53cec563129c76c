# SPDX-License-Identifier: Apache-2.0
"""Allure results made from the journal, with the classes of allure-python-commons.

There is one result for each row of the report (requirement and device), so that the counts are those of the
PDF; the attempts of its item are its steps, so that a killed and resumed run is shown completely and once.
Allure knows five states; only a finding ``conform`` is *passed*.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from allure_commons.model2 import (
    Attachment,
    Label,
    Parameter,
    Status,
    StatusDetails,
    TestResult,
    TestStepResult,
)
from attr import asdict

from yanshou.model import Verdict, gravest
from yanshou.model.csv_text import csv_bytes
from yanshou.reports import allure_html
from yanshou.reports.allure_history import case_id
from yanshou.reports.allure_status import STATUS
from yanshou.reports.conclusion import proposed
from yanshou.reports.evidence_names import evidence_title
from yanshou.reports.issued import issue_short
from yanshou.reports.latin_signs import latin_signs
from yanshou.reports.messages import Messages
from yanshou.reports.naming import zone_name
from yanshou.reports.photos import photos
from yanshou.reports.plots import item_figure, kind_figure
from yanshou.reports.records import ItemAttempt, ReportRow
from yanshou.reports.result_tables import total
from yanshou.reports.round_tables import first_result, round_text
from yanshou.reports.tables import step_text, trouble_text
from yanshou.reports.view import RunView
from yanshou.reports.wording import (
    NOTHING,
    clause,
    device_line,
    expanded,
    full_result,
    is_bad,
    item_title,
    reason,
    requires,
    result,
    title,
)

_GRAVITY = (Status.FAILED, Status.BROKEN, Status.SKIPPED, Status.UNKNOWN, Status.PASSED)
_OUTCOME = {
    "done": Status.PASSED,
    "non_conform": Status.FAILED,
    "rig_fault": Status.BROKEN,
    "not_applicable": Status.SKIPPED,
}
_NAMES = uuid.UUID("7c1d3c4e-9d0a-5b1e-8a53-1f6f0c9f2a11")
_TEXTS = {"text/csv": "csv", "text/plain": "txt", "application/json": "json", "text/markdown": "md"}
_MOST_STEPS = 200
_MOST_FIGURES, _MOST_BAD_FIGURES = 20, 60
_MOST_BYTES = 1_000_000
_ALL_BYTES = 80_000_000


@dataclass(slots=True)
class ResultsFolder:
    """The results folder; refuses attachments before the single page would become too large to open."""

    path: Path
    language: str = "zh"
    room: int = _ALL_BYTES
    figures: int = 0
    drawn: set[str] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)

    def attach(self, name: str, data: bytes, media_type: str, extension: str) -> Attachment | None:
        """Keep one attachment under its own hash; None if it is too large."""
        if len(data) > min(_MOST_BYTES, self.room):
            self.left_out.append(name)
            return None
        self.room -= len(data)
        source = f"{hashlib.sha256(data).hexdigest()[:32]}-attachment.{extension}"
        (self.path / source).write_bytes(data)
        return Attachment(name=name, source=source, type=media_type)

    def write(self, made: TestResult) -> None:
        """Write one result; the file name comes from its uuid, so the same run gives the same files."""
        data = asdict(made, filter=lambda _, value: value or value is False)
        printed = data if self.language == "zh" else latin_signs(data)
        text = json.dumps(printed, ensure_ascii=False, indent=1)
        (self.path / f"{made.uuid}-result.json").write_text(text, encoding="utf-8")


def write_results(view: RunView, folder: Path, language: str = "zh") -> list[str]:
    """Write one result for each row of the report into the empty ``folder``, so that all count alike.

    Returns the attachments that were too large.
    """
    messages, target = Messages(language), ResultsFolder(folder, language)
    for row in view.rows:
        target.write(result_of(view, [row], target, messages))
    facts = _environment(view, messages)
    lines = "".join(_property(key, value) for key, value in facts.items())
    (folder / "environment.properties").write_text(lines, encoding="utf-8")
    return target.left_out


def _property(key: str, value: str) -> str:
    """A line of a Java properties file: a key ends at the first blank that is not escaped."""
    name = re.sub(r"([\\ :=])", r"\\\1", key)
    return f"{name} = {' '.join(value.split()).replace(chr(92), chr(92) * 2)}\n"


def _environment(view: RunView, messages: Messages) -> dict[str, str]:
    facts = {
        messages("project"): view.site.name,
        messages("run"): round_text(view, messages),
        messages("issue.label"): issue_short(view, messages),
        messages("dates"): f"{view.local(view.started):%Y-%m-%d %H:%M} ({zone_name(view, messages)})",
        messages("h.conclusion"): " ".join(total(view, messages)),
        messages("h.proposed"): proposed(view, messages).text,
        messages("software"): view.software,
        "SHA-256": view.head,
    }
    return facts | ({messages("watermark"): messages("banner")} if view.emulated else {})


def status_of(rows: list[ReportRow]) -> str:
    """Give the state of an item: that of its gravest verdict, or broken after a rig fault."""
    verdict = gravest(row.finding.verdict for row in rows)
    fault = verdict is Verdict.NOT_TESTED and any(row.rig_fault for row in rows)
    return Status.BROKEN if fault else STATUS[verdict]


def result_of(view: RunView, rows: list[ReportRow], target: ResultsFolder, messages: Messages) -> TestResult:
    """One plan item, or one of its rows, with findings and attempts as Allure knows it."""
    first = rows[0]
    name = first.finding.requirement
    full = first.item or f"{first.finding.requirement}[{first.finding.device}]"
    start, stop = _span(view, first)
    return TestResult(
        uuid=str(uuid.uuid5(_NAMES, f"{view.run}/{full}/{name}")),
        historyId=hashlib.sha256(f"{view.site.id}/{full}/{name}".encode()).hexdigest()[:32],
        testCaseId=case_id(full, name),
        fullName=full,
        name=item_title(view, first, messages),
        status=status_of(rows),
        stage="finished",
        statusDetails=StatusDetails(message=_message(view, rows, messages)),
        descriptionHtml=allure_html.description(view, rows, messages),
        labels=_labels(view, rows, messages),
        parameters=_parameters(view, rows, messages),
        titlePath=[messages.system(first.system), title(first, messages)],
        steps=[_attempt(view, one, messages) for one in first.attempts],
        attachments=_attachments(view, first, target, messages),
        start=start,
        stop=stop,
    )


def _span(view: RunView, row: ReportRow) -> tuple[int, int]:
    if not row.attempts:
        return _ms(view.ended), _ms(view.ended)
    last = row.attempts[-1]
    return _ms(row.attempts[0].started), _ms(last.ended or last.started)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _message(view: RunView, rows: list[ReportRow], messages: Messages) -> str:
    """Verdict, value, limit and reason of each row that does not simply conform."""
    verdicts = []
    for row in rows:
        verdict = row.finding.verdict
        if verdict is Verdict.CONFORM:
            continue
        value = full_result(row, messages) if result(row, messages) != NOTHING else ""
        parts = (item_title(view, row, messages), value, requires(row, messages) if value else "")
        said = "  ".join([*filter(None, parts), clause(row)])
        why = reason(row, messages)
        verdicts.append(f"{messages.verdict(verdict)}：{said}{f'（{why}）' if why else ''}")
    return "\n".join(verdicts)


def _labels(view: RunView, rows: list[ReportRow], messages: Messages) -> list[Label]:
    first = rows[0]
    zh = messages.language == "zh"
    pairs = [
        ("parentSuite", view.site.name),
        ("suite", messages.system(first.system)),
        (
            "subSuite",
            messages.pick(first.requirement.title) if first.requirement else first.finding.measurand,
        ),
        (
            "severity",
            "critical" if any(row.requirement and row.requirement.mandatory for row in rows) else "normal",
        ),
        ("系统" if zh else "system", messages.system(first.system)),
        ("设备" if zh else "device", device_line(view.device(first.finding.device), messages)),
    ]
    for row in rows:
        shown = expanded(row, messages)
        pairs += [
            ("条款" if zh else "clause", clause(row)),
            ("判定" if zh else "verdict", messages.verdict(row.finding.verdict)),
            ("限值状态" if zh else "limit status", messages.status(row.finding.limit_status)),
            ("U", shown if row.finding.U is not None else ""),
        ]
    pairs += [("仪器" if zh else "instrument", name) for name in _instruments(first)]
    return [Label(name=name, value=value) for name, value in dict.fromkeys(pairs) if value]


def _instruments(row: ReportRow) -> tuple[str, ...]:
    return row.measurement.instruments if row.measurement else ()


def _parameters(view: RunView, rows: list[ReportRow], messages: Messages) -> list[Parameter]:
    first, made = rows[0], []
    if first.finding.device:
        made.append(Parameter(name=messages("c.device"), value=first.finding.device, excluded=True))
    if first.finding.value is not None:
        made.append(Parameter(name=messages("c.result"), value=result(first, messages), excluded=True))
    if view.first:
        made.append(
            Parameter(name=messages("run"), value=messages("round.again", n=view.round), excluded=True)
        )
    if first.first:
        said = first_result(first, first.first, messages)
        made.append(Parameter(name=messages("c.first"), value=said, excluded=True))
    return made


def _attempt(view: RunView, attempt: ItemAttempt, messages: Messages) -> TestStepResult:
    """One attempt as a step with its events; a long list is shortened, since the raw data are attached."""
    shown = attempt.steps[:_MOST_STEPS]
    steps = [
        TestStepResult(
            name=f"{messages.step(step.kind)}  {step_text(view, step, messages)}",
            status=Status.PASSED,
            start=_ms(step.at),
            stop=_ms(step.at),
        )
        for step in shown
    ]
    steps += [
        TestStepResult(
            name=trouble_text(one, messages),
            status=Status.BROKEN if one.family == "rig_fault" else Status.FAILED,
            start=_ms(one.at),
            stop=_ms(one.at),
        )
        for one in attempt.troubles
    ]
    more = f" ({len(shown)}/{len(attempt.steps)})" if len(attempt.steps) > len(shown) else ""
    ended = f"{messages.outcome(attempt.outcome)}{more}"
    return TestStepResult(
        name=f"{messages('attempt', n=attempt.number)}{messages('colon')}{ended}",
        status=_attempt_status(attempt),
        steps=steps,
        start=_ms(attempt.started),
        stop=_ms(attempt.ended or attempt.started),
    )


def _attempt_status(attempt: ItemAttempt) -> str:
    """Passed only when what this attempt found conforms."""
    ended = _OUTCOME.get(attempt.outcome, Status.BROKEN)
    if not attempt.findings:
        return str(ended)
    found = STATUS[gravest(finding.verdict for finding in attempt.findings)]
    return str(min(ended, found, key=_GRAVITY.index))


def _attachments(
    view: RunView, row: ReportRow, target: ResultsFolder, messages: Messages
) -> list[Attachment]:
    made: list[Attachment | None] = []
    if raw := raw_csv(row):
        made.append(target.attach(f"{messages('c.raw')}.csv", raw, "text/csv", "csv"))
    made += [
        target.attach(messages("h.pictures"), figure, "image/png", "png")
        for figure in _figures(view, row, target, messages)
    ]
    shown = photos(view, row.item) if row.item else []
    made += [
        target.attach(evidence_title(view, photo.note, messages), photo.data, "image/jpeg", "jpg")
        for photo in shown
    ]
    for note in view.evidence if row.item else ():
        if note.item != row.item or note.media_type not in _TEXTS:
            continue
        if (path := view.blob(note.sha256)).is_file():
            extension = _TEXTS[note.media_type]
            made.append(
                target.attach(
                    evidence_title(view, note, messages), path.read_bytes(), note.media_type, extension
                )
            )
    return [one for one in made if one is not None]


def _figures(view: RunView, row: ReportRow, target: ResultsFolder, messages: Messages) -> list[bytes]:
    """Draw the first rows, one of each requirement, and the first that do not conform.

    Each takes a tenth of a second; the observations of every row are attached as a table.
    """
    most = _MOST_BAD_FIGURES if is_bad(row) else _MOST_FIGURES
    if target.figures >= most and row.finding.requirement in target.drawn:
        return []
    target.drawn.add(row.finding.requirement)
    target.figures += 1
    drawn = (kind_figure(view, row, messages.language), item_figure(row, messages.language))
    return [figure for figure in drawn if figure]


def raw_csv(row: ReportRow) -> bytes:
    """Give the single observations of a row's measurement as CSV, unrounded; empty without any."""
    measurement = row.measurement
    if measurement is None or not measurement.raw:
        return b""
    head = ("n", f"{measurement.measurand} [{measurement.unit}]" if measurement.unit else "value")
    return csv_bytes([head, *enumerate(measurement.raw, start=1)])
