# SPDX-License-Identifier: Apache-2.0
"""The planted-defect matrix: tests whether the harness finds each of them (ISO/IEC 17025:2017 7.11.2)."""

from yanshou.cli.selftest.cases import DEFECTS, Defect, batches, never_judged, read_defects, runs_each, ties
from yanshou.cli.selftest.matrix import SEEN, Matrix, SelftestCase, judge_defects, judge_healthy
from yanshou.cli.selftest.planting import planted
from yanshou.cli.selftest.side_by_side import side_by_side, usual_jobs

__all__ = [
    "DEFECTS",
    "SEEN",
    "Defect",
    "Matrix",
    "SelftestCase",
    "batches",
    "judge_defects",
    "judge_healthy",
    "never_judged",
    "planted",
    "read_defects",
    "runs_each",
    "side_by_side",
    "ties",
    "usual_jobs",
]
