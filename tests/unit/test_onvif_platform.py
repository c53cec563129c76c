# SPDX-License-Identifier: Apache-2.0
"""A platform whose events are pulled over ONVIF: what it reports, what a lost subscription leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import free_port
from yanshou.drivers.platform.link import platform_mistakes, platforms_of
from yanshou.drivers.platform.onvif_link import OnvifLink, event_of, kind_of
from yanshou.emulation.faults import Fault
from yanshou.emulation.site.assembly import SiteEmulation
from yanshou.emulation.site.truth import Truth
from yanshou.emulation.site.world import World
from yanshou.equipment.platform import Platform, WatchedMessage
from yanshou.equipment.reactions import EffectPlace
from yanshou.model import Instant, RigFault, now
from yanshou.protocols.onvif.pull_point import Notification
from yanshou.site import load_site

SITE = """
[site]
id = "onvif-platform"
name = "onvif platform"
time_zone = "Asia/Shanghai"
rig = "emulated"

[device.PLAT-1]
connection = {{ protocol = "onvif", host = "127.0.0.1", port = {port} }}
"""
INVENTORY = """\
id,kind,system,name,parent,number,attributes,wiring
PANEL-1,panel,intrusion,panel,,1,,
Z01,zone,intrusion,one,PANEL-1,1,platform_id=IN-7,
Z02,zone,intrusion,two,PANEL-1,2,,
PLAT-1,platform,integration,platform,,1,,
"""
WHEN = datetime(2026, 11, 29, 2, tzinfo=UTC)


class Notes:
    def observation(self, _what: str, _via: str, seen: object, _value: object = None) -> object:
        return seen

    def note(self, *_args: object, **_fields: object) -> None:
        pass


@contextmanager
def met(folder: Path, faults: Mapping[str, object]) -> Iterator[tuple[Platform, World]]:
    (folder / "site.toml").write_text(SITE.format(port=free_port()), encoding="utf-8")
    (folder / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    site = load_site(folder)
    (device,) = platforms_of(site)
    assert list(platform_mistakes(site)) == []
    planted = tuple(Fault("PLAT-1", kind, value) for kind, value in faults.items())
    emulation = SiteEmulation(site, planted, Truth(None))
    emulation.start()
    try:
        link = OnvifLink.of(site, device)
        try:
            notes: Any = Notes()
            yield Platform(link, notes, 1.0), emulation.world
        finally:
            link.close()
    finally:
        emulation.stop()


@pytest.fixture
def meet(tmp_path: Path) -> Callable[..., Any]:
    return partial(met, tmp_path)


def alarm(world: World, device: str) -> Instant:
    before = now()
    with world.lock:
        world.alarm(device, active=True)
    return Instant(before, now())


def test_an_event_is_known_by_the_platforms_name_and_timed_by_its_arrival(meet: Callable[..., Any]) -> None:
    with meet({}) as (platform, world):
        platform.begin()
        at = alarm(world, "Z01")
        seen = platform.wait_event("alarm", since=at, device="Z01")
        assert seen is not None
        assert at.earliest <= seen.at.latest
        assert abs(seen.skew_s or 0.0) < 5.0
        assert platform.wait_event("alarm", since=at, device="Z02") is None  # after a proof
        assert platform.others(at, {"Z01"}) == []


def test_an_event_of_another_device_is_told(meet: Callable[..., Any]) -> None:
    with meet({"platform_wrong_device": "Z02"}) as (platform, world):
        platform.begin()
        at = alarm(world, "Z01")
        assert platform.wait_event("alarm", since=at, device="Z01") is None
        (text,) = platform.others(at, {"Z01"})
        assert "Z02" in text


def test_one_event_reported_as_two_is_two(meet: Callable[..., Any]) -> None:
    with meet({"platform_event_twice": True}) as (platform, world):
        watched = WatchedMessage(EffectPlace("PLAT-1", "message"), platform, "Z01", "alarm")
        assert watched.active() is False
        at = alarm(world, "Z01")
        assert platform.wait_event("tamper", since=at) is None  # meanwhile both came
        assert len(watched.begun(at)) == 2


@pytest.mark.parametrize(("kind", "value"), [("events_silent", 1), ("events_forgotten", 0.2)])
def test_a_dead_subscription_leaves_open_whether_an_event_came(
    meet: Callable[..., Any], kind: str, value: object
) -> None:
    with meet({kind: value, "platform_silent": True}) as (platform, world):
        platform.begin()
        with pytest.raises(RigFault, match=r"missing|cannot be read"):
            none_came(platform, world)


def none_came(platform: Platform, world: World) -> None:
    for _ in range(20):
        assert platform.wait_event("alarm", since=alarm(world, "Z01"), device="Z01") is None


def test_a_stopped_platform_is_silent_and_comes_back(meet: Callable[..., Any]) -> None:
    with meet({}) as (platform, world):
        assert platform.host.answers()
        world.down.add("PLAT-1")
        assert platform.host.becomes(answering=False, within=10.0)
        world.down.discard("PLAT-1")
        assert platform.host.becomes(answering=True, within=10.0)
        assert not platform.link.can("lock_release")
        with pytest.raises(RigFault, match="takes no command"):
            platform.link.command("lock_release", "D01")


@pytest.mark.parametrize(
    ("topic", "data", "operation", "kind"),
    [
        ("Device/Trigger/DigitalInput", {"LogicalState": "true"}, "Changed", "alarm"),
        ("Device/Trigger/DigitalInput", {"LogicalState": "false"}, "Changed", ""),
        ("Device/Trigger/DigitalInput", {"LogicalState": "true"}, "Initialized", ""),
        ("RuleEngine/CellMotionDetector/Motion", {"IsMotion": "1"}, "Changed", "alarm"),
        ("Door/State/DoorAlarm", {"State": "DoorForcedOpen"}, "Changed", "forced"),
        ("Door/State/DoorAlarm", {"State": "DoorOpenTooLong"}, "Changed", "held"),
        ("Door/State/DoorAlarm", {"State": "Normal"}, "Changed", ""),
        ("Door/State/DoorTamper", {"State": "TamperDetected"}, "Changed", "tamper"),
        ("AccessControl/AccessGranted/Credential", {}, "", "granted"),
        ("AccessControl/Denied/CredentialNotFound/Card", {}, "", "denied"),
        ("Device/HardwareFailure/PowerSupplyFailure", {"Failed": "true"}, "Changed", "fault"),
        ("Monitoring/ProcessorUsage", {"Value": "3"}, "Changed", ""),
    ],
)
def test_topics_have_the_meaning_of_the_standard(
    topic: str, data: dict[str, str], operation: str, kind: str
) -> None:
    reported = Notification(topic, operation, WHEN, {"DoorToken": " DOOR-1 "}, data)
    assert kind_of(reported) == kind
    event = event_of(reported)
    assert (event.device, event.word, event.when, event.oddity) == ("DOOR-1", topic, WHEN, "")


def test_an_event_without_source_or_time_is_told_as_odd() -> None:
    assert event_of(Notification("A/B", "", WHEN)).oddity == "names no device"
    assert event_of(Notification("A/B", "", None, {"Source": "x"})).oddity == "has no time"
