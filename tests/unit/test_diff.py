# SPDX-License-Identifier: Apache-2.0
"""``yanshou diff``: this year's run against last year's, item by item."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.run_builder import RunBuilder, item, requirement, site_json
from yanshou.cli.main import main
from yanshou.evidence import seal
from yanshou.model import Limit, LimitStatus, Plan, Requirement, UncertaintyStatus, UsageError, Verdict
from yanshou.reports import load
from yanshou.reports.comparison import Change, ComparedRows, Comparison, Drift, Untold, compare

C, N, INV = Verdict.CONFORM, Verdict.NON_CONFORM, Verdict.INVALID
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class One:
    """One tested zone: its verdict, and what is stated otherwise of its measurement."""

    verdict: Verdict = C
    over: tuple[tuple[str, Any], ...] = ()


def one(verdict: Verdict = C, **over: Any) -> One:
    return One(verdict, tuple(over.items()))


def made(
    path: Path,
    zones: dict[str, One],
    *,
    row: Requirement | None = None,
    later: bool = False,
    **site: Any,
) -> Path:
    """A run in which each of the zones was measured once."""
    row = row or requirement("IAS-RT-01")
    items = {zone: item(row.measurand, zone, row.id) for zone in zones}
    plan = Plan(site="bank-branch", seed=7, items=tuple(items.values()), sha256="a" * 64)
    run = RunBuilder(path, plan, [row], site_json(**site))
    if later:
        run.clock += YEAR
    run.begin()
    run.session()
    for zone, stated in zones.items():
        run.start(items[zone])
        values = {"value": 0.5, "U": 0.03, "k": 2.0, "uncertainty": UncertaintyStatus.EVALUATED}
        run.judge(items[zone], row.id, stated.verdict, run.measure(items[zone], **values | dict(stated.over)))
        run.finish(items[zone])
    run.close()
    seal(path)
    return path


def compared(then: Path, now: Path) -> Comparison:
    return compare(load(then), load(now), {"then": (), "now": ()})


def pair(tmp_path: Path, then: One, now: One, **rows: Requirement) -> ComparedRows:
    """Zone Z01 in two runs."""
    first = made(tmp_path / "then", {"Z01": then}, row=rows.get("then_row"))
    second = made(tmp_path / "now", {"Z01": now}, row=rows.get("now_row"), later=True)
    (found,) = compared(first, second).pairs
    return found


@pytest.mark.parametrize(
    ("value", "changed", "change"),
    [
        (0.54, False, Change.SAME),  # 0.04 s, less than sqrt(0.03² + 0.03²) = 0.0424 s
        (0.55, True, Change.WORSE),
        (0.45, True, Change.BETTER),
    ],
)
def test_a_figure_has_changed_only_beyond_the_combined_uncertainty(
    tmp_path: Path, value: float, changed: bool, change: Change
) -> None:
    found = pair(tmp_path, one(), one(value=value))
    assert isinstance(found.drift, Drift)
    assert found.drift.changed is changed
    assert found.drift.difference == pytest.approx(value - 0.5)
    assert found.drift.U == pytest.approx(0.0018**0.5)
    assert found.change is change


def test_a_figure_that_falls_towards_a_lower_limit_is_worse(tmp_path: Path) -> None:
    row = requirement("PW", measurand="standby_time", limit=Limit(unit="s", min=0.2))
    found = pair(tmp_path, one(value=0.9), one(value=0.5), then_row=row, now_row=row)
    assert found.change is Change.WORSE


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        (one(), one(unit="ms"), Untold.UNIT),
        (one(), one(U=None), Untold.NO_UNCERTAINTY),
        (one(), one(at_least=0.5), Untold.BOUND),
        (one(at_most=0.5), one(), Untold.BOUND),
        (one(), one(statistic="mean"), Untold.STATISTIC),
        (one(), one(estimate=True), Untold.ESTIMATE),
        (one(INV, invalid="overdue"), one(), Untold.NOT_VALID),
        (one(), one(value=True), Untold.NO_FIGURE),
        (one(), one(value=None), Untold.NO_FIGURE),
    ],
)
def test_figures_of_two_kinds_are_not_subtracted(tmp_path: Path, then: One, now: One, why: Untold) -> None:
    assert pair(tmp_path, then, now).drift is why


def test_another_measurand_under_the_same_id_is_not_subtracted(tmp_path: Path) -> None:
    other = requirement("IAS-RT-01", measurand="setting_time")
    found = pair(tmp_path, one(N, value=3.0), one(value=0.5), now_row=other)
    assert (found.drift, found.change) == (Untold.MEASURAND, Change.OTHERWISE)


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        (C, N, Change.WORSE),
        (C, Verdict.CONDITIONAL_CONFORM, Change.WORSE),
        (C, Verdict.ADVICE_NOT_FOLLOWED, Change.WORSE),
        (Verdict.UNJUDGED, N, Change.WORSE),
        (INV, N, Change.WORSE),
        (N, C, Change.BETTER),
        (Verdict.CONDITIONAL_NON_CONFORM, N, Change.WORSE),
        (N, N, Change.SAME),
        (Verdict.UNJUDGED, C, Change.SETTLED),
        (C, INV, Change.OPEN),
        (C, Verdict.NOT_TESTED, Change.OPEN),
        (INV, INV, Change.OPEN),
        (C, Verdict.UNJUDGED, Change.OPEN),
        (N, Verdict.NOT_APPLICABLE, Change.OPEN),
        (C, Verdict.NOT_APPLICABLE, Change.GONE),
    ],
)
def test_each_change_of_the_verdict_is_named(
    tmp_path: Path, then: Verdict, now: Verdict, change: Change
) -> None:
    assert pair(tmp_path, one(then), one(now)).change is change


def test_a_better_verdict_by_a_wider_limit_is_no_better_system(tmp_path: Path) -> None:
    wider = requirement("IAS-RT-01", edition="2030", limit=Limit(unit="s", max=4.0))
    found = pair(tmp_path, one(N, value=3.0), one(C, value=3.0), now_row=wider)
    assert found.change is Change.OTHERWISE


def test_a_figure_that_got_worse_is_not_hidden_by_a_wider_limit(tmp_path: Path) -> None:
    wider = requirement("IAS-RT-01", limit=Limit(unit="s", max=4.0))
    assert pair(tmp_path, one(N, value=3.0), one(C, value=3.5), now_row=wider).change is Change.WORSE


def test_what_changed_in_the_catalogue_is_listed(tmp_path: Path) -> None:
    row = requirement("IAS-RT-01")
    newer = replace(row, edition="2030", limit=Limit(unit="s", max=1.0), limit_status=LimitStatus.PROVISIONAL)
    first = made(tmp_path / "then", {"Z01": one()})
    found = compared(first, made(tmp_path / "now", {"Z01": one()}, row=newer, later=True))
    assert {(of.field, of.then, of.now) for of in found.requirements_altered} == {
        ("edition", "2022", "2030"),
        ("limit", "≤ 2 s", "≤ 1 s"),
        ("limit_status", "verified", "provisional"),
    }


def test_devices_that_came_and_went_are_listed_and_a_new_failure_is_worse(tmp_path: Path) -> None:
    devices = site_json()["devices"]
    without = {name: entry for name, entry in devices.items() if name != "Z01"}
    changed = without | {
        "Z02": devices["Z02"] | {"model": "DT-9000", "system": "site"},
        "Z99": devices["Z02"],
    }
    first = made(tmp_path / "then", {"Z01": one(), "Z02": one()})
    second = made(tmp_path / "now", {"Z02": one(), "Z99": one(N)}, later=True, devices=changed)
    found = compared(first, second)
    assert [device.id for device in found.devices_came] == ["Z99"]
    assert [device.id for device in found.devices_went] == ["Z01"]
    assert [(of.name, of.field, of.now) for of in found.devices_altered] == [
        ("Z02", "system", "site"),
        ("Z02", "model", "DT-9000"),
    ]
    changes = {of.device: of.change for of in found.pairs}
    assert changes == {"Z01": Change.GONE, "Z02": Change.SAME, "Z99": Change.WORSE}
    assert found.exit_code == 1


@pytest.mark.parametrize(("then", "change"), [(C, Change.GONE), (N, Change.OPEN)])
def test_a_failed_device_outside_the_new_sample_stays_open(
    tmp_path: Path, then: Verdict, change: Change
) -> None:
    first = made(tmp_path / "then", {"Z01": one(then), "Z02": one()})
    found = compared(first, made(tmp_path / "now", {"Z02": one()}, later=True))
    assert {of.device: of.change for of in found.pairs}["Z01"] is change
    assert found.exit_code == (3 if change is Change.OPEN else 0)


def test_a_requirement_that_was_dropped_is_open(tmp_path: Path) -> None:
    first = made(tmp_path / "then", {"Z01": one()})
    other = requirement("IAS-RT-02")
    found = compared(first, made(tmp_path / "now", {"Z01": one()}, row=other, later=True))
    assert (found.requirements_went, found.requirements_came) == (("IAS-RT-01",), ("IAS-RT-02",))
    assert found.exit_code == 3


def test_a_run_that_is_not_intact_is_told_first_and_is_never_without_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (
        made(tmp_path / "then", {"Z01": one()}),
        made(tmp_path / "now", {"Z01": one()}, later=True),
    )
    assert main(["diff", str(first), str(second)]) == 0
    capsys.readouterr()
    (first / "site" / "site.toml").write_text("changed", "utf-8")
    assert main(["--lang", "en", "diff", str(first), str(second)]) == 3
    assert "NOT intact: site/site.toml (changed)" in capsys.readouterr().err
    assert main(["diff", str(first), str(second), "--json"]) == 3
    output = json.loads(capsys.readouterr().out)
    assert output["then"]["problems"] == ["site/site.toml (changed)"]
    assert output["now"]["intact"] is True


def test_the_table_and_the_json_show_both_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = made(tmp_path / "then", {"Z01": one()})
    second = made(tmp_path / "now", {"Z01": one(value=0.9)}, later=True)
    assert main(["--lang", "en", "diff", str(first), str(second)]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "+0.400 ± 0.042" in shown
    assert "worse 1" in shown
    assert main(["diff", str(first), str(second), "--json"]) == 1
    (output,) = json.loads(capsys.readouterr().out)["items"]
    assert output["then"] | {"reason": ""} == {
        "verdict": "conform", "value": 0.5, "U": 0.03, "unit": "s", "limit": "≤ 2 s",
        "standard": "GB 55029-2022", "clause": "3.5.1(8)", "reason": "",
    }  # fmt: skip
    assert output["drift"]["changed"] is True
    assert output["change"] == "worse"


@pytest.mark.parametrize(
    ("site", "expected"), [({"id": "school"}, "two sites"), ({"emulated": False}, "emulated")]
)
def test_runs_that_cannot_be_compared_are_refused(
    tmp_path: Path, site: dict[str, Any], expected: str
) -> None:
    first = made(tmp_path / "then", {"Z01": one()})
    second = made(tmp_path / "now", {"Z01": one()}, later=True, **site)
    with pytest.raises(UsageError, match=expected):
        compared(first, second)


def test_the_earlier_run_comes_first(tmp_path: Path) -> None:
    first = made(tmp_path / "then", {"Z01": one()})
    second = made(tmp_path / "now", {"Z01": one()}, later=True)
    with pytest.raises(UsageError, match="was begun before"):
        compared(second, first)
    with pytest.raises(UsageError, match="the same run"):
        compared(first, first)
