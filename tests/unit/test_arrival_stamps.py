# SPDX-License-Identifier: Apache-2.0
"""The stamp of a packet and the lateness said beside it hold its arrival, however late it is read."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from yanshou.model import now
from yanshou.model.stream import SeenFrame
from yanshou.protocols.rtsp import arrival, datagrams
from yanshou.protocols.rtsp.arrival import Arrivals
from yanshou.protocols.rtsp.datagrams import DatagramSocket
from yanshou.protocols.rtsp.link import RtspLink
from yanshou.protocols.rtsp.message import Interleaved

LATE_S = 0.05
CLOCKS_S = 2e-4  # by which two clocks read one after the other may disagree


def sent(to: DatagramSocket) -> tuple[float, float]:
    """Send one datagram; between which moments it left, and so arrived."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        before = now()
        sender.sendto(b"x", ("127.0.0.1", to.port))
        return before, now()


@pytest.fixture
def wire() -> Iterator[DatagramSocket]:
    made = DatagramSocket(socket.AF_INET, ("127.0.0.1", 0))
    yield made
    made.wire.close()


def test_a_datagram_read_late_has_the_stamp_of_its_arrival(wire: DatagramSocket) -> None:
    list(wire.read())
    before, after = sent(wire)
    time.sleep(LATE_S)
    (_, _, at), *_ = wire.read()
    assert at - wire.late_s - CLOCKS_S <= after
    assert at + CLOCKS_S >= before
    if wire.stamped:
        assert at < before + LATE_S, "the kernel's stamp is that of the arrival"


def test_without_a_stamp_of_the_kernel_the_lateness_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datagrams, "stamped_by_kernel", lambda _: False)
    wire = DatagramSocket(socket.AF_INET, ("127.0.0.1", 0))
    list(wire.read())  # seen empty
    _, after = sent(wire)
    time.sleep(LATE_S)
    (_, _, at), *_ = wire.read()
    wire.wire.close()
    assert at - wire.late_s <= after <= at
    assert wire.late_s >= LATE_S


def test_a_kernel_that_stamps_what_is_read_and_not_what_arrives_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arrival, "_stamping", cache(arrival._stamping.__wrapped__))
    monkeypatch.setattr(arrival, "kernel_stamp", lambda _: time.time())
    wire = DatagramSocket(socket.AF_INET, ("127.0.0.1", 0))
    wire.wire.close()
    assert not wire.stamped


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's stamps are those of Linux")
def test_a_kernel_that_begins_to_stamp_late_is_believed_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    stamping = cache(arrival._stamping.__wrapped__)
    monkeypatch.setattr(arrival, "_stamping", stamping)
    read = arrival.kernel_stamp
    stamps = iter([time.time] * 3)
    monkeypatch.setattr(arrival, "kernel_stamp", lambda got: next(stamps, lambda: read(got))())
    wire = DatagramSocket(socket.AF_INET, ("127.0.0.1", 0))
    wire.wire.close()
    stamping().close()
    assert wire.stamped
    assert next(stamps, None) is None, "three stamps of the reading were set aside first"


@pytest.mark.parametrize("moved_s", [-30.0, 30.0])
def test_a_wall_clock_that_was_set_meanwhile_moves_no_arrival(
    moved_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals, came = Arrivals(), time.time()
    monkeypatch.setattr(arrival.time, "time", lambda: came + moved_s)
    begun = now()
    at, late_s = arrivals.stamp(came)
    assert begun <= at <= now()
    assert late_s < abs(moved_s) / 2


def test_media_in_a_connection_is_bracketed_by_the_last_look_that_found_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = RtspLink(*server.getsockname(), timeout_s=5.0, device="CAM-1")
        device, _ = server.accept()
        assert list(link.receive(now() + 0.01)) == []
        before = now()
        device.sendall(b"$\x00\x00\x04abcd")
        after = now()
        time.sleep(LATE_S)
        (came,) = link.receive(now() + 1.0)
        assert isinstance(came.message, Interleaved)
        assert came.at - link.late_s <= after
        assert before <= came.at
        assert link.late_s >= LATE_S
        device.close()
        link.close()


def test_an_answer_that_came_late_is_no_late_medium() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = RtspLink(*server.getsockname(), timeout_s=5.0, device="CAM-1")
        device, _ = server.accept()
        device.sendall(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
        time.sleep(LATE_S)
        assert len(list(link.receive(now() + 1.0))) == 1
        assert link.late_s == 0.0
        device.close()
        link.close()


def test_a_frame_may_have_been_there_before_its_stamp() -> None:
    frame = SeenFrame(0, 10.0, 0.003, np.zeros((1, 1), np.float32), late_s=0.028)
    assert (frame.there.earliest, frame.there.latest) == pytest.approx((9.972, 10.003))
