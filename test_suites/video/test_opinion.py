# SPDX-License-Identifier: Apache-2.0
"""主观评价 — a panel's mean mark on the five-grade impairment scale."""

from __future__ import annotations

from yanshou.fixtures.api import GRADES, Ask, Assessed, Record, measures, rectangular


@measures("mean_opinion_score", operator=True, seconds=60)
def test_mean_opinion_score(assessed: Assessed, record: Record) -> None:
    """Assessors mark the camera's picture alone, not knowing whose it is; the mean counts."""
    opinion = assessed.opinion()
    assessed.keep(opinion)
    record.values(opinion.grades, "1", assessed.components(opinion))


@measures("playback_opinion_score", operator=True, seconds=120)
def test_playback_opinion_score(ask: Ask, record: Record) -> None:
    """Assessors look at recordings on the monitor and mark alone; the mean counts."""
    grades, fewest = [], round(record.criterion("assessors"))
    for number in range(1, int(record.parameter("assessors", fewest)) + 1):
        ask.name("assessor.name", key=f"assessor{number}.name", number=number)
        key = f"assessor{number}.grade"
        grades.append(float(ask.choice("grade.playback", GRADES, labels="grade", key=key, number=number)))
    if len(grades) < fewest:
        record.invalid(f"评价人不足 {fewest} 名")
    record.deviation("回放画面在监视器上评价，评价人知道所评的录像")
    record.values(grades, "1", [rectangular("whole grades", 0.5 / len(grades) ** 0.5, "GB 50198-2011")])
