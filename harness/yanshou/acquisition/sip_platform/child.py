# SPDX-License-Identifier: Apache-2.0
"""The process of the SIP platform: sockets, registrar and entries, and what the run can ask for."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from yanshou.acquisition.centre.event_loop import Heart, StampedSelector
from yanshou.acquisition.centre.serving import serve_stamped
from yanshou.acquisition.child_process import Message
from yanshou.acquisition.entry_log import Entry, EntryLog, shown
from yanshou.acquisition.serving import Operations
from yanshou.acquisition.sip_platform.class_a import ClassADevices, class_a_of
from yanshou.acquisition.sip_platform.known_device import SipDevice
from yanshou.acquisition.sip_platform.outgoing import Outgoing, OwnEnd, SipOrder
from yanshou.acquisition.sip_platform.ports import SipArrival, SipPort, SipWay
from yanshou.acquisition.sip_platform.queries import Queries, Query
from yanshou.acquisition.sip_platform.registrar import PlatformConduct, Registrar, SipEvent
from yanshou.model import RigFault, UsageError, now, utc_of
from yanshou.protocols.gb28181 import SipNoise, UnreadableSip, read_sip
from yanshou.protocols.gb28181.requests import MANSCDP, Seal, write_manscdp

_CHECK_S: Final = 0.05
_LONGEST_SHOWN: Final = 200
_THERE: Final = frozenset(
    {SipEvent.REGISTERED.value, SipEvent.KEEPALIVE.value, SipEvent.MESSAGE.value, SipEvent.NOTIFIED.value}
)
"""After these, requests to the device go the way they came."""
_BEGINS: Final = frozenset({"INVITE", "SUBSCRIBE"})
"""Requests that begin a dialog: what comes in it is the device's, whatever its From says."""
_GONE: Final = frozenset({SipEvent.UNREGISTERED.value, SipEvent.EXPIRED.value})
_ALARM: Final = (SipEvent.MESSAGE.value, "Notify", "Alarm")
_SECRET: Final = re.compile(rb"authorization", re.IGNORECASE)


