# SPDX-License-Identifier: Apache-2.0
"""The conclusion of an acceptance: what the group's tables and the inspection allow, and what they do not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support.places import ROOT
from tests.support.run_builder import RunBuilder, small_run
from yanshou.cli import main
from yanshou.evidence.journal import plain
from yanshou.model import System, UsageError, Verdict
from yanshou.model.acceptance import (
    AcceptanceLine,
    AcceptanceMeeting,
    AcceptancePart,
    AcceptanceProblem,
    AcceptanceTerm,
    GroupMember,
    LineResult,
)
from yanshou.reports.acceptance import acceptance_json, acceptance_pdf, conclude
from yanshou.reports.self_check.printed import Printed
from yanshou.reports.view import RunView, load
from yanshou.site.acceptance import read_acceptance
from yanshou.standards import Catalogue

BUILT, TECHNICAL, PAPERS = AcceptancePart
PASSED, BASIC, FAILED, ABSENT = LineResult


def run(path: Path, *, value: float | None = 0.4) -> RunView:
    """A run of one item; None: the item was never tested."""
    made = small_run(path)
    if value is not None:
        with_result(made, value)
    return load(path)


def with_result(made: RunBuilder, value: float) -> None:
    one = made.plan.items[0]
    made.session()
    made.start(one)
    measured = made.measure(one, value=value, U=0.01, k=2.0)
    made.judge(one, "IAS-RT-01", Verdict.CONFORM if value <= 2 else Verdict.NON_CONFORM, measured)
    made.finish(one, "done" if value <= 2 else "non_conform")


def lines(part: AcceptancePart, *results: LineResult | None) -> tuple[AcceptanceLine, ...]:
    return tuple(AcceptanceLine(part, f"{part.value} {n}", one) for n, one in enumerate(results))


GROUP = (
    GroupMember("张三", "某设计院", TECHNICAL, expert=True, leader=True),
    GroupMember("李四", "某公安局", BUILT, expert=True),
    GroupMember("王五", "建设单位", PAPERS),
)
SOUND = (*lines(BUILT, PASSED), *lines(TECHNICAL, PASSED), *lines(PAPERS, PASSED))
MEETING = AcceptanceMeeting(date(2026, 12, 1), GROUP, SOUND, AcceptanceTerm.PASSED)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> RunView:
    return run(tmp_path_factory.mktemp("good") / "run")


def with_lines(part: AcceptancePart, *results: LineResult | None) -> AcceptanceMeeting:
    """The sound meeting with the results of one table replaced."""
    others = tuple(line for line in SOUND if line.part is not part)
    return replace(MEETING, lines=(*others, *lines(part, *results)))


def test_all_lines_passed_and_a_conforming_inspection_propose_a_pass(good: RunView) -> None:
    found = conclude(MEETING, good)
    assert (found.open, found.against, found.proposed) == ((), (), AcceptanceTerm.PASSED)
    assert (found.group_wrong, found.wording_wrong) == ((), ())


@pytest.mark.parametrize(
    ("results", "k", "proposed"),
    [
        ([PASSED] * 7 + [BASIC] * 2 + [FAILED], Fraction(82, 100), AcceptanceTerm.PASSED),
        ([PASSED] * 4 + [FAILED], Fraction(4, 5), AcceptanceTerm.PASSED),  # the bound itself passes
        ([PASSED] * 79 + [FAILED] * 20, Fraction(79, 99), AcceptanceTerm.BASIC),  # 0.798
        ([BASIC], Fraction(3, 5), AcceptanceTerm.BASIC),
        ([BASIC] * 9 + [FAILED], Fraction(54, 100), AcceptanceTerm.FAILED),
        ([PASSED, ABSENT, ABSENT, ABSENT], Fraction(1), AcceptanceTerm.PASSED),  # absent lines do not count
    ],
)
@pytest.mark.parametrize("part", AcceptancePart)
def test_k_of_any_table_decides(
    good: RunView, part: AcceptancePart, results: list[LineResult], k: Fraction, proposed: AcceptanceTerm
) -> None:
    found = conclude(with_lines(part, *results), good)
    assert next(score.k for score in found.scores if score.part is part) == k
    assert found.proposed is proposed


def test_a_starred_technical_line_that_failed_ends_it_whatever_k_is(good: RunView) -> None:
    starred = AcceptanceLine(TECHNICAL, "报警响应", FAILED, starred=True)
    found = conclude(replace(MEETING, lines=(*SOUND, *lines(TECHNICAL, *[PASSED] * 20), starred)), good)
    assert found.proposed is AcceptanceTerm.FAILED
    assert "报警响应" in found.against[0].zh


def test_nothing_is_concluded_while_an_item_is_untested_and_it_is_named(tmp_path: Path) -> None:
    found = conclude(MEETING, run(tmp_path / "run", value=None))
    assert found.proposed is None
    assert [one.zh for one in found.open if "GB 55029-2022" in one.zh and "Z07" in one.zh]
    assert found.wording_wrong  # the group passed the work all the same


@pytest.mark.parametrize(
    ("results", "named"), [((PASSED, None), "technical 1"), ((), "没有验收项目"), ((ABSENT,), "没有验收项目")]
)
def test_nothing_is_concluded_from_a_table_that_is_not_filled_in(
    good: RunView, results: tuple[LineResult | None, ...], named: str
) -> None:
    found = conclude(with_lines(TECHNICAL, *results), good)
    assert found.proposed is None
    assert named in found.open[0].zh


def test_an_inspection_that_was_not_passed_is_against_it(tmp_path: Path) -> None:
    found = conclude(MEETING, run(tmp_path / "run", value=3.5))
    assert found.proposed is AcceptanceTerm.FAILED
    assert "GB 55029-2022" in found.against[0].zh
    assert "第十三条" in found.against[0].zh
    assert found.wording_wrong


@pytest.mark.parametrize(
    ("members", "share", "wrong"),
    [
        (GROUP, Fraction(2, 3), ""),
        ((GROUP[0], GROUP[1], replace(GROUP[2]), GroupMember("赵六", "施工", BUILT)), Fraction(1, 2), ""),
        ((*GROUP, GroupMember("a", "b", BUILT), GroupMember("c", "d", BUILT)), Fraction(2, 5), "不足一半"),
        (
            (*GROUP, GroupMember("钱七", "施工单位", BUILT, expert=True, interest=True)),
            Fraction(2, 3),
            "钱七",
        ),
        (GROUP[:2], Fraction(1), "资料审查"),
        ((), None, "未列出"),
    ],
)
def test_the_share_of_experts_is_that_of_those_who_may_vote(
    good: RunView, members: tuple[GroupMember, ...], share: Fraction | None, wrong: str
) -> None:
    found = conclude(replace(MEETING, members=members), good)
    assert found.expert_share == share
    assert bool(found.group_wrong) is bool(wrong)
    assert wrong in "".join(one.zh for one in found.group_wrong)


@pytest.mark.parametrize(
    ("given", "problems", "wrong"),
    [
        (AcceptanceTerm.PASSED, (), ""),
        (None, (), "尚未给出"),
        (AcceptanceTerm.BASIC, (), "未写明问题"),
        (AcceptanceTerm.BASIC, (AcceptanceProblem("标签脱落", "补齐"),), ""),
        (AcceptanceTerm.FAILED, (), "未写明问题"),
    ],
)
def test_a_conclusion_is_one_of_three_terms_and_names_what_is_to_be_mended(
    good: RunView, given: AcceptanceTerm | None, problems: tuple[AcceptanceProblem, ...], wrong: str
) -> None:
    found = conclude(replace(MEETING, conclusion=given, problems=problems), good)
    assert wrong in "".join(one.zh for one in found.wording_wrong)
    assert bool(found.wording_wrong) is bool(wrong)


def test_a_conclusion_better_than_the_results_is_told(good: RunView) -> None:
    found = conclude(with_lines(PAPERS, FAILED), good)
    assert found.proposed is AcceptanceTerm.FAILED
    assert "好于" in found.wording_wrong[0].zh


def test_the_page_prints_all_of_it_in_either_language(good: RunView) -> None:
    starred = AcceptanceLine(TECHNICAL, "报警响应", FAILED, starred=True, note="现场复核")
    meeting = replace(
        MEETING,
        lines=(*SOUND, starred),
        conclusion=AcceptanceTerm.FAILED,
        problems=(AcceptanceProblem("响应超时", "更换主机", "某施工单位", date(2026, 12, 20)),),
    )
    for language, expected in (
        ("zh", ("不通过", "依据待核", "* 报警响应")),
        ("en", ("not passed", "K = 0.50")),
    ):
        text = Printed(acceptance_pdf(meeting, good, language))
        for word in (*expected, "张三", "现场复核", "响应超时", "更换主机", "2026-12-20"):
            assert text.has(word), (language, word)


def test_the_journal_gives_the_meeting_back(good: RunView) -> None:
    meeting = replace(MEETING, problems=(AcceptanceProblem("a", "b", "c", date(2027, 1, 2)),))
    assert AcceptanceMeeting.from_record(json.loads(json.dumps(plain(meeting)))) == meeting
    answer = json.loads(acceptance_json(meeting, good))
    assert (answer["proposed"], answer["given"], answer["basis"]) == ("passed", "passed", "unverified")
    assert answer["ACC-10"]["met"]


FILE = """
date = 2026-12-01
conclusion = "基本通过"
[[member]]
name = "张三"
unit = "某设计院"
part = "技术验收"
expert = true
[[technical]]
text = "报警响应时间"
result = "基本合格"
starred = true
[[problem]]
text = "标签脱落"
correction = "补齐"
"""


def test_the_file_is_read_in_the_words_of_the_field(tmp_path: Path) -> None:
    path = tmp_path / "acceptance.toml"
    path.write_text(FILE, encoding="utf-8")
    meeting = read_acceptance(path)
    assert meeting.conclusion is AcceptanceTerm.BASIC
    assert meeting.members == (GroupMember("张三", "某设计院", TECHNICAL, expert=True),)
    assert meeting.lines == (AcceptanceLine(TECHNICAL, "报警响应时间", BASIC, starred=True),)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('"基本通过"', '"良好"', 3, "conclusion cannot be"),
        ('"基本合格"', '"合恪"', 11, "Did you mean 合格"),
        ('"张三"', '"—"', 5, "names nobody"),
        ("date = 2026-12-01", 'date = "2026-13-45"', 2, "must be a date"),
        ("starred = true", "stared = true", 12, "is not a key"),
        ('correction = "补齐"', "", 13, "correction is missing"),
    ],
)
def test_a_mistake_in_the_file_has_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    path = tmp_path / "acceptance.toml"
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError) as wrong:
        read_acceptance(path)
    assert said in str(wrong.value)
    assert f"acceptance.toml:{line}" in str(wrong.value)


def test_a_person_is_in_the_group_once(tmp_path: Path) -> None:
    path = tmp_path / "acceptance.toml"
    again = '[[member]]\nname = "张三"\nunit = "某单位"\npart = "资料"\n'
    path.write_text(FILE + again, encoding="utf-8")
    with pytest.raises(UsageError, match="in the group already"):
        read_acceptance(path)


def test_the_command_journals_the_meeting_once_and_the_run_stays_intact(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_result(small_run(tmp_path / "run"), 0.4)
    ended = load(tmp_path / "run").ended
    path = tmp_path / "acceptance.toml"
    path.write_text(FILE, encoding="utf-8")
    codes = [main(["conclude", str(tmp_path / "run"), str(path), "--json"]) for _ in range(2)]
    assert codes == [3, 3]  # two tables are missing
    assert json.loads(capsys.readouterr().out.split("\n}\n")[0] + "\n}")["proposed"] is None
    view = load(tmp_path / "run")
    assert view.meeting is not None
    assert view.ended == ended  # the test did not last until the acceptance
    journal = (tmp_path / "run" / "journal.jsonl").read_text("utf-8")
    assert journal.count('"kind":"acceptance"') == 1
    assert main(["verify", str(tmp_path / "run")]) == 0


def test_the_rules_for_the_group_are_no_items_of_a_plan(catalogue: Catalogue) -> None:
    rows = [row for row in catalogue.requirements.values() if row.system == System.ACCEPTANCE]
    assert {row.id for row in rows} == {"ACC-10", "ACC-11"}
    assert not any(row.is_tested for row in rows)


@pytest.mark.parametrize("page", ["acceptance.md", "acceptance.zh-CN.md"])
def test_the_file_of_the_how_to_page_is_one(tmp_path: Path, good: RunView, page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    path = tmp_path / "acceptance.toml"
    path.write_text("\n".join(line[4:] for line in text.splitlines() if line.startswith("    ")), "utf-8")
    path.write_text(path.read_text("utf-8").replace("$ yanshou conclude RUN acceptance.toml", ""), "utf-8")
    found = conclude(read_acceptance(path), good)
    assert (found.proposed, found.wording_wrong) == (AcceptanceTerm.BASIC, ())
