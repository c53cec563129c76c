# SPDX-License-Identifier: Apache-2.0
"""The running numbers of a log: in registers they count to 65 535 and begin anew at 1."""

from __future__ import annotations

MOST = 0xFFFF


def numbers_after(number: int, newest: int) -> list[int]:
    """The running numbers after ``number`` up to ``newest``, in the order of the events."""
    if newest >= number:
        return list(range(number + 1, newest + 1))
    return [one % MOST or MOST for one in range(number + 1, newest + MOST + 1)]


def numbers_from(oldest: int, newest: int) -> list[int]:
    """The running numbers from ``oldest`` to ``newest``; none where ``oldest`` is 0: the log is empty."""
    return [oldest, *numbers_after(oldest, newest)] if oldest else []
