# SPDX-License-Identifier: Apache-2.0
"""Several days, laptops and testers of one order in one report: what stands, and what is held."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.run_builder import RunBuilder, item, requirement, site_json
from yanshou.cli.main import main
from yanshou.cli.merging import merge
from yanshou.evidence import RunFolder, seal, verify
from yanshou.model import (
    DecisionRule,
    Limit,
    LimitStatus,
    Plan,
    Requirement,
    SampleRecord,
    UncertaintyStatus,
    Untestable,
    UsageError,
    Verdict,
)
from yanshou.reports import load
from yanshou.reports.document import document
from yanshou.reports.raw_record import lines
from yanshou.reports.results import results, results_schema
from yanshou.reports.view import span_of_sessions

N, C, NT = Verdict.NON_CONFORM, Verdict.CONFORM, Verdict.NOT_TESTED
ROW = requirement("IAS-RT-01")
ZONES = ("Z01", "Z02", "Z03")
FACTS = {"site": "s", "all": "a", "devices": {zone: zone for zone in ZONES}}


@dataclass(frozen=True)
class Day:
    """One run: what it found, and what is stated otherwise of it."""

    found: Mapping[str, Verdict | None]  # None: begun and interrupted
    hours: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=lambda: FACTS)
    rows: tuple[Requirement, ...] = (ROW,)
    site: Mapping[str, Any] = field(default_factory=dict)
    planned: tuple[str, ...] = ZONES
    plan: Mapping[str, Any] = field(default_factory=dict)
    opened: Mapping[str, Any] = field(default_factory=dict)
    operator: str = "张三"
    instruments: tuple[str, ...] = ()


def made(path: Path, day: Day) -> Path:
    row = day.rows[0]
    items = {zone: item(row.measurand, zone, row.id) for zone in day.planned}
    values: dict[str, Any] = {"seed": 7, "parameters": {"rests_on": day.facts}} | dict(day.plan)
    items |= {one.device: one for one in values.pop("more", ())}
    plan = Plan(site="bank-branch", items=tuple(items.values()), sha256="a" * 64, **values)
    run = RunBuilder(path, plan, list(day.rows), site_json(**day.site))
    run.clock += timedelta(hours=day.hours)
    plain = run.event

    def event(kind: str, **fields: Any) -> dict[str, Any]:
        more = {"run_opened": day.opened, "session_started": {"operator": day.operator}}.get(kind, {})
        return plain(kind, **(fields | dict(more)))

    run.event = event  # type: ignore[method-assign]
    run.begin().session()
    for zone, verdict in day.found.items():
        run.start(items[zone])
        if verdict is None:
            run.finish(items[zone], "interrupted")
            continue
        measured = run.measure(
            items[zone],
            value=2.4 if verdict is N else 0.5,
            U=0.03,
            k=2.0,
            uncertainty=UncertaintyStatus.EVALUATED,
            instruments=day.instruments,
        )
        run.judge(items[zone], items[zone].requirements[0], verdict, measured)
        run.finish(items[zone], "non_conform" if verdict is N else "done")
    run.close()
    seal(path)
    return path


def merged(tmp_path: Path, *days: Day) -> Path:
    runs = [made(tmp_path / f"day-{number}", day) for number, day in enumerate(days, 1)]
    merge(runs, tmp_path / "all")
    return tmp_path / "all"


def verdicts(run: Path) -> dict[str, Verdict]:
    return {row.finding.device: row.finding.verdict for row in load(run).rows}


def test_two_days_are_one_report_with_who_tested_what_and_when(tmp_path: Path):
    first, second = Day({"Z01": C}), Day({"Z02": C, "Z03": C}, 24, operator="李雷", instruments=("SLM-1",))
    out = merged(tmp_path, second, first)  # the order on the command line does not matter
    assert verdicts(out) == {"Z01": C, "Z02": C, "Z03": C}
    view = load(out)
    assert view.exit_code == 0
    assert verify(out).intact
    jsonschema.validate(results(view), results_schema())
    for language in ("zh", "en"):
        section = document(view, language)["merged"]
        assert [row[3].split("、")[0].split(", ")[0] for row in section["rows"]] == ["张三", "李雷"]
        assert [row[5] for row in section["rows"]] == ["1", "2"]
        assert section["rows"][1][4] == "SLM-1"
        assert section["notes"] == section["conflicts"] == []
    text = json.dumps(document(view)["annex"], ensure_ascii=False)
    assert "第 1 次检测" in text
    assert "第 2 次检测" in text


def test_each_line_of_the_record_names_who_tested_it_also_at_the_same_time(tmp_path: Path):
    out = merged(
        tmp_path, Day({"Z01": C, "Z02": C}), Day({"Z03": C}, 0.0001, operator="李雷", instruments=("SLM-1",))
    )
    view = load(out)
    said = {
        row.finding.device: lines.tester(view, row.attempts[-1].started, row.finding.measurement)
        for row in view.rows
    }
    assert {zone: one.split(" / ")[0] for zone, one in said.items()} == {
        "Z01": "张三",
        "Z02": "张三",
        "Z03": "李雷",
    }
    assert span_of_sessions(view) == ()


@pytest.mark.parametrize(("one", "other"), [(N, C), (C, N)])
def test_a_nonconformity_stands_whichever_run_found_it_and_both_are_shown(
    tmp_path: Path, one: Verdict, other: Verdict
):
    out = merged(tmp_path, Day({"Z01": one}), Day({"Z01": other, "Z02": C, "Z03": C}, 24))
    view = load(out)
    assert verdicts(out)["Z01"] is N
    assert view.exit_code == 1
    (shown,) = document(view)["merged"]["conflicts"]
    assert "不合格" in shown[2]
    assert "第 1 次：" in shown[2]
    assert "第 2 次：" in shown[2]
    assert shown[3] == "不合格"
    attempts = next(row.attempts for row in view.rows if row.finding.device == "Z01")
    assert [one.number for one in attempts] == [1, 2]


def test_what_no_run_tested_is_not_tested(tmp_path: Path):
    out = merged(tmp_path, Day({"Z01": C}), Day({"Z02": C}, 24))
    assert verdicts(out) == {"Z01": C, "Z02": C, "Z03": NT}
    assert load(out).exit_code == 3


def test_a_pass_does_not_stand_where_the_site_file_was_corrected(tmp_path: Path):
    other = FACTS | {"devices": FACTS["devices"] | {"Z01": "corrected"}}
    out = merged(tmp_path, Day({"Z01": C, "Z02": C}), Day({"Z03": C}, 24, facts=other))
    assert verdicts(out) == {"Z01": NT, "Z02": C, "Z03": C}
    assert "Z01" in document(load(out))["merged"]["notes"][0]


def test_a_nonconformity_stands_although_the_site_file_was_corrected(tmp_path: Path):
    other = FACTS | {"devices": FACTS["devices"] | {"Z01": "corrected"}}
    out = merged(tmp_path, Day({"Z01": N}), Day({"Z01": C, "Z02": C, "Z03": C}, 24, facts=other))
    assert verdicts(out)["Z01"] is N


def test_what_only_one_laptop_could_test_counts_and_is_not_untestable(tmp_path: Path):
    lacking = {"untestable": (Untestable(ROW.id, "Z01", "台账中无仪器"),)}
    out = merged(
        tmp_path, Day({"Z01": C}), Day({"Z02": C, "Z03": C}, 24, planned=("Z02", "Z03"), plan=lacking)
    )
    assert verdicts(out) == {"Z01": C, "Z02": C, "Z03": C}
    out = merged(
        tmp_path / "x", Day({"Z02": C}), Day({"Z02": C, "Z03": C}, 24, planned=("Z02", "Z03"), plan=lacking)
    )
    assert verdicts(out)["Z01"] is NT


def test_another_record_of_an_instrument_voids_what_it_measured(tmp_path: Path):
    meter = {"id": "SLM-1", "name": "声级计", "serial": "1", "due": "2027-01-01"}
    out = merged(
        tmp_path,
        Day({"Z01": C}, site={"instruments": [meter]}, instruments=("SLM-1",)),
        Day({"Z02": C, "Z03": C}, 24, site={"instruments": [meter | {"due": "2025-01-01"}]}),
    )
    assert verdicts(out)["Z01"] is NT


def test_an_item_that_a_run_at_the_same_time_left_unfinished_does_not_pass(tmp_path: Path):
    out = merged(tmp_path, Day({"Z01": None, "Z02": C, "Z03": C}), Day({"Z01": C}, 0.0001))
    assert verdicts(out)["Z01"] is NT
    notes = document(load(out))["merged"]["notes"]
    assert "重叠" in notes[0]
    later = merged(tmp_path / "later", Day({"Z01": None, "Z02": C, "Z03": C}), Day({"Z01": C}, 24))
    assert verdicts(later)["Z01"] is C


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"site": {"id": "other"}}, "site bank-branch and other"),
        ({"site": {"emulated": False}}, "emulated"),
        ({"plan": {"seed": 8}}, "another draw"),
        ({"plan": {"decision_rule": DecisionRule.NON_BINARY}}, "decision_rule"),
        ({"rows": (replace(ROW, limit=Limit("s", max=3.0)),)}, "IAS-RT-01 .limit"),
        ({"rows": (replace(ROW, limit_status=LimitStatus.UNVERIFIED),)}, "IAS-RT-01 .limit verified"),
        ({"plan": {"parameters": {"rests_on": FACTS, "largest_u": 0.9}}}, "largest_u"),
        ({"facts": {}}, "earlier version"),
        (
            {
                "planned": ("Z01", "Z02"),
                "plan": {"sampling": (SampleRecord("zone", 3, 2, "other", ("Z01",)),)},
            },
            "the sampling .was none, is other",
        ),
        ({"site": {"scope": ["ACS-*"]}}, "another scope"),
        ({"facts": FACTS | {"devices": {"Z02": "Z02", "Z03": "Z03"}}}, "only the first has device Z01"),
        (
            {"rows": (replace(ROW, id="IAS-XX-01"),)},
            "only the first has requirement IAS-RT-01",
        ),
    ],
)
def test_runs_of_another_order_are_refused(tmp_path: Path, changed: dict[str, Any], named: str):
    with pytest.raises(UsageError, match=f"not of one order.*{named}"):
        merged(tmp_path, Day({"Z01": C}), Day({"Z02": C}, 24, **changed))
    assert not (tmp_path / "all").exists()


def test_what_only_an_earlier_plan_has_is_not_tested_and_not_lost(tmp_path: Path):
    """The models were written otherwise on the other laptop, so another sample was drawn by the same rule."""
    first, second = Day({"Z01": C}), Day({"Z02": C}, 24, planned=("Z01", "Z02"))
    assert verdicts(merged(tmp_path, first, second)) == {"Z01": C, "Z02": C, "Z03": NT}


def test_a_result_that_does_not_stand_is_not_lost_where_the_last_plan_has_no_such_item(tmp_path: Path):
    other = FACTS | {"devices": {zone: zone for zone in ZONES} | {"Z01": "corrected"}}
    first, second = Day({"Z01": C}), Day({"Z02": C}, 24, planned=("Z02",), facts=other)
    assert verdicts(merged(tmp_path, first, second))["Z01"] is NT


@pytest.mark.parametrize("decides", ["an item", "the site file", "nothing"])
def test_an_order_that_the_clocks_contradict_is_refused_where_it_decides(tmp_path: Path, decides: str):
    """The second laptop's clock is ten hours behind: what passed on the first day would count as the last."""
    later = {
        "an item": Day({"Z01": None}, -10),
        "the site file": Day({"Z02": C}, -10, facts=FACTS | {"site": "b"}),
    }
    runs = [
        made(tmp_path / "1", Day({"Z01": C})),
        made(tmp_path / "2", later.get(decides, Day({"Z02": C}, -10))),
    ]
    out = tmp_path / "all"
    if decides == "nothing":
        merge(runs, out)
        assert verdicts(out) == {"Z01": C, "Z02": C, "Z03": NT}
        return
    with pytest.raises(UsageError, match="begun after it by its computer's clock"):
        merge(runs, out)
    assert not out.exists()
    merge(runs, out, "时钟慢 10 h")
    assert verdicts(out)["Z01"] is NT
    assert "时钟慢 10 h" in document(load(out), "en")["merged"]["notes"][0]
    assert load(out).merged.order == "时钟慢 10 h"


