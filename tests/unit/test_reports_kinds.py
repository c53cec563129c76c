# SPDX-License-Identifier: Apache-2.0
"""The figures that measurements bring along: what is drawn, in words that can be looked for."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.model import Limit
from yanshou.reports.messages import Messages
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.kinds import DRAWERS, kind_figure
from yanshou.reports.plots.style import saved, style

BURST: dict[str, Any] = {
    "kind": "burst",
    "window_s": 0.1,
    "span_s": 0.02,
    "zones": ["Z01", "Z02"],
    "opened": [[0.0, 0.001], [0.01, 0.011]],
    "shown": [[0.2, 0.21], [0.22, 0.23]],
}
CLASSES: dict[str, Any] = {
    "kind": "classes",
    "classes": ["入侵", "紧急", "防拆", "故障"],
    "shown": {"入侵": ["入侵"], "紧急": ["入侵"], "防拆": ["防拆"], "故障": ["故障"]},
}
RIGHTS: dict[str, Any] = {
    "kind": "rights",
    "attempts": [
        {"role": "guard", "function": "设防", "allowed": True, "worked": True, "logged": None},
        {"role": "guard", "function": "旁路", "allowed": False, "worked": True, "logged": None},
    ],
}
PULSES: dict[str, Any] = {"kind": "pulses", "pulses": [[800.0, 801.0, True], [50.0, 51.0, False]]}
CLOCKS: dict[str, Any] = {
    "kind": "clock_offsets",
    "clocks": [["CAM-1", -0.0042, 0.0081], ["ACS-3", 1.0, 1.155]],
    "unread": ["ACS-9"],
}
DRIFT: dict[str, Any] = {"kind": "clock_drift", "looks": [[0.0, 0.25, 0.002], [43_200.0, 1.0, 0.002]]}

DETECTIONS: dict[str, Any] = {
    "kind": "detections",
    "cells": [
        {"row": "OT-1/A", "column": "P1", "hits": 10, "trials": 10, "met": True},
        {"row": "OT-1/A", "column": "P2", "hits": 7, "trials": 10, "met": False},
        {"row": "OT-2/A", "column": "P1", "hits": None, "trials": None, "met": None},
    ],
    "blank": [1, 20],
    "quiet": True,
}


def drawn(data: dict[str, Any], language: str = "zh") -> str:
    row: Any = SimpleNamespace(requirement=SimpleNamespace(limit=Limit("ms", max=400.0)))
    canvas = Canvas(Messages(language), Path, row)
    with style():
        return saved(DRAWERS[data["kind"]](data, canvas), "svg").decode()


@pytest.mark.parametrize(
    "data", [BURST, CLASSES, RIGHTS, PULSES, CLOCKS, DRIFT, DETECTIONS], ids=lambda data: data["kind"]
)
def test_the_same_numbers_give_the_same_bytes(data: dict[str, Any]) -> None:
    assert drawn(data) == drawn(data)


def test_a_lost_zone_is_marked_and_named_in_the_legend() -> None:
    assert "未显示" not in drawn(BURST)
    lost = drawn({**BURST, "shown": [[0.2, 0.21], None]})
    assert "未显示" in lost
    assert "Z02" in lost
    assert "never shown" in drawn({**BURST, "shown": [None, None]}, "en")


def test_a_burst_of_many_zones_names_some_of_them() -> None:
    names = [f"Z{number:03d}" for number in range(256)]
    many = {**BURST, "zones": names, "opened": [[0.0, 0.001]] * 256, "shown": [[0.2, 0.21]] * 256}
    text = drawn(many)
    assert 10 < sum(name in text for name in names) < 60


def test_the_limit_stands_in_the_sweep() -> None:
    assert "限值 400" in drawn(PULSES)


def test_wrong_cells_are_drawn_otherwise_than_right_ones() -> None:
    right = {**CLASSES, "shown": {name: [name] for name in CLASSES["classes"]}}
    assert "#c00000" in drawn(CLASSES)
    assert "#c00000" not in drawn(right)
    assert "#c00000" in drawn(RIGHTS)


def test_numbers_that_are_not_as_wanted_stop_no_report() -> None:
    row: Any = SimpleNamespace(measurement=SimpleNamespace(details={"figure": {"kind": "burst"}}))
    view: Any = SimpleNamespace(blob=Path)
    assert kind_figure(view, row) is not None


def test_every_clock_stands_in_the_figure_with_its_offset_and_uncertainty() -> None:
    picture = drawn(CLOCKS)
    for text in ("CAM-1", "-0.004 ± 0.008 s", "ACS-3", "+1.000 ± 1.155 s", "ACS-9", "未能读取"):
        assert text in picture


def test_a_long_watch_is_drawn_in_hours_and_a_short_one_in_seconds() -> None:
    assert "观察时间 / h" in drawn(DRIFT)
    assert "观察时间 / s" in drawn({**DRIFT, "looks": [[0.0, 0.25, 0.002], [40.0, 0.25, 0.002]]})


def test_each_count_stands_in_its_cell_and_the_false_alarms_below() -> None:
    figure = drawn_figure(DETECTIONS)
    axes = figure.axes[0]
    texts = {text.get_text(): tuple(map(round, text.get_position())) for text in axes.texts}
    assert texts == {"10/10": (0, 0), "7/10": (1, 0), "–": (0, 1)}
    assert "1/20" in axes.get_xlabel()
    assert len(axes.get_lines()) == 1  # the cell that fails is framed


def drawn_figure(data: dict[str, Any]) -> Any:
    row: Any = SimpleNamespace()
    return DRAWERS[data["kind"]](data, Canvas(Messages("en"), Path, row))
