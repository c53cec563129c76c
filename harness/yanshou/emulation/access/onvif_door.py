# SPDX-License-Identifier: Apache-2.0
"""An emulated door controller with the ONVIF services of Profile A and C.

Door control, access control, credentials and events over SOAP. Its doors, its faults and its records are
those of every emulated controller; only what a client sees of them differs.
"""

from __future__ import annotations

from collections.abc import Callable

from yanshou.emulation.access.door import EmulatedDoor, EmulatedDoorController
from yanshou.emulation.access.onvif_device import OnvifEventDevice
from yanshou.emulation.access.onvif_events import event_message
from yanshou.emulation.access.records import AccessEvent
from yanshou.emulation.messages.reported import ReportedChange, ReportedImage
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.profile import EmulatedArea, EmulatedPoint, EmulatedProfile
from yanshou.emulation.site.world import World
from yanshou.emulation.video.soap import (
    Call,
    EmulatedSoapFault,
    el,
    leaf,
    time_text,
)
from yanshou.model import Device

_ROLES = ("door_state", "door_lock", "door_forced", "door_held", "access_granted", "access_denied")
_CAPABILITIES = {"Access": True, "LockOpen": True, "LockDown": True, "Alarm": True}
_LEFT = {"LockOpenReleaseDoor": "hold_open", "LockDownReleaseDoor": "block"}
_GIVEN = {"AccessDoor": "unlock", "LockOpenDoor": "hold_open", "LockDownDoor": "block"}
_TOPICS = {
    "granted": "tns1:AccessControl/AccessGranted/Credential",
    "command": "tns1:AccessControl/AccessGranted/Anonymous",
    "denied": "tns1:AccessControl/Denied/CredentialNotFound",
    "passback": "tns1:AccessControl/Denied/Credential",
    "duress": "tns1:AccessControl/Duress",
}
_ALARMS = {"forced": "DoorForcedOpen", "held": "DoorOpenTooLong"}
_DOOR_ALARM = "tns1:Door/State/DoorAlarm"


class OnvifUnit(ModbusUnit):
    """The controller's memory, which no register shows."""

    def __init__(self, doors: int, world: World) -> None:
        points = {role: EmulatedPoint(role, EmulatedArea.COIL, 0, max(doors, 1)) for role in _ROLES}
        profile = EmulatedProfile("onvif", "door_controller", points, ())
        super().__init__(profile, world.lock, ReportedImage(profile))
        self.world = world

    def give(self, command: str, number: int, *, own: bool) -> None:
        """Carry out a command of the centre, or take it back."""
        with self.world.lock:
            self._actions[command](number, int(own), own)


