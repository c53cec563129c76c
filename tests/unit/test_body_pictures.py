# SPDX-License-Identifier: Apache-2.0
"""The test body's pictures beside the assessor's score: which verdict is right, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from tests.support.body_pictures import LAYOUT, Truth, corners, drawn
from tests.support.judging import requirement
from yanshou.evaluation.body import BodyShot, Criteria, ImageClass, PlacedBody
from yanshou.fixtures.body_pictures import BodyPictures
from yanshou.imaging.body_score import FeatureScore
from yanshou.instruments.body_layout import read_layout
from yanshou.instruments.registry import Instrument
from yanshou.metrology import Conditions, judge
from yanshou.model import Limit, RigFault, Verdict
from yanshou.model.demand import ClassDemand
from yanshou.reports.messages import Messages
from yanshou.reports.plots.body_pictures import draw
from yanshou.reports.plots.canvas import Canvas

NAME = "xray_image_class_met"
DEMAND = ClassDemand(NAME, "II", ("thin", "coarse"), ("1", "2"), document="paper")
CRITERIA = Criteria(5.0, 10.0, 0.2, 0.02)
BOTH = frozenset({"thin", "coarse"})
RANDOM = np.random.default_rng(5)


def shot(
    position: str,
    seen: frozenset[str] | None = BOTH,
    shown: Sequence[str] = ("thin", "coarse"),
    fault: str = "",
    luma: Any = None,
) -> BodyShot:
    scores = {one: FeatureScore(one, one in shown, 9.0) for one in DEMAND.objects}
    picture = RANDOM.integers(0, 255, (64, 64)).astype(np.uint8) if luma is None else luma
    return BodyShot(position, seen, picture, {} if fault else scores, fault)


def judged(*shots: BodyShot) -> tuple[Verdict, str]:
    found = ImageClass(DEMAND, shots, LAYOUT).measurement(NAME, "XR-1")
    row = replace(requirement(Limit("1", equals=True)), measurand=NAME)
    decision = judge(found, row, Conditions())
    return decision.verdict, f"{decision.reason} {found.details['because']}"


THIN = frozenset({"thin"})
SAME = RANDOM.integers(0, 255, (64, 64)).astype(np.uint8)


@pytest.mark.parametrize(
    ("shots", "right", "expected"),
    [
        ([shot("1"), shot("2")], Verdict.CONFORM, "paper"),
        ([shot("1"), shot("2", THIN)], Verdict.NON_CONFORM, "评分人未见：位置 2 的 coarse"),
        ([shot("1"), shot("2", THIN, ["thin"])], Verdict.NON_CONFORM, "位置 2"),
        ([shot("1"), shot("2", THIN)], Verdict.NON_CONFORM, "而导出图像上可见：位置 2 的 coarse"),
        ([shot("1", BOTH, ["thin"]), shot("2")], Verdict.CONDITIONAL_CONFORM, "不可见：位置 1 的 coarse"),
        ([shot("1"), shot("2", None)], Verdict.NOT_TESTED, "未检：位置 2 的 thin"),
        ([shot("1", THIN), shot("2", None)], Verdict.NON_CONFORM, "未检"),
        ([shot("1"), shot("2", fault="饱和")], Verdict.INVALID, "位置 2：饱和"),
        ([shot("1", THIN), shot("2", fault="饱和")], Verdict.NON_CONFORM, "评分人未见"),
        ([shot("1", luma=SAME), shot("2", luma=SAME.copy())], Verdict.INVALID, "同一幅"),
    ],
)
def test_the_picture_can_only_take_away(shots: list[BodyShot], right: Verdict, expected: str) -> None:
    verdict, text = judged(*shots)
    assert (verdict, expected in text) == (right, True), text


def test_without_a_drawing_the_report_says_that_only_a_person_scored() -> None:
    plain = [replace(shot(one), scores={}) for one in ("1", "2")]
    found = ImageClass(DEMAND, plain, None).measurement(NAME, "XR-1")
    assert found.value is True
    assert "只有评分人的结论" in found.deviations[0]


def test_what_could_not_be_scored_is_told() -> None:
    one = shot("1")
    scores = {**one.scores, "thin": FeatureScore("thin", None, gate="过小")}
    found = ImageClass(DEMAND, [replace(one, scores=scores), shot("2")], LAYOUT).measurement(NAME, "XR-1")
    assert found.deviations == ("未由软件评分：位置 1 的 thin",)


# -- what is asked, and what is refused


class Noted:
    def __init__(self) -> None:
        self.closed: list[str] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.invalid, self.unproven = self.closed.append, self.open.append
        self.deviation = self.said.append

    def cannot(self, reason: str) -> None:
        raise RigFault(reason, final=True)

    def evidence(self, data: bytes, *_: object) -> str:
        assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE) is not None
        return "sha"


def asked(**answers: Any) -> Any:
    reply = lambda message, key="", **_: answers[key or message]  # noqa: E731
    return SimpleNamespace(text=reply, picture=reply)


def pictures(ask: Any, **attributes: object) -> tuple[BodyPictures, Noted]:
    noted = Noted()
    record: Any = noted
    device: Any = SimpleNamespace(attributes=attributes)
    body = Instrument("BODY-A", "xray_test_body", "body", serial="TB-A-207")
    return BodyPictures(ask, record, device, body, LAYOUT), noted


@pytest.mark.parametrize(
    ("stated", "known", "closed", "left_open"),
    [
        ("XR5030-0117", "XR5030-0117", 0, 0),
        ("XR5030-0118", "XR5030-0117", 1, 0),
        ("无", "XR5030-0117", 0, 1),
        ("XR5030-0117", "", 0, 1),
    ],
)
def test_a_picture_of_other_equipment_is_no_evidence(
    stated: str, known: str, closed: int, left_open: int
) -> None:
    found, noted = pictures(asked(**{"image.serial": stated, "image.body": "TB-A-207"}), serial=known)
    found.whose()
    assert (len(noted.closed), len(noted.open)) == (closed, left_open)


def test_another_body_than_the_one_of_the_plan_is_no_evidence() -> None:
    found, noted = pictures(asked(**{"image.serial": "X-1", "image.body": "TB-B-1"}), serial="X-1")
    found.whose()
    assert "TB-B-1" in noted.closed[0]


def test_a_picture_in_pseudo_colour_is_told() -> None:
    truth = Truth({"thin": 60.0})
    grey = drawn(truth)
    coloured = cv2.imencode(".png", cv2.applyColorMap(grey, cv2.COLORMAP_JET))[1].tobytes()
    for picture, reported in ((coloured, 1), (cv2.imencode(".jpg", grey)[1].tobytes(), 0)):
        answers = {"picture.1": picture, "corners.1": marked(truth), "seen.1": "0"}
        found, noted = pictures(asked(**answers))
        found.shot("1", DEMAND, CRITERIA)
        assert len(noted.said) == reported


def exported(truth: Truth) -> bytes:
    return cv2.imencode(".png", drawn(truth))[1].tobytes()


def marked(truth: Truth) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in corners(truth))


@pytest.mark.parametrize(("depth", "right"), [(60.0, True), (0.0, False)])
def test_an_exported_picture_is_scored_by_its_corners(depth: float, right: bool) -> None:
    truth = Truth({"thin": depth, "coarse": depth})
    answers = {"picture.1": exported(truth), "corners.1": marked(truth), "seen.1": "thin, coarse"}
    found = pictures(asked(**answers))[0].shot("1", DEMAND, CRITERIA)
    assert (found.seen, found.fault, found.crop) == (BOTH, "", "sha")
    assert {found.scores[name].visible for name in BOTH} == {right}


def test_a_score_of_something_that_is_not_on_the_body_is_refused() -> None:
    found, _ = pictures(asked(**{"seen.1": "thin, coarce"}))
    with pytest.raises(RigFault, match="coarce"):
        found.shot("1", DEMAND, CRITERIA)


def test_a_saturated_picture_has_a_fault() -> None:
    truth = Truth({}, body=262.0)
    body = PlacedBody(LAYOUT, drawn(replace(truth, air=200.0)).astype(float), corners(truth))
    found = BodyShot.scored("1", BOTH, body, drawn(truth), CRITERIA)
    assert "饱和" in found.fault


def test_the_figure_shows_each_position_with_both_scores(tmp_path: Path) -> None:
    (tmp_path / "sha").write_bytes(exported(Truth({})))
    shots = [replace(shot("1", BOTH, ["thin"]), crop="sha"), shot("2", None, fault="饱和")]
    data: Any = ImageClass(DEMAND, shots, LAYOUT).measurement(NAME, "XR-1").details["figure"]
    figure = draw(data, Canvas(Messages("en"), lambda name: tmp_path / name, SimpleNamespace()))  # type: ignore[arg-type]
    first, second = figure.axes
    assert first.get_xlabel() == "thin ●●  coarse ●○"
    assert (len(first.images), len(first.patches)) == (1, 2)
    assert second.get_xlabel() == "thin ––  coarse ––"


# -- the drawing of a body

DRAWING = """width = 140.0
height = 90.0
[[wire]]
name = "thin"
start = [10.0, 30.0]
end = [55.0, 30.0]
diameter = 0.3
free = [70.0, 10.0, 130.0, 50.0]
[[lines]]
name = "coarse"
area = [34.0, 45.0, 56.0, 65.0]
lines = 4
pitch = 4.0
first = 39.0
along = "x"
[[step]]
name = "step"
area = [70.0, 60.0, 90.0, 85.0]
beside = [90.0, 60.0, 110.0, 85.0]
"""


def mistakes(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "body.toml"
    path.write_text(text, "utf-8")
    layout, found = read_layout(path)
    if not found:
        assert layout.features == tuple(
            one for one in LAYOUT.features if one.name in {"thin", "coarse", "step"}
        )
    return [f"{one.line}: {one.what}" for one in found]


def test_a_drawing_is_read(tmp_path: Path) -> None:
    assert mistakes(tmp_path, DRAWING) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("end = [55.0, 30.0]", "end = [55.0, 31.0]", "not parallel"),
        ("end = [55.0, 30.0]", "end = [155.0, 30.0]", "outside the body"),
        ("free = [70.0, 10.0, 130.0, 50.0]", "free = [70.0, 50.0, 130.0, 10.0]", "is empty"),
        ("lines = 4", "lines = 1", "no number of lines"),
        ("first = 39.0", "first = 36.0", "one pitch beside"),
        ('name = "step"', 'name = "thin"', "two of one name"),
        ('along = "x"', 'along = "z"', "along"),
        ("diameter = 0.3\n", "", "diameter"),
        ("height = 90.0\n", "", "height"),
    ],
)
def test_a_drawing_with_a_mistake_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert any(expected in one for one in mistakes(tmp_path, DRAWING.replace(old, new)))
