# SPDX-License-Identifier: Apache-2.0
"""The running numbers of a log: in registers they count to 65 535 and begin anew at 1.

A log that was erased, or whose device was restarted, may begin anew at any number: which records came since
is then not known.
"""

from __future__ import annotations

from typing import Final

from yanshou.model import RigFault

MOST: Final = 0xFFFF
_MOST_NEW: Final = 5_000  # records after a known one; more were not made in one test


def numbers_after(number: int, newest: int) -> list[int]:
    """The running numbers after ``number`` up to ``newest``, in the order of the events.

    RigFault if the log began anew.
    """
    if newest >= number:
        return list(range(number + 1, newest + 1))
    if number > MOST or newest + MOST - number > _MOST_NEW:
        raise RigFault(
            f"the records of the log were numbered to {number}, and now to {newest}: it began anew.",
            remedy="Find out what erased the log or restarted the device, and measure again.",
        )
    return [one % MOST or MOST for one in range(number + 1, newest + MOST + 1)]


def numbers_from(oldest: int, newest: int) -> list[int]:
    """The running numbers from ``oldest`` to ``newest``; none where ``oldest`` is 0: the log is empty."""
    if not oldest:
        return []
    if newest >= oldest:
        return list(range(oldest, newest + 1))
    if oldest > MOST:
        raise RigFault(f"the log begins with record {oldest} and ends with record {newest}.")
    return [one % MOST or MOST for one in range(oldest, newest + MOST + 1)]
