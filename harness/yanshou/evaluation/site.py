# SPDX-License-Identifier: Apache-2.0
"""Budgets of readings by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from yanshou.metrology import rectangular
from yanshou.model import Component

_CAPTURE_S: Final = 2e-3  # between the stamps of two packets in a capture of an ordinary computer
_AS_SET: Final = 0.005  # of the value: an electronic shutter keeps its setting


def scaled(component: Component, factor: float) -> list[Component]:
    """The budget of a reading multiplied by ``factor``."""
    return [replace(component, u=component.u * abs(factor))]


def read_off(half_width_px: float) -> list[Component]:
    """The budget of pixels a person reads from a picture, to ``half_width_px``."""
    return [rectangular("reading of the picture", half_width_px, "two ends, read by eye")]


def read_by_eye(half_width: float) -> list[Component]:
    """The budget of a wedge or scale that a person reads on a monitor, to ``half_width`` of its unit."""
    return [rectangular("reading by eye", half_width, "half a graduation")]


def as_set(value: float) -> list[Component]:
    """The budget of a value from the camera's own settings."""
    return [rectangular("setting of the camera", _AS_SET * value, "taken as set")]


def captured() -> list[Component]:
    """The budget of a time between two packets, read from a packet capture, in s."""
    return [rectangular("stamps of the capture", _CAPTURE_S, "two packets, ±1 ms each")]
