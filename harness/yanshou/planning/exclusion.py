# SPDX-License-Identifier: Apache-2.0
"""What an item of a run needs for itself, and which items therefore exclude each other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Final

EVERYTHING: Final = "*"
"""Held, watched or disturbed by an item of which nothing narrower is known."""
BENCH: Final = "bench"
"""All that is wired to the relays: it is worked one item after the other, whatever sounds or opens there."""
PERSON: Final = "person"
"""A person takes one step after the other."""
_LOOSE: Final = frozenset({BENCH, PERSON, EVERYTHING})


class Lane(Enum):
    """A lane beside that of the bench."""

    VIDEO = "video"
    DOORS = "doors"


@dataclass(frozen=True, slots=True)
class Needs:
    """What an item holds alone, what must be quiet while it runs, and what it disturbs.

    Each is a set of names: ids of devices, hosts, ``BENCH``, ``PERSON``, or ``EVERYTHING``. ``tests``: the
    names of what it tests; what tests the same keeps the order of the plan. ``lane``: where it may be done
    beside the bench, since it needs neither a person nor what the bench has then. ``together``: the
    watch that serves several items and is made with the first of them.
    """

    holds: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    disturbs: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()
    lane: Lane | None = None
    together: str = ""

    def excludes(self, other: Needs) -> bool:
        """Whether the two must not be done at the same time."""
        return (
            _meet(self.holds, other.holds)
            or _meet(self.disturbs, other.quiet)
            or _meet(other.disturbs, self.quiet)
        )


def named(needs: Needs) -> frozenset[str]:
    """The names of devices that the item holds."""
    return needs.holds - _LOOSE


def _meet(some: Collection[str], others: Collection[str]) -> bool:
    if not some or not others:
        return False
    return EVERYTHING in some or EVERYTHING in others or not set(some).isdisjoint(others)
