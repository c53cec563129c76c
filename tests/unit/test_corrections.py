# SPDX-License-Identifier: Apache-2.0
"""Names that name somebody, and typing errors that are corrected wherever a person is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from yanshou.cli import main
from yanshou.emulation.site.process import private_copy
from yanshou.evidence import BlobStore, Journal, read_events
from yanshou.fixtures.answers import AnswerSheet
from yanshou.fixtures.asking import Ask
from yanshou.fixtures.clocks import ReadDisplay
from yanshou.fixtures.opinion import Mark, Opinion, OpinionPanel
from yanshou.fixtures.record import Record
from yanshou.model import RigFault, utc_now
from yanshou.model.person import names_somebody
from yanshou.operator import Answer, Operator, Question, TerminalOperator, TextQuestion
from yanshou.rig.interlock import Interlock
from yanshou.rig.item_journal import ItemJournal
from yanshou.site import load_site, read_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
NOBODY = [
    "",
    "  ",
    "\u3000",
    "12",
    "。",
    "\u3164",
    "\u200b",
    "张三\x1b[2J",
    "李\n四",
    "李\u202e四",
    "王\x7f五",
    "a\u2028b",
]


@dataclass
class Typist:
    """Answers each question with the first of its values; says at the review that it was mistyped while
    there are more of them."""

    answers: Mapping[str, Sequence[object]]
    name: str = "张三"
    witness: str = ""
    language: str = "zh"
    asked: list[str] = field(default_factory=list)
    _at: dict[str, int] = field(default_factory=dict)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question.key)
        nth = self._at[question.key] = self._at.get(question.key, -1) + 1
        value = cast("Any", self.answers[question.key][nth])
        return Answer(question.key, value, self.name, utc_now())

    def review(self, given: Sequence[tuple[Question, Answer]]) -> int | None:
        for place, (question, _) in enumerate(given):
            if self._at[question.key] + 1 < len(self.answers[question.key]):
                return place
        return None


@pytest.fixture
def item_journal(tmp_path: Path) -> Iterator[ItemJournal]:
    journal = Journal(tmp_path / "journal.jsonl")
    yield ItemJournal(journal, BlobStore(tmp_path / "blobs"))
    journal.close()


def terminal(typed: Iterator[str], shown: list[str]) -> TerminalOperator:
    return TerminalOperator("张三", read=lambda _: next(typed), write=shown.append, interactive=lambda: True)


def asking(operator: Operator, item_journal: ItemJournal) -> tuple[Ask, SimpleNamespace]:
    """As a fixture asks: the item has not begun."""
    record = SimpleNamespace(sheet=AnswerSheet(), evidence=lambda *_: "0" * 64)
    return Ask(operator, item_journal, cast("Record", record), "CAM-1"), record


def noted(tmp_path: Path, kind: str) -> list[tuple[str, object]]:
    events = read_events(tmp_path / "journal.jsonl")
    return [(str(one["question"]), one["value"]) for one in events if one["kind"] == kind]


@pytest.mark.parametrize("name", NOBODY)
def test_what_names_nobody(name: str) -> None:
    assert not names_somebody(name)


@pytest.mark.parametrize("name", ["张三", "Zhang San", "ᠠᠯᠲᠠᠨ\u180eᠠ", "ئالىم", "張三（1）", " 李四 "])
def test_what_names_somebody(name: str) -> None:
    assert names_somebody(name)


def test_an_answer_to_a_fixture_can_be_corrected_at_once(tmp_path: Path, item_journal: ItemJournal) -> None:
    typed, shown = iter(["否", "1", "是", ""]), list[str]()
    person = TerminalOperator(
        "张三", read=lambda _: next(typed), write=shown.append, interactive=lambda: True
    )
    ask, _ = asking(person, item_journal)
    assert ask.yes("chart", device="CAM-1")
    assert noted(tmp_path, "correction") == [("CAM-1.chart", False)]
    assert noted(tmp_path, "answer")[-1] == ("CAM-1.chart", True)
    assert any(one.endswith("→  否") for one in shown)


def test_answers_of_an_item_wait_for_its_end(item_journal: ItemJournal) -> None:
    person = Typist({"CAM-1.n": ["A-1", "A-2"]})
    ask, record = asking(person, item_journal)
    record.sheet.begin()
    assert ask.text("document", key="n") == "A-1"
    assert person.asked == ["CAM-1.n"]


def test_a_mistyped_mark_is_corrected_before_the_next_assessor_sits_down(
    tmp_path: Path, item_journal: ItemJournal
) -> None:
    """The marks serve the items of all cameras: at the end of one item it would be too late."""
    answers: dict[str, Sequence[object]] = {
        "CAM-1.assessor1.name": ["张三"], "CAM-1.assessor1.trade": ["expert"],
        "CAM-1.assessor1.grade": ["1", "5"], "CAM-2.assessor1.grade": ["4"],
        "CAM-1.assessor2.name": ["李斯", "李四"], "CAM-1.assessor2.trade": ["lay"],
        "CAM-1.assessor2.grade": ["4"], "CAM-2.assessor2.grade": ["3"],
    }  # fmt: skip
    person, seen = Typist(answers), list[str]()
    ask, record = asking(person, item_journal)
    record.sheet.begin()

    def picture(name: str) -> bytes:
        seen.append(name)
        return name.encode()

    panel = OpinionPanel(("CAM-1", "CAM-2"), 7, 2, tmp_path, ".ts")
    assert panel.opinion("CAM-1", ask, picture).grades == [5.0, 4.0]
    assert [one.person for one in panel.opinion("CAM-2", ask, picture).marks] == ["张三", "李四"]
    assert seen == ["CAM-1", "CAM-2"]  # all saw the same clips, and once
    assert sorted(person.asked) == sorted(key for key, values in answers.items() for _ in values)
    assert noted(tmp_path, "correction") == [("CAM-1.assessor1.grade", "1"), ("CAM-1.assessor2.name", "李斯")]
    assert record.sheet.given == []


def test_one_assessor_is_one_however_the_name_is_typed() -> None:
    names = ("Li Si", "ｌｉ ｓｉ", "LI SI ", "张三")
    opinion = Opinion("CAM-1", tuple(Mark(one, "lay", 1, 4) for one in names))
    assert len(opinion.persons) == 2


def test_a_mistyped_reading_of_a_clock_is_corrected_where_it_is_kept(
    tmp_path: Path, item_journal: ItemJournal
) -> None:
    photo = tmp_path / "clock.jpg"
    photo.write_bytes(b"\xff\xd8\xff")
    person = Typist({"CAM-1.drift_1": [70.0, 0.7], "CAM-1.drift_1_photo": [photo]})
    ask, record = asking(person, item_journal)
    record.sheet.begin()
    bracket = ReadDisplay(ask, "drift").offset(lambda at: at)
    assert (bracket.low + bracket.high) / 2 == pytest.approx(0.7)
    assert person.asked.count("CAM-1.drift_1_photo") == 1


@pytest.mark.parametrize(("values", "released"), [([False, True], True), ([True, False], False)])
def test_a_mistyped_release_is_corrected_before_anything_is_stimulated(
    tmp_path: Path, item_journal: ItemJournal, values: list[bool], released: bool
) -> None:
    site = replace(load_site(BRANCH), allow=frozenset({"siren"}))
    interlock = Interlock(site, Typist({"release.siren": values}), item_journal)
    if released:
        interlock.release("siren", "PANEL-1")
    else:
        with pytest.raises(RigFault, match="not released"):
            interlock.release("siren", "PANEL-1")
    assert noted(tmp_path, "correction") == [("release.siren", values[0])]
    events = read_events(tmp_path / "journal.jsonl")
    assert [one["value"] for one in events if one["kind"] == "confirmation"] == [released]


@pytest.mark.parametrize("name", NOBODY[1:])
def test_a_name_that_names_nobody_is_asked_again(name: str, item_journal: ItemJournal) -> None:
    typed, shown = iter([name, "李四", ""]), list[str]()
    person = TerminalOperator(
        "张三", read=lambda _: next(typed), write=shown.append, interactive=lambda: True
    )
    ask, _ = asking(person, item_journal)
    assert ask.name("assessor.name", number=1) == "李四"
    assert any("人的姓名" in one for one in shown)


def test_who_confirms_the_police_link_is_asked_again_for_a_name() -> None:
    typed = iter(["\u3164\u3164", "王五，接警台", ""])
    person = TerminalOperator(
        "张三", read=lambda _: next(typed), write=lambda _: None, interactive=lambda: True
    )
    assert person.ask(TextQuestion("k", "确认人", person=True)).value == "王五，接警台"


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A site with devices of flesh and blood, where nobody is named."""
    copy = tmp_path / "real"
    private_copy(BRANCH, copy)
    text = (copy / "site.toml").read_text("utf-8").replace('rig = "emulated"', 'rig = "real"')
    text = text.replace('backend = "scripted"', 'backend = "terminal"')
    (copy / "site.toml").write_text(text, "utf-8")
    return copy


@pytest.mark.parametrize("name", ["", "。。", "张三\\u001b[2J", "\\u3164"])
def test_nobody_accepts_the_view_of_a_camera(
    real: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text = (real / "site.toml").read_text("utf-8").replace("[operator]", f'[operator]\nname = "{name}"')
    (real / "site.toml").write_text(text, "utf-8")
    assert main(["accept", str(real), "--device", "CAM-1"]) == 2
    output = capsys.readouterr().err
    assert "name" in output
    assert "\x1b" not in output
    assert not (real / "accepted").exists()


def test_the_operator_of_a_site_is_told_to_have_a_name(real: Path) -> None:
    text = (real / "site.toml").read_text("utf-8")
    named = text.replace("[operator]", '[operator]\nname = "12"\nwitness = "李\\u202e四"')
    (real / "site.toml").write_text(named, "utf-8")
    reported = [str(one) for one in read_site(real)[1]]
    assert sum("names nobody" in one for one in reported) == 2
