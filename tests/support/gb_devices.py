# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181 under the bench's own platform, for tests of either side."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.patience import HUNG_S
from yanshou.acquisition.sip_platform import SipAnswer, SipDevice, SipEvent, SipPlatform
from yanshou.emulation.faults import Fault, FaultBook
from yanshou.emulation.gb28181.side import GbSide
from yanshou.emulation.site.truth import Truth
from yanshou.emulation.site.world import World
from yanshou.protocols.gb28181 import PsWalker
from yanshou.site import load_site

PLATFORM = "15010000002000000001"
REALM = PLATFORM[:10]
RECORDER = "15010000001180000001"
HALL = "15010000001320000001"
GATE = "15010000001320000002"
ALONE = "15010000001320000009"
HOST = "15010000001170000001"
ZONE = "15010000001340000007"
KNOWN = {"NVR-1": RECORDER, "CAM-3": ALONE, "HOST-1": HOST}
SECRET = 'password = { env = "YANSHOU_GB_PASSWORD" }'
SITE = """\
[site]
id = "gb-devices"
name = "国标设备（仿真）"
time_zone = "Asia/Shanghai"
rig = "emulated"

[gb28181]
host = "127.0.0.1"
port = {port}
code = "{platform}"

[device.NVR-1]
connection = {{ protocol = "gb28181", device_id = "{recorder}", {secret} }}

[device.CAM-1]
connection = {{ protocol = "gb28181", channel = "{hall}" }}

[device.CAM-2]
connection = {{ protocol = "gb28181", channel = "{gate}" }}

[device.CAM-3]
connection = {{ protocol = "gb28181", device_id = "{alone}", transport = "tcp", version = 2016, {secret} }}

[device.HOST-1]
connection = {{ protocol = "gb28181", device_id = "{host}", {secret} }}
"""
INVENTORY = """\
id,kind,system,name,model,location,parent,number,attributes
NVR-1,recorder,video,录像机,R,机房,,,gb28181=true; keepalive_s=0.5; retry_s=1; keeps_d=1
CAM-1,camera,video,大厅,C,大厅,NVR-1,1,gb28181=true; picture_format=CIF
CAM-2,camera,video,门口,C,门口,NVR-1,2,gb28181=true; picture_format=CIF; codec=h265
CAM-3,camera,video,值班室,C,值班室,,,gb28181=true; picture_format=CIF; keepalive_s=0.5; retry_s=1
PANEL-1,panel,intrusion,报警主机,P,机房,,,
Z07,zone,intrusion,走廊,D,走廊,PANEL-1,7,
HOST-1,alarm_link,alarm_network,报警主机联网,P,机房,PANEL-1,,gb28181=true; keepalive_s=0.5; retry_s=1
"""
SSRC = "0100000001"


@dataclass(slots=True)
class Received:
    """RTP packets of one session, whole, in the order of arrival."""

    packets: list[bytes] = field(default_factory=list)

    @property
    def kinds(self) -> set[int]:
        return {packet[1] & 0x7F for packet in self.packets}

    @property
    def sources(self) -> set[int]:
        return {int.from_bytes(packet[8:12]) for packet in self.packets}

    @property
    def data(self) -> bytes:
        return b"".join(packet[12:] for packet in self.packets)

    def walked(self) -> PsWalker:
        walker = PsWalker()
        for packet in self.packets:
            walker.feed(packet[12:], int.from_bytes(packet[4:8]))
        return walker


@dataclass(slots=True)
class Bench:
    """The platform, the world of the emulated devices, and what they really did."""

    platform: SipPlatform
    world: World
    folder: Path
    since: int

    def entries(self, device: str = "") -> list[Any]:
        found = self.platform.received(self.since)
        return [one for one in found if not device or one.device == device]

    def of(self, kind: SipEvent, device: str) -> list[Any]:
        return [one for one in self.entries(device) if one.kind is kind]

    def until(self, found: Callable[[], Any], seconds: float = HUNG_S) -> Any:
        """What ``found`` gives as soon as it is true; what it gives at the end otherwise."""
        end = time.monotonic() + seconds
        while not (value := found()) and time.monotonic() < end:
            time.sleep(0.02)
        return value

    def registered(self, *devices: str) -> None:
        for device in devices:
            assert self.until(partial(self.of, SipEvent.REGISTERED, device)), device

    def truth(self, what: str) -> list[Any]:
        lines = (self.folder / "truth").read_text("utf-8").splitlines()
        return [one.get("value") for one in map(json.loads, lines) if one["what"] == what]


