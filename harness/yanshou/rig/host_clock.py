# SPDX-License-Identifier: Apache-2.0
"""Checks the host clock with the site's time server before the bench refuses any time stamp.

A receiver whose own clock is wrong refuses right stamps, and its NAK sets the panel's clock wrong.
"""

from __future__ import annotations

from yanshou.model import DeviceKind, RigFault, Site
from yanshou.protocols.ntp import query

_MOST_S = 1.0  # a stamp shows whole seconds


def host_clock_offset(site: Site) -> float | None:
    """Seconds by which this computer is behind the site's time server; None if there is no server to ask.

    RigFault when it is off by more than a second.
    """
    for device in site.of_kind(DeviceKind.TIME_SERVER):
        link = device.connection
        if link is None or link.protocol != "ntp":
            continue
        try:
            offset = query(link.host, link.port or 123, samples=2, device=device.id).offset_s
        except RigFault:
            # time servers have a check of their own; here a failure only leaves the host clock unchecked
            continue
        if abs(offset) > _MOST_S:
            raise RigFault(
                f"this computer's clock is {offset:+.1f} s away from {device.id}.",
                remedy="Set it: else right time stamps are refused, and the panel receives a wrong time.",
                final=True,
            )
        return offset
    return None