def test_another_report_number_is_another_order(tmp_path: Path):
    one, other = ({"laboratory": {"name": "L", "report_no": no}} for no in ("1", "2"))
    with pytest.raises(UsageError, match="report_no 1 and 2"):
        merged(tmp_path, Day({"Z01": C}, site=one), Day({"Z02": C}, 24, site=other))


@pytest.mark.parametrize(
    ("opened", "named"), [({"limits_confirmed": True}, "selftest"), ({"retest_of": {"head": "x"}}, "re-test")]
)
def test_runs_that_are_no_first_runs_are_refused(tmp_path: Path, opened: dict[str, Any], named: str):
    first, second = made(tmp_path / "1", Day({"Z01": C})), tmp_path / "2"
    builder = Day({"Z02": C}, 24, opened=opened)
    if "retest_of" in opened:
        second.mkdir()
        (second / "first.json").write_text(
            '{"schema": "yanshou-first/1", "head": "x", "results": {"findings": []}}', "utf-8"
        )
        builder = replace(
            builder,
            opened={"retest_of": {"head": "x", "round": 2, "run": "1", "started": "2026-11-23T01:12:00Z"}},
        )
    with pytest.raises(UsageError, match=named):
        merge([first, made(second, builder)], tmp_path / "all")


RATE = requirement("ACC-RATE", measurand="sample_pass_rate", limit=Limit("%", min=95.0), population=("site",))


