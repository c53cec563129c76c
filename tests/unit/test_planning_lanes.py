# SPDX-License-Identifier: Apache-2.0
"""The lanes of a run: nothing is held twice, no stimulus reaches a quiet watch, each keeps its turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.model import Connection, Device, DeviceKind, PlanItem, Site, System
from yanshou.planning import CoveredMeasurand, Together
from yanshou.planning.exclusion import BENCH, EVERYTHING, PERSON, Lane, Needs, named
from yanshou.planning.lanes import Lanes, lanes_of
from yanshou.planning.needs import Stations, lanes_for, needs_for, needs_of
from yanshou.planning.turns import Turns

NAMES = st.frozensets(
    st.sampled_from(["cam-1", "cam-2", "cam-3", "panel-1", "panel-2", "door-1"]), max_size=3
)
OF_BENCH = st.builds(
    lambda holds, quiet, disturbs, wide, together: Needs(
        holds | {BENCH, PERSON} | wide,
        quiet | {BENCH} | wide,
        disturbs | {BENCH} | wide,
        holds,
        together=together,
    ),
    NAMES,
    NAMES,
    NAMES,
    st.sampled_from([frozenset[str]()] * 5 + [frozenset({EVERYTHING})]),
    st.sampled_from(["", "", "unset", "held"]),
)
BESIDE = st.builds(lambda names: Needs(names, names, tests=names, lane=Lane.VIDEO), NAMES)
DOORS = st.builds(
    lambda names, linked: Needs(names, names, names | linked, names, lane=Lane.DOORS), NAMES, NAMES
)


def _stages(lanes: Lanes) -> dict[str, tuple[int, str, int]]:
    """Of each item: its stage, its lane and its place there."""
    parts = [(0, "first", lanes.first), (1, "bench", lanes.bench), (2, "last", lanes.last)]
    parts += [(1, lane.value, items) for lane, items in lanes.beside.items()]
    return {item: (stage, lane, place) for stage, lane, items in parts for place, item in enumerate(items)}


@given(st.lists(st.one_of(OF_BENCH, BESIDE, DOORS), max_size=14), st.data())
def test_lanes_are_sound(needed: Sequence[Needs], data: st.DataObject) -> None:
    order = [f"i{n}" for n in range(len(needed))]
    needs = dict(zip(order, needed, strict=True))
    seconds = {item: data.draw(st.sampled_from([0.0, 1.0, 60.0])) for item in order}
    lanes = lanes_of(order, needs, seconds, least_s=0.0)
    stages = _stages(lanes)
    assert sorted(order) == sorted([*lanes.first, *lanes.bench, *lanes.all_beside, *lanes.last])
    assert all(needs[item].lane is lane for lane, items in lanes.beside.items() for item in items)
    lent = {name for item in lanes.beside.get(Lane.DOORS, ()) for name in named(needs[item])}
    for item in lanes.bench:
        assert EVERYTHING not in needs[item].holds, "it needs the whole bench"
        assert lent.isdisjoint(named(needs[item])), "that is not at the bench now"
    for one, other in combinations(order, 2):
        (stage, _, place), (later_stage, _, later_place) = stages[one], stages[other]
        if needs[one].tests & needs[other].tests:
            assert stage <= later_stage
        if stages[one][:2] == stages[other][:2]:
            assert place < later_place
    assert lanes == lanes_of(order, needs, seconds, least_s=0.0)
    assert lanes.seconds <= sum(seconds.values())


@given(st.lists(st.one_of(OF_BENCH, BESIDE, DOORS), max_size=14), st.data())
def test_turns_keep_apart_what_excludes_and_never_stand_still(
    needed: Sequence[Needs], data: st.DataObject
) -> None:
    """Whatever ends first, and however the items are spread over the lanes."""
    order = [f"i{n}" for n in range(len(needed))]
    needs = dict(zip(order, needed, strict=True))
    lanes = [[item for item in order if needs[item].lane is lane] for lane in (None, *Lane)]
    seconds = {item: data.draw(st.sampled_from([0.0, 1.0, 60.0])) for item in order}
    turns, left = Turns(lanes, order, needs, seconds), [list(one) for one in lanes]
    over, running = list[str](), list[str]()

    def go_on(number: int) -> None:
        if left[number]:
            item = turns.next_of(left[number]) if number == 0 else left[number][0]
            left[number].remove(item)
            turns.ask(item)

    for number in range(len(lanes)):
        go_on(number)
    while len(over) < len(order):
        for item in turns.granted():
            assert not any(needs[item].excludes(needs[other]) for other in running)
            before = order[: order.index(item)]
            assert all(one in over for one in before if needs[one].tests & needs[item].tests)
            running.append(item)
        assert running, "somebody can always go on"
        ended = data.draw(st.sampled_from(running))
        running.remove(ended)
        over.append(ended)
        turns.end([ended])
        go_on(next(place for place, items in enumerate(lanes) if ended in items))


def test_a_second_lane_that_spares_little_is_not_opened() -> None:
    needs = {"zone": Needs(frozenset({BENCH})), "camera": Needs(frozenset({"cam"}), lane=Lane.VIDEO)}
    assert lanes_of(["zone", "camera"], needs, {"zone": 119.0, "camera": 600.0}) == Lanes(("zone", "camera"))
    assert lanes_of(["zone", "camera"], needs, {"zone": 120.0, "camera": 600.0}).all_beside == ("camera",)


def _device(
    name: str,
    kind: DeviceKind,
    parent: str = "",
    host: str = "",
    wiring: Mapping[str, str] | None = None,
    **attributes: object,
) -> Device:
    connection = Connection(
        "onvif" if kind in {DeviceKind.CAMERA, DeviceKind.RECORDER} else "modbus-tcp", host
    )
    system = System.VIDEO if kind in {DeviceKind.CAMERA, DeviceKind.RECORDER} else System.INTRUSION
    return Device(
        name,
        kind,
        system,
        name,
        parent=parent,
        attributes=attributes,
        wiring=wiring or {},
        connection=connection if host else None,
    )


DEVICES = [
    _device("PANEL-1", DeviceKind.PANEL, host="10.0.0.1"),
    _device("Z1", DeviceKind.ZONE, "PANEL-1"),
    _device("Z3", DeviceKind.ZONE, "PANEL-1"),
    _device("PANEL-2", DeviceKind.PANEL, host="10.0.0.2"),
    _device("Z2", DeviceKind.ZONE, "PANEL-2"),
    _device("NVR-1", DeviceKind.RECORDER, host="10.0.0.3"),
    _device("CAM-1", DeviceKind.CAMERA, "NVR-1", host="10.0.0.4"),
    _device("CAM-2", DeviceKind.CAMERA, "NVR-1", host="10.0.0.5"),
]
HELD = CoveredMeasurand("alarm_held_until_reset", seconds=600.0)
RATE = CoveredMeasurand("live_frame_rate", seconds=600.0)
VISUAL = CoveredMeasurand("privacy_of_view", seconds=60.0, operator=True)
PAPERS = CoveredMeasurand("papers_kept", seconds=60.0, operator=True, papers=True)
COVERED = {one.measurand: one for one in (HELD, RATE, VISUAL, PAPERS)}


SECONDS = defaultdict(lambda: 600.0)


def _site(*more: Device) -> Site:
    devices = {one.id: one for one in (*DEVICES, *more)}
    return Site("s", "s", Path(), "UTC", {}, {}, devices)


def _item(covered: CoveredMeasurand, device: str, *intrusive: str) -> PlanItem:
    return PlanItem(f"{covered.measurand}[{device}]", covered.measurand, device, (), intrusive=intrusive)


LINKED = _device("L", DeviceKind.LINKAGE, source="Z1", target="CAM-1", effect="recording")
OF_PANEL = _device("L", DeviceKind.LINKAGE, source="PANEL-1", target="CAM-1", effect="recording")
TO_NOBODY = _device("L", DeviceKind.LINKAGE, source="Z1", target="", effect="message")


@pytest.mark.parametrize(
    ("zone", "camera", "more", "together"),
    [
        (_item(HELD, "Z1"), "CAM-1", (), True),
        (_item(HELD, "Z1", "siren"), "CAM-1", (), True),
        (_item(HELD, "Z1", "power_cut"), "CAM-1", (), False),  # nobody knows what hangs on that supply
        (_item(HELD, "Z1"), "CAM-1", (LINKED,), False),
        (_item(HELD, "Z1"), "NVR-1", (LINKED,), False),  # the recording begins there
        (_item(HELD, "Z1"), "CAM-2", (LINKED,), True),
        (_item(HELD, "Z2"), "CAM-1", (LINKED,), True),  # the linkage hangs on the other panel
        (_item(HELD, "Z3"), "CAM-1", (LINKED,), True),  # it hangs on another zone of the panel
        (_item(HELD, "Z3"), "CAM-1", (OF_PANEL,), False),
        (_item(HELD, "PANEL-1"), "CAM-1", (LINKED,), False),  # a test of the panel opens its zones
        (_item(HELD, "Z1"), "CAM-1", (TO_NOBODY,), False),
    ],
)
def test_no_stimulus_reaches_a_camera_that_is_watched(zone, camera, more, together) -> None:
    site = _site(*more)
    one = needs_of(zone, Stations(site), HELD)
    other = needs_of(_item(RATE, camera), Stations(site), RATE)
    assert one.excludes(other) is not together
    lanes = lanes_for([zone, _item(RATE, camera)], site, COVERED, SECONDS)
    assert bool(lanes.beside) is together


def test_stimuli_of_two_panels_are_never_given_at_the_same_time() -> None:
    site = _site()
    assert needs_of(_item(HELD, "Z1", "siren"), Stations(site), HELD).excludes(
        needs_of(_item(HELD, "Z2"), Stations(site), HELD)
    )


def test_what_a_person_sees_of_a_camera_is_done_before_it_is_measured_and_papers_meanwhile() -> None:
    items = [_item(PAPERS, "SITE"), _item(VISUAL, "CAM-1"), _item(RATE, "CAM-1"), _item(HELD, "Z1")]
    lanes = lanes_for(items, _site(), COVERED, SECONDS)
    assert lanes == Lanes(
        first=(),
        bench=("papers_kept[SITE]", "privacy_of_view[CAM-1]", "alarm_held_until_reset[Z1]"),
        beside={Lane.VIDEO: ("live_frame_rate[CAM-1]",)},
    )
    turns = Turns(
        [lanes.bench, *lanes.beside.values()],
        [one.id for one in items],
        needs_for(items, _site(), COVERED),
        SECONDS,
    )
    turns.ask("live_frame_rate[CAM-1]")
    assert not turns.granted(), "a person has to see the view first"
    turns.ask("papers_kept[SITE]")
    assert turns.granted() == ["papers_kept[SITE]"]
    turns.end(["papers_kept[SITE]"])
    turns.ask("privacy_of_view[CAM-1]")
    assert turns.granted() == ["privacy_of_view[CAM-1]"]
    turns.end(["privacy_of_view[CAM-1]"])
    turns.ask("alarm_held_until_reset[Z1]")
    assert turns.granted() == ["live_frame_rate[CAM-1]", "alarm_held_until_reset[Z1]"]


def test_the_bench_does_first_what_another_lane_waits_for() -> None:
    """Else the cameras stand still for as long as the first of the bench's items lasts."""
    items = [_item(HELD, "Z2"), _item(VISUAL, "NVR-1"), _item(VISUAL, "CAM-1"), _item(RATE, "CAM-1")]
    ids = [one.id for one in items]
    turns = Turns([ids[:3], ids[3:]], ids, needs_for(items, _site(), COVERED), SECONDS)
    assert turns.next_of(ids[:3]) == ids[0], "nobody waits"
    turns.ask(ids[3])
    assert turns.next_of(ids[:3]) == ids[1], "the view of the camera comes after that of its recorder"
    turns.end([ids[1]])
    assert turns.next_of([ids[0], ids[2]]) == ids[2]
    turns.end([ids[2]])
    assert turns.next_of([ids[0]]) == ids[0]


