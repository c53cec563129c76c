# SPDX-License-Identifier: Apache-2.0
"""A designed pair that is late, doubled, wrong, missing or not alone is told apart in the verdict's words."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment.designed_pair import DesignedPair, Fired, PairState, Witness, outcome_of
from yanshou.equipment.reactions import (
    EffectPlace,
    WatchedContact,
    WatchedRecording,
    WatchedReport,
    WatchedTogether,
)
from yanshou.model import Device, DeviceKind, Instant, RigFault, System, now
from yanshou.protocols.dc09 import EventClass, Qualifier
from yanshou.reports.messages import Messages
from yanshou.reports.plots import linkage as matrix
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import saved, style
from yanshou.site import Pair

LINK = Device("L-1", DeviceKind.LINKAGE, System.INTEGRATION, "")
PAIR = Pair(LINK, "Z01", "alarm", "CAM-1", "recording", 2.0, "", by_person=False)
CAM1, CAM2, DOOR = (
    EffectPlace("CAM-1", "recording"),
    EffectPlace("CAM-2", "recording"),
    EffectPlace("D01", "lock_release"),
)


def fired(
    *begun: float, beside: tuple[EffectPlace, ...] = (), shown: str = "", strays: tuple[str, ...] = ()
) -> Fired:
    return Fired(
        Instant(0, 0),
        tuple(Instant(one, one) for one in begun),
        pulses=False,
        beside=beside,
        shown=shown,
        strays=strays,
    )


def outcome(what: Fired, late: str = "") -> Any:
    return outcome_of(PAIR, what, happened=what.seen is not None, late=late, patience=3.0)


@pytest.mark.parametrize(
    ("what", "late", "state", "arguments"),
    [
        (fired(0.5), "", PairState.RIGHT, ()),
        (fired(), "", PairState.MISSING, ("未联动：CAM-1 录像（3 s 内无动作）",)),
        (fired(shown="源防区未报警"), "", PairState.MISSING, ("未联动：CAM-1 录像（源防区未报警）",)),
        (fired(beside=(CAM2,)), "", PairState.WRONG, ("目标错误：设计为 CAM-1 录像，实际为 CAM-2 录像",)),
        (fired(2.5), "2.5 s ± 0.1 s", PairState.LATE, ("迟到：CAM-1 录像 2.5 s ± 0.1 s",)),
        (fired(0.5, 1.5), "", PairState.TWICE, ("重复动作：CAM-1 录像 2 次",)),
        (fired(0.5, beside=(CAM2,)), "", PairState.BESIDE, ("未设计的联动：CAM-2 录像",)),
        (fired(0.5, strays=("主机另显示 2 防区报警",)), "", PairState.BESIDE, ("主机另显示 2 防区报警",)),
        (fired(0.5, shown="源防区未报警"), "", PairState.UNKNOWN, ("源防区未报警",)),
        (
            fired(beside=(DOOR,)),
            "",
            PairState.MISSING,
            ("未联动：CAM-1 录像（3 s 内无动作）", "未设计的联动：D01 开锁"),
        ),
    ],
)
def test_each_way_to_fail_has_its_own_words(
    what: Fired, late: str, state: PairState, arguments: tuple[str, ...]
) -> None:
    found = outcome(what, late)
    assert (found.state, found.wrong) == (state, arguments)


def test_a_picture_of_another_camera_is_a_wrong_target() -> None:
    """The photo sensor sees that a picture came, and a person which one."""
    shown = outcome_of(
        PAIR, fired(0.5), happened=True, late="", patience=3.0, mistaken="监视器显示的是其他画面"
    )
    assert (shown.state, shown.wrong) == (
        PairState.WRONG,
        ("目标错误：设计为 CAM-1 录像，监视器显示的是其他画面",),
    )


class Reports:
    """The reports at the centre since they were begun."""

    def __init__(self, *came: Any) -> None:
        self.entries = list(came)

    def begin(self) -> None:
        self.entries.clear()

    def came(self) -> list[Any]:
        return self.entries


def report(
    zone: int = 1, *, repeated: bool = False, kind: str = "message", what: Any = EventClass.ALARM
) -> Any:
    return SimpleNamespace(
        kind=kind,
        repeated=repeated,
        event_class=what,
        zone=zone,
        qualifier=Qualifier.NEW,
        complete=Instant(5, 5),
    )


def test_a_report_counts_once_for_its_own_zone_and_class() -> None:
    zone = Device("Z01", DeviceKind.ZONE, System.INTRUSION, "", number=1)
    reports: Any = Reports(
        report(), report(repeated=True), report(2), report(kind="refused"), report(what=EventClass.TAMPER)
    )
    watched = WatchedReport(EffectPlace("LINK-1", "message"), reports, zone)
    assert watched.begun(Instant(4, 4)) == [Instant(5, 5)]
    assert watched.begun(Instant(6, 6)) == []
    assert not watched.active()
    assert watched.begun(Instant(4, 4)) == []


def test_a_sounder_that_pulses_is_not_doubled() -> None:
    several = Fired(
        Instant(0, 0), (Instant(1, 1), Instant(2, 2)), pulses=True, beside=(), shown="", strays=()
    )
    assert outcome(several).state is PairState.RIGHT


class Contact:
    """A contact that was active in these stretches of time."""

    name = "RELAY-1/di0"

    def __init__(self, *stretches: tuple[float, float]) -> None:
        self.stretches = stretches

    def is_active(self) -> bool:
        return any(on <= now() < off for on, off in self.stretches)

    def _next(self, edges: list[float], since: Instant, within: float) -> Instant | None:
        later = [one for one in edges if since.earliest <= one <= since.latest + within]
        return Instant(later[0], later[0]) if later else None

    def wait_active(self, *, since: Instant, within: float) -> Instant | None:
        return self._next([on for on, _ in self.stretches], since, within)

    def wait_inactive(self, *, since: Instant, within: float) -> Instant | None:
        return self._next([off for _, off in self.stretches], since, within)


def test_a_contact_is_counted_each_time_it_comes() -> None:
    start = now() - 10
    contact = Contact((start + 1, start + 2), (start + 3, start + 4), (start + 100, start + 101))
    begun = WatchedContact(DOOR, contact).begun(Instant(start, start))
    assert [round(one.middle - start) for one in begun] == [1, 3]
    assert WatchedContact(DOOR, contact).begun(Instant(start + 5, start + 5)) == []
    locks = WatchedContact(EffectPlace("D01", "lock"), contact, rests_active=True)
    assert [round(one.middle - start) for one in locks.begun(Instant(start, start))] == [2, 4]


@pytest.mark.parametrize(("away_s", "times"), [(0.002, 1), (0.04, 1), (0.2, 2)])
def test_a_contact_that_bounces_has_begun_once(away_s: float, times: int) -> None:
    start = now() - 10
    first = (start + 1, start + 1.003)
    contact = Contact(first, (first[1] + away_s, start + 2), (start + 2 + away_s, start + 3))
    begun = WatchedContact(DOOR, contact).begun(Instant(start, start))
    assert len(begun) == 1 + 2 * (times - 1)
    assert begun[0].earliest == start + 1


def test_all_doors_of_a_controller_count_when_the_last_has_opened() -> None:
    start = now() - 10
    parts = [WatchedContact(DOOR, Contact((start + at, start + 9))) for at in (1, 3)]
    both = WatchedTogether(DOOR, parts)
    assert [round(one.middle - start) for one in both.begun(Instant(start, start))] == [3]
    assert WatchedTogether(DOOR, [*parts, WatchedContact(DOOR, Contact())]).begun(Instant(start, start)) == []


class Polls:
    """A recorder whose answers are given one by one."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)

    def is_recording(self, _camera: str) -> bool:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_a_recording_counts_from_the_last_look_that_found_none() -> None:
    polls: Any = Polls(False, False, True, True, False, True)
    watched = WatchedRecording(CAM1, polls)
    assert not watched.active()
    at = Instant(now(), now())
    for _ in range(5):
        watched.poll()
    assert len(watched.begun(at)) == 2
    assert all(at.earliest <= one.earliest <= one.latest for one in watched.begun(at))


