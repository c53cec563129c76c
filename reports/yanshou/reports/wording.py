# SPDX-License-Identifier: Apache-2.0
"""One row in words: what was tested, the requirement, the result; shared by all outputs."""

from __future__ import annotations

import math

from yanshou.model import (
    DecisionRule,
    Limit,
    LimitStatus,
    Measurement,
    Obligation,
    UncertaintyStatus,
    Verdict,
)
from yanshou.model.requirement import exact
from yanshou.reports.messages import Messages
from yanshou.reports.records import DeviceInfo, ReportRow
from yanshou.reports.rounding import number, round_pair, uncertainty, unit_text, with_unit
from yanshou.reports.view import RunView

NOTHING = "—"
_SITE = "SITE"  # the device of an item about the site as a whole
_WORDLESS = {"", "—", "是", "否"}
_K = 2.0
_TONES = {
    Verdict.CONFORM: "good",
    Verdict.NON_CONFORM: "bad",
    Verdict.CONDITIONAL_NON_CONFORM: "bad",
    Verdict.INVALID: "open",
    Verdict.NOT_TESTED: "open",
    Verdict.UNJUDGED: "open",
    Verdict.CONDITIONAL_CONFORM: "open",
    Verdict.ADVICE_NOT_FOLLOWED: "open",
    Verdict.NOT_APPLICABLE: "plain",
}


def tone(verdict: Verdict) -> str:
    """How a verdict is coloured; its words are always printed as well."""
    return _TONES[verdict]


def title(row: ReportRow, messages: Messages) -> str:
    """What was tested: the title of the requirement, else its measurand."""
    if row.requirement:
        return messages.pick(row.requirement.title)
    return row.finding.measurand or row.finding.requirement


def clause(row: ReportRow) -> str:
    """Standard with edition, and clause."""
    return f"{row.finding.standard} {row.finding.clause}".strip() or NOTHING


def requires(row: ReportRow, messages: Messages) -> str:
    """The requirement: the limit with its statistic, or for a logical rule its text in our own words."""
    if row.finding.limit in _WORDLESS:
        return messages.pick(row.requirement.asks) if row.requirement else row.finding.limit or NOTHING
    statistic = messages.statistic(row.requirement.statistic.value) if row.requirement else ""
    limit = _limit_text(row)
    return (
        f"{limit}（{statistic}）"
        if statistic and messages.language == "zh"
        else f"{statistic} {limit}".lstrip()
    )


def _limit_text(row: ReportRow) -> str:
    limit = row.requirement.limit if row.requirement else None
    text = row.finding.limit
    if limit and limit.unit and text.endswith(f" {limit.unit}"):
        return f"{text.removesuffix(limit.unit)}{unit_text(limit.unit)}".rstrip()
    return text


def status_mark(row: ReportRow, messages: Messages) -> str:
    """The status of the limit unless it is verified, and whether a clause only advises; else empty."""
    status = row.finding.limit_status
    marks = [messages("advice")] if row.finding.obligation is Obligation.ADVICE else []
    marks += [] if status in {"", LimitStatus.VERIFIED} else [messages.status(status)]
    return "，".join(marks) if messages.language == "zh" else ", ".join(marks)


def result(row: ReportRow, messages: Messages) -> str:
    """The value rounded to its U, with its unit; a dash if nobody measured it."""
    return _estimated(row.measurement, value_text(row, messages), messages)


def value_text(row: ReportRow, messages: Messages) -> str:
    """The value as :func:`result` prints it, without the mark of an estimate."""
    finding, measurement = row.finding, row.measurement
    value = finding.value
    if finding.verdict is Verdict.NOT_TESTED and measurement is not None and measurement.n == 0:
        return NOTHING
    if isinstance(value, bool):
        return messages("logical.yes" if value else "logical.no")
    if isinstance(value, str):
        return value
    if value is not None:
        return with_unit(_rounded(row, float(value))[0] if finding.U else number(value), finding.unit)
    if measurement is not None and measurement.at_least is not None:
        return messages("not_within", value=with_unit(number(measurement.at_least), measurement.unit))
    if measurement is not None and measurement.at_most is not None:
        return f"≤ {with_unit(number(measurement.at_most), measurement.unit)}"
    return NOTHING


def _rounded(row: ReportRow, value: object) -> tuple[str, str]:
    """Value and U in print; the last digit of the unit is given up where it would hide a missed limit."""
    U, unit = row.finding.U or 0.0, row.finding.unit
    if not isinstance(value, int | float) or not (math.isfinite(value) and math.isfinite(U) and U > 0):
        return str(value), uncertainty(U)
    coarse, fine = round_pair(value, U, unit), round_pair(value, U)
    limit = row.requirement.limit if row.requirement else None
    sides = [] if limit is None else [one for one in (limit.min, limit.max) if one is not None]
    hidden = any((value > side, value < side) != _side(coarse[0], side) for side in sides)
    return fine if hidden else coarse


