# SPDX-License-Identifier: Apache-2.0
"""``yanshou rejudge``: a later overlay judges stored measurements, and passes nothing the run would not."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.run_builder import ROOT, RunBuilder, item, logical, plain, requirement, site_json
from yanshou.cli.main import main
from yanshou.cli.rejudging import TALLIED
from yanshou.evidence import RunFolder, seal, verify
from yanshou.fixtures.prepare import require_not_rejudged
from yanshou.model import (
    Limit,
    LimitStatus,
    Measurement,
    Plan,
    PlanItem,
    Quantity,
    Requirement,
    UncertaintyStatus,
    UsageError,
    Verdict,
)
from yanshou.reports import RunView, load
from yanshou.reports.results import results, results_schema

UNSURE = requirement("IAS-RT-01", limit_status=LimitStatus.UNVERIFIED)
SOUND = Measurement(
    "alarm_response_time", "Z07", Quantity.CONTINUOUS, 1.5, "s", 3,
    statistic="max", U=0.03, k=2.0, uncertainty=UncertaintyStatus.EVALUATED,
)  # fmt: skip
SIGNED = 'by = "王五"\ndate = 2026-01-20\ndocument = "GB 55029-2022 纸质版"\n'
CONFIRM = f'[[confirm]]\nid = "IAS-RT-01"\n{SIGNED}'


def stricter(limit: str) -> str:
    return f'[[replace]]\nid = "IAS-RT-01"\nlimit = {limit}\nlimit_status = "verified"\n{SIGNED}'


class Bench:
    """A run folder whose one item was measured, and what rejudging it gives."""

    def __init__(self, path: Path, *rows: Requirement, **plan: Any) -> None:
        self.items = [item(row.measurand, "Z07", row.id) for row in rows]
        made = Plan(site="bank-branch", seed=7, items=tuple(self.items), sha256="a" * 64)
        self.run = RunBuilder(path / "run", replace(made, **plan), list(rows), site_json()).begin()
        self.path, self.overlay = path / "run", path / "later.toml"
        self.run.session()

    def found(
        self, measured: Measurement, verdict: Verdict, *, of: PlanItem | None = None, **journaled: Any
    ) -> None:
        """A measurement and its finding; ``journaled`` are further fields of the measurement's line."""
        one = of or self.items[0]
        self.run.start(one)
        name = f"m{len(self.run.lines)}"
        self.run.event("measurement", item=one.id, id=name, **plain(asdict(measured)) | journaled)
        self.run.judge(one, one.requirements[0], verdict, (measured, name))
        self.run.finish(one)

    def again(self, overlay: str, *options: str, reason: str = "complete") -> RunView:
        self.run.close(reason)
        seal(self.path)
        self.overlay.write_text(overlay, "utf-8")
        main(["rejudge", str(self.path), "--overlay", str(self.overlay), *options])
        return load(self.path)


