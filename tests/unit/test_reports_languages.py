# SPDX-License-Identifier: Apache-2.0
"""What suites and people say, in the language of the page: the program's words in both, a person's quoted."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.run_builder import RunBuilder, item, requirement, site_json, small_run
from yanshou.model import Plan, Verdict
from yanshou.operator.messages import CATALOGUE
from yanshou.operator.questions import ChoiceQuestion
from yanshou.operator.settling import as_asked
from yanshou.reports import load
from yanshou.reports.allure_results import write_results
from yanshou.reports.document import document
from yanshou.reports.evidence_names import NOTES
from yanshou.reports.integrity import folder_remarks
from yanshou.reports.latin_signs import latin_signs
from yanshou.reports.messages import Messages
from yanshou.reports.messages_deviations import DEVIATIONS, WATCHED
from yanshou.reports.messages_untested import REMARKS, UNTESTED

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")


def _shape(node: ast.expr) -> str:
    """A literal, its inserted parts as 1; "" for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
    return ""


def test_no_sentence_is_kept_that_nobody_says_or_says_nothing():
    known = (*DEVIATIONS, *REMARKS, *UNTESTED)
    assert all(english.strip() and not CHINESE.search(english) for _, english in known)
    assert all(english.strip() and not CHINESE.search(english) for english in WATCHED.values())


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        (
            "帧率观察 4 s，短于通常的 60 s",
            "帧率观察 4 s，短于通常的 60 s",
            "frame rate watched: 4 s instead of 60 s",
        ),
        (
            "估算：额定容量 17 Ah × 老化系数 0.8 ÷ 实测静态电流；未做放电",
            "估算：额定容量 17 Ah × 老化系数 0.8 ÷ 实测静态电流；未做放电",
            "estimate: rated capacity 17 Ah × ageing 0.8 ÷ measured standby current; no discharge was made",
        ),
        (
            "点位表未给出开启时间（lock_open_s），只核对 15 s 内重新锁闭",
            "点位表未给出开启时间，只核对 15 s 内重新锁闭",
            (
                "the inventory states no time of opening: only that the lock closes again "
                "within 15 s was checked"
            ),
        ),
        ("仅有中文的一句", "仅有中文的一句", "「仅有中文的一句」 (in Chinese alone)"),
        ("两种文字 / said in both languages", "两种文字", "said in both languages"),
    ],
)
def test_a_deviation_is_printed_in_the_language_of_the_page(said: str, zh: str, en: str):
    assert (Messages("zh").said(said), Messages("en").said(said)) == (zh, en)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("钥匙不在现场", "钥匙不在现场", "「钥匙不在现场」 (as written)"),
        ("the key is elsewhere", "「the key is elsewhere」（原文）", "the key is elsewhere"),
        ("AF-2026", "AF-2026", "AF-2026"),
    ],
)
def test_what_a_person_wrote_stays_as_it_was_written(written: str, zh: str, en: str):
    assert (Messages("zh").quoted(written), Messages("en").quoted(written)) == (zh, en)
    unable = f"Z07: could not be answered: {written}."
    assert Messages("zh").reason(unable) == f"Z07: 未能回答：{zh}"
    assert Messages("en").reason(unable) == f"Z07: could not be answered: {en}"


def test_a_damaged_folder_is_told_in_the_language_of_the_page():
    problems = [{"path": "plan.json", "kind": "changed"}]
    event = {"kind": "not_intact", "seq": 7, "reason": "磁盘更换", "problems": problems}
    (said,) = folder_remarks([event])
    assert "plan.json（被改动）" in Messages("zh").said(said)
    english = Messages("en").said(said)
    assert "gone on with because: 「磁盘更换」 (as written)" in english