def test_zones_that_are_watched_together_disturb_what_any_of_them_does() -> None:
    covered = COVERED | {HELD.measurand: replace(HELD, together=Together.ALARMS, waits={"hold_s": 600.0})}
    items = [_item(HELD, "Z3"), _item(HELD, "Z1"), _item(RATE, "CAM-1")]
    needs = needs_for(items, _site(LINKED), covered)
    assert needs[items[0].id].excludes(needs[items[2].id])
    short = replace(_site(LINKED), plan={"hold_s": 0.2})
    assert not needs_for(items, short, covered)[items[0].id].excludes(needs[items[2].id]), "each by itself"


def test_what_was_watched_together_is_concluded_before_a_camera_that_waited() -> None:
    covered = COVERED | {HELD.measurand: replace(HELD, together=Together.ALARMS, waits={"hold_s": 600.0})}
    items = [*(_item(HELD, one) for one in ("Z1", "Z2", "Z3")), _item(RATE, "CAM-1")]
    first, second, third, camera = [one.id for one in items]
    turns = Turns(
        [[first, second, third], [camera]],
        [one.id for one in items],
        needs_for(items, _site(LINKED), covered),
        SECONDS,
    )
    turns.ask(first)
    assert turns.granted() == [first]
    turns.ask(camera)
    for over, following in ((first, second), (second, third)):
        turns.end([over])
        assert not turns.granted(), "two results are left to be taken"
        assert turns.next_of([one for one in (second, third) if one >= following]) == following
        turns.ask(following)
        assert turns.granted() == [following]
    turns.end([third])
    assert turns.granted() == [camera]


