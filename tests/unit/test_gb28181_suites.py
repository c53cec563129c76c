# SPDX-License-Identifier: Apache-2.0
"""The GB/T 28181 suites at a platform of the bench, with devices that do right and devices that do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Timer
from typing import Any, NoReturn

import pytest
from test_suites.gb28181 import test_alarm as alarm_suite
from test_suites.gb28181 import test_control as control_suite
from test_suites.gb28181 import test_keepalive as keepalive_suite
from test_suites.gb28181 import test_queries as query_suite
from test_suites.gb28181 import test_registration as registration_suite

from tests.support import gb_recorders
from tests.support.gb_device import Habits, LivingDevice
from tests.support.gb_recorders import CAMERA, REALM, RECORDER, Make, Person, absent
from tests.support.gb_site import PLATFORM
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.equipment.silence import watch_silence
from yanshou.fixtures.gb28181 import AlarmMaker
from yanshou.model import Instant, NonConformity, NotApplicable, RigFault, now

platform, device = gb_recorders.platform, gb_recorders.device


class Untested(Exception):
    """What ``cannot`` ends an item with."""


@dataclass
class Kept:
    """A record that keeps what a test says."""

    said: dict[str, Any] = field(default_factory=dict)
    why: str = ""
    latencies: list[tuple[Instant, Instant | None]] = field(default_factory=list)
    reserved: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    patience: float = 10.0

    def logical(self, *, conforms: bool, n: int = 1, because: str = "") -> None:
        self.said = {"conforms": conforms, "n": n}
        self.because(because)

    def number(self, value: float, *, at_least: float | None = None, n: int = 1, unit: str = "1") -> None:
        self.said = {"value": value, "at_least": at_least, "unit": unit, "n": n}

    def measurement(self, measurement: Any) -> None:
        self.said = {"conforms": measurement.value, "n": measurement.n}
        self.because(measurement.details["because"])

    def latency(self, stimulus: Instant, seen: Instant | None) -> None:
        self.latencies.append((stimulus, seen))

    def cannot(self, reason: str) -> NoReturn:
        raise Untested(reason)

    def because(self, expected: str) -> None:
        self.why = "；".join(one for one in (self.why, expected) if one)

    def unproven(self, expected: str) -> None:
        self.reserved.append(expected)

    def deviation(self, expected: str) -> None:
        self.reserved.append(expected)

    def evidence(self, data: bytes, *_texts: str) -> None:
        self.files.append(data)

    def times(self, _name: str, _usual: int, _text: str) -> int:
        return 5


def run(test: Callable[..., None], *arguments: Any) -> Kept:
    kept = Kept()
    test(*arguments, record=kept)
    return kept


# --- registration ---


def test_a_right_registration_conforms_and_its_evidence_holds_no_secret(device: Make):
    kept = run(registration_suite.test_sip_registration_sequence, device())
    assert kept.said["conforms"] is True
    assert any("192.168.3.99:5060" in one for one in kept.reserved)  # the address that the device made up
    assert kept.files
    assert not re.search(rb"demo-only|response|nonce", b"".join(kept.files))


@pytest.mark.parametrize(
    ("habit", "expected"),
    [({"own_nonce": True}, "不是平台给出的（口令正确）"), ({"ignores_challenge": True}, "未带摘要再注册")],
)
def test_what_only_looks_like_a_registration_does_not_conform(
    device: Make, habit: dict[str, Any], expected: str
):
    kept = run(registration_suite.test_sip_registration_sequence, device(**habit))
    assert kept.said["conforms"] is False
    assert expected in kept.why


def test_a_password_that_differs_from_the_site_file_concludes_nothing(device: Make):
    with pytest.raises(Untested, match="口令不符"):
        run(registration_suite.test_sip_registration_sequence, device(password="other"))


def test_a_device_that_sends_nothing_does_not_register_and_the_rest_is_untested(platform: SitePlatform):
    nobody = absent(platform)
    assert run(registration_suite.test_sip_registration_sequence, nobody).said["conforms"] is False
    with pytest.raises(RigFault, match="未向检测平台注册"):
        nobody.ask("Catalog")


def test_a_stranger_at_the_door_may_be_the_device_under_a_wrong_code(platform: SitePlatform):
    other = LivingDevice(platform.inner.port, "9" * 20, "x", REALM, PLATFORM, Habits())
    with other:
        platform.inner.wait(0, {"kind": "refused"}, until=now() + 20)
        with pytest.raises(Untested, match="9" * 20):
            run(registration_suite.test_sip_registration_sequence, absent(platform))


def test_expiry_and_version_are_read_and_a_setting_of_the_site_is_no_default(device: Make):
    one = device(expires="86400")
    one.wait_registered()
    kept = run(registration_suite.test_sip_register_expires_default, one)
    assert (kept.said["value"], kept.said["unit"]) == (86400, "s")
    assert run(registration_suite.test_sip_register_expires, one).reserved
    assert run(registration_suite.test_sip_protocol_version, one).said["conforms"] is True
    one.device = replace(one.device, attributes={"register_expires_s": 7200})
    with pytest.raises(NotApplicable, match="7200"):
        run(registration_suite.test_sip_register_expires_default, one)


def test_a_registration_that_runs_out_unrefreshed_does_not_conform(device: Make):
    one = device(expires="1", keepalive_s=0.5)
    one.wait_registered()
    platform = one.platform.inner
    assert platform.wait(0, {"device": one.name, "kind": "expired"}, until=now() + 20) is not None
    with pytest.raises(NonConformity):
        run(registration_suite.test_sip_register_expires, one)


def test_a_silent_and_then_refusing_platform_shows_retries_and_missed_keepalives(device: Make):
    one = device(retry_s=0.4, missed=3)
    one.wait_registered()
    seen = watch_silence(one.platform, [one.name], within=20.0)[one.name]
    kept = run(registration_suite.test_sip_register_retry_interval, one, seen)
    assert len(kept.latencies) >= 3
    assert not kept.reserved
    shortest = min(after.latest - before.earliest for before, after in kept.latencies if after)
    assert shortest >= 0.39
    assert run(keepalive_suite.test_sip_missed_keepalives, one, seen).said["value"] == 3
    assert one.platform.inner.wait(0, {"kind": "registered", "device": one.name}, until=now()) is not None


def test_a_device_that_gives_up_after_one_keepalive_is_seen(device: Make):
    one = device(missed=1)
    one.wait_registered()
    seen = watch_silence(one.platform, [one.name], within=20.0)[one.name]
    assert run(keepalive_suite.test_sip_missed_keepalives, one, seen).said["value"] == 1


def test_a_device_that_bears_silence_for_ever_is_no_three(device: Make):
    one = device(missed=1000)
    one.wait_registered()
    seen = watch_silence(one.platform, [one.name], within=1.5)[one.name]
    said = run(keepalive_suite.test_sip_missed_keepalives, one, seen).said
    assert said["at_least"] > 3
    with pytest.raises(Untested):
        run(registration_suite.test_sip_register_retry_interval, one, seen)


@pytest.mark.parametrize("follows", [True, False])
def test_a_302_is_followed_to_the_second_address_or_not(
    device: Make, monkeypatch: pytest.MonkeyPatch, follows: bool
):
    monkeypatch.setattr("yanshou.equipment.registrant.FOLLOW_S", 10.0 if follows else 0.5)
    one = device(follows=follows, retry_s=0.3)
    one.wait_registered()
    kept = run(registration_suite.test_sip_register_redirect, one)
    assert kept.said["conforms"] is follows
    if follows:
        assert one.ask("DeviceStatus", total_s=10.0).whole


@pytest.mark.parametrize("leaves", [True, False])
def test_a_logout_is_a_register_that_expires_at_once(
    device: Make, monkeypatch: pytest.MonkeyPatch, leaves: bool
):
    monkeypatch.setattr("yanshou.equipment.registrant.LOGOUT_S", 5.0 if leaves else 0.3)
    one = device()
    one.wait_registered()
    person = Person(device.living.log_out if leaves else lambda: None)  # type: ignore[attr-defined]
    one.wait_s = 0.1
    assert run(registration_suite.test_sip_unregister, one, person).said["conforms"] is leaves


# --- keepalives ---


def test_keepalives_that_come_too_seldom_are_held_against_the_setting(device: Make):
    one = device(keepalive_s=0.25)
    one.device = replace(one.device, attributes={"keepalive_s": 0.1})
    one.wait_registered()
    assert run(keepalive_suite.test_sip_keepalive_as_configured, one).said["conforms"] is False


def test_the_interval_that_is_kept_counts_not_the_one_that_is_shown(device: Make):
    one = device(keepalive_s=0.2)
    one.wait_registered()
    kept = run(keepalive_suite.test_sip_keepalive_setting, one)
    assert kept.said["value"] == pytest.approx(0.2, rel=0.5)
    assert "读回 0.2 s" in kept.why


# --- catalogue, status, commands, clock ---


@pytest.mark.parametrize(
    ("habit", "conforms", "expected"),
    [
        ({}, True, "一致"),
        ({"channels": ()}, False, "缺少"),
        ({"more": (CAMERA.format(999),)}, False, "点位表没有"),
        ({"more": (RECORDER.format(0).replace("118", "216"),)}, True, "一致"),
        ({"sum_more": 1}, False, "SumNum 2，实收 1 条"),
    ],
)
def test_a_catalogue_lists_the_cameras_of_the_inventory(
    device: Make, monkeypatch: pytest.MonkeyPatch, habit: dict[str, Any], conforms: bool, expected: str
):
    one = device(**habit)
    asked = one.platform.inner.ask
    monkeypatch.setattr(
        one.platform.inner, "ask", lambda *a, **k: asked(*a, **k | {"idle_s": 1.0, "settle_s": 0.1})
    )
    kept = run(query_suite.test_sip_catalogue, one)
    assert kept.said["conforms"] is conforms
    assert expected in kept.why


def test_a_status_that_calls_a_living_device_offline_is_wrong(device: Make):
    one = device(status={"Result": "OK", "Online": "OFFLINE", "Status": "OK", "Record": "ON"})
    kept = run(query_suite.test_sip_device_status, one)
    assert (kept.said["conforms"], kept.why) == (False, "Online 为 OFFLINE")
    assert kept.reserved == ["未与现场核对的状态：Record ON"]


@pytest.mark.parametrize(
    ("habit", "conforms", "expected"),
    [
        ({}, True, ""),
        ({"drops_result": True}, False, "布防无应答结果"),
        ({"always_results": True}, False, "云台停止有不该有的应答结果"),
    ],
)
def test_commands_are_answered_or_not_as_listed(
    device: Make, monkeypatch: pytest.MonkeyPatch, habit: dict[str, Any], conforms: bool, expected: str
):
    monkeypatch.setattr(control_suite, "_ANSWERS_S", 0.6)
    kept = run(control_suite.test_control_reply_as_listed, device(**habit))
    assert kept.said["conforms"] is conforms
    assert expected in kept.why


@pytest.mark.parametrize(
    ("duty", "recording", "expected"),
    [
        ("OFFDUTY", "OFF", ["ResetAlarm", "Record", "StopRecord", "SetGuard", "ResetGuard"]),
        ("ONDUTY", "ON", ["ResetAlarm", "ResetGuard", "SetGuard"]),
        ("", "ON", ["ResetAlarm"]),
    ],
)
def test_a_device_is_left_recording_and_set_as_it_was(
    device: Make, monkeypatch: pytest.MonkeyPatch, duty: str, recording: str, expected: list[str]
):
    monkeypatch.setattr(control_suite, "_ANSWERS_S", 0.6)
    status = {"Result": "OK", "Online": "ONLINE", "Status": "OK", "Record": recording}
    kept = run(control_suite.test_control_reply_as_listed, device(duty=duty, status=status))
    assert kept.said["conforms"] is True
    assert device.living.commanded[1:] == expected  # type: ignore[attr-defined]
    assert any("未发" in one for one in kept.reserved) is (recording == "ON")


@pytest.mark.parametrize("follows", [True, False])
def test_a_clock_follows_the_date_it_is_told_or_does_not(
    device: Make, follows: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    one = device(follows_date=follows)
    shown = run(control_suite.test_sip_clock_follows_date, one)
    assert shown.said["conforms"] is follows
    ahead = one.clock_ahead()
    assert ahead is not None
    assert abs(ahead.middle) < 100 or not follows


# --- alarms ---

ALARM = (
    "<AlarmPriority>1</AlarmPriority><AlarmMethod>2</AlarmMethod><AlarmTime>2026-05-01T08:00:00</AlarmTime>"
)


@pytest.mark.parametrize(
    ("bodies", "conforms", "expected"),
    [
        ([ALARM], True, "报警到检测平台"),
        ([ALARM, ALARM], False, "收到 2 次"),
        ([ALARM.replace("AlarmMethod", "Method")], False, "缺 AlarmMethod"),
        ([ALARM + "OF OTHER"], False, "以 NVR-0（"),
        ([], False, "未收到报警消息"),
    ],
)
def test_an_alarm_comes_once_and_whole(
    device: Make, monkeypatch: pytest.MonkeyPatch, bodies: list[str], conforms: bool, expected: str
):
    monkeypatch.setattr(alarm_suite, "_LINGER_S", 0.5)
    one = device()
    one.wait_registered()

    def give() -> Instant:
        before = now()
        for body in bodies:
            named = RECORDER.format(0) if "OF OTHER" in body else ""
            device.living.tell("Notify", "Alarm", 7, body, named)  # type: ignore[attr-defined]
        return Instant(before, now())

    kept = Kept(patience=0.5)
    one.device = replace(one.device, parent="")
    alarm_suite.test_sip_alarm_notification(one, AlarmMaker(give, lambda: None), kept)  # type: ignore[arg-type]
    assert kept.said["conforms"] is conforms
    assert expected in kept.why


def test_an_alarm_after_the_patience_is_no_alarm_though_the_test_listens_on(device: Make):
    one = device()
    one.wait_registered()

    def give() -> Instant:
        made = now()
        later = Timer(1.2, lambda: device.living.tell("Notify", "Alarm", 7, ALARM, ""))  # type: ignore[attr-defined]
        later.start()
        return Instant(made, made)

    kept = Kept(patience=0.5)
    one.device = replace(one.device, parent="")
    alarm_suite.test_sip_alarm_notification(one, AlarmMaker(give, lambda: None), kept)  # type: ignore[arg-type]
    assert kept.said["conforms"] is False
    assert "才收到" in kept.why
