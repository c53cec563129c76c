# SPDX-License-Identifier: Apache-2.0
"""Which time servers are a reference: what their clock follows, when it was set, what they say of it."""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from yanshou.model import RigFault
from yanshou.protocols.ntp import NtpOffset, query

DAY_S = 86400.0


@dataclass
class Server:
    """A server on loopback; ``asked`` counts the questions.  ``jump_s`` is added from the third on."""

    leap: int = 0
    mode: int = 4
    stratum: int = 1
    reference: bytes = b"GPS\0"
    age_s: float | None = 10.0
    dispersion_s: float = 0.01
    jump_s: float = 0.0
    tick_s: float = 0.0  # its stamps are whole multiples of it
    precision: int = -20
    lost_from: int = 99  # the answers from which on it has no source
    asked: int = 0
    line: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))

    def run(self) -> None:
        while True:
            try:
                data, client = self.line.recvfrom(200)
            except OSError:
                return
            self.asked += 1
            self.line.sendto(self.answer(data), client)

    def answer(self, data: bytes) -> bytes:
        moment = time.time() + (self.jump_s if self.asked > 2 else 0.0)
        if self.tick_s:
            moment -= moment % self.tick_s
        head = struct.pack(
            ">BBbbII4s",
            (3 if self.asked >= self.lost_from else self.leap) << 6 | 4 << 3 | self.mode,
            self.stratum,
            6,
            self.precision,
            0,
            int(self.dispersion_s * 65536),
            self.reference,
        )
        set_at = bytes(8) if self.age_s is None else stamp(moment - self.age_s)
        return head + set_at + data[40:48] + 2 * stamp(moment)


def stamp(unix: float) -> bytes:
    return int((unix + 2208988800) * 2**32).to_bytes(8, "big")


@contextmanager
def serving(server: Server) -> Iterator[int]:
    server.line.bind(("127.0.0.1", 0))
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield server.line.getsockname()[1]
    finally:
        server.line.close()


def asked(server: Server, *, under_test: bool = False) -> NtpOffset:
    with serving(server) as port:
        return query("127.0.0.1", port, timeout_s=10.0, gap_s=0.0, under_test=under_test)


@pytest.mark.parametrize(
    "server",
    [
        Server(),
        Server(reference=b"PPS\0", age_s=1000.0),
        Server(stratum=2, reference=b"\xc0\xa8\1\1", age_s=3600.0),
        Server(stratum=3, reference=b"\x7f\0\0\1"),
    ],
)
def test_what_follows_a_source_is_a_reference(server: Server) -> None:
    found = asked(server)
    assert abs(found.offset_s) <= found.U_s + 0.01
    assert found.samples == 8
    assert found.follows
    assert found.age_s == pytest.approx(server.age_s, abs=1.0)


FREE = [
    Server(stratum=10, reference=b"\x7f\x7f\1\0", age_s=30 * DAY_S),
    Server(stratum=10, reference=b"\x7f\x7f\1\1"),
    Server(reference=b"LOCL"),
    Server(stratum=5, reference=b"LOCL"),
    Server(reference=b"XFAC"),
    Server(reference=b"FREE"),
    Server(reference=bytes(4)),
    Server(stratum=2, reference=bytes(4)),
    Server(age_s=None),
    Server(age_s=DAY_S),
    Server(age_s=-60.0),
    Server(stratum=2, reference=b"\xc0\xa8\1\1", age_s=None),
    Server(dispersion_s=3.0),
    Server(mode=5),
    Server(mode=6),
]


@pytest.mark.parametrize("server", FREE)
def test_a_clock_that_nothing_sets_is_none(server: Server) -> None:
    with pytest.raises(RigFault, match=r"no usable time: (its clock|it is|it answers)") as fault:
        asked(server)
    assert "source" in fault.value.remedy
    assert server.asked == 1


def test_as_the_clock_under_test_it_is_measured() -> None:
    found = asked(Server(stratum=10, reference=b"\x7f\x7f\1\0", age_s=30 * DAY_S), under_test=True)
    assert abs(found.offset_s) < 0.1
    assert "127.127.1.0" in found.state


@pytest.mark.parametrize("leap", [0, 3])
@pytest.mark.parametrize("code", ["RATE", "DENY", "RSTR", "INIT"])
def test_a_kiss_code_ends_the_asking_and_is_named(code: str, leap: int) -> None:
    server = Server(leap=leap, stratum=0, reference=code.encode())
    with pytest.raises(RigFault, match=f"kiss code {code}"):
        asked(server, under_test=leap == 0)
    assert server.asked == 1


def test_a_time_that_jumps_between_two_answers_is_none() -> None:
    with pytest.raises(RigFault, match=r"jumped by") as caught:
        asked(Server(jump_s=2.0))
    (jumped,) = re.findall(r"jumped by ([\d.]+) s", str(caught.value))
    assert float(jumped) == pytest.approx(2.0, abs=0.1)  # the two answers were not equally long on their way


@pytest.mark.parametrize("lost_from", [1, 2, 8])
def test_a_server_that_says_only_once_that_it_lost_its_source_is_no_reference(lost_from: int) -> None:
    with pytest.raises(RigFault, match="not synchronised"):
        asked(Server(lost_from=lost_from))


def test_stamps_in_ticks_widen_u_by_the_tick_and_are_no_jump() -> None:
    """The clock of older Windows is read every 15.6 ms, and such a server says so."""
    tick_s = 2.0**-6
    with serving(Server(tick_s=tick_s, precision=-6)) as port:
        found = query("127.0.0.1", port, timeout_s=10.0, gap_s=tick_s / 3)
    assert found.U_s > tick_s
    assert -found.U_s <= found.offset_s <= found.U_s


@pytest.mark.parametrize("server", [Server(tick_s=2.0**-6), Server(tick_s=0.25, precision=-2)])
def test_ticks_that_are_not_stated_or_too_coarse_are_jumps(server: Server) -> None:
    with serving(server) as port, pytest.raises(RigFault, match="jumped by"):
        query("127.0.0.1", port, timeout_s=10.0, gap_s=server.tick_s / 3)
