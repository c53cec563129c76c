# SPDX-License-Identifier: Apache-2.0
"""A walk-through gate by its contacts: a relay presents the test object, an input shows the alarm."""

from __future__ import annotations

from yanshou.drivers.capabilities import ContactInput, ContactOutput
from yanshou.model import Instant


class ContactGate:
    """An ``InspectionGate``."""

    def __init__(self, passing: ContactOutput, alarm: ContactInput) -> None:
        self._passing = passing
        self._alarm = alarm

    def pass_object(self) -> Instant:
        return self._passing.operate()

    def end_pass(self) -> Instant:
        return self._passing.release()

    def wait_alarm(self, *, since: Instant, within: float) -> Instant | None:
        return self._alarm.wait_active(since=since, within=within)
