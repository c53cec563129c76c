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
from yanshou.reports.integrity import folder_remarks
from yanshou.reports.messages import Messages
from yanshou.reports.messages_deviations import DEVIATIONS, WATCHED, deviation_in_english

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
TELLS = {"deviation", "shortened", "unproven"}
WATCHES = {"duration", "times"}
ID = re.compile(r"\b[A-Za-z0-9]+_[A-Za-z0-9_]+\b")


def _shape(node: ast.expr) -> str:
    """A literal, its inserted parts as 1; "" for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
    return ""


def _said() -> Iterator[tuple[str, str]]:
    """Every literal sentence that suites and fixtures print as a deviation, and what they say was watched."""
    for folder in ("test_suites", "fixtures"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    name = node.func.attr
                    said = [_shape(one) for one in node.args] if name in TELLS | WATCHES else []
                    yield from ((place, one) for one in said if CHINESE.search(one))


@pytest.mark.parametrize(("place", "said"), list(_said()))
def test_every_sentence_of_a_suite_has_its_english(place: str, said: str):
    """Add it to ``DEVIATIONS`` (a sentence) or ``WATCHED`` (what is watched) in messages_deviations.py."""
    english = deviation_in_english(said)
    assert english, place
    assert not CHINESE.search(english), place


def test_no_sentence_is_kept_that_nobody_says_or_says_nothing():
    assert all(english.strip() and not CHINESE.search(english) for _, english in DEVIATIONS)
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
