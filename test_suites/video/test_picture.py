# SPDX-License-Identifier: Apache-2.0
"""图像质量 — what the test chart in view shows: sharpness, greys, noise, colour, geometry."""

from __future__ import annotations

from typing import Final

from yanshou.fixtures.api import ChartPoints, ChartShot, Phase, Record, evaluate, measures
from yanshou.model import NotApplicable

WITHOUT_CHART: Final = {"chart": "none"}


@measures("esfr_mtf50", seconds=6, not_where=WITHOUT_CHART)
def test_esfr_mtf50(chart: ChartShot, record: Record) -> None:
    """Twenty slanted edges: the spatial frequency at half contrast, over several key frames."""
    record.measurement(evaluate.image.esfr_mtf50(chart))


@measures("horizontal_resolution_tvl", seconds=2, not_where=WITHOUT_CHART)
def test_horizontal_resolution(chart: ChartShot, record: Record) -> None:
    """The upright edges in the middle of the picture: lines per picture height at a tenth of the contrast."""
    record.measurement(evaluate.image.horizontal_tvl(chart))


@measures("resolution_lw_ph", seconds=2, not_where=WITHOUT_CHART)
def test_resolution_lw_ph(chart: ChartShot, record: Record) -> None:
    """The same in the middle and in the corners, horizontal and vertical."""
    record.measurement(evaluate.image.resolution_lw_ph(chart))


@measures("edge_centre_resolution_ratio", seconds=2, not_where=WITHOUT_CHART)
def test_edge_centre_ratio(chart: ChartShot, record: Record) -> None:
    """The worst corner against the middle, same chart, same distance."""
    record.measurement(evaluate.image.edge_centre_ratio(chart))


@measures("grey_steps", seconds=2, not_where=WITHOUT_CHART)
def test_grey_steps(chart: ChartShot, record: Record) -> None:
    """Eleven greys from paper to black: those that differ by more than the noise are counted."""
    record.measurement(evaluate.image.grey_steps(chart))


@measures("temporal_snr", seconds=2, not_where=WITHOUT_CHART)
def test_temporal_snr(chart: ChartShot, record: Record) -> None:
    """A grey field over at least eight different key frames: light over its noise in time."""
    record.measurement(evaluate.image.temporal_snr(chart))


@measures("white_balance_error", seconds=2, not_where=WITHOUT_CHART)
def test_white_balance(chart: ChartShot, chart_light_k: float, record: Record) -> None:
    """The neutral patches: how far from neutral they are shown, in light whose colour somebody states."""
    record.measurement(evaluate.image.white_balance(chart, chart_light_k))


@measures("geometric_distortion", seconds=2, not_where=WITHOUT_CHART)
def test_geometric_distortion(chart: ChartShot, record: Record) -> None:
    """The corners of the squares against straight lines: what the lens moves the picture's corner by."""
    record.measurement(evaluate.image.geometric_distortion(chart))


@measures("objective_test_points", seconds=1, phase=Phase.INTRUSIVE)
def test_objective_points(chart_points: ChartPoints, record: Record) -> None:
    """After all cameras: how many of them the composite chart gave a valid figure of."""
    if not chart_points.planned:
        record.cannot("本方案没有用综合测试卡测量的摄像机")
    fewest = record.criterion("points")  # with fewer cameras than that, all of them are all there is
    if chart_points.measured == chart_points.cameras < fewest:
        raise NotApplicable(f"系统仅有 {chart_points.cameras} 个点位，已全部测量")
    if chart_points.cameras < fewest:
        record.cannot(f"系统仅有 {chart_points.cameras} 个点位，已测 {chart_points.measured} 个，未全部测量")
    record.number(float(chart_points.measured), n=chart_points.planned)
