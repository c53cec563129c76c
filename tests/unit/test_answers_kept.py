# SPDX-License-Identifier: Apache-2.0
"""Written answers and photographs from session to session; what a report says of a damaged folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.run_builder import small_run
from yanshou.evidence import Event, Journal
from yanshou.fixtures.answers import album_of, note_answers
from yanshou.fixtures.prepare import prepare
from yanshou.model import RigFault, Verdict
from yanshou.operator import NamelessOperator, PhotoQuestion, ScriptedOperator, TerminalOperator
from yanshou.reports import console_summary, load

ONE = '[answer."a.x"]\nvalue = "是"\n'
TWO = '[answer."b.y"]\nvalue = "否"\n'


def written(folder: Path, text: str, person: str = "张三") -> ScriptedOperator:
    path = folder / "answers.toml"
    path.write_text(f'person = "{person}"\n{text}', encoding="utf-8")
    return ScriptedOperator(path)


def sessions(folder: Path, *operators: ScriptedOperator | NamelessOperator) -> list[Event]:
    events: list[Event] = []
    with Journal(folder / "journal.jsonl") as journal:
        for operator in operators:
            note_answers(journal, operator, events)
            events = [*events, *_new(folder, len(events))]
    return events


def _new(folder: Path, known: int) -> list[Event]:
    from yanshou.evidence import read_events

    return list(read_events(folder / "journal.jsonl"))[known:]


def test_the_same_answers_change_nothing(tmp_path: Path):
    operator = written(tmp_path, ONE + TWO)
    first, second = sessions(tmp_path, operator, written(tmp_path, ONE + TWO))
    assert first["sha256"] == hashlib.sha256((tmp_path / "answers.toml").read_bytes()).hexdigest()
    assert (first["before"], first["changed"]) == ("", [])
    assert (second["before"], second["changed"]) == (first["sha256"], [])


def test_what_changed_between_two_sessions_is_named(tmp_path: Path):
    before = written(tmp_path, ONE + TWO)
    turned = written(tmp_path, ONE.replace("是", "否") + TWO, person="李四")
    one, two = sessions(tmp_path, before, turned)
    assert two["before"] == one["sha256"] != two["sha256"]
    assert two["changed"] == ["a.x", "person"]
    third = sessions(tmp_path / "again", turned, written(tmp_path, TWO))[-1]
    assert third["changed"] == ["a.x", "person"]  # one that is gone, too


def test_who_is_asked_at_the_terminal_has_no_written_answers(tmp_path: Path):
    assert sessions(tmp_path, NamelessOperator("nobody")) == []


def test_on_a_real_site_written_answers_may_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from yanshou.fixtures import prepare as module

    digests = {"answers.toml": "1", "site.toml": "2"}
    monkeypatch.setattr(module, "site_digests", lambda *_: digests)
    emulated, real = _Site(emulated=True), _Site(emulated=False)
    assert module._digests(emulated) == {"site.toml": "2"}  # type: ignore[arg-type]
    assert module._digests(real) == digests  # type: ignore[arg-type]
    assert prepare is module.prepare


class _Site:
    def __init__(self, *, emulated: bool) -> None:
        self.emulated = emulated
        self.folder = Path()
        self.operator = {"answers": "answers.toml"}
        self.plan: dict[str, object] = {}


def photograph(path: Path, level: int = 90) -> str:
    picture = np.full((300, 400, 3), level, np.uint8)
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_photograph_of_an_earlier_session_answers_no_other_question(tmp_path: Path):
    digest = photograph(tmp_path / "a.png")
    photograph(tmp_path / "b.png", 120)
    before: list[Event] = [
        {"kind": "answer", "question": "Z01.indication", "value": "a.png", "photo": digest},
        {"kind": "answer", "question": "Z01.words", "value": "plain"},
    ]
    album = album_of(before)
    other, same = PhotoQuestion("Z02.indication", "照片"), PhotoQuestion("Z01.indication", "照片")
    lines = iter([str(tmp_path / "a.png"), str(tmp_path / "b.png")])
    shown: list[str] = []
    terminal = TerminalOperator(
        "张三", album=album, read=lambda _: next(lines), write=shown.append, interactive=lambda: True
    )
    assert str(terminal.ask(other).value).endswith("b.png")  # the first is told and asked again
    assert any("Z01.indication" in one for one in shown)
    text = '[answer."*.indication"]\nvalue = "a.png"\n'
    written(tmp_path, text)
    scripted = ScriptedOperator(tmp_path / "answers.toml", album_of(before))
    assert scripted.ask(same).value
    with pytest.raises(RigFault, match=r"Z01\.indication"):
        scripted.ask(other)


@pytest.mark.parametrize(
    ("verdict", "reported"),
    [
        (Verdict.CONFORM, Verdict.INVALID),
        (Verdict.UNJUDGED, Verdict.INVALID),
        (Verdict.NON_CONFORM, Verdict.NON_CONFORM),
    ],
)
def test_what_was_measured_before_a_damage_speaks_for_nothing(
    tmp_path: Path, verdict: Verdict, reported: Verdict
):
    run = small_run(tmp_path / "run")
    run.latency(run.plan.items[0], [0.5], verdict)
    assert load(run.path).rows[0].finding.verdict is verdict
    assert not load(run.path).not_intact
    problems = [{"path": "blobs/ab/abcd", "kind": "lost", "sha256": ""}]
    run.event("not_intact", reason="硬盘更换", problems=problems, sealed={})
    view = load(run.path)
    assert view.rows[0].finding.verdict is reported
    assert "不完整" in view.rows[0].finding.reason
    assert any("blobs/ab/abcd" in one.text and "硬盘更换" in one.text for one in view.deviations)
    assert "不完整" in console_summary(view)[0]


def test_what_is_measured_after_a_damage_counts(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.event("not_intact", reason="硬盘更换", problems=[], sealed={})
    run.latency(run.plan.items[0], [0.5], Verdict.CONFORM)
    assert load(run.path).rows[0].finding.verdict is Verdict.CONFORM


def test_changed_answers_and_later_draws_stand_among_the_deviations(tmp_path: Path):
    run = small_run(tmp_path / "run")
    reported = {"file": "answers.toml", "keys": {}}
    run.event("answers", sha256="a" * 64, before="", changed=[], **reported)
    run.event("answers", sha256="b" * 64, before="a" * 64, changed=["XR-1.dose_rate"], **reported)
    run.event("draw", number=1, seed=5, drawn="2026-11-03T01:00:00Z", reason="first draw")
    run.event("draw", number=2, seed=7, drawn="2026-11-04T01:00:00Z", reason="更换主机", added=["Z99"])
    texts = [one.text for one in load(run.path).deviations]
    assert sum("XR-1.dose_rate" in one for one in texts) == 1
    assert any("第 2 次抽样" in one and "更换主机" in one for one in texts)
    assert any("Z99" in one for one in texts)
    assert not any("first draw" in one for one in texts)
