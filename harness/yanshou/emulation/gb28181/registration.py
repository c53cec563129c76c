# SPDX-License-Identifier: Apache-2.0
"""How an emulated device registers, stays registered, and comes back (GB/T 28181 9.1, 9.6, 9.10)."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from yanshou.emulation.gb28181.agent import PATIENCE_S, Dialogue, SipAgent
from yanshou.emulation.gb28181.authorisation import authorisation, parameters
from yanshou.emulation.gb28181.class_a import ClassASide
from yanshou.emulation.gb28181.manscdp_text import MANSCDP, keepalive
from yanshou.emulation.gb28181.sip_text import HeardSip, token
from yanshou.emulation.video.faults import StreamTruth

MISSED = 3
"""Keepalives without an answer after which the device registers again."""
_KNOCK_S = 0.3  # until the platform is switched on
_ALIVE_S = 1.0  # between two signs of life over UDP
_RENEWED = 0.8  # of the time granted
_FOLLOWED = 5
_SLOW_KEY_S = 0.5
_UNAUTHORISED, _MOVED = (401, 407), (301, 302)
_VERSION = {2022: "3.0"}
_OWN_REALM = "device"


@dataclass(frozen=True, slots=True)
class GbTimes:
    """The times the device is set to, in s (defaults of GB/T 28181 9.1 and 9.6; a retry has some margin)."""

    expires: int = 86_400
    retry: float = 62.0
    keepalive: float = 60.0


class Registration:
    """Keeps a device registered until it is cancelled."""

    def __init__(
        self,
        agent: SipAgent,
        times: GbTimes,
        truth: StreamTruth,
        set_clock: Callable[[str], None],
        class_a: ClassASide | None = None,
    ) -> None:
        self._agent, self._faults, self._truth = agent, agent.faults, truth
        self._set_clock, self._class_a = set_clock, class_a
        who = agent.identity
        self._device = who.device
        self.times = GbTimes(
            int(self._faults.number("gb_expires", times.expires)),
            self._faults.number("gb_retry", times.retry),
            self._faults.number("gb_keepalive", times.keepalive),
        )
        self.registered = False
        self._granted = 0.0
        self._dialogue: Dialogue | None = None
        self._serial = 0
        self._restart = asyncio.Event()
        self.down_s = 0.0

    async def run(self) -> None:
        """Register, stay, and register again, for ever."""
        while True:
            if not await self._agent.connect():
                await asyncio.sleep(_KNOCK_S)
                continue
            done = await self._register(self.times.expires)
            if self._agent.gone.is_set():
                await asyncio.sleep(_KNOCK_S)
                continue
            if not done:
                self._truth.write(self._device, "register_failed")
                await asyncio.sleep(self.times.retry)
                continue
            await self._stay()
            self.registered = False
            await asyncio.sleep(self.down_s)
            self.down_s = 0.0

    async def leave(self) -> None:
        """Log out: REGISTER with Expires 0."""
        if self.registered and not self._faults.has("gb_never_logs_out"):
            await self._register(0)
            self._truth.write(self._device, "unregistered")
        self.registered = False

    async def restart(self, down_s: float) -> None:
        """Log out, and come back after ``down_s``."""
        await self.leave()
        self.down_s = down_s
        self._restart.set()

    async def _register(self, expires: int) -> bool:
        """One registration; True if the device takes it for registered."""
        for _ in range(_FOLLOWED):
            dialogue = self._agent.dialogue()
            dialogue.far = dialogue.own.partition(";")[0]
            answer = await self._ask(dialogue, expires, self._unasked())
            if answer is not None and answer.status in _MOVED and not self._faults.has("gb_redirect_ignored"):
                if await self._follow(answer):
                    continue
                return False
            if answer is not None and answer.status in _UNAUTHORISED:
                if self._faults.has("gb_takes_401"):
                    return self._taken(answer, expires)
                if self._faults.has("gb_own_nonce"):
                    return False
                answer = await self._ask(dialogue, expires, self._signed(answer))
                await asyncio.sleep(_SLOW_KEY_S if self._faults.habit("slow_key") else 0)
            return answer is not None and answer.status == 200 and self._taken(answer, expires)  # noqa: PLR2004
        return False

    async def _ask(self, dialogue: Dialogue, expires: int, signed: str) -> HeardSip | None:
        headers = [self._agent.contact_header(), ("Expires", str(expires))]
        version = _VERSION.get(self._agent.identity.version, "")
        if version and not self._faults.has("gb_version_missing"):
            headers.append(("X-GB-Ver", version))
        if signed:
            headers.append(("Authorization", signed))
        return await self._agent.ask("REGISTER", headers, within=dialogue)

    def _unasked(self) -> str:
        """The Authorization of a device that does not wait for a challenge."""
        if self._class_a is not None:
            return self._class_a.capability()
        if not self._faults.has("gb_own_nonce"):
            return ""
        return self._digest({"realm": self._agent.identity.domain, "nonce": token(16)})

    def _signed(self, answer: HeardSip) -> str:
        if self._class_a is not None:
            return self._class_a.answer(answer.header("www-authenticate"))
        said = parameters(answer.header("www-authenticate") or answer.header("proxy-authenticate"))
        if self._faults.habit("wrong_realm"):
            said["realm"] = _OWN_REALM
        return self._digest(said)

    def _digest(self, said: dict[str, str]) -> str:
        who = self._agent.identity
        place = "{}:{}".format(*who.address) if self._faults.habit("address_in_uri") else ""
        return authorisation(said, who.code, who.password, "REGISTER", self._agent.uri(place))

    async def _follow(self, answer: HeardSip) -> bool:
        """Turn to the platform that a 302 names."""
        found = re.search(r"@([\w.-]+):(\d+)", answer.header("contact"))
        if not found:
            return False
        self._agent.address = found[1], int(found[2])
        self._truth.write(self._device, "redirected", f"{found[1]}:{found[2]}")
        return await self._agent.connect()

    def _taken(self, answer: HeardSip, expires: int) -> bool:
        if self._class_a is not None and not self._class_a.taken(answer.header("securityinfo")):
            self._truth.write(self._device, "platform_not_proven")
            return False
        stated = answer.header("expires")
        self._granted = float(stated) if stated.isdecimal() else float(expires)
        self.registered = expires > 0
        if expires:
            self._truth.write(self._device, "registered", self._granted)
        if (date := answer.header("date")) and not self._faults.has("gb_date_ignored"):
            self._set_clock(date)
        return True

    async def _stay(self) -> None:
        """Keepalives and renewals until the platform is lost or the device is started again."""
        clock = asyncio.get_running_loop()
        began, missed, number = clock.time(), 0, 1
        renew = began + max(1.0, _RENEWED * self._granted)
        self._restart.clear()
        while True:
            due = began + number * self.times.keepalive
            if not await self._idle(min(due, renew)):
                return
            if clock.time() >= renew:
                if not await self._register(self.times.expires):
                    return
                renew = clock.time() + max(1.0, _RENEWED * self._granted)
                continue
            number += 1
            answer = await self._keepalive()
            missed = 0 if answer is not None and answer.status == 200 else missed + 1  # noqa: PLR2004
            if missed < MISSED:
                continue
            missed = 0
            self._truth.write(self._device, "platform_lost")
            if answer is not None or not self._faults.has("gb_stays_away"):
                return

    async def _idle(self, until: float) -> bool:
        """Wait; False if the platform is gone or the device is started again."""
        clock = asyncio.get_running_loop()
        while (left := until - clock.time()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._restart.wait(), min(left, _ALIVE_S))
            if self._restart.is_set() or self._agent.gone.is_set():
                return False
            self._agent.knock()
        return True

    async def _keepalive(self) -> HeardSip | None:
        self._serial += 1
        body = keepalive(self._serial, self._agent.identity.code)
        self._truth.write(self._device, "keepalive", self._serial)
        patience = min(PATIENCE_S, 0.9 * self.times.keepalive)
        return await self._agent.ask("MESSAGE", [MANSCDP], body, patience_s=patience)
