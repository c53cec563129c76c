# SPDX-License-Identifier: Apache-2.0
"""What SIP entries show: keepalive periods, retries, catalogue, times; and the bytes of PTZCmd."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from yanshou.evaluation import sip
from yanshou.model import Instant
from yanshou.protocols.gb28181.ptz import ptz_move, ptz_preset, ptz_stop

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Entry:
    kind: str
    at: float
    said: dict[str, Any] = field(default_factory=dict)
    status: int = 200

    @property
    def first(self) -> Instant:
        return Instant(self.at, self.at + 0.001)

    complete = first


def arrivals(*moments: float) -> list[Instant]:
    return [Instant(one, one + 0.002) for one in moments]


EVEN = [60.0 * n for n in range(31)]


@pytest.mark.parametrize(
    ("moments", "silent", "conforms", "expected"),
    [
        (EVEN, 1.0, True, "30 个周期平均 60.00 s"),
        ([90.0 * n for n in range(31)], 1.0, False, "平均 90.00 s"),
        ([61.0 * n for n in range(31)], 1.0, False, "平均 61.00 s"),
        ([one for one in EVEN if one != 600.0], 1.0, False, "缺 1 次"),
        (EVEN, 130.0, False, "缺 2 次"),
    ],
)
def test_keepalives_agree_with_the_setting_and_none_is_missing(
    moments: list[float], silent: float, conforms: bool, expected: str
):
    found = sip.keepalives_as_set("m", "d", arrivals(*moments), 60.0, silent_s=silent)
    assert found.value is conforms
    assert expected in str(found.details["because"])


def test_an_interval_is_known_from_three_arrivals_on():
    assert sip.keepalive_interval(arrivals(0, 60.1)) is None
    assert sip.keepalive_interval(arrivals(0, 60.1, 120.05, 179.9)) == 60.0
    assert sip.keepalive_interval(arrivals(0, 0.2, 0.4)) == pytest.approx(0.2)


def register(at: float, sequence: int, kind: str = "unanswered", **said: Any) -> Entry:
    return Entry(kind, at, {"method": "REGISTER", "call": "a", "sequence": sequence, **said})


def test_a_request_sent_again_is_no_new_attempt():
    entries = [register(0, 1), register(0.5, 1), register(1.5, 1), register(62, 2)]
    assert [(a.at, b.at) for a, b in sip.retries(entries)] == [(0, 62)]


def test_only_what_was_refused_for_the_test_or_unanswered_has_a_retry():
    refused = register(0, 1, "refused", why="wrong_response")
    assert sip.retries([refused, register(1, 2, "challenged")]) == []
    assert len(sip.retries([register(0, 1, "refused", why="test"), register(60, 2, "challenged")])) == 1


def test_a_keepalive_sent_again_is_missed_once_and_other_messages_are_none():
    def keepalive(at: float, sequence: int, command: str = "Keepalive") -> Entry:
        said = {"method": "MESSAGE", "call": "k", "sequence": sequence, "command": command}
        return Entry("unanswered", at, said)

    before = [keepalive(0, 1), keepalive(0.5, 1), keepalive(30, 2, "Alarm"), keepalive(60, 3)]
    assert sip.missed_keepalives(before) == (2, False)
    assert sip.missed_keepalives([*before, register(120, 4), keepalive(121, 5)]) == (2, True)


def test_a_registration_that_is_due_for_renewal_is_no_sign_of_missed_keepalives():
    registered = register(0, 1, "registered", granted=3600)
    assert not sip.may_be_a_refresh([registered], [register(1000, 2)])
    assert sip.may_be_a_refresh([registered], [register(1900, 2)])
    assert not sip.may_be_a_refresh([registered], [])


@pytest.mark.parametrize(
    "text",
    ["2026-05-01T08:00:00", "2026-05-01 08:00:00", "2026-05-01T08:00:00.000", "2026-05-01T08:00:00+08:00"],
)
def test_times_of_devices_are_read_in_each_of_their_forms(text: str):
    read = sip.device_time(text, ZONE)
    assert read is not None
    assert read.astimezone(ZONE).isoformat() == "2026-05-01T08:00:00+08:00"


def test_what_is_no_time_is_none():
    assert sip.device_time("", ZONE) is None
    assert sip.device_time("yesterday", ZONE) is None


@pytest.mark.parametrize(("code", "camera"), [("13", False), ("131", True), ("132", True), ("215", False)])
def test_cameras_are_told_by_their_type(code: str, camera: bool):
    assert sip.is_camera(f"1501000000{code}0000001"[:20]) is camera


def test_ptz_commands_have_their_bits_and_their_sum():
    assert ptz_stop() == "A50F0100000000B5"
    assert ptz_move("left", speed=1) == "A50F0102010000B8"
    assert ptz_move("up", speed=255) == "A50F010800FF00BC"
    assert ptz_move("in", speed=64) == "A50F011000004005"
    assert ptz_preset("call", 3) == "A50F01820003003A"
    with pytest.raises(ValueError, match="256"):
        ptz_preset("set", 256)


def test_an_alarm_in_the_name_of_another_device_is_wrong():
    values = {"AlarmPriority": "1", "AlarmMethod": "2", "AlarmTime": "2026-05-01T08:00:00"}
    said = {"sn": 3, "target": "15010000001320000005", "values": values}
    others = {"15010000001320000005": "CAM-5"}
    assert sip.alarm_faults([Entry("message", 1.0, said)], others) == [
        "报警以 CAM-5（15010000001320000005）的编码上报"
    ]
    zone = said | {"target": "15010000001340000001"}
    assert sip.alarm_faults([Entry("message", 1.0, zone)], others) == []
