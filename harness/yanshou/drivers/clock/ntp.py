# SPDX-License-Identifier: Apache-2.0
"""A clock that is read by NTP: time servers, and devices that serve time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yanshou.metrology.utc import OffsetBracket
from yanshou.model import Device, RigFault
from yanshou.protocols import ntp


@dataclass(frozen=True, slots=True)
class NtpClock:
    """The clock of a device with an ``ntp`` connection."""

    device: Device

    def offset(self, reference: Callable[[float], float], samples: int = 8) -> OffsetBracket:
        """Server minus ``reference`` by the sample with the least delay, which bounds it (RFC 5905)."""
        at = self.device.connection
        if at is None or at.port is None:
            raise RigFault("has no ntp connection in the site file.", device=self.device.id, final=True)
        timeout = float(str(at.options.get("timeout_s", 2.0)))
        found = ntp.query(
            at.host, at.port, samples, timeout_s=timeout, device=self.device.id, under_test=True
        )
        offset = found.utc - reference(found.at)
        return OffsetBracket(offset - found.U_s, offset + found.U_s, found.samples)
