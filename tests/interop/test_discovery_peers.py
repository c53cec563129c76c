# SPDX-License-Identifier: Apache-2.0
"""WS-Discovery against implementations nobody here wrote, on loopback.

onveef probes the emulated responder; our prober asks the responder of ipycam.  The package ``wsdiscovery`` is
no peer here: it leaves loopback interfaces out.
"""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace

from ipycam import CameraConfig
from ipycam.discovery import WSDiscoveryServer
from ipycam.onvif import ONVIFService
from onveef import wsdiscovery

from tests.support.ports import free_port
from yanshou.emulation.video.discovery import open_responder
from yanshou.protocols.discovery import ask_host, probe

LOOPBACK = "127.0.0.1"


def emulated(name: str):
    return SimpleNamespace(
        id=name,
        device=SimpleNamespace(model="EMU-IPC"),
        http_address=lambda path: f"http://{LOOPBACK}:15811/{path}",
    )


def test_onveef_finds_the_emulated_devices(monkeypatch):
    port = free_port()
    monkeypatch.setattr(wsdiscovery, "WS_DISCOVERY_PORT", port)

    async def found():
        responder = await open_responder(LOOPBACK, port, [emulated("CAM-1"), emulated("CAM-2")])
        try:
            return await asyncio.to_thread(wsdiscovery.discover, timeout_s=1.0, interface_ip=LOOPBACK)
        finally:
            responder.close()

    devices = asyncio.run(found())
    assert len({one.endpoint_reference for one in devices}) == 2
    assert {one.device_service for one in devices} == {f"http://{LOOPBACK}:15811/onvif/device_service"}
    assert {one.hardware for one in devices} == {"EMU-IPC"}


def test_our_prober_finds_an_ipycam(monkeypatch):
    monkeypatch.setattr(WSDiscoveryServer, "MULTICAST_PORT", free_port())
    service = ONVIFService(CameraConfig(local_ip=LOOPBACK, onvif_port=8080, name="IPyCam"))
    server = WSDiscoveryServer(service)
    server.sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
    server.start()
    try:
        port = WSDiscoveryServer.MULTICAST_PORT
        by_group = probe(LOOPBACK, port=port, seconds=1.0)
        by_host = ask_host(LOOPBACK, port=port, seconds=1.0)
    finally:
        server.stop()
        server.join(5)
    for found in (by_group, by_host):
        assert [one.epr for one in found] == [service.device_uuid]
        assert found[0].scopes["name"] == "IPyCam"
        assert found[0].host == LOOPBACK
