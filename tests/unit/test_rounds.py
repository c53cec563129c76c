# SPDX-License-Identifier: Apache-2.0
"""A re-test in its run folder and report: the first verdict stays beside the second one."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pypdf
import pytest

from tests.support.peers import require
from tests.support.run_builder import START, RunBuilder, item, png, requirement, site_json
from yanshou.cli.asked_mended import ask_mended
from yanshou.cli.main import main
from yanshou.cli.rectification_file import read_rectification
from yanshou.cli.rectifying import journal_mended
from yanshou.cli.retesting import first_run
from yanshou.evidence import RunFolder, seal, verify
from yanshou.evidence.retests import unnamed_retests
from yanshou.model import Plan, Site, UncertaintyStatus, UsageError, Verdict
from yanshou.reports import load, render
from yanshou.reports.allure_results import write_results
from yanshou.reports.comparison import Change, compare
from yanshou.reports.conclusion import proposed
from yanshou.reports.document import document
from yanshou.reports.junit import junit_xml
from yanshou.reports.messages import Messages
from yanshou.reports.rectification import form_toml, notice_pdf
from yanshou.reports.results import results, results_schema
from yanshou.site import load_site

BRANCH = Path(__file__).resolve().parents[2] / "examples" / "bank-branch"
N, C, NA, NT = Verdict.NON_CONFORM, Verdict.CONFORM, Verdict.NOT_APPLICABLE, Verdict.NOT_TESTED
ROW = requirement("IAS-RT-01")
SITE = replace(load_site(BRANCH), id="bank-branch")
FIRST = {"Z01": C, "Z02": N, "Z03": NT}


def filled(run: RunBuilder, verdicts: dict[str, Verdict]) -> Path:
    """Each zone measured once; one that is not tested was never begun."""
    run.session()
    for zone, verdict in verdicts.items():
        if verdict is NT:
            continue
        one = item(ROW.measurand, zone, ROW.id)
        run.start(one)
        if verdict is NA:
            run.event("trouble", item=one.id, family="not_applicable", what="无对象", device="", remedy="")
            run.finish(one, "not_applicable")
            continue
        value = 2.4 if verdict is N else 0.5
        measured = run.measure(one, value=value, U=0.03, k=2.0, uncertainty=UncertaintyStatus.EVALUATED)
        run.judge(one, ROW.id, verdict, measured)
        run.finish(one)
    run.close()
    return run.path


def builder(path: Path, verdicts: dict[str, Verdict]) -> RunBuilder:
    items = tuple(item(ROW.measurand, zone, ROW.id) for zone in verdicts)
    plan = Plan(site="bank-branch", seed=7, items=items, sha256="a" * 64)
    return RunBuilder(path, plan, [ROW], site_json())


def first(path: Path, verdicts: dict[str, Verdict] | None = None) -> Path:
    made = filled(builder(path, verdicts or FIRST).begin(), verdicts or FIRST)
    seal(made)
    return made


def retest(
    path: Path,
    before: Path,
    verdicts: dict[str, Verdict],
    site: Site = SITE,
    *,
    begun: RunBuilder | None = None,
) -> Path:
    """A run that names the first one as the product does, in its first line and in ``first.json``."""
    link = first_run(before, site)
    run = begun or builder(path, verdicts)
    path.mkdir()
    (path / "first.json").write_text(json.dumps(link.record, ensure_ascii=False), "utf-8")
    opening = run.event

    def event(kind: str, **fields: object) -> dict[str, object]:
        if kind == "run_opened":
            fields["retest_of"] = dict(link.link)
            fields["frozen"] = {
                file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
                for file in path.rglob("*")
                if file.is_file()
            }
        return opening(kind, **fields)

    run.event = event  # type: ignore[method-assign]
    return filled(run.begin(), verdicts)


def verdicts_of(run: Path) -> dict[str, tuple[Verdict | None, Verdict]]:
    return {
        row.finding.device: (row.first.verdict if row.first else None, row.finding.verdict)
        for row in load(run).rows
    }


def test_every_row_of_a_retest_carries_the_first_verdict(tmp_path: Path):
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C, "Z04": C})
    assert verdicts_of(run) == {"Z02": (N, C), "Z03": (NT, C), "Z04": (None, C)}
    view = load(run)
    assert view.round == 2
    assert view.exit_code == 0
    answer = results(view)
    jsonschema.validate(answer, results_schema())
    assert answer["round"] == 2
    assert [one.get("first", {}).get("verdict") for one in answer["findings"]] == [
        "non_conform",
        "not_tested",
        None,
    ]


def test_compared_with_its_first_run_a_retest_leaves_what_conformed_as_it_was(tmp_path: Path):
    """Also where the clock says that it was made before: the re-test itself names what it follows."""
    other = item(ROW.measurand, "Z04", "IAS-RT-02")
    made = builder(tmp_path / "two", {"Z01": C, "Z02": N})
    made.plan = replace(made.plan, items=(*made.plan.items, other))
    made.catalogue = [ROW, requirement("IAS-RT-02")]
    made.begin()
    made.start(other)
    made.judge(other, "IAS-RT-02", C, made.measure(other, value=0.5))
    made.finish(other)
    before = filled(made, {"Z01": C, "Z02": N})
    seal(before)
    earlier = replace(builder(tmp_path / "again", {"Z02": C}), clock=START - timedelta(hours=1))
    run = retest(tmp_path / "again", before, {"Z02": C}, begun=earlier)
    found = compare(load(before), load(run), {"then": (), "now": ()})
    changes = {(one.requirement, one.device): one.change for one in found.pairs}
    assert changes == {
        (ROW.id, "Z01"): Change.GONE,
        (ROW.id, "Z02"): Change.BETTER,
        ("IAS-RT-02", "Z04"): Change.GONE,
    }
    assert any("早于上一轮检测" in one.text for one in load(run).deviations)


def test_allure_and_junit_carry_the_first_verdict(tmp_path: Path):
    view = load(retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C, "Z04": C}))
    assert junit_xml(view).count(b'name="first_verdict" value="non_conform"') == 1
    (tmp_path / "allure").mkdir()
    write_results(view, tmp_path / "allure")
    found = [json.loads(one.read_text("utf-8")) for one in (tmp_path / "allure").glob("*-result.json")]
    reported = {one["value"] for made in found for one in made["parameters"] if one["name"] == "首次结果"}
    assert any(one.startswith("不合格 2.4") for one in reported)
    assert "未检" in reported


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_shows_first_finding_rectification_and_result(tmp_path: Path, language: str):
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": N})
    text = document(load(run), language)
    rows = text["rounds"]["rows"]
    assert len(rows) == 2
    failed = next(one for one in rows if "Z02" in one["device"])
    assert ("不合格" if language == "zh" else "does not conform") in failed["first"]
    assert "2.4" in failed["first"]
    assert ("合格" if language == "zh" else "conforms") in failed["again"]
    assert ("未提供整改记录" if language == "zh" else "no record") in failed["mended"]
    assert ("复检" if language == "zh" else "re-test") in text["run"]
    notes = json.dumps(text["annex"], ensure_ascii=False)
    assert ("上一轮：不合格" if language == "zh" else "round before: does not conform") in notes


def test_a_failed_device_that_the_retest_leaves_out_is_not_tested(tmp_path: Path):
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z04": C})
    assert verdicts_of(run) == {"Z04": (None, C), "Z02": (N, NT), "Z03": (NT, NT)}
    assert load(run).exit_code == 3


def test_what_had_failed_is_not_settled_by_being_called_not_applicable(tmp_path: Path):
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": NA, "Z03": C})
    assert verdicts_of(run)["Z02"] == (N, NT)
    assert load(run).exit_code == 3


def test_what_fails_again_does_not_conform(tmp_path: Path):
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C, "Z04": N})
    assert load(run).exit_code == 1


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"attributes": {"class": "1"}}, Verdict.CONDITIONAL_CONFORM),
        ({"model": "NEW", "name": "新探测器", "location": "大厅"}, C),
    ],
)
def test_what_conforms_only_since_the_site_file_says_otherwise_is_conditional(
    tmp_path: Path, changes: dict[str, object], verdict: Verdict
):
    device = SITE.devices["Z02"]
    changed = replace(SITE, devices={**SITE.devices, "Z02": replace(device, **changes)})  # type: ignore[arg-type]
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C, "Z04": C}, changed)
    assert verdicts_of(run) == {"Z02": (N, verdict), "Z03": (NT, C), "Z04": (None, C)}


def test_a_setting_that_was_shortened_since_makes_it_conditional(tmp_path: Path):
    shorter = replace(SITE, plan={**SITE.plan, "hold_s": 0.1})
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C}, shorter)
    assert verdicts_of(run)["Z02"] == (N, Verdict.CONDITIONAL_CONFORM)


@pytest.mark.parametrize(
    ("left", "concluded"),
    [
        (C, C),
        (Verdict.UNJUDGED, None),
        (Verdict.CONDITIONAL_CONFORM, Verdict.CONDITIONAL_CONFORM),
    ],
)
def test_the_conclusion_of_a_retest_says_no_more_than_the_first_round_allows(
    tmp_path: Path, left: Verdict, concluded: Verdict | None
):
    before = first(tmp_path / "first", {"Z01": left, "Z02": N})
    view = load(retest(tmp_path / "again", before, {"Z02": C}))
    found = proposed(view, Messages("zh"))
    assert found.verdict is concluded
    assert "上一轮报告" in found.text


def test_a_third_round_follows_the_second(tmp_path: Path):
    second = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": N, "Z03": C})
    seal(second)
    third = retest(tmp_path / "third", second, {"Z02": C})
    assert load(third).round == 3


def test_a_changed_first_json_is_found(tmp_path: Path):
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C})
    seal(run)
    assert verify(run).intact
    path = run / "first.json"
    path.write_text(path.read_text("utf-8").replace('"non_conform"', '"conform"', 1), "utf-8")
    assert {one.path for one in verify(run).problems} == {"first.json"}


def test_a_first_json_of_another_run_is_refused(tmp_path: Path):
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C})
    content = json.loads((run / "first.json").read_text("utf-8"))
    (run / "first.json").write_text(json.dumps(content | {"head": "0" * 64}), "utf-8")
    with pytest.raises(UsageError, match="first line of the journal"):
        load(run)


def test_a_run_that_is_not_intact_cannot_be_the_first(tmp_path: Path):
    made = first(tmp_path / "first")
    (made / "report").mkdir()
    (made / "report" / "results.json").write_text("{}", "utf-8")  # even of what could be made anew
    with pytest.raises(UsageError, match="not intact"):
        first_run(made, SITE)


def test_an_unsealed_run_cannot_be_the_first(tmp_path: Path):
    made = first(tmp_path / "first")
    (made / "manifest.json").unlink()
    with pytest.raises(UsageError, match="not intact"):
        first_run(made, SITE)


def test_a_run_of_another_site_or_rig_cannot_be_the_first(tmp_path: Path):
    made = first(tmp_path / "first")
    with pytest.raises(UsageError, match="another site"):
        first_run(made, replace(SITE, id="other"))
    with pytest.raises(UsageError, match="emulated"):
        first_run(made, replace(SITE, emulated=not SITE.emulated))


def test_a_run_in_which_all_conformed_needs_no_retest(tmp_path: Path):
    with pytest.raises(UsageError, match="nothing to test again"):
        first_run(first(tmp_path / "first", {"Z01": C}), SITE)


def test_what_changed_at_the_site_is_told_and_no_address_is_printed(tmp_path: Path):
    made = first(tmp_path / "first")
    panel = SITE.devices["PANEL-1"]
    assert panel.connection is not None
    moved = replace(panel, connection=replace(panel.connection, port=4711), name="新主机")
    changed = replace(SITE, devices={**SITE.devices, "PANEL-1": moved})
    reported = {one["what"]: one for one in first_run(made, changed).link["changes"]}
    assert reported["devices.PANEL-1.name"]["now"] == "新主机"
    assert not reported["devices.PANEL-1.name"]["rests"]
    assert reported["devices.PANEL-1.connection"]["rests"]
    assert "4711" not in json.dumps(list(reported.values()))


def test_no_credential_is_printed_where_one_changed(tmp_path: Path):
    made = first(tmp_path / "first")
    reader = SITE.devices["CARD-1"]
    other = replace(reader, attributes={**reader.attributes, "authorised": "0BADCAFE"})
    changed = replace(SITE, devices={**SITE.devices, "CARD-1": other})
    reported = first_run(made, changed).link["changes"]
    assert [one["what"] for one in reported] == ["devices.CARD-1.attributes.authorised"]
    assert "0BADCAFE" not in json.dumps(reported)
    assert str(reader.attributes["authorised"]) not in json.dumps(reported)


def mended(path: Path, text: str, since: date = date(2026, 11, 23)) -> list[tuple[str, str]]:
    path.write_text(text, "utf-8")
    read = read_rectification(path, [("IAS-RT-01", "Z02"), ("IAS-RT-01", "Z03")], since, date(2026, 12, 24))
    return [(one.device, one.what) for one in read]


DONE = '[[mended]]\nrequirement = "IAS-RT-01"\ndevice = "Z02"\nwhat = "换板"\nby = "王五"\non = 2026-11-25\n'


def test_the_list_of_what_was_mended_is_read_and_empty_entries_are_left_out(tmp_path: Path):
    file = tmp_path / "mended.toml"
    empty = '[[mended]]\nrequirement = "IAS-RT-01"\ndevice = "Z03"\nwhat = ""\n'
    assert mended(file, DONE + empty) == [("Z02", "换板")]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (DONE.replace("Z02", "Z09"), "did not fail"),
        (DONE.replace("2026-11-25", "2026-11-01"), "not between"),
        (DONE.replace("2026-11-25", "2027-11-01"), "not between"),
        (DONE.replace("on = 2026-11-25\n", ""), "on is missing"),
        (DONE.replace('by = "王五"\n', ""), "by"),
        (DONE + 'photo = "none.jpg"\n', "photo none.jpg"),
        (DONE + DONE, "twice"),
        ("", "nothing is said"),
    ],
)
def test_a_mistake_in_the_list_is_named(tmp_path: Path, changed: str, named: str):
    with pytest.raises(UsageError, match=named):
        mended(tmp_path / "mended.toml", changed)


def test_what_was_mended_stands_in_the_report_with_its_photograph(tmp_path: Path):
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C})
    file, photo = tmp_path / "mended.toml", tmp_path / "photo.png"
    photo.write_bytes(png(480))
    mended(file, DONE + 'photo = "photo.png"\n')
    listed = read_rectification(file, [("IAS-RT-01", "Z02")], date(2026, 11, 23), date(2026, 12, 24))
    for _ in range(2):  # the same list twice is one list
        journal_mended(run, file, listed)
    seal(run)
    view = load(run)
    assert len([one for one in RunFolder.existing(run).events() if one["kind"] == "rectified"]) == 1
    text = next(one["mended"] for one in document(view)["rounds"]["rows"] if "Z02" in one["device"])
    assert "换板" in text
    assert "王五" in text
    assert "2026-11-25" in text
    assert [one.sha256 for one in view.evidence] == [hashlib.sha256(photo.read_bytes()).hexdigest()]
    view.blob(view.evidence[0].sha256).unlink()
    assert "lost" in {one.kind for one in verify(run).problems}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_notice_names_each_nonconformity_with_figure_limit_and_place(tmp_path: Path, language: str):
    made = first(tmp_path / "first", {"Z01": C, "Z02": N, "Z03": NT})
    data = notice_pdf(load(made), language, date(2026, 12, 31))
    (page,) = [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(data)).pages]
    for text in ("IAS-RT-01", "Z02", "2.4", "0.03", "2026-12-31", "现金区", "9.1.6", "Z03"):
        assert text in page, text
    assert "Z01" not in page
    form = form_toml(load(made), language)
    assert [one["device"] for one in tomllib.loads(form)["mended"]] == ["Z02"]


def test_there_is_no_notice_where_all_conforms(tmp_path: Path):
    with pytest.raises(UsageError, match="nothing to rectify"):
        notice_pdf(load(first(tmp_path / "first", {"Z01": C})))


def test_what_was_mended_is_asked_at_the_terminal():
    answers = iter(["换板", "?", "王五", "昨天", "2027-01-01", "2026-11-25", ""])
    found = ask_mended(
        [("IAS-RT-01", "Z02"), ("IAS-RT-01", "Z03")],
        date(2026, 11, 23),
        date(2026, 12, 24),
        read=lambda _: next(answers),
        write=lambda _: None,
    )
    assert [(one.device, one.what, one.person, one.on) for one in found] == [
        ("Z02", "换板", "王五", date(2026, 11, 25))
    ]


def test_a_second_retest_of_one_run_names_the_first_and_both_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Who tests again until it passes has two re-tests that know nothing of each other."""
    before = first(tmp_path / "runs" / "1")
    failed = retest(tmp_path / "runs" / "2", before, {"Z02": N, "Z03": C, "Z04": C})
    assert "re-tested" not in capsys.readouterr().err
    passed = retest(tmp_path / "runs" / "3", before, {"Z02": C, "Z03": C, "Z04": C})
    assert str(failed) in capsys.readouterr().err
    view = load(passed)
    assert view.first is not None
    assert [one["run"] for one in view.first.others] == ["2"]
    for language, said in (("zh", "上一轮检测另有复检：2"), ("en", "re-tested before, in 2")):
        printed = document(view, language)
        assert any(said in one for one in printed["rounds"]["about"])
        assert any(said in one for one in printed["missing"])
    assert [one.folder for one in unnamed_retests(failed)] == [passed]
    assert unnamed_retests(passed) == unnamed_retests(before) == []
    for arguments in (["verify", str(failed)], ["diff", str(failed), str(passed)]):
        main(["--lang", "en", *arguments])
        assert f"re-tested in {passed} as well" in capsys.readouterr().err


def test_the_allure_page_of_a_retest_shows_the_round_before_beside_each_result(tmp_path: Path):
    """Allure 3 itself makes the page: the trend has the first round, and each device its former state."""
    require("allure")
    run = retest(tmp_path / "again", first(tmp_path / "first"), {"Z02": C, "Z03": C, "Z04": C})
    page = render(run, ["allure"])["allure"].read_text("utf-8")
    held = [
        base64.b64decode(one).decode("utf-8", "ignore")
        for one in re.findall('"([A-Za-z0-9+/=]{200,})"', page)
    ]
    before = {}
    for one in held:
        if one.startswith("{") and '"transition"' in one and "fullName" in (shown := json.loads(one)):
            before[shown["fullName"]] = [past["status"] for past in shown["history"]]
    assert before == {
        "alarm_response_time[Z02]": ["failed"],
        "alarm_response_time[Z03]": ["skipped"],
        "alarm_response_time[Z04]": [],
    }
    assert any("statusDynamics" in one and "（首次检测） first" in one for one in held)
