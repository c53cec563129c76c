# SPDX-License-Identifier: Apache-2.0
"""Checks printed results: uncertainty, rounding, the decision rule, and nothing that was not tested."""

from __future__ import annotations

from decimal import Decimal

from yanshou.model import DecisionRule, Quantity, Verdict
from yanshou.reports.records import ReportRow
from yanshou.reports.self_check.printed import squeezed
from yanshou.reports.self_check.records import (
    Check,
    CheckedReport,
    CheckPart,
    asked,
    by_hand,
    complete,
    not_needed,
)
from yanshou.reports.self_check.rows import PrintedNumber, PrintedRow, row_name

_JUDGED = frozenset(
    {
        Verdict.CONFORM,
        Verdict.NON_CONFORM,
        Verdict.CONDITIONAL_CONFORM,
        Verdict.CONDITIONAL_NON_CONFORM,
        Verdict.ADVICE_NOT_FOLLOWED,
    }
)
_EXACT = frozenset({Quantity.COUNT, Quantity.LOGICAL, Quantity.TEXT, Quantity.ORDINAL})
_DIGITS = 2
_ILAC = "ILAC-G8:09/2019"
_CLAUSES = {DecisionRule.SIMPLE: "4.2.1", DecisionRule.GUARD_BAND: "4.2.2", DecisionRule.NON_BINARY: "4.2.3"}


