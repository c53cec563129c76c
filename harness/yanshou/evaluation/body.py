# SPDX-License-Identifier: Apache-2.0
"""The picture of an X-ray test body: what the assessor saw beside what the exported picture shows.

The assessor's answer is the standard's method. The score of the picture does not replace it: it can only take
away from a verdict for the system.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from yanshou.imaging.body_layout import BodyLayout, BodyWire, LineGroup, PlacedBody, Step
from yanshou.imaging.body_score import Criteria, FeatureScore, score
from yanshou.imaging.copies import Luma, fingerprint, one_picture
from yanshou.imaging.gates import of_place
from yanshou.metrology import logical
from yanshou.model import FigureKind, Measurement, Reservation, Reserve
from yanshou.model.demand import ClassDemand

_SHOWN: Final = 8

__all__ = ["BodyShot", "Criteria", "ImageClass", "PlacedBody"]


@dataclass(frozen=True, slots=True)
class BodyShot:
    """The body at one position: what the assessor saw there (None: not tested), and the picture exported.

    ``fault`` says why the picture is no picture of the body.
    """

    position: str
    seen: frozenset[str] | None
    luma: Luma
    scores: Mapping[str, FeatureScore] = field(default_factory=dict)
    fault: str = ""
    crop: str = ""  # SHA-256 of the picture in the report

    @classmethod
    def scored(
        cls, position: str, seen: frozenset[str] | None, body: PlacedBody, luma: Luma, criteria: Criteria
    ) -> BodyShot:
        """The shot with the score of its picture."""
        if body.fault:
            return cls(position, seen, luma, fault=body.fault)
        scores = {one.name: one for one in score(body, criteria)}
        if scores and all(one.visible is None for one in scores.values()):
            return cls(position, seen, luma, scores, fault=next(iter(scores.values())).gate)
        return cls(position, seen, luma, scores)

    def with_crop(self, crop: str) -> BodyShot:
        """The same with the picture that the report shows."""
        return replace(self, crop=crop)


@dataclass(frozen=True, slots=True)
class ImageClass:
    """All shots of one test, against what the class demands: each feature at each position."""

    demand: ClassDemand
    shots: Sequence[BodyShot]
    layout: BodyLayout | None

    def measurement(self, measurand: str, device: str) -> Measurement:
        """Whether the class is met.

        It is not where the assessor missed a feature. Where he saw one that the picture does not show, the
        verdict is conditional at best; a picture that cannot be of this body proves nothing for the system.
        """
        unseen = [one for one in self._cells() if one[1].seen is not None and one[0] not in one[1].seen]
        left = [one for one in self._cells() if one[1].seen is None]
        conforms = False if unseen else (None if left else True)
        doubted = [one for one in self._cells() if self._doubted(*one)]
        remarks = [f"等级 {self.demand.name}（{self.demand.document}）"]
        remarks += [f"评分人未见：{_listed(unseen)}"] if unseen else []
        remarks += [f"未检：{_listed(left)}"] if left else []
        doubt = f"评分人所见而导出图像上不可见：{_listed(doubted)}"
        more = [one for one in unseen if self._of(*one) is True]
        remarks += [f"评分人未见而导出图像上可见：{_listed(more)}"] if more else []
        return logical(
            measurand,
            device,
            conforms=conforms,
            n=sum(one.seen is not None for one in self.shots),
            invalid="" if conforms is False else self._unsound(),
            reservations=(Reservation(Reserve.UNPROVEN, doubt),) if doubted else (),
            deviations=self._unscored(),
            details={"because": "；".join(remarks), "figure": self._figure()},
        )

    def _cells(self) -> list[tuple[str, BodyShot]]:
        return [(name, shot) for shot in self.shots for name in self.demand.objects]

    @staticmethod
    def _of(name: str, shot: BodyShot) -> bool | None:
        return None if shot.fault or name not in shot.scores else shot.scores[name].visible

    def _doubted(self, name: str, shot: BodyShot) -> bool:
        return shot.seen is not None and name in shot.seen and self._of(name, shot) is False

    def _unsound(self) -> str:
        """Why the pictures are no evidence: one is not of the body, or two are one."""
        faults = [
            of_place(f"位置 {one.position}", f"position {one.position}", one.fault)
            for one in self.shots
            if one.fault
        ]
        prints = [(one.position, fingerprint(one.luma)) for one in self.shots]
        faults += [
            f"位置 {one} 与位置 {other} 的导出图像是同一幅 / one picture for two positions"
            for (one, first), (other, second) in combinations(prints, 2)
            if one_picture(first, second)
        ]
        return "；".join(faults)

    def _unscored(self) -> tuple[str, ...]:
        if self.layout is None:
            return ("台账未给出测试体图样（layout），导出图像未由软件评分，只有评分人的结论",)
        left = [one for one in self._cells() if self._of(*one) is None and not one[1].fault]
        return (f"未由软件评分：{_listed(left)}",) if left else ()

    def _figure(self) -> dict[str, object]:
        layout = self.layout
        boxes = {} if layout is None else {one.name: _box(one) for one in layout.features}
        return {
            "kind": FigureKind.BODY_PICTURES,
            "size": None if layout is None else [layout.width, layout.height],
            "shots": [
                {
                    "position": shot.position,
                    "picture": shot.crop,
                    "features": [
                        {
                            "name": name,
                            "box": boxes.get(name),
                            "seen": None if shot.seen is None else name in shot.seen,
                            "visible": self._of(name, shot),
                            "ratio": shot.scores[name].ratio if name in shot.scores else None,
                        }
                        for name in self.demand.objects
                    ],
                }
                for shot in self.shots
            ],
        }


def _box(feature: BodyWire | LineGroup | Step) -> list[float]:
    if isinstance(feature, BodyWire):
        (x1, y1), (x2, y2) = feature.start, feature.end
        return [min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)]
    return list(feature.area)


def _listed(cells: Sequence[tuple[str, BodyShot]]) -> str:
    listed = [f"位置 {shot.position} 的 {name}" for name, shot in cells]
    more = f" 等 {len(listed)} 项" if len(listed) > _SHOWN else ""
    return "、".join(listed[:_SHOWN]) + more
