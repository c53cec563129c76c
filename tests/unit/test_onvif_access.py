# SPDX-License-Identifier: Apache-2.0
"""Events of an ONVIF door controller, from the emulated device through the driver to what a suite records."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from test_suites.access_control import test_access_records, test_centre

from tests.support.patience import HUNG_S
from tests.support.ports import free_port
from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.onvif.access import EventReader, card_of
from yanshou.drivers.onvif.doors import OnvifDoorController
from yanshou.emulation.access import onvif_events
from yanshou.emulation.access.door import EmulatedDoor, EmulatedDoorController, PresentedCard
from yanshou.emulation.access.onvif_door import OnvifDoorDevice
from yanshou.emulation.access.onvif_events import Subscriptions
from yanshou.emulation.faults import Fault
from yanshou.emulation.site.assembly import SiteEmulation
from yanshou.emulation.site.truth import Truth
from yanshou.equipment.access_records import AccessRecords, WantedRecord
from yanshou.fixtures.devices import ask_verified
from yanshou.model import Instant, Latency, RigFault, now
from yanshou.model.signal import Card, DoorCommand, DoorSignal
from yanshou.protocols.onvif.pull_point import Notification
from yanshou.site import load_site

SITE = """
[site]
id = "onvif-door"
name = "onvif door"
time_zone = "Asia/Shanghai"
rig = "emulated"