def _asked_and_answered(path: Path, options: tuple[str, ...], message: str) -> RunBuilder:
    """A run in which a person chose each option of a question."""
    one = item("papers_kept", "SITE", "P")
    plan = Plan(site="bank-branch", seed=7, items=(one,), sha256="a" * 64)
    run = RunBuilder(path, plan, [requirement("P", measurand="papers_kept")], site_json()).begin()
    run.session()
    run.start(one)
    texts = {value: CATALOGUE[f"{message}.{value}"] for value in options}
    for number, value in enumerate(options):
        question = ChoiceQuestion(
            f"SITE.{number}",
            "请选择",
            tuple((name, text.zh) for name, text in texts.items()),
            known=tuple((name, text.en) for name, text in texts.items()),
        )
        run.event("prompt", item=one.id, **as_asked(question), language="zh", translated="choose")
        run.event("answer", item=one.id, question=question.key, value=value, unit="", person="张三")
    run.finish(one)
    run.close()
    return run


def _choices() -> dict[str, tuple[str, ...]]:
    """The messages whose options are messages of their own: ``proof.shown``, ``proof.none`` …"""
    found: dict[str, list[str]] = {}
    for path in [*sorted((ROOT / "test_suites").rglob("*.py")), *sorted((ROOT / "fixtures").rglob("*.py"))]:
        for name in re.findall(r'\.choice\(\s*"([\w.]+)"', path.read_text("utf-8")):
            found[name] = [one.removeprefix(f"{name}.") for one in CATALOGUE if one.startswith(f"{name}.")]
    return {name: tuple(values) for name, values in found.items() if values}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_choice_is_printed_in_the_words_of_the_reader(tmp_path: Path, language: str):
    choices = _choices()
    assert {"proof", "neighbour", "works"} <= choices.keys()
    for number, (message, options) in enumerate(choices.items()):
        run = _asked_and_answered(tmp_path / str(number), options, message)
        run.write()
        view = load(run.path)
        printed = [row[2] for row in document(view, language)["people"]]
        wanted = [CATALOGUE[f"{message}.{one}"] for one in options]
        assert printed == [one.zh if language == "zh" else one.en for one in wanted]
        (run.path / "allure").mkdir()
        write_results(view, run.path / "allure", language)
        steps = "".join(one.read_text("utf-8") for one in (run.path / "allure").glob("*-result.json"))
        for value, one in zip(options, wanted, strict=True):
            assert json.dumps(one.zh if language == "zh" else one.en, ensure_ascii=False)[1:-1] in steps
            assert f"= {value}" not in steps


def test_a_run_of_an_earlier_version_keeps_the_value(tmp_path: Path):
    run = small_run(tmp_path)
    run.session()
    run.event("prompt", item="x", question="k", text="问", type="ChoiceQuestion")
    run.event("answer", item="x", question="k", value="shown", unit="", person="张三")
    run.latency(run.plan.items[0], [0.4], Verdict.CONFORM)
    run.close()
    assert [row[2] for row in document(load(run.path), "en")["people"]] == ["shown"]


def test_a_reason_of_several_parts_is_said_in_english_if_each_is_known():
    said = Messages("en").reason("not tested: 没有见到维护记录；未调到低照度")
    assert said == "not tested: no records of maintenance were seen; low light was not reached"
    assert "in Chinese" in Messages("en").reason("not tested: 没有见到维护记录；仅有中文的一句")


