# SPDX-License-Identifier: Apache-2.0
"""PDF, Allure results and JUnit of one run, in both languages: the same counts, words, zone and numbers."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.support.big_run import big_run
from yanshou.model import Verdict
from yanshou.reports import load
from yanshou.reports.allure_results import write_results
from yanshou.reports.document import document
from yanshou.reports.junit import junit_xml
from yanshou.reports.messages import Messages
from yanshou.reports.plots import observations
from yanshou.reports.survey.messages import KINDS, SurveyMessages
from yanshou.reports.view import RunView

LANGUAGES = ("zh", "en")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> RunView:
    return load(big_run(tmp_path_factory.mktemp("alike") / "run").path)


@pytest.fixture(scope="module")
def pages(view: RunView) -> dict[str, dict[str, Any]]:
    return {language: document(view, language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def allure(view: RunView, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for language in LANGUAGES:
        folder = tmp_path_factory.mktemp(language)
        with pytest.MonkeyPatch.context() as patch:  # no figure has a word of its own here
            patch.setattr("yanshou.reports.allure_results._figures", lambda *_: [])
            write_results(view, folder, language)
        texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*-result.json"))]
        found[language] = [json.loads(text) for text in texts]
        found[f"{language} environment"] = [{"text": (folder / "environment.properties").read_text("utf-8")}]
    return found


def in_print(page: dict[str, Any], messages: Messages) -> Counter[str]:
    """The verdicts of the annex, and the rows that do not apply, which stand in a part of their own."""
    counted = Counter(row["verdict"] for part in page["annex"] for row in part["rows"])
    devices = sum(len(row[3].split("，")) for row in page["na"])
    return counted + Counter({messages.verdict(Verdict.NOT_APPLICABLE): devices})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_outputs_count_alike(
    view: RunView, pages: dict[str, dict[str, Any]], allure: dict[str, list[dict[str, Any]]], language: str
) -> None:
    messages = Messages(language)
    printed = in_print(pages[language], messages)
    label = "判定" if language == "zh" else "verdict"
    shown = Counter(
        one["value"] for made in allure[language] for one in made["labels"] if one["name"] == label
    )
    root = etree.fromstring(junit_xml(view, language))
    stated = Counter(
        messages.verdict(Verdict(one.get("value")))
        for one in root.iter("property")
        if one.get("name") == "verdict"
    )
    assert printed == shown == stated
    assert sum(printed.values()) == len(view.rows)
    (environment,) = allure[f"{language} environment"]
    for line in pages[language]["total"]:
        assert line in environment["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_name_the_same_zone_issue_and_systems(
    view: RunView, pages: dict[str, dict[str, Any]], allure: dict[str, list[dict[str, Any]]], language: str
) -> None:
    messages = Messages(language)
    (environment,) = allure[f"{language} environment"]
    zone = messages("beijing")
    root = etree.fromstring(junit_xml(view, language))
    facts = {one.get("name"): one.get("value") for one in root.find("testsuite/properties")}
    assert f"({zone})" in environment["text"]
    assert facts["zone"] == zone
    assert facts["issue"] == pages[language]["issue"]
    assert pages[language]["issue"] in environment["text"]
    assert root.find("testsuite").get("timestamp").startswith("2026-11-23T09:12")
    survey = SurveyMessages(language)
    settings = {"now": "2026-11-23T01:12:00+00:00", "time_zone": view.site.time_zone, "window_d": 30}
    assert survey.zone(settings) == zone
    assert "09:12:00" in survey.when(settings)
    plural = "" if language == "zh" else "s"
    assert [f"{survey.kind(kind)}{plural}" for kind in KINDS] == [messages.kind(kind) for kind in KINDS]
    system = "系统" if language == "zh" else "system"
    suites = {one["value"] for made in allure[language] for one in made["labels"] if one["name"] == system}
    assert {part["title"] for part in pages[language]["systems"]} <= suites


def numbers(page: dict[str, Any]) -> list[list[str]]:
    """Every number of the results, line by line."""
    lines = [
        f"{row['no']} {row['sample']} {row['result']} {row['clause']}"
        for part in page["systems"]
        for row in part["rows"]
    ]
    lines += [f"{row['no']} {row['result']} {row['U']}" for part in page["annex"] for row in part["rows"]]
    lines += [" ".join(row) for row in page["counts"]["rows"]]
    return [re.findall(r"\d+(?:\.\d+)?", line) for line in lines]


def test_both_languages_carry_the_same_numbers(pages: dict[str, dict[str, Any]]) -> None:
    zh, en = (numbers(pages[language]) for language in LANGUAGES)
    assert zh == en
    assert ["1-7", "2.4123"] != zh[0]
    assert sum(map(len, zh)) > 100


def test_no_chinese_of_the_tool_is_in_an_english_report(
    view: RunView, pages: dict[str, dict[str, Any]]
) -> None:
    """Names of the client and of standards stay as they are; all the rest is translated."""
    page = pages["en"]
    ours = [
        page["rule"],
        page["counts"]["head"],
        page["total"],
        page["rests"],
        page["proposed"],
        page["issue"],
    ]
    ours += [
        row[key]
        for part in page["systems"]
        for row in part["rows"]
        for key in ("item", "verdict", "notes", "method")
    ]
    assert [text for text in map(str, ours) if CHINESE.search(text)] == []


def test_a_figure_of_two_panels_tells_each_and_of_many_zones_the_worst(tmp_path: Path) -> None:
    run = big_run(tmp_path / "run")
    rows = tuple(row for row in load(run.path).rows if row.finding.measurand == "alarm_response_time")
    several = observations._Series("x", "s", rows, (0.8,) * 8, rows[0].requirement.limit)
    assert "最不利 Z07 2.4123 ± 0.0031 s" in observations._caption(several, Messages("zh"))
    two = observations._Series("x", "s", rows[:2], (0.8,) * 8, None)
    caption = observations._caption(two, Messages("zh"))
    assert all(row.finding.device in caption for row in rows[:2])
    assert list(observations._groups(two)) == [row.finding.device for row in rows[:2]]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            "limit unverified; 携带测试物通过 3 次，报警 3 次",
            "limit unverified; the reason stands in the journal in Chinese",
        ),
        ("RELAY-2: 继电器板无应答", "RELAY-2: the reason stands in the journal in Chinese"),
        (
            "本次检测未接入公安专网 / the police network was not connected",
            "the police network was not connected",
        ),
        ("no answer from 柜台 panel", "no answer from 柜台 panel"),
        (
            "watched or repeated less than usual: 报警保持观察 0.5 s，短于通常的 600 s",
            "watched or repeated less than usual: alarm watched for being held: 0.5 s instead of 600 s",
        ),
    ],
)
def test_a_reason_in_chinese_alone_is_not_printed_on_an_english_page(reason: str, said: str) -> None:
    assert Messages("en").reason(reason) == said


def test_no_reason_on_an_english_page_is_in_chinese(pages: dict[str, dict[str, Any]]) -> None:
    page = pages["en"]
    reasons = [row[-1] for key in ("untested", "invalid", "unjudged", "na") for row in page[key]]
    reasons += [row["reason"] for row in page["nonconform"]]
    assert len(reasons) > 4
    assert [one for one in reasons if CHINESE.search(one)] == []