def _side(text: str, limit: float) -> tuple[bool, bool]:
    value = float(text.replace("×10^", "e"))
    return value > limit, value < limit


def _estimated(measurement: Measurement | None, text: str, messages: Messages) -> str:
    return f"{text}{messages('estimate')}" if measurement is not None and measurement.estimate else text


def expanded(row: ReportRow, messages: Messages) -> str:
    """U with two digits, and k if it is not 2; an exact interval; or why there is none."""
    finding, measurement = row.finding, row.measurement
    if finding.value is None or measurement is None or measurement.n == 0:
        return NOTHING
    if finding.U is not None:
        text = with_unit(_rounded(row, finding.value)[1], finding.unit)
        return text if finding.k in (None, _K) else f"{text}（k={finding.k:.2g}）"
    if measurement is not None and measurement.interval is not None:
        low, high = (number(end) for end in measurement.interval)
        return f"[{low}, {high}]"
    if measurement is not None and measurement.uncertainty is UncertaintyStatus.INHERENT:
        return messages("inherent")
    return NOTHING


def acceptance(row: ReportRow) -> str:
    """The acceptance limit of a verdict with a guard band: the limit moved inwards by w = U.

    Empty under simple acceptance, and where no value was judged (ILAC-G8:09/2019, 4.2.2 and 4.2.3).
    """
    finding, limit = row.finding, row.requirement.limit if row.requirement else None
    below, above = _coverage(row)
    judged = finding.verdict not in {Verdict.INVALID, Verdict.NOT_TESTED, Verdict.UNJUDGED}
    guarded = finding.decision_rule in {DecisionRule.GUARD_BAND, DecisionRule.NON_BINARY}
    if limit is None or not judged or not guarded or max(below, above) <= 0:
        return ""
    less, more = ("<", ">") if limit.exclusive else ("≤", "≥")
    parts = [] if limit.min is None else [f"{more} {number(limit.min + below, below)}"]
    parts += [] if limit.max is None else [f"{less} {number(limit.max - above, above)}"]
    return with_unit("，".join(parts), finding.unit) if parts else ""


def _coverage(row: ReportRow) -> tuple[float, float]:
    """How far the coverage interval reaches below and above the value; 0 without one."""
    value, U = row.finding.value, row.finding.U
    if isinstance(value, bool | str) or value is None:
        return 0.0, 0.0
    if U is not None:
        return U, U
    interval = row.measurement.interval if row.measurement else None
    return (value - interval[0], interval[1] - value) if interval else (0.0, 0.0)


def reason(row: ReportRow, messages: Messages) -> str:
    """The reason in the language of the report; a fault of our own bench is named first."""
    text = messages.reason(row.finding.reason)
    return messages("rig_fault", text=text) if row.rig_fault else text


def beyond(row: ReportRow) -> str:
    """The limit as it was missed: a value over ``≤ 2 s`` is ``> 2 s``; empty if it was not."""
    limit, value = row.requirement.limit if row.requirement else None, row.finding.value
    if limit is None or isinstance(value, bool | str) or value is None:
        return ""
    return _missed(limit, float(value))


def full_result(row: ReportRow, messages: Messages) -> str:
    """The value with ± U and the limit it missed: ``2.4123 s ± 0.0031 s > 2 s``."""
    finding = row.finding
    text = result(row, messages)
    if finding.U is not None and (U := expanded(row, messages)) != NOTHING:
        text = f"{text} ± {U}"
    missed = beyond(row)
    return f"{text}  {missed}" if missed else text


def _missed(limit: Limit, value: float) -> str:
    unit = unit_text(limit.unit)
    if limit.max is not None and (value > limit.max or (limit.exclusive and value == limit.max)):
        return f"{'≥' if limit.exclusive else '>'} {exact(limit.max)} {unit}".rstrip()
    if limit.min is not None and (value < limit.min or (limit.exclusive and value == limit.min)):
        return f"{'≤' if limit.exclusive else '<'} {exact(limit.min)} {unit}".rstrip()
    return ""


def device_line(device: DeviceInfo, messages: Messages) -> str:
    """Id and name of a device in one line; the site itself in words."""
    return messages.kind("site") if device.id == _SITE else f"{device.id} {device.name}".strip()


def is_bad(row: ReportRow) -> bool:
    """Whether the row speaks against the system."""
    return row.finding.verdict.against


def item_title(view: RunView, row: ReportRow, messages: Messages) -> str:
    """``Z07 报警响应时间``: device id and test item."""
    device = row.finding.device
    named = device and device not in {view.site.id, _SITE}
    return f"{device} {title(row, messages)}" if named else title(row, messages)
