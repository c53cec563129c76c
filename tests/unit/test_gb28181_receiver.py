# SPDX-License-Identifier: Apache-2.0
"""Alarms over GB/T 28181 as the tests of a receiving centre see them: whose, and of which zone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.gb_site import SITE, write_gb_site
from yanshou.acquisition.sip_platform import ReceivedSip, SipEvent
from yanshou.drivers.gb28181.addresses import address_of
from yanshou.drivers.gb28181.receiver import GbAlarmReceiver
from yanshou.model import Instant, RigFault
from yanshou.protocols.dc09 import EventClass, Qualifier
from yanshou.site import load_site

HOST, OTHER = "15010000001170000001", "15010000001170000002"
INPUT = "1501000000134000000{}"
ROWS = """\
id,kind,system,name,model,location,parent,number,attributes
PANEL-1,panel,intrusion,p,P,x,,,
Z01,zone,intrusion,a,Z,x,PANEL-1,1,platform_id=15010000001340000001
Z02,zone,intrusion,b,Z,x,PANEL-1,2,platform_id=15010000001340000002
HOST-1,alarm_link,alarm_network,h,H,x,PANEL-1,,gb28181=true; live=false
HOST-2,alarm_link,alarm_network,h,H,x,,,gb28181=true; live=false
"""


class Inner:
    """A platform that has these alarms, one a second: (code, AlarmMethod, AlarmType)."""

    def __init__(self, *alarms: tuple[str, str, str]) -> None:
        self.entries = []
        for n, (code, method, kind) in enumerate(alarms, start=1):
            values = {"AlarmMethod": method} | ({"Info/AlarmType": kind} if kind else {})
            said = {"target": code, "values": values, "sn": n, "root": "Notify", "command": "Alarm"}
            at = Instant(float(n), n + 0.01)
            self.entries.append(
                ReceivedSip(n, SipEvent.MESSAGE, "HOST-1", "p", "udp", at, at, None, 200, said)
            )

    def wait(self, after: int, _match: Any, *, until: float) -> ReceivedSip | None:
        found = (one for one in self.entries if one.number > after and one.first.earliest <= until)
        return next(found, None)

    def received(self, after: int, _match: Any) -> list[ReceivedSip]:
        return [one for one in self.entries if one.number > after]


def receiver(folder: Path, *alarms: tuple[str, str, str], rows: str = ROWS) -> GbAlarmReceiver:
    text = SITE.partition("[device")[0]
    for name, code in (("HOST-1", HOST), ("HOST-2", OTHER)):
        text += f'[device.{name}]\nconnection = {{ protocol = "gb28181", device_id = "{code}" }}\n'
    site = load_site(write_gb_site(folder, text, rows))
    platform: Any = SimpleNamespace(site=site, inner=Inner(*alarms))
    return GbAlarmReceiver(address_of(site, site.devices["HOST-1"]), platform)


def seen(
    one: GbAlarmReceiver, zone: int, event_class: EventClass = EventClass.ALARM, since: float = 0.0
) -> Any:
    at = Instant(since, since)
    found = one.wait_event(event_class, zone, qualifier=Qualifier.NEW, after=0, since=at, within=100.0)
    return None if found is None else (found.number, found.zone, found.sequence)


def test_the_alarm_of_the_zone_is_the_one_that_names_it(tmp_path: Path):
    one = receiver(tmp_path, (INPUT.format(2), "2", ""), (INPUT.format(1), "2", ""))
    assert seen(one, 1) == (2, 1, 2)
    assert seen(one, 2) == (1, 2, 1)
    assert [message.zone for message in one.received(0)] == [2, 1]


def test_an_alarm_in_the_panels_own_name_may_be_of_any_zone_and_another_hosts_of_none(tmp_path: Path):
    assert seen(receiver(tmp_path / "a", (HOST, "2", "")), 1) == (1, None, 1)
    assert seen(receiver(tmp_path / "b", (OTHER, "2", "")), 1) is None
    bare = ROWS.replace("platform_id=15010000001340000001", "").replace(
        "platform_id=15010000001340000002", ""
    )
    assert seen(receiver(tmp_path / "c", (OTHER, "2", ""), rows=bare), 1) is None
    assert seen(receiver(tmp_path / "d", (INPUT.format(9), "2", ""), rows=bare), 1) == (1, None, 1)


def test_what_came_before_a_fault_and_a_tamper_are_no_alarm(tmp_path: Path):
    one = receiver(
        tmp_path, (INPUT.format(1), "2", ""), (INPUT.format(1), "6", ""), (INPUT.format(1), "2", "2")
    )
    assert seen(one, 1, since=1.5) is None
    assert seen(one, 1, EventClass.TAMPER, since=1.5) == (3, 1, 3)


def test_what_the_protocol_does_not_have_concludes_nothing(tmp_path: Path):
    one = receiver(tmp_path)
    with pytest.raises(RigFault, match="no restorals"):
        one.wait_event(
            EventClass.ALARM, 1, qualifier=Qualifier.RESTORED, after=0, since=Instant(0, 0), within=1.0
        )
    with pytest.raises(RigFault, match="no supervision"):
        one.supervise(2.0)
