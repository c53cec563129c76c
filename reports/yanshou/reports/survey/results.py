# SPDX-License-Identifier: Apache-2.0
"""results.json of a survey (schema ``schema/survey-1.schema.json``), and the counts of all files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Final

SCHEMA: Final = "yanshou-survey-results/1"

Record = Mapping[str, Any]


def results_bytes(document: Record) -> bytes:
    """The file's bytes: UTF-8, the same for the same results."""
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def results_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of results.json."""
    folder = resources.files("yanshou.reports") / "schema"
    schema: dict[str, Any] = json.loads((folder / "survey-1.schema.json").read_text(encoding="utf-8"))
    return schema


def document(site: Record, settings: Record, software: str, devices: Sequence[Record]) -> dict[str, Any]:
    """The whole of results.json."""
    return {
        "schema": SCHEMA,
        "site": {"id": site["id"], "name": site["name"], "sha256": site["sha256"]},
        "software": software,
        "settings": dict(settings),
        "summary": summary(devices),
        "devices": list(devices),
    }


def summary(devices: Sequence[Record]) -> dict[str, Any]:
    """How many devices are in which state, and how often each finding occurs."""
    states = Counter(one["state"] for one in devices)
    found = [finding for one in devices for finding in one["findings"]]
    return {
        "devices": len(devices),
        "states": dict(sorted(states.items())),
        "against": sum(finding["against"] for finding in found),
        "unknown": sum(not finding["against"] for finding in found),
        "clean": sum(not one["findings"] for one in devices),
        "findings": dict(sorted(Counter(finding["code"] for finding in found).items())),
    }