@pytest.mark.parametrize(
    ("found", "rate"),
    [({"Z02": C, "Z03": C}, C), ({"Z02": C}, NT), ({"Z02": N, "Z03": C}, N), ({"Z02": None, "Z03": C}, NT)],
)
def test_the_pass_rate_is_counted_anew_over_all_runs(
    tmp_path: Path, found: dict[str, Verdict | None], rate: Verdict
):
    """Each run alone had counted itself: one device of three, and the others open."""
    drawn = SampleRecord("zone/M", 3, 3, "all", ZONES)
    tally = item(RATE.measurand, "SITE", RATE.id)
    plan = {"sampling": (drawn,), "more": (tally,)}
    out = merged(
        tmp_path,
        Day({"Z01": C, "SITE": C}, rows=(ROW, RATE), plan=plan),
        Day(found, 24, rows=(ROW, RATE), plan=plan),
    )
    row = next(one for one in load(out).rows if one.finding.requirement == RATE.id)
    assert row.finding.verdict is rate
    if rate is C:
        assert row.finding.value == 100.0
        assert any("重新统计" in one.text for one in load(out).deviations)


def test_a_run_that_is_not_intact_is_refused(tmp_path: Path):
    runs = [
        made(tmp_path / name, Day({zone: C}, n))
        for n, (name, zone) in enumerate((("1", "Z01"), ("2", "Z02")))
    ]
    (runs[0] / "extra.txt").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="not intact"):
        merge(runs, tmp_path / "all")