def test_a_recording_that_ran_before_anybody_looked_proves_nothing() -> None:
    polls: Any = Polls(True)
    watched = WatchedRecording(CAM1, polls)
    watched.poll()
    assert watched.begun(Instant(0, 0)) == []


class Still:
    """A watched effect that is there, absent, or cannot be read."""

    pulses = False

    def __init__(
        self, place: EffectPlace, *, active: bool = False, fault: str = "", begins: bool = False
    ) -> None:
        self.place, self._active, self._fault, self._begins = place, active, fault, begins

    def active(self) -> bool:
        if self._fault:
            raise RigFault(self._fault)
        return self._active

    def poll(self) -> None:
        pass

    def begun(self, since: Instant) -> list[Instant]:
        return [since] if self._begins else []


def quiet(ago_s: float | None = None) -> Any:
    """A journal that nobody reads; the source was stimulated so many seconds ago."""
    return SimpleNamespace(
        observation=lambda *_: None,
        note=lambda *_, **__: None,
        last_stimulus=lambda _: None if ago_s is None else now() - ago_s,
    )


def source() -> Any:
    nothing: Any = lambda *_: None  # noqa: E731 - a source that does nothing
    return SimpleNamespace(
        prepare=lambda: False,
        fire=lambda: Instant(now(), now()),
        end=nothing,
        shown=lambda _: "",
        strays=list,
    )


