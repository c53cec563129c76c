# SPDX-License-Identifier: Apache-2.0
"""A wall clock that was moved during a run is told in the report, and nothing else is."""

from __future__ import annotations

from typing import Any

from yanshou.reports.events import clock_jumps


def event(mono: float, utc: str, kind: str = "observation") -> dict[str, Any]:
    return {"kind": kind, "mono": mono, "utc": utc}


def test_a_moved_clock_is_told_once_with_its_size() -> None:
    events = [
        event(10.0, "2026-11-23T01:00:00.000Z", "session_started"),
        event(11.0, "2026-11-23T01:00:01.003Z"),
        event(12.0, "2026-11-23T00:00:02.000Z"),  # an hour back
        event(13.5, "2026-11-23T00:00:03.500Z"),
    ]
    jumps = clock_jumps(events)
    assert [round(by) for _, by in jumps] == [-3600]
    assert jumps[0][0].hour == 0


def test_another_session_counts_from_anew_and_slow_drift_is_no_jump() -> None:
    """The monotonic clock begins anew with the machine; NTP pulls the other one along."""
    events = [event(100.0 + n, f"2026-11-23T01:00:{n:02d}.{n * 9:03d}Z") for n in range(30)]
    events.append(event(3.0, "2026-11-24T08:00:00.000Z", "session_started"))
    events.append(event(4.0, "2026-11-24T08:00:01.000Z"))
    assert clock_jumps(events) == ()
