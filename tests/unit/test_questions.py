# SPDX-License-Identifier: Apache-2.0
"""Questions to the operator: no suite holds their text, each stands in both languages, runs go in either."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from yanshou.emulation.site.process import private_copy
from yanshou.evidence import BlobStore, Journal, read_events
from yanshou.fixtures.answers import AnswerSheet
from yanshou.fixtures.asking import Ask
from yanshou.fixtures.prepare import operator_of
from yanshou.fixtures.record import Record
from yanshou.model import RigFault, Text, UsageError
from yanshou.operator import (
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    TerminalOperator,
    TextQuestion,
    message,
    messages,
)
from yanshou.operator.checks import checked
from yanshou.operator.messages import CATALOGUE
from yanshou.reports.events import confirmations_of, exchanges_of
from yanshou.reports.messages_field import ACTIONS
from yanshou.rig.interlock import Interlock
from yanshou.rig.item_journal import ItemJournal
from yanshou.site import load_site
from yanshou.site.vocabulary import INTRUSIVE

ROOT = Path(__file__).parents[2]
BRANCH = ROOT / "examples" / "bank-branch"
SUITES = sorted((ROOT / "test_suites").rglob("*.py"))
FIXTURES = sorted((ROOT / "fixtures").rglob("*.py"))
HARNESS = sorted((ROOT / "harness" / "yanshou").rglob("*.py"))
CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
ASKS = frozenset(
    {
        *("yes", "number", "count", "text", "name", "choice", "photo", "picture", "done"),
        *("day", "days", "moment", "moments", "names"),
    }
)
OPTIONS = frozenset(
    {
        "key",
        "unit",
        "low",
        "high",
        "show",
        "named",
        "labels",
        "pattern",
        "scan",
        "film",
        "meter",
        "judged_in",
        "by",
    }
)


def placeholders(text: str) -> dict[str, str | None]:
    """The fields of a text with their formats."""
    return {name: form for _, name, form, _ in string.Formatter().parse(text) if name is not None}


def calls(path: Path) -> Iterator[ast.Call]:
    """The calls by which a suite or a fixture asks a person: ``ask.yes(…)``, ``meter.ask(…)``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on, does = ast.unparse(node.func.value), node.func.attr
            by_ask = does in ASKS and re.search(r"(\bask|_ask|ask\.of\(.*\))$", on)
            by_meter = does == "ask" and re.search(r"(meter|target|_of\(.*\))$", on)
            if by_ask or by_meter:
                yield node


def named(call: ast.Call) -> ast.expr:
    """What names the message of a call: of a reading the third argument, else its quantity."""
    assert isinstance(call.func, ast.Attribute)
    return call.args[2 if call.func.attr == "ask" and len(call.args) > 2 else 0]


def pattern(node: ast.expr) -> re.Pattern[str] | None:
    """Which messages a constant or an f-string names; None for a variable."""
    match node:
        case ast.Constant(value=str(text)):
            return re.compile(re.escape(text))
        case ast.JoinedStr(values=parts):
            said = (re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"\w+" for one in parts)
            return re.compile("".join(said))
    return None


ALL = [
    pytest.param(call, id=f"{path.stem}:{call.lineno}")
    for path in (*SUITES, *FIXTURES)
    if path.name != "asking.py"
    for call in calls(path)
]


def test_the_questions_of_the_suites_are_found() -> None:
    assert sum(1 for path in SUITES for _ in calls(path)) > 120


@pytest.mark.parametrize("call", ALL)
def test_a_question_is_a_message_with_the_fields_of_its_text(call: ast.Call) -> None:
    strings = [one.value for one in ast.walk(call) if isinstance(one, ast.Constant)]
    assert not [one for one in strings if isinstance(one, str) and CJK.search(one)], "a text, not a message"
    if (wanted := pattern(named(call))) is None:
        return  # a variable; what it may hold is looked for below
    keys = [key for key in CATALOGUE if wanted.fullmatch(key)]
    assert keys, f"no message {ast.unparse(named(call))}"
    given = {one.arg for one in call.keywords} - OPTIONS
    assert [key for key in keys if set(placeholders(CATALOGUE[key].zh)) != given] == []


def test_no_two_areas_have_a_message_of_one_key() -> None:
    areas = {name: one for name, one in vars(messages).items() if isinstance(one, dict) and name.isupper()}
    assert len(areas.pop("CATALOGUE")) == sum(map(len, areas.values()))


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_message_stands_in_both_languages(key: str) -> None:
    both = CATALOGUE[key]
    assert placeholders(both.zh) == placeholders(both.en)
    assert not CJK.search(both.en), both.en
    assert CJK.search(both.zh), both.zh


def test_no_message_is_left_that_nobody_says() -> None:
    said: set[str] = set()
    forms: list[re.Pattern[str]] = []
    for path in (*SUITES, *FIXTURES, *HARNESS):
        if path.parent.name == "messages" and path.parent.parent.name == "operator":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
            elif isinstance(node, ast.JoinedStr) and any(
                isinstance(one, ast.Constant) for one in node.values
            ):
                forms.append(cast("re.Pattern[str]", pattern(node)))
    of_choices = [f"{key}." for key in said if key in CATALOGUE]
    left = [
        key
        for key in CATALOGUE
        if key not in said
        and not any(
            one.fullmatch(key) for one in forms if re.search(r"[a-z]", one.pattern.replace(r"\w", ""))
        )
        and not key.startswith(tuple(of_choices))
    ]
    assert left == []


def test_an_unknown_message_or_a_field_left_out_is_told() -> None:
    with pytest.raises(UsageError, match=r"no question 'lid\.open'"):
        message("lid.open")
    with pytest.raises(UsageError, match="'right_camera' cannot be put"):
        message("right_camera")