def test_an_effect_that_comes_as_the_source_is_made_ready_proves_nothing() -> None:
    """The camera records from the setting of the panel on: the alarm has begun nothing."""
    polls: Any = Polls(False, False, False, True)
    camera = WatchedRecording(CAM1, polls)
    setting = source()
    setting.prepare = lambda: True
    pair = DesignedPair(PAIR, setting, camera, (), quiet(), patience=0.2)
    assert not pair.running()
    with pytest.raises(RigFault, match="在触发前已在动作"):
        pair.fire()


@pytest.mark.parametrize(
    ("effect", "comes", "least_s", "most_s"),
    [
        ("recording", True, 2.0, 3.5),  # until it has come, and two seconds more
        ("recording", False, 4.0, math.inf),  # the whole time
        (
            "message",
            True,
            4.0,
            math.inf,
        ),  # one of the event before may come now, then a second one
    ],
)
def test_a_repeated_event_is_watched_until_its_effect_has_come(
    effect: str, comes: bool, least_s: float, most_s: float
) -> None:
    """Setting the panel was watched before the first event: it sets again, and is not waited for again."""
    setting = source()
    set_times: list[float] = []
    setting.prepare = lambda: bool(set_times.append(now()) or True)
    pair = Pair(LINK, "Z01", "alarm", "CAM-1", effect, None, "", by_person=False)
    target = Still(EffectPlace("CAM-1", effect), begins=comes)
    began = now()
    found = DesignedPair(pair, setting, target, (), quiet(), patience=4.0).fire(again=True)
    assert (found.seen is not None, len(set_times)) == (comes, 1)
    assert least_s <= now() - began <= most_s


@pytest.mark.parametrize(
    ("answers", "ended"), [((False, False, True), False), ((False, False, True, False), True)]
)
def test_an_effect_that_is_gone_while_its_event_lasts_is_noticed(
    answers: tuple[bool, ...], ended: bool
) -> None:
    polls: Any = Polls(*answers)
    pair = Pair(LINK, "Z01", "alarm", "CAM-1", "recording", None, "", by_person=False)
    found = DesignedPair(pair, source(), WatchedRecording(CAM1, polls), (), quiet(), patience=0.3).fire()
    assert (len(found.begun), found.ended) == (1, ended)


def test_what_could_not_be_watched_is_said_and_never_blamed() -> None:
    notes: Any = quiet()
    others = [
        Still(CAM2, active=True, begins=True),
        Still(DOOR, fault="the board is gone.", begins=True),
        Still(EffectPlace("D02", "lock_release"), begins=True),
    ]
    pair = Pair(LINK, "Z01", "alarm", "CAM-1", "recording", None, "", by_person=False)
    what = DesignedPair(pair, source(), Still(CAM1, begins=True), others, notes, patience=0.05)
    found = what.fire()
    assert found.beside == (EffectPlace("D02", "lock_release"),)
    assert "CAM-2 录像（触发前已在动作）" in found.remarks[0]
    assert "D01 开锁（the board is gone.）" in found.remarks[0]


class Asked(Still):
    """An effect that is seen only when somebody looks."""

    def __init__(self, place: EffectPlace) -> None:
        super().__init__(place)
        self.polls = 0

    def poll(self) -> None:
        self.polls += 1


def test_each_of_many_others_is_looked_at_before_the_event_ends() -> None:
    others = [Asked(EffectPlace(f"CAM-{n}", "recording")) for n in range(200)]
    pair = Pair(LINK, "Z01", "alarm", "CAM-1", "recording", None, "", by_person=False)
    DesignedPair(pair, source(), Still(CAM1, begins=True), others, quiet(), patience=0.0).fire()
    assert all(one.polls for one in others)


