# SPDX-License-Identifier: Apache-2.0
"""Time against others' implementations: our client asks chronyd, ntplib asks our emulated server."""

from __future__ import annotations

import os
import socketserver
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import ntplib
import pytest

from tests.support.patience import HUNG_S
from tests.support.peers import require
from tests.support.ports import free_port
from yanshou.drivers.clock.offset import ntp_reference
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.model import RigFault, now
from yanshou.protocols.ntp import NtpOffset, query
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
AHEAD_S = 1.234567
UNSYNCHRONISED = 3
SURE_S = 0.5  # chronyd begins with a wide estimate of its own drift


def _server(folder: Path, source: str) -> Iterator[int]:
    """A chronyd on loopback that leaves the machine's clock alone; ``source`` says where its time is from."""
    port = free_port()
    folder.mkdir()
    conf = folder / "chrony.conf"
    conf.write_text(
        f"port {port}\nbindaddress 127.0.0.1\nallow 127.0.0.1\ncmdport 0\n"
        f"bindcmdaddress {folder}/chronyd.sock\npidfile {folder}/chronyd.pid\n{source}\n",
        encoding="utf-8",
    )
    user = ["-u", "root"] if os.geteuid() == 0 else []
    with subprocess.Popen(
        [require("chronyd"), "-x", "-d", *user, "-f", str(conf)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _await(port, process)
            yield port
        finally:
            process.terminate()


class Source(socketserver.UDPServer):
    """A stratum 1 by the machine's own clock, set a moment ago."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.port = self.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Answer(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, line = self.request
        moment = int((time.time() + 2208988800) * 2**32).to_bytes(8, "big")
        head = struct.pack(">BBBbII4s", 0x24, 1, data[2], -20, 0, 1, b"GPS\0") + moment
        sent = int((time.time() + 2208988800) * 2**32).to_bytes(8, "big")
        line.sendto(head + data[40:48] + moment + sent, self.client_address)


def _await_synchronised(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        reported = ntplib.NTPClient().request("127.0.0.1", port=port, version=4)
        if reported.leap != UNSYNCHRONISED and reported.root_dispersion < SURE_S:
            return
        time.sleep(0.2)
    pytest.fail("chronyd did not follow its source")


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        try:
            ntplib.NTPClient().request("127.0.0.1", port=port, version=4, timeout=0.2)
        except (ntplib.NTPException, OSError):
            time.sleep(0.05)
        else:
            return
    pytest.fail("chronyd did not start")


@pytest.fixture(scope="module")
def chrony(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """It follows a server of our own making, and takes some seconds to."""
    with Source() as source:
        line = f"server 127.0.0.1 port {source.port} iburst minpoll -2 maxpoll 0"
        for port in _server(tmp_path_factory.mktemp("chrony") / "local", line):
            _await_synchronised(port)
            yield port


@pytest.fixture(scope="module")
def free_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server that calls its own clock a source, and itself well."""
    yield from _server(tmp_path_factory.mktemp("chrony") / "free", "local stratum 1")


@pytest.fixture(scope="module")
def astray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server that has no source and says so."""
    yield from _server(tmp_path_factory.mktemp("chrony") / "astray", "")


def _asked(port: int) -> NtpOffset:
    """What a chronyd answers that is sure of its time; on a busy machine it is not at every moment."""
    end = time.monotonic() + HUNG_S
    while True:
        _await_synchronised(port)
        try:
            return query("127.0.0.1", port)
        except RigFault:
            if time.monotonic() > end:
                raise


def test_the_offset_from_a_server_on_this_machine_is_zero_within_its_uncertainty(chrony: int):
    answer = _asked(chrony)
    assert answer.samples == 8
    assert answer.stratum >= 1
    assert abs(answer.offset_s) <= answer.U_s
    assert answer.delay_s > 0
    assert answer.U_s >= answer.delay_s / 2


def test_utc_through_the_server_is_this_machines_wall_clock(chrony: int):
    reference = ntp_reference(_asked(chrony))
    before, wall, after = now(), time.time(), now()
    assert reference(before) - reference.U - 1e-3 <= wall <= reference(after) + reference.U + 1e-3


def test_a_server_without_a_source_is_no_reference(astray: int):
    with pytest.raises(RigFault, match="not synchronised") as fault:
        query("127.0.0.1", astray, samples=2, device="TIME-1")
    assert fault.value.device == "TIME-1"


def test_a_clock_that_runs_free_is_no_reference_and_can_be_measured(free_running: int):
    with pytest.raises(RigFault, match="runs free"):
        query("127.0.0.1", free_running, samples=2)
    assert query("127.0.0.1", free_running, samples=2, under_test=True).stratum >= 1


def test_nobody_at_the_port_is_told():
    with pytest.raises(RigFault, match="no usable time"):
        query("127.0.0.1", free_port(), samples=2, timeout_s=0.2)


@pytest.fixture(scope="module", params=[0.0, AHEAD_S], ids=["right", "ahead"])
def emulated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, float]]:
    """Our emulated time server, right or planted to be ahead."""
    folder = tmp_path_factory.mktemp("emulated")
    site = private_copy(BRANCH, folder / "site")
    faults = folder / "faults.toml"
    planted = f'[[fault]]\ndevice = "NTP-1"\nkind = "ntp_offset"\nvalue = {request.param}\n'
    faults.write_text(planted if request.param else "", encoding="utf-8")
    with EmulatedSite(site, faults, video=False):
        connection = load_site(site).devices["NTP-1"].connection
        assert connection is not None
        assert connection.port is not None
        yield connection.port, request.param


def test_an_independent_client_reads_our_emulated_server(emulated: tuple[int, float]):
    port, ahead = emulated
    reported = min(
        (ntplib.NTPClient().request("127.0.0.1", port=port, version=4) for _ in range(8)),
        key=lambda one: one.delay,
    )
    assert (
        abs(reported.offset - ahead)
        <= reported.delay / 2 + reported.root_dispersion + reported.root_delay / 2
    )
    assert ntplib.leap_to_text(reported.leap) == "no warning"
    assert ntplib.stratum_to_text(reported.stratum) == "primary reference (1)"
    assert ntplib.mode_to_text(reported.mode) == "server"


def test_our_client_finds_the_same_offset(emulated: tuple[int, float]):
    port, ahead = emulated
    answer = query("127.0.0.1", port)
    assert abs(answer.offset_s - ahead) <= answer.U_s
