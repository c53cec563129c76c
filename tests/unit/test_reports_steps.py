# SPDX-License-Identifier: Apache-2.0
"""What the bench did and saw stands in the reader's language on the Allure page and in the raw record."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from yanshou.equipment.zone import circuit_actions
from yanshou.model import Text
from yanshou.model.signal import Card, DoorCommand, DoorSignal, PanelSignal, ZoneSignal
from yanshou.protocols.dc09.events import EventClass, Qualifier
from yanshou.reports.messages_steps import named_step, named_value

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
NOTING = {"observation", "stimulus", "_noted", "_did"}
FILLED = {
    "signal.value": ZoneSignal.ALARM,
    "late[0].value": ZoneSignal.ALARM,
    "PanelSignal.ENTRY.value": PanelSignal.ENTRY,
    "event_class": EventClass.HOLD_UP,
    "qualifier": Qualifier.NEW,
    "answered.value": "ack",
    "conduct.value": "silent",
    "command.value": DoorCommand.UNLOCK,
    "function": "arm",
    "role": "guard",
    "path": 2,
    "named": "1 2",
    "card.value": Card.AUTHORISED,
}
ELSEWHERE = {
    "gb_subscription.py",
    "registrant.py",
    "platform.py",
    "turning.py",
    "designed_pair.py",
    "asking.py",
}
"""Names of commands of GB/T 28181 and events of a platform, which stay as the protocol has them."""


def zh(text: Text) -> str:
    return text.zh


def en(text: Text) -> str:
    return text.en


def noted() -> Iterator[tuple[str, str]]:
    """What the code writes into the journal as done or seen, filled in, with its file."""
    for root in (ROOT / "harness/yanshou/equipment", ROOT / "fixtures/yanshou/fixtures"):
        for path in sorted(root.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[first, *_]) if (
                        name in NOTING
                    ):
                        if text := filled(first):
                            yield path.name, text


def filled(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(
                str(one.value)
                if isinstance(one, ast.Constant)
                else str(FILLED.get(ast.unparse(one.value), "x"))  # type: ignore[attr-defined]
                for one in parts
            )
    return ""


def test_all_that_is_noted_has_its_name() -> None:
    found = [(file, text) for file, text in noted() if file not in ELSEWHERE]
    assert len(found) > 30
    assert [one for one in found if not CHINESE.search(named_step(one[1], zh))] == []
    assert [one for one in found if "_" in named_step(one[1], en)] == []


@pytest.mark.parametrize("signal", [*ZoneSignal, *PanelSignal, *DoorSignal])
def test_every_signal_has_its_name(signal: str) -> None:
    for what in (signal, f"{signal} too late", f"{signal} stays", f"{signal} stays away"):
        assert CHINESE.search(named_step(what, zh))
        assert "_" not in named_step(what, en)


@pytest.mark.parametrize("event", EventClass)
@pytest.mark.parametrize("qualifier", Qualifier)
def test_every_event_at_the_centre_has_its_name(event: str, qualifier: str) -> None:
    assert CHINESE.search(named_step(f"{event} {qualifier} too late at the centre", zh))
    assert named_step(f"{event} {qualifier} at the centre", en).endswith("at the centre")


@pytest.mark.parametrize("card", Card)
def test_every_card_has_its_name(card: str) -> None:
    assert CHINESE.search(named_step(f"{card} credential", zh))


def test_a_cut_is_no_addition() -> None:
    on, off = circuit_actions("mains")
    assert (named_step(on, zh), named_step(off, zh)) == ("切断：主电源", "恢复：主电源")
    assert (named_step("short_on", en), named_step("eol_low_on", en)) == (
        "short circuit on",
        "end-of-line resistance lower on",
    )


def test_values_are_read_by_a_person() -> None:
    assert (
        named_value({"shown": True, "zone": 3, "path": None, "strays": []}, zh) == "显示 是，防区 3，其他处 —"
    )
    assert named_value([True, "zone_alarm"], en) == "yes, alarm shown"
    assert named_value(0.25, zh) == "0.25"


def test_what_is_not_known_stays_as_the_journal_has_it() -> None:
    assert named_step("SetRecordingConfiguration", zh) == "SetRecordingConfiguration"
