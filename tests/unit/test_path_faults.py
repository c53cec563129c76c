# SPDX-License-Identifier: Apache-2.0
"""A path fault that a panel reports with nothing cut is no answer to a cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.patience import HUNG_S
from yanshou.acquisition.centre import Account, Centre
from yanshou.drivers.alarm_link.receiver import CentreLink
from yanshou.equipment.reporting import Reporting
from yanshou.model import Device, DeviceKind, System

_REST_S = 0.5


def _frame(number: int, said: str) -> bytes:
    """A message in clear, written from the standard: CRC-16 with the polynomial 8005, reflected."""
    body = f'"ADM-CID"{number:04d}L0#1001[#1001|{said}]'.encode()
    crc = 0
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return b"\n%04X0%03X%b\r" % (crc, len(body), body)


@pytest.fixture
def centre() -> Iterator[Centre]:
    addresses = [("127.0.0.1", 0), ("127.0.0.1", 0)]
    with Centre(addresses, [Account("LINK-1", "1001")], ordinary=True) as opened:
        yield opened


def _reporting(centre: Centre) -> Reporting:
    stated = {"supervision_s": _REST_S}
    device = Device("LINK-1", DeviceKind.ALARM_LINK, System.ALARM_NETWORK, "", "", attributes=stated)
    notes = cast("Any", SimpleNamespace(observation=lambda *_: None))
    return Reporting(device, CentreLink(device, centre, [1, 2]), notes, patience=HUNG_S)


def _said(centre: Centre, *events: str) -> None:
    with socket.create_connection(("127.0.0.1", centre.ports[1]), HUNG_S) as line:
        for number, event in enumerate(events, start=1):
            line.sendall(_frame(number, event))
            assert b"ACK" in line.recv(200)


@contextmanager
def _again_and_again(centre: Centre) -> Iterator[None]:
    """A line that flaps: the fault of path 1 and its end, more often than the bench waits for quiet."""
    over, begun = threading.Event(), threading.Event()

    def flap() -> None:
        with socket.create_connection(("127.0.0.1", centre.ports[1]), HUNG_S) as line:
            for number in range(1, 10_000):
                line.sendall(_frame(number, f"{1 if number % 2 else 3}350 01 001"))
                line.recv(200)
                begun.set()
                if over.wait(_REST_S / 20):
                    return

    thread = threading.Thread(target=flap)
    thread.start()
    try:
        assert begun.wait(HUNG_S)
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize(("events", "why"), [
    ([], ""),
    (["1350 01 001", "3350 01 001"], ""),
    (["1350 01 002"], ""),  # the other path
    (["1350 01 001"], "切断前主机已报路径 1 故障，未报恢复"),
    (["1350 01 001", "3350 01 001", "1350 01 001", "3350 01 002"], "切断前主机已报路径 1 故障，未报恢复"),
])  # fmt: skip
def test_a_fault_that_stands_before_the_cut_is_stated(centre: Centre, events: list[str], why: str) -> None:
    _said(centre, *events)
    assert _reporting(centre).path_fault_at_rest(1) == why


def test_a_fault_that_comes_again_and_again_is_stated(centre: Centre) -> None:
    with _again_and_again(centre):
        assert _reporting(centre).path_fault_at_rest(1) == "路径 1 未切断时主机也报其故障"
        assert _reporting(centre).path_fault_at_rest(2) == ""
