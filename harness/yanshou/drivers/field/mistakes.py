# SPDX-License-Identifier: Apache-2.0
"""Mistakes at the line of the site's files that defines a device."""

from __future__ import annotations

from yanshou.model import Device
from yanshou.model.trouble import Mistake


def mistake_of(device: Device, what: str, remedy: str) -> Mistake:
    """A mistake with ``what`` and ``remedy`` at the line of ``device``."""
    path, _, line = device.place.rpartition(":")
    if not line.isdecimal():
        return Mistake(device.place, None, f"{device.id}: {what}", remedy)
    return Mistake(path, int(line), f"{device.id}: {what}", remedy)
