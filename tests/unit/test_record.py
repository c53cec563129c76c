# SPDX-License-Identifier: Apache-2.0
"""What a test records becomes measurements, and findings by the limits of the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support import record_bench
from tests.support.record_bench import PATIENCE_S, TWO_S, Bench, row, saw, verdicts
from yanshou.evidence import read_events
from yanshou.fixtures.asking import Ask
from yanshou.fixtures.record import Record
from yanshou.model import (
    Component,
    DecisionRule,
    Instant,
    Latency,
    Limit,
    LimitStatus,
    Measurement,
    NonConformity,
    Obligation,
    Quantity,
    RigFault,
    UncertaintyStatus,
    UsageError,
    Verdict,
    gravest,
)
from yanshou.operator import Answer, Question
from yanshou.reports.events import measurement_of

bench = record_bench.bench


# -- which figure is judged


def test_of_repeated_latencies_the_largest_is_judged(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    saw(record, 0.5, 2.4, 0.6)
    (finding,) = record.conclude()
    assert finding.value == pytest.approx(2.4)
    assert finding.n == 3
    assert finding.verdict is Verdict.NON_CONFORM
    assert finding.U is not None
    assert 0.001 < finding.U < 0.003
    assert bench.events("measurement")[0]["raw"] == pytest.approx([0.5, 2.4, 0.6])


def test_each_requirement_is_judged_by_the_statistic_it_asks_for(bench: Bench):
    record = bench.record(
        row("MAX", "max", TWO_S),
        row("MEAN", "mean", Limit("s", max=1.0)),
        row("MAX-2", "max", Limit("s", max=3)),
    )
    saw(record, 2.2, 2.4, 2.3)
    findings = {finding.requirement: finding for finding in record.conclude()}
    assert findings["MAX"].value == findings["MAX-2"].value == pytest.approx(2.4)
    assert findings["MEAN"].value == pytest.approx(2.3)
    assert verdicts(list(findings.values())) == {
        "MAX": "non_conform",
        "MEAN": "non_conform",
        "MAX-2": "conform",
    }
    measured = {event["id"]: event["statistic"] for event in bench.events("measurement")}
    assert [measured[findings[name].measurement] for name in ("MAX", "MEAN", "MAX-2")] == [
        "max",
        "mean",
        "max",
    ]
    assert len(measured) == 2


def test_of_repeated_readings_too(bench: Bench):
    record = bench.record(row("MAX", "max", Limit("A", max=1.0)), row("MEAN", "mean", Limit("A", max=1.05)))
    record.values([0.9, 1.1, 1.0], "A", [Component("meter", "B", "normal", 0.001, 50)])
    assert verdicts(record.conclude()) == {"MAX": "non_conform", "MEAN": "conform"}


def test_a_share_is_judged_as_a_share_and_a_count_as_a_count(bench: Bench):
    rows = (row("COUNT", "count", Limit("1", max=0)), row("SHARE", "proportion", Limit("1", max=0.001)))
    record = bench.record(*rows, rule=DecisionRule.GUARD_BAND)
    record.count(0, 100)
    findings = {finding.requirement: finding for finding in record.conclude()}
    assert findings["COUNT"].verdict is Verdict.CONFORM
    assert findings["SHARE"].verdict is Verdict.NOT_TESTED  # 100 trials cannot show one in a thousand


def test_a_figure_made_elsewhere_is_judged_by_all(bench: Bench):
    record = bench.record(row("A", "value", Limit("d", min=30)), row("B", "min", Limit("d", min=90)))
    record.measurement(
        Measurement(
            "alarm_response_time",
            "Z07",
            Quantity.CONTINUOUS,
            35.0,
            "d",
            6,
            U=0.001,
            k=2.0,
            uncertainty=UncertaintyStatus.EVALUATED,
        )
    )
    assert verdicts(record.conclude()) == {"A": "conform", "B": "non_conform"}
    assert len(bench.events("measurement")) == 1


# -- what never came


@pytest.mark.parametrize("latencies", [(0.5, None, 0.6), (None, 0.5, 0.6), (0.5, 0.6, None), (None,) * 3])
@pytest.mark.parametrize("statistic", ["max", "mean", "min"])
def test_a_repetition_that_brought_nothing_is_never_left_out(
    bench: Bench, latencies: tuple[float | None, ...], statistic: str
):
    record = bench.record(row("IAS-RT-01", statistic, TWO_S))
    saw(record, *latencies)
    (finding,) = record.conclude()
    assert finding.verdict is Verdict.NON_CONFORM
    assert finding.value is None
    assert "6 s" in finding.reason
    assert bench.events("measurement")[0]["at_least"] == PATIENCE_S


def test_what_was_not_waited_for_long_enough_is_not_tested(bench: Bench):
    record = bench.record(row("SLOW", limit=Limit("s", max=10.0)))
    saw(record, 0.5, None)
    assert record.conclude()[0].verdict is Verdict.NOT_TESTED


def test_a_number_that_was_never_reached_is_more_than_the_tries(bench: Bench):
    record = bench.record(row("ACS-AL-02", "value", Limit("1", max=5)))
    record.number(0, at_least=6)
    (finding,) = record.conclude()
    assert finding.verdict is Verdict.NON_CONFORM


# -- logical


def test_a_logical_finding_carries_why(bench: Bench):
    record = bench.record(row("IAS-TA-01", "value", Limit(equals=True)))
    record.logical(conforms=False, n=2, because="设防状态下防拆未报警")
    (finding,) = record.conclude()
    assert (finding.value, finding.n, finding.verdict) == (False, 2, Verdict.NON_CONFORM)
    assert "防拆未报警" in finding.reason


def test_a_logical_true_conforms(bench: Bench):
    record = bench.record(row("IAS-TA-01", "value", Limit(equals=True)))
    record.logical(conforms=True)
    assert record.conclude()[0].verdict is Verdict.CONFORM


# -- misuse

RECORDINGS = {
    "latency": lambda record: saw(record, 0.5),
    "missed latency": lambda record: saw(record, None),
    "logical": lambda record: record.logical(conforms=True),
    "count": lambda record: record.count(0, 3),
    "number": lambda record: record.number(3),
    "values": lambda record: record.values([1.0], "s", []),
    "estimate": lambda record: record.estimate([1.0], "s", [], method="m"),
}


@pytest.mark.parametrize("second", [name for name in RECORDINGS if "latency" not in name])
@pytest.mark.parametrize("first", RECORDINGS)
def test_two_recordings_are_a_mistake_of_the_test(bench: Bench, first: str, second: str):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    RECORDINGS[first](record)
    with pytest.raises(UsageError, match="recorded two"):
        RECORDINGS[second](record)


@pytest.mark.parametrize("first", [name for name in RECORDINGS if "latency" not in name])
def test_a_latency_beside_something_else_is_a_mistake_too(bench: Bench, first: str):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    RECORDINGS[first](record)
    with pytest.raises(UsageError, match="recorded two"):
        saw(record, 0.5)


def test_nothing_recorded_is_a_mistake_and_no_finding(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    with pytest.raises(UsageError, match="without recording anything"):
        record.conclude()
    assert not bench.events("finding")


def test_what_cannot_be_measured_is_a_final_fault(bench: Bench):
    with pytest.raises(RigFault, match="接警单位未同意") as fault:
        bench.record(row("NMG-10-01")).cannot("接警单位未同意测试")
    assert fault.value.final
    assert fault.value.device == "Z07"


# -- gates and what is carried along


@pytest.mark.parametrize("latency", [0.5, 2.4])
def test_a_closed_gate_gives_the_value_and_no_verdict(bench: Bench, latency: float):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    saw(record, latency)
    record.invalid("仪器 DMM-1 校准证书已到期")
    record.invalid("a second reason")
    (finding,) = record.conclude()
    assert finding.verdict is Verdict.INVALID
    assert finding.value == pytest.approx(latency)
    assert finding.reason == "仪器 DMM-1 校准证书已到期"
    record.raise_non_conformity([finding])


def test_an_unverified_profile_gives_no_verdict(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    record.indicative("设备描述文件未经核对")
    saw(record, 0.5)
    assert record.conclude()[0].verdict is Verdict.INVALID


def test_what_the_fixtures_said_holds_for_every_attempt_and_what_an_attempt_saw_does_not(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    record.indicative("设备描述文件未经核对")
    record.instrument("DMM-1")
    record.begin()
    saw(record, 0.5)
    record.deviation("of the first attempt")
    record.invalid("of the first attempt")
    record.begin()
    saw(record, 0.7)
    (finding,) = record.conclude()
    assert finding.value == pytest.approx(0.7)
    assert finding.reason == "设备描述文件未经核对"
    (measured,) = bench.events("measurement")
    assert measured["instruments"] == ["DMM-1"]
    assert measured["deviations"] == []
    assert measured["invalid"] == ""
    assert measured["n"] == 1


def test_an_unverified_limit_is_a_value_without_a_verdict(bench: Bench):
    record = bench.record(row("IQ-18", limit=TWO_S, limit_status=LimitStatus.UNVERIFIED))
    saw(record, 2.4)
    (finding,) = record.conclude()
    assert finding.verdict is Verdict.UNJUDGED
    assert finding.value == pytest.approx(2.4)


def test_deviations_evidence_and_instruments_are_carried(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    saw(record, 0.5)
    digest = record.evidence(b"t,latency\n", "latencies.csv", "text/csv", "原始数据")
    record.deviation("观察时间短于通常")
    record.instrument("DMM-1")
    (finding,) = record.conclude()
    (measured,) = bench.events("measurement")
    assert finding.evidence == (digest,)
    assert measured["evidence"] == [digest]
    assert measured["deviations"] == ["观察时间短于通常"]
    assert measured["instruments"] == ["DMM-1"]
    assert bench.events("evidence")[0]["sha256"] == digest
    assert (bench.path.parent / "blobs" / digest[:2] / digest).read_bytes() == b"t,latency\n"


def test_an_estimate_is_called_one(bench: Bench):
    record = bench.record(row("IAS-PW-01", "value", Limit("h", min=8.0)))
    record.estimate([40.0], "h", [Component("meter", "B", "normal", 0.1, 50)], method="C / I")
    (finding,) = record.conclude()
    assert finding.verdict is Verdict.CONDITIONAL_CONFORM
    assert "C / I" in bench.events("measurement")[0]["deviations"][0]


def test_findings_name_clause_limit_and_measurement(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    saw(record, 0.5)
    (finding,) = record.conclude()
    assert (finding.standard, finding.clause, finding.limit) == ("GB 55029-2022", "3.5.1(8)", "≤ 2 s")
    assert finding.measurement == bench.events("measurement")[0]["id"]
    assert bench.events("finding")[0]["verdict"] == "conform"
    assert [event["kind"] for event in read_events(bench.path)] == ["measurement", "finding"]


def test_a_non_conformity_is_raised_once_and_says_every_sentence(bench: Bench):
    rows = (
        row("IAS-RT-01", limit=TWO_S),
        row("LAB-7", limit=Limit("s", max=1.0)),
        row("OK", limit=Limit("s", max=9)),
    )
    record = bench.record(*rows)
    saw(record, 2.4)
    with pytest.raises(NonConformity) as caught:
        record.raise_non_conformity(record.conclude())
    assert "IAS-RT-01 Z07: 2.4 s" in str(caught.value)
    assert "LAB-7 Z07: 2.4 s" in str(caught.value)
    assert "OK" not in str(caught.value)
    assert "GB 55029-2022 3.5.1(8)" in str(caught.value)


def test_a_conditional_non_conformity_is_raised_too(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S), rule=DecisionRule.NON_BINARY)
    saw(record, 2.0005)
    findings = record.conclude()
    assert findings[0].verdict is Verdict.CONDITIONAL_NON_CONFORM
    with pytest.raises(NonConformity):
        record.raise_non_conformity(findings)


def test_repetitions_and_parameters_are_the_plans(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S), repetitions=4)
    assert list(record.repetitions) == [1, 2, 3, 4]
    assert record.parameter("hold_s", 10.0) == 1.5
    assert record.parameter("unset_watch_s", 3.0) == 3.0


@pytest.mark.parametrize(("usual", "verdict"), [(1.5, "conform"), (600.0, "conditional_conform")])
@pytest.mark.parametrize("kind", ["duration", "times"])
def test_less_than_the_usual_watch_is_a_deviation_and_no_full_conformity(
    bench: Bench, kind: str, usual: float, verdict: str
):
    record = bench.record(row("IAS-FN-03", limit=Limit(equals=True)))
    getattr(record, kind)("hold_s", usual, "报警保持观察")
    record.logical(conforms=True)
    (finding,) = record.conclude()
    assert finding.verdict == verdict
    assert ("报警保持观察" in finding.reason) is (verdict != "conform")
    (measured,) = bench.events("measurement")
    assert measured["shortened"] == measured["deviations"]
    assert measured["unproven"] == []
    assert [one.text for one in measurement_of(measured).reservations] == measured["shortened"]


def test_a_latency_keeps_its_bracket():
    assert Instant(2.0, 2.5) - Instant(1.0, 1.25) == Latency(0.75, 1.5)


# -- questions


def test_advice_beside_a_requirement_fails_nothing(bench: Bench):
    record = bench.record(
        row("ASKS", limit=Limit("s", max=3.0)), row("ADVISES", limit=TWO_S, obligation=Obligation.ADVICE)
    )
    saw(record, 2.5)
    findings = record.conclude()
    assert verdicts(findings) == {"ASKS": "conform", "ADVISES": "advice_not_followed"}
    Record.raise_non_conformity(findings)
    assert gravest(one.verdict for one in findings) is Verdict.ADVICE_NOT_FOLLOWED
    assert [one["obligation"] for one in bench.events("finding")] == ["requirement", "advice"]


class Silent:
    """An operator who answers with what he is given."""

    name, witness, language = "张三", "", "zh"

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def ask(self, question: Question) -> Answer:
        return replace(self.answer, key=question.key)


@pytest.mark.parametrize("unable", ["现场不允许", ""])
def test_unable_leaves_the_item_untested_whatever_was_asked(bench: Bench, unable: str):
    operator = Silent(Answer("", None, "张三", "2026-11-23T00:00:00Z", unable=unable))
    ask = Ask(operator, bench.item_journal, bench.record(row("NMG-16-01")), "SITE")
    asked = (
        lambda: ask.yes("lid.shown"),
        lambda: ask.number("outage", unit="d", low=0, high=1),
        lambda: ask.text("document"),
        lambda: ask.choice("neighbour", ("none", "consent")),
        lambda: ask.photo("lid.photo"),
    )
    for question in asked:
        with pytest.raises(RigFault, match="could not be answered") as fault:
            question()
        assert fault.value.final
    assert [event["kind"] for event in read_events(bench.path)] == ["prompt", "answer"] * 5


def test_what_is_known_as_the_most_it_can_be_meets_an_upper_limit_alone(bench: Bench):
    record = bench.record(row("BELOW", limit=TWO_S), row("ABOVE", limit=Limit("s", min=1.5)))
    record.at_most(1.8, "s")
    assert verdicts(record.conclude()) == {"BELOW": "conform", "ABOVE": "not_tested"}
    assert bench.events("measurement")[0]["at_most"] == 1.8


def test_what_a_test_compares_with_is_that_of_the_plan(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    with pytest.raises(UsageError, match="states no tries for alarm_response_time"):
        record.criterion("tries")
    stated = {"method": {"alarm_response_time": {"tries": 6.0}}}
    session: Any = record._session
    session.plan = replace(session.plan, parameters=stated)
    assert record.criterion("tries") == 6.0


@pytest.mark.parametrize(
    ("again", "verdict"), [(0.5, "invalid"), (2.5, "non_conform"), (None, "non_conform")]
)
def test_an_answer_missing_in_an_unfinished_attempt_passes_no_more(
    bench: Bench, again: float | None, verdict: str
):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    record.begin()
    saw(record, 0.5, None)
    record.begin()  # the bench failed meanwhile
    saw(record, 0.5, again)
    assert verdicts(record.conclude()) == {"IAS-RT-01": verdict}


def test_a_count_of_an_unfinished_attempt_passes_no_more(bench: Bench):
    record = bench.record(row("IAS-FN-01", limit=Limit("1", max=0.0)))
    record.begin()
    record.unanswered("第 2 次触发无报警")
    record.begin()
    record.count(0, 3)
    (finding,) = record.conclude()
    assert finding.verdict.value == "invalid"
    assert "第 2 次触发无报警" in finding.reason


def test_an_unfinished_attempt_in_which_all_was_answered_is_forgotten(bench: Bench):
    record = bench.record(row("IAS-RT-01", limit=TWO_S))
    record.begin()
    saw(record, 0.5)
    record.begin()
    saw(record, 0.5)
    assert verdicts(record.conclude()) == {"IAS-RT-01": "conform"}