def test_a_camera_waits_if_the_bench_would_stand_still_beside_it_and_has_more_to_do() -> None:
    items = [_item(VISUAL, "PANEL-2"), _item(HELD, "Z1"), _item(HELD, "Z2"), _item(RATE, "CAM-1")]
    ids = [one.id for one in items]
    needs = needs_for(items, _site(LINKED), COVERED)

    def begun(bench: Sequence[str], **seconds: float) -> list[str]:
        """Of the camera and the first of the bench's items, which is begun before."""
        lasting = {one: seconds.get(one.partition("[")[0], 600.0) for one in ids}
        turns = Turns([bench, ids[3:]], ids, needs, lasting)
        turns.ask(ids[0])
        assert turns.granted() == ids[:1]
        turns.ask(ids[3])
        return turns.granted()

    assert begun(ids[:2], live_frame_rate=60.0) == [], "Z1 would wait for the camera it is linked to"
    assert begun(ids[:2], alarm_held_until_reset=60.0) == ids[3:], "the camera has more to do"
    assert begun(ids[:3], live_frame_rate=60.0) == ids[3:], "Z2 can be tested meanwhile"
    short = begun(ids[:3], live_frame_rate=700.0)
    assert short == [], "Z2 takes 600 s, then the bench would wait"
    assert begun(ids[:1]) == ids[3:], "the bench has nothing left"


