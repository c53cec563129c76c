# SPDX-License-Identifier: Apache-2.0
"""Loopback calibration: what it yields, what may rest on it, and what its drift takes back."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.metrology import LoopDelay, drift, evaluate_latencies, evaluate_loop
from yanshou.model import (
    Device,
    DeviceKind,
    Finding,
    Instant,
    Latency,
    Loopback,
    Site,
    Statistic,
    System,
    UsageError,
    Verdict,
)
from yanshou.reports.calibrations import UNCHECKED, checked, held
from yanshou.reports.messages import Messages
from yanshou.rig.calibration import Calibration, LoopRecord, compared, keep, require_loops, usable

LOOP = Loopback("RELAY-1/0", "RELAY-1/di7", "NC")
OPENS = ("RELAY-1/0:operate", "RELAY-1/di7:off")
delays = st.lists(st.floats(0.001, 0.02), min_size=100, max_size=140)
POLL_S = 2e-3


def delay(mean: float = 0.008, s: float = 0.0005, half_width: float = 0.0004, n: int = 100) -> LoopDelay:
    return LoopDelay(n, mean, s, mean - 2 * s, mean + 2 * s, half_width)


def record(loop: Loopback = LOOP, utc: str = "2026-11-23T01:00:00.000Z", **more: float) -> LoopRecord:
    return LoopRecord(loop, ("A1", "A1"), utc, {"operate": delay(**more), "release": delay(**more)})


# -- the evaluation -----------------------------------------------------------------------------------------


@given(delays, st.floats(1e-5, 5e-3))
def test_the_mean_of_the_loop_is_always_within_U(truths, half) -> None:
    cycles = [
        Latency(true - half * (n % 3) / 2, true + half * (1 - (n % 3) / 2)) for n, true in enumerate(truths)
    ]
    found = evaluate_loop(cycles)
    assert abs(found.mean - math.fsum(truths) / len(truths)) <= found.budget.U
    assert found.bound >= max(truths)


def test_a_busy_machine_is_told_by_the_bracket_and_not_by_the_delay() -> None:
    quiet = [Latency(0.0079, 0.0081) for _ in range(100)]
    disturbed = [Latency(0.001, 0.030) for _ in range(7)]
    late = [Latency(0.0199, 0.0201)]  # really late: the contact, not the machine
    found = evaluate_loop([*quiet, *disturbed, *late])
    assert (found.n, found.disturbed) == (101, 7)
    assert found.most == pytest.approx(0.0201)


def polled(random_: random.Random, true: float) -> Latency:
    """A written coil and a bit polled every 2 ms, both somewhere inside their exchange."""
    written = Instant(0.0, 0.3e-3)
    at = random_.uniform(0.0, 0.3e-3) + true
    phase = random_.uniform(0.0, POLL_S)
    before = phase + POLL_S * math.floor((at - phase) / POLL_S)
    return (
        Instant(before - random_.uniform(0.0, 0.3e-3), before + POLL_S + random_.uniform(0.0, 0.3e-3))
        - written
    )


def test_corrected_latencies_cover_the_truth() -> None:
    """300 measurements through contacts that differ each time, after a calibration of the same contacts."""
    random_ = random.Random(20261124)
    contacts = lambda: random_.gauss(0.0075, 0.0006)  # noqa: E731 - drawn anew each time
    loop = evaluate_loop([polled(random_, contacts()) for _ in range(100)])
    inside, widths = 0, []
    for _ in range(300):
        true = random_.uniform(0.05, 2.0)
        latency = polled(random_, true + contacts()).corrected(loop.mean)
        found = evaluate_latencies(
            "m", "Z", [latency], Statistic.MAX, components=[*loop.components(), loop.single()]
        )
        assert isinstance(found.value, float)
        inside += abs(found.value - true) <= (found.U or 0.0)
        widths.append(found.U or 0.0)
    assert inside >= 0.95 * 300
    assert max(widths) < 4e-3  # a tenth of what the assumed bounds of 15 ms and 10 ms would leave


@given(st.floats(-0.01, 0.01), st.floats(1e-5, 2e-3), st.floats(1e-5, 2e-3))
def test_drift_is_symmetric_and_grows_with_the_difference(moved, s, half) -> None:
    before, after = delay(s=s, half_width=half), delay(0.008 + moved, s, half)
    there, back = drift(before, after), drift(after, before)
    assert there.difference == pytest.approx(-back.difference)
    assert there.void is back.void
    assert there.permitted == pytest.approx(3 * math.hypot(before.budget.u_c, after.budget.u_c))
    assert there.void is (abs(there.difference) > there.permitted)


# -- what rests on it ---------------------------------------------------------------------------------------


def through(path: tuple[str, str], bound: float = 0.025) -> Latency:
    return Latency(0.275, 0.310, path, bound)


def test_the_delay_is_taken_off_only_on_the_very_path() -> None:
    calibration = Calibration((record(),))
    own = calibration.corrected([through(OPENS)])
    assert own.latencies[0].middle == pytest.approx((0.300 + 0.310) / 2 - 0.008)
    assert {term.name for term in own.components} == {
        "loopback delay, mean",
        "loopback delay, bracket",
        "contacts, one operation",
    }
    others = [
        ("RELAY-1/0:release", "RELAY-1/di7:off"),
        ("RELAY-1/0:operate", "RELAY-1/di6:off"),
        ("RELAY-1/1:operate", "RELAY-1/di7:off"),
        ("RELAY-1/0:operate", ""),
    ]
    for path in others:
        assert calibration.corrected([through(path)]).latencies == [through(path)]
        assert not calibration.corrected([through(path)]).components


def test_another_path_rests_on_the_loop_by_its_bound() -> None:
    calibration = Calibration((record(),))
    assert calibration.bounds["RELAY-1/0:operate"] == delay().bound
    assert calibration.corrected([through(("RELAY-1/0:operate", ""))]).rests_on == (LOOP.name,)
    assert calibration.corrected([through(("RELAY-1/5:operate", ""))]).rests_on == ()


def test_the_contact_decides_which_edge_of_the_input_follows() -> None:
    closes = Calibration((record(replace(LOOP, contact="NO")),))
    assert closes.corrected([through(("RELAY-1/0:operate", "RELAY-1/di7:on"))]).components
    assert not closes.corrected([through(OPENS)]).components


# -- what a run takes ---------------------------------------------------------------------------------------


def site(folder: Path, serial: str = "A1") -> Site:
    attributes = {"serial": serial} if serial else {}
    board = Device(
        "RELAY-1", DeviceKind.RELAY_BOARD, System.SITE, "b", attributes=attributes, place="inventory.csv:2"
    )
    return Site("s", "s", folder, "UTC", {}, {}, {"RELAY-1": board}, loopbacks=(LOOP,))


NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_the_latest_of_each_loop_is_taken(tmp_path: Path) -> None:
    keep(tmp_path, [record(mean=0.007)], software="x")
    path = keep(tmp_path, [record(mean=0.009)], software="x")
    taken = usable(path, site(tmp_path), NOW)
    assert [one.delays["operate"].mean for one in taken.records] == [0.009]
    assert taken.left == ()
    assert len(json.loads(path.read_text("utf-8"))["calibrations"]) == 2


@pytest.mark.parametrize(
    ("serial", "at", "why"),
    [
        ("B2", NOW, "已更换"),
        ("A1", NOW + timedelta(hours=24), "24 h"),
        ("A1", NOW - timedelta(hours=9), "24 h"),  # of tomorrow: the wall clock was wrong
    ],
)
def test_what_is_not_of_this_board_and_day_is_left_with_the_reason(tmp_path, serial, at, why) -> None:
    taken = usable(keep(tmp_path, [record()], software="x"), site(tmp_path, serial), at)
    assert taken.records == ()
    assert why in taken.left[0]


def test_without_calibrations_nothing_is_taken(tmp_path: Path) -> None:
    assert usable(tmp_path / "calibration.json", site(tmp_path)).records == ()
    (tmp_path / "calibration.json").write_text("{", "utf-8")
    with pytest.raises(UsageError, match="is no calibration"):
        usable(tmp_path / "calibration.json", site(tmp_path))


def test_a_board_without_a_serial_number_is_not_calibrated(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"inventory.csv:2.*serial number"):
        require_loops(site(tmp_path, ""))
    with pytest.raises(UsageError, match="no loopback is stated"):
        require_loops(replace(site(tmp_path), loopbacks=()))


# -- after the run ------------------------------------------------------------------------------------------


def before() -> dict[str, Any]:
    return {"kind": "calibration", "phase": "before", "loops": [record().as_json()]}


def after(mean: float) -> dict[str, Any]:
    found = compared(Calibration((record(),)), [record(mean=mean)])
    return {
        "kind": "calibration",
        "phase": "after",
        "loops": [record(mean=mean).as_json()],
        "drift": [one.as_json() for one in found],
    }


def measured(name: str, *loops: str) -> dict[str, Any]:
    return {"kind": "measurement", "id": name, "details": {"calibration": list(loops)}}


def finding(verdict: Verdict, name: str = "m1") -> Finding:
    return Finding(
        "R",
        "S",
        "1",
        "Z01",
        "m",
        0.3,
        "s",
        0.01,
        2.0,
        1,
        "≤ 2 s",
        "verified",
        "DR-SA",
        verdict,
        measurement=name,
    )


def test_a_drift_takes_away_what_spoke_for_the_system() -> None:
    found = checked([before(), measured("m1", LOOP.name), measured("m2"), after(0.020)])
    gone = held(finding(Verdict.CONFORM), found)
    assert gone.verdict is Verdict.INVALID
    assert "drifted +12.00 ms" in gone.reason
    assert "检测后漂移 +12.00 ms" in Messages("zh").reason(gone.reason)
    assert held(finding(Verdict.CONFORM, "m2"), found).verdict is Verdict.CONFORM


def test_a_drift_never_wipes_out_a_non_conformity() -> None:
    found = checked([before(), measured("m1", LOOP.name), after(0.020)])
    for verdict in (Verdict.NON_CONFORM, Verdict.CONDITIONAL_NON_CONFORM):
        stands = held(finding(verdict), found)
        assert stands.verdict is verdict
        assert "不合格不因检测台的漂移撤销" in Messages("zh").reason(stands.reason)


def test_the_first_calibration_after_a_measurement_decides() -> None:
    bad_then_good = checked([before(), measured("m1", LOOP.name), after(0.020), after(0.008)])
    assert "m1" in bad_then_good.void
    good_then_bad = checked(
        [before(), measured("m1", LOOP.name), after(0.008), measured("m2", LOOP.name), after(0.020)]
    )
    assert set(good_then_bad.void) == {"m2"}


def test_what_was_never_checked_again_is_known() -> None:
    found = checked([before(), measured("m1", LOOP.name), after(0.008), measured("m2", LOOP.name)])
    assert found.unchecked == {"m2"}
    assert UNCHECKED


def test_a_run_that_goes_on_after_a_drift_rests_no_more_on_that_loop() -> None:
    assert Calibration.of([before()]).records
    assert Calibration.of([before(), after(0.008)]).records
    assert not Calibration.of([before(), after(0.020)]).records


def test_a_record_is_read_as_it_was_written() -> None:
    written = json.loads(json.dumps(record().as_json()))
    assert LoopRecord.of(written) == record()
    terms = written["edges"]["operate"]["budget"]
    assert [term["name"] for term in terms] == ["loopback delay, mean", "loopback delay, bracket"]
    assert terms[1]["dof"] is None
