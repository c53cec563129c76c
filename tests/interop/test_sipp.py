# SPDX-License-Identifier: Apache-2.0
"""The bench as GB/T 28181 platform under SIPp, whose SIP nobody here wrote, and a storm of registrations."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.peers import require
from yanshou.acquisition.sip_platform import SipDevice, SipEvent, SipPlatform

SCENARIO = Path(__file__).parent / "sipp" / "registers.xml"
PLATFORM = "34020000002000000001"
REALM = "3402000000"
PASSWORD = "12345678"
DEVICES = 1000


def code_of(number: int) -> str:
    return f"3402000000132{number:07}"


@pytest.fixture
def platform():
    devices = [SipDevice(f"d{n}", code_of(n), PASSWORD) for n in range(DEVICES)]
    with SipPlatform(
        ("127.0.0.1", 0), REALM, devices, code="34020000002000000001", utc_offset_s=28_800, ordinary=True
    ) as made:
        yield made


def run_sipp(platform: SipPlatform, folder: Path, codes: list[str], password: str, *options: str):
    rows = [f"{code};[authentication username={code} password={password}];{REALM}" for code in codes]
    table = folder / "devices.csv"
    table.write_text("\n".join(["SEQUENTIAL", *rows, ""]), encoding="ascii")
    command = [require("sipp"), f"127.0.0.1:{platform.port}", "-sf", str(SCENARIO), "-inf", str(table)]
    command += ["-s", PLATFORM, "-i", "127.0.0.1", "-m", str(len(codes)), "-nostdin", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)


WHOLE = [
    *(SipEvent.CHALLENGED, SipEvent.REGISTERED, SipEvent.KEEPALIVE),
    *(SipEvent.CHALLENGED, SipEvent.UNREGISTERED),
]


@pytest.mark.needs("sipp")
@pytest.mark.parametrize("transport", ["u1", "t1"])
def test_it_registers_keeps_alive_and_logs_out(platform: SipPlatform, tmp_path: Path, transport: str) -> None:
    run = run_sipp(platform, tmp_path, [code_of(7)], PASSWORD, "-t", transport)
    entries = platform.received(0)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr + repr(entries)
    assert [one.kind for one in entries] == WHOLE
    assert {one.device for one in entries} == {"d7"}
    assert all(not one.said["odd"] for one in entries)


@pytest.mark.needs("sipp")
def test_a_wrong_password_registers_nothing(platform: SipPlatform, tmp_path: Path) -> None:
    run = run_sipp(platform, tmp_path, [code_of(7)], "wrong", "-t", "u1")
    assert run.returncode != 0
    first, *rest = [one.kind for one in platform.received(0)]
    assert first is SipEvent.CHALLENGED
    assert set(rest) == {SipEvent.REFUSED}


@pytest.mark.needs("sipp")
def test_a_thousand_devices_at_once_are_all_served(platform: SipPlatform, tmp_path: Path) -> None:
    codes = [code_of(n) for n in range(DEVICES)]
    run = run_sipp(platform, tmp_path, codes, PASSWORD, "-t", "u1", "-r", "500", "-l", "1000")
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr
    seen: dict[str, list[SipEvent]] = {}
    for one in platform.received(0):
        if one.kind is not SipEvent.REPEATED:
            seen.setdefault(one.device, []).append(one.kind)
    assert len(seen) == DEVICES
    assert all(kinds == WHOLE for kinds in seen.values())
