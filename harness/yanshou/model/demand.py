# SPDX-License-Identifier: Apache-2.0
"""What a class of a standard demands of a detector, as a laboratory read it in the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

Cell = tuple[str, ...]
"""What is tried together: test object, position, posture."""


@dataclass(frozen=True, slots=True)
class ClassDemand:
    """One class of one measurand.

    ``objects`` are the marks of test objects, or the features of a test body; each is tried at every one of
    ``positions`` in every one of ``postures``, with ``passes`` tries of which ``detected`` have to be
    detected. Of ``blanks`` tries without an object at most ``false_alarms`` may alarm. ``distances_mm`` is
    the distance each object has to be detected at, in the order of the objects. ``document`` says who read
    it, when and where.
    """

    measurand: str
    name: str
    objects: tuple[str, ...]
    positions: tuple[str, ...] = ()
    postures: tuple[str, ...] = ()
    distances_mm: tuple[float, ...] = ()
    passes: int = 1
    detected: int = 1
    blanks: int = 0
    false_alarms: int = 0
    document: str = ""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every object at every position in every posture, in this order."""
        return tuple(product(*(one for one in (self.objects, self.positions, self.postures) if one)))

    def distance_mm(self, mark: str) -> float:
        """The distance at which this object has to be detected, in mm."""
        return self.distances_mm[self.objects.index(mark)]

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> ClassDemand:
        """The demand that a frozen plan holds as plain JSON values."""
        listed = ("objects", "positions", "postures", "distances_mm")
        values: dict[str, Any] = {key: tuple(one) if key in listed else one for key, one in record.items()}
        return cls(**values)
