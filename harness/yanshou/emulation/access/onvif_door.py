# SPDX-License-Identifier: Apache-2.0
"""An emulated door controller with the ONVIF services of Profile A and C.

Door control, access control, credentials and events over SOAP. Its doors, its faults and its records are
those of every emulated controller; only what a client sees of them differs.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

from yanshou.emulation.access.door import EmulatedDoor, EmulatedDoorController
from yanshou.emulation.access.onvif_events import DoorSubscriptions, told
from yanshou.emulation.access.records import AccessEvent
from yanshou.emulation.messages.reported import ReportedChange, ReportedImage
from yanshou.emulation.modbus.tcp import busy
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.profile import EmulatedArea, EmulatedPoint, EmulatedProfile
from yanshou.emulation.site.own_time import OwnTime
from yanshou.emulation.site.world import World
from yanshou.emulation.video.soap import (
    CONTENT_TYPE,
    NAMESPACES,
    Call,
    EmulatedSoapFault,
    el,
    envelope,
    fault_content,
    leaf,
    parse_call,
    parse_duration,
    time_text,
)
from yanshou.model import Device

PASSWORD = "demo-only"  # noqa: S105 - of emulated devices, known to everybody
_ROLES = ("door_state", "door_lock", "door_forced", "door_held", "access_granted", "access_denied")
_PATHS = {"tds": "device", "tev": "events", "tdc": "door", "tac": "access", "tcr": "credential"}
_CAPABILITIES = {"Access": True, "LockOpen": True, "LockDown": True, "Alarm": True}
_LEFT = {"LockOpenReleaseDoor": "hold_open", "LockDownReleaseDoor": "block"}
_GIVEN = {"AccessDoor": "unlock", "LockOpenDoor": "hold_open", "LockDownDoor": "block"}
_TOPICS = {
    "granted": "tns1:AccessControl/AccessGranted/Credential",
    "command": "tns1:AccessControl/AccessGranted/Anonymous",
    "denied": "tns1:AccessControl/Denied/CredentialNotFound/Card",
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


class OnvifDoorDevice:
    """One device on its port. ``account``: the user and password it demands; empty: it lets everybody in."""

    def __init__(
        self,
        device: Device,
        controller: EmulatedDoorController,
        unit: OnvifUnit,
        time_zone: str,
        account: tuple[str, str] = ("", ""),
    ) -> None:
        assert device.connection is not None
        assert isinstance(unit.image, ReportedImage)
        self.id, self.account = device.id, account
        self._address = (device.connection.host or "127.0.0.1", device.connection.port or 0)
        self._controller, self._unit, self._image = controller, unit, unit.image
        self._zone = ZoneInfo(time_zone)
        self._own = OwnTime(controller.world.faults, device.id)
        self._disabled: set[int] = set()
        self._server: _Server | None = None
        self.subscriptions = DoorSubscriptions(device.id, controller.world.faults, self._states)
        controller.log.heard = self._heard
        unit.image.tell = self._changed
        self._answers = self._operations()

    @property
    def reachable(self) -> bool:
        """Whether the network lets anything through to it."""
        return self._controller.alive and not self._controller.offline

    def start(self) -> None:
        """Listen; RigFault naming the port when it is taken."""
        try:
            self._server = _Server(self._address, self)
        except OSError as error:
            host, port = self._address
            raise busy(f"port {port} of {host}", self.id, error) from error
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def port(self) -> int:
        """The port it really listens on."""
        return self._server.server_port if self._server else self._address[1]

    def answer(self, call: Call) -> str:
        """The content of the answer to one call."""
        run = self._answers.get(call.operation)
        if run is None:
            raise EmulatedSoapFault(
                f"{call.operation} is not supported", "ActionNotSupported", code="Receiver"
            )
        user, password = self.account
        opened = call.operation in {"GetSystemDateAndTime", "GetServices"}
        if user and not opened and not (call.token and call.token.proves(user, password)):
            raise EmulatedSoapFault("Sender not Authorized", "NotAuthorized")
        return run(call)

    # -- what happens ---------------------------------------------------------------------------------------

    def _heard(self, event: AccessEvent) -> None:
        utc = time_text(event.at.timestamp())
        if event.kind in _ALARMS:
            self.subscriptions.tell(self._alarm(event.door, _ALARMS[event.kind], utc, "Changed"))
            return
        topic, data = _TOPICS.get(event.kind, ""), {"External": "false"}
        if event.kind == "denied":
            data = {"Card": f"{event.user:08X}"} if event.user else {}
        elif event.user:
            data |= {"CredentialToken": f"CRED-{event.user}", "CredentialHolderName": f"holder {event.user}"}
        if event.kind == "passback":
            data["Reason"] = "AntipassbackViolation"
        if topic:
            self.subscriptions.tell(told(topic, ("AccessPointToken", f"AP-{event.door}"), data, utc))

    def _changed(self, changes: list[ReportedChange]) -> None:
        for change in changes:
            if change.role in {"door_forced", "door_held"} and not change.value:
                utc = time_text(self._own.unix())
                self.subscriptions.tell(self._alarm(change.number, "Normal", utc, "Changed"))

    def _states(self) -> list[str]:
        utc = time_text(self._own.unix())
        return [self._alarm(one.number, self._shown(one.number), utc, "Initialized") for one in self._doors()]

    def _shown(self, number: int) -> str:
        if self._image.get("door_forced", number):
            return "DoorForcedOpen"
        return "DoorOpenTooLong" if self._image.get("door_held", number) else "Normal"

    @staticmethod
    def _alarm(number: int, state: str, utc: str, operation: str) -> str:
        return told(_DOOR_ALARM, ("DoorToken", f"DOOR-{number}"), {"State": state}, utc, operation)

    # -- what is asked --------------------------------------------------------------------------------------

    def _doors(self) -> list[EmulatedDoor]:
        return sorted(self._controller.doors, key=lambda one: one.number)

    def _operations(self) -> dict[str, Callable[[Call], str]]:
        return {
            "GetSystemDateAndTime": lambda _: self._time(),
            "GetServices": lambda _: self._services(),
            "GetDoorInfoList": lambda _: self._door_list(),
            "GetDoorState": self._door_state,
            **dict.fromkeys((*_GIVEN, *_LEFT), self._command),
            "GetAccessPointInfoList": lambda _: self._point_list(),
            "GetAccessPointState": self._point_state,
            **dict.fromkeys(("EnableAccessPoint", "DisableAccessPoint"), self._switch_point),
            "GetCredentials": self._credentials,
            "CreatePullPointSubscription": self._create,
            "PullMessages": self._pull,
            "SetSynchronizationPoint": self._synchronise,
            "Renew": self._renew,
            "Unsubscribe": self._unsubscribe,
        }

    def _time(self) -> str:
        utc = datetime.fromtimestamp(self._own.unix(), UTC)
        time = {"Hour": utc.hour, "Minute": utc.minute, "Second": utc.second}
        date = {"Year": utc.year, "Month": utc.month, "Day": utc.day}
        shown = el("tt:Time", *_leaves(time)) + el("tt:Date", *_leaves(date))
        told_ = leaf("tt:DateTimeType", "NTP") + leaf("tt:DaylightSavings", "false")
        inner = el("tds:SystemDateAndTime", told_, el("tt:UTCDateTime", shown))
        return el("tds:GetSystemDateAndTimeResponse", inner)

    def _at(self, path: str) -> str:
        return f"http://{self._address[0]}:{self.port}/onvif/{path}"

    def _services(self) -> str:
        version = el("tds:Version", leaf("tt:Major", 21), leaf("tt:Minor", 6))
        listed = (
            el(
                "tds:Service",
                leaf("tds:Namespace", NAMESPACES[prefix]),
                leaf("tds:XAddr", self._at(path)),
                version,
            )
            for prefix, path in _PATHS.items()
        )
        return el("tds:GetServicesResponse", *listed)

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
        utc = time_text(self._own.unix())
        self.subscriptions.tell(told("tns1:AccessPoint/State/Enabled", source, state, utc, "Changed"))
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

    # -- events ---------------------------------------------------------------------------------------------

    def _create(self, call: Call) -> str:
        token, life = self.subscriptions.create(parse_duration(call.text("InitialTerminationTime"), 60.0))
        reference = el("tev:SubscriptionReference", leaf("wsa:Address", self._at(f"pull/{token}")))
        now = self._own.unix()
        times = leaf("wsnt:CurrentTime", time_text(now)) + leaf("wsnt:TerminationTime", time_text(now + life))
        return el("tev:CreatePullPointSubscriptionResponse", reference, times)

    def _pull(self, call: Call) -> str:
        wait = min(parse_duration(call.text("Timeout"), 5.0), 60.0)
        found = self.subscriptions.pull(
            _token(call), wait, call.number("MessageLimit") or 1, lambda: not self.reachable
        )
        now = self._own.unix()
        times = leaf("tev:CurrentTime", time_text(now)) + leaf("tev:TerminationTime", time_text(now + 60.0))
        return el("tev:PullMessagesResponse", times, *found)

    def _synchronise(self, call: Call) -> str:
        self.subscriptions.synchronise(_token(call))
        return el("tev:SetSynchronizationPointResponse")

    def _renew(self, call: Call) -> str:
        life = parse_duration(call.text("TerminationTime"), 60.0)
        self.subscriptions.renew(_token(call), life)
        now = self._own.unix()
        times = leaf("wsnt:TerminationTime", time_text(now + life)) + leaf("wsnt:CurrentTime", time_text(now))
        return el("wsnt:RenewResponse", times)

    def _unsubscribe(self, call: Call) -> str:
        self.subscriptions.end(_token(call))
        return el("wsnt:UnsubscribeResponse")


def _token(call: Call) -> str:
    return call.path.partition("?")[0].rpartition("/")[2]


def _leaves(values: dict[str, int]) -> list[str]:
    return [leaf(f"tt:{name}", value) for name, value in values.items()]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], device: OnvifDoorDevice) -> None:
        self.device = device
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library calls it so
        """Write no log."""

    def do_POST(self) -> None:
        device = self.server.device
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            status, content = 200, device.answer(parse_call(body, self.path)) if device.reachable else ""
        except EmulatedSoapFault as fault:
            status, content = fault.status, fault_content(fault)
        if not device.reachable:  # nothing comes through: not even what was already answered
            self.close_connection = True
            return
        answer = envelope(content)
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
