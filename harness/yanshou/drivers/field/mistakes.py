# SPDX-License-Identifier: Apache-2.0
"""A mistake in the line of a site's files that a device was read from."""

from __future__ import annotations

from yanshou.model import Device
from yanshou.model.trouble import Mistake


def mistake_of(device: Device, what: str, remedy: str) -> Mistake:
    """Put ``what`` and ``remedy`` at the line ``device`` stands on."""
    path, _, line = device.place.rpartition(":")
    if not line.isdecimal():
        return Mistake(device.place, None, f"{device.id}: {what}", remedy)
    return Mistake(path, int(line), f"{device.id}: {what}", remedy)
