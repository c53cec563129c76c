# SPDX-License-Identifier: Apache-2.0
"""Alarm links of a site: the site file, the emulated panel that reports, the emulated centre that answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyModbusTCP.client import ModbusClient

from yanshou.acquisition.centre import CentreAnswer, ReceivedMessage
from yanshou.drivers.alarm_link.dialler import Dialler, dialler_of
from yanshou.drivers.alarm_link.links import receiver_mistakes
from yanshou.drivers.alarm_link.receiver import SiteCentre
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.model import Instant, RigFault, Site, UsageError, now
from yanshou.protocols.dc09 import EventClass, Qualifier
from yanshou.site import load_site

LAB = Path(__file__).parents[2] / "examples" / "alarm-centre"
_SOON = 6.0


@dataclass
class Plant:
    """The emulated site with the bench's receiver listening."""

    site: Site
    centre: SiteCentre

    def port(self, device: str) -> int:
        connection = self.site.devices[device].connection
        assert connection is not None
        assert connection.port is not None
        return connection.port

    def relay(self, channel: int, *, on: bool) -> None:
        client = ModbusClient("127.0.0.1", self.port("RELAY-1"), unit_id=1, auto_close=True)
        assert client.write_single_coil(channel, on)

    def event(
        self, after: int, event_class: EventClass, qualifier: Qualifier, zone: int
    ) -> ReceivedMessage | None:
        moment = now()
        lately = Instant(moment - _SOON, moment)  # what is asked for may have come before it is asked for
        return self.centre.link("LINK-1").wait_event(
            event_class, zone, qualifier=qualifier, after=after, since=lately, within=_SOON
        )


