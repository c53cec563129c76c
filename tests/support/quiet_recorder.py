# SPDX-License-Identifier: Apache-2.0
"""What a stand-in for a recorder answers where a test does not care."""

from __future__ import annotations

from yanshou.model import Instant
from yanshou.model.recording import RecordedChannel, RecordingSummary, TamperResult


class QuietRecorder:
    """Tells nothing of itself, lets nothing be altered, and records all the time."""

    __slots__ = ()

    def summary(self) -> RecordingSummary | None:
        return None

    def identity(self) -> dict[str, str]:
        return {}

    def tamper(self, channel: RecordedChannel) -> dict[str, TamperResult]:
        return {}

    def is_recording(self, source: str) -> bool:
        return True

    def wait_recording(self, source: str, *, since: Instant, within: float) -> Instant | None:
        return None
