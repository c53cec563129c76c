# SPDX-License-Identifier: Apache-2.0
"""A plan as JSON, and the hash that freezes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from yanshou.model import DecisionRule, Plan, PlanItem, SampleRecord, Untestable, UsageError, limited
from yanshou.model.record_fields import record_fields

SCHEMA = "yanshou-plan/1"
_PLAN_FILE = "plan.json"


def freeze(plan: Plan) -> Plan:
    """The plan with its hash: sha256 over the canonical JSON of everything else."""
    return replace(plan, sha256=_fingerprint(plan))


def to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON values: ``plan.json`` of a run folder and the answer of ``plan --json``."""
    return {"schema": SCHEMA, **json.loads(_canonical(record_fields(plan)))}


def from_json(record: Mapping[str, Any]) -> Plan:
    """The plan that :func:`to_json` wrote.

    Raises UsageError if it is not such a record or was changed after it was frozen.
    """
    try:
        plan = _plan(record)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"is not a plan of this version ({limited.unlike(error)})."
        raise UsageError(what, "Make the plan anew with `yanshou plan`.", path=_PLAN_FILE) from error
    if plan.sha256 != _fingerprint(plan):
        what = "was changed after it was frozen: its fingerprint does not fit."
        raise UsageError(what, "Take the plan of the run as it was written.", path=_PLAN_FILE)
    return plan


def _plan(record: Mapping[str, Any]) -> Plan:
    if record["schema"] != SCHEMA:
        raise ValueError(record["schema"])
    return Plan(
        site=record["site"],
        seed=record["seed"],
        items=tuple(_item(one) for one in record["items"]),
        untestable=tuple(Untestable(**one) for one in record["untestable"]),
        not_applicable=tuple(Untestable(**one) for one in record["not_applicable"]),
        out_of_scope=tuple(record["out_of_scope"]),
        sampling=tuple(SampleRecord(**{**one, "drawn": tuple(one["drawn"])}) for one in record["sampling"]),
        decision_rule=DecisionRule(record["decision_rule"]),
        catalogue_sha256=record["catalogue_sha256"],
        site_sha256=record["site_sha256"],
        parameters=dict(record["parameters"]),
        sha256=record["sha256"],
    )


def _item(record: Mapping[str, Any]) -> PlanItem:
    lists = {key: tuple(record[key]) for key in ("requirements", "instruments", "intrusive")}
    return PlanItem(**{**record, **lists, "decision_rule": DecisionRule(record["decision_rule"])})


def _fingerprint(plan: Plan) -> str:
    content = {key: value for key, value in record_fields(plan).items() if key != "sha256"}
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(
        content,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        default=record_fields,
    )
