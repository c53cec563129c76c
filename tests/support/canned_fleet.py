# SPDX-License-Identifier: Apache-2.0
"""A thousand cameras out of one event loop: canned ONVIF answers after a think time, and hostile devices.

``python -m tests.support.canned_fleet FILE [--think S] [--counts FILE]`` reads a JSON list of
``{"id", "host", "port", "manner", "offset_s"}``, prints ``ready`` and ends with its standard input; then it
writes how often each operation of each camera was asked.  Pictures are one small JPEG; nothing is streamed.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Final

_SPACES: Final = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:ter="http://www.onvif.org/ver10/error"'
)
_OPERATION: Final = re.compile(rb"<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)")
_LENGTH: Final = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_TOKEN: Final = re.compile(
    rb"<[\w:]*Password[^>]*>([^<]*)<.*?<[\w:]*Nonce[^>]*>([^<]*)<.*?<[\w:]*Created[^>]*>([^<]*)<", re.DOTALL
)
_OPEN_TO_ALL: Final = frozenset({"GetSystemDateAndTime", "GetServices", "GetCapabilities"})
_ENDLESS_BYTES: Final = 100_000_000
_PIECE: Final = b"<tt:Filler>" + b"x" * 65_000 + b"</tt:Filler>"
_PLAIN_XML: Final = "application/soap+xml; charset=utf-8"


class Manner(StrEnum):
    """How a camera behaves."""

    HEALTHY = "healthy"
    DEAD = "dead"  # nobody listens
    SILENT = "silent"  # accepts, and never answers
    GARBAGE = "garbage"  # bytes that are neither HTTP nor XML
    RESET = "reset"  # resets the connection in the middle of an answer
    WRONG_PASSWORD = "wrong_password"
    ENTITY_BOMB = "entity_bomb"  # nested entities, three lines that would fill the memory
    ENDLESS = "endless"  # an answer of 100 MB


@dataclass(slots=True)
class CannedCamera:
    """One camera, its clock ``offset_s`` ahead of UTC; ``asked`` counts what came, by operation."""

    id: str
    host: str
    port: int
    manner: Manner = Manner.HEALTHY
    offset_s: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)


class CannedFleet:
    """All cameras of one fleet; each listens at its own address."""

    def __init__(
        self, cameras: Sequence[CannedCamera], *, think_s: float, password: str, picture: bytes = b""
    ) -> None:
        self.cameras = cameras
        self.think_s = think_s
        self.picture = picture
        self._password = password.encode()
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        """Open every address; OSError when one is taken."""
        loop = asyncio.get_running_loop()
        for camera in self.cameras:
            if camera.manner is Manner.DEAD:
                continue
            server = await loop.create_server(
                lambda camera=camera: _Connection(self, camera),  # type: ignore[misc]
                camera.host,
                camera.port,
                backlog=64,
            )
            self._servers.append(server)

    async def stop(self) -> None:
        """Close every address."""
        for server in self._servers:
            server.close()
        self._servers.clear()

    def counts(self) -> dict[str, dict[str, int]]:
        """How often each operation of each camera was asked."""
        return {camera.id: dict(camera.asked) for camera in self.cameras if camera.asked}

    def may(self, camera: CannedCamera, request: bytes) -> bool:
        """Whether the request is signed with the camera's password (WS-UsernameToken, digest)."""
        found = _TOKEN.search(request)
        if found is None:
            return False
        reported, nonce, created = found.groups()
        secret = self._password + (b"-other" if camera.manner is Manner.WRONG_PASSWORD else b"")
        digest = hashlib.sha1(base64.b64decode(nonce) + created + secret, usedforsecurity=False).digest()
        return base64.b64encode(digest) == reported


