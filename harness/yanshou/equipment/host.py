# SPDX-License-Identifier: Apache-2.0
"""A host of the system that can be stopped: a platform, a recorder. Its own wire says whether it runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from yanshou.model import Device, now
from yanshou.rig.item_journal import ItemJournal

_ASK_S = 0.5


@dataclass(frozen=True, slots=True)
class Host:
    """``replies`` asks its service once, and says whether it answered."""

    device: Device
    replies: Callable[[], bool]
    item_journal: ItemJournal

    def answers(self) -> bool:
        """Whether its service answers a question now."""
        answered = self.replies()
        self.item_journal.note(
            "observation", what="service answers", via=self.device.id, instant=None, value=answered
        )
        return answered

    def becomes(self, *, answering: bool, within: float) -> bool:
        """Whether its service came to answer, or to be silent, within so many seconds."""
        until = now() + within
        while self.answers() is not answering:
            if now() > until:
                return False
            time.sleep(_ASK_S)
        return True
