# SPDX-License-Identifier: Apache-2.0
"""An emulated ONVIF device with a clock and events that are pulled; what else it answers is added to it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from yanshou.emulation.access.onvif_events import Subscriptions
from yanshou.emulation.faults import FaultBook
from yanshou.emulation.modbus.tcp import busy
from yanshou.emulation.site.own_time import OwnTime
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
_PATHS = {"tds": "device", "tev": "events"}


class OnvifEventDevice:
    """One device on its port.

    ``account`` is the user and password it demands, empty if it lets everybody in; ``states`` gives the
    notifications of its states; ``reachable`` says whether the network lets anything through to it.
    """

    def __init__(
        self,
        device: Device,
        faults: FaultBook,
        states: Callable[[], list[str]],
        account: tuple[str, str] = ("", ""),
        reachable: Callable[[], bool] = lambda: True,
    ) -> None:
        assert device.connection is not None
        self.id, self.account, self.reachable = device.id, account, reachable
        self._address = (device.connection.host or "127.0.0.1", device.connection.port or 0)
        self._own = OwnTime(faults, device.id)
        self._server: _Server | None = None
        self._paths = dict(_PATHS)
        self._answers: dict[str, Callable[[Call], str]] = {
            "GetSystemDateAndTime": lambda _: self._time(),
            "GetServices": lambda _: self._services(),
            "CreatePullPointSubscription": self._create,
            "PullMessages": self._pull,
            "SetSynchronizationPoint": self._synchronise,
            "Renew": self._renew,
            "Unsubscribe": self._unsubscribe,
        }
        self.subscriptions = Subscriptions(device.id, faults, states)

    def offer(self, paths: Mapping[str, str], answers: Mapping[str, Callable[[Call], str]]) -> None:
        """Add services: their prefixes with the paths they are at, and their operations."""
        self._paths |= paths
        self._answers |= answers

    def utc(self) -> str:
        """Its time, as events bear it."""
        return time_text(self._own.unix())

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

    def _time(self) -> str:
        utc = datetime.fromtimestamp(self._own.unix(), UTC)
        time = {"Hour": utc.hour, "Minute": utc.minute, "Second": utc.second}
        date = {"Year": utc.year, "Month": utc.month, "Day": utc.day}
        shown = el("tt:Time", *_leaves(time)) + el("tt:Date", *_leaves(date))
        stated = leaf("tt:DateTimeType", "NTP") + leaf("tt:DaylightSavings", "false")
        inner = el("tds:SystemDateAndTime", stated, el("tt:UTCDateTime", shown))
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
            for prefix, path in self._paths.items()
        )
        return el("tds:GetServicesResponse", *listed)

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
            _token(call), wait, call.number("MessageLimit") or 1, lambda: not self.reachable()
        )
        now = self._own.unix()
        times = leaf("tev:CurrentTime", time_text(now)) + leaf("tev:TerminationTime", time_text(now + 60.0))
        return el("tev:PullMessagesResponse", times, *found)

    def _synchronise(self, call: Call) -> str:
        self.subscriptions.synchronise(_token(call))
        return el("tev:SetSynchronizationPointResponse")

    def _renew(self, call: Call) -> str:
        life = self.subscriptions.renew(_token(call), parse_duration(call.text("TerminationTime"), 60.0))
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

    def __init__(self, address: tuple[str, int], device: OnvifEventDevice) -> None:
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
            status, content = 200, device.answer(parse_call(body, self.path)) if device.reachable() else ""
        except EmulatedSoapFault as fault:
            status, content = fault.status, fault_content(fault)
        if not device.reachable():  # nothing comes through: not even what was already answered
            self.close_connection = True
            return
        answer = envelope(content)
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