[device.ACS-1.connection]
protocol = "onvif"
host = "127.0.0.1"
port = {port}
user = "admin"
password = {{ env = "NO_SUCH" }}
"""
INVENTORY = """\
id,kind,system,name,parent,number,attributes,wiring
ACS-1,door_controller,access_control,controller,,1,,
D01,door,access_control,one,ACS-1,1,lock_open_s=0.3,
D02,door,access_control,two,ACS-1,2,lock_open_s=0.3,
"""
CARDS = {Card.AUTHORISED: ("authorised", 4097), Card.UNAUTHORISED: ("unauthorised", 666)}
CRITERIA = {"late_s": 5.0, "arrive_within_s": 0.5, "settles_s": 0.2, "offline_s": 0.5, "still_s": 0.4}


class Notes:
    def observation(self, _what: str, _via: str, seen: Instant | None, *_more: object) -> Instant | None:
        return seen

    def note(self, *_args: object, **_fields: object) -> None:
        pass


@dataclass
class Kept:
    """A record that keeps what a test says."""

    said: dict[str, Any] = field(default_factory=dict)
    latencies: list[Latency | None] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)
    patience: float = 2.0
    repetitions: range = range(2)

    def criterion(self, name: str) -> float:
        return CRITERIA[name]

    def parameter(self, _name: str, _default: float) -> float:
        return 0.0

    def times(self, _name: str, _usual: int, _what: str) -> int:
        return 5

    def logical(self, *, conforms: bool, n: int = 1, because: str = "") -> None:
        self.said |= {"conforms": conforms, "n": n, "because": because}

    def number(self, value: float, *, at_least: float | None = None, n: int = 1) -> None:
        self.said |= {"value": value, "at_least": at_least, "n": n}

    def latency(self, stimulus: Instant, seen: Instant | None) -> None:
        self.latencies.append(None if seen is None else seen - stimulus)

    def deviation(self, expected: str) -> None:
        self.deviations.append(expected)

    def seen_in_passing(self, strays: Iterable[str], *, of: str = "") -> None:
        self.deviations += strays

    def invalid(self, reason: str) -> None:
        raise AssertionError(reason)

    def cannot(self, reason: str) -> NoReturn:
        raise AssertionError(reason)


class Hand:
    """A door whose cards, contact and link are moved in the emulation itself."""

    def __init__(self, emulated: EmulatedDoorController, door: EmulatedDoor) -> None:
        self.emulated, self.door = emulated, door
        self.number, self.contact, self.credential, self.source = door.number, self, self, self
        self.circuits = {"link": self}
        self.lock, self.others, self.leaving = self, (), None

    def is_active(self) -> bool:
        return self.door.released

    def opened_too(self, _locks: object, *, since: Instant) -> list[str]:
        return ["lock"] if self.door.released and since else []

    def done(self, act: Callable[[], object]) -> Instant:
        before = now()
        with self.emulated.world.lock:
            act()
        return Instant(before, now())

    def present(self, card: Card) -> Instant:
        return self.done(lambda: self.emulated.credential(self.door, PresentedCard(*CARDS[card])))

    def present_unauthorised(self) -> Instant:
        return self.present(Card.UNAUTHORISED)

    def send(self, credential: str) -> Instant:
        card = PresentedCard("unauthorised", int(credential, 16) & 0xFFFF)
        return self.done(lambda: self.emulated.credential(self.door, card))

    def credential_of(self, card: Card) -> str:
        return f"{CARDS[card][1]:08X}"

    def has(self, card: Card) -> bool:
        return card in CARDS

    def log_user(self, card: Card) -> int:
        return CARDS[card][1]

    def force_open(self) -> Instant:
        return self.done(lambda: self.emulated.contact(self.door, now(), opened=True))

    def disturb(self, _role: str) -> Instant:
        return self.done(lambda: self.emulated.host_link(now(), opened=True))

    def restore(self, _role: str) -> Instant:
        return self.done(lambda: self.emulated.host_link(now(), opened=False))

    def wait_released(self, *, since: Instant) -> Instant:
        while not self.door.released:
            time.sleep(0.005)
        return since

    def wait_locked(self, *, since: Instant) -> Instant:
        while self.door.released:
            time.sleep(0.005)
        return since

    def released_within(self, seconds: float, **_: object) -> None:
        time.sleep(seconds)

    def bring_to_rest(self) -> None:
        self.done(lambda: self.emulated.contact(self.door, now(), opened=False))
        self.done(lambda: self.emulated._reset(1, own=True))


@dataclass
class Met:
    controller: OnvifDoorController
    records: AccessRecords
    doors: list[Hand]


@contextmanager
def met(folder: Path, faults: Mapping[str, object]) -> Iterator[Met]:
    (folder / "site.toml").write_text(SITE.format(port=free_port()), encoding="utf-8")
    (folder / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    site = load_site(folder)
    planted = tuple(Fault("ACS-1", kind, value) for kind, value in faults.items())
    emulation = SiteEmulation(site, planted, Truth(None))
    emulation.start()
    acs = site.devices["ACS-1"]
    try:
        controller = OnvifDoorController(acs, "demo-only", [1, 2], lambda *_: None, lambda: None)
        try:
            log = controller.log()
            assert log is not None
            records = AccessRecords("ACS-1", log, controller, Notes(), "Asia/Shanghai")  # type: ignore[arg-type]
            (emulated,) = emulation._controllers
            users = [Hand(emulated, door) for door in emulated.doors]
            for one in users:
                one.credential = SimpleNamespace(credential=one.credential_of)  # type: ignore[assignment]
                one.source = one.credential
            yield Met(controller, records, users)
        finally:
            controller.close()
    finally:
        emulation.stop()


@pytest.fixture
def meet(tmp_path: Path) -> Callable[..., Any]:
    return partial(met, tmp_path)


def wait_until(so: Callable[[], bool]) -> None:
    """The test's own time-out ends a wait for what never comes."""
    while not so():
        time.sleep(0.01)


def complete(there: Met, doors: int = 1) -> dict[str, Any]:
    record, entrances = Kept(), SimpleNamespace(doors=there.doors[:doors])
    test_access_records.test_access_record_complete(entrances, there.records, None, record)  # type: ignore[arg-type]
    return record.said


def test_each_event_has_its_record_with_door_and_card(meet: Callable[..., Any]) -> None:
    with meet({}) as there:
        assert complete(there, doors=2) == {"conforms": True, "n": 6, "because": ""}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("record_wrong_door", True, "记于门 2"),
        ("record_wrong_user", True, "记为卡 4098"),
        ("record_no_user", True, "记为卡 0"),
        ("record_missing", True, "无记录"),
        ("record_as_granted", True, "无记录"),
        ("record_time_off", 60.0, "偏差至少"),
    ],
)
def test_a_wrong_record_is_found(meet: Callable[..., Any], kind: str, value: object, expected: str) -> None:
    with meet({kind: value}) as there:
        said = complete(there)
    assert said["conforms"] is False
    assert expected in said["because"]


