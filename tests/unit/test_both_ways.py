# SPDX-License-Identifier: Apache-2.0
"""The comparison of a run one by one with one side by side sees what differs, and counts each watch once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.bench_visit import waited
from tests.benchmarks.both_ways import BothWays, OneWay


def ran(*events: Mapping[str, Any]) -> OneWay:
    """A run whose journal has these lines."""
    one = OneWay(Path("run"))
    vars(one)["events"] = list(events)
    return one


def finding(device: str, verdict: str, u: float | None = None) -> Mapping[str, Any]:
    named = {"requirement": "IAS-RT-01", "measurand": "alarm_response_time", "device": device}
    return {"kind": "finding", **named, "verdict": verdict, "U": u}


def held(zone: str, beside: Sequence[str], measurand: str = "no_self_reset") -> Mapping[str, Any]:
    value = {"beside": beside}
    item = f"{measurand}[{zone}]"
    return {"kind": "observation", "what": "alarm held", "item": item, "via": zone, "value": value}


def ended(item: str, outcome: str = "done", mono: float = 0.0) -> Mapping[str, Any]:
    return {"kind": "item_finished", "item": item, "outcome": outcome, "mono": mono}


def test_another_verdict_and_a_finding_of_one_run_alone_are_told() -> None:
    both = BothWays(
        ran(finding("Z01", "conform"), finding("Z02", "conform"), finding("Z03", "conform")),
        ran(finding("Z01", "conform"), finding("Z02", "non_conform")),
    )
    assert [line.split(":")[0][-3:] for line in both.differing()] == ["Z02", "Z03"]


def test_the_verdict_of_the_last_attempt_counts() -> None:
    both = BothWays(
        ran(finding("Z01", "not_tested"), finding("Z01", "conform")), ran(finding("Z01", "conform"))
    )
    assert both.differing() == []


def test_a_wider_u_is_told_by_measurand() -> None:
    both = BothWays(ran(finding("Z01", "conform", 0.1)), ran(finding("Z01", "conform", 0.2)))
    assert both.u_ratios() == {"alarm_response_time": pytest.approx(2.0)}
    assert both.u_ratio() == pytest.approx(2.0)


def test_what_was_watched_together_is_waited_for_once() -> None:
    zones = [held("Z01", ()), held("Z02", ("Z03",)), held("Z03", ("Z02",))]
    assert waited(ran(*zones), 20.0) == 2 * 30.0
    alone = [held(zone, ()) for zone in ("Z01", "Z02", "Z03")]
    assert waited(ran(*alone), 20.0) == 3 * 30.0


def test_a_stream_is_waited_for_by_both_readers_and_again_when_it_fell_short() -> None:
    items = [ended(f"live_frame_rate[CAM-{n}]") for n in range(5)]
    assert waited(ran(*items), 20.0) == 5 * 2 * 3.0
    seen = [
        {"kind": "observation", "what": "stream beside others", "item": one["item"], "via": ""}
        for one in items[:4]
    ]
    assert waited(ran(*items, *seen), 20.0) == (2 + 1) * 2 * 3.0, "two rounds, and one camera again alone"


def test_the_time_between_two_sessions_is_none_of_the_run() -> None:
    begun = [{"kind": "item_started", "item": "a", "mono": at} for at in (0.0, 1000.0)]
    session = {"kind": "session_started"}
    lines = [session, begun[0], ended("a", "rig_fault", 5.0), session, begun[1], ended("a", "done", 1002.0)]
    one = ran(*lines)
    assert one.seconds == 7.0
    assert one.faulty == []
    assert ran(*lines[:3]).faulty == ["a"]
