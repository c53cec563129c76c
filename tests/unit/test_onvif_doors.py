# SPDX-License-Identifier: Apache-2.0
"""Doors over the ONVIF door control service, played by canned answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.support.canned_soap import Canned, canned, fault, services
from yanshou.drivers.capabilities import DoorController
from yanshou.drivers.onvif.doors import OnvifDoorController
from yanshou.model import Connection, Device, DeviceKind, Instant, RigFault, System, UsageError, now
from yanshou.model.signal import DoorCommand, DoorSignal

SPACE = "http://www.onvif.org/ver10/doorcontrol/wsdl"
TDC = f'xmlns:tdc="{SPACE}" xmlns:pt="http://www.onvif.org/ver10/pacs"'
CAN = 'Access="true" LockOpen="true" Alarm="true"'


@dataclass
class Doors:
    """The doors of a device by their token, and their alarms."""

    alarms: dict[str, str] = field(default_factory=lambda: {"front": "Normal", "back": "Normal"})
    capabilities: str = CAN
    after_last: str = ""  # where the list goes on after its last door

    def listed(self, _device: Canned, request: str) -> str:
        """One door a page."""
        found = re.search(r"StartReference>(\w+)<", request)
        token = found[1] if found else "front"
        info = (
            f'<tdc:DoorInfo token="{token}"><tdc:Name>{token}</tdc:Name>'
            f"<tdc:Capabilities {self.capabilities}/></tdc:DoorInfo>"
        )
        follows = "back" if token == "front" else self.after_last
        more = f"<tdc:NextStartReference>{follows}</tdc:NextStartReference>" if follows else ""
        return f"<tdc:GetDoorInfoListResponse {TDC}>{more}{info}</tdc:GetDoorInfoListResponse>"

    def state(self, _device: Canned, request: str) -> str | bytes:
        found = re.search(r"Token>(\w+)<", request)
        assert found is not None
        alarm = self.alarms[found[1]]
        if not alarm:
            return fault("HardwareFailure")
        return (
            f"<tdc:GetDoorStateResponse {TDC}><tdc:DoorState><tdc:Alarm>{alarm}</tdc:Alarm>"
            "<tdc:DoorMode>Locked</tdc:DoorMode></tdc:DoorState></tdc:GetDoorStateResponse>"
        )


@dataclass
class Met:
    doors: Doors
    device: Canned
    controller: OnvifDoorController
    allowed: list[str]


def met(**changed: str) -> Iterator[Met]:
    doors, allowed = Doors(**changed), list[str]()  # type: ignore[arg-type]
    done = {
        name: f"<tdc:{name}Response {TDC}/>" for name in ("AccessDoor", "LockOpenDoor", "LockOpenReleaseDoor")
    }
    with canned(GetDoorInfoList=doors.listed, GetDoorState=doors.state, **done) as device:
        device.answers["GetServices"] = services(device.port, door=SPACE)
        at = Connection("onvif", "127.0.0.1", device.port)
        acs = Device("ACS-1", DeviceKind.DOOR_CONTROLLER, System.ACCESS_CONTROL, "controller", connection=at)
        controller = OnvifDoorController(
            acs,
            "",
            [1, 2],
            lambda door, what: allowed.append(f"{door.id} {what}"),
            lambda: allowed.append("link"),
        )
        try:
            yield Met(doors, device, controller, allowed)
        finally:
            controller.close()


there = pytest.fixture(met, name="there")
BACK = Device("D02", DeviceKind.DOOR, System.ACCESS_CONTROL, "back", number=2)


def test_an_alarm_is_seen_at_its_door_inside_of_its_instant(there: Met) -> None:
    controller = there.controller
    assert isinstance(controller, DoorController)
    assert controller.reports(DoorSignal.FORCED)
    assert not controller.reports(DoorSignal.GRANTED)
    assert not controller.shows(2, DoorSignal.FORCED)
    before = now()
    there.doors.alarms["back"] = "DoorForcedOpen"
    after = now()
    seen = controller.wait_for(2, DoorSignal.FORCED, since=Instant(before, after), within=5.0)
    assert seen is not None
    assert seen.earliest <= after
    assert before <= seen.latest
    assert controller.shows(2, DoorSignal.FORCED)
    assert not controller.shows(2, DoorSignal.HELD)
    assert not controller.shows(1, DoorSignal.FORCED)
    asked = now()
    assert controller.wait_for(1, DoorSignal.HELD, since=Instant(asked, asked), within=0.2) is None


@pytest.mark.parametrize("alarm", ["", "Unknown"])
def test_a_device_that_stops_telling_its_states_is_no_quiet_door(
    there: Met, alarm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanshou.drivers.onvif.doors._GAP_S", 0.3)
    there.controller._timelines[2].gap_limit_s = 0.3
    there.doors.alarms["back"] = alarm
    asked = now()
    with pytest.raises(RigFault):
        there.controller.wait_for(2, DoorSignal.FORCED, since=Instant(asked, asked), within=1.0)
    with pytest.raises(RigFault, match=r"Unknown|HardwareFailure"):
        there.controller.shows(2, DoorSignal.FORCED)


def test_commands_are_allowed_first_and_given_once(there: Met) -> None:
    controller = there.controller
    assert controller.can(DoorCommand.UNLOCK)
    assert not controller.can(DoorCommand.BLOCK)
    reported = controller.command(BACK, DoorCommand.HOLD_OPEN)
    assert reported.earliest <= reported.latest
    controller.take_back(BACK, DoorCommand.HOLD_OPEN)
    controller.command(BACK, DoorCommand.UNLOCK)
    assert there.allowed == ["D02 hold_open", "link", "link", "D02 unlock", "link"]
    given = [
        one for one in there.device.asked if one[0] in {"AccessDoor", "LockOpenDoor", "LockOpenReleaseDoor"}
    ]
    assert [one[0] for one in given] == ["LockOpenDoor", "LockOpenReleaseDoor", "AccessDoor"]
    assert all(">back<" in one[1] for one in given)


def test_a_refused_command_was_not_carried_out(there: Met) -> None:
    there.device.answers["AccessDoor"] = fault("NotAuthorized")
    with pytest.raises(RigFault) as caught:
        there.controller.command(BACK, DoorCommand.UNLOCK)
    assert caught.value.since is None


def test_what_a_door_cannot_show_is_not_reported() -> None:
    for one in met(capabilities='Access="true"'):
        assert not one.controller.reports(DoorSignal.FORCED)
        with pytest.raises(UsageError, match="does not show door_forced"):
            one.controller.shows(1, DoorSignal.FORCED)


def test_a_list_that_never_ends_is_told() -> None:
    with pytest.raises(RigFault, match="its list goes on at 'back' again and again"):
        next(met(after_last="back"))


def test_a_door_that_the_device_does_not_list_is_told(there: Met) -> None:
    device = there.controller.device
    with pytest.raises(RigFault, match="lists 2 doors; door 3"):
        OnvifDoorController(device, "", [3], lambda _door, _what: None, lambda: None)