class _Connection(asyncio.Protocol):
    """One connection: requests in, canned answers out after the think time."""

    def __init__(self, fleet: CannedFleet, camera: CannedCamera) -> None:
        self._fleet = fleet
        self._camera = camera
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._camera.asked["connected"] += 1

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not found or len(rest) < (wanted := int(length[1]) if length else 0):
            return
        self._buffer = rest[wanted:]
        asyncio.get_running_loop().call_later(self._fleet.think_s, self._answer, head, rest[:wanted])

    def _answer(self, head: bytes, body: bytes) -> None:
        named = _OPERATION.search(body)
        operation = named[1].decode() if named else head.split(b" ", 1)[0].decode("ascii", "replace")
        self._camera.asked[operation] += 1
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        match self._camera.manner:
            case Manner.SILENT:
                return
            case Manner.GARBAGE:
                transport.write(b"\x00\xff\x13garbage\r\n\r\n<<<&&&")
                transport.close()
            case Manner.RESET:
                transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<?xml")
                transport.abort()
            case Manner.ENTITY_BOMB:
                transport.write(_response(_BOMB))
            case Manner.ENDLESS:
                asyncio.get_running_loop().create_task(_endless(transport))
            case _:
                transport.write(self._canned(operation, body))

    def _canned(self, operation: str, body: bytes) -> bytes:
        camera = self._camera
        if operation == "GET":
            return _response(self._fleet.picture, "image/jpeg")
        if operation not in _OPEN_TO_ALL and not self._fleet.may(camera, body):
            camera.asked["refused"] += 1
            return _response(_REFUSAL, status=400)
        if operation == "GetSystemDateAndTime":
            return _response(_clock(time.time() + camera.offset_s))
        known = _ANSWERS.get(operation)
        if known is None:
            return _response(_UNKNOWN, status=500)
        base = f"http://{camera.host}:{camera.port}"
        return _response(_envelope(known.replace("{base}", base).replace("{id}", camera.id)))


async def _endless(transport: asyncio.Transport) -> None:
    """Push 100 MB as one answer, as fast as the other side takes it."""
    transport.write(f"HTTP/1.1 200 OK\r\nContent-Type: {_PLAIN_XML}\r\nConnection: close\r\n\r\n".encode())
    transport.write(f"<s:Envelope {_SPACES}><s:Body>".encode())
    sent = 0
    while sent < _ENDLESS_BYTES and not transport.is_closing():
        if transport.get_write_buffer_size() < 2 * len(_PIECE):
            transport.write(_PIECE)
            sent += len(_PIECE)
        await asyncio.sleep(0)
    transport.close()


def _response(body: bytes, kind: str = _PLAIN_XML, *, status: int = 200) -> bytes:
    return (
        f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )


def _envelope(body: str) -> bytes:
    return f'<?xml version="1.0"?><s:Envelope {_SPACES}><s:Body>{body}</s:Body></s:Envelope>'.encode()


def _fault(*codes: str) -> bytes:
    inner = ""
    for code in reversed(codes):
        inner = f"<s:Subcode><s:Value>ter:{code}</s:Value>{inner}</s:Subcode>"
    reason = '<s:Reason><s:Text xml:lang="en">no</s:Text></s:Reason>'
    return _envelope(f"<s:Fault><s:Code><s:Value>s:Sender</s:Value>{inner}</s:Code>{reason}</s:Fault>")


