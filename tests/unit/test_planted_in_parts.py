# SPDX-License-Identifier: Apache-2.0
"""Defects that no selftest plants, as a case would take minutes: planted here, they do not conform.

Suite, record, catalogue and judge are those of a run; the device is made up, or its messages are put further
apart. ``WITHOUT_DEFECT`` in ``test_selftest_examples`` names these tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from test_suites.alarm_network import test_paths
from test_suites.gb28181 import test_keepalive, test_method, test_registration
from test_suites.intrusion import test_setting
from test_suites.site_compliance import test_sampling
from test_suites.video import test_picture

from tests.support import gb_recorders, record_bench
from tests.support.gb_recorders import Make, Person
from tests.support.record_bench import Bench
from yanshou.acquisition.sip_platform.platform import ReceivedSip
from yanshou.equipment.chart_points import ChartPoints
from yanshou.equipment.registrant import Registrant
from yanshou.equipment.silence import Silence, watch_silence
from yanshou.evaluation.network import one_way_delay
from yanshou.evaluation.pass_rate import count_passed
from yanshou.fixtures.audit import Tally
from yanshou.fixtures.record import Record
from yanshou.instruments.registry import InstrumentRegistry
from yanshou.model import (
    Connection,
    Device,
    DeviceKind,
    Instant,
    LimitStatus,
    Plan,
    PlanItem,
    RigFault,
    SampleRecord,
    Site,
    System,
    Verdict,
)
from yanshou.planning.audit import PlanAudit
from yanshou.standards import load
from yanshou.standards.catalogue import Catalogue

bench, platform, device = record_bench.bench, gb_recorders.platform, gb_recorders.device
CONFORM, AGAINST, UNTESTED = Verdict.CONFORM, Verdict.NON_CONFORM, Verdict.NOT_TESTED


def concluded(record: Record) -> set[Verdict]:
    return {finding.verdict for finding in record.conclude()}


# -- GB/T 28181: what a device does in a tenth of a second, put as far apart as a device of the field does it


def apart(came: Sequence[ReceivedSip], seconds: float) -> list[ReceivedSip]:
    """The same messages, one every so many seconds."""
    begin = came[0].first.earliest
    when = [Instant(begin + n * seconds, begin + n * seconds) for n in range(len(came))]
    return [replace(one, first=at, complete=at) for one, at in zip(came, when, strict=True)]


@pytest.mark.parametrize(("seconds", "expected"), [(5.0, AGAINST), (65.0, CONFORM)])
def test_sip_register_retry_interval(
    bench: Bench, device: Make, catalogue: Catalogue, seconds: float, expected: Verdict
) -> None:
    one = device(retry_s=0.3)
    one.wait_registered()
    seen = watch_silence(one.platform, [one.name], within=20.0)[one.name]
    tried = [entry for entry in seen.entries if entry.said.get("method") == "REGISTER"]
    record = bench.record_of("sip_register_retry_interval", catalogue)
    silence = Silence(seen.start, len(tried) * seconds, tuple(apart(tried, seconds)))
    test_registration.test_sip_register_retry_interval(one, silence, record)
    assert concluded(record) == {expected}


@pytest.mark.parametrize(("seconds", "expected"), [(90.0, AGAINST), (60.0, CONFORM)])
def test_sip_keepalive_setting(
    bench: Bench,
    device: Make,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    expected: Verdict,
) -> None:
    one = device(keepalive_s=0.1)
    one.wait_registered()
    came = apart(one.keepalives(4), seconds)
    monkeypatch.setattr(Registrant, "keepalives", lambda _self, _count: came)
    record = bench.record_of("sip_keepalive_setting", catalogue)
    test_keepalive.test_sip_keepalive_setting(one, record)
    assert concluded(record) == {expected}


class Viewer:
    """A person at the display of a device, who answers after ``answered_s`` seconds."""

    def __init__(self, clock: list[float], answered_s: float, *, shown: bool) -> None:
        self.clock, self.answered_s, self.shown = clock, answered_s, shown

    def yes(self, message: str, **_fields: object) -> bool:
        self.clock[0] += self.answered_s if message == "gb28181.offline" else 1.0
        return self.shown if message == "gb28181.offline" else True


@pytest.mark.parametrize(
    ("answered_s", "shown", "expected"),
    [(150.0, True, CONFORM), (400.0, False, AGAINST), (100.0, False, UNTESTED), (400.0, True, UNTESTED)],
)
def test_sip_offline_detection_time(
    bench: Bench,
    device: Make,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    answered_s: float,
    shown: bool,
    expected: Verdict,
) -> None:
    one = device()
    one.wait_registered()
    [*_, last] = one.keepalives(1)
    monkeypatch.setattr(Registrant, "keepalives", lambda _self, _count: [last])
    clock = [last.complete.latest]
    monkeypatch.setattr("yanshou.equipment.registrant.now", lambda: clock[0])
    monkeypatch.setattr(test_keepalive, "now", lambda: clock[0])
    record = bench.record_of("sip_offline_detection_time", catalogue)
    person: Any = Viewer(clock, answered_s, shown=shown)
    test_keepalive.test_sip_offline_detection_time(one, person, record)
    assert concluded(record) == {expected}


@pytest.mark.parametrize(("leaves", "expected"), [(False, AGAINST), (True, CONFORM)])
def test_sip_unregister(
    bench: Bench,
    device: Make,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    leaves: bool,
    expected: Verdict,
) -> None:
    monkeypatch.setattr("yanshou.equipment.registrant.LOGOUT_S", 5.0 if leaves else 0.3)
    one = device()
    one.wait_registered()
    person: Any = Person(device.living.log_out if leaves else lambda: None)  # type: ignore[attr-defined]
    one.wait_s = 0.1
    record = bench.record_of("sip_unregister", catalogue)
    test_registration.test_sip_unregister(one, person, record)
    assert concluded(record) == {expected}


def test_method_edition_deviation_stated(bench: Bench, catalogue: Catalogue) -> None:
    """Nothing on site can break it; the deviation stands on the finding itself."""
    link = Connection("gb28181")
    camera = Device("CAM-1", DeviceKind.CAMERA, System.VIDEO, "CAM-1", connection=link)
    site = Site("s", "s", Path(), "UTC", {}, {}, {"CAM-1": camera})
    record = bench.record_of("method_edition_deviation_stated", catalogue)
    test_method.test_method_edition_deviation_stated(site, record)
    assert concluded(record) == {CONFORM}
    [measured] = bench.events("measurement")
    assert any("GB/T 39272-2020" in one for one in measured["deviations"])


# -- alarms


class Link:
    """A link whose receiver reports the loss of all paths ``after`` so many seconds; None: never."""

    supervision_s, paths = 60.0, (1, 2)

    def __init__(self, after: float | None) -> None:
        self.after = after

    def supervised(self, _seconds: float) -> Link:
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *_exc: object) -> None: ...

    def cut(self, *_paths: int) -> Instant:
        return Instant(10.0, 10.0)

    def wait_lost(self, *, since: Instant, within: float) -> Instant | None:
        seen = None if self.after is None or self.after > within else since.latest + self.after
        return None if seen is None else Instant(seen, seen + 0.1)


@pytest.mark.parametrize(("after", "expected"), [(90_000.0, AGAINST), (None, AGAINST), (120.0, CONFORM)])
def test_all_paths_fault_report_time(
    bench: Bench, catalogue: Catalogue, after: float | None, expected: Verdict
) -> None:
    record = bench.record_of("all_paths_fault_report_time", catalogue)
    link: Any = Link(after)
    test_paths.test_all_paths_fault_report_time(link, 100_000.0, record)
    assert concluded(record) == {expected}


class EntryPanel:
    """A panel that notifies the centre ``after`` so many seconds from its alarm."""

    def __init__(self, after: float) -> None:
        self.after = after
        self.wires = SimpleNamespace(notify=lambda: None)

    def arm(self, _zone: object) -> None: ...

    def wait_for(self, _zone: object, _signal: object, *, since: Instant) -> Instant:
        return Instant(since.latest + 5.0, since.latest + 5.01)

    def notified(self, *, since: Instant, within: float) -> Instant | None:
        at = since.latest + self.after
        return Instant(at, at + 0.01) if self.after <= within else None


@pytest.mark.parametrize(("after", "expected"), [(10.0, AGAINST), (35.0, CONFORM)])
def test_notification_delay_after_entry(
    bench: Bench, catalogue: Catalogue, tmp_path: Path, after: float, expected: Verdict
) -> None:
    """The catalogue does not vouch for the limit, so it is judged where the laboratory has confirmed it."""
    [row] = catalogue.measuring("notification_delay_after_entry")
    assert row.limit_status is LimitStatus.UNVERIFIED
    signed = 'by = "张工"\ndate = 2026-11-20\ndocument = "EN 50131-1:2006"\n'
    (tmp_path / "lab.toml").write_text(f'[[confirm]]\nid = "{row.id}"\n{signed}', "utf-8")
    confirmed = load([tmp_path / "lab.toml"])
    zones: Any = SimpleNamespace(of_type=lambda _type: [SimpleNamespace(open_loop=lambda: Instant(1.0, 1.0))])
    panel: Any = EntryPanel(after)
    for rows, verdict in ((confirmed, expected), (catalogue, Verdict.UNJUDGED)):
        record = bench.record_of("notification_delay_after_entry", rows)
        test_setting.test_notification_delay_after_entry(zones, panel, record)
        assert concluded(record) == {verdict}


# -- counts over a whole run

NAMES = tuple(f"CAM-{n}" for n in range(12))
CAMERAS = {name: Device(name, DeviceKind.CAMERA, System.VIDEO, name, "M") for name in NAMES}
SITE = Site("s", "s", Path(), "UTC", {}, {}, CAMERAS)


@pytest.mark.parametrize(("measured", "expected"), [(9, AGAINST), (10, CONFORM)])
def test_objective_test_points(bench: Bench, catalogue: Catalogue, measured: int, expected: Verdict) -> None:
    """Of twelve cameras before a chart, some gave no valid figure."""
    plan = Plan("s", 1, tuple(PlanItem(f"esfr_mtf50[{n}]", "esfr_mtf50", n, ("R",)) for n in NAMES))
    events = [
        {"kind": "measurement", "measurand": "esfr_mtf50", "device": name, "value": 0.3}
        | ({} if n < measured else {"invalid": "no chart in view"})
        for n, name in enumerate(NAMES)
    ]
    record = bench.record_of("objective_test_points", catalogue)
    test_picture.test_objective_points(ChartPoints.of(plan, SITE, events), record)
    assert concluded(record) == {expected}


@pytest.mark.parametrize(("failed", "expected"), [(2, AGAINST), (1, CONFORM)])
def test_sample_pass_rate(bench: Bench, catalogue: Catalogue, failed: int, expected: Verdict) -> None:
    """Of twelve cameras drawn, one or two have a finding against them."""
    items = tuple(PlanItem(f"m[{name}]", "m", name, ("R",)) for name in NAMES)
    plan = Plan("s", 1, items, sampling=(SampleRecord("camera/M", 12, 12, "r", NAMES),))
    events: list[dict[str, Any]] = []
    for n, item in enumerate(items):
        found = "non_conform" if n < failed else "conform"
        events += [
            {"kind": "finding", "item": item.id, "requirement": "R", "verdict": found},
            {"kind": "item_finished", "item": item.id, "outcome": "done"},
        ]
    record = bench.record_of("sample_pass_rate", catalogue)
    counted = count_passed(plan, events, "sample_pass_rate")
    test_sampling.test_sample_pass_rate(Tally(counted, adjusted=False), record)
    assert concluded(record) == {expected}


def test_retest_sample_doubled(bench: Bench, catalogue: Catalogue) -> None:
    """A re-test that is not doubled says nothing about the system: it ends the item, and never conforms."""
    failed = NAMES[0]
    first = {"population": "camera/M", "first_n": 6, "failed": [failed]}
    for drawn, kept in ((NAMES, True), (NAMES[:8], False)):
        items = tuple(PlanItem(f"m[{name}]", "m", name, ("R",)) for name in drawn)
        sampling = (SampleRecord("camera/M", 12, len(drawn), "r", drawn),)
        plan = Plan("s", 1, items, sampling=sampling, parameters={"retest": [first]})
        audit = PlanAudit(plan, SITE, InstrumentRegistry({}), date(2026, 11, 24))
        record = bench.record_of("retest_sample_doubled", catalogue)
        if kept:
            test_sampling.test_retest_sample_doubled(audit, record)
            assert concluded(record) == {CONFORM}
        else:
            with pytest.raises(RigFault):
                test_sampling.test_retest_sample_doubled(audit, record)


@pytest.mark.parametrize(
    ("round_trip_s", "expected"),
    [
        (0.002, Verdict.CONDITIONAL_CONFORM),  # an estimate
        (0.2, Verdict.CONDITIONAL_CONFORM),
        (0.3, Verdict.INVALID),
        (1.0, Verdict.INVALID),
    ],
)
def test_one_way_delay(bench: Bench, catalogue: Catalogue, round_trip_s: float, expected: Verdict) -> None:
    """Which part of a round trip is the way out nobody knows: a long one decides nothing."""
    record = bench.record_of("one_way_delay", catalogue, "CAM-1")
    exchanges = [Instant(at, at + round_trip_s) for at in range(20)]
    record.by_statistic(lambda statistic: one_way_delay("CAM-1", exchanges, statistic))
    assert {one.verdict for one in record.conclude() if one.verdict is not Verdict.UNJUDGED} == {expected}
