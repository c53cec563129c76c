# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181 at a platform, and what a test asks them."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from tests.support.gb_devices import (
    HALL,
    RECORDER,
    Bench,
    call,
    gb_bench,
    gb_platform,
    invite,
    offer,
    take,
)
from yanshou.acquisition.sip_platform import PlatformConduct, SipEvent, SipGathered, SipPlatform
from yanshou.emulation.faults import Fault

DAY_S = 86_400


@pytest.fixture(scope="module")
def platform() -> Iterator[SipPlatform]:
    with gb_platform() as made:
        yield made


@pytest.fixture(autouse=True)
def _serves(platform: SipPlatform) -> Iterator[None]:
    yield
    for device in ("NVR-1", "CAM-3", "HOST-1"):
        platform.conduct(device, PlatformConduct.SERVE)


@pytest.fixture
def bench(platform: SipPlatform, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The devices with the faults of the test's parameter, registered."""
    faults = getattr(request, "param", ())
    with gb_bench(platform, tmp_path, *faults) as made:
        if not any(one.kind in ("gb_own_nonce", "gb_takes_401") for one in faults):
            made.registered("NVR-1")
        yield made


def planted(kind: str, value: object = None, device: str = "NVR-1") -> pytest.MarkDecorator:
    return pytest.mark.parametrize("bench", [(Fault(device, kind, value),)], indirect=True, ids=[kind])


def habit(*arguments: str) -> pytest.MarkDecorator:
    return planted("gb_habit", ", ".join(arguments))


def ask(bench: Bench, command: str, target: str = RECORDER, **more: Any) -> SipGathered:
    more = {"total_s": 3.0, "idle_s": 0.5, "settle_s": 0.2} | more
    return bench.platform.ask("NVR-1", command, target, **more)


def recordings(bench: Bench, **fields: str) -> SipGathered:
    now = time.time() + 28_800
    start, end = (time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now - ago)) for ago in (3 * 3600, 60))
    return ask(bench, "RecordInfo", HALL, fields={"StartTime": start, "EndTime": end} | fields)


def control(bench: Bench, name: str, text: str, target: str = RECORDER) -> SipGathered:
    return ask(bench, "DeviceControl", target, root="Control", fields={name: text}, total_s=1.0)


def decoded(data: bytes) -> int:
    """How many pictures a decoder makes of a program stream."""
    with av.open(io.BytesIO(data), mode="r", format="mpeg") as container:
        return sum(1 for _ in container.decode(video=0))


def reconnected(bench: Bench) -> float:
    """Seconds until the device connected again after its media connection was closed; inf if it did not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)
        answer = invite(bench, HALL, offer(server.getsockname()[1], "Play", (0, 0), tcp=True))
        server.accept()[0].close()
        began = time.monotonic()
        try:
            server.accept()[0].close()
        except TimeoutError:
            return float("inf")
        finally:
            bench.platform.request("NVR-1", "BYE", HALL, dialog=answer, patience_s=1.0)
        return time.monotonic() - began


def media_status(bench: Bench) -> list[Any]:
    found = [one for one in bench.entries() if one.said.get("command") == "MediaStatus"]
    return found or [one for one in bench.entries() if one.kind is SipEvent.REFUSED]


PTZ = "A50F01081F001FFB"


def commanded(bench: Bench, *lines: str) -> list[Any]:
    """Where a playback of a minute goes on after the command, relative to its start; and how it ended."""
    start = int(time.time()) - 3600
    with call(bench, HALL, "Playback", (start, start + 60)) as (answer, taken):
        take(taken, 0.3)
        body = "\r\n".join([*lines, "", ""]).encode()
        reported = bench.platform.request(
            "NVR-1", "INFO", HALL, dialog=answer, body=body, content_type="Application/MANSRTSP"
        )
        assert reported.status == 200
        take(taken, 0.3, first_s=0.3)  # what was on its way
        came = take(taken, 0.6, first_s=0.6)
    [ended] = bench.until(lambda: bench.truth("playback_ended"))
    begun = [one - start for one in bench.truth("playback_from")]
    return [begun[0] if begun else None, ended["at"] - start, len(came.packets)]


SEEK = ("PLAY MANSRTSP/1.0", "CSeq: 2", "Scale: 1.0", "Range: npt=30-")


FAST = ("PLAY MANSRTSP/1.0", "CSeq: 2", "Scale: 8.0")


PAUSE = ("PAUSE MANSRTSP/1.0", "CSeq: 2", "PauseTime: now")


def alarms(bench: Bench, count: int = 1) -> list[Any]:
    bench.registered("HOST-1")
    bench.world.alarm("Z07", active=True)
    bench.until(lambda: len(alarmed(bench)) >= count, 1.5)
    return alarmed(bench)


def alarmed(bench: Bench) -> list[Any]:
    return [one for one in bench.entries("HOST-1") if one.said.get("command") == "Alarm"]
