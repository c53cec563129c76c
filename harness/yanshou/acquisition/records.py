# SPDX-License-Identifier: Apache-2.0
"""Requests to the acquisition process and its answers, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yanshou.model import Instant


@dataclass(frozen=True, slots=True)
class Sample:
    """Values read at one time: each was true at some moment of ``instant``."""

    values: tuple[int, ...]
    instant: Instant


@dataclass(frozen=True, slots=True)
class Matches:
    """A condition on one point as data: whether ``value & mask`` is (or, negated, is not) in ``among``."""

    among: frozenset[int]
    mask: int = 0xFFFF
    negated: bool = False

    def __call__(self, value: int) -> bool:
        return ((value & self.mask) in self.among) is not self.negated

    def inverse(self) -> Matches:
        """The opposite condition."""
        return Matches(self.among, self.mask, not self.negated)

    def as_json(self) -> dict[str, object]:
        """Plain data for a pipe."""
        return {"among": sorted(self.among), "mask": self.mask, "negated": self.negated}

    @classmethod
    def of(cls, among: Iterable[int], mask: int = 0xFFFF, *, negated: bool = False) -> Matches:
        """Build one from any collection of values."""
        return cls(frozenset(among), mask, negated)


@dataclass(frozen=True, slots=True)
class Polls:
    """How closely a point was watched: the number of polls and the longest gap between two.

    ``longest_gap_s`` spans from the sending of one question to the receipt of the next answer, in seconds.
    """

    polls: int
    longest_gap_s: float


ON = Matches(frozenset({1}), 1)
OFF = Matches(frozenset({0}), 1)
