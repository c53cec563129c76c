# SPDX-License-Identifier: Apache-2.0
"""Each session says who tests, who is the witness and which instruments are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.support import suite_run
from tests.support.guard_room import BRANCH, Asked, Guard
from tests.support.suite_run import Ran
from yanshou.console.counter import Counter
from yanshou.fixtures.present import Attendance, who_is_present
from yanshou.instruments.registry import Instrument, InstrumentRegistry, Range
from yanshou.model import PlanItem, UsageError
from yanshou.operator import NamelessOperator, ScriptedOperator, TerminalOperator
from yanshou.site import load_site

pytest_plugins = ["pytester"]
catalogue, ran, site = suite_run.catalogue, suite_run.ran, suite_run.site

FIRST_DAY, SECOND_DAY = date(2026, 11, 29), date(2026, 12, 2)
VOLTS = (Range("dc_voltage", 0.0, 60.0, "V", 0.01),)


def meter(name: str, due: date = date(2027, 1, 1)) -> Instrument:
    return Instrument(
        name, "multimeter", "表", serial=f"S-{name}", certificate="C", calibrated=date(2026, 1, 1), due=due,
        ranges=VOLTS,
    )  # fmt: skip


REGISTRY = InstrumentRegistry(
    {one.id: one for one in (meter("DMM-1"), meter("LUX-1", date(2026, 12, 1)), meter("SPARE"))}
)
DUE = [
    PlanItem("a[Z1]", "a", "Z1", (), instruments=("DMM-1",)),
    PlanItem("b[Z1]", "b", "Z1", (), instruments=("LUX-1", "DMM-1")),
]


def at_terminal(*lines: str, language: str = "zh") -> tuple[TerminalOperator, list[str]]:
    typed, shown = iter(lines), list[str]()
    operator = TerminalOperator(
        "张三", "李四", read=lambda _: next(typed), write=shown.append, interactive=lambda: True,
        language=language,
    )  # fmt: skip
    return operator, shown


def asked(operator: object, day: date = FIRST_DAY) -> Attendance:
    return who_is_present(operator, REGISTRY, DUE, day)  # type: ignore[arg-type]


def test_one_yes_is_enough_where_all_is_as_stated() -> None:
    operator, shown = at_terminal("是", "")
    found = asked(operator)
    assert (found.operator, found.witness, found.instruments) == ("张三", "李四", ("DMM-1", "LUX-1"))
    assert [one["value"] for one in found.asked] == [True]
    assert "SPARE" not in "".join(shown), "only what is needed is named"


@pytest.mark.parametrize(("language", "expected"), [("zh", "不能用"), ("en", "cannot be used")])
def test_a_certificate_that_ended_between_the_days_is_told_and_closes_the_gate(
    language: str, expected: str
) -> None:
    for day, ended in ((FIRST_DAY, False), (SECOND_DAY, True)):
        operator, shown = at_terminal("y", "", language=language)
        asked(operator, day)
        assert (expected in shown[0]) is ended
        assert REGISTRY.gate("LUX-1", "dc_voltage", 1.0, "V", day).ok is not ended


def test_others_on_the_second_day_are_named_and_what_is_not_there_is_not_read() -> None:
    operator, _ = at_terminal("否", "", "王五", "", "无", "", "DMM-1", "")
    found = asked(operator)
    assert (found.operator, found.witness) == (operator.name, operator.witness) == ("王五", "")
    assert (found.instruments, found.absent) == (("LUX-1",), ("DMM-1",))
    register = found.register(REGISTRY)
    assert not register.gate("DMM-1", "dc_voltage", 1.0, "V", FIRST_DAY).ok
    assert register.gate("LUX-1", "dc_voltage", 1.0, "V", FIRST_DAY).ok
    assert register.calibration("DMM-1", FIRST_DAY).ok, "its certificate is as it was"


def test_a_name_and_an_instrument_that_cannot_be_are_asked_again() -> None:
    operator, shown = at_terminal("n", "", "123", "王五", "", "none", "", "DMM-9", "LUX-1, DMM-1", "")
    assert asked(operator).absent == ("LUX-1", "DMM-1")
    assert sum(line.startswith("  ") and "应为" in line for line in shown) == 2


def test_who_says_no_must_say_how_it_is() -> None:
    operator, _ = at_terminal("否", "", "！不知道")
    with pytest.raises(UsageError, match="nobody said who tests"):
        asked(operator)


def written(folder: Path, text: str) -> ScriptedOperator:
    (folder / "answers.toml").write_text(f'person = "张三"\nwitness = "李四"\n{text}', "utf-8")
    return ScriptedOperator(folder / "answers.toml")


def test_written_answers_say_it_too_and_without_any_the_site_file_stands(tmp_path: Path) -> None:
    assert asked(written(tmp_path, "")) == Attendance("张三", "李四", ("DMM-1", "LUX-1"))
    given = {"as_stated": "false", "operator": '"王五"', "witness": '"赵六"', "absent": '"无"'}
    text = "".join(f'[answer."session.{key}"]\nvalue = {value}\n' for key, value in given.items())
    found = asked(written(tmp_path, text))
    assert (found.operator, found.witness, found.absent) == ("王五", "赵六", ())
    assert len(found.asked) == len(given)
    with pytest.raises(UsageError):
        asked(written(tmp_path, '[answer."session.as_stated"]\nvalue = false\n'))


def test_where_nobody_can_be_asked_the_site_file_stands() -> None:
    found = asked(TerminalOperator("张三", interactive=lambda: False))
    assert (found.operator, found.asked) == ("张三", ())
    assert asked(NamelessOperator("nobody is named")).operator == ""


@pytest.fixture
def guard(tmp_path: Path) -> Iterator[Guard]:
    made = Guard(Counter(tmp_path / "run"), load_site(BRANCH))
    yield made
    made.operator.close()


def test_the_phones_are_asked(guard: Guard) -> None:
    waiting = Asked(lambda: asked(guard.operator))
    phone = guard.phone()
    assert "DMM-1（S-DMM-1" in phone.prompt["asked"]["zh"]
    assert "certificate until 2027" in phone.prompt["asked"]["en"]
    for value in ("no", "", "王五", "", "无", "", "LUX-1", ""):
        assert phone.answer(value=value).status_code == 200
    waiting.end()
    assert waiting.error is None
    found = waiting.answer
    assert isinstance(found, Attendance)
    assert (found.operator, found.absent) == ("王五", ("LUX-1",))


PAPERS = """
@measures("papers_kept", operator=True)
def test_papers(record):
    record.logical(conforms=True)
"""


def test_the_first_line_of_a_session_names_them(ran: Callable[..., Ran], site: Path) -> None:
    answers = site / "answers.toml"
    more = '\n[answer."session.as_stated"]\nvalue = true\n'
    answers.write_text(answers.read_text("utf-8") + more, "utf-8")
    (begun,) = ran(PAPERS).of("session_started")
    assert begun["operator"]
    assert (begun["instruments"], begun["absent"]) == ([], [])
    (question,) = begun["asked"]
    assert (question["question"], question["value"]) == ("session.as_stated", True)
