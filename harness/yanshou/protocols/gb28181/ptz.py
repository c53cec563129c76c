# SPDX-License-Identifier: Apache-2.0
"""PTZCmd of GB/T 28181 (annex A.3): eight bytes in hexadecimal digits, the last the sum of the others."""

from __future__ import annotations

from typing import Final

MOVES: Final = {"right": 0x01, "left": 0x02, "down": 0x04, "up": 0x08, "in": 0x10, "out": 0x20}
"""The bit of each direction; ``in`` and ``out`` zoom."""
PRESETS: Final = {"set": 0x81, "call": 0x82, "delete": 0x83}
_HEAD: Final = (0xA5, 0x0F, 0x01)  # first byte, version 0 with its check digit, address 1
_MOST: Final = 255
_USUAL: Final = 0x40


def ptz_move(way: str, speed: int = _USUAL) -> str:
    """Move one way (a key of MOVES) at ``speed`` (1 to 255; of zoom its upper four bits count)."""
    turn = (speed if way in ("left", "right") else 0, speed if way in ("up", "down") else 0)
    zoom = max(speed >> 4, 1) << 4 if way in ("in", "out") else 0
    return _written(MOVES[way], *turn, zoom)


def ptz_stop() -> str:
    """Stop every movement."""
    return _written(0, 0, 0, 0)


def ptz_preset(what: str, number: int) -> str:
    """Set, call or delete (a key of PRESETS) preset 1 to 255; ValueError for another number."""
    if not 1 <= number <= _MOST:
        raise ValueError(f"preset {number} is not within 1 to {_MOST}")
    return _written(PRESETS[what], 0, number, 0)


def _written(*rest: int) -> str:
    head = (*_HEAD, *rest)
    return bytes((*head, sum(head) % 256)).hex().upper()
