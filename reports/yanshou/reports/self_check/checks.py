# SPDX-License-Identifier: Apache-2.0
"""Which check answers which rule of the laboratory, by the measurand of its row in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.model import DecisionRule
from yanshou.reports.self_check import bodies, items, results
from yanshou.reports.self_check.records import Check

CHECKS: Mapping[str, Check] = {
    "report_items_17025": items.items_17025,
    "report_items_cma": items.items_cma,
    "client_data_marked": items.client_data,
    "environment_reported": items.environment,
    "uncertainty_reported": results.uncertainty_reported,
    "uncertainty_rounding": results.rounding,
    "conformity_statement_complete": results.conformity_statements,
    "results_only_tested_items": results.only_tested,
    "decision_rule_agreed": results.rule_agreed,
    "decision_rule_document_cited": results.rule_document,
    "rule_simple_acceptance": results.rule_in_use(DecisionRule.SIMPLE),
    "rule_guard_band": results.rule_in_use(DecisionRule.GUARD_BAND),
    "rule_non_binary": results.rule_in_use(DecisionRule.NON_BINARY),
    "instrument_traceability": bodies.instruments_traceable,
    "public_data_qualified": bodies.QUALIFIED,
    "no_self_granted_mark": bodies.no_own_mark,
    "cma_mark_form": bodies.MARK_FORM,
    "cma_scope_by_item": bodies.scope_by_item,
    "footage_minimised": bodies.footage_minimised,
    "records_kept_six_years": bodies.records_kept,
    "electronic_signature_lawful": bodies.SIGNATURE,
    "reliable_signature_conditions": bodies.SIGNATURE,
    "licensed_ca": bodies.SIGNATURE,
    "report_as_original": bodies.kept_as_original,
}
