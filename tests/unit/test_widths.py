# SPDX-License-Identifier: Apache-2.0
"""What a phone's or a Chinese keyboard types means the same wherever it is typed, for every kind of question.

Full-width letters, digits and signs, both letters for micro, and ``！``: at the terminal, in written answers
and on the console.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import guard_room
from tests.support.guard_room import PEOPLE, Guard
from yanshou.console.counter import Shown
from yanshou.console.prompts import prompt_of
from yanshou.console.roles import TESTER
from yanshou.operator import (
    DAY,
    Answer,
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    ScriptedOperator,
    TerminalOperator,
    TextQuestion,
)

site = guard_room.site
DOSE = NumberQuestion("XR-1.dose", "剂量率", "uSv/h", 0.0, 100.0)
COUNT = NumberQuestion("SITE.count", "台数", "1", 0, 100, whole=True)
TIME = NumberQuestion("CAM-1.time", "时间", "s", 0, 1, named=True)
GRADE = ChoiceQuestion("CAM-1.grade", "评分", (("5", "不可察觉"), ("1", "很讨厌")))
RANGE = ChoiceQuestion("XR-1.range", "量程", (("low", "10 μSv/h"), ("high", "100 μSv/h")))
READY = ConfirmQuestion("CAM-1.ready", "是否就绪？")
SERIAL = TextQuestion("XR-1.serial", "编号")
NAME = TextQuestion("SITE.name", "姓名", person=True)
FORM = TextQuestion("SITE.form", "编号", r"[A-Z]\d+-\d+")
DUE = TextQuestion("XR-1.due", "有效期", DAY)
PHOTO = PhotoQuestion("CAM-1.photo", "请拍照")
TYPED: list[tuple[Question, str, object]] = [
    (COUNT, "12", 12.0),
    (COUNT, "-0", 0.0),
    (DOSE, "0.21 μSv/h", 0.21),
    (DOSE, "2.1e-1 uSv/h", 0.21),
    (TIME, "5 μs", 5e-6),
    (GRADE, "5", "5"),
    (RANGE, "low", "low"),
    (RANGE, "100 μSv/h", "high"),
    (READY, "y", True),
    (READY, "No", False),
    (SERIAL, "TB-A/207_b", "TB-A/207_b"),
    (SERIAL, "资料盒（07），第 3 μm 页", "资料盒（07），第 3 μm 页"),
    (NAME, "Li Si", "Li Si"),
    (FORM, "A17-3", "A17-3"),
    (DUE, "2027-07-12", "2027-07-12"),
]
BACK_ENDS = ("terminal", "written", "console")
REASON = "!no access, 2 of 3"


def keyboards(text: str) -> st.SearchStrategy[str]:
    """The text with any of its signs in full width, and any letter for micro."""
    return st.tuples(*(st.sampled_from(spellings(one)) for one in text)).map("".join)


def spellings(sign: str) -> list[str]:
    """The ways to type a sign. The marks of Chinese prose are words of a text, not another width."""
    if sign in "μµ":
        return ["\u03bc", "\u00b5"]
    if sign == " ":
        return [" ", "\u3000"]
    wide = chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign
    return [sign] if wide in "，（）：；？" else [sign, wide]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a photograph."""
    made = tmp_path_factory.mktemp("widths")
    pixels = np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8)
    (made / "page1.png").write_bytes(cv2.imencode(".png", pixels)[1])
    return made


@pytest.fixture(scope="module")
def ask(folder: Path, site: Any) -> Iterator[Callable[[str, Question, str], Answer]]:
    """Ask by one of the back ends, and type."""
    guard = Guard(guard_room.Counter(folder / "run"), site)
    names = (f"{number:016x}" for number in itertools.count())

    def console(question: Question, typed: str) -> Answer:
        prompt = prompt_of(question, next(names), {}, {})
        guard.counter.show(Shown(prompt=prompt))
        guard.desk.answer(PEOPLE[0], {"prompt": prompt.id, "value": typed})
        given = guard.counter.taken(prompt.id, TESTER)
        assert given
        return guard.operator._answer(question, {TESTER: given})

    def written(question: Question, typed: str) -> Answer:
        value, unit = typed, ""
        if isinstance(question, NumberQuestion):  # has a key for the unit
            value, unit = [*re.split("[ \u3000]", typed, maxsplit=1), question.unit][:2]
        entry = {"value": value, "unit": unit}
        if value[:1] in "!！":
            entry = {"value": typed}
        text = "".join(f"{key} = {json.dumps(one, ensure_ascii=False)}\n" for key, one in entry.items())
        text = f'person = "张三"\n[answer."{question.key}"]\n{text}'
        (folder / "answers.toml").write_text(text, encoding="utf-8")
        return ScriptedOperator(folder / "answers.toml").ask(question)

    def terminal(question: Question, typed: str) -> Answer:
        lines = iter([typed])
        said = TerminalOperator("张三", read=lambda _: next(lines), write=len, interactive=lambda: True)
        return said.ask(question)

    ways = {"console": console, "written": written, "terminal": terminal}
    yield lambda way, question, typed: ways[way](question, typed)
    guard.operator.close()


@pytest.mark.parametrize("way", BACK_ENDS)
@pytest.mark.parametrize(("question", "typed", "meant"), TYPED, ids=lambda one: getattr(one, "key", str(one)))
@settings(max_examples=8)
@given(data=st.data())
def test_every_keyboard_types_the_same_answer(way, question, typed, meant, ask, data):
    line = data.draw(keyboards(typed))
    answer = ask(way, question, line)
    assert answer.value == (pytest.approx(meant) if isinstance(meant, float) else meant)
    assert not answer.unable


@pytest.mark.parametrize("way", BACK_ENDS)
@pytest.mark.parametrize(
    "question", [*(dict.fromkeys(one for one, _, _ in TYPED)), PHOTO], ids=lambda one: one.key
)
@settings(max_examples=5)
@given(data=st.data())
def test_every_question_can_be_refused_with_a_reason(way, question, ask, data):
    answer = ask(way, question, data.draw(keyboards(REASON)))
    assert (answer.value, answer.unable) == (None, REASON[1:])


@settings(max_examples=5)
@given(data=st.data())
def test_the_name_of_a_photograph_is_understood_at_the_terminal(folder, ask, data):
    line = str(folder / data.draw(keyboards("page1.png")))
    assert ask("terminal", PHOTO, line).value == folder / "page1.png"


@pytest.mark.parametrize("way", BACK_ENDS)
def test_what_was_typed_otherwise_is_kept_beside_the_text(way, ask):
    answer = ask(way, SERIAL, "ＴＢ－Ａ－２０７")
    assert (answer.value, answer.typed) == ("TB-A-207", "ＴＢ－Ａ－２０７")
    assert ask(way, SERIAL, "TB-A-207").typed == ""