def uncertainty_reported(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """17025 7.8.3.1 c: U is printed beside each judged value, in the unit of the value.

    A count is exact, and has none.
    """
    rows = [one for one in subject.rows if _number_judged(one.row) and not _is_exact(one.row)]
    missing = [one.name for one in rows if not _states_uncertainty(subject, one)]
    return (
        complete(
            "与限值比较的每个测得值均给出不确定度，或说明为何没有（计数为准确值）",
            "each measured value held against a limit has U, or says why not; a count is exact",
            missing,
            found=f"n = {len(rows)}",
        ),
    )


def rounding(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """U has at most two significant digits, the value ends at the same digit, both agree with the record."""
    rows = [one for one in subject.rows if one.row.finding.U and _number_judged(one.row)]
    missing = [one.name for one in rows if not _rounded_rightly(one)]
    messages = subject.messages
    return (
        complete(
            "U 取两位有效数字，结果末位与 U 对齐，且与原始记录一致",
            "U has two significant digits, the result ends at the same digit, and both agree with the record",
            missing,
            found=f"n = {len(rows)}",
        ),
        asked(
            "写明包含因子和包含概率",
            "coverage factor and probability are stated",
            met=subject.printed.has(messages("c.U")) and subject.printed.has("95%"),
            found=messages("c.U"),
        ),
    )


def conformity_statements(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """17025 7.8.6.2: each verdict with the result, the clause and the rule it rests on."""
    rows = [one for one in subject.rows if one.row.finding.verdict in _JUDGED]
    missing = [one.name for one in rows if one.text is None or not one.row.finding.clause]
    ruleless = [
        one.name
        for one in rows
        if one.row.finding.decision_rule and not subject.printed.has(one.row.finding.decision_rule)
    ]
    return (
        complete(
            "每个判定写明结果和条款",
            "each verdict names its result and clause",
            missing,
            found=f"n = {len(rows)}",
        ),
        complete("每个判定写明判定规则", "each verdict names its rule", ruleless),
        _none_beyond(rows),
        complete(
            "每个条款一行，判定为其设备中最严重的",
            "each requirement has one line with the gravest verdict of its devices",
            [one.name for one in subject.requirements if one.text is None],
            found=f"n = {len(subject.requirements)}",
        ),
        _none_worse(subject),
    )


def rule_agreed(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """17025 7.1.3: the rule is fixed before the first measurement, printed, and agreed with the client."""
    view, messages = subject.view, subject.messages
    rule = view.plan.decision_rule
    return (
        asked(
            "判定规则在首次测量前冻结于方案",
            "the rule was frozen with the plan before the first measurement",
            met=bool(view.plan_sha256) and view.plan_sha256 == view.plan.sha256,
            found=rule.value,
        ),
        asked(
            "报告写明判定规则",
            "the rule is printed",
            met=subject.printed.has(messages.rule(rule)),
            found=rule.value,
        ),
        by_hand(
            "判定规则已在合同评审中与客户约定",
            "the rule was agreed with the client at contract review",
            rule.value,
        ),
    )


def rule_document(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """CNAS-GL015 and ILAC-G8: the document of each rule in use is cited with its clause."""
    missing = [
        rule.value
        for rule in _rules(subject)
        if not subject.printed.has(rule.value) or not _cited(subject, rule)
    ]
    used = "，".join(rule.value for rule in _rules(subject))
    return (
        complete(
            "引用判定规则所依据的文件",
            "the document of the rule is cited",
            missing,
            found=used,
        ),
    )


def rule_in_use(rule: DecisionRule) -> Check:
    """The check of one rule of ILAC-G8: if the report uses it, it is printed with its meaning."""

    def check(subject: CheckedReport) -> tuple[CheckPart, ...]:
        if rule not in _rules(subject):
            return (not_needed("本报告未用该规则", "this report does not use the rule", rule.value),)
        text = subject.messages.rule(rule)
        return (
            asked(
                "规则及其误判风险已写明",
                "the rule and its risk are printed",
                met=subject.printed.has(text),
                found=text,
            ),
        )

    return check


def only_tested(subject: CheckedReport) -> tuple[CheckPart, ...]:
    """Results are printed only for what was measured; untested items are named with their reason."""
    view = subject.view
    empty = [row_name(row) for row in view.rows if row.finding.verdict in _JUDGED and not _measured(row)]
    reasons = [
        one.finding.requirement
        for one in view.of(Verdict.NOT_TESTED, Verdict.INVALID)
        if not subject.printed.has(one.finding.requirement)
    ]
    return (
        complete(
            "每个判定都有检测数据",
            "each verdict has a measurement behind it",
            empty,
        ),
        complete(
            "未检和无效的项目逐项列出",
            "items not tested or invalid are listed",
            reasons,
        ),
        asked(
            "结果仅对所检系统负责的声明",
            "statement that results relate to the items tested only",
            met=subject.printed.has(subject.only_tested),
        ),
    )


def _rules(subject: CheckedReport) -> tuple[DecisionRule, ...]:
    view = subject.view
    own = [DecisionRule(row.finding.decision_rule) for row in view.rows if row.finding.decision_rule]
    return tuple(dict.fromkeys([view.plan.decision_rule, *own]))


def _cited(subject: CheckedReport, rule: DecisionRule) -> bool:
    return subject.printed.has(f"{_ILAC} {_CLAUSES[rule]}") or subject.printed.has(
        f"{_ILAC}, {_CLAUSES[rule]}"
    )


def _number_judged(row: ReportRow) -> bool:
    value = row.finding.value
    return isinstance(value, int | float) and not isinstance(value, bool) and row.finding.verdict in _JUDGED


def _is_exact(row: ReportRow) -> bool:
    """Whether the catalogue's measurand is counted or read, so that no uncertainty belongs to it.

    A catalogue that was frozen without the kind of its measurands leaves it to the measurement.
    """
    asked_for = row.requirement.quantity if row.requirement else None
    quantity = asked_for or (row.measurement.quantity if row.measurement else None)
    return quantity in _EXACT


def _states_uncertainty(subject: CheckedReport, one: PrintedRow) -> bool:
    finding, measurement = one.row.finding, one.row.measurement
    if one.text is None:
        return False
    if finding.U is not None:
        return len(one.numbers) > 1
    if measurement is not None and measurement.interval is not None:
        return "[" in one.text
    return squeezed(subject.messages("inherent")) in one.text


def _rounded_rightly(one: PrintedRow) -> bool:
    """The two numbers of the line against the journal, to within half of their last digit."""
    finding = one.row.finding
    if len(one.numbers) < 2 or finding.value is None or finding.U is None:  # noqa: PLR2004 - value and U
        return False
    value, U = one.numbers[:2]
    return (
        U.digits <= _DIGITS
        and value.place == U.place
        and _agrees(value, float(finding.value))
        and (_agrees(U, finding.U) or _rounded_up(U, finding.U))
    )


def _rounded_up(printed: PrintedNumber, truth: float) -> bool:
    """U may be rounded up to the last digit of its unit, never down (GUM 7.2.6)."""
    return Decimal(0) < printed.value - Decimal(repr(truth)) < Decimal(1).scaleb(printed.place)


def _agrees(printed: PrintedNumber, truth: float) -> bool:
    return abs(printed.value - Decimal(repr(truth))) <= Decimal(5).scaleb(printed.place - 1)


def _none_beyond(rows: list[PrintedRow]) -> CheckPart:
    """No row that conforms prints a value beyond its own limit."""
    wrong = []
    for one in rows:
        limit = one.row.requirement.limit if one.row.requirement else None
        if limit is None or not _number_judged(one.row) or not one.numbers or one.row.finding.verdict.against:
            continue
        value, slack = one.numbers[0].value, Decimal(5).scaleb(one.numbers[0].place - 1)
        over = limit.max is not None and value - slack > Decimal(repr(float(limit.max)))
        under = limit.min is not None and value + slack < Decimal(repr(float(limit.min)))
        if over or under:
            wrong.append(one.name)
    return complete(
        "合格的结果均在所印限值之内",
        "no result that conforms lies beyond its limit",
        wrong,
    )


def _none_worse(subject: CheckedReport) -> CheckPart:
    """No judged device in the annex is farther from conforming than the worst value of its line."""
    printed = {id(one.row): one for one in subject.rows}
    wrong = []
    for line in subject.requirements:
        rows = [printed[id(row)] for row in line.result.rows if _number_judged(row) and id(row) in printed]
        wrong += [one.name for one in rows if line.worst and one.numbers and _worse(one, line.worst)]
    return complete(
        "每行所印最不利值不优于任何一台设备",
        "the worst value of a line is no better than that of any device",
        wrong,
    )


def _worse(one: PrintedRow, worst: PrintedNumber) -> bool:
    """Whether a device's printed value is nearer to, or farther beyond, a one-sided limit."""
    limit = one.row.requirement.limit if one.row.requirement else None
    if limit is None or (limit.min is None) == (limit.max is None):
        return False
    value = one.numbers[0].value
    slack = Decimal(5).scaleb(max(one.numbers[0].place, worst.place) - 1)
    return value - worst.value > slack if limit.min is None else worst.value - value > slack


def _measured(row: ReportRow) -> bool:
    measurement = row.measurement
    return (
        measurement is not None
        and measurement.device == row.finding.device
        and any(attempt.findings for attempt in row.attempts)
    )
