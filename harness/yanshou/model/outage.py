# SPDX-License-Identifier: Apache-2.0
"""Whether a jump of RTP sequence numbers is a gap in one stream or the start of a new numbering.

RFC 3550 A.1 takes a jump beyond ``MAX_DROPOUT`` for a new numbering. An outage of the network jumps as far,
but its time stamps went on as the arrivals did, and its silence was long enough for so many packets.
"""

from __future__ import annotations

from typing import Final

MAX_DROPOUT: Final = 3000  # of RFC 3550 A.1
_HALF_32: Final = 1 << 31
_MANY_TIMES: Final = 4.0  # more packets than usual in so short a silence cannot be missing
_OFF_S, _OFF = 1.0, 0.05  # permitted difference between time stamps and arrivals of one stream
_LEAST_S: Final = 1e-3


def usual_rate(packets: int, seconds: float) -> float:
    """Packets a second over a stretch that may be a single packet long."""
    return packets / max(seconds, _LEAST_S)


def is_outage(jumped: int, ticks: int, silent: float, usual: float, clock_rate: int) -> bool:
    """Whether ``jumped`` numbers, modulo 2^16, are missing packets of one stream.

    ``ticks`` is the step of the RTP time stamps, modulo 2^32 (``clock_rate`` a second), ``silent`` the time
    between the two arrivals in s, ``usual`` the packets a second before.
    """
    step = (ticks + _HALF_32) % (2 * _HALF_32) - _HALF_32
    went_on = step > 0 and abs(step / clock_rate - silent) <= _OFF_S + _OFF * silent
    return went_on and jumped % (1 << 16) <= _MANY_TIMES * usual * silent
