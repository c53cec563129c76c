# SPDX-License-Identifier: Apache-2.0
"""A person's answers: typed, named, and never a value where nobody answered."""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.model import RigFault, UsageError
from yanshou.operator import (
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    ScriptedOperator,
    TerminalOperator,
    TextQuestion,
    media_type,
)
from yanshou.operator.checks import checked

EXAMPLES = Path(__file__).parents[2] / "examples"
DOSE = NumberQuestion("XR-1.dose_rate", "剂量率", "uSv/h", 0.0, 100.0)
VIEW = ChoiceQuestion("CAM-1.view", "画面", (("none", "没有"), ("bedroom", "卧室")))
NUMBER = TextQuestion("papers.number", "编号", r"[A-Z]\d+")
TEXT = TextQuestion("papers.words", "说明")
PHOTO = PhotoQuestion("papers.photo", "照片")
RELEASE = ConfirmQuestion("release.siren", "是否允许鸣响警号？")
QUESTIONS = (DOSE, VIEW, NUMBER, TEXT, PHOTO, RELEASE)

PERSON = 'person = "张三"\nwitness = "李四"\n'
ANSWERS = """
[answer."XR-1.dose_rate"]
value = 0.21
unit = "uSv/h"
[answer."*.view"]
value = "none"
[answer."papers.number"]
value = "A17"
[answer."papers.words"]
value = "资料盒 07"
[answer."papers.photo"]
value = "photo.jpg"
[answer."release.*"]
value = "是"
"""

Write = Callable[[str], ScriptedOperator]


@pytest.fixture
def scripted(tmp_path: Path) -> Write:
    (tmp_path / "photo.jpg").write_bytes(picture())

    def write(answers: str, head: str = PERSON) -> ScriptedOperator:
        (tmp_path / "answers.toml").write_text(head + answers, encoding="utf-8")
        return ScriptedOperator(tmp_path / "answers.toml")

    return write


class Terminal:
    """Lines that somebody types, and what he is shown."""

    def __init__(self, *lines: str, tty: bool = True) -> None:
        self._lines = iter(lines)
        self.shown: list[str] = []
        self.operator = TerminalOperator(
            "张三", "李四", read=self._read, write=self._write, interactive=lambda: tty
        )

    def _read(self, _prompt: str) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            raise EOFError from None

    def _write(self, arguments: object) -> None:
        self.shown.append(str(arguments))


# -- answers in their type ---------------------------------------------------------------------------------


def test_written_answers_come_in_the_type_of_their_question_with_the_person(scripted: Write, tmp_path: Path):
    operator = scripted(ANSWERS)
    answers = {question.key: operator.ask(question) for question in QUESTIONS}
    assert {key: answer.value for key, answer in answers.items()} == {
        "XR-1.dose_rate": 0.21,
        "CAM-1.view": "none",
        "papers.number": "A17",
        "papers.words": "资料盒 07",
        "papers.photo": tmp_path / "photo.jpg",
        "release.siren": True,
    }
    assert {answer.person for answer in answers.values()} == {"张三"}
    assert answers["XR-1.dose_rate"].unit == "uSv/h"
    assert operator.witness == "李四"


def test_typed_answers_come_in_the_type_of_their_question(tmp_path: Path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture())
    operator = Terminal("0.21", "none", "A17", "资料盒 07", str(photo), "y").operator
    assert [operator.ask(question).value for question in QUESTIONS] == [
        0.21,
        "none",
        "A17",
        "资料盒 07",
        photo,
        True,
    ]


def test_a_typed_number_may_bear_its_unit_and_no_other():
    terminal = Terminal("0.21 mSv/h", "0.21 uSv/h")
    answer = terminal.operator.ask(DOSE)
    assert (answer.value, answer.unit) == (0.21, "uSv/h")
    assert "uSv/h" in terminal.shown[-1]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("20 µSv/h", 20.0),
        ("20μSv/h", 20.0),
        ("２０ µSv/h", 20.0),
        ("0.02 mSv/h", 20.0),
        ("20000nSv/h", 20.0),
        ("2e1", 20.0),
        ("20", 20.0),
    ],
)
def test_a_number_is_read_in_the_unit_it_was_typed_with(line: str, value: float):
    answer = Terminal(line).operator.ask(DOSE)
    assert answer.value == pytest.approx(value)
    assert (answer.unit, answer.typed) == ("uSv/h", line)