@pytest.mark.parametrize(
    ("readable", "effect"), [(True, "message"), (False, "recording"), (False, "message")]
)
def test_a_report_that_may_have_come_unread_is_no_missing_one(readable: bool, effect: str) -> None:
    def require_readable() -> None:
        if not readable:
            raise RigFault("what came cannot be read")

    witness = Witness(lambda: None, require_readable, lambda _: ["接警中心收到 9 防区130"], lambda _: [])
    pair = Pair(LINK, "Z01", "alarm", "LINK-1", effect, None, "", by_person=False)
    place = EffectPlace("LINK-1", effect)
    what = DesignedPair(pair, source(), Still(place), (), quiet(), 0.0, (witness,))
    if not readable and effect == "message":
        with pytest.raises(RigFault, match="cannot be read"):
            what.fire()
    else:
        assert what.fire().strays == ("接警中心收到 9 防区130",)


def test_an_effect_that_is_there_before_the_event_is_told() -> None:
    notes: Any = quiet()
    assert DesignedPair(
        PAIR, source(), Still(CAM1, active=True), (), notes, patience=0.05, rests_s=0.0
    ).running()


class Late:
    """Reports that come so many seconds after their stimulus: of one before, and of the one that is fired."""

    pulses = False

    def __init__(self, place: EffectPlace, delay_s: float) -> None:
        self.place, self.delay_s = place, delay_s

    def active(self) -> bool:
        return False

    def poll(self) -> None:
        pass

    def begun(self, since: Instant) -> list[Instant]:
        times = [since.latest - 0.3 + self.delay_s, since.latest + self.delay_s]
        return [Instant(one, one) for one in times if since.earliest <= one <= now()]


@pytest.mark.parametrize(
    ("delay_s", "state"), [(0.01, PairState.RIGHT), (0.35, PairState.TWICE), (0.6, PairState.MISSING)]
)
def test_a_report_held_back_from_the_stimulus_before_is_not_taken_for_a_fast_one(
    delay_s: float, state: PairState
) -> None:
    """The source was stimulated 0.3 s ago; reports are waited for 0.1 s."""
    pair = Pair(LINK, "Z01", "alarm", "PLAT-1", "message", None, "", by_person=False)
    place = EffectPlace("PLAT-1", "message")

    class Quick(DesignedPair):
        waits = 0.1

    what = Quick(pair, source(), Late(place, delay_s), (), quiet(0.3), patience=0.1)
    found = what.fire()
    assert outcome_of(pair, found, happened=found.seen is not None, late="", patience=0.1).state is state


def test_the_time_of_the_design_is_waited_for_and_more() -> None:
    notes: Any = SimpleNamespace()
    assert DesignedPair(PAIR, source(), None, (), notes, patience=0.5).waits == 3.0


def cell(state: str, target: str = "CAM-1") -> dict[str, Any]:
    late = state == "late"
    return {
        "pairs": [
            {
                "source": "Z01", "event": "alarm", "target": target, "effect": "recording", "deadline_s": 2.0,
                "latency_s": 4.312 if late else None, "U_s": 0.021 if late else None, "state": state,
            }
        ],
        "beside": [{"source": "Z01", "event": "alarm", "target": "D01", "effect": "lock_release"}],
        "words": {"recording": {"zh": "录像", "en": "recording"}, "alarm": {"zh": "报警", "en": "alarm"}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "arguments"),
    [
        ("zh", ("迟到", "4.312 ± 0.021 s  ≤ 2 s", "未设计的联动", "未联动", "录像")),
        ("en", ("late", "not designed", "missing", "recording")),
    ],
)
def test_the_matrix_shows_each_pair_with_its_time_and_what_nobody_designed(
    language: str, arguments: tuple[str, ...]
) -> None:
    (data,) = matrix.pages(matrix.joined([cell("late"), cell("missing", "CAM-2")]))
    row: Any = SimpleNamespace(requirement=None)
    with style():
        drawn = saved(matrix.draw(data, Canvas(Messages(language), Path, row)), "svg").decode()
    assert [one for one in arguments if one not in drawn] == []


def test_a_large_matrix_is_cut_into_pages_without_losing_a_cell() -> None:
    cells = [cell("right", f"CAM-{n}") for n in range(20)]
    whole = matrix.joined(cells)
    parts = matrix.pages(whole)
    assert len(parts) > 1
    assert [one for part in parts for one in part["pairs"]] == whole["pairs"]
