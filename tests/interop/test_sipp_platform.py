# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181 under SIPp as upper platform: registrar, query and call of others."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.gb_devices import ALONE, HALL, PLATFORM, REALM, RECORDER, gb_bench, take
from tests.support.patience import HUNG_S
from tests.support.peers import require
from yanshou.emulation.faults import Fault

SCENARIO = Path(__file__).parent / "sipp" / "platform.xml"
CODES = {"NVR-1": (RECORDER, HALL, "u1"), "CAM-3": (ALONE, ALONE, "t1")}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def sipp(folder: Path, device: str, media: int) -> Iterator[int]:
    """SIPp as platform; its messages are kept in ``folder``."""
    port, (code, channel, transport) = free_port(), CODES[device]
    command = [require("sipp"), "-sf", str(SCENARIO), "-i", "127.0.0.1", "-p", str(port), "-t", transport]
    command += ["-nostdin", "-trace_msg", "-message_file", str(folder / "messages")]
    keys = {"device": code, "channel": channel, "platform": PLATFORM, "realm": REALM, "media": media}
    for key, value in keys.items():
        command += ["-key", key, str(value)]
    with (
        (folder / "sipp.out").open("w") as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder) as child,
    ):
        try:
            yield port
        finally:
            child.terminate()
            child.wait(10)


def meet(tmp_path: Path, device: str, *faults: Fault) -> tuple[Any, Any, str]:
    """What the device did, its media, and the messages SIPp saw."""
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.settimeout(0.2)
        with sipp(tmp_path, device, taken.getsockname()[1]) as port:
            address: Any = SimpleNamespace(port=port, received=lambda _after: [])
            with gb_bench(address, tmp_path, *faults, only=device) as bench:
                bench.until(lambda: bench.truth("registered") or bench.truth("register_failed"))
                came = take(taken, 2.2, first_s=HUNG_S if bench.truth("registered") else 0.3)
                bench.until(lambda: bench.truth("frame_rate_sent"), 2.0 if came.packets else 0.0)
                time.sleep(0.3)
            said = {what: bench.truth(what) for what in ("registered", "clock_set", "register_failed")}
    return said, came, (tmp_path / "messages").read_text("utf-8", "replace")


@pytest.mark.needs("sipp")
@pytest.mark.parametrize("device", sorted(CODES))
def test_a_device_registers_answers_and_sends_pictures(tmp_path: Path, device: str) -> None:
    said, came, messages = meet(tmp_path, device)
    assert said["registered"][0] == 86_400
    assert said["clock_set"][0] < -86_400  # SIPp's Date is months ago
    assert "<SN>17430</SN>" in messages
    assert f"<DeviceID>{CODES[device][1]}</DeviceID>" in messages
    assert (came.kinds, came.sources) == ({96}, {100004711})
    assert came.walked().oddities.found == {}
    assert re.search(r"SIP/2.0 200 OK[^!]*?CSeq: 103 BYE", messages)


@pytest.mark.needs("sipp")
def test_a_nonce_of_its_own_is_refused_there_too(tmp_path: Path) -> None:
    said, came, messages = meet(tmp_path, "NVR-1", Fault("NVR-1", "gb_own_nonce"))
    assert (said["registered"], came.packets) == ([], [])
    assert "200 OK" not in messages
