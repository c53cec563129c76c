# SPDX-License-Identifier: Apache-2.0
"""A live police link holds back every stimulus until a named person has confirmed the test mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from yanshou.acquisition import Acquisition
from yanshou.acquisition.child import AcquisitionServer
from yanshou.acquisition.process import HARMLESS
from yanshou.emulation.site.process import private_copy
from yanshou.evidence import BlobStore, Journal
from yanshou.fixtures.prepare import operator_of
from yanshou.model import Device, DeviceKind, RigFault, Site, System, UsageError, utc_now
from yanshou.operator import Answer, NamelessOperator, Question, ScriptedOperator
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import Area
from yanshou.rig.interlock import Interlock, live_links
from yanshou.rig.item_journal import ItemJournal
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
TEST_MODE, CONFIRMED_BY = "police_link.test_mode", "police_link.confirmed_by"


@dataclass
class Person:
    """Somebody at the site with these answers; a key without one is nobody there."""

    answers: Mapping[str, object]
    name: str = "张三"
    witness: str = ""
    language: str = "zh"
    asked: list[str] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question.key)
        if question.key not in self.answers:
            raise RigFault("nobody answered.")
        value = self.answers[question.key]
        unable = "不便回答" if value is None else ""
        return Answer(question.key, value, self.name, utc_now(), unable=unable)  # type: ignore[arg-type]


def _site(tmp_path: Path, live: object = True, *, emulated: bool = False) -> Site:
    attributes = {} if live is None else {"live": live}
    link = Device("POLICE-1", DeviceKind.ALARM_LINK, System.ALARM_NETWORK, "公安联网", attributes=attributes)
    return Site("s", "s", tmp_path, "Asia/Shanghai", {}, {}, {"POLICE-1": link}, emulated=emulated)


@pytest.fixture
def item_journal(tmp_path: Path) -> Iterator[ItemJournal]:
    journal = Journal(tmp_path / "journal.jsonl")
    yield ItemJournal(journal, BlobStore(tmp_path / "blobs"))
    journal.close()


def _confirmations(tmp_path: Path) -> list[str]:
    lines = (tmp_path / "journal.jsonl").read_text("utf-8").splitlines()
    return [line for line in lines if '"confirmation"' in line]


@pytest.mark.parametrize(("live", "found"), [(True, "POLICE-1"), (False, ""), (None, "POLICE-1")])
def test_a_link_is_live_unless_it_says_otherwise(tmp_path: Path, live: object, found: str) -> None:
    assert live_links(_site(tmp_path, live)) == found


def test_confirmed_once_it_lets_everything_through(tmp_path: Path, item_journal: ItemJournal) -> None:
    person = Person({TEST_MODE: True, CONFIRMED_BY: "王五，呼和浩特市局接警台，呼公函〔2026〕7 号"})
    interlock = Interlock(_site(tmp_path), person, item_journal)
    interlock.require()
    interlock.require()
    assert person.asked == [TEST_MODE, CONFIRMED_BY]
    (line,) = _confirmations(tmp_path)
    assert "police_test_mode" in line
    assert "呼公函〔2026〕7 号" in line
    assert "张三" in line


@pytest.mark.parametrize(
    "answers", [{TEST_MODE: False}, {TEST_MODE: None}, {TEST_MODE: True, CONFIRMED_BY: None}]
)
def test_refused_or_unnamed_it_stays_shut(
    tmp_path: Path, item_journal: ItemJournal, answers: Mapping[str, object]
) -> None:
    person = Person(answers)
    interlock = Interlock(_site(tmp_path), person, item_journal)
    for _ in range(3):
        with pytest.raises(RigFault, match="公安联网 POLICE-1 未确认处于测试状态") as caught:
            interlock.require()
        assert caught.value.final
    assert person.asked.count(TEST_MODE) == 1
    (line,) = _confirmations(tmp_path)
    assert '"value":false' in line


BLANK = ["", " ", "\u3000", "\u200b\u200b", "\ufeff \u2060", "\u3164\u3164", "。。", "--"]
"""What no reader takes for a name: blanks of every width, signs without width, fillers, marks."""


@pytest.mark.parametrize("blank", BLANK)
def test_a_name_that_is_blank_to_the_reader_releases_nothing(
    tmp_path: Path, item_journal: ItemJournal, blank: str
) -> None:
    """Neither at the receiving side nor here, on a real rig and on an emulated one alike."""
    given = {TEST_MODE: True, CONFIRMED_BY: "王五，接警台", "release.siren": True}
    persons = [Person({**given, CONFIRMED_BY: blank}), Person(given, name=blank)]
    for person in persons:
        with pytest.raises(RigFault, match="未确认处于测试状态"):
            Interlock(_site(tmp_path, emulated=True), person, item_journal).require()
    allowed = replace(_site(tmp_path, emulated=True), allow=frozenset({"siren"}))
    with pytest.raises(RigFault, match="not released"):
        Interlock(allowed, persons[1], item_journal).release("siren", "PANEL-1")


@pytest.mark.parametrize("blank", BLANK)
def test_no_operator_is_made_with_a_name_that_is_blank_to_the_reader(tmp_path: Path, blank: str) -> None:
    named = replace(_site(tmp_path), operator={"name": blank})
    assert isinstance(operator_of(named, "terminal"), NamelessOperator)
    (tmp_path / "answers.toml").write_text(f'person = "{blank}"\n', "utf-8")
    with pytest.raises(UsageError, match="no person"):
        ScriptedOperator(tmp_path / "answers.toml")


def test_nobody_there_is_asked_again_before_the_next_stimulus(
    tmp_path: Path, item_journal: ItemJournal
) -> None:
    person = Person({})
    interlock = Interlock(_site(tmp_path), person, item_journal)
    for _ in range(2):
        with pytest.raises(RigFault, match="nobody answered"):
            interlock.require()
    assert person.asked == [TEST_MODE, TEST_MODE]


def test_written_answers_never_open_it_on_a_real_site(tmp_path: Path, item_journal: ItemJournal) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(
        f'person = "张三"\n[answer."{TEST_MODE}"]\nvalue = "是"\n[answer."*"]\nvalue = "某某某"\n', "utf-8"
    )
    written = ScriptedOperator(path)
    with pytest.raises(RigFault, match="不接受预先写好的答复"):
        Interlock(_site(tmp_path), written, item_journal).require()
    Interlock(_site(tmp_path, emulated=True), written, item_journal).require()


def test_the_command_line_cannot_ask_for_written_answers_on_a_real_site(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text('person = "张三"\n', "utf-8")
    with pytest.raises(UsageError, match="on a real site a person answers"):
        operator_of(_site(tmp_path), "scripted")


def test_a_live_that_is_neither_true_nor_false_is_a_mistake(tmp_path: Path) -> None:
    site = private_copy(BRANCH, tmp_path / "site")
    inventory = site / "inventory.csv"
    inventory.write_text(inventory.read_text("utf-8").replace("live=false", "live=maybe"), "utf-8")
    with pytest.raises(UsageError, match="live cannot be 'maybe'"):
        load_site(site)


def test_no_write_reaches_a_bus_without_permission_but_what_brings_it_to_rest(
    tmp_path: Path, item_journal: ItemJournal
) -> None:
    bus = Bus("modbus-tcp", host="127.0.0.1", port=9, timeout_s=0.1)  # the discard port: nobody is there
    interlock = Interlock(_site(tmp_path), Person({TEST_MODE: False}), item_journal)
    with Acquisition(ordinary=True, permit=interlock.require) as acquisition:
        with pytest.raises(RigFault, match="公安联网"):
            acquisition.write(bus, 1, Area.COIL, 0, [1])
        with pytest.raises(RigFault, match="公安联网"):
            acquisition.send_line(bus, "CARD 1", "", 0.1)
        with acquisition.resting(), pytest.raises(RigFault, match=r"^(?!.*公安联网)"):
            acquisition.write(bus, 1, Area.COIL, 0, [0])


def test_every_operation_that_may_change_something_asks_for_permission() -> None:
    """A new operation is a stimulus until somebody has listed it as harmless."""
    stimuli = {"write", "line", "message_say", "osdp_join", "osdp_present"}
    assert set(AcquisitionServer().operations) - HARMLESS == stimuli


def _demanding(tmp_path: Path, **operator: object) -> Site:
    people = {"name": "张三", "witness": "李四", "witness_confirms": True, **operator}
    return replace(_site(tmp_path), operator=people, allow=frozenset({"siren"}))


@dataclass
class Pair(Person):
    """A tester and the witness who says yes with him; "" where he was not asked."""

    seen: str = "李四"

    def ask(self, question: Question) -> Answer:
        assert question.witnessed == (question.key != CONFIRMED_BY)
        return replace(super().ask(question), witness=self.seen)


@pytest.mark.parametrize("seen", ["", "  ", "12", "张三", "张三 "])
def test_where_the_site_demands_the_witness_one_person_releases_nothing(
    tmp_path: Path, item_journal: ItemJournal, seen: str
) -> None:
    answers = {TEST_MODE: True, CONFIRMED_BY: "王五", "release.siren": True}
    interlock = Interlock(_demanding(tmp_path), Pair(answers, seen=seen), item_journal)
    with pytest.raises(RigFault, match="not released"):
        interlock.release("siren", "PANEL-1")
    with pytest.raises(RigFault, match="未确认处于测试状态"):
        interlock.require()
    assert '"value":true' not in "".join(_confirmations(tmp_path))


def test_with_the_witness_both_stand_in_the_journal(tmp_path: Path, item_journal: ItemJournal) -> None:
    answers = {TEST_MODE: True, CONFIRMED_BY: "王五", "release.siren": True}
    interlock = Interlock(_demanding(tmp_path), Pair(answers), item_journal)
    interlock.release("siren", "PANEL-1")
    interlock.require()
    lines = _confirmations(tmp_path)
    assert len(lines) == 2
    assert all('"person":"张三"' in line and '"witness":"李四"' in line for line in lines)


def test_such_a_site_is_not_run_from_the_terminal(tmp_path: Path) -> None:
    for backend in ("terminal", ""):
        with pytest.raises(UsageError, match="witness confirms"):
            operator_of(_demanding(tmp_path), backend, run=tmp_path / "run")
