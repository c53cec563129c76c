# SPDX-License-Identifier: Apache-2.0
"""Test bodies of X-ray equipment: what can be seen in a picture, and what cannot, by made pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.support.body_pictures import LAYOUT, SIZE, Truth, corners, drawn
from yanshou.imaging.body_layout import BodyWire, LineGroup, PlacedBody
from yanshou.imaging.body_score import Criteria, FeatureScore, score

CRITERIA = Criteria(rose=5.0, section_mm=10.0, dip=0.2, contrast=0.02)
ALL = {"thick": 60.0, "thin": 60.0, "upright": 60.0, "coarse": 40.0, "fine": 40.0, "step": 30.0}


def placed(picture: Any, truth: Truth, moved: float = 0.0) -> PlacedBody:
    first, second, third, last = ((x + moved, y - moved) for x, y in corners(truth))
    return PlacedBody(LAYOUT, np.asarray(picture, float), (first, second, third, last))


def scored(truth: Truth, moved: float = 0.0, picture: Any = None) -> dict[str, FeatureScore]:
    picture = drawn(truth) if picture is None else picture
    return {one.name: one for one in score(placed(picture, truth, moved), CRITERIA)}


def visible(truth: Truth, **more: Any) -> set[str]:
    return {name for name, one in scored(truth, **more).items() if one.visible}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"noise": 1.0},
        {"noise": 12.0},
        {"noise": 4.0, "coarse": 1.5},  # blurred noise: neighbours agree, and look like signal
        {"noise": 3.0, "stripes": 2.0},  # rows of the detector differ, each like a wire
        {"noise": 2.0, "shading": 90.0},
        {"noise": 0.0},
        {"noise": 0.2, "turned": -0.05},
    ],
    ids=str,
)
def test_nothing_is_seen_where_nothing_is(spoilt: dict[str, float]) -> None:
    assert visible(Truth({}, **spoilt)) == set()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "spoilt",
    [{}, {"noise": 0.0}, {"shading": 40.0}, {"turned": -0.05}, {"noise": 1.5, "coarse": 1.0}, {"seed": 7}],
    ids=str,
)
def test_what_is_plain_is_seen(spoilt: dict[str, float]) -> None:
    assert visible(Truth(dict(ALL), **spoilt)) == set(ALL)  # type: ignore[arg-type]


def test_corners_marked_a_pixel_wrong_hide_nothing() -> None:
    assert visible(Truth(dict(ALL)), moved=1.0) == set(ALL)


def test_a_wire_hides_in_noise_and_its_ratio_falls_with_it() -> None:
    ratios = [scored(Truth({"thin": 60.0}, noise=noise))["thin"].ratio or 0.0 for noise in (2.0, 8.0, 40.0)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[0] > 5.0 > ratios[2]


def test_blur_joins_lines_that_are_dark_all_the_same() -> None:
    blurred = scored(Truth(dict(ALL), blur=1.3, noise=0.5))
    assert blurred["coarse"].visible
    assert not blurred["fine"].visible
    assert (blurred["fine"].share or 0.0) < 0.2
    assert blurred["fine"].ratio is not None


def test_lines_of_another_number_are_not_the_group() -> None:
    """Three lines where four are drawn: a pattern that sampling made coarser is no resolution."""
    coarse = next(one for one in LAYOUT.features if one.name == "coarse")
    assert isinstance(coarse, LineGroup)
    truth = Truth({"coarse": 40.0})
    wrong = drawn(truth, (replace(coarse, lines=3, pitch=6.0),))
    assert "coarse" not in visible(truth, picture=wrong)


def test_lines_finer_than_the_pixels_are_not_resolved() -> None:
    finest = next(one for one in LAYOUT.features if one.name == "fine")
    assert isinstance(finest, LineGroup)
    layout = replace(LAYOUT, features=(replace(finest, pitch=1.2),))
    truth = Truth({})
    (found,) = score(replace(placed(drawn(truth), truth), layout=layout), CRITERIA)
    assert found.visible is False


def test_a_wire_that_is_broken_every_few_millimetres_is_not_continuous() -> None:
    thick = next(one for one in LAYOUT.features if one.name == "thick")
    assert isinstance(thick, BodyWire)
    left = thick.start[0]
    pieces = tuple(
        replace(thick, start=(left + place, 15.0), end=(left + place + 4.0, 15.0))
        for place in range(0, 45, 8)
    )
    truth = Truth({"thick": 60.0})
    assert "thick" not in visible(truth, picture=drawn(truth, pieces))


def test_a_lighter_line_is_no_wire() -> None:
    assert visible(Truth({"thick": -60.0, "upright": -60.0})) == set()


def test_shading_makes_no_step_and_hides_none() -> None:
    assert "step" not in visible(Truth({}, shading=120.0, noise=1.0))
    assert "step" in visible(Truth({"step": 30.0}, shading=60.0))


def test_a_step_that_no_eye_sees_is_not_seen_by_counting_pixels() -> None:
    faint = scored(Truth({"step": 1.2}, noise=0.4))["step"]
    assert (faint.ratio or 0.0) > CRITERIA.rose
    assert faint.visible is False


@pytest.mark.parametrize("truth", [Truth(dict(ALL), body=262.0), Truth(dict(ALL), body=-10.0, air=80.0)])
def test_a_saturated_picture_is_not_scored(truth: Truth) -> None:
    assert {one.visible for one in scored(truth).values()} == {None}
    assert all("饱和" in one.gate for one in scored(truth).values())


def test_a_body_in_its_place_has_no_fault() -> None:
    assert placed(drawn(Truth()), Truth()).fault == ""


def test_corners_that_cannot_be_those_of_the_body_are_told() -> None:
    body = placed(drawn(Truth()), Truth())
    first, second, third, last = body.corners
    outside = ((-40.0, 0.0), second, third, last)
    assert "画面之外" in replace(body, corners=outside).fault
    for wrong in ((second, first, last, third), (first, third, second, last), (last, third, second, first)):
        assert "不依次" in replace(body, corners=wrong).fault
    assert "长宽比" in replace(body, corners=(first, second, (third[0], 140.0), (last[0], 140.0))).fault
    assert "过小" in replace(body, corners=((9.0, 9.0), (29.0, 9.0), (29.0, 22.0), (9.0, 22.0))).fault


@pytest.mark.parametrize("moved", [18.0, -18.0])
def test_a_picture_without_a_body_at_the_corners_is_told(moved: float) -> None:
    assert "没有测试体的轮廓" in placed(drawn(Truth()), Truth(), moved).fault
    noise = np.random.default_rng(3).normal(128, 3, SIZE)
    assert "没有测试体的轮廓" in placed(noise, Truth()).fault