@pytest.mark.parametrize(
    "line", ["20 uGy/h", "20 V", "20 Sv", "0,02", "20 20", "uSv/h", "20 mSv/h", "nan", "inf"]
)
def test_a_number_in_no_unit_of_the_question_is_refused(line: str):
    with pytest.raises(RigFault, match="剂量率"):
        checked(DOSE, line)


def test_a_number_that_two_units_could_be_meant_by_needs_one():
    shown = NumberQuestion("XR-1.dose_rate", "剂量率", "mSv/h", 0.0, 10.0, named=True)
    terminal = Terminal("20", "20 µSv/h")
    assert terminal.operator.ask(shown).value == pytest.approx(0.02)
    assert "连同单位" in terminal.shown[0]


def test_written_answers_are_converted_and_keep_what_was_written(scripted: Write):
    answer = scripted('[answer."XR-1.dose_rate"]\nvalue = 0.02\nunit = "mSv/h"').ask(DOSE)
    assert answer.value == pytest.approx(20.0)
    assert (answer.unit, answer.typed) == ("uSv/h", "0.02 mSv/h")
    with pytest.raises(RigFault, match="one unit"):
        scripted('[answer."XR-1.dose_rate"]\nvalue = "20 uSv/h"\nunit = "mSv/h"').ask(DOSE)


def test_no_is_an_answer(scripted: Write):
    assert scripted('[answer."release.*"]\nvalue = false').ask(RELEASE).value is False
    assert Terminal("否").operator.ask(RELEASE).value is False


def test_the_question_shows_its_unit_range_options_and_pictures(tmp_path: Path):
    terminal = Terminal("1", "none")
    terminal.operator.ask(DOSE)
    terminal.operator.ask(ChoiceQuestion(VIEW.key, VIEW.text, VIEW.options, show=(tmp_path / "CAM-1.jpg",)))
    shown = "\n".join(terminal.shown)
    assert "0…100 uSv/h" in shown
    assert "bedroom: 卧室" in shown
    assert "CAM-1.jpg" in shown


# -- wrong answers -----------------------------------------------------------------------------------------

WRONG = {
    "wrong unit": (DOSE, 'value = 0.21\nunit = "mSv/h"'),
    "no unit": (DOSE, "value = 0.21"),
    "too high": (DOSE, 'value = 100.1\nunit = "uSv/h"'),
    "too low": (DOSE, 'value = -0.1\nunit = "uSv/h"'),
    "not a number": (DOSE, 'value = nan\nunit = "uSv/h"'),
    "infinite": (DOSE, 'value = inf\nunit = "uSv/h"'),
    "words for a number": (DOSE, 'value = "about 2"\nunit = "uSv/h"'),
    "truth for a number": (DOSE, 'value = true\nunit = "uSv/h"'),
    "no such option": (VIEW, 'value = "kitchen"'),
    "text of another form": (NUMBER, 'value = "17A"'),
    "blank text": (TEXT, 'value = "  "'),
    "photo missing": (PHOTO, 'value = "gone.jpg"'),
    "photo is a folder": (PHOTO, 'value = "."'),
    "neither yes nor no": (RELEASE, 'value = "maybe"'),
    "a number for yes": (RELEASE, "value = 1"),
}


@pytest.mark.parametrize(("question", "entry"), WRONG.values(), ids=WRONG)
def test_a_wrong_written_answer_is_a_fault_that_names_the_key(
    scripted: Write, question: Question, entry: str
):
    operator = scripted(f'[answer."{question.key}"]\n{entry}\n')
    with pytest.raises(RigFault) as fault:
        operator.ask(question)
    assert fault.value.device == question.key
    assert fault.value.remedy


@pytest.mark.parametrize("typed", ["", "abc", "1_0", "nan", "inf", "1e99", "0x10", "-1", "200", "2 V"])
def test_a_wrong_typed_number_is_asked_again(typed: str):
    assert Terminal(typed, "7").operator.ask(DOSE).value == 7.0