@pytest.mark.parametrize(("kind", "value"), [("events_silent", 3), ("events_forgotten", 0.2)])
def test_a_dead_subscription_is_unknown_and_no_missing_event(
    meet: Callable[..., Any], kind: str, value: object
) -> None:
    with meet({kind: value}) as there:
        with pytest.raises(RigFault, match="events may be missing"):
            silent_doors(there)
        if kind == "events_silent":
            assert there.records.newest() > 0  # it answers on, and has a subscription again


def silent_doors(there: Met) -> None:
    """Cards at one door, and waits for their records at the other: there is none, if that can be said."""
    for _ in range(20):
        since = there.doors[0].present_unauthorised()
        number = there.records.newest()
        time.sleep(0.3)
        assert there.records.wait(number, WantedRecord(2, 666), since=since, within=0.2) is None


def test_the_event_is_timed_by_its_arrival(meet: Callable[..., Any]) -> None:
    record = Kept()
    with meet({"record_delay": 0.8}) as there:
        test_centre.test_access_event_transfer_time(there.doors[1], there.records, record)  # type: ignore[arg-type]
    assert len(record.latencies) == 2
    for one in record.latencies:
        assert one is not None
        assert one.most >= 0.88  # 0.08 s to refuse at least, 0.8 s on the way
        assert one.half_width < one.middle


def test_an_event_that_does_not_come_is_told_after_a_proof(meet: Callable[..., Any]) -> None:
    record = Kept(patience=0.5)
    with meet({"record_missing": True}) as there:
        test_centre.test_access_event_transfer_time(there.doors[1], there.records, record)  # type: ignore[arg-type]
    assert record.latencies == [None]