def test_a_field_is_said_in_the_language_of_its_text() -> None:
    said = message("diagnosis.camera", fault=Text("画面模糊", "blur"))
    assert "画面模糊" in said.zh
    assert "blur" in said.en
    assert not CJK.search(said.en)


@pytest.mark.parametrize("action", sorted(INTRUSIVE))
def test_an_action_is_named_where_it_is_released_and_in_the_report(action: str) -> None:
    assert f"action.{action}" in CATALOGUE
    assert action in ACTIONS


# -- a run in either language ------------------------------------------------------------------------------


@pytest.fixture
def item_journal(tmp_path: Path) -> Iterator[ItemJournal]:
    journal = Journal(tmp_path / "journal.jsonl")
    yield ItemJournal(journal, BlobStore(tmp_path / "blobs"))
    journal.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_written_answers_serve_runs_in_either_language(
    tmp_path: Path, item_journal: ItemJournal, language: str
) -> None:
    site = tmp_path / "site"
    private_copy(BRANCH, site)
    (site / "answers.toml").write_text(
        'person = "张三"\n[answer."PANEL-1.lid.shown"]\nvalue = "是"\n'
        '[answer."PANEL-1.class.alarm"]\nvalue = "HOLD-UP"\n'
        '[answer."PANEL-1.walk.distance2"]\nvalue = "1.5"\nunit = "m"\n',
        encoding="utf-8",
    )
    operator = operator_of(load_site(site), "scripted", language=language)
    record = cast("Record", SimpleNamespace(sheet=AnswerSheet(), evidence=lambda *_: ""))
    record.sheet.begin()
    ask = Ask(operator, item_journal, record, "PANEL-1")
    assert ask.yes("lid.shown")
    assert ask.choice("class", ("alarm", "hold_up", "none"), key="class.alarm") == "hold_up"
    distance = ask.number(
        "walk.distance", key="walk.distance2", unit="m", low=0, high=9, meter="卷尺 LM-1", number=2
    )
    assert distance == pytest.approx(1.5)
    events = list(read_events(tmp_path / "journal.jsonl"))
    prompts = [one for one in events if one["kind"] == "prompt"]
    assert [one["message"] for one in prompts] == ["lid.shown", "class", "walk.distance"]
    assert {one["language"] for one in prompts} == {language}
    assert prompts[0]["text"] == getattr(CATALOGUE["lid.shown"], language)
    for reported in ("zh", "en"):
        shown = [one.question.in_language(reported) for one in exchanges_of(events)]
        assert shown[:2] == [getattr(CATALOGUE[key], reported) for key in ("lid.shown", "class")]
        distance_asked = getattr(CATALOGUE["walk.distance"], reported).format(number=2)
        assert shown[2] == getattr(CATALOGUE["meter.reading"], reported).format(
            meter="卷尺 LM-1", question=distance_asked
        )


def test_a_run_of_an_earlier_version_shows_the_text_it_has() -> None:
    event = {"kind": "prompt", "utc": "2026-11-29T08:00:00Z", "question": "k", "text": "机盖打开后？"}
    (shown,) = exchanges_of([cast("dict[str, object]", event)])
    assert shown.question.in_language("en") == "机盖打开后？"


def test_a_release_is_confirmed_in_the_language_of_the_run(tmp_path: Path, item_journal: ItemJournal) -> None:
    typed, seen = iter(["yes", ""]), list[str]()
    person = TerminalOperator(
        "张三", read=lambda _: next(typed), write=seen.append, interactive=lambda: True, language="en"
    )
    Interlock(replace(load_site(BRANCH), allow=frozenset({"siren"})), person, item_journal).release(
        "siren", "PANEL-1"
    )
    assert not CJK.search(seen[0])
    (confirmed,) = confirmations_of(read_events(tmp_path / "journal.jsonl"))
    assert "sound the sirens" in confirmed.text.in_language("en")
    assert "启动声光报警" in confirmed.text.in_language("zh")


QUESTIONS = (
    NumberQuestion("n", "?", "m", 0.0, 10.0, named=True, back=True),
    ConfirmQuestion("c", "?"),
    PhotoQuestion("p", "?"),
    TextQuestion("t", "?", person=True),
    ChoiceQuestion("o", "?", (("a", "one"), ("b", "two"))),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.key)
def test_an_english_terminal_speaks_english_and_a_chinese_one_chinese(question: NumberQuestion) -> None:
    shown = {}
    for language in ("zh", "en"):
        typed, seen = iter(["12", "! away"]), list[str]()
        TerminalOperator(
            "张三",
            read=lambda _, t=typed: next(t),
            write=seen.append,
            interactive=lambda: True,
            language=language,
        ).ask(question)
        shown[language] = "".join(seen)
    assert not CJK.search(shown["en"])
    assert "It needs" in shown["en"]
    assert "应为" in shown["zh"]
    assert not re.search(r"It needs|yes|path|unit", shown["zh"])


def test_an_option_is_named_by_its_value_or_by_its_words_in_either_language() -> None:
    shown = (("none", "没有书面同意"), ("consent", "有书面同意"))
    known = (("none", "no written consent"), ("consent", "written consent"))
    question = ChoiceQuestion("k", "?", shown, known=known)
    assert [checked(question, one) for one in ("none", "有书面同意", "No written consent")] == [
        "none",
        "consent",
        "none",
    ]
    alike = ChoiceQuestion("k", "?", (("a", "同"), ("b", "同")))
    with pytest.raises(RigFault, match="one of a, b"):
        checked(alike, "同")
