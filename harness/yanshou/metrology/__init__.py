# SPDX-License-Identifier: Apache-2.0
"""Uncertainty, statistics and decision rules: pure functions, no input or output."""

from yanshou.metrology.budget import Budget, coverage_factor, rectangular
from yanshou.metrology.decision import Decision, conformance_probability, decide
from yanshou.metrology.gates import LARGEST_U, SHORTENED, UNPROVEN, Conditions, LargestU, as_asked, judge
from yanshou.metrology.loopback import LoopbackDrift, LoopDelay, drift, evaluate_loop
from yanshou.metrology.measured import evaluated, inherent, logical, with_budget, without_value
from yanshou.metrology.observations import evaluate_counts, evaluate_latencies, evaluate_values
from yanshou.metrology.statistics import clopper_pearson, mean_with_u, percentile, trials_for_zero

__all__ = [
    "LARGEST_U",
    "SHORTENED",
    "UNPROVEN",
    "Budget",
    "Conditions",
    "Decision",
    "LargestU",
    "LoopDelay",
    "LoopbackDrift",
    "as_asked",
    "clopper_pearson",
    "conformance_probability",
    "coverage_factor",
    "decide",
    "drift",
    "evaluate_counts",
    "evaluate_latencies",
    "evaluate_loop",
    "evaluate_values",
    "evaluated",
    "inherent",
    "judge",
    "logical",
    "mean_with_u",
    "percentile",
    "rectangular",
    "trials_for_zero",
    "with_budget",
    "without_value",
]