def test_the_bench_stands_still_for_no_camera_after_the_little_it_can_do_meanwhile() -> None:
    """Of all that is left of it only a short item comes before a watch that the camera must not see."""
    bench, camera = frozenset({BENCH}), frozenset({"cam"})
    needs = {
        "running": Needs(bench),
        "short": Needs(bench, tests=frozenset({"z2"})),
        "watch": Needs(bench, disturbs=camera, tests=frozenset({"z1", "z2"})),
        "after": Needs(bench, tests=frozenset({"z2"})),
        "camera": Needs(camera, camera, tests=camera, lane=Lane.VIDEO),
        "other": Needs(frozenset({"cam-2"}), lane=Lane.VIDEO),
    }
    ids = [*needs]

    def begun(**seconds: float) -> list[str]:
        lasting = {"running": 60.0, "short": 1.0, "watch": 10.0, "after": 60.0, "camera": 50.0, "other": 0.0}
        turns = Turns([ids[:4], ids[4:]], ids, needs, lasting | seconds)
        turns.ask("running")
        assert turns.granted() == ["running"]
        turns.ask("camera")
        return turns.granted()

    assert begun() == [], "all is over 120 s later if it begins now, 71 s later if it waits for the watch"
    assert begun(camera=1.0) == ["camera"], "as long as the short item"
    assert begun(other=1000.0) == ["camera"], "its lane is over last in any case"