def _clock(unix: float) -> bytes:
    at = time.gmtime(unix)
    clock = (
        f"<tt:Hour>{at.tm_hour}</tt:Hour><tt:Minute>{at.tm_min}</tt:Minute><tt:Second>{at.tm_sec}</tt:Second>"
    )
    day = f"<tt:Year>{at.tm_year}</tt:Year><tt:Month>{at.tm_mon}</tt:Month><tt:Day>{at.tm_mday}</tt:Day>"
    utc = f"<tt:UTCDateTime><tt:Time>{clock}</tt:Time><tt:Date>{day}</tt:Date></tt:UTCDateTime>"
    head = "<tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
    return _envelope(
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>"
        f"{head}{utc}</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def _service(space: str, path: str) -> str:
    return (
        f"<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{space}/wsdl</tds:Namespace>"
        f"<tds:XAddr>{{base}}/onvif/{path}</tds:XAddr>"
        "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
    )


def _profile(token: str, width: int, height: int) -> str:
    bounds = f'<tt:Bounds x="0" y="0" width="{width}" height="{height}"/>'
    source = f"<tt:Name>in</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>V0</tt:SourceToken>{bounds}"
    return (
        f'<trt:Profiles token="{token}" fixed="true"><tt:Name>{token}</tt:Name>'
        f'<tt:VideoSourceConfiguration token="VS">{source}</tt:VideoSourceConfiguration>'
        f'<tt:VideoEncoderConfiguration token="VE-{token}"><tt:Name>{token}</tt:Name>'
        "<tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>"
        f"<tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution>"
        "<tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>25</tt:FrameRateLimit>"
        "<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl>"
        "<tt:H264><tt:GovLength>50</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>"
        "<tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration></trt:Profiles>"
    )


def _uri(operation: str, address: str) -> str:
    flags = "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false"
    flags += "</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout>"
    media = f"<trt:MediaUri><tt:Uri>{address}</tt:Uri>{flags}</trt:MediaUri>"
    return f"<trt:{operation}Response>{media}</trt:{operation}Response>"


_ANSWERS: Final[Mapping[str, str]] = {
    "GetServices": "<tds:GetServicesResponse>"
    + "".join(_service(space, f"{space}_service") for space in ("device", "media", "events"))
    + "</tds:GetServicesResponse>",
    "GetCapabilities": "<tds:GetCapabilitiesResponse><tds:Capabilities>"
    "<tt:Device><tt:XAddr>{base}/onvif/device_service</tt:XAddr></tt:Device>"
    "<tt:Media><tt:XAddr>{base}/onvif/media_service</tt:XAddr><tt:StreamingCapabilities/></tt:Media>"
    "</tds:Capabilities></tds:GetCapabilitiesResponse>",
    "GetDeviceInformation": "<tds:GetDeviceInformationResponse><tds:Manufacturer>Canned</tds:Manufacturer>"
    "<tds:Model>EMU-IPC</tds:Model><tds:FirmwareVersion>1.4.2</tds:FirmwareVersion>"
    "<tds:SerialNumber>SN-{id}</tds:SerialNumber><tds:HardwareId>1</tds:HardwareId>"
    "</tds:GetDeviceInformationResponse>",
    "GetProfiles": "<trt:GetProfilesResponse>"
    + _profile("main", 1920, 1080)
    + _profile("sub", 640, 360)
    + "</trt:GetProfilesResponse>",
    "GetStreamUri": _uri("GetStreamUri", "rtsp://127.0.0.1:9/{id}"),
    "GetSnapshotUri": _uri("GetSnapshotUri", "{base}/snapshot.jpg"),
}
_REFUSAL: Final = _fault("NotAuthorized")
_UNKNOWN: Final = _fault("ActionNotSupported")
_BOMB: Final = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 100) for n in range(8))
    + b']><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&i;</s:Body></s:Envelope>'
)


class FleetThread:
    """The fleet in a thread of this process, for tests: ``with FleetThread(fleet): …``."""

    def __init__(self, fleet: CannedFleet) -> None:
        self.fleet = fleet
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> CannedFleet:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.fleet.start(), self._loop).result(30)
        return self.fleet

    def __exit__(self, *_exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        await self.fleet.stop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def read_cameras(path: Path) -> list[CannedCamera]:
    """The cameras of a JSON file."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    return [CannedCamera(**(one | {"manner": Manner(one.get("manner", "healthy"))})) for one in listed]


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the end of standard input."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.canned_fleet", description=__doc__)
    parser.add_argument("cameras", type=Path, help="JSON list of the cameras")
    parser.add_argument("--think", type=float, default=0.05, help="seconds before each answer")
    parser.add_argument("--counts", type=Path, help="where to write what was asked")
    parser.add_argument("--password", default="demo-only", help="password of the cameras")
    parser.add_argument("--picture", type=Path, help="JPEG of the snapshots")
    options = parser.parse_args(arguments)
    picture = options.picture.read_bytes() if options.picture else b""
    fleet = CannedFleet(
        read_cameras(options.cameras), think_s=options.think, password=options.password, picture=picture
    )
    with FleetThread(fleet):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while os.read(sys.stdin.fileno(), 1024):
            pass
        if options.counts:
            options.counts.write_text(json.dumps(fleet.counts()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