class SipPlatformServer:
    """One platform for one parent."""

    def __init__(self, selector: StampedSelector) -> None:
        self._port = SipPort(selector, self._take, self._take_noise)
        self._second = SipPort(selector, partial(self._take, moved=True), self._take_noise)
        self._registrar = Registrar("", ())
        self._outgoing = Outgoing(OwnEnd("", "", "", 0))
        self._queries = Queries(self._outgoing)
        self._class_a: ClassADevices | None = None
        self._ways: dict[str, SipWay] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._log = EntryLog()
        self._offset = timedelta()
        self._loop = asyncio.get_running_loop()
        self._heart = Heart(self._loop)
        self._checking = self._loop.call_later(_CHECK_S, self._check)
        self.operations: Operations = {
            "open": self._open,
            "conduct": self._conduct,
            "supervise": self._supervise,
            "shift": self._shift,
            "request": self._request,
            "ask": self._ask,
            "mark": self._mark,
            "wait": self._wait,
            "entries": self._entries,
        }

    async def close(self) -> None:
        """Stop listening."""
        self._heart.stop()
        self._checking.cancel()
        for task in self._tasks:
            task.cancel()
        self._port.close()
        self._second.close()

    def _take(self, arrival: SipArrival, way: SipWay, *, moved: bool = False) -> None:
        stamps: Entry = {"first": arrival.first.as_pair(), "complete": arrival.complete.as_pair()}
        stamps |= {"utc": utc_of(arrival.complete.latest), "transport": way.transport}
        try:
            asked = read_sip(arrival.data, stream=arrival.framed)
        except UnreadableSip as error:
            self._note(SipEvent.UNREADABLE, way, arrival.data, str(error), stamps)
            return
        clock = datetime.now(UTC) + self._offset
        answer, entry = self._registrar.take(asked, way.peer, arrival.complete, clock, moved=moved)
        if entry["kind"] == SipEvent.OTHER and self._outgoing.take(asked, arrival.complete):
            entry["kind"] = SipEvent.ANSWERED.value
        if entry["kind"] in _THERE:
            self._ways[entry["device"]] = way
        elif entry["kind"] in _GONE:
            self._ways.pop(entry["device"], None)
        entry = self._log.keep(entry | stamps)
        if answer:
            before = now()
            way.send(answer)
            entry["answered"] = [before, now()]
        if (entry["kind"], entry.get("root"), entry.get("command")) == _ALARM:
            self._acknowledge(entry, way)
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
            if entry["kind"] in _GONE:
                self._ways.pop(entry["device"], None)
            self._log.keep(entry)
            self._log.wake()
        self._checking = self._loop.call_later(_CHECK_S, self._check)

    async def _open(self, message: Message) -> object:
        devices = [SipDevice(**one) for one in message["devices"]]
        realm, (host, port) = message["realm"], message["address"]
        class_a = class_a_of(message["code"], devices, message["identity"])
        self._registrar = Registrar(
            realm, devices, qop=message["qop"], heard=self._queries.heard, class_a=class_a
        )
        self._offset = timedelta(seconds=message["utc_offset_s"])
        opened = await self._port.open(host, port)
        self._outgoing.own = OwnEnd(message["code"], realm, host, opened)
        self._class_a, self._outgoing.seal = class_a, self._seal
        return opened

    def _seal(self, peer: str) -> Seal | None:
        """What puts Date and digest into a request to ``peer``; None if no key was agreed with it."""
        if self._class_a is None:
            return None
        return self._class_a.seal(self._registrar.code_at(peer), datetime.now(UTC) + self._offset)

    def _acknowledge(self, entry: Entry, way: SipWay) -> None:
        """Give the answer of the target to an alarm: SN, device and result (GB/T 28181 9.4)."""
        target = entry["target"] or entry["code"]
        said = write_manscdp("Response", "Alarm", entry["sn"] or 0, target, {"Result": "OK"})
        task = self._loop.create_task(self._outgoing.send(way, SipOrder("MESSAGE", target, said, MANSCDP)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _way(self, device: str) -> SipWay:
        way = self._ways.get(device)
        if way is None or not way.open():
            why = "is not registered" if way is None else "closed its connection and opened no other"
            raise RigFault(f"{why}: nothing can be asked of it.", device=device)
        return way

    async def _ready(self, device: str) -> SipWay:
        """The way to a device that has had the time to take the key of its last registration."""
        way = self._way(device)
        while self._class_a and (wait := self._class_a.takes_key(self._registrar.code_at(way.peer), now())):
            await asyncio.sleep(wait)
            way = self._way(device)
        return way

    async def _request(self, message: Message) -> object:
        if message["method"] in _BEGINS:
            message["call"] = message["call"] or self._outgoing.new_call()
            self._registrar.called(message["call"], message["device"])
        order = SipOrder(
            message["method"],
            message["target"],
            message["body"].encode("latin-1"),
            message["content_type"],
            tuple((name, value) for name, value in message["headers"]),
            *(message[key] for key in ("call", "own_tag", "far_tag", "sequence", "patience_s")),
        )
        return await self._outgoing.send(await self._ready(message["device"]), order)

    async def _ask(self, message: Message) -> object:
        query = Query(**message["query"])
        return await self._queries.ask(message["device"], await self._ready(message["device"]), query)

    async def _conduct(self, message: Message) -> None:
        conduct = PlatformConduct(message["conduct"])
        if conduct is PlatformConduct.REDIRECT and not self._registrar.second:
            own = self._outgoing.own
            self._registrar.second = f"sip:{own.code}@{own.host}:{await self._second.open(own.host, 0)}"
        try:
            self._registrar.conduct(message["device"], conduct)
        except KeyError:
            raise UsageError(f"the platform knows no device {message['device']}") from None

    async def _shift(self, message: Message) -> None:
        self._registrar.shift(message["device"], message["ahead_s"])

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
