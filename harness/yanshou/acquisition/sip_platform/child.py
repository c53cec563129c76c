# SPDX-License-Identifier: Apache-2.0
"""The process of the SIP platform: sockets, registrar and entries, and what the run can ask for."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from yanshou.acquisition.centre.event_loop import Heart, StampedSelector
from yanshou.acquisition.centre.serving import serve_stamped
from yanshou.acquisition.child_process import Message
from yanshou.acquisition.entry_log import Entry, EntryLog, shown
from yanshou.acquisition.serving import Operations
from yanshou.acquisition.sip_platform.ports import SipArrival, SipPort, SipWay
from yanshou.acquisition.sip_platform.registrar import PlatformConduct, Registrar, SipDevice, SipEvent
from yanshou.model import UsageError, now
from yanshou.protocols.gb28181 import SipNoise, UnreadableSip, read_sip

_CHECK_S: Final = 0.05
_LONGEST_SHOWN: Final = 200
_SECRET: Final = re.compile(rb"authorization", re.IGNORECASE)


class SipPlatformServer:
    """One platform for one parent."""

    def __init__(self, selector: StampedSelector) -> None:
        self._port = SipPort(selector, self._take, self._take_noise)
        self._registrar = Registrar("", ())
        self._log = EntryLog()
        self._offset = timedelta()
        self._loop = asyncio.get_running_loop()
        self._heart = Heart(self._loop)
        self._checking = self._loop.call_later(_CHECK_S, self._check)
        self.operations: Operations = {
            "open": self._open,
            "conduct": self._conduct,
            "supervise": self._supervise,
            "mark": self._mark,
            "wait": self._wait,
            "entries": self._entries,
        }

    async def close(self) -> None:
        """Stop listening."""
        self._heart.stop()
        self._checking.cancel()
        self._port.close()

    def _take(self, arrival: SipArrival, way: SipWay) -> None:
        stamps: Entry = {"first": arrival.first.as_pair(), "complete": arrival.complete.as_pair()}
        stamps |= {"utc": datetime.now(UTC).timestamp(), "transport": way.transport}
        try:
            asked = read_sip(arrival.data, stream=arrival.framed)
        except UnreadableSip as error:
            self._note(SipEvent.UNREADABLE, way, arrival.data, str(error), stamps)
            return
        clock = datetime.now(UTC) + self._offset
        answer, entry = self._registrar.take(asked, way.peer, arrival.complete, clock)
        entry = self._log.keep(entry | stamps)
        if answer:
            before = now()
            way.send(answer)
            entry["answered"] = [before, now()]
        self._log.wake()

    def _take_noise(self, noise: SipNoise, way: SipWay) -> None:
        at = noise.at.as_pair()
        why = f"{noise.count} bytes that are no message"
        self._note(
            SipEvent.NOISE, way, noise.data, why, {"first": at, "complete": at, "transport": way.transport}
        )

    def _note(self, kind: SipEvent, way: SipWay, data: bytes, why: str, stamps: Entry) -> None:
        secret = _SECRET.search(data)
        bare = data[: secret.start()] if secret else data
        said = {"kind": kind.value, "device": "", "code": "", "peer": way.peer, "why": why}
        self._log.keep(said | stamps | {"bytes": shown(bare[:_LONGEST_SHOWN], _LONGEST_SHOWN)})
        self._log.wake()

    def _check(self) -> None:
        if missed := self._heart.missed():
            self._registrar.forgive(missed)
        for entry in self._registrar.check(now()):
            self._log.keep(entry)
            self._log.wake()
        self._checking = self._loop.call_later(_CHECK_S, self._check)

    async def _open(self, message: Message) -> object:
        devices = [SipDevice(**one) for one in message["devices"]]
        self._registrar = Registrar(message["realm"], devices, qop=message["qop"])
        self._offset = timedelta(seconds=message["utc_offset_s"])
        return await self._port.open(*message["address"])

    async def _conduct(self, message: Message) -> None:
        try:
            self._registrar.conduct(message["device"], PlatformConduct(message["conduct"]))
        except KeyError:
            raise UsageError(f"the platform knows no device {message['device']}") from None

    async def _supervise(self, message: Message) -> None:
        self._registrar.supervise(message["device"], message["interval_s"], message["missed"])

    async def _mark(self, _message: Message) -> object:
        return self._log.count

    async def _wait(self, message: Message) -> object:
        return await self._log.wait(message["after"], message["match"], message["until"])

    async def _entries(self, message: Message) -> object:
        return self._log.entries(message["after"], message["match"])


def main() -> None:
    """Serve until standard input ends."""
    serve_stamped(SipPlatformServer)
