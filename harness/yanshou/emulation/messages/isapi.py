# SPDX-License-Identifier: Apache-2.0
"""Emulated devices with ISAPI: digest, time, status as JSON, commands by PUT, events in a stream."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
import time
from collections.abc import Iterable
from datetime import timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import Any, ClassVar

from yanshou.emulation.link_behaviour import LinkBehaviour, rubbish
from yanshou.emulation.messages.lines import PASSWORD
from yanshou.emulation.messages.reported import ReportedChange, ReportedImage
from yanshou.emulation.modbus.tcp import busy
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.profile import line_pattern
from yanshou.emulation.site.own_time import OwnTime
from yanshou.emulation.site.world import World

_REALM = "alarm host"
_BOUNDARY = "boundary"
_KEEP_ALIVE_S = 2.0
_STREAM = "/ISAPI/Event/notification/alertStream"
_ZONES = "/ISAPI/SecurityCP/status/zones"
_TIME = "/ISAPI/System/time"
_ZONE = timezone(timedelta(hours=8))
_AREAS = "/ISAPI/SecurityCP/status/subSystems"
_EVENTS = {  # the qualified Contact ID code of a change
    ("zone_alarm", True): 1130,
    ("zone_alarm", False): 3130,
    ("zone_tamper", True): 1144,
    ("zone_tamper", False): 3144,
}
_GARBLED = 40


class IsapiHost:
    """The listening port of a device that gives its time by ISAPI, such as a door controller."""

    password = PASSWORD

    def __init__(self, address: tuple[str, int], device: str, world: World, behaviour: LinkBehaviour) -> None:
        self._address = address
        self._device = device
        self._own = OwnTime(world.faults, device)
        self.world, self.behaviour = world, behaviour
        self.stopping = threading.Event()
        self._server: _Server | None = None

    def start(self) -> None:
        """Listen; RigFault naming the port when it is taken."""
        if self.behaviour.refuses:
            return
        try:
            self._server = _Server(self._address, self)
        except OSError as error:
            host, port = self._address
            raise busy(f"port {port} of {host}", self._device, error) from error
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self.stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def time(self) -> bytes:
        """Its time in whole seconds, in the zone of its display."""
        shown = self._own.local(_ZONE).isoformat(timespec="seconds")
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<Time version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
            f"<timeMode>NTP</timeMode><localTime>{shown}</localTime><timeZone>CST-8:00:00</timeZone></Time>"
        ).encode()

    def document(self, _path: str) -> dict[str, Any] | None:
        """The document at a status path; None if there is no such path."""
        return None

    def obey(self, _request: str) -> bool:
        """Carry out a PUT; False if it matches no command."""
        return False

    def events(self) -> Iterable[dict[str, Any]]:
        """Events as they happen."""
        return ()


class IsapiPort(IsapiHost):
    """The listening port of one alarm host."""

    def __init__(
        self,
        address: tuple[str, int],
        device: str,
        unit: ModbusUnit,
        zones: Iterable[int],
        shared: tuple[World, LinkBehaviour],
    ) -> None:
        super().__init__(address, device, *shared)
        assert isinstance(unit.image, ReportedImage)
        self._unit = unit
        self._image = unit.image
        self._zones = sorted(zones)
        self._areas = unit.profile.points["partition_armed"].count
        self._listening: set[SimpleQueue[dict[str, Any]]] = set()
        self._image.tell = self.tell

    def tell(self, changes: list[ReportedChange]) -> None:
        """Send an event for each change to every open stream."""
        for change in changes:
            code = _EVENTS.get((change.role, change.value))
            for listener in list(self._listening) if code and self.behaviour.speaks else ():
                listener.put(_event(code, change.number - 1))

    def document(self, path: str) -> dict[str, Any] | None:
        """The document at a status path; None if there is no such path."""
        if path == _ZONES:
            return {"ZoneList": [{"Zone": self._zone(number)} for number in self._zones]}
        if path == _AREAS:
            return {"SubSysList": [{"SubSys": self._area(number)} for number in range(1, self._areas + 1)]}
        return None

    def _zone(self, number: int) -> dict[str, Any]:
        return {
            "id": number - 1,
            "name": f"zone {number}",
            "status": "online",
            "abnormalOrNot": False,
            "accessModuleType": "localTransmitter",
            "alarm": self._image.get("zone_alarm", number),
            "tamperEvident": self._image.get("zone_tamper", number),
            "bypassed": self._image.get("zone_bypass", number),
        }

    def _area(self, number: int) -> dict[str, Any]:
        armed = self._image.get("partition_armed", number)
        return {
            "id": number,
            "arming": "away" if armed else "disarm",
            "alarm": self._image.get("partition_alarm", number),
        }

    def obey(self, request: str) -> bool:
        """Carry out a PUT by the commands of the profile; False if it matches none."""
        for table in self._unit.profile.document.get("command", ()):
            if (found := line_pattern(table["send"]).fullmatch(request)) is not None:
                self._unit.obey(table["name"], int(found.groupdict().get("number", "1")))
                return True
        return False

    def events(self) -> Iterable[dict[str, Any]]:
        """Events as they happen, and a keep-alive when none does, until the host stops."""
        mine: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._listening.add(mine)
        yield {"eventType": "cidEvent", "eventState": "inactive"}
        try:
            while not self.stopping.is_set():
                try:
                    yield mine.get(timeout=_KEEP_ALIVE_S)
                except Empty:
                    yield {"eventType": "cidEvent", "eventState": "inactive"}
        finally:
            self._listening.discard(mine)


def _event(code: int | None, zone: int) -> dict[str, Any]:
    return {
        "eventType": "cidEvent",
        "eventState": "active",
        "eventDescription": "CID event",
        "CIDEvent": {"code": code, "standardCIDcode": code, "type": "zoneAlarm", "zone": zone},
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], host: IsapiHost) -> None:
        self.host = host
        self.nonces: set[str] = set()
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that disconnected is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm: ClassVar[bool] = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library calls it so
        """Write no log."""

    def do_GET(self) -> None:
        if not self._is_known():
            return
        path = self.path.partition("?")[0]
        if path == _STREAM:
            self._stream()
        elif path == _TIME:
            self._send(200, self.server.host.time(), "application/xml")
        elif (document := self.server.host.document(path)) is not None:
            self._answer(200, document)
        else:
            self._answer(404, {"statusCode": 4, "statusString": "Invalid Operation"})

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self._is_known():
            return
        if self.server.host.obey(f"PUT {self.path}"):
            self._answer(200, {"statusCode": 1, "statusString": "OK"})
        else:
            self._answer(403, {"statusCode": 4, "statusString": "Invalid Operation"})

    # -- within ---------------------------------------------------------------------------------------------

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        self._send(status, json.dumps(document).encode(), "application/json")

    def _send(self, status: int, body: bytes, media_type: str) -> None:
        treatment = self.server.host.behaviour.treat(0)
        if not treatment.obey:
            self.server.host.stopping.wait(60.0)
            self.close_connection = True
            return
        if treatment.delay:
            time.sleep(treatment.delay)
        body = rubbish(_GARBLED) if treatment.garble else body
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/mixed; boundary={_BOUNDARY}")
        self.end_headers()
        for event in self.server.host.events():
            body = json.dumps(event).encode()
            head = f"--{_BOUNDARY}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + body + b"\r\n")
            except OSError:
                return

    def _is_known(self) -> bool:
        """Demand digest authentication (RFC 7616, MD5 with qop=auth) until it is right."""
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', self.headers.get("Authorization", "")))
        if given.get("nonce") in self.server.nonces and self._is_right(given):
            return True
        nonce = secrets.token_hex(16)
        self.server.nonces.add(nonce)
        self.send_response(401)
        self.send_header(
            "WWW-Authenticate", f'Digest realm="{_REALM}", qop="auth", nonce="{nonce}", algorithm=MD5'
        )
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def _is_right(self, given: dict[str, str]) -> bool:
        who = _md5(f"{given.get('username', '')}:{_REALM}:{self.server.host.password}")
        what = _md5(f"{self.command}:{given.get('uri', '')}")
        middle = ":".join(given.get(key, "") for key in ("nonce", "nc", "cnonce", "qop"))
        return given.get("response") == _md5(f"{who}:{middle}:{what}") and given.get("uri") == self.path


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