@contextlib.contextmanager
def gb_bench(
    platform: SipPlatform, folder: Path, *faults: Fault, side: bool = True, only: str = ""
) -> Iterator[Bench]:
    """The emulated devices with their faults under a platform, until the end of the block.

    ``only``: the one device that registers; all if left out.
    """
    codes = {"recorder": RECORDER, "hall": HALL, "gate": GATE, "alone": ALONE, "host": HOST}
    text = SITE.format(port=platform.port, platform=PLATFORM, secret=SECRET, **codes)
    for other in KNOWN.keys() - {only} if only else ():
        text = re.sub(rf"\[device\.{other}\]\n.*\n", "", text)
    if only != "NVR-1" and only:
        text = re.sub(r"\[device\.CAM-[12]\]\n.*\n", "", text)
    (folder / "site.toml").write_text(text, encoding="utf-8")
    (folder / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    world = World(FaultBook(faults), Truth(folder / "truth"))
    earlier = platform.received(0)
    bench = Bench(platform, world, folder, earlier[-1].number if earlier else 0)
    devices = GbSide(load_site(folder), world)
    if side:
        devices.start()
    try:
        yield bench
    finally:
        devices.stop()
        world.truth.close()


def gb_platform() -> SipPlatform:
    """The bench as platform, on a free port."""
    known = [SipDevice(device, code, "demo-only") for device, code in KNOWN.items()]
    return SipPlatform(("127.0.0.1", 0), REALM, known, code=PLATFORM, utc_offset_s=28_800, ordinary=True)


def offer(
    port: int, kind: str, span: tuple[int, int], *extra: str, tcp: bool = False, last: str = ""
) -> bytes:
    """An SDP offer of the platform; ``last`` are lines behind y= and f=."""
    lines = ["v=0", f"o={PLATFORM} 0 0 IN IP4 127.0.0.1", f"s={kind}", "c=IN IP4 127.0.0.1"]
    lines += [f"t={span[0]} {span[1]}", f"m=video {port} {'TCP/' if tcp else ''}RTP/AVP 96"]
    lines += ["a=recvonly", "a=rtpmap:96 PS/90000", *extra, f"y={SSRC}", "f=", *([last] if last else [])]
    return "\r\n".join([*lines, ""]).encode()


@contextlib.contextmanager
def call(
    bench: Bench,
    channel: str = HALL,
    kind: str = "Play",
    span: tuple[int, int] = (0, 0),
    device: str = "NVR-1",
) -> Iterator[tuple[SipAnswer, socket.socket]]:
    """A call with media over UDP; ended by BYE."""
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        taken.settimeout(0.2)
        body = offer(taken.getsockname()[1], kind, span)
        answer = invite(bench, channel, body, device)
        yield answer, taken
        if answer.status == 200:
            bench.platform.request(device, "BYE", channel, dialog=answer, patience_s=1.0)


def invite(bench: Bench, channel: str, body: bytes, device: str = "NVR-1") -> SipAnswer:
    """INVITE with an offer."""
    subject = ("Subject", f"{channel}:{SSRC},{PLATFORM}:0")
    return bench.platform.request(
        device,
        "INVITE",
        channel,
        body=body,
        content_type="APPLICATION/SDP",
        headers=[subject],
        patience_s=5.0,
    )


def take(taken: socket.socket, seconds: float, most: int = 1 << 30, *, first_s: float = HUNG_S) -> Received:
    """What comes within ``seconds`` of the first packet, ``most`` packets at most; a busy device is late."""
    found = Received()
    end = time.monotonic() + first_s
    while time.monotonic() < end and len(found.packets) < most:
        with contextlib.suppress(TimeoutError):
            found.packets.append(taken.recv(2048))
            if len(found.packets) == 1:
                end = time.monotonic() + seconds
    return found


def take_all(taken: socket.socket, ended: Callable[[], object], longest_s: float = 30.0) -> Received:
    """What comes until ``ended`` says that the device has sent all; a busy machine takes longer."""
    found = Received()
    end = time.monotonic() + longest_s
    while time.monotonic() < end:
        try:
            found.packets.append(taken.recv(2048))
        except TimeoutError:
            if ended():
                break
    return found