def test_results_of_a_watch_take_a_lane_no_time() -> None:
    """The first item reads the clocks of all cameras; what follows must not wait for the bench."""
    reading = CoveredMeasurand("clock_offset", together=Together.READINGS, seconds=10.0)
    covered = COVERED | {"clock_offset": reading}
    items = [_item(HELD, "Z1"), _item(HELD, "Z2"), *(_item(reading, f"CAM-{n}") for n in (1, 2))]
    ids = [one.id for one in items]
    lasting = dict(zip(ids, (60.0, 5.0, 10.0, 10.0), strict=True))
    turns = Turns([ids[:2], ids[2:]], ids, needs_for(items, _site(LINKED), covered), lasting)
    turns.ask(ids[2])
    assert turns.granted() == [], "it takes 20 s, of which the bench could use 5"
    turns.end([ids[2]])
    turns.ask(ids[3])
    assert turns.granted() == [ids[3]]


@pytest.mark.parametrize(("seconds", "held_back"), [(3.0, True), (700.0, False)])
def test_a_camera_waits_for_results_that_another_panel_is_about_to_have(seconds, held_back) -> None:
    """A burst at PANEL-2 comes in the plan before the results of its zone, which the watch of Z1 has."""
    burst = CoveredMeasurand("burst", seconds=3.0)
    held = replace(HELD, together=Together.ALARMS, waits={"hold_s": 600.0})
    covered = COVERED | {HELD.measurand: held, "burst": burst}
    items = [_item(held, "Z1"), _item(VISUAL, "Z3"), _item(burst, "PANEL-2"), _item(held, "Z2")]
    items.append(_item(RATE, "CAM-1"))
    first, other, before, result, camera = ids = [one.id for one in items]
    lasting = dict.fromkeys(ids, 600.0) | {before: seconds}
    turns = Turns([ids[:4], ids[4:]], ids, needs_for(items, _site(LINKED), covered), lasting)
    turns.ask(first)
    assert turns.granted() == [first]
    turns.ask(camera)
    turns.end([first])
    assert turns.granted() == ([] if held_back else [camera])
    assert turns.next_of([other, before, result]) == before
    turns.ask(before)
    assert turns.granted() == [before]
    turns.end([before])
    if not held_back:
        turns.end([camera])
    assert turns.next_of([other, result]) == result
    turns.ask(result)
    assert turns.granted() == [result]
    turns.end([result])
    assert turns.granted() == ([camera] if held_back else [])


def test_clocks_that_are_read_together_hold_all_of_them_and_those_of_the_bench_none() -> None:
    reading = CoveredMeasurand("clock_offset", seconds=10.0, together=Together.READINGS)
    items = [_item(reading, one) for one in ("CAM-1", "CAM-2", "NVR-1", "PANEL-1")]
    needs = needs_for(items, _site(), {"clock_offset": reading})
    cameras, bench = [needs[one.id] for one in items[:3]], needs[items[3].id]
    assert len({replace(one, tests=frozenset()) for one in cameras}) == 1
    assert cameras[0].tests > cameras[1].tests, (
        "what follows one of them waits for the first, which reads all"
    )
    assert {"CAM-1", "CAM-2", "NVR-1"} <= cameras[0].holds
    assert cameras[0].lane is Lane.VIDEO
    assert not cameras[0].excludes(bench)
    assert "PANEL-2" not in bench.holds