def test_a_subscription_is_renewed_before_the_time_that_was_granted_ends(
    meet: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for two minutes, the device grants four seconds: no event may fall into a gap."""
    monkeypatch.setattr(onvif_events, "_LONGEST_LIFE_S", 4.0)
    with meet({}) as there:
        events = there.controller.log().events  # type: ignore[union-attr]
        first = events._point
        time.sleep(5.0)
        since = there.doors[1].present_unauthorised()
        assert there.records.wait(0, WantedRecord(2, 666), since=since, within=HUNG_S) is not None
        there.records.require_whole(0)
        assert events._point is first


def test_an_event_behind_states_that_wait_at_the_device_is_pulled_with_them(
    meet: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device that sends one notification at a time has not told all when the first state came."""
    pulled, asked = Subscriptions.pull, list[Subscriptions]()

    def slow(self: Subscriptions, token: str, wait_s: float, _limit: int, stopped: Any) -> list[str]:
        asked.append(self)
        time.sleep(0.01)
        return pulled(self, token, wait_s, 1, stopped)

    states = OnvifDoorDevice._states
    monkeypatch.setattr(Subscriptions, "pull", slow)
    monkeypatch.setattr(OnvifDoorDevice, "_states", lambda self: 40 * states(self))
    with meet({}) as there:
        there.records.newest()
        assert not any(one.queue for one in asked[-1]._open.values())
        subscription = next(iter(asked[-1]._open.values()))
        with ThreadPoolExecutor(1) as beside:
            proof = beside.submit(there.records.require_whole, 0)  # the states it asks for wait in front
            wait_until(lambda: bool(subscription.queue) or proof.done())
            there.doors[1].present_unauthorised()
            time.sleep(0.2)
            there.records.require_whole(0)
            kept = [one.notification for one in there.controller.log().events._kept]  # type: ignore[union-attr]
            proof.result()
        assert [one.topic for one in kept if one] == ["AccessControl/Denied/CredentialNotFound"]


@pytest.mark.parametrize(
    ("value", "form", "number"),
    [
        ("00001A2C", "SIMPLE_NUMBER32", 0x1A2C),
        ("00001A2C", "", 0x1A2C),
        ("02123458", "WIEGAND26", 0x1A2C),  # at the end of its bytes
        ("848D1600", "WIEGAND26", 0x1A2C),  # at their beginning
        ("02123459", "WIEGAND26", None),  # with a wrong parity: where its number stands is not known
        ("00001A2C", "WIEGAND26", None),
        ("050031393136", "SIMPLE_ALPHA_NUMERIC", None),
        ("00000000000000001916", "ABA_TRACK2", None),
        ("1A2C", "maker:serial", None),
        ("x", "", None),
    ],
)
def test_the_number_of_a_card_is_read_by_its_form_alone(value: str, form: str, number: int | None) -> None:
    assert card_of(value, form) == number


@pytest.mark.parametrize(("text", "user"), [("00001A2C", 0x1A2C), ("", 0), ("0000668401", None)])
def test_a_card_in_its_makers_words_is_read_only_if_it_has_one_meaning(text: str, user: int | None) -> None:
    topic, when = "AccessControl/Denied/CredentialNotFound/Card", datetime(2026, 11, 29, tzinfo=UTC)
    sent = Notification(topic, "", when, {"AccessPointToken": "AP-2"}, {"Card": text})
    reader = EventReader("ACS-1", {}, {"AP-2": 2}, SimpleNamespace())  # type: ignore[arg-type]
    if user is not None:
        assert reader.entry(1, sent).user == user
        return
    with pytest.raises(RigFault, match="whose number is not known"):
        reader.entry(1, sent)


def test_events_kept_without_the_link_arrive_in_their_order(meet: Callable[..., Any]) -> None:
    record = Kept()
    with meet({}) as there:
        test_access_records.test_local_event_capacity(there.doors[0], there.records, 4, record)  # type: ignore[arg-type]
        assert record.said == {"value": 5, "at_least": 5, "n": 5}
        gap = next(one.gap for one in there.controller.log().events._kept if one.gap)  # type: ignore[union-attr]
        assert "no answer" in gap


def test_fewer_kept_events_are_unknown_over_a_connection_that_was_lost(meet: Callable[..., Any]) -> None:
    """The answer that was on its way at the cut may have held them."""
    with meet({"record_buffer": 2}) as there, pytest.raises(RigFault, match="events may be missing"):
        test_access_records.test_local_event_capacity(there.doors[0], there.records, 4, Kept())  # type: ignore[arg-type]


def test_states_commands_and_access_points(meet: Callable[..., Any]) -> None:
    with meet({}) as there:
        controller, door = there.controller, there.doors[1]
        device = SimpleNamespace(id="D02", number=2)
        since = door.force_open()
        assert controller.wait_for(2, DoorSignal.FORCED, since=since, within=3.0) is not None
        door.done(lambda: door.emulated.contact(door.door, now(), opened=False))
        wait_until(lambda: not controller.shows(2, DoorSignal.FORCED))  # an alarm goes with its cause
        assert [(one.token, one.door) for one in controller.points] == [("AP-1", 1), ("AP-2", 2)]
        assert controller.can(DoorCommand.BLOCK)
        controller.command(device, DoorCommand.BLOCK)  # type: ignore[arg-type]
        wait_until(lambda: door.door.blocked)
        controller.take_back(device, DoorCommand.BLOCK)  # type: ignore[arg-type]
        wait_until(lambda: not door.door.blocked)
        assert controller.disabled() == []
        controller._set_points(device, "DisableAccessPoint")  # type: ignore[arg-type]
        assert [one.token for one in controller.disabled()] == ["AP-2"]
        newest = there.records.since(0)[-1]
        assert (newest.kind, newest.target) == ("bypass", 2)


def test_the_bench_hands_out_log_and_clock_of_a_controller_without_a_profile(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE.format(port=free_port()), encoding="utf-8")
    (tmp_path / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    site = load_site(tmp_path)
    emulation = SiteEmulation(site, (), Truth(None))
    emulation.start()
    try:
        with Acquisition(ordinary=True) as acquisition:
            bench = Bench(site, acquisition)
            try:
                log, clock = bench.log("ACS-1"), bench.clock("ACS-1")
                assert log is not None
                assert clock is not None
                assert log.bounds() == (0, 0)
                assert abs((clock.read_clock().shown_utc - datetime.now(UTC)).total_seconds()) < 60.0
            finally:
                bench.close()
    finally:
        emulation.stop()


def test_a_controller_without_a_profile_has_nothing_that_was_never_compared(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE.format(port=free_port()), encoding="utf-8")
    (tmp_path / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    record: Any = SimpleNamespace(indicative=pytest.fail)
    session: Any = SimpleNamespace(bench=SimpleNamespace(profiles={}))
    ask_verified(session, record, load_site(tmp_path).devices["ACS-1"])
