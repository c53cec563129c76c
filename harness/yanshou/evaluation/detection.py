# SPDX-License-Identifier: Apache-2.0
"""Detectors of metal: counted tries, cell by cell, against what a class demands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yanshou.metrology import clopper_pearson, logical
from yanshou.model import FigureKind, Measurement
from yanshou.model.demand import Cell, ClassDemand
from yanshou.model.reading import Reading

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of ``trials`` alarmed."""

    hits: int
    trials: int

    @classmethod
    def parsed(cls, text: str) -> Counted | None:
        """The count that ``9/10`` writes; None for ``-`` and for no tries: not tested.

        ValueError for more alarms than tries.
        """
        if text.strip() == "-":
            return None
        hits, trials = (int(one) for one in text.split("/"))
        if hits > trials:
            raise ValueError(text)
        return cls(hits, trials) if trials else None

    @property
    def bounds(self) -> tuple[float, float]:
        """The exact bounds of the share, each at 95 %."""
        return clopper_pearson(self.hits, self.trials)

    def __str__(self) -> str:
        low, high = self.bounds
        return f"{self.hits}/{self.trials}（95 %：{low:.2f}…{high:.2f}）"

    def enough(self, wanted: int, of: int) -> bool | None:
        """Whether at least ``wanted`` of ``of`` were hits; None while too few tries leave it open."""
        if self.trials > of:
            return self.hits * of >= wanted * self.trials
        if self.trials - self.hits > of - wanted:
            return False
        return True if self.trials == of else None

    def few(self, most: int, of: int) -> bool | None:
        """Whether at most ``most`` of ``of`` were hits; None while too few tries leave it open."""
        return Counted(self.trials - self.hits, self.trials).enough(of - most, of)


@dataclass(frozen=True, slots=True)
class Detections:
    """What was counted for a class: each cell (None: not tested), the tries without an object.

    ``distances`` are those the objects were at, where the class demands one.
    """

    demand: ClassDemand
    cells: Mapping[Cell, Counted | None]
    blank: Counted | None
    distances: Mapping[str, Reading] = field(default_factory=dict)

    def state(self, cell: Cell) -> bool | None:
        """Whether the cell meets the class; None where it is not tested, or not at the distance asked for.

        What is detected nearer than asked proves nothing for the class, and what is missed farther away
        proves nothing against it.
        """
        counted = self.cells.get(cell)
        if counted is None:
            return None
        met = counted.enough(self.demand.detected, self.demand.passes)
        at = self.distances.get(cell[0])
        if at is None or met is None:
            return met
        asked, U = self.demand.distance_mm(cell[0]), at.U or 0.0
        return (True if at.value >= asked else None) if met else (False if at.value - U <= asked else None)

    @property
    def quiet(self) -> bool | None:
        """Whether it alarmed without an object no more often than the class permits."""
        return None if self.blank is None else self.blank.few(self.demand.false_alarms, self.demand.blanks)

    def measurement(self, measurand: str, device: str) -> Measurement:
        """Whether the class is met: one cell that fails decides; one that is open leaves it not tested."""
        states = {cell: self.state(cell) for cell in self.demand.cells}
        every = [*states.values(), self.quiet]
        conforms = False if False in every else (None if None in every else True)
        counts = [one for one in (*self.cells.values(), self.blank) if one is not None]
        return logical(
            measurand,
            device,
            conforms=conforms,
            n=sum(one.trials for one in counts),
            details={"because": self._because(states), "figure": self._figure(states)},
        )

    def _because(self, states: Mapping[Cell, bool | None]) -> str:
        failed = [f"{'/'.join(cell)} {self.cells[cell]}" for cell, met in states.items() if met is False]
        left = ["/".join(cell) for cell, met in states.items() if met is None]
        blank = "未试" if self.blank is None else str(self.blank)
        remarks = [f"等级 {self.demand.name}（{self.demand.document}）"]
        remarks += [f"未达到：{_listed(failed)}"] if failed else []
        remarks += [f"未试或不足：{_listed(left)}"] if left else []
        remarks += [f"{mark} 置于 {one.value:g} {one.unit}" for mark, one in self.distances.items()]
        remarks.append(f"无测试物时报警 {blank}，允许 {self.demand.false_alarms}/{self.demand.blanks}")
        return "；".join(remarks)

    def _figure(self, states: Mapping[Cell, bool | None]) -> dict[str, object]:
        cells = [
            {
                "row": "/".join((cell[0], *cell[2:])),
                "column": cell[1] if len(cell) > 1 else "",
                "hits": counted.hits if (counted := self.cells.get(cell)) else None,
                "trials": counted.trials if counted else None,
                "met": met,
            }
            for cell, met in states.items()
        ]
        blank = [self.blank.hits, self.blank.trials] if self.blank else None
        return {"kind": FigureKind.DETECTIONS, "cells": cells, "blank": blank, "quiet": self.quiet}


def _listed(names: list[str]) -> str:
    more = f" 等 {len(names)} 项" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more
