# SPDX-License-Identifier: Apache-2.0
"""Issues of a report (ISO/IEC 17025:2017, 7.8.8): numbered, with a reason, the former one kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.run_builder import small_run
from yanshou.cli.main import main
from yanshou.evidence import RunFolder, verify
from yanshou.evidence.soundness import new_problems
from yanshou.model import Verdict
from yanshou.reports import load
from yanshou.reports.document import document
from yanshou.reports.results import results, results_schema


@pytest.fixture(autouse=True)
def _typeset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typesetting takes seconds; what the pages say is asked of the document."""
    monkeypatch.setattr(
        "yanshou.reports.pdf.pdf_bytes",
        lambda view, language: json.dumps(document(view, language)["cover"]).encode(),
    )


@pytest.fixture
def run(tmp_path: Path) -> Path:
    builder = small_run(tmp_path / "run")
    builder.session()
    builder.latency(builder.plan.items[0], [0.4, 0.5, 0.6], Verdict.CONFORM)
    builder.close()
    return builder.path


def report(run: Path, *options: str) -> int:
    return main(["report", str(run), "--only", "pdf,results", *options])


def cover(run: Path, language: str = "en") -> str:
    lines = {one["label"]: one["text"] for one in document(load(run), language)["cover"]}
    return str(lines["Issue" if language == "en" else "签发次数"])


def recorded(run: Path, **fields: Any) -> None:
    """Something is recorded after the report was issued."""
    with RunFolder.existing(run).journal() as journal:
        journal.append("calibration", phase="after", loops=[], drift=[], **fields)


def test_the_first_issue_needs_no_reason_and_is_named_everywhere(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cover(run, "zh") == "工作稿，未签发"
    assert report(run) == 0
    assert cover(run).startswith("issue 1 of 20")
    made = results(load(run))
    assert (made["issue"]["number"], made["issue"]["replaces"]) == (1, 0)
    jsonschema.validate(made, results_schema())
    kept = run / "report" / "issues" / "1" / "report.pdf"
    assert kept.read_bytes() == (run / "report" / "report.pdf").read_bytes()
    capsys.readouterr()
    assert main(["--lang", "en", "verify", str(run)]) == 0
    assert "issue 1 of the report" in capsys.readouterr().out


def test_the_same_issue_again_has_no_new_number(run: Path) -> None:
    assert [report(run), report(run)] == [0, 0]
    assert [event["kind"] for event in RunFolder.existing(run).events()].count("issue") == 1


def test_another_issue_needs_a_reason_and_replaces_the_former_which_stays(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(run)
    first = (run / "report" / "issues" / "1" / "report.pdf").read_bytes()
    recorded(run)
    assert report(run) == 2
    assert "--reason" in capsys.readouterr().err
    assert report(run, "--reason", "  ") == 2
    assert report(run, "--reason", "地址更正") == 0
    assert "; replaces issue 1; reason: 「地址更正」 (as written)" in cover(run)
    assert (run / "report" / "issues" / "1" / "report.pdf").read_bytes() == first
    second = (run / "report" / "issues" / "2" / "report.pdf").read_bytes()
    assert second == (run / "report" / "report.pdf").read_bytes() != first
    capsys.readouterr()
    assert main(["verify", str(run), "--json"]) == 0
    output = json.loads(capsys.readouterr().out)["issues"]
    assert [(one["number"], one["replaces"], one["reason"]) for one in output] == [
        (1, 0, ""),
        (2, 1, "地址更正"),
    ]
    assert output[0]["files"].keys() == {"report/issues/1/report.pdf", "report/issues/1/results.json"}


def test_another_language_is_another_issue(run: Path) -> None:
    report(run)
    assert report(run, "--report-lang", "en") == 2
    assert report(run, "--report-lang", "en", "--reason", "English") == 0


def test_a_report_made_after_something_was_recorded_is_of_no_issue(run: Path) -> None:
    report(run)
    recorded(run)
    assert cover(run) == "working copy, not issued"
    assert "issue" not in results(load(run))


def test_other_formats_alone_are_no_issue(run: Path) -> None:
    assert main(["report", str(run), "--only", "results,junit"]) == 0
    assert not any(event["kind"] == "issue" for event in RunFolder.existing(run).events())


@pytest.mark.parametrize("number", [1, 2])
def test_a_changed_copy_of_an_issue_is_found_and_never_sealed_again(run: Path, number: int) -> None:
    report(run)
    report(run, "--reason", "地址更正")
    copy = run / "report" / "issues" / str(number) / "report.pdf"
    copy.write_bytes(copy.read_bytes() + b" ")
    assert not verify(run).intact
    assert {one.path for one in new_problems(run)} == {f"report/issues/{number}/report.pdf"}
    assert report(run, "--reason", "again") == 2


def test_a_replaced_issue_is_known_by_its_digest_even_without_a_manifest(run: Path) -> None:
    report(run)
    report(run, "--reason", "地址更正")
    (run / "manifest.json").unlink()
    (run / "report" / "issues" / "1" / "report.pdf").unlink()
    assert [(one.path, one.kind) for one in new_problems(run)] == [("report/issues/1/report.pdf", "lost")]


def test_an_issue_is_no_part_of_the_time_of_the_tests(run: Path) -> None:
    before = load(run)
    report(run)
    after = load(run)
    assert (after.started, after.ended, after.clock_jumps) == (before.started, before.ended, ())
