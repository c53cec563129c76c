# SPDX-License-Identifier: Apache-2.0
"""What comes after nobody waits for it any more is told as late, and never answers the next stimulus."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment.doors import Door, WalkThroughGate
from yanshou.equipment.panel import Panel
from yanshou.equipment.zone import Zone
from yanshou.model import Device, DeviceKind, Instant, now
from yanshou.model.signal import ZoneSignal

PATIENCE_S = 6.0
OPENED = Instant(10.0, 10.0)


class Notes:
    """Stands for the journal of an item."""

    item = "alarm_response_time[Z03]"

    def __init__(self) -> None:
        self.seen: dict[str, Instant | None] = {}

    def observation(
        self, what: str, _via: str, instant: Instant | None, _value: object = None
    ) -> Instant | None:
        self.seen[what] = instant
        return instant

    def note(self, *_: object, **__: object) -> None:
        """Nothing of it is asked for here."""


class Answers:
    """A panel, or the coil of a lock, that answers a stimulus after so many seconds."""

    def __init__(self, after_s: float) -> None:
        self.after_s = after_s
        self.locked_again = False

    def wait_for(self, _number: int, _signal: object, *, since: Instant, within: float) -> Instant | None:
        return self.wait_active(since=since, within=within)

    def wait_active(self, *, since: Instant, within: float) -> Instant | None:
        at = since.latest + self.after_s
        return Instant(at, at) if self.after_s <= within else None

    def wait_inactive(self, *, since: Instant, within: float) -> Instant:
        self.locked_again = True
        return Instant(since.latest + within, since.latest + within)


@pytest.mark.parametrize(("after_s", "late"), [(8.0, True), (13.0, False)])
@pytest.mark.parametrize("entry_s", [0.0, 30.0])
def test_an_alarm_after_the_patience_is_waited_for_and_is_none(
    after_s: float, late: bool, entry_s: float
) -> None:
    attributes = {"entry_s": f"{entry_s:g}s"}
    device = Device("Z03", DeviceKind.ZONE, "S", "PANEL-1", "", number=3, attributes=attributes)
    notes: Any = Notes()
    inner: Any = Answers(after_s + entry_s)
    panel = Panel(Device("PANEL-1", DeviceKind.PANEL, "S", "", ""), inner, notes, PATIENCE_S)
    assert panel.wait_for(Zone(device, inner, notes), ZoneSignal.ALARM, since=OPENED) is None
    assert panel.timed == []
    reported = notes.seen[f"{ZoneSignal.ALARM.value} too late"]
    assert (reported.latest if reported else None) == (OPENED.latest + after_s + entry_s if late else None)


@pytest.mark.parametrize(("after_s", "late"), [(8.0, True), (13.0, False)])
def test_a_lock_released_after_the_patience_has_locked_before_the_next_try(
    after_s: float, late: bool
) -> None:
    lock: Any = Answers(after_s)
    notes: Any = Notes()
    none: Any = SimpleNamespace()
    door = Door(
        Device("D01", DeviceKind.DOOR, "S", "ACU-1", "", number=1), none, none, none, lock, notes, PATIENCE_S
    )
    assert door.wait_released(since=OPENED) is None
    assert (notes.seen["lock released too late"] is not None) is late
    assert lock.locked_again is late


@pytest.mark.parametrize(("after_s", "late"), [(8.0, True), (13.0, False)])
def test_an_alarm_of_a_gate_after_the_patience_is_none_and_is_over_before_the_next_pass(
    after_s: float, late: bool
) -> None:
    inner: Any = Answers(after_s)
    inner.wait_alarm = inner.wait_active
    notes: Any = Notes()
    gate = WalkThroughGate(Device("G01", DeviceKind.GATE, "S", "", ""), inner, inner, notes, PATIENCE_S)
    assert gate.wait_alarm(since=OPENED) is None
    assert (notes.seen["gate alarm too late"] is not None) is late


def test_what_comes_in_time_is_not_waited_for_again() -> None:
    notes: Any = Notes()
    none: Any = SimpleNamespace()
    lock: Any = Answers(1.0)
    door = Door(
        Device("D01", DeviceKind.DOOR, "S", "ACU-1", "", number=1), none, none, none, lock, notes, PATIENCE_S
    )
    assert door.wait_released(since=OPENED) is not None
    assert list(notes.seen) == ["lock released"]


class Lock:
    """A lock's coil that shows itself released in the first ``polls`` polls."""

    def __init__(self, polls: int) -> None:
        self.polls = polls

    def is_active(self) -> bool:
        self.polls -= 1
        return self.polls >= 0


def test_a_test_at_a_door_ends_when_what_it_released_is_locked_again() -> None:
    nothing: Any = SimpleNamespace(
        operate=lambda: OPENED,
        release=lambda: OPENED,
        reset=lambda: None,
        present=lambda _card: Instant(now(), now()),
    )
    journal: Any = SimpleNamespace(stimulus=lambda _what, _via, instant: instant)
    lock: Any = Lock(5)
    door = Door(
        Device("D01", DeviceKind.DOOR, "S", "ACU-1", "", number=1),
        nothing, nothing, nothing, lock, journal, PATIENCE_S,
    )  # fmt: skip
    door.bring_to_rest()  # nothing was presented here: no lock is waited for
    assert lock.polls == 4
    door.present_unauthorised()
    door.bring_to_rest()
    assert lock.polls == -1