@pytest.mark.parametrize(
    ("language", "yes", "asked"), [("zh", "是", "接线是否牢固？"), ("en", "yes", "Is it fixed?")]
)
def test_an_answer_is_printed_as_the_reader_understands_it(
    tmp_path: Path, language: str, yes: str, asked: str
):
    run = small_run(tmp_path / "run")
    run.session()
    one = run.plan.items[0]
    question = {"question": "k", "text": "接线是否牢固？", "language": "zh", "translated": "Is it fixed?"}
    run.event("prompt", item=one.id, **question, type="YesNoQuestion")
    run.event("answer", item=one.id, question="k", value=True, unit="", person="张三")
    run.event("prompt", item=one.id, question="p", text="照片", translated="photo", type="PhotoQuestion")
    photo = {"value": "/home/tester/private/p.jpg", "photo": "a" * 64}
    run.event("answer", item=one.id, question="p", **photo, unit="", person="张三")
    run.latency(one, [0.4], Verdict.CONFORM)
    run.close()
    (tmp_path / "allure").mkdir()
    write_results(load(run.path), tmp_path / "allure", language)
    steps = "".join(one.read_text("utf-8") for one in (tmp_path / "allure").glob("*-result.json"))
    assert f"{asked} · {yes} · 张三" in steps
    assert "= True" not in steps
    assert "/home/tester" not in steps
    facts = (tmp_path / "allure/environment.properties").read_text("utf-8")
    assert all(" " not in line.split(" = ")[0].replace("\\ ", "") for line in facts.splitlines()), facts


EVIDENCE = {"evidence"}


def _kept() -> Iterator[tuple[str, str]]:
    """The note of every piece of evidence that suites and the equipment keep."""
    for folder in ("test_suites", "fixtures", "harness/yanshou/equipment"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    noted = node.args[3:4] if node.func.attr in EVIDENCE else []
                    yield from ((path.name, _shape(one)) for one in noted if CHINESE.search(_shape(one)))


@pytest.mark.parametrize(("place", "note"), list(_kept()))
def test_evidence_is_named_in_both_languages(place: str, note: str):
    """Add the note to ``NOTES`` in evidence_names.py."""
    assert note in NOTES, place


@pytest.mark.parametrize(
    ("name", "note", "zh", "en"),
    [
        ("CAM-1-blurred.jpg", "画面（已模糊）", "画面（已模糊）", "picture (blurred)"),
        ("gaps.csv", "", "录像缺失时段", "gaps in the recordings"),
        ("X-sip.jsonl", "SIP", "SIP 信令记录", "SIP messages"),
        ("unknown.bin", "", "unknown.bin", "unknown.bin"),
    ],
)
def test_evidence_is_named_by_what_it_is(tmp_path: Path, name: str, note: str, zh: str, en: str):
    run = small_run(tmp_path)
    run.session()
    run.latency(run.plan.items[0], [0.4], Verdict.CONFORM)
    evidence = {"sha256": "a" * 64, "name": name, "media_type": "text/csv", "bytes": 3, "note": note}
    run.event("evidence", item=run.plan.items[0].id, **evidence)
    run.close()
    view = load(run.path)
    for language, wanted in (("zh", zh), ("en", en)):
        (*others, (number, said, _item, _size, digest)) = document(view, language)["evidence"]
        assert (number, said, digest) == (f"E{len(others) + 1}", wanted, "a" * 64)


def test_latin_words_have_latin_signs_and_quotations_stay_as_written():
    said = {
        "a": ["5.2.2；5.2.3，yes", "GB 16796（4.2）、第 5 章（条号待核）"],
        "b": "「21 ℃，45 %」 (as written)；x",
    }
    assert latin_signs(said) == {
        "a": ["5.2.2; 5.2.3, yes", "GB 16796 (4.2)、第 5 章（条号待核）"],
        "b": "「21 ℃，45 %」 (as written); x",
    }


def test_a_session_names_its_instruments_and_those_that_were_missed(tmp_path: Path):
    run = small_run(tmp_path)
    run.session(instruments=["DMM-1", "TIME-1"], absent=["SLM-1"])
    run.latency(run.plan.items[0], [0.4], Verdict.CONFORM)
    run.close()
    ((*_, there, _ended),) = document(load(run.path), "zh")["sessions"]
    assert there == "DMM-1、TIME-1；不在场：SLM-1"
    ((*_, there, _ended),) = document(load(run.path), "en")["sessions"]
    assert there == "DMM-1, TIME-1; not there: SLM-1"
