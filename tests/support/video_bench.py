# SPDX-License-Identifier: Apache-2.0
"""A site of three cameras and a recorder, emulated in a thread, and clients that ask no library."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import http.client
import math
import os
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from unittest import mock

import numpy as np
from lxml import etree
from scipy.optimize import least_squares

from tests.support.patience import HUNG_S
from yanshou.emulation.video import (
    Lamp,
    VideoEmulation,
    chart,
    rtp,
    rtsp_messages,
)
from yanshou.emulation.video.soap import time_text
from yanshou.model.site import Connection, Device, DeviceKind, SecretRef, Site, System


@dataclass(frozen=True, slots=True)
class Planted:
    device: str
    kind: str
    value: float | str | bool | None = None


@dataclass(slots=True)
class Lines:
    """The truth, kept in memory."""

    rows: list[tuple[str, str, object]] = field(default_factory=list)

    def write(self, device: str, what: str, value: object = None, t: float | None = None) -> None:
        self.rows.append((device, what, value))

    def of(self, what: str) -> list[Any]:
        return [value for _, name, value in self.rows if name == what]


def video_site(more: Mapping[str, Mapping[str, object]] | None = None) -> Site:
    secret = SecretRef("env", "YANSHOU_CAMERA_PASSWORD")
    at = Connection("onvif", "127.0.0.1", 0, user="admin", secret=secret)
    devices = [Device("NVR-1", DeviceKind.RECORDER, System.VIDEO, "录像机", "EMU-NVR", connection=at)]
    for number in (1, 2, 3):
        attributes: dict[str, object] = {"chart": "slanted_edge"} if number == 1 else {}
        attributes |= (more or {}).get(f"CAM-{number}", {})
        devices.append(
            Device(
                f"CAM-{number}",
                DeviceKind.CAMERA,
                System.VIDEO,
                f"枪机 {number}",
                "EMU-IPC",
                "营业厅",
                "NVR-1",
                number,
                attributes,
                at,
            )
        )
    by_id = {device.id: device for device in devices}
    return Site("t", "t", Path(), "Asia/Shanghai", {}, {}, by_id)


@dataclass(slots=True)
class Running:
    emulation: VideoEmulation
    truth: Lines
    recording: set[str]

    def soap(self, device: str) -> tuple[str, int]:
        host, port, _ = self.emulation.addresses[device]
        return host, port

    def rtsp(self, device: str) -> tuple[str, int]:
        host, _, port = self.emulation.addresses[device]
        return host, port


@contextlib.contextmanager
def running(
    *faults: Planted,
    attributes: Mapping[str, Mapping[str, object]] | None = None,
    lamps: Mapping[str, Lamp] | None = None,
) -> Iterator[Running]:
    """The video site in a thread of its own; further attributes of its cameras, lamps in view, by id."""
    truth, recording = Lines(), set[str]()
    with mock.patch.dict(os.environ, YANSHOU_CAMERA_PASSWORD="demo-only"):
        emulation = VideoEmulation(
            video_site(attributes), faults, truth, lambda camera: camera in recording, lamps or {}
        )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(emulation.start(), loop).result(30)
        yield Running(emulation, truth, recording)
    finally:
        asyncio.run_coroutine_threadsafe(emulation.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


# --- a client of our own: RTSP, RTP, SOAP, no more than the tests need


@dataclass(slots=True)
class Packet:
    channel: int
    data: bytes

    @property
    def sequence(self) -> int:
        return int.from_bytes(self.data[2:4], "big")

    @property
    def timestamp(self) -> int:
        return int.from_bytes(self.data[4:8], "big")

    @property
    def marker(self) -> bool:
        return bool(self.data[1] & 0x80)

    @property
    def mark(self) -> tuple[float, int, int]:
        """UTC, flags and CSeq of the replay extension."""
        profile, length, seconds, fraction, flags, cseq = struct.unpack("!HHIIBB", self.data[12:26])
        assert (profile, length) == (0xABAC, 3)
        return seconds - rtp.NTP_EPOCH_S + fraction / 2**32, flags, cseq

    @property
    def payload(self) -> bytes:
        return self.data[28 if self.data[0] & 0x10 else 12 :]


class Rtsp:
    """Interleaved RTSP client with digest authentication."""

    def __init__(self, address: tuple[str, int], path: str, password: str = "demo-only") -> None:
        self.socket = socket.create_connection(address, timeout=HUNG_S)
        self.file = self.socket.makefile("rb")
        self.url = f"rtsp://{address[0]}:{address[1]}/{path}"
        self.password, self.nonce, self.cseq, self.session = password, "", 0, ""
        self.packets: list[Packet] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def ask(self, method: str, url: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
        self.cseq += 1
        url = url or self.url
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self.cseq}"]
        if self.session:
            lines.append(f"Session: {self.session}")
        if self.nonce:
            first = md5(f"admin:yanshou-emulation:{self.password}")
            response = md5(f"{first}:{self.nonce}:{md5(f'{method}:{url}')}")
            lines.append(
                f'Authorization: Digest username="admin", realm="yanshou-emulation", nonce="{self.nonce}", '
                f'uri="{url}", response="{response}"'
            )
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        status, answer, body = self._answer()
        if status == 401 and not self.nonce:
            challenge = re.search(r'nonce="(\w+)"', answer["www-authenticate"])
            assert challenge is not None
            self.nonce = challenge[1]
            return self.ask(method, url, **headers)
        return status, answer, body

    def _answer(self) -> tuple[int, dict[str, str], str]:
        while (first := self.file.read(1)) == b"$":
            self._packet()
        head = first + self.file.readline()
        headers = {}
        while (line := self.file.readline().strip()) and line:
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = self.file.read(int(headers.get("content-length", 0))).decode()
        return int(head.split()[1]), headers, body

    def _packet(self) -> None:
        channel, length = struct.unpack("!BH", self.file.read(3))
        self.packets.append(Packet(channel, self.file.read(length)))

    def set_up(self, **headers: str) -> None:
        assert self.ask("DESCRIBE")[0] == 200
        transport = "RTP/AVP/TCP;unicast;interleaved=0-1"
        status, answer, _ = self.ask("SETUP", self.url + "/track1", Transport=transport, **headers)
        assert status == 200
        self.session = answer["session"].partition(";")[0]

    def take(self, enough: Callable[[list[Packet]], bool], timeout: float = HUNG_S) -> list[Packet]:
        """Packets until there are enough, or silence."""
        self.socket.settimeout(timeout)
        with contextlib.suppress(TimeoutError):
            while not enough(self.packets):
                assert self.file.read(1) == b"$"
                self._packet()
        self.socket.settimeout(HUNG_S)
        return self.packets

    def frames(self, count: int) -> list[Packet]:
        """The last packet of each of so many frames."""
        self.take(lambda packets: len(ends(packets)) >= count)
        return ends(self.packets)

    def replay(self, start: float, end: float, **headers: str) -> int:
        wanted = f"clock={rtsp_messages.clock_text(start)}-{rtsp_messages.clock_text(end)}"
        extra = {"Require": "onvif-replay", "Rate_Control": "no", "Range": wanted} | headers
        status, _, _ = self.ask("PLAY", **extra)
        return status

    def replayed(self, start: float, end: float, **headers: str) -> list[Packet]:
        """Last packets of all frames of a replay."""
        self.set_up(Require="onvif-replay")
        assert self.replay(start, end, **headers) == 200
        return ends(
            self.take(lambda packets: bool(packets and packets[-1].mark[1] & 0x10 and packets[-1].marker))
        )


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def ends(packets: Sequence[Packet]) -> list[Packet]:
    return [packet for packet in packets if packet.channel == 0 and packet.marker]


def ask_soap(
    address: tuple[str, int],
    service: str,
    inner: str,
    password: str | None = "demo-only",
    created: float | None = None,
    timeout: float = HUNG_S,
) -> tuple[int, bytes]:
    """Status and body of one SOAP call; ``inner`` uses the prefix x for the service's namespace."""
    name = {"device": "device/wsdl", "media": "media/wsdl"}.get(service, f"{service}/wsdl")
    moment, nonce = time_text(time.time() if created is None else created), b"0123456789"
    digest = base64.b64encode(
        hashlib.sha1(nonce + moment.encode() + (password or "").encode()).digest()
    ).decode()
    base = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
    token = (
        f'<w:Security xmlns:w="{base}wssecurity-secext-1.0.xsd" xmlns:u="{base}wssecurity-utility-1.0.xsd">'
        f"<w:UsernameToken><w:Username>admin</w:Username>"
        f'<w:Password Type="{base}username-token-profile-1.0#PasswordDigest">{digest}</w:Password>'
        f"<w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce><u:Created>{moment}</u:Created>"
        "</w:UsernameToken></w:Security>"
    )
    body = (
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        f'xmlns:x="http://www.onvif.org/ver10/{name}" xmlns:tt="http://www.onvif.org/ver10/schema">'
        f"<s:Header>{token if password is not None else ''}</s:Header>"
        f"<s:Body>{inner}</s:Body></s:Envelope>"
    )
    connection = http.client.HTTPConnection(*address, timeout=timeout)
    try:
        connection.request("POST", f"/onvif/{service}_service", body.encode())
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def texts(body: bytes, name: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(body).iter(f"{{*}}{name}")]


