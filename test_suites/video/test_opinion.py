# SPDX-License-Identifier: Apache-2.0
"""主观评价 — a panel's mean mark on the five-grade impairment scale."""

from __future__ import annotations

from yanshou.fixtures.api import Assessed, Record, measures


@measures("mean_opinion_score", operator=True, seconds=60)
def test_mean_opinion_score(assessed: Assessed, record: Record) -> None:
    """Assessors mark the camera's picture alone, not knowing whose it is; the mean counts."""
    opinion = assessed.opinion()
    assessed.keep(opinion)
    record.values(opinion.grades, "1", assessed.components(opinion))
