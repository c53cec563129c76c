# SPDX-License-Identifier: Apache-2.0
"""An emulated platform: it posts events to the bench, takes commands, and can be stopped by a relay."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue

from yanshou.emulation.modbus.tcp import busy
from yanshou.emulation.site.world import World
from yanshou.model import Device, DeviceKind, Site

EVENT_S = (0.05, 0.15)  # from an alarm at a subsystem to its message
COMMAND_S = (0.05, 0.15)
READ_S = (0.3, 0.6)  # from a plate in view to the alarm
RESTART_S = 0.4
_POST_S = 2.0
_EVENTS = {
    DeviceKind.ZONE: "intrusionAlarm",
    DeviceKind.DOOR: "doorForced",
    DeviceKind.DOOR_CONTROLLER: "fireAlarm",
}
_RELEASE = re.compile(r"/api/doors/(?P<door>[^/]+)/release")


class EmulatedPlatform:
    """One platform at the address of its connection; its events go to ``listen`` of that connection."""

    def __init__(self, device: Device, site: Site, world: World) -> None:
        assert device.connection is not None
        self.device = device.id
        self._address = device.connection.host or "127.0.0.1", device.connection.port or 80
        listen = device.connection.options.get("listen")
        self._to = None if listen is None else int(str(listen))
        self._plate = str(device.attributes.get("wanted_plate", ""))
        self._world = world
        self._names = {
            one.id: str(one.attributes.get("platform_id", one.id)) for one in site.devices.values()
        }
        self._ids = {name: device for device, name in self._names.items()}
        self._events: list[dict[str, object]] = []
        self._number = 0
        self._outbox: SimpleQueue[dict[str, object] | None] = SimpleQueue()
        self._server: ThreadingHTTPServer | None = None
        for one in site.devices.values():
            if one.kind in _EVENTS:
                world.on_alarm(one.id, partial(self._alarm, one))
        for role, act in (("stop", self._stop_relay), ("plate", self._plate_relay)):
            if channel := device.wiring.get(role):
                world.wire_switch(channel, act)

    # -- its service ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Listen; RigFault naming the port when it is taken."""
        threading.Thread(target=self._send_all, name=f"{self.device} posts", daemon=True).start()
        self._up()
        if always := self._world.faults.find("plate_always", self.device):
            self._report_always(always.number())

    def _report_always(self, every_s: float) -> None:
        """Report the wanted plate again and again, whether it is in view or not."""
        self._report(self._names[self.device], "wantedVehicle", self._plate)
        self._world.clockwork.after(every_s, lambda: self._report_always(every_s))

    def stop(self) -> None:
        """Stop for good."""
        self._outbox.put(None)
        self._down()

    def _up(self) -> None:
        try:
            self._server = _Server(self._address, self)
        except OSError as error:
            raise busy(f"port {self._address[1]} of {self._address[0]}", self.device, error) from error
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def _down(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def _stop_relay(self, energised: bool, _t: float) -> None:  # noqa: FBT001 - the shape of world.Switch
        self._world.truth.write(self.device, "stopped" if energised else "started")
        if energised:
            self._world.down.add(self.device)
            threading.Thread(target=self._down, daemon=True).start()
        else:
            self._world.clockwork.after(RESTART_S, self._again)

    def _again(self) -> None:
        self._world.down.discard(self.device)
        if self._server is None:
            with contextlib.suppress(Exception):  # the port is still closing: the bench sees it as down
                self._up()

    # -- its events -----------------------------------------------------------------------------------------

    def _alarm(self, source: Device, active: bool) -> None:  # noqa: FBT001 - the shape of world.Contact
        faults = self._world.faults
        if not active or self.device in self._world.down or faults.has("platform_silent", self.device):
            return
        wrong = faults.find("platform_wrong_device", self.device)
        name = self._names[str(wrong.value) if wrong else source.id]
        after = self._world.duration(faults.find("platform_event_late", self.device), *EVENT_S)
        self._later(after, name, _EVENTS[source.kind])
        if faults.has("platform_event_twice", self.device):
            self._later(after + 0.4, name, _EVENTS[source.kind])

    def _plate_relay(self, energised: bool, _t: float) -> None:  # noqa: FBT001 - the shape of world.Switch
        if not energised or self.device in self._world.down:
            return
        faults = self._world.faults
        misread = faults.find("plate_misread", self.device)
        plate = str(misread.value) if misread else self._plate
        self._world.truth.write(self.device, "plate_in_view", plate)
        after = self._world.duration(faults.find("plate_delay", self.device), *READ_S)
        self._later(after, self._names[self.device], "wantedVehicle", plate)

    def _later(self, after: float, name: str, word: str, plate: str = "") -> None:
        self._world.clockwork.after(after, lambda: self._report(name, word, plate))

    def _report(self, name: str, word: str, plate: str) -> None:
        if self.device in self._world.down:
            return
        self._number += 1
        event: dict[str, object] = {
            "eventId": f"{self.device}-{self._number}",
            "deviceCode": name,
            "eventType": word,
            "happenTime": datetime.now(UTC).astimezone().isoformat(timespec="milliseconds"),
            "data": {"plateNo": plate},
        }
        self._world.truth.write(self.device, word, name)
        self._tell(event)

    def _tell(self, event: dict[str, object]) -> None:
        self._events.append(event)
        self._outbox.put(event)

    def _send_all(self) -> None:
        while (event := self._outbox.get()) is not None:
            if self._to is None:
                continue
            with contextlib.suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection("127.0.0.1", self._to, timeout=_POST_S)
                with contextlib.closing(line):
                    line.request("POST", "/events", json.dumps(event), {"Content-Type": "application/json"})
                    line.getresponse().read()

    def listed(self) -> dict[str, object]:
        """Its list of events."""
        with self._world.lock:
            return {"code": 0, "data": {"list": list(self._events)}}

    # -- its commands ---------------------------------------------------------------------------------------

    def obey(self, path: str) -> bool:
        """Carry out a command; False if there is no such one."""
        found = _RELEASE.fullmatch(path)
        if found is None or found["door"] not in self._ids:
            return False
        with self._world.lock:
            faults = self._world.faults
            wrong = faults.find("platform_command_wrong_device", self.device)
            door = str(wrong.value) if wrong else self._ids[found["door"]]
            self._world.truth.write(self.device, "command", door)
            if not faults.has("platform_command_dead", self.device):
                after = self._world.duration(faults.find("platform_command_delay", self.device), *COMMAND_S)
                act: Callable[[], None] = lambda: self._world.act(door, "lock_release", active=True)  # noqa: E731
                self._world.clockwork.after(after, act)
        return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], platform: EmulatedPlatform) -> None:
        self.platform = platform
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Its health and its list."""
        if self.path == "/api/health":
            self._say(200, {"status": "up"})
        elif self.path == "/api/events":
            self._say(200, self.server.platform.listed())
        else:
            self._say(404, {"code": 404})

    def do_POST(self) -> None:
        """A command."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        good = self.server.platform.obey(self.path)
        self._say(200 if good else 404, {"code": 0 if good else 404})

    def _say(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""