def test_a_copy_of_a_run_is_refused(tmp_path: Path):
    runs = [made(tmp_path / name, Day({"Z01": C})) for name in ("1", "2")]
    with pytest.raises(UsageError, match="copies of one run"):
        merge(runs, tmp_path / "all")


@pytest.mark.parametrize("name", ["journal.jsonl", "manifest.json", "plan.json", "site/inventory.csv"])
def test_verify_holds_the_originals(tmp_path: Path, name: str):
    out = merged(tmp_path, Day({"Z01": C}), Day({"Z02": C}, 24))
    path = out / "merged" / "1" / name
    path.write_bytes(path.read_bytes().replace(b"Z01", b"Z09", 1) + b" ")
    assert any(one.path.startswith("merged/1/") for one in verify(out).problems)
    (out / "manifest.json").unlink()  # whatever the manifest of the folder says
    if name in {"journal.jsonl", "manifest.json", "plan.json"}:
        with pytest.raises(UsageError, match="not intact"):
            RunFolder.existing(out)


def test_a_merged_folder_is_issued_like_a_run_and_not_gone_on_with(tmp_path: Path):
    runs = [made(tmp_path / "1", Day({"Z01": C})), made(tmp_path / "2", Day({"Z02": C, "Z03": C}, 24))]
    out = tmp_path / "all"
    text = [str(one) for one in runs]
    assert main(["merge", *text, "--out", str(out), "--only", "results"]) == 0
    assert main(["report", str(out), "--only", "results"]) == 0
    assert main(["verify", str(out)]) == 0
    overlay = tmp_path / "own.toml"
    overlay.write_text("", "utf-8")
    assert main(["rejudge", str(out), "--overlay", str(overlay)]) == 2
    assert main(["merge", *text, "--out", str(out)]) == 2  # not empty
    assert main(["merge", text[0], str(out), "--out", str(tmp_path / "more")]) == 2  # a folder over runs
