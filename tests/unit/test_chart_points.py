# SPDX-License-Identifier: Apache-2.0
"""Points measured by chart, counted from the journal."""

from __future__ import annotations

from pathlib import Path

from yanshou.equipment.chart_points import ChartPoints
from yanshou.model import Device, DeviceKind, Plan, PlanItem, Site, System


def made(device, measurand="grey_steps", value=11.0, invalid=""):
    named = {"kind": "measurement", "measurand": measurand, "device": device}
    return {**named, "value": value, "invalid": invalid}


def test_only_valid_figures_of_planned_cameras_count():
    devices = {f"C{n}": Device(f"C{n}", DeviceKind.CAMERA, System.VIDEO, f"C{n}", "M") for n in range(12)}
    site = Site("t", "t", Path(), "UTC", {}, {}, devices)
    items = tuple(PlanItem(f"grey_steps[C{n}]", "grey_steps", f"C{n}", ("R",)) for n in range(3))
    other = PlanItem("live_frame_rate[C4]", "live_frame_rate", "C4", ("R",))
    events = [
        made("C0"),
        made("C0", "esfr_mtf50"),
        made("C1", invalid="压缩过强"),
        made("C2", value=None),
        made("C3"),  # not in the plan
        made("C4", "live_frame_rate"),
        {"kind": "observation", "measurand": "grey_steps", "device": "C1", "value": 1},
    ]
    assert ChartPoints.of(Plan("t", 1, (*items, other)), site, events) == ChartPoints(12, 3, 1)
    assert ChartPoints.of(Plan("t", 1, (other,)), site, events) == ChartPoints(12, 0, 0)