BOARDS = [
    _device("RELAY-1", DeviceKind.RELAY_BOARD, host="10.0.1.1"),
    _device("RELAY-2", DeviceKind.RELAY_BOARD, host="10.0.1.2"),
    _device("Z4", DeviceKind.ZONE, "PANEL-1", wiring={"loop": "RELAY-1/0"}),
]
ACS = _device("ACS-1", DeviceKind.DOOR_CONTROLLER, host="10.0.1.3", independent=True)
D1 = _device("D1", DeviceKind.DOOR, "ACS-1", wiring={"contact": "RELAY-2/0", "lock_coil": "RELAY-2/di0"})
REFUSED = CoveredMeasurand("unauthorised_credential_refused", seconds=600.0)
LOCK_TO_PANEL = _device("L", DeviceKind.LINKAGE, source="D1", target="PANEL-1", effect="siren")
PANEL_TO_LOCK = _device("L", DeviceKind.LINKAGE, source="Z1", target="D1", effect="lock_release")


@pytest.mark.parametrize(
    ("changed", "door", "beside"),
    [
        ([], _item(REFUSED, "D1", "lock_release"), True),
        ([replace(ACS, attributes={})], _item(REFUSED, "D1"), False),  # nobody says that it is
        (
            [replace(D1, wiring={"contact": "RELAY-1/7"})],
            _item(REFUSED, "D1"),
            False,
        ),  # one board with a zone
        ([replace(BOARDS[1], connection=Connection("modbus-tcp", "10.0.1.1"))], _item(REFUSED, "D1"), False),
        ([replace(ACS, connection=Connection("modbus-tcp", "10.0.0.1"))], _item(REFUSED, "D1"), False),
        ([_device("L-1", DeviceKind.LINKAGE, wiring={"seen": "RELAY-2/di5"})], _item(REFUSED, "D1"), False),
        ([TO_NOBODY, replace(TO_NOBODY, id="L2", attributes={"source": "D1"})], _item(REFUSED, "D1"), False),
        ([], _item(REFUSED, "D1", "lock_release", "fire_interface"), False),
        ([], _item(REFUSED, "D1", "power_cut"), False),
        ([], _item(VISUAL, "D1"), False),
    ],
)
def test_a_door_is_tested_beside_panels_only_if_nothing_is_known_to_join_them(changed, door, beside) -> None:
    covered = VISUAL if door.measurand == VISUAL.measurand else REFUSED
    site = _site(*BOARDS, ACS, D1, *changed)
    assert (needs_of(door, Stations(site), covered).lane is Lane.DOORS) is beside


@pytest.mark.parametrize("linkage", [LOCK_TO_PANEL, PANEL_TO_LOCK])
def test_a_declared_link_between_door_and_panel_keeps_them_apart(linkage) -> None:
    site = _site(*BOARDS, ACS, D1, linkage)
    door, zone = (
        needs_of(_item(covered, name), Stations(site), covered)
        for covered, name in ((REFUSED, "D1"), (HELD, "Z1"))
    )
    assert door.excludes(zone)
    free = needs_of(_item(REFUSED, "D1"), Stations(_site(*BOARDS, ACS, D1)), REFUSED)
    assert not free.excludes(zone if linkage is LOCK_TO_PANEL else _zone_alone())


def _zone_alone() -> Needs:
    return needs_of(_item(HELD, "Z1"), Stations(_site(*BOARDS, ACS, D1)), HELD)


def test_two_lines_of_the_inventory_at_one_host_are_one_device() -> None:
    site = _site(_device("CAM-3", DeviceKind.CAMERA, host="10.0.0.4"))
    one, other = (
        needs_of(_item(covered, name), Stations(site), covered)
        for covered, name in ((RATE, "CAM-1"), (VISUAL, "CAM-3"))
    )
    assert one.excludes(other)
