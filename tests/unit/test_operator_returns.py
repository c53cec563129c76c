# SPDX-License-Identifier: Apache-2.0
"""A person who answers nonsense, leaves in the middle of an item, and returns after a restart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.duty_bench import NOT_TESTED, DutyBench, DutyResult
from yanshou.evidence import read_events
from yanshou.operator import TerminalOperator

NONSENSE = ("yesterday", "2026-13-40 09:00", "2026-11-02 25:61", "9", "", "2026/11/02 09:00; rm -rf")
CUT, STOPPED, ENDED = "2026-11-02 09:00", "stopped", "2026-11-02 11:24"


class Person:
    """Types these lines and leaves after the last; ``said`` is what the terminal showed."""

    def __init__(self, lines: Sequence[str], *, presses_ctrl_c: bool = False) -> None:
        self._lines: Iterator[str] = iter(lines)
        self._leaving = KeyboardInterrupt if presses_ctrl_c else EOFError
        self.said: list[str] = []

    def read(self, _prompt: str) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            raise self._leaving from None

    def operator(self) -> TerminalOperator:
        return TerminalOperator("张三", read=self.read, write=self.said.append, interactive=lambda: True)


def session(folder: Path, person: Person) -> DutyResult:
    """A session of the run in this folder, begun or gone on with."""
    bench = DutyBench("archive-school", folder)
    try:
        return bench.tell("video_backup_supply", "PS-2", operator=person.operator())
    finally:
        bench.close()


def answered(folder: Path) -> list[object]:
    return [one["value"] for one in read_events(folder / "journal.jsonl") if one["kind"] == "answer"]


def test_nonsense_is_asked_again_in_a_line_and_never_kept(tmp_path: Path) -> None:
    person = Person([*NONSENSE, CUT, "perhaps", STOPPED, "soon", ENDED])
    assert session(tmp_path / "run", person).verdict == "conform"
    assert answered(tmp_path / "run") == [CUT, STOPPED, ENDED]
    refusals = [one for one in person.said if one.startswith("  ") and "\n" not in one]
    assert len(refusals) >= len(NONSENSE)


@pytest.mark.parametrize("lines", [(), NONSENSE, (CUT,), (CUT, STOPPED, "later")])
def test_who_leaves_has_tested_nothing_and_is_asked_all_of_it_again(
    tmp_path: Path, lines: Sequence[str]
) -> None:
    folder = tmp_path / "run"
    gone = session(folder, Person(lines))
    assert gone.verdict == NOT_TESTED
    assert "was not answered" in gone.why
    assert gone.finding is None
    kept = len(answered(folder))
    back = session(folder, Person([CUT, STOPPED, "2026-11-02 09:20"]))
    assert back.verdict == "non_conform"  # by what he says now, not by what he began to say
    assert answered(folder)[kept:] == [CUT, STOPPED, "2026-11-02 09:20"]


def test_an_interrupt_in_the_middle_of_an_answer_ends_the_session_and_leaves_no_verdict(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        session(folder, Person([CUT], presses_ctrl_c=True))
    kinds = {one["kind"] for one in read_events(folder / "journal.jsonl")}
    assert kinds.isdisjoint({"measurement", "finding"})
    assert session(folder, Person([CUT, STOPPED, ENDED])).verdict == "conform"
