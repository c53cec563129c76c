# SPDX-License-Identifier: Apache-2.0
"""The integration suites with a bench that is made up: what each situation is recorded as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from test_suites.integration import test_linkage as linkage_suite
from test_suites.integration import test_platform as platform_suite

from yanshou.equipment.designed_pair import DesignedPair, Fired
from yanshou.equipment.reactions import EffectPlace
from yanshou.fixtures.integration import Interfaces, Plates
from yanshou.fixtures.linked import Timing
from yanshou.model import Device, DeviceKind, Instant, RigFault, System, Text
from yanshou.site import Pair

AT = Instant(0.0, 0.0)
PAIR = Pair(
    Device("L-1", DeviceKind.LINKAGE, System.INTEGRATION, ""),
    "Z01", "alarm", "CAM-1", "recording", 2.0, "", by_person=False,
)  # fmt: skip


class Untested(Exception):
    """What ``cannot`` ends an item with."""


@dataclass
class Kept:
    """A record that keeps what a test says."""

    said: dict[str, Any] = field(default_factory=dict)
    latencies: list[tuple[Instant, Instant | None]] = field(default_factory=list)
    why: str = ""
    reserved: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    void: str = ""
    device: str = "PLAT-1"
    patience: float = 16.0
    repetitions: Sequence[int] = (1, 2, 3)
    planned_repetitions: int = 3

    def logical(self, *, conforms: bool, n: int = 1, because: str = "") -> None:
        self.said = {"conforms": conforms, "n": n}
        self.why = because

    def latency(self, stimulus: Instant, seen: Instant | None, *, within: float | None = None) -> None:
        self.latencies.append((stimulus, seen))
        self.said = {"within": within}

    def count(self, hits: int, trials: int, *, because: str = "", census: bool = False) -> None:
        self.said = {"hits": hits, "trials": trials, "census": census}
        self.why = because

    def cannot(self, reason: str) -> NoReturn:
        raise Untested(reason)

    def because(self, expected: str) -> None:
        self.why = expected

    def shortened(self, expected: str) -> None:
        self.reserved.append(expected)

    def unproven(self, expected: str) -> None:
        self.reserved.append(expected)

    def deviation(self, expected: str) -> None:
        self.remarks.append(expected)

    def seen_in_passing(self, strays: Any, *, of: str = "") -> None:
        self.remarks += list(strays)

    def invalid(self, reason: str) -> None:
        self.void = reason

    def figure(self, _kind: object, data: dict[str, Any]) -> None:
        self.said["state"] = data["pairs"][0]["state"]

    def parameter(self, _name: str, default: float) -> float:
        return default


class Person:
    """Answers every question the same way, or by its key."""

    def __init__(self, *, yes: bool = True, **keys: bool) -> None:
        self.yes_to, self.keys, self.asked = yes, keys, list[str]()

    def yes(self, message: str, *, key: str = "", **_fields: object) -> bool:
        self.asked.append(key or message)
        return self.keys.get((key or message).replace(".", "_"), self.yes_to)


class Bench(DesignedPair):
    """A designed pair whose firings are given, the last again and again; it is ``there`` before them."""

    given: list[Fired]
    there: list[bool]

    def running(self) -> bool:
        return self.there.pop(0) if len(self.there) > 1 else self.there[0]

    def fire(self, *, again: bool = False) -> Fired:
        return self.given.pop(0) if len(self.given) > 1 else self.given[0]


def fired(*begun: float, beside: tuple[EffectPlace, ...] = ()) -> Fired:
    times = tuple(Instant(one, one) for one in begun)
    return Fired(AT, times, pulses=False, beside=beside, shown="", strays=())


def bench(*given: Fired, pair: Pair = PAIR, there: Sequence[bool] = (False,)) -> Any:
    nothing: Any = None
    source: Any = SimpleNamespace(bring_to_rest=lambda: None)
    target: Any = None if pair.by_person else SimpleNamespace()
    made = Bench(pair, source, target, (), nothing, 3.0)
    Bench.given, Bench.there = list(given), list(there)
    return made


def design(**timing: str) -> Any:
    return SimpleNamespace(of=lambda *_: Timing(0.5, 0.01, **timing))


def works(given: Fired, pair: Pair = PAIR, person: Person | None = None, **timing: str) -> Kept:
    record = Kept()
    asked: Any = person or Person()
    linkage_suite.test_linkage_works(bench(given, pair=pair), record, asked, design(**timing))  # type: ignore[arg-type]
    return record


def test_a_pair_that_reacts_in_its_time_once_and_alone_conforms() -> None:
    record = works(fired(0.5))
    assert (record.said["conforms"], record.why, record.void) == (True, "", "")


@pytest.mark.parametrize(
    ("given", "timing", "expected"),
    [
        (fired(2.5), {"late": "2.5 s ± 0.1 s，设计时限 2 s"}, "迟到"),
        (fired(0.5, 1.0), {}, "重复动作"),
        (fired(), {}, "未联动"),
        (fired(beside=(EffectPlace("CAM-2", "recording"),)), {}, "目标错误"),
        (fired(0.5, beside=(EffectPlace("CAM-2", "recording"),)), {}, "未设计的联动"),
    ],
)
def test_each_way_to_fail_does_not_conform(given: Fired, timing: dict[str, str], expected: str) -> None:
    record = works(given, **timing)
    assert record.said["conforms"] is False
    assert record.why.startswith(expected)


def test_a_time_whose_u_is_too_wide_for_the_design_is_no_verdict() -> None:
    assert works(fired(1.9), unfit="U is too wide").void == "U is too wide"


def test_a_target_that_reacts_before_the_event_leaves_the_pair_untested() -> None:
    record: Any = Kept()
    nothing: Any = None
    with pytest.raises(Untested, match="触发前已在动作"):
        linkage_suite.test_linkage_works(bench(fired(0.5), there=[True]), record, nothing, nothing)


def fired_again(*given: Fired, **there: Any) -> Kept:
    record: Any = Kept()
    person: Any = Person()
    timing: Any = SimpleNamespace(of=lambda _at, seen, _limit: Timing(seen.latest, 0.01))
    linkage_suite.test_linkage_works(bench(*given, **there), record, person, timing)
    kept: Kept = record
    return kept


@pytest.mark.parametrize("right", [1, 2])
def test_a_pair_that_works_at_some_events_only_does_not_work(right: int) -> None:
    record = fired_again(*[fired(0.5)] * right, fired())
    assert record.said == {"conforms": False, "n": right + 1}
    assert record.why.endswith(f"第 {right + 1} 次触发时")


def test_the_longest_time_of_a_pair_is_shown() -> None:
    designed = bench(fired(0.5), fired(1.5), fired(0.7))
    shown: list[Any] = []
    record: Any = Kept()
    record.figure = lambda _kind, data: shown.append(data["pairs"][0]["latency_s"])
    timing: Any = SimpleNamespace(of=lambda _at, seen, _limit: Timing(seen.latest, 0.01))
    person: Any = Person()
    linkage_suite.test_linkage_works(designed, record, person, timing)
    assert shown == [1.5]


def test_a_target_that_stays_as_it_is_is_fired_once_and_that_is_stated() -> None:
    record = fired_again(fired(0.5), there=[False, True])
    assert (record.said["conforms"], record.said["n"]) == (True, 1)
    assert record.remarks == ["触发后目标未复位，只触发 1 次"]


def test_an_effect_that_ends_while_its_event_lasts_passes_with_a_reservation_at_best() -> None:
    record = works(replace(fired(0.5), ended=True))
    assert record.said["conforms"] is True
    assert set(record.reserved) == {"CAM-1 录像 在触发仍在时已结束"}


@pytest.mark.parametrize("seen", [True, False])
def test_a_person_watches_without_timing_so_it_passes_with_a_reservation_at_best(seen: bool) -> None:
    record = works(fired(), replace(PAIR, by_person=True), Person(yes=seen))
    assert record.said["conforms"] is seen
    assert record.reserved == ["设计时限 2 s 未计时：目标由人员观察"]


def test_the_picture_of_another_camera_is_a_wrong_target() -> None:
    pair = replace(PAIR, effect="picture")
    assert works(fired(0.5), pair, Person(yes=True)).said["conforms"] is True
    assert works(fired(0.5), pair, Person(yes=False)).why.startswith("目标错误")


# -- commands of the centre


def commanded(given: Fired, **timing: str) -> Kept:
    record: Any = Kept()
    pair = replace(PAIR, source="PLAT-1", event="command", target="D02", effect="lock_release")
    platform_suite.test_command_response_time([bench(given, pair=pair)], record, design(**timing))
    kept: Kept = record
    return kept


def test_a_command_is_timed_each_time_and_stands_beside_the_value_of_the_design() -> None:
    record = commanded(fired(0.5))
    assert len(record.latencies) == 3
    assert record.why == "D02 开锁设计值 2 s"
    assert "超出" in commanded(fired(2.5), late="2.5 s ± 0.1 s，设计时限 2 s").why


def test_a_command_that_brings_nothing_or_more_is_told() -> None:
    record = commanded(fired(beside=(EffectPlace("D01", "lock_release"),)))
    assert record.latencies == [(AT, None)]
    assert "未执行" in record.why
    assert record.remarks == ["未设计的联动 D01 开锁"]


def test_a_platform_without_commands_is_not_tested() -> None:
    record: Any = Kept()
    nothing: Any = None
    with pytest.raises(Untested):
        platform_suite.test_command_response_time([], record, nothing)


# -- the platform stopped


class Systems:
    """Subsystems that fail before, meanwhile, or after the outage."""

    def __init__(
        self, *failing: list[str], tried: tuple[str, ...] = ("Z01 报警",), untried: Any = ()
    ) -> None:
        self.answers, self.tried, self.untried = list(failing), tried, untried

    def failing(self) -> list[str]:
        return self.answers.pop(0) if self.answers else []


class Stopped:
    """An outage that can be proven, or not."""

    def __init__(self, *, proven: bool = True, away: Any = (), unreached: Any = ()) -> None:
        self.proven, self.away, self.unreached = proven, away, unreached

    @contextmanager
    def stopped(self) -> Iterator[None]:
        if not self.proven:
            raise RigFault("its failure is not proven")
        yield

    def not_back(self, _within: float) -> list[str]:
        return list(self.away)


def survives(systems: Systems, outage: Stopped | None = None) -> Kept:
    record: Any = Kept()
    stopped: Any = outage or Stopped()
    trying: Any = systems
    platform_suite.test_subsystems_survive_platform_failure(stopped, trying, record)
    kept: Kept = record
    return kept


@pytest.mark.parametrize(
    ("failing", "conforms", "expected"),
    [
        ([[], [], []], True, ""),
        ([[], ["D01：有权凭证未释放门锁"], []], False, "平台停止后D01：有权凭证未释放门锁"),
        ([[], [], ["PANEL-1 未显示 Z01 报警"]], False, "平台恢复后PANEL-1 未显示 Z01 报警"),
    ],
)
def test_subsystems_are_tried_before_meanwhile_and_after(
    failing: list[list[str]], conforms: bool, expected: str
) -> None:
    record = survives(Systems(*failing))
    assert (record.said["conforms"], record.why) == (conforms, expected)


def test_what_failed_before_says_nothing_about_the_platform() -> None:
    with pytest.raises(Untested, match="平台停止前已不工作"):
        survives(Systems(["PANEL-1 未显示 Z01 报警"]))
    with pytest.raises(Untested, match="未接入任何子系统"):
        survives(Systems([], tried=()))
    with pytest.raises(RigFault, match="not proven"):
        survives(Systems(), Stopped(proven=False))


def test_what_was_not_tried_or_not_stopped_is_reserved() -> None:
    record = survives(Systems(untried=("ACS-2",)), Stopped(unreached=("PLAT-2",), away=("PLAT-1",)))
    assert record.reserved == ["未试验的子系统：ACS-2", "未停止的平台或视频主机：PLAT-2"]
    assert record.remarks == ["PLAT-1 重新启动后未恢复应答"]


@pytest.mark.parametrize(("alone", "conforms"), [(True, True), (False, False)])
def test_shared_key_equipment_breaks_independence(alone: bool, conforms: bool) -> None:
    record, stopped, systems = Kept(), Stopped(), Systems()
    person = Person(yes=True, platform_shares_nothing=alone)
    platform_suite.test_alarm_independent_of_other_systems(stopped, systems, record, person)  # type: ignore[arg-type]
    assert record.said["conforms"] is conforms
    assert record.reserved == []


# -- wanted vehicles and interfaces


def platform(seen: Any, *others: str) -> Any:
    return SimpleNamespace(
        device=SimpleNamespace(attributes={"wanted_plate": "蒙a 12345"}),
        begin=lambda: None,
        wait_event=lambda _kind, **how: seen if how["plate"] == "蒙A12345" and how["since"] == AT else None,
        other_plates=lambda *_: list(others),
        remarks=lambda _since: [],
    )


def wanted(seen: Any, *others: str) -> Kept:
    record: Any = Kept()
    plates = Plates(lambda _number: AT, lambda: None)
    platform_suite.test_wanted_vehicle_alarm_time(platform(seen, *others), plates, record)
    kept: Kept = record
    return kept


def test_a_wanted_plate_is_timed_each_time_it_comes_into_view() -> None:
    assert wanted(SimpleNamespace(at=Instant(3.0, 3.1))).latencies == [(AT, Instant(3.0, 3.1))] * 3


def test_a_plate_that_is_reported_with_none_in_view_proves_nothing() -> None:
    record: Any = Kept()
    always = platform(SimpleNamespace(at=Instant(0.5, 0.5)))
    always.wait_event = lambda _kind, **_how: SimpleNamespace(at=AT)
    with pytest.raises(Untested, match="未出示布控车牌"):
        platform_suite.test_wanted_vehicle_alarm_time(
            always, Plates(lambda _number: AT, lambda: None), record
        )


def test_a_plate_that_is_misread_is_no_alarm_and_told() -> None:
    record = wanted(None, "蒙A12346")
    assert record.latencies == [(AT, None)]
    assert record.remarks == ["平台报出车牌 蒙A12346"]


@pytest.mark.parametrize(
    ("tested", "person", "hits", "expected"),
    [
        ({"PANEL-1", "ACS-1"}, Person(), 4, ""),
        ({"PANEL-1", "ACS-1"}, Person(yes=False), 2, "未检接口：PANEL-1（客户端）、ACS-1（客户端）"),
        (set(), Person(yes=False), 0, "未检接口"),
    ],
)
def test_each_interface_counts_at_the_server_and_at_a_client(
    tested: set[str], person: Any, hits: int, expected: str
) -> None:
    record: Any = Kept()
    listed = Interfaces(("PANEL-1", "ACS-1"), frozenset(tested), ("NVR-1",))
    platform_suite.test_interfaces_tested_share(listed, record, person)
    assert record.said == {"hits": hits, "trials": 4, "census": True}
    assert record.why.startswith(expected)
    assert record.remarks == ["未列入清单而见到的接口 NVR-1"]


def test_an_interface_that_the_run_did_not_try_says_nothing_about_the_system() -> None:
    """A relay board that is down, or an action nobody released, is no non-conformity of the platform."""
    record: Any = Kept()
    listed = Interfaces(("PANEL-1", "ACS-1"), frozenset({"PANEL-1"}), ())
    with pytest.raises(Untested, match="ACS-1（服务器）"):
        platform_suite.test_interfaces_tested_share(listed, record, Person())


def test_a_platform_whose_interfaces_nobody_listed_is_not_tested() -> None:
    record: Any = Kept()
    nothing: Any = None
    with pytest.raises(Untested, match="interfaces"):
        platform_suite.test_interfaces_tested_share(Interfaces((), frozenset(), ()), record, nothing)


def test_the_words_of_a_question_are_in_both_languages() -> None:
    assert bench(fired()).effect_text == Text("录像", "recording")
