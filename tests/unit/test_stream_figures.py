# SPDX-License-Identifier: Apache-2.0
"""The pictures of delays and frame intervals: what a reader must be able to find in them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from yanshou.evaluation.delay import histogram
from yanshou.model import Limit
from yanshou.reports.messages import Messages
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.kinds import DRAWERS
from yanshou.reports.plots.style import saved, style

DELAYS = histogram([0.10 + 0.001 * number for number in range(40)], 0.004)
INTERVALS: dict[str, Any] = {
    "kind": "frame_intervals",
    "at_s": [0.04, 0.08, 0.20, 0.24],
    "gap_ms": [40.0, 40.0, 120.0, 40.0],
    "step_ms": [40.0, 40.0, 40.0, 40.0],
    "lost": [],
}


def drawn(data: dict[str, Any], limit: Limit | None = None, language: str = "zh") -> str:
    row: Any = SimpleNamespace(requirement=SimpleNamespace(limit=limit))
    with style():
        figure = DRAWERS[str(data["kind"])](data, Canvas(Messages(language), Path, row))
        return saved(figure, "svg").decode()


def test_percentiles_trials_and_the_share_of_the_reader_are_told():
    text = drawn(DELAYS)
    for wording in ("P50 119.0", "P95 137.0", "P99 139.0", "n = 40", "其中读取与解码 4.0 ms"):
        assert wording in text
    assert text == drawn(DELAYS)


def test_a_near_limit_is_a_line_and_a_far_one_only_told():
    near, far = drawn(DELAYS, Limit("ms", max=150.0)), drawn(DELAYS, Limit("s", max=2.0))
    assert "限值 150" in near
    assert "#c00000" in near
    assert "限值 2000 ms" in far
    assert "#c00000" not in far


def test_no_gap_between_frames_lies_on_the_edge_of_the_axis():
    even = {**INTERVALS, "gap_ms": [40.0] * 4}
    for data in (INTERVALS, even, {**INTERVALS, "gap_ms": [40.0, 40.02, 39.98, 40.0]}):
        row: Any = SimpleNamespace(requirement=None)
        with style():
            figure = DRAWERS["frame_intervals"](data, Canvas(Messages("zh"), Path, row))
        low, high = figure.axes[0].get_ylim()
        seen = [*data["gap_ms"], *data["step_ms"]]
        assert low + 0.05 * (high - low) < min(seen)
        assert max(seen) < high - 0.05 * (high - low)


def test_frames_that_came_in_part_are_marked():
    assert "到达不完整" not in drawn(INTERVALS)
    assert "到达不完整" in drawn({**INTERVALS, "lost": [0.2]})
    assert "by RTP time" in drawn(INTERVALS, language="en")


def test_what_is_declared_and_sent_stand_side_by_side_and_a_difference_is_framed():
    rows: list[list[Any]] = [
        ["codec", "h264", "h264", True],
        ["size", "1920×1080", "1280×720", False],
        ["gop", "", "25", None],
    ]
    text = drawn({"kind": "declared_stream", "rows": rows})
    for wording in ("ONVIF 声明", "码流实际", "分辨率", "1920×1080", "1280×720", "≠"):
        assert wording in text
    assert text.count("#c00000") > drawn({"kind": "declared_stream", "rows": rows[:1]}).count("#c00000")
    assert "key frame interval" in drawn({"kind": "declared_stream", "rows": rows}, language="en")
