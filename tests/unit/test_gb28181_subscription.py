# SPDX-License-Identifier: Apache-2.0
"""A subscription of GB/T 28181: what a trial shows, and a trial at an emulated alarm host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.gb_devices import HALL, HOST, RECORDER, ZONE, Bench, gb_bench, gb_platform
from yanshou.acquisition.sip_platform import ReceivedSip, SipPlatform
from yanshou.emulation.faults import Fault
from yanshou.equipment.gb_subscription import ALARMS, PlantedChange, SubscriptionTrial
from yanshou.evaluation.gb_subscription import Granted, NotifiedChange, Subscribed, subscription
from yanshou.model import Instant, now

OURS, OTHER = "call-1", "call-2"
OTHERS = {"15010000001320000005": "CAM-5"}
CAM_5 = "15010000001320000005"


@dataclass(frozen=True)
class Heard:
    """One NOTIFY as the platform keeps it."""

    said: dict[str, Any]
    at: float = 11.0
    kind: str = "notified"
    status: int = 200

    @property
    def first(self) -> Instant:
        return Instant(self.at, self.at)

    complete = first


def alarm(target: str = ZONE, call: str = OURS, **values: str) -> Heard:
    right = {"AlarmPriority": "1", "AlarmMethod": "2", "AlarmTime": "2026-11-29T10:00:00"}
    return Heard(
        {
            "call": call,
            "root": "Notify",
            "command": "Alarm",
            "target": target,
            "sn": 4,
            "values": right | values,
        }
    )


def listed(code: str = HALL, **item: str) -> Heard:
    said = {"call": OURS, "root": "Notify", "command": "Catalog", "target": RECORDER}
    return Heard(said | {"items": [{"DeviceID": code, **item}]})


def change(*heard: Heard, due: bool = True, gone: bool | None = None, **other: Any) -> NotifiedChange:
    codes = frozenset({ZONE} if gone is None else {HALL})
    made = Instant(10.0, 10.1)
    right = NotifiedChange("报警", due, made, OURS, codes, gone, heard, True, 3.0)
    return replace(right, **other)


def granted(status: int = 200, named: float | None = 60.0) -> Granted:
    return Granted(60.0, status, named, Instant(1.0, 1.1))


def trial(*changes: NotifiedChange, **other: Any) -> Subscribed:
    changed = (*changes, change(due=False))
    return replace(Subscribed(granted(), granted(), granted(), granted(named=0.0), changed), **other)


def test_an_alarm_told_in_its_dialog_conforms_and_says_how_late_it_was() -> None:
    found = subscription(trial(change(alarm())), OTHERS)
    assert (found.wrong, found.unproven, found.cannot) == ((), (), "")
    assert "0.950 s ± 0.050 s" in found.seen


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (trial(change()), "未收到 NOTIFY"),
        (trial(change(otherwise=1)), "以 MESSAGE 上报"),
        (trial(change(alarm(CAM_5))), "CAM-5"),
        (trial(change(alarm(call=OTHER))), "不在订阅的会话内"),
        (trial(change(alarm(), alarm())), "收到 2 次"),
        (trial(change(alarm(AlarmTime=""))), "AlarmTime"),
        (trial(change(alarm(), due=False)), "仍收到 1 次"),
        (trial(change(listed(CAM_5, Event="OFF"), gone=True)), "CAM-5"),
        (trial(change(listed(Event="ON"), gone=True)), "状态与变化不符"),
        (trial(change(listed(Event="OFF"), gone=False)), "状态与变化不符"),
        (trial(first=granted(489)), "订阅请求的应答为 489"),
        (trial(first=granted(0)), "订阅请求的应答为 无"),
        (trial(change(alarm()), refreshed=granted(481)), "续订的应答为 481"),
        (trial(change(alarm()), ended=granted(0)), "取消订阅的应答为 无"),
    ],
)
def test_each_departure_is_found(seen: Subscribed, why: str) -> None:
    found = subscription(seen, OTHERS)
    assert why in "；".join(found.wrong)
    assert not found.cannot


@pytest.mark.parametrize(
    "item",
    [
        {"Event": "OFF"},
        {"Event": "off"},
        {"Status": "OFF"},
        {"Event": "UPDATE", "Status": "OFF"},
        {"Event": "DEL"},
    ],
)
def test_a_camera_that_went_is_told_in_each_form(item: dict[str, str]) -> None:
    assert subscription(trial(change(listed(**item), gone=True)), OTHERS).wrong == ()


def test_what_nothing_shows_to_have_happened_concludes_nothing() -> None:
    assert "没有其他迹象" in subscription(trial(change(shown=False)), OTHERS).cannot
    silent = trial(change(alarm()), changes=(change(alarm()), change(due=False, shown=False)))
    assert "不足为证" in "；".join(subscription(silent, OTHERS).unproven)


def test_a_time_that_is_not_named_or_longer_than_asked_is_told() -> None:
    found = [
        subscription(trial(change(alarm()), first=granted(named=one)), OTHERS).unproven for one in (None, 90)
    ]
    assert ["未写有效期" in found[0][0], "长于请求" in found[1][0]] == [True, True]


# -- a trial at an emulated alarm host


@dataclass
class AlarmHost:
    """The face of a registrant that a trial uses."""

    bench: Bench
    name: str = "HOST-1"
    address: Any = field(default_factory=lambda: SimpleNamespace(channel=HOST))
    item_journal: Any = field(default_factory=lambda: SimpleNamespace(observation=lambda *_: None))

    @property
    def platform(self) -> Any:
        return SimpleNamespace(inner=self.bench.platform)

    def mark(self) -> int:
        return self.bench.platform.mark()

    def entries(self, after: int = 0) -> list[ReceivedSip]:
        return self.bench.platform.received(after, {"device": self.name})

    def linger(self, after: int, seconds: float) -> list[ReceivedSip]:
        self.bench.platform.wait(self.mark(), {"kind": ""}, until=now() + seconds)
        return self.entries(after)


@pytest.fixture(scope="module")
def platform() -> Iterator[SipPlatform]:
    with gb_platform() as made:
        yield made


def tried(platform: SipPlatform, folder: Path, *faults: Fault) -> tuple[str, ...]:
    """What is wrong with the subscription of the host; its alarms are made in the emulated world."""
    with gb_bench(platform, folder, *faults, only="HOST-1") as bench:
        bench.registered("HOST-1")

        def make() -> Instant:
            before = now()
            bench.world.alarm("Z07", active=True)
            return Instant(before, now())

        planted = PlantedChange(frozenset({ZONE, HOST}), None, make, lambda: True)
        host: Any = AlarmHost(bench)
        seen = SubscriptionTrial(host, ALARMS, lambda: planted, expires_s=4.0, wait_s=1.0).run()
        assert [one.due for one in seen.changes] == [True, True, False, True, False]
        assert [one.accepted for one in (seen.first, seen.refreshed, seen.anew, seen.ended) if one] == [
            True
        ] * 4
        return subscription(seen, {}).wrong


def test_a_host_that_tells_while_subscribed_and_not_after_conforms(
    platform: SipPlatform, tmp_path: Path
) -> None:
    assert tried(platform, tmp_path) == ()


def test_a_host_that_goes_on_telling_is_found(platform: SipPlatform, tmp_path: Path) -> None:
    wrong = tried(platform, tmp_path, Fault("HOST-1", "gb_subscription_kept"))
    assert [one.partition("仍")[0] for one in wrong] == ["有效期届满后", "取消订阅后"]