@pytest.fixture(autouse=True)
def _without_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reports are not looked at here, and take seconds."""
    monkeypatch.setattr("yanshou.cli.commands.rejudge.render", lambda *_: {})


def verdict_of(view: RunView, requirement_: str = "IAS-RT-01") -> Verdict:
    (row,) = [row for row in view.rows if row.finding.requirement == requirement_]
    return row.finding.verdict


def test_a_confirmed_limit_turns_a_value_into_a_verdict_and_nothing_else_moves(tmp_path: Path) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(SOUND, Verdict.UNJUDGED)
    before = load(bench.path)
    view = bench.again(CONFIRM, "--person", "赵六")
    finding = view.rows[0].finding
    assert (finding.verdict, finding.limit_status) == (Verdict.CONFORM, "verified")
    assert "judged again under later.toml (SHA-256 " in finding.reason
    assert view.measurements == before.measurements
    assert (view.started, view.clock_jumps) == (before.started, ())
    assert verify(bench.path).intact
    (reported,) = results(view)["rejudged"]
    assert (reported["person"], reported["requirements"]) == ("赵六", ["IAS-RT-01"])
    jsonschema.validate(results(view), results_schema())
    assert any("重新判定" in one.text for one in view.deviations)
    journaled = RunFolder.existing(bench.path).events()
    assert [one["verdict"] for one in journaled if one["kind"] == "finding"] == ["unjudged"]
    digest = journaled[-1]["overlays"][0]["sha256"]
    assert view.blob(digest).read_text("utf-8") == CONFIRM


@pytest.mark.parametrize(
    ("measured", "journaled", "verdict"),
    [
        (replace(SOUND, value=2.5), {}, Verdict.NON_CONFORM),
        (SOUND, {"shortened": ["观察 2 s"]}, Verdict.CONDITIONAL_CONFORM),
        (SOUND, {"unproven": ["读数"]}, Verdict.CONDITIONAL_CONFORM),
        (replace(SOUND, estimate=True), {}, Verdict.CONDITIONAL_CONFORM),
        (replace(SOUND, U=0.9), {}, Verdict.INVALID),
        (replace(SOUND, value=None, U=None, at_least=1.0), {}, Verdict.NOT_TESTED),
        (replace(SOUND, value=None, U=None, at_least=3.0), {}, Verdict.NON_CONFORM),
        (replace(SOUND, n=0), {}, Verdict.NOT_TESTED),
    ],
)
def test_a_confirmed_limit_is_judged_with_everything_the_measurement_says(
    tmp_path: Path, measured: Measurement, journaled: dict[str, Any], verdict: Verdict
) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(measured, Verdict.UNJUDGED, **journaled)
    assert verdict_of(bench.again(CONFIRM)) is verdict


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        (replace(SOUND, invalid="overdue"), Verdict.INVALID),
        (SOUND, Verdict.INVALID),  # a gate beside the measurement: an unverified profile
        (replace(SOUND, U=None, value=None), Verdict.NOT_TESTED),
        (SOUND, Verdict.NOT_TESTED),
    ],
)
def test_a_gate_that_closed_stays_closed(tmp_path: Path, measured: Measurement, verdict: Verdict) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(measured, verdict)
    view = bench.again(CONFIRM)
    assert verdict_of(view) is verdict
    assert not view.rejudgements


def test_a_value_after_an_unfinished_attempt_does_not_pass(tmp_path: Path) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.run.fault(bench.items[0], "no answer", "RELAY-2")
    bench.found(SOUND, Verdict.UNJUDGED)
    assert verdict_of(bench.again(CONFIRM)) is Verdict.INVALID


def test_a_non_conformity_is_not_undone(tmp_path: Path) -> None:
    bench = Bench(tmp_path, replace(UNSURE, limit_status=LimitStatus.PROVISIONAL))
    bench.found(SOUND, Verdict.NON_CONFORM)
    assert verdict_of(bench.again(CONFIRM)) is Verdict.NON_CONFORM


def test_a_stricter_limit_fails_and_a_later_overlay_does_not_lift_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(tmp_path, requirement("IAS-RT-01"))
    bench.found(SOUND, Verdict.CONFORM)
    assert verdict_of(bench.again(stricter('{ max = 1.0, unit = "s" }'))) is Verdict.NON_CONFORM
    capsys.readouterr()
    bench.overlay.write_text(stricter('{ max = 1.8, unit = "s" }'), "utf-8")
    assert main(["rejudge", str(bench.path), "--overlay", str(bench.overlay)]) == 2
    assert "is looser than ≤ 1 s" in capsys.readouterr().err
    assert verdict_of(load(bench.path)) is Verdict.NON_CONFORM


def test_a_value_in_another_unit_is_judged_in_the_unit_of_the_new_limit(tmp_path: Path) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(SOUND, Verdict.UNJUDGED)
    finding = bench.again(CONFIRM).rows[0].finding
    assert (finding.value, finding.unit, finding.limit) == (1.5, "s", "≤ 2 s")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ('population = ["camera"]', "population changed"),
        ('statistic = "mean"', "statistic changed"),
        ('measurand = "forced_door_alarm_time"\npopulation = ["door"]', "measurand, population changed"),
        ('obligation = "advice"', "obligation changed"),
    ],
)
def test_a_row_that_asks_for_another_test_is_refused(
    tmp_path: Path, change: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(SOUND, Verdict.UNJUDGED)
    overlay = f'[[replace]]\nid = "IAS-RT-01"\nlimit_status = "verified"\n{change}\n{SIGNED}'
    view = bench.again(overlay, "--lang", "en")
    assert verdict_of(view) is Verdict.UNJUDGED
    said = capsys.readouterr().out
    assert why in said
    assert "needs a new run" in said


def test_a_yes_or_no_is_not_turned_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = logical(
        "IAS-FN-03", "锁定", "Latch", measurand="alarm_held_until_reset", limit_status=LimitStatus.UNVERIFIED
    )
    bench = Bench(tmp_path, row)
    yes = Measurement("alarm_held_until_reset", "Z07", Quantity.LOGICAL, False, "", 1)
    bench.found(yes, Verdict.UNJUDGED)
    other = f'[[replace]]\nid = "IAS-FN-03"\nlimit = {{ equals = false }}\n{SIGNED}'
    view = bench.again(other, "--lang", "en")
    assert verdict_of(view, "IAS-FN-03") is Verdict.UNJUDGED
    assert "needs a new run" in capsys.readouterr().out


def test_the_pass_rate_of_the_sample_does_not_outlive_the_verdicts_it_counted(tmp_path: Path) -> None:
    rate = requirement("SMP-06", measurand="sample_pass_rate", limit=Limit(unit="%", min=90.0))
    bench = Bench(tmp_path, UNSURE, rate)
    bench.found(replace(SOUND, value=2.5), Verdict.UNJUDGED)
    all_pass = Measurement("sample_pass_rate", "Z07", Quantity.COUNT, 100.0, "%", 1)
    bench.found(all_pass, Verdict.CONFORM, of=bench.items[1])
    view = bench.again(CONFIRM)
    assert verdict_of(view) is Verdict.NON_CONFORM
    assert verdict_of(view, "SMP-06") is Verdict.INVALID


def test_every_measurand_counted_from_verdicts_is_known(tmp_path: Path) -> None:
    del tmp_path
    counted = {
        line.split('"')[1]
        for file in (ROOT / "test_suites").rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if "Phase.TALLY" in line and "@measures" in line
    }
    assert counted == TALLIED


def test_a_drift_of_the_bench_holds_for_a_rejudged_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(replace(SOUND, details={"calibration": ["L"]}), Verdict.UNJUDGED)
    moved = {"loop": "L", "edge": "operate", "difference_s": 0.1, "permitted_s": 0.01, "void": True}
    bench.run.event("calibration", phase="after", loops=[], drift=[moved])
    assert verdict_of(bench.again(CONFIRM, "--json")) is Verdict.INVALID
    assert json.loads(capsys.readouterr().out)["findings"][0]["after"]["verdict"] == "invalid"


def test_an_overlay_that_changes_nothing_here_writes_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(SOUND, Verdict.UNJUDGED)
    view = bench.again(f'[[confirm]]\nid = "IAS-RT-02"\n{SIGNED}')
    assert verdict_of(view) is Verdict.UNJUDGED
    assert not view.rejudgements
    assert verify(bench.path).intact


@pytest.mark.parametrize("reason", ["interrupted", "fault"])
def test_an_unfinished_run_is_not_judged_again(
    tmp_path: Path, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(SOUND, Verdict.UNJUDGED)
    assert verdict_of(bench.again(CONFIRM, reason=reason)) is Verdict.UNJUDGED
    assert "not finished" in capsys.readouterr().err


def test_a_run_that_is_not_intact_is_not_judged_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(SOUND, Verdict.UNJUDGED)
    bench.run.close()
    seal(bench.path)
    (bench.path / "catalogue.json").write_text("[]", "utf-8")
    bench.overlay.write_text(CONFIRM, "utf-8")
    assert main(["rejudge", str(bench.path), "--overlay", str(bench.overlay)]) == 2


def test_a_run_that_was_judged_again_is_not_gone_on_with(tmp_path: Path) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(SOUND, Verdict.UNJUDGED)
    bench.again(CONFIRM)
    with pytest.raises(UsageError, match="judged again under a later overlay"):
        require_not_rejudged(RunFolder.existing(bench.path))


def test_the_answer_in_json_says_what_changed_and_what_did_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(tmp_path, UNSURE)
    bench.found(SOUND, Verdict.UNJUDGED)
    bench.again(f'{CONFIRM}\n[[confirm]]\nid = "IAS-RT-02"\n{SIGNED}', "--json")
    output = json.loads(capsys.readouterr().out)
    (one,) = output["findings"]
    assert (one["before"]["verdict"], one["after"]["verdict"]) == ("unjudged", "conform")
    assert [left["requirement"] for left in output["left"]] == ["IAS-RT-02"]
