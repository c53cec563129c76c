# SPDX-License-Identifier: Apache-2.0
"""The clocks of door controllers: registers over Modbus, the time of ISAPI, and what answers wrongly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.support.ports import free_port
from yanshou.drivers.capabilities import DeviceClock
from yanshou.drivers.clock.field import IsapiClock
from yanshou.drivers.clock.offset import measure_offset, wall_clock_reference
from yanshou.emulation.faults import Fault, FaultBook
from yanshou.emulation.link_behaviour import LinkBehaviour
from yanshou.emulation.messages.isapi import IsapiHost
from yanshou.emulation.site.truth import Truth
from yanshou.emulation.site.world import World
from yanshou.model import Connection, Device, DeviceKind, RigFault, System


def controller(port: int) -> Device:
    at = Connection("isapi", host="127.0.0.1", port=port, user="admin")
    return Device("ACS-2", DeviceKind.DOOR_CONTROLLER, System.ACCESS_CONTROL, "门控制器", connection=at)


@pytest.fixture
def host(tmp_path: object) -> Iterator[tuple[IsapiHost, int]]:
    """An emulated controller, 3.4 s behind."""
    port = free_port()
    faults, truth = FaultBook([Fault("ACS-2", "clock_offset", -3.4)]), Truth(None)
    made = IsapiHost(
        ("127.0.0.1", port), "ACS-2", World(faults, truth), LinkBehaviour("ACS-2", faults, truth)
    )
    made.start()
    yield made, port
    made.stop()


def test_the_time_of_isapi_is_bracketed_at_its_roll_over(host: tuple[IsapiHost, int]) -> None:
    made, port = host
    clock = IsapiClock(controller(port), made.password, "UTC")
    assert isinstance(clock, DeviceClock)
    found = measure_offset(clock, wall_clock_reference(), polls=10, enough_s=0.02)
    assert found.low <= -3.4 <= found.high


def test_a_wrong_password_is_told_at_once_and_not_tried_again(host: tuple[IsapiHost, int]) -> None:
    clock = IsapiClock(controller(host[1]), "other", "UTC")
    with pytest.raises(RigFault, match="password") as caught:
        clock.read_clock()
    assert caught.value.final
    host[0].stop()  # who is asked now gives no answer at all
    with pytest.raises(RigFault, match="password"):
        clock.read_clock()


@pytest.fixture
def answering() -> Iterator[tuple[list[bytes], int]]:
    """A server that answers whatever stands first in a list."""
    says: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if says else 404)
            self.end_headers()
            self.wfile.write(says[0] if says else b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library calls it so
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield says, server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        (b"<Time><localTime>2026-11-24T10:50:44+08:00</localTime></Time>", (2, 50, 44)),
        (b'<Time xmlns="x"><localTime>2026-11-24T10:50:44</localTime></Time>', (2, 50, 44)),
        (b'{"Time": {"timeMode": "manual", "localTime": "2026-11-24T02:50:44.731Z"}}', (2, 50, 44)),
    ],
)
def test_the_time_is_read_in_either_notation_and_zone(
    answering: tuple[list[bytes], int], document: bytes, shown: tuple[int, int, int]
) -> None:
    says, port = answering
    says.append(document)
    reading = IsapiClock(controller(port), "x", "Asia/Shanghai").read_clock()
    assert reading.shown_utc == datetime(2026, 11, 24, *shown, tzinfo=UTC)
    assert reading.resolution_s == 1.0
    assert reading.asked.latest > reading.asked.earliest


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<Time><localTime>soon</localTime></Time>",
        b"<Time><otherlocalTime>2026-11-24T10:50:44</otherlocalTime></Time>",
        b'<!DOCTYPE a [<!ENTITY b "2026-11-24T10:50:44">]><Time><localTime>&b;</localTime></Time>',
        b'{"Time": [',
        b"x" * 200_000,
    ],
)
def test_what_tells_no_time_is_a_fault_of_the_path(
    answering: tuple[list[bytes], int], document: bytes
) -> None:
    says, port = answering
    says.append(document)
    with pytest.raises(RigFault, match=r"localTime|longer than"):
        IsapiClock(controller(port), "x", "UTC").read_clock()


def test_a_controller_without_that_path_is_named(answering: tuple[list[bytes], int]) -> None:
    with pytest.raises(RigFault, match="404") as caught:
        IsapiClock(controller(answering[1]), "x", "UTC").read_clock()
    assert caught.value.device == "ACS-2"