def fitted_sigma(luma: np.ndarray, side: str, square: int = 2) -> float:
    """Point spread of one edge of a slanted square, by least squares against the closed form, in light."""
    placing = chart.Placing(luma.shape[1], luma.shape[0])
    x0, y0 = placing.pixel(*chart.SQUARES[square])
    half, turn = chart.SQUARE_MM * placing.scale / 2, math.radians(chart.ANGLE_DEG)
    normal = {"left": turn + math.pi, "right": turn, "top": turn - math.pi / 2, "bottom": turn + math.pi / 2}
    angle = normal[side]
    x, y = x0 + half * math.cos(angle), y0 + half * math.sin(angle)
    along, beside = 0.35 * 2 * half, 0.25 * 2 * half
    wide, high = (beside, along) if side in ("left", "right") else (along, beside)
    rows, columns = np.mgrid[round(y - high) : round(y + high), round(x - wide) : round(x + wide)].astype(
        float
    )
    share = luma[round(y - high) : round(y + high), round(x - wide) : round(x + wide)] / 255.0
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    dark, paper = chart.EXPOSURE * chart.DARK, chart.EXPOSURE * chart.PAPER

    def residual(p: np.ndarray) -> np.ndarray:
        distance = (columns - x0) * math.cos(angle) + (rows - y0) * math.sin(angle) - p[1]
        return (dark + (paper - dark) * chart.edge_spread(distance, angle, abs(p[0])) - light).ravel()

    found = least_squares(residual, [1.0, half], x_scale=[0.1, 0.1])
    assert abs(found.x[1] - half) < 0.02
    return float(abs(found.x[0]))
