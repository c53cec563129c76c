# SPDX-License-Identifier: Apache-2.0
"""What describes one kind of defect, for the vocabularies of all sides of the emulated site."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yanshou.model import DeviceKind


class Value(StrEnum):
    """The form of the ``value`` of a fault."""

    NONE = "nothing"
    NUMBER = "a number"
    COUNT = "a whole number from 1"
    COUNT_OR_NONE = "a whole number from 1, or nothing"
    SPAN = "a number of seconds, or [least, most] to draw from"
    DEVICE = "the id of a device"
    CHANNEL = "the number of a channel from 0"
    TERMINAL = "a relay of the bench, such as RELAY-1/3"
    HABITS = "habits of devices, divided by commas"
    ANY = "as the kind says"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of defect: what it does, on which kinds of device, with which value.

    ``beside``: what the device does is shown at others of its panel or controller, too.
    """

    does: str
    on: frozenset[DeviceKind]
    value: Value = Value.NONE
    beside: bool = False
