# SPDX-License-Identifier: Apache-2.0
"""A wall clock that was moved during a run is told in the report, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.support.run_builder import small_run
from yanshou.reports import load
from yanshou.reports.events import clock_jumps
from yanshou.reports.messages import Messages
from yanshou.reports.results import results
from yanshou.reports.view import span_of_sessions


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


def test_a_clock_set_back_between_two_sessions_is_a_deviation_and_no_time_runs_backwards(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.session()
    run.close("interrupted")
    run.clock -= timedelta(days=2)
    run.session(resumed=True)
    run.close()
    view = load(run.path)
    assert view.started <= view.ended
    answer = results(view)
    assert answer["started"] <= answer["ended"]
    assert span_of_sessions(view) == ()
    (remark,) = [one.text for one in view.deviations if "早 17280" in one.text]
    assert "set back" in Messages("en").said(remark)


def test_a_session_that_follows_in_time_is_no_deviation(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.session()
    run.close("interrupted")
    run.wait(3600)
    run.session(resumed=True)
    run.close()
    view = load(run.path)
    assert view.deviations == ()
    assert len(span_of_sessions(view)) == 1
