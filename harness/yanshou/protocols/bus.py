# SPDX-License-Identifier: Apache-2.0
"""A bus: the wire that several devices may share, and the rules every request on it must follow."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from yanshou.wires import WIRES, Wire
from yanshou.wires.modbus import RTU_OVER_TCP

# Modbus over Serial Line V1.02, 2.5.1.1: above 19200 Bd a fixed 1.750 ms instead of 3.5 characters of 11 bits
_FIXED_GAP_S = 1.75e-3
_FIXED_ABOVE_BAUD = 19200
_BITS_PER_CHARACTER = 11
_PSEUDO = "/dev/pts/"


@dataclass(frozen=True, slots=True)
class Bus:
    """One TCP connection or one serial line.

    ``timeout_s`` bounds one answer; ``gap_s`` is a longer silence between RTU frames than the standard asks,
    when the device needs it; ``quiet_s`` is how long an RTU line must stay silent after a missing answer (at
    least ``timeout_s``).  ``max_read`` limits the points of one read by area; ``devices`` names the units.
    """

    protocol: str
    host: str = ""
    port: int = 502
    path: str = ""
    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: int = 1
    timeout_s: float = 0.5
    gap_s: float = 0.0
    quiet_s: float = 0.0
    eol: str = "\r\n"
    max_read: Mapping[str, int] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)  # unit as text -> device id

    def __post_init__(self) -> None:
        if self.protocol not in WIRES or not WIRES[self.protocol].by_profile:
            raise ValueError(f"{self.protocol!r} is no wire of a bus")

    @property
    def wire(self) -> Wire:
        """The wire it is of."""
        return WIRES[self.protocol]

    @property
    def address(self) -> str:
        """``host:port`` or the serial device, as a person would write it."""
        return f"{self.host}:{self.port}" if self.host else self.path

    @property
    def key(self) -> str:
        """Names the bus within a run: it stays the same when a serial adapter is plugged in again."""
        if self.host:
            host = "127.0.0.1" if self.host.lower() == "localhost" else self.host.lower()
            return f"{host}:{self.port}"
        return os.path.normcase(Path(self.path).absolute())

    @property
    def resource(self) -> str:
        """The resource only one run may hold: the serial device itself, whatever links lead to it.

        A pseudo terminal is known by its link: the next program is given its number as soon as it is closed.
        """
        if self.host:
            return self.key
        real = os.path.realpath(self.key)
        link = Path(self.key)
        return str(link.parent.resolve() / link.name) if real.startswith(_PSEUDO) else real

    @property
    def frame_gap_s(self) -> float:
        """Silence in seconds before each RTU request; 0 on Modbus TCP."""
        if not self.wire.framed_by_silence:
            return 0.0
        fixed = self.baud > _FIXED_ABOVE_BAUD or self.wire is RTU_OVER_TCP
        return max(_FIXED_GAP_S if fixed else 3.5 * _BITS_PER_CHARACTER / self.baud, self.gap_s)

    def device(self, unit: int) -> str:
        """The device that answers as ``unit``, with the address, for messages."""
        name = self.devices.get(str(unit))
        return f"{name} ({self.address})" if name else f"{self.address} unit {unit}"

    def as_json(self) -> dict[str, object]:
        """Plain data for a pipe; ``Bus(**data)`` reads it back."""
        return {**asdict(self), "max_read": dict(self.max_read), "devices": dict(self.devices)}
