# SPDX-License-Identifier: Apache-2.0
"""The address spaces of Modbus (Modbus Application Protocol V1.1b3, 4.3)."""

from __future__ import annotations

from enum import StrEnum


class Area(StrEnum):
    """The four address spaces of a Modbus device."""

    COIL = "coil"
    DISCRETE = "discrete"
    HOLDING = "holding"
    INPUT = "input"

    @property
    def is_bits(self) -> bool:
        """Whether a point of this area is one bit, not a 16-bit register."""
        return self in (Area.COIL, Area.DISCRETE)

    @property
    def most(self) -> int:
        """How many points one read may ask for by the standard (6.1 to 6.4)."""
        return 2000 if self.is_bits else 125
