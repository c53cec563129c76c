# SPDX-License-Identifier: Apache-2.0
"""A GB/T 28181 device in a thread, over UDP, with short times and habits that may be wrong."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from tests.support.sip_device import SipTextDevice

_ANSWERED = {"RecordCmd", "GuardCmd", "AlarmCmd", "HomePosition"}


@dataclass
class Habits:
    """What the device does, as a healthy one unless told otherwise. Times are in seconds."""

    keepalive_s: float = 0.1
    retry_s: float = 0.2
    missed: int = 3
    expires: str = "3600"
    own_nonce: bool = False
    ignores_challenge: bool = False
    version: str = "3.0"
    channels: tuple[str, ...] = ()
    sum_more: int = 0
    status: dict[str, str] = field(
        default_factory=lambda: {"Result": "OK", "Online": "ONLINE", "Status": "OK", "Record": "OFF"}
    )
    answers: bool = True
    follows_date: bool = True
    always_results: bool = False
    follows: bool = True
    duty: str = "OFFDUTY"
    drops_result: bool = False


class LivingDevice(SipTextDevice):
    """Registers, lives and answers until it is closed. A context manager."""

    def __init__(
        self, port: int, code: str, password: str, realm: str, platform: str, habits: Habits
    ) -> None:
        super().__init__(code, password, realm, f"sip:{platform}@{realm}")
        self.habits = habits
        self.ahead = timedelta()
        self.commanded: list[str] = []
        self.registered = False
        self._missed = 0
        self._acknowledged = True
        self._stop = threading.Event()
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.settimeout(0.02)
        self._line.connect(("127.0.0.1", port))
        self._due = 0.0
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join()
        self._line.close()

    def tell(self, root: str, command: str, sn: int, inner: str, named: str = "") -> None:
        """Send a MESSAGE with a body, in the name of another device if one is ``named``."""
        body = (
            f'<?xml version="1.0" encoding="GB2312"?><{root}><CmdType>{command}</CmdType><SN>{sn}</SN>'
            f"<DeviceID>{named or self.code}</DeviceID>{inner}</{root}>"
        )
        self._send(self.request("MESSAGE", ["Content-Type: Application/MANSCDP+xml"], body))

    def log_out(self) -> None:
        """Leave with a REGISTER that expires at 0."""
        self.habits.expires = "0"
        self.registered, self._due = False, 0.0

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._line.send(data)

    def _live(self) -> None:
        while not self._stop.is_set():
            if time.monotonic() >= self._due:
                self._act()
            with contextlib.suppress(TimeoutError, OSError):
                self._take(self._line.recv(65536))

    def _act(self) -> None:
        if not self.registered:
            self._due = time.monotonic() + self.habits.retry_s
            nonce = "5f3a" if self.habits.own_nonce else None
            self._send(self._versioned(self.register(expires=self.habits.expires, nonce=nonce)))
            return
        self._due = time.monotonic() + self.habits.keepalive_s
        self._missed = 0 if self._acknowledged else self._missed + 1
        if self._missed >= self.habits.missed:
            self.registered, self._missed, self._acknowledged = False, 0, True
            return
        self._acknowledged = False
        self._send(self.keepalive(sn=self.sequence))

    def _versioned(self, data: bytes) -> bytes:
        said = self.habits.version.encode()
        return data.replace(b"\r\nExpires:", b"\r\nX-GB-Ver: " + said + b"\r\nExpires:") if said else data

    def _take(self, data: bytes) -> None:
        if not data.startswith(b"SIP/2.0"):
            self._answer(data)
        elif b"REGISTER" not in data.split(b"CSeq:")[-1][:24]:
            self._acknowledged = self._acknowledged or data.startswith(b"SIP/2.0 200")
        elif data.startswith(b"SIP/2.0 401"):
            if self.habits.ignores_challenge:
                self.registered = True
            elif not self.habits.own_nonce:
                self._send(self._versioned(self.register(data, expires=self.habits.expires)))
        elif data.startswith(b"SIP/2.0 302"):
            found = re.search(rb"\r\nContact: <sip:\d+@([\d.]+):(\d+)>", data)
            if found and self.habits.follows:
                self._line.connect((found[1].decode(), int(found[2])))
                self._due = 0.0
        elif data.startswith(b"SIP/2.0 200"):
            self.registered = self.habits.expires != "0"
            self._due = time.monotonic() + self.habits.keepalive_s
            found = re.search(rb"\r\nDate: (\S+)\r\n", data)
            if found and self.habits.follows_date:
                self.ahead = datetime.fromisoformat(found[1].decode()) - datetime.now()  # noqa: DTZ005 - as it is told

    def _answer(self, data: bytes) -> None:
        if not self.habits.answers or not data.startswith(b"MESSAGE "):
            return
        heads = [one for one in data.split(b"\r\n\r\n")[0].split(b"\r\n")
                 if re.match(rb"(Via|From|To|Call-ID|CSeq):", one)]  # fmt: skip
        self._send(b"\r\n".join([b"SIP/2.0 200 OK", *heads, b"Content-Length: 0", b"", b""]))
        command, sn = (re.search(rb"<%s>(\w+)</%s>" % (one, one), data) for one in (b"CmdType", b"SN"))
        if command and sn and b"<Response>" not in data:
            self._reply(command[1].decode(), int(sn[1]), data.decode("gb18030"))

    def _reply(self, command: str, sn: int, asked: str) -> None:
        if command == "Catalog":
            total = len(self.habits.channels) + self.habits.sum_more
            for code in self.habits.channels or ("",):
                items = f"<Item><DeviceID>{code}</DeviceID><Name>大厅</Name></Item>" if code else ""
                shown = f'<SumNum>{total}</SumNum><DeviceList Num="{bool(code):d}">{items}</DeviceList>'
                self.tell("Response", command, sn, shown)
        elif command == "DeviceStatus":
            shown = "".join(f"<{name}>{value}</{name}>" for name, value in self.habits.status.items())
            clock = (datetime.now() + self.ahead).isoformat(timespec="seconds")  # noqa: DTZ005 - local, as devices tell it
            duty = f"<Item><DeviceID>{self.code}</DeviceID><DutyStatus>{self.habits.duty}</DutyStatus></Item>"
            guard = f'<Alarmstatus Num="1">{duty}</Alarmstatus>' if self.habits.duty else ""
            self.tell("Response", command, sn, f"{shown}<DeviceTime>{clock}</DeviceTime>{guard}")
        elif command == "DeviceInfo":
            self.tell("Response", command, sn, "<Result>OK</Result><Manufacturer>Acme</Manufacturer>")
        elif command == "ConfigDownload":
            shown = f"<HeartBeatInterval>{self.habits.keepalive_s:g}</HeartBeatInterval>"
            self.tell("Response", command, sn, f"<Result>OK</Result><BasicParam>{shown}</BasicParam>")
        elif command == "DeviceControl":
            self.commanded += re.findall(r"<(?:PTZ|Record|Guard|Alarm)Cmd>(\w+)<", asked)
            due = any(f"<{one}>" in asked for one in _ANSWERED) and not self.habits.drops_result
            if due or self.habits.always_results:
                self.tell("Response", command, sn, "<Result>OK</Result>")
