# SPDX-License-Identifier: Apache-2.0
"""The figures of picture quality, from the numbers the measuring side really writes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.chart_pictures import reading
from yanshou.evaluation import image
from yanshou.model import Measurement
from yanshou.reports.messages import Messages
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.kinds import DRAWERS
from yanshou.reports.plots.style import saved, style


@pytest.fixture(scope="module")
def shot() -> image.ChartShot:
    return image.ChartShot("CAM-1", reading(), (), {"item": "esfr_mtf50[CAM-1]"}, "CHART-1")


def drawn(data: Any, language: str = "zh") -> str:
    row: Any = SimpleNamespace(requirement=None)
    with style():
        return saved(DRAWERS[data["kind"]](data, Canvas(Messages(language), Path, row)), "svg").decode()


def in_daylight(shot: image.ChartShot) -> Measurement:
    return image.white_balance(shot, 5000.0)


KINDS = {
    "mtf": (image.esfr_mtf50, ("中心", "空间频率", "MTF50")),
    "grey_steps": (image.grey_steps, ("可分辨灰阶 11 级",)),
    "snr": (image.temporal_snr, ("时域噪声", "固定图形噪声")),
    "delta_e": (in_daylight, ("ΔE00", "深肤色")),
    "distortion": (image.geometric_distortion, ("镜头畸变",)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_measurement_brings_its_figure(kind: str, shot: image.ChartShot) -> None:
    measure, expected = KINDS[kind]
    measurement = measure(shot)
    assert measurement.invalid == ""
    assert measurement.instruments == ("CHART-1",)
    figure = measurement.details["figure"]
    assert figure["kind"] == kind
    text = drawn(figure)
    assert all(word in text for word in expected)
    assert drawn(figure, "en") != text


def test_an_edge_that_was_not_measured_is_crossed(shot: image.ChartShot) -> None:
    figure = image.esfr_mtf50(shot).details["figure"]
    figure["edges"][0] |= {"mtf50": None, "mtf": [], "gate": "clipped"}
    assert "×" in drawn(figure)


def test_without_a_certificate_greys_and_colour_are_indicative() -> None:
    found, _ = image.read_chart(reading().frames)
    bare = image.ChartShot("CAM-1", found, (), {})
    assert "证书" in image.grey_steps(bare).invalid
    assert "证书" in in_daylight(bare).invalid
    assert "色调曲线未知" in image.esfr_mtf50(bare).invalid
    assert "色调曲线未知" in image.horizontal_tvl(bare).invalid


def test_without_a_chart_nothing_is_measured() -> None:
    empty = image.ChartShot("CAM-1", None, ("未找到图卡标记",), {})
    every = (*(measure for measure, _ in KINDS.values()), image.horizontal_tvl, image.pixel_density)
    for measure in (*every, image.edge_centre_ratio, image.resolution_lw_ph):
        measurement = measure(empty)
        assert measurement.value is None
        assert "未找到图卡" in measurement.invalid


def test_the_budget_of_white_balance_is_that_of_these_pictures(shot: image.ChartShot) -> None:
    """Type A are the scatter of greys and of key frames; what is assumed is type B and rectangular."""
    found = in_daylight(shot)
    kinds = {part.name: (part.kind, part.distribution) for part in found.budget}
    assert kinds["scatter of the greys"] == kinds["scatter of the key frames"] == ("A", "t")
    assert all(kind == ("B", "rectangular") for name, kind in kinds.items() if "scatter" not in name)
    assert found.U > 0
    assert any("5000 K 为声明值" in one for one in found.deviations)
