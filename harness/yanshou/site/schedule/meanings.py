# SPDX-License-Identifier: Apache-2.0
"""What a word of the field says of a thing: its kind, that no clause tests it, or nothing sure."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.model import DeviceKind, System

_K = DeviceKind


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word says: a kind with attributes that follow from it.

    Without a kind it is equipment that no clause tests, or, when not ``clear``, a word with several meanings.
    ``within`` are the systems in which the word has this meaning; elsewhere it is unclear.
    """

    kind: DeviceKind | None = None
    attributes: str = ""
    clear: bool = True
    within: frozenset[System] = frozenset()


UNTESTED = Meaning()
UNCLEAR = Meaning(clear=False)

GENERIC = frozenset({"controller", "sensor", "detector", "reader", "panel", "switch"})
"""Words that say less than the name in another language beside them."""
ALARM = frozenset({System.INTRUSION})


def zone_of(detector: str) -> Meaning:
    """A zone with that technology of detector."""
    return Meaning(_K.ZONE, f"detector={detector}")


HOLD_UP = Meaning(_K.ZONE, "type=hold_up")
FOOT_SWITCH = Meaning(_K.ZONE, "type=hold_up; detector=foot_switch")
BARRIER = Meaning(_K.DOOR, "type=barrier")
