# SPDX-License-Identifier: Apache-2.0
"""Close polling of one bus after a stimulus, until its caller waits for what follows."""

from __future__ import annotations

from typing import Final

from yanshou.acquisition.pauses import LEAST_S, LONGEST_S
from yanshou.model import now

_LATELY_S: Final = 10.0  # longer than a caller takes from reading a device's state to the stimulus
_SHARE: Final = 0.04  # of the time since the stimulus: the caller's wait is a matter of milliseconds


class AfterStimulus:
    """Whether a stimulus was given so lately that its caller may not wait yet.

    Its effect is then seen as closely as if the wait had begun with it. A bus that nobody looked at shortly
    before is left at its own pace: the stimulus goes to another one, and a wait that comes all the same is
    polled closely from its own beginning.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._given = self._looked = float("-inf")

    def looked(self) -> None:
        """Somebody asks or waits for a point of this bus."""
        self._looked = now()

    def begin(self, *, waited: bool) -> bool:
        """A stimulus is about to be given, ``waited``: while somebody waits here; tells whether it counts."""
        moment = now()
        if not waited and moment - self._looked > _LATELY_S:
            return False
        self._given = moment
        return True

    @property
    def lasts(self) -> bool:
        """Whether the points are still to be polled closely."""
        return now() < self._given + self._seconds

    def pause_s(self, polled: float) -> float:
        """The longest pause after the poll received at ``polled`` (``model.now``), while it lasts."""
        return min(LONGEST_S, max(LEAST_S, _SHARE * (polled - self._given)))
