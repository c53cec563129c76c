# SPDX-License-Identifier: Apache-2.0
"""Counts camera points measured by instrument with the test chart (GB 50198-2011 5.5.1), from the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from yanshou.model import DeviceKind, Plan, Site

_BY_CHART: Final = frozenset({"horizontal_resolution_tvl", "resolution_lw_ph", "grey_steps", "esfr_mtf50"})


@dataclass(frozen=True, slots=True)
class ChartPoints:
    """Cameras of the site, those the plan measures by chart, and those whose chart gave a valid figure."""

    cameras: int
    planned: int
    measured: int

    @classmethod
    def of(cls, plan: Plan, site: Site, events: Iterable[Mapping[str, Any]]) -> ChartPoints:
        """A figure of an earlier session of the run counts as well: ``events`` are its whole journal."""
        cameras = {one.id for one in site.of_kind(DeviceKind.CAMERA)}
        planned = {item.device for item in plan.items if item.measurand in _BY_CHART} & cameras
        measured = {
            str(event["device"])
            for event in events
            if event.get("kind") == "measurement"
            and event.get("measurand") in _BY_CHART
            and event.get("value") is not None
            and not event.get("invalid")
        }
        return cls(len(cameras), len(planned), len(measured & planned))
