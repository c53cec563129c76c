# SPDX-License-Identifier: Apache-2.0
"""The GB/T 28181 platform: 1,000 devices with keepalives, and their registration after a restart.

Bars: every keepalive is answered 200 and has one entry, none is lost and no device is called offline while
all keep alive; those that fall silent are called offline, and only they; after a restart each device, whose
keepalives are then refused, is registered again. Ten minutes at 60 s run accelerated: ``--speed`` times as
fast, the ratios kept. The devices are text (``tests.support.sip_device``), in a process of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import re
import time
from collections.abc import Sequence
from typing import cast

from tests.benchmarks.figure import Figure, tell
from tests.support.sip_device import PASSWORD, PLATFORM, REALM, SipTextDevice
from yanshou.acquisition.sip_platform import SipDevice, SipEvent, SipPlatform

DEVICES, PERIOD_S, MINUTES = 1000, 60.0, 10.0
_AGAIN_S = 0.5  # T1: a request without answer is sent again
_PATIENCE_S = 32.0
_CALL = re.compile(rb"\r\nCall-ID: ([^\r]+)\r\n(?:.*?\r\n)?CSeq: (\d+) ", re.DOTALL)
Address = tuple[str, int]


def code_of(index: int) -> str:
    """The code of a device."""
    return f"3402000000132{index:07}"


class Crowd(asyncio.DatagramProtocol):
    """All devices behind one socket: each request waits for the answer of its own Call-ID and CSeq."""

    def __init__(self) -> None:
        self.waiting: dict[tuple[bytes, bytes], asyncio.Future[bytes]] = {}
        self.again = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        found = _CALL.search(data)
        if found and (future := self.waiting.get((found[1], found[2]))) and not future.done():
            future.set_result(data)

    async def ask(self, data: bytes) -> bytes:
        """Send, again after T1 as UDP asks, and give the answer; empty if none came."""
        found = _CALL.search(data)
        assert found is not None
        key = found[1], found[2]
        future = self.waiting[key] = asyncio.get_running_loop().create_future()
        until, wait = time.monotonic() + _PATIENCE_S, _AGAIN_S
        try:
            while time.monotonic() < until:
                self.transport.sendto(data)
                done, _ = await asyncio.wait({future}, timeout=wait)
                if done:
                    return future.result()
                self.again += 1
                wait = min(2 * wait, 4.0)
            return b""
        finally:
            del self.waiting[key]


async def register(crowd: Crowd, device: SipTextDevice) -> bool:
    """Register by digest."""
    answer = await crowd.ask(device.register())
    if not answer.startswith(b"SIP/2.0 401"):
        return False
    return (await crowd.ask(device.register(answer))).startswith(b"SIP/2.0 200")


async def live(crowd: Crowd, device: SipTextDevice, period: float, count: int) -> int:
    """Keepalives of one device; how many were answered 200. It registers anew when one is refused."""
    answered = 0
    await asyncio.sleep(period * (int(device.code[-7:]) / DEVICES))
    for number in range(count):
        began = time.monotonic()
        answer = await crowd.ask(device.keepalive(sn=number))
        answered += answer.startswith(b"SIP/2.0 200")
        if answer.startswith(b"SIP/2.0 403"):
            await register(crowd, device)
        await asyncio.sleep(max(0.0, period - (time.monotonic() - began)))
    return answered


def crowd_of(
    address: Address, period: float, count: int, reported: multiprocessing.Queue[tuple[int, int, int]]
) -> None:
    """A process of devices: all register, then keep alive; tells (registered, answered, sent again)."""

    async def run() -> tuple[int, int, int]:
        loop = asyncio.get_running_loop()
        _, crowd = await loop.create_datagram_endpoint(Crowd, remote_addr=address)
        devices = [SipTextDevice(code_of(n)) for n in range(DEVICES)]
        registered = sum(await asyncio.gather(*(register(crowd, one) for one in devices)))
        reported.put((registered, 0, crowd.again))
        answered = sum(await asyncio.gather(*(live(crowd, one, period, count) for one in devices)))
        return registered, answered, crowd.again

    reported.put(asyncio.run(run()))


def platform_at(port: int) -> SipPlatform:
    """A platform that knows every device."""
    known = [SipDevice(f"d{n}", code_of(n), PASSWORD) for n in range(DEVICES)]
    return SipPlatform(("127.0.0.1", port), REALM, known, code=PLATFORM, utc_offset_s=28_800)


def main(argv: Sequence[str]) -> int:
    """Run it; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(prog="sip")
    parser.add_argument("--speed", type=float, default=20.0, help="times as fast as in the field")
    options = parser.parse_args(argv)
    period = PERIOD_S / options.speed
    count = round(MINUTES * 60 / PERIOD_S)
    reported: multiprocessing.Queue[tuple[int, int, int]] = multiprocessing.Queue()
    figures = [*_kept_alive(period, count, reported), *_restarted(period, reported)]
    return tell("sip", figures)


def _kept_alive(
    period: float, count: int, reported: multiprocessing.Queue[tuple[int, int, int]]
) -> list[Figure]:
    with platform_at(0) as platform:
        devices = multiprocessing.Process(
            target=crowd_of, args=(("127.0.0.1", platform.port), period, count, reported)
        )
        devices.start()
        registered, _, _ = reported.get(timeout=120)
        for n in range(DEVICES):
            platform.supervise(f"d{n}", period, 3)
        _, answered, again = reported.get(timeout=60 + 3 * period * count)
        offline = platform.received(0, {"kind": SipEvent.OFFLINE.value})
        devices.join()
        alive = platform.received(0, {"kind": SipEvent.KEEPALIVE.value})
        numbers = {(one.device, one.said["sn"]) for one in alive}
        time.sleep(4 * period)  # now all are silent
        gone = {one.device for one in platform.received(0, {"kind": SipEvent.OFFLINE.value})}
    return [
        Figure("devices registered at once", registered, "1", at_least=DEVICES),
        Figure("keepalives answered 200", answered, "1", at_least=DEVICES * count),
        Figure("keepalives with an entry", len(numbers), "1", at_least=DEVICES * count),
        Figure("keepalives counted twice", len(alive) - len(numbers), "1", at_most=0),
        Figure("called offline although alive", len(offline), "1", at_most=0),
        Figure("silent ones called offline", len(gone), "1", at_least=DEVICES),
        Figure("requests sent again", again, "1"),
    ]


def _restarted(period: float, reported: multiprocessing.Queue[tuple[int, int, int]]) -> list[Figure]:
    """The platform ends under living devices and comes back: all register at once."""
    first = platform_at(0)
    port = first.port
    devices = multiprocessing.Process(target=crowd_of, args=(("127.0.0.1", port), period, 4, reported))
    devices.start()
    reported.get(timeout=120)
    first.close()
    with platform_at(port) as platform:
        began = time.monotonic()
        names: set[str] = set()
        while len(names) < DEVICES and time.monotonic() - began < 4 * _PATIENCE_S:
            names = {one.device for one in platform.received(0, {"kind": SipEvent.REGISTERED.value})}
            time.sleep(0.2)
        took = time.monotonic() - began
        reported.get(timeout=300)
        devices.join()
    return [
        Figure("registered again after a restart", len(names), "1", at_least=DEVICES),
        Figure("until the last was registered", took / period, "periods"),
    ]
