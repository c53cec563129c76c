# SPDX-License-Identifier: Apache-2.0
"""results.json, junit.xml and the console lines of a run."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from tests.support.big_run import big_run
from tests.support.run_builder import item, small_run
from yanshou.model import UsageError, Verdict
from yanshou.reports import FORMATS, console_summary, load, render
from yanshou.reports.junit import junit_xml
from yanshou.reports.messages import MESSAGES, Messages
from yanshou.reports.messages_pages import PARAGRAPHS
from yanshou.reports.messages_reasons import REASONS
from yanshou.reports.results import results, results_json, results_schema

KEYS = [
    "requirement",
    "standard",
    "clause",
    "device",
    "measurand",
    "value",
    "unit",
    "U",
    "k",
    "n",
    "limit",
    "limit_status",
    "decision_rule",
    "verdict",
    "reason",
    "measurement",
    "evidence",
]


def test_results_keep_their_schema_and_keys(tmp_path: Path):
    view = load(big_run(tmp_path / "run").path)
    content = json.loads(results_json(view))
    jsonschema.Draft202012Validator(results_schema()).validate(content)
    top = {
        "run",
        "site",
        "plan_sha256",
        "catalogue_sha256",
        "software",
        "started",
        "ended",
        "summary",
        "findings",
    }
    assert top <= content.keys()
    assert [key for key in content["findings"][0] if key in KEYS] == KEYS
    assert sum(content["summary"].values()) == len(content["findings"]) == 45
    assert content["emulated"] is True


def test_values_in_results_are_not_rounded(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.latency(run.plan.items[0], [2.0000000001], Verdict.NON_CONFORM)
    finding = results(load(run.path))["findings"][0]
    assert finding["value"] == 2.0000000001
    assert finding["U"] == 0.003128


@pytest.mark.parametrize("change", [{"verdict": "passed"}, {"value": None}, {"limit_status": "unverified"}])
def test_the_schema_refuses_a_pass_that_is_none(tmp_path: Path, change: dict[str, object]):
    run = small_run(tmp_path / "run")
    run.latency(run.plan.items[0], [0.5], Verdict.CONFORM)
    content = results(load(run.path))
    content["findings"][0] |= change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(results_schema()).validate(content)


def test_a_value_that_is_no_number_gives_valid_json(tmp_path: Path):
    run = small_run(tmp_path / "run")
    one = run.plan.items[0]
    run.start(one)
    run.judge(one, "IAS-RT-01", Verdict.INVALID, run.measure(one, value=0.1), "not finite")
    run.lines[-1] = run.lines[-1].replace(b'"value":0.1', b'"value":NaN')
    (run.path / "journal.jsonl").write_bytes(b"".join(line + b"\n" for line in run.lines))
    assert results(load(run.path))["findings"][0]["value"] is None
    assert math.isnan(load(run.path).rows[0].attempts[0].findings[0].value)  # type: ignore[arg-type]


def test_junit_counts_and_kinds(tmp_path: Path):
    root = etree.fromstring(junit_xml(load(big_run(tmp_path / "run").path)))
    assert root.get("tests") == "45"
    assert (root.get("failures"), root.get("errors"), root.get("skipped")) == ("2", "2", "5")
    assert len(root.findall(".//failure")) == 2
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert len(cases) == 45
    failed = cases["IAS-RT-01[Z07]"]
    assert failed.find("failure") is not None
    facts = {one.get("name"): one.get("value") for one in failed.iter("property")}
    assert facts["clause"] == "GB 55029-2022 3.5.1(8)"
    assert facts["U"] == "0.003128"
    assert facts["limit"] == "≤ 2 s"
    fault = cases["IAS-RT-01[Z12]"].find("error")
    assert fault is not None
    assert fault.get("type") == "RigFault"
    assert cases["IQ-SFR-01[CAM-1]"].find("skipped") is not None
    assert cases["NMG-10-01"].find("skipped") is not None
    assert cases["IAS-PW-01[PANEL-1]"].findtext("system-out", "").startswith("条件合格")


def test_junit_survives_control_characters(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.fault(run.plan.items[0], "garbage \x00\x1b[31m", "PANEL-1")
    assert etree.fromstring(junit_xml(load(run.path))).get("errors") == "1"


def test_the_console_says_the_worst_first(tmp_path: Path):
    view = load(big_run(tmp_path / "run").path)
    pdf = view.folder / "report" / "report.pdf"
    pdf.parent.mkdir(exist_ok=True)
    pdf.write_bytes(b"%PDF-1.7")
    lines = console_summary(view)
    assert "合格 35   不合格 2" in lines[0]
    assert "仿真" in lines[0]
    assert lines[1].split() == [
        "不合格",
        "IAS-RT-01",
        "Z07",
        "报警控制器响应时间",
        *["2.4123", "s", "±", "0.0031", "s"],
        *[">", "2", "s"],
        *["GB", "55029-2022", "3.5.1(8)"],
    ]
    assert [line.split()[0] for line in lines[2:]] == [
        "不合格", "无效", "未检", "未检", "未检", "条件合格", "依据待核", "报告",
    ]  # fmt: skip
    assert "report.pdf" in lines[-1]


def test_the_console_groups_devices_and_speaks_english(tmp_path: Path):
    items = tuple(item("alarm_response_time", f"Z{n:02d}", "IAS-RT-01") for n in range(1, 41))
    run = small_run(tmp_path / "run", plan={"items": items})
    lines = console_summary(load(run.path), "en")
    assert len(lines) == 2  # no report was made, so none is named
    assert "40 in all" in lines[1]
    assert "not tested 40" in lines[0]


def test_the_console_names_only_files_that_were_made(tmp_path: Path):
    run = small_run(tmp_path / "run")
    made = render(run.path, ["json", "junit"])
    reported = [
        line.split()[-1] for line in console_summary(load(run.path), "en", made) if line.startswith("Report")
    ]
    assert [Path(one).name for one in reported] == ["results.json", "junit.xml"]
    assert "report.pdf" not in "".join(console_summary(load(run.path), "en"))
    gone = {**made, "pdf": run.path / "report" / "report.pdf"}
    assert "report.pdf" not in "".join(console_summary(load(run.path), "en", gone))


def test_render_writes_what_is_asked_and_tells_its_progress(tmp_path: Path):
    run = small_run(tmp_path / "run")
    reported: list[str] = []
    made = render(run.path, ["json", "junit"], progress=reported.append)
    assert reported == ["results", "junit"]
    assert made["results"].read_bytes() == results_json(load(run.path))
    assert {path.name for path in (run.path / "report").iterdir()} == {"results.json", "junit.xml"}


def test_render_refuses_an_unknown_format_or_language(tmp_path: Path):
    run = small_run(tmp_path / "run")
    with pytest.raises(UsageError, match="docx"):
        render(run.path, ["docx"])
    with pytest.raises(UsageError, match="fr"):
        render(run.path, ["json"], language="fr")
    assert FORMATS == (
        *("results", "junit", "csv", "xlsx", "record", "pdf", "laboratory", "acceptance", "allure"),
    )


def test_every_message_has_both_languages():
    texts = [*MESSAGES.values(), *(text for block in PARAGRAPHS.values() for text in block)]
    assert all(text.zh and text.en for text in texts)
    assert all(zh for _, zh in REASONS)


def test_known_reasons_are_told_in_chinese():
    messages = Messages("zh")
    assert (
        messages.reason("nothing within 10 s; waited too short to tell")
        == "10 s 内未出现；等待时间不足以判定"
    )
    assert messages.reason("relay stuck") == "原因以英文记于检测日志"
    assert messages.reason("RELAY-2: relay stuck") == "RELAY-2：原因以英文记于检测日志"
    assert Messages("en").reason("relay stuck") == "relay stuck"