def _plant(folder: Path, faults: str = "", *, udp: bool = False) -> Iterator[Plant]:
    copy = private_copy(LAB, folder / "site")
    if udp:
        path = copy / "site.toml"
        text = path.read_text("utf-8").replace("retry_s = 0.4", 'retry_s = 0.4, transport = "udp"')
        path.write_text(text, "utf-8")
    script = folder / "faults.toml" if faults else None
    if script is not None:
        script.write_text(faults, "utf-8")
    site = load_site(copy)
    centre = SiteCentre(site)
    try:
        with EmulatedSite(copy, script, video=False):
            yield Plant(site, centre)
    finally:
        centre.close()


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    yield from _plant(tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """Over UDP: a clock that only a NAK sets right, a wrong zone; and a receiver that takes too much."""
    faults = {
        ("LINK-1", "dc09_clock"): "value = 100",
        ("Z03", "dc09_zone"): "value = 9",
        ("LINK-2", "receiver_accepts_old"): "value = 60",
    }
    text = "".join(f'[[fault]]\ndevice = "{d}"\nkind = "{k}"\n{v}\n' for (d, k), v in faults.items())
    yield from _plant(tmp_path_factory.mktemp("faulty"), text, udp=True)


def test_a_hold_up_is_told_restored_and_encrypted(healthy: Plant) -> None:
    after = healthy.centre.link("LINK-1").mark()
    healthy.relay(2, on=True)
    alarm = healthy.event(after, EventClass.HOLD_UP, Qualifier.NEW, 3)
    healthy.relay(2, on=False)
    assert alarm is not None
    later = Instant(alarm.complete.latest + 0.01, alarm.complete.latest + 0.02)
    asked = {"qualifier": Qualifier.NEW, "after": after, "within": 0.3}
    link = healthy.centre.link("LINK-1")
    assert link.wait_event(EventClass.HOLD_UP, 3, since=later, **asked) is None, "it came before the stimulus"
    restored = healthy.event(after, EventClass.HOLD_UP, Qualifier.RESTORED, 3)
    assert alarm is not None
    assert restored is not None
    assert alarm.encrypted
    assert alarm.number < restored.number


def test_a_cut_path_is_reported_over_the_other(healthy: Plant) -> None:
    link = healthy.centre.link("LINK-1")
    after = link.mark()
    link.answer(CentreAnswer.NONE, paths=[1], cut=True)
    reported = healthy.event(after, EventClass.COMMUNICATION, Qualifier.NEW, 1)
    link.answer(None)
    back = healthy.event(after, EventClass.COMMUNICATION, Qualifier.RESTORED, 1)
    assert reported is not None
    assert reported.path == 2
    assert back is not None


def test_a_cut_wire_is_no_sign_of_life(healthy: Plant) -> None:
    link = healthy.centre.link("LINK-1")
    link.supervise(1.5)
    after = link.mark()
    link.answer(CentreAnswer.NONE, cut=True)
    lost = [link.wait({"kind": "lost", "path": path}, after=after, until=now() + _SOON) for path in (1, 2)]
    link.answer(None)
    back = link.wait({"kind": "back"}, after=after, until=now() + _SOON)
    link.supervise(None)
    assert all(lost)
    assert back is not None
    assert any(one.kind == "cut" for one in link.received(after))


def test_the_client_s_receiver_is_asked_by_its_own_clock(healthy: Plant) -> None:
    dialler = dialler_of(healthy.site, healthy.site.devices["LINK-2"])
    half = dialler.set_clock_by_refusals(300.0)
    assert half is not None
    assert half < 0.2
    answers = [dialler.report(age_s=age).word for age in (39.0, 41.0, -19.0, -21.0)]
    assert answers == ["ACK", "NAK", "ACK", "NAK"]
    assert dialler.send(dialler.foreign_frame("XYZ-QQQ", b"1")).word == "DUH"
    good = dialler.report_frame()
    assert dialler.send(good[:1] + b"0000" + good[5:]).word == "无应答"


def test_a_receiver_that_takes_old_stamps_is_seen(faulty: Plant) -> None:
    dialler = dialler_of(faulty.site, faulty.site.devices["LINK-2"])
    assert dialler.report(age_s=41.0).acknowledged


def test_a_clock_that_is_off_is_set_by_the_nak(faulty: Plant) -> None:
    link = faulty.centre.link("LINK-1")
    refused = link.wait({"kind": "refused"}, after=0, until=now() + _SOON)
    trusted = link.wait({"kind": "message"}, after=0, until=now() + _SOON)
    assert refused is not None
    assert refused.skew_s is not None
    assert refused.skew_s > 90.0
    assert trusted is not None
    assert trusted.number > refused.number
    assert (refused.transport, trusted.transport) == ("udp", "udp")


def test_an_event_of_another_zone_is_not_taken_for_this_one(faulty: Plant) -> None:
    after = faulty.centre.link("LINK-1").mark()
    faulty.relay(2, on=True)
    other = faulty.event(after, EventClass.HOLD_UP, Qualifier.NEW, 9)
    faulty.relay(2, on=False)
    assert other is not None
    assert not [one for one in faulty.centre.link("LINK-1").received(after) if one.zone == 3]


def test_nobody_there_is_a_fault_of_the_way() -> None:
    with pytest.raises(RigFault, match="cannot be reached"):
        Dialler(("127.0.0.1", 9), "1001", b"", timeout_s=0.5).link_test()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('receiver = "ARC-1"', 'receiver = "ARC-9"', "its receiver ARC-9 is no alarm_receiver"),
        ('account = "1001"', 'account = "xyz"', "account 'xyz' is no account"),
        ('account = "1001", ', "", "its connection has no account"),
        ('alternate = "ARC-2"', 'alternate = "ARC-1"', "its receiver and its alternate are ARC-1"),
        ("poll_s = 0.5, supervision_s = 2.0", "poll_s = 2, supervision_s = 2.0", "ends before the next poll"),
        ("poll_s = 0.5, supervision_s = 2.0", "poll_s = 0.5, supervision_s = 0", "supervision_s cannot be 0"),
        (
            '{ env = "YANSHOU_DC09_KEY" } }\nattributes = { poll_s = 0.5, supervision_s = 2.0',
            '"00112233" }\nattributes = { poll_s = 0.5, supervision_s = 2.0',
            "a password never stands in a site file",
        ),
    ],
)
def test_a_mistake_in_a_link_is_told(tmp_path: Path, old: str, new: str, expected: str) -> None:
    copy = private_copy(LAB, tmp_path / "site")
    path = copy / "site.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert expected in _reported(copy)


def _reported(site: Path) -> str:
    try:
        return "\n".join(map(str, receiver_mistakes(load_site(site))))
    except UsageError as error:
        return str(error)


def test_a_key_that_is_none_is_told_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANSHOU_DC09_KEY", "5ec4e7")
    (mistake,) = [one for one in receiver_mistakes(load_site(LAB)) if "LINK-1" in one.what]
    assert "its key is none" in mistake.what
    assert "5ec4e7" not in str(mistake)