@pytest.mark.parametrize(
    "typed", ["3 %", "３％", "100 %", "0.5", "99.6", "1/2", "10²", "½", "1½", "5,0", "三", "3 m"]
)
def test_a_number_of_things_is_whole_and_no_share(typed: str):
    """3 % of 100 refused tries are no 0.03 of a try, which rounds to none."""
    refused = NumberQuestion("ACS-1.refused", "拒绝次数", "1", 0, 100, whole=True)
    terminal = Terminal(typed, "7")
    assert terminal.operator.ask(refused).value == 7.0
    assert terminal.shown[1] == "  应为整数（个数，不是比例）。"


@pytest.mark.parametrize("typed", ["3", "３", "3.0", "3e0", "+3"])
def test_a_whole_number_may_be_spelled_otherwise(typed: str):
    refused = NumberQuestion("ACS-1.refused", "拒绝次数", "1", 0, 100, whole=True)
    assert checked(refused, typed) == 3.0


# -- no answer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
@pytest.mark.parametrize("answers", ["", '[answer."other.key"]\nvalue = "是"'], ids=["empty", "others only"])
def test_an_unanswered_question_is_a_fault_that_says_what_to_add(
    scripted: Write, question: Question, answers: str
):
    with pytest.raises(RigFault) as fault:
        scripted(answers).ask(question)
    assert fault.value.device == question.key
    assert f'[answer."{question.key}"]' in fault.value.remedy


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_an_entry_without_a_value_is_no_answer(scripted: Write, question: Question):
    with pytest.raises(RigFault, match="no value") as fault:
        scripted(f'[answer."{question.key}"]\nnote = "later"').ask(question)
    assert fault.value.device == question.key


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_the_end_of_input_is_a_fault(question: Question):
    with pytest.raises(RigFault) as fault:
        Terminal().operator.ask(question)
    assert fault.value.device == question.key


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_without_a_terminal_nobody_is_asked(question: Question):
    terminal = Terminal("y", tty=False)
    with pytest.raises(RigFault, match="no terminal") as fault:
        terminal.operator.ask(question)
    assert fault.value.device == question.key
    assert not terminal.shown


@pytest.mark.parametrize("stdin", [None, io.StringIO("y\n")], ids=["no console", "a pipe"])
def test_a_program_without_a_console_has_no_terminal(monkeypatch: pytest.MonkeyPatch, stdin: object):
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(RigFault, match="no terminal"):
        TerminalOperator("张三").ask(RELEASE)


def test_unable_carries_a_reason_and_no_value(scripted: Write):
    reason = "现场无图卡"
    typed = Terminal("!", "！ 12", f"! {reason}").operator.ask(RELEASE)  # the first two give no reason
    written = scripted(f'[answer."release.*"]\nunable = "{reason}"\nvalue = "是"').ask(RELEASE)
    for answer in (typed, written):
        assert answer.value is None
        assert answer.unable == reason


@pytest.mark.parametrize("entry", ['unable = ""', 'unable = "12"', 'value = "！"'])
def test_unable_without_a_reason_in_words_is_no_answer(scripted: Write, entry: str):
    with pytest.raises(RigFault, match="answered"):
        scripted(f'[answer."release.*"]\n{entry}').ask(RELEASE)


@given(value=st.one_of(st.none(), st.just(""), st.text(alphabet=" \t\n", max_size=5)))
def test_nothing_unanswered_ever_yields_a_value(value: str | None):
    for question in QUESTIONS:
        with pytest.raises(RigFault) as fault:
            checked(question, value)
        assert fault.value.device == question.key


# -- the answers file --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"person = ", "not valid TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"witness = 'x'", "no person"),
        (b"person = ' '", "no person"),
        (b"person = 'x'\nanswer = 3", "must be a table"),
        (b"person = 'x'\n[answer]\nkey = 3", "must be a table"),
    ],
)
def test_a_wrong_answers_file_is_told_before_anything_is_asked(tmp_path: Path, content: bytes, expected: str):
    path = tmp_path / "answers.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=expected) as error:
        ScriptedOperator(path)
    assert error.value.mistakes[0].path == str(path)


def test_a_missing_answers_file_is_told(tmp_path: Path):
    with pytest.raises(UsageError, match="No such file"):
        ScriptedOperator(tmp_path / "answers.toml")
    with pytest.raises(UsageError, match="cannot be read"):
        ScriptedOperator(tmp_path)


