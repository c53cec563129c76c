# SPDX-License-Identifier: Apache-2.0
"""The smallest number of reads that covers all watches of a bus. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yanshou.protocols.modbus import Area

# Reading a short gap is cheaper than a second request: on RTU that costs about 20 characters.
_BRIDGED_BITS = 128
_BRIDGED_REGISTERS = 8


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``count`` points of a unit from ``address`` (base 0)."""

    unit: int
    area: Area
    address: int
    count: int

    @property
    def end(self) -> int:
        """The address after the last point."""
        return self.address + self.count

    def holds(self, other: Span) -> bool:
        """Whether all points of ``other`` are within this span."""
        same = (self.unit, self.area) == (other.unit, other.area)
        return same and self.address <= other.address and other.end <= self.end


def most(area: Area, max_read: Mapping[str, int]) -> int:
    """The most points one read of ``area`` may ask for: the profile's limit, at most that of the standard."""
    return min(area.most, max_read.get(area.value, area.most))


def merge(
    spans: Iterable[Span], max_read: Mapping[str, int], whole: frozenset[tuple[int, Area]]
) -> list[Span]:
    """Cover ``spans`` with few reads, each within ``max_read``.

    ``whole`` names the (unit, area) pairs that refused a read across unused addresses: there only adjacent
    spans are merged.
    """
    merged: list[Span] = []
    for span in sorted(set(spans)):
        last = merged[-1] if merged else None
        if last is not None and _joinable(last, span, max_read, whole):
            count = max(last.end, span.end) - last.address
            merged[-1] = Span(last.unit, last.area, last.address, count)
        else:
            merged.append(span)
    return merged


def _joinable(
    last: Span, span: Span, max_read: Mapping[str, int], whole: frozenset[tuple[int, Area]]
) -> bool:
    if (last.unit, last.area) != (span.unit, span.area):
        return False
    bridged = _BRIDGED_BITS if span.area.is_bits else _BRIDGED_REGISTERS
    hole = 0 if (span.unit, span.area) in whole else bridged
    length = max(last.end, span.end) - last.address
    return span.address - last.end <= hole and length <= most(span.area, max_read)
