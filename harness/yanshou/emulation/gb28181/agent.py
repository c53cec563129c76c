# SPDX-License-Identifier: Apache-2.0
"""Requests and answers of one emulated device: who it is, and what it waits for."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from yanshou.emulation.faults import Fault, FaultBook
from yanshou.emulation.gb28181.links import SIGN_OF_LIFE, DeviceLink, open_link
from yanshou.emulation.gb28181.sip_text import Headers, HeardSip, heard, tag_of, token, written

T1_S, T2_S = 0.5, 4.0
PATIENCE_S = 4.0
"""Seconds until a request without an answer is given up."""
_FINAL = 200
_FOREIGN = ("192.168.3.99", 5060)


@dataclass(frozen=True, slots=True)
class GbIdentity:
    """A device as it registers: ``domain`` is the part after @, ``address`` the platform's host and port."""

    device: str
    code: str
    password: str
    platform: str
    domain: str
    address: tuple[str, int]
    transport: str
    version: int


@dataclass(slots=True)
class Dialogue:
    """What a request belongs to: Call-ID, both ends as headers with their tags, and the last CSeq."""

    call: str
    own: str
    far: str
    number: int = 0


@dataclass(slots=True)
class GbFaults:
    """The defects planted in a device, its own or those of one of its channels."""

    book: FaultBook
    device: str

    def find(self, kind: str, channel: str = "") -> Fault | None:
        """The fault, first at the channel, then at the device."""
        return self.book.find(kind, *([channel] if channel else []), self.device)

    def has(self, kind: str, channel: str = "") -> bool:
        """Whether it is planted."""
        return self.find(kind, channel) is not None

    def number(self, kind: str, default: float, channel: str = "") -> float:
        """Its value; ``default`` if it is not planted."""
        fault = self.find(kind, channel)
        return default if fault is None else fault.number(default)

    def habit(self, word: str, channel: str = "") -> bool:
        """Whether the device has this habit."""
        fault = self.find("gb_habit", channel)
        return fault is not None and word in str(fault.value).replace(" ", "").split(",")


@dataclass(slots=True)
class SipAgent:
    """The device's end of its connection. ``take`` gets each request; ``gone``: nobody is there."""

    identity: GbIdentity
    faults: GbFaults
    take: Callable[[HeardSip], None]
    address: tuple[str, int] | None = None  # where to connect next, after a 302
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    proof: Callable[[str, str, str, str, bytes], Headers] | None = None
    """Makes the headers that prove a request, from its method, From, To, Call-ID and body (GB 35114)."""
    _link: DeviceLink | None = None
    _waiting: dict[tuple[str, int], asyncio.Future[HeardSip | None]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def connect(self) -> bool:
        """Open the connection anew; False if nobody is there."""
        self.close()
        self.gone.clear()
        address, self.address = self.address or self.identity.address, None
        self._link = await open_link(self.identity.transport, address, self._came, self._lost)
        return self._link is not None

    def close(self) -> None:
        """Close the connection."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def knock(self) -> None:
        """Show a sign of life, which nobody answers."""
        if self._link is not None and self.identity.transport == "udp":
            self._link.send(SIGN_OF_LIFE)

    def send(self, data: bytes) -> None:
        """Send a message that needs no answer."""
        if self._link is not None:
            self._link.send(data)

    @property
    def contact(self) -> tuple[str, int]:
        """The address that the device names as its own."""
        if self.faults.habit("foreign_contact"):
            return _FOREIGN
        return self._link.own if self._link is not None else ("127.0.0.1", 5060)

    @property
    def own_host(self) -> str:
        """The address that the device really has."""
        return self._link.own[0] if self._link is not None else "127.0.0.1"

    def contact_header(self, code: str = "") -> tuple[str, str]:
        """The Contact header of the device, or of one of its channels."""
        host, port = self.contact
        return "Contact", f"<sip:{code or self.identity.code}@{host}:{port}>"

    def own_header(self, tag: str) -> str:
        """From as the device names itself."""
        return f"<sip:{self.identity.code}@{self.identity.domain}>;tag={tag}"

    def dialogue(self) -> Dialogue:
        """A new one between the device and the platform."""
        who = self.identity
        far = f"<sip:{who.platform}@{who.domain}>"
        return Dialogue(f"{token(10)}@{self.contact[0]}", self.own_header(token()), far)

    def number(self) -> int:
        """The next CSeq of requests that stand alone."""
        return next(self._numbers)

    async def ask(
        self,
        method: str,
        extra: Headers = (),
        body: bytes = b"",
        within: Dialogue | None = None,
        patience_s: float = PATIENCE_S,
    ) -> HeardSip | None:
        """Send a request and wait for its final answer, over UDP repeated; None if none came."""
        current = within or self.dialogue()
        current.number = current.number + 1 if within else self.number()
        data = self._request(method, current, extra, body)
        key = (current.call, current.number)
        answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            return await self._exchange(data, answer, patience_s)
        finally:
            del self._waiting[key]

    async def _exchange(
        self, data: bytes, answer: asyncio.Future[HeardSip | None], patience_s: float
    ) -> HeardSip | None:
        clock = asyncio.get_running_loop()
        until, every = clock.time() + patience_s, T1_S
        while (left := until - clock.time()) > 0 and not self.gone.is_set():
            self.send(data)
            wait = min(left, every if self.identity.transport == "udp" else left)
            done, _ = await asyncio.wait([answer], timeout=wait)
            if done:
                return answer.result()
            every = min(2 * every, T2_S)
        return None

    def _request(self, method: str, within: Dialogue, extra: Headers, body: bytes) -> bytes:
        who = self.identity
        host, port = self.contact
        place = "{}:{}".format(*who.address) if self.faults.habit("address_in_uri") else who.domain
        headers = [
            ("Via", f"SIP/2.0/{who.transport.upper()} {host}:{port};rport;branch=z9hG4bK{token(8)}"),
            ("From", within.own),
            ("To", within.far),
            ("Call-ID", within.call),
            ("CSeq", f"{within.number} {method}"),
            ("Max-Forwards", "70"),
            ("User-Agent", "Emulated IPC"),
            *extra,
        ]
        if self.proof is not None and method != "REGISTER":
            headers += self.proof(method, within.own, within.far, within.call, body)
        short = len(body) - body.count(b"\r\n") if self.faults.has("gb_length_short") else None
        return written(f"{method} {self.uri(place)} SIP/2.0", headers, body, short)

    def uri(self, place: str = "") -> str:
        """The address of the platform in requests."""
        return f"sip:{self.identity.platform}@{place or self.identity.domain}"

    def _came(self, data: bytes) -> None:
        message = heard(data)
        if message is None:
            return
        if message.method:
            self.take(message)
            return
        waiting = self._waiting.get((message.header("call-id"), message.number))
        if waiting is not None and not waiting.done() and message.status >= _FINAL:
            waiting.set_result(message)

    def _lost(self) -> None:
        self.gone.set()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(None)


def answering(asked: HeardSip, tag: str) -> Dialogue:
    """The dialogue that a request of the platform opened, as the device goes on with it."""
    to = asked.header("to")
    own = to if tag_of(to) else f"{to};tag={tag}"
    return Dialogue(asked.header("call-id"), own, asked.header("from"))
