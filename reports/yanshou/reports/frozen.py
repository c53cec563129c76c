# SPDX-License-Identifier: Apache-2.0
"""The frozen files of a run folder (plan, catalogue rows, site) as records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from yanshou.model import (
    DecisionRule,
    Plan,
    PlanItem,
    Requirement,
    SampleRecord,
    Untestable,
    UsageError,
    limited,
)
from yanshou.reports.records import DeviceInfo, SiteInfo

Record = Mapping[str, Any]
_Made = TypeVar("_Made")


def read_json(path: Path) -> Any:
    """Content of a JSON file of the run folder; UsageError when it is absent or damaged."""
    try:
        return limited.read_json(path, limited.LARGEST_KEPT)
    except FileNotFoundError:
        raise UsageError(
            f"{path.name} is missing.", "Name a run folder that `yanshou run` made.", path=path
        ) from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path.name} is damaged: {limited.why(error)}.", "Run `yanshou verify` on the folder.", path=path
        ) from None


def read_plan(path: Path) -> Plan:
    """Read the plan as it was frozen."""
    return _built(path, plan_of)


def read_catalogue(path: Path) -> dict[str, Requirement]:
    """Read the requirement rows the run used, by id."""
    return _built(path, lambda rows: {row["id"]: Requirement.from_record(row) for row in rows})


def read_site(path: Path) -> SiteInfo:
    """Read the site as it was frozen."""
    return _built(path, site_of)


def _built(path: Path, build: Callable[[Any], _Made]) -> _Made:
    content = read_json(path)
    try:
        return build(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"{path.name} is not as docs/contracts.md §4 says ({limited.unlike(error)}).",
            "Run `yanshou verify` on the folder.",
            path=path,
        ) from None


def plan_of(record: Record) -> Plan:
    """Rebuild the plan from the JSON of ``dataclasses.asdict``."""
    return Plan(
        site=record["site"],
        seed=record["seed"],
        items=tuple(_item(item) for item in record["items"]),
        untestable=tuple(_untestable(row) for row in record.get("untestable", ())),
        not_applicable=tuple(_untestable(row) for row in record.get("not_applicable", ())),
        out_of_scope=tuple(record.get("out_of_scope", ())),
        sampling=tuple(_sample(row) for row in record.get("sampling", ())),
        decision_rule=DecisionRule(record.get("decision_rule", DecisionRule.SIMPLE)),
        catalogue_sha256=record.get("catalogue_sha256", ""),
        site_sha256=record.get("site_sha256", ""),
        parameters=dict(record.get("parameters", {})),
        sha256=record.get("sha256", ""),
    )


def _item(record: Record) -> PlanItem:
    return PlanItem(
        id=record["id"],
        measurand=record["measurand"],
        device=record["device"],
        requirements=tuple(record["requirements"]),
        instruments=tuple(record.get("instruments", ())),
        intrusive=tuple(record.get("intrusive", ())),
        repetitions=record.get("repetitions", 1),
        decision_rule=DecisionRule(record.get("decision_rule", DecisionRule.SIMPLE)),
    )


def _untestable(record: Record) -> Untestable:
    return Untestable(record["requirement"], record.get("device", ""), record.get("reason", ""))


def _sample(record: Record) -> SampleRecord:
    return SampleRecord(
        record["population"], record["N"], record["n"], record["rule"], tuple(record.get("drawn", ()))
    )


def site_of(record: Record) -> SiteInfo:
    """Read ``site.json``."""
    laboratory = record.get("laboratory") or {}
    return SiteInfo(
        id=record["id"],
        name=record["name"],
        address=record.get("address", ""),
        time_zone=record.get("time_zone", "UTC"),
        parties=record.get("parties", {}),
        attributes=record.get("attributes", {}),
        emulated=bool(record["emulated"]),
        devices={key: _device(key, value) for key, value in record.get("devices", {}).items()},
        laboratory={"name": laboratory} if isinstance(laboratory, str) else laboratory,
        instruments=tuple(record.get("instruments", ())),
        overlays=tuple(str(name) for name in record.get("overlays", ())),
    )


def _device(key: str, record: Record) -> DeviceInfo:
    known = ("name", "kind", "model", "location", "parent", "system")
    return DeviceInfo(key, **{name: str(record.get(name) or "") for name in known})