class OnvifDoorDevice(OnvifEventDevice):
    """One controller on its port."""

    def __init__(
        self,
        device: Device,
        controller: EmulatedDoorController,
        unit: OnvifUnit,
        account: tuple[str, str] = ("", ""),
    ) -> None:
        assert isinstance(unit.image, ReportedImage)
        self._controller, self._unit, self._image = controller, unit, unit.image
        self._disabled: set[int] = set()
        faults = controller.world.faults
        super().__init__(
            device, faults, self._states, account, lambda: controller.alive and not controller.offline
        )
        self.offer({"tdc": "door", "tac": "access", "tcr": "credential"}, self._operations())
        controller.log.heard = self._heard
        unit.image.tell = self._changed

    # -- what happens ---------------------------------------------------------------------------------------

    def _heard(self, event: AccessEvent) -> None:
        utc = time_text(event.at.timestamp())
        if event.kind in _ALARMS:
            self.subscriptions.tell(self._alarm(event.door, _ALARMS[event.kind], utc, "Changed"))
            return
        topic, data = _TOPICS.get(event.kind, ""), {"External": "false"}
        if event.kind == "denied":
            card = {"IdentifierType": "pt:Card", "FormatType": "SIMPLE_NUMBER32"}
            data = card | {"IdentifierValue": f"{event.user:08X}"} if event.user else {}
        elif event.user:
            data |= {"CredentialToken": f"CRED-{event.user}", "CredentialHolderName": f"holder {event.user}"}
        if event.kind == "passback":
            data["Reason"] = "AntipassbackViolation"
        if topic:
            self.subscriptions.tell(event_message(topic, ("AccessPointToken", f"AP-{event.door}"), data, utc))

    def _changed(self, changes: list[ReportedChange]) -> None:
        for change in changes:
            if change.role == "door_state" and not change.value:  # an alarm goes with its cause
                self._controller.clear(self._door(change.number))
            if change.role in {"door_forced", "door_held"} and not change.value:
                utc = self.utc()
                self.subscriptions.tell(self._alarm(change.number, "Normal", utc, "Changed"))

    def _states(self) -> list[str]:
        utc = self.utc()
        return [self._alarm(one.number, self._shown(one.number), utc, "Initialized") for one in self._doors()]

    def _shown(self, number: int) -> str:
        if self._image.get("door_forced", number):
            return "DoorForcedOpen"
        return "DoorOpenTooLong" if self._image.get("door_held", number) else "Normal"

    @staticmethod
    def _alarm(number: int, state: str, utc: str, operation: str) -> str:
        return event_message(_DOOR_ALARM, ("DoorToken", f"DOOR-{number}"), {"State": state}, utc, operation)

    # -- what is asked --------------------------------------------------------------------------------------

    def _doors(self) -> list[EmulatedDoor]:
        return sorted(self._controller.doors, key=lambda one: one.number)

    def _door(self, number: int) -> EmulatedDoor:
        return next(one for one in self._controller.doors if one.number == number)

    def _operations(self) -> dict[str, Callable[[Call], str]]:
        return {
            "GetDoorInfoList": lambda _: self._door_list(),
            "GetDoorState": self._door_state,
            **dict.fromkeys((*_GIVEN, *_LEFT), self._command),
            "GetAccessPointInfoList": lambda _: self._point_list(),
            "GetAccessPointState": self._point_state,
            **dict.fromkeys(("EnableAccessPoint", "DisableAccessPoint"), self._switch_point),
            "GetCredentials": self._credentials,
        }

    def _door_list(self) -> str:
        listed = (
            el(
                "tdc:DoorInfo",
                leaf("tdc:Name", one.id),
                el("tdc:Capabilities", **_CAPABILITIES),
                token=f"DOOR-{one.number}",
            )
            for one in self._doors()
        )
        return el("tdc:GetDoorInfoListResponse", *listed)

    def _number(self, call: Call, prefix: str) -> int:
        token = call.text("Token")
        numbers = {f"{prefix}-{one.number}": one.number for one in self._controller.doors}
        if token not in numbers:
            raise EmulatedSoapFault(f"no item has the token {token!r}", "InvalidArgVal", "NotFound")
        return numbers[token]

    def _door_state(self, call: Call) -> str:
        number = self._number(call, "DOOR")
        alarm, mode = leaf("tdc:Alarm", self._shown(number)), leaf("tdc:DoorMode", "Locked")
        return el("tdc:GetDoorStateResponse", el("tdc:DoorState", alarm, mode))

    def _command(self, call: Call) -> str:
        own = call.operation in _GIVEN
        command = _GIVEN[call.operation] if own else _LEFT[call.operation]
        self._unit.give(command, self._number(call, "DOOR"), own=own)
        return el(f"tdc:{call.operation}Response")

    def _point_list(self) -> str:
        listed = (
            el(
                "tac:AccessPointInfo",
                leaf("tac:Name", f"{one.id} in"),
                leaf("tac:EntityType", "tdc:Door"),
                leaf("tac:Entity", f"DOOR-{one.number}"),
                el("tac:Capabilities", DisableAccessPoint=True),
                token=f"AP-{one.number}",
            )
            for one in self._doors()
        )
        return el("tac:GetAccessPointInfoListResponse", *listed)

    def _point_state(self, call: Call) -> str:
        enabled = self._number(call, "AP") not in self._disabled
        return el("tac:GetAccessPointStateResponse", el("tac:AccessPointState", leaf("tac:Enabled", enabled)))

    def _switch_point(self, call: Call) -> str:
        number, off = self._number(call, "AP"), call.operation == "DisableAccessPoint"
        (self._disabled.add if off else self._disabled.discard)(number)
        self._unit.give("block", number, own=off)
        state, source = {"State": str(not off).lower()}, ("AccessPointToken", f"AP-{number}")
        utc = self.utc()
        self.subscriptions.tell(
            event_message("tns1:AccessPoint/State/Enabled", source, state, utc, "Changed")
        )
        return el(f"tac:{call.operation}Response")

    def _credentials(self, call: Call) -> str:
        token = call.text("Token")
        number = token.removeprefix("CRED-")
        if not number.isdecimal():
            raise EmulatedSoapFault(f"no credential has the token {token!r}", "InvalidArgVal", "NotFound")
        kind = el("tcr:Type", leaf("tcr:Name", "pt:Card"), leaf("tcr:FormatType", "SIMPLE_NUMBER32"))
        value = leaf("tcr:Value", f"{int(number):08X}")
        identifier = el(
            "tcr:CredentialIdentifier", kind, leaf("tcr:ExemptedFromAuthentication", "false"), value
        )
        holder = leaf("tcr:CredentialHolderReference", f"holder {number}")
        return el("tcr:GetCredentialsResponse", el("tcr:Credential", holder, identifier, token=token))
