# SPDX-License-Identifier: Apache-2.0
"""The WS-Discovery side of the emulated cameras and recorders: one responder for all of them on loopback."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import tomllib
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from xml.sax.saxutils import escape

from yanshou.emulation.video.device import EmulatedDevice

GROUP = "239.255.255.250"
_A = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
_D = "{http://schemas.xmlsoap.org/ws/2005/04/discovery}"
_LARGEST = 16_384
_KNOWN = frozenset({"NetworkVideoTransmitter", "Device"})


class _Responder(asyncio.DatagramProtocol):
    """Answers a probe for cameras, for devices, or for anything, with one match per device."""

    def __init__(self, devices: Sequence[EmulatedDevice]) -> None:
        self._devices = devices
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # its class does not state it

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        asked = _probe(data)
        if asked is None or self._transport is None:
            return
        for device in self._devices:
            self._transport.sendto(_match(device, asked).encode(), addr)


async def open_responder(
    host: str, port: int, devices: Sequence[EmulatedDevice]
) -> asyncio.DatagramTransport:
    """Join the group on the interface of ``host`` and answer; OSError when the port cannot be had."""
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Windows receives at the interface's own address, Linux only at the group's or any
        wire.bind((host if sys.platform == "win32" else "", port))
        member = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(host))
        wire.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        wire.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(host))
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Responder(devices), sock=wire
        )
    except OSError:
        wire.close()
        raise
    return transport


def discovery_port(folder: Path) -> int | None:
    """The UDP port of ``[discover]`` in the site file; None, and nothing is opened, when it names none."""
    try:
        document = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None  # a site put together by a test has no file
    table = document.get("discover")
    port = table.get("port") if isinstance(table, dict) else None
    return port if isinstance(port, int) else None


def endpoint(device: EmulatedDevice) -> str:
    """The endpoint reference, the same in every run."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_DNS, device.id)}"


def _probe(data: bytes) -> str | None:
    """The message id of a probe that concerns us, else None."""
    if len(data) > _LARGEST or b"<!" in data:
        return None
    try:
        root = ET.fromstring(data)  # noqa: S314 - no declarations get here
    except ET.ParseError:
        return None
    probe = root.find(f".//{_D}Probe")
    if probe is None:
        return None
    types = {one.rpartition(":")[2] for one in (probe.findtext(f"{_D}Types") or "").split()}
    return (root.findtext(f".//{_A}MessageID") or "") if not types or types & _KNOWN else None


def _match(device: EmulatedDevice, asked: str) -> str:
    model = device.device.model or "EMU"
    scopes = " ".join(
        f"onvif://www.onvif.org/{scope}"
        for scope in ("Profile/Streaming", "type/video_encoder", f"name/{model}", f"hardware/{model}")
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
        ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>'
        f"<a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID><a:RelatesTo>{escape(asked)}</a:RelatesTo>"
        "<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>"
        "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header>"
        "<s:Body><d:ProbeMatches><d:ProbeMatch>"
        f"<a:EndpointReference><a:Address>{endpoint(device)}</a:Address></a:EndpointReference>"
        "<d:Types>dn:NetworkVideoTransmitter</d:Types>"
        f"<d:Scopes>{escape(scopes)}</d:Scopes>"
        f"<d:XAddrs>{device.http_address('onvif/device_service')}</d:XAddrs>"
        "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
    )
