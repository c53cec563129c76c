# SPDX-License-Identifier: Apache-2.0
"""How many pictures of coded frames show something new."""

from __future__ import annotations

from collections.abc import Sequence

from yanshou.drivers.stream.looked import StampedFrame, seen_of
from yanshou.model.stream import Distinct


def distinct_of(
    codec: str,
    frames: Sequence[StampedFrame],
    most: int,
    clock_rate: int,
    parameter_sets: Sequence[bytes] = (),
) -> Distinct | None:
    """How many pictures differ from the one before, of about ``most`` frames, as a session counts them."""
    return seen_of(codec, frames, most, clock_rate, parameter_sets, quantisers=0).distinct