# -- photographs -------------------------------------------------------------------------------------------

LID = PhotoQuestion("PANEL-2.lid", "打开的机盖")
SCAN = PhotoQuestion("SITE.evidence", "核查记录的照片、扫描件", scan=True)


def picture(width: int = 320, height: int = 240, ending: str = ".png") -> bytes:
    """A picture of that size as a file."""
    made, encoded = cv2.imencode(ending, np.full((height, width, 3), width % 251, np.uint8))
    assert made
    return encoded.tobytes()


NO_PHOTO = {
    "words named as a picture": b"to be photographed later\n" * 400,
    "empty": b"",
    "cut off at its head": picture()[:20],
    "only the head of a JPEG": b"\xff\xd8\xff\xe0" + bytes(2000),
    "too small": picture(319, 240),
    "too flat": picture(2000, 239),
    "a document": b"%PDF-1.7\n%%EOF\n",
}


@pytest.mark.parametrize("content", NO_PHOTO.values(), ids=NO_PHOTO)
def test_what_shows_nothing_is_no_photograph(scripted: Write, tmp_path: Path, content: bytes):
    (tmp_path / "photo.jpg").write_bytes(content)
    with pytest.raises(RigFault, match=r"a (whole )?photograph") as fault:
        scripted(ANSWERS).ask(PHOTO)
    assert fault.value.final
    good = tmp_path / "good"
    good.write_bytes(picture(240, 320, ".jpg"))
    terminal = Terminal(str(tmp_path / "photo.jpg"), str(good))
    assert terminal.operator.ask(PHOTO).value == good
    assert "应为" in terminal.shown[-1]
    assert "照片" in terminal.shown[-1]


def test_a_photograph_of_which_a_part_is_missing_is_asked_for_again(tmp_path: Path):
    whole = picture(240, 320, ".jpg")
    damaged = tmp_path / "photo.jpg"
    damaged.write_bytes(whole[: len(whole) // 2] + whole[-2:])
    with pytest.raises(RigFault, match="a whole photograph"):
        checked(PHOTO, str(damaged))


def test_only_a_question_for_a_scan_takes_a_whole_pdf(tmp_path: Path):
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n")
    assert checked(SCAN, str(paper)) == paper
    paper.write_bytes(b"%PDF-1.7\n1 0 obj\n")
    with pytest.raises(RigFault, match="whole PDF"):
        checked(SCAN, str(paper))


def test_one_photograph_answers_one_question_of_one_device(scripted: Write, tmp_path: Path):
    (tmp_path / "copy.jpg").write_bytes((tmp_path / "photo.jpg").read_bytes())
    operator = scripted(f'{ANSWERS}[answer."{LID.key}"]\nvalue = "copy.jpg"\n')
    assert operator.ask(PHOTO).value == operator.ask(PHOTO).value
    with pytest.raises(RigFault, match=f"the photograph of {PHOTO.key}") as fault:
        operator.ask(LID)
    assert (fault.value.device, fault.value.final) == (LID.key, True)


def test_a_photograph_offered_again_is_asked_again_at_the_terminal(tmp_path: Path):
    first, second = tmp_path / "a.png", tmp_path / "b.png"
    first.write_bytes(picture(320))
    second.write_bytes(picture(321))
    terminal = Terminal(str(first), str(first), str(second))
    assert [terminal.operator.ask(one).value for one in (PHOTO, LID)] == [first, second]
    assert PHOTO.key in terminal.shown[-1]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/answers.toml")), ids=lambda path: path.parent.name)
def test_the_photographs_of_the_examples_are_pictures_and_each_its_own(path: Path):
    answers = tomllib.loads(path.read_text(encoding="utf-8")).get("answer", {})
    names = [str(one["value"]) for one in answers.values() if str(one.get("value")).endswith(".png")]
    contents = {checked(PHOTO, name, folder=path.parent): (path.parent / name).read_bytes() for name in names}
    assert len(set(contents.values())) == len(names)


def test_the_first_bytes_tell_what_a_file_is():
    reported = [media_type(picture(ending=ending)) for ending in (".png", ".jpg", ".bmp", ".tiff", ".webp")]
    assert reported == ["image/png", "image/jpeg", "image/bmp", "image/tiff", "image/webp"]
    assert media_type(b"words") == ""
