# SPDX-License-Identifier: Apache-2.0
"""What two lanes found at the same time is done again where something came that nobody stimulated."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from yanshou.fixtures.undeclared import Doubt, doubtful
from yanshou.fixtures.waiting_turn import WaitingTurns
from yanshou.planning.exclusion import Needs

Z1, Z2, D1, D2 = "response[Z1]", "response[Z2]", "refused[D1]", "refused[D2]"
STRAY = {"kind": "observation", "what": "shown elsewhere", "value": ["9 防区报警"]}
NOTHING = {"kind": "observation", "what": "shown elsewhere", "value": []}
IN_PASSING = {"kind": "measurement", "deviations": ["途中发现：9 防区报警"]}
SHORTENED = {"kind": "measurement", "deviations": ["报警保持观察 0.5 s"]}
STIMULUS = {"kind": "stimulus"}


def _against(verdict: str) -> Mapping[str, Any]:
    return {"kind": "finding", "requirement": "R", "verdict": verdict}


def _item(
    name: str, began: float, ended: float, *events: Mapping[str, Any], outcome: str = "done"
) -> list[Any]:
    return [
        {"kind": "item_started", "item": name, "mono": began},
        *({**event, "item": name, "mono": began} for event in events),
        {"kind": "item_finished", "item": name, "mono": ended, "outcome": outcome},
    ]


@pytest.mark.parametrize(
    ("sign", "of_door", "again"),
    [
        (NOTHING, NOTHING, set()),
        (SHORTENED, SHORTENED, set()),
        (STRAY, NOTHING, {Z1, D1}),
        (IN_PASSING, NOTHING, {Z1, D1}),
        (NOTHING, STRAY, {Z1, D1}),
        (NOTHING, _against("non_conform"), {Z1, D1}),
        (NOTHING, _against("invalid"), {Z1, D1}),
        (NOTHING, _against("conform"), set()),
        (_against("non_conform"), NOTHING, set()),  # of its own zone: nothing came elsewhere
    ],
)
def test_one_sign_is_enough_for_all_that_met(sign, of_door, again) -> None:
    events = [
        {"kind": "session_started", "mono": 0.0},
        *_item(Z1, 1.0, 5.0, STIMULUS, sign),
        *_item(D1, 2.0, 4.0, STIMULUS, of_door),
        *_item(Z2, 6.0, 8.0, STIMULUS),
        *_item(D2, 9.0, 10.0, STIMULUS),
    ]
    assert doubtful(events, [Z1, Z2], [D1, D2]).items == again


def test_what_was_at_another_time_is_trusted_and_a_non_conformity_stands() -> None:
    events = [
        *_item(Z1, 1.0, 5.0, STIMULUS, outcome="non_conform"),
        *_item(D1, 2.0, 4.0, STIMULUS),
        *_item(Z2, 3.0, 8.0, STIMULUS, STRAY),
        *_item(D2, 9.0, 10.0, STIMULUS),
    ]
    doubt = doubtful(events, [Z1, Z2], [D1, D2])
    assert doubt == Doubt(frozenset({D1, Z2}), (f"{Z2}: 9 防区报警",))


def test_what_an_item_took_from_a_watch_was_seen_when_the_watch_was_made() -> None:
    events = [
        *_item(Z1, 1.0, 5.0, STIMULUS, STRAY),
        *_item(D1, 2.0, 4.0, STIMULUS),
        *_item(Z2, 6.0, 6.1),
        *_item(D2, 7.0, 7.1),
    ]
    assert doubtful(events, [Z1, Z2], [D1, D2]).items == {Z1, D1}
    together = {Z1: "response", Z2: "response", D1: "refused[C]", D2: "refused[C]"}
    assert doubtful(events, [Z1, Z2], [D1, D2], together).items == {Z1, Z2, D1, D2}


def test_what_came_while_the_other_lane_moved_nothing_is_not_its_work() -> None:
    events = [*_item(Z1, 1.0, 5.0, STIMULUS, STRAY), *_item(D1, 2.0, 4.0)]
    assert doubtful(events, [Z1], [D1]) == Doubt()


def test_an_earlier_session_says_nothing_of_this_one() -> None:
    before = [*_item(Z1, 1.0, 5.0, STIMULUS, STRAY), *_item(D1, 2.0, 4.0, STIMULUS)]
    assert doubtful([*before, {"kind": "session_started", "mono": 9.0}], [Z1], [D1]) == Doubt()


def test_a_process_that_is_gone_keeps_nobody_waiting() -> None:
    same = frozenset({"CAM-1"})
    turns = WaitingTurns(
        [["bench"], ["camera"]],
        ["camera", "bench"],
        {name: Needs(same, tests=same) for name in ("bench", "camera")},
        {},
    )
    asked = threading.Event()

    def gone() -> None:
        asked.set()
        turns.end(["camera"])

    turns.take("bench", meanwhile=gone)
    assert asked.is_set(), "it had to wait for the camera first"
