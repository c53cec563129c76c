# SPDX-License-Identifier: Apache-2.0
"""OSDP lines of the acquisition process, as operations of its parent: the bench as readers, or listening."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from yanshou.acquisition.child_process import Message
from yanshou.acquisition.osdp_ear import BLIND_S, ReaderEar
from yanshou.acquisition.osdp_line import OsdpLine
from yanshou.acquisition.osdp_reader import GONE_S, OsdpReader
from yanshou.acquisition.serving import Operations
from yanshou.model import Instant, RigFault, now
from yanshou.model.reader_line import ReaderLineFacts
from yanshou.protocols.bus import Bus
from yanshou.protocols.card import Part, as_part
from yanshou.protocols.osdp import BROADCAST, Packet

_POLL_S = 0.005
_TAKEN_S = 2.0  # after a credential was sent, until the controller's next command
_CABLE = "Check A and B of the cable, the baud rate, and that the controller's port is set to OSDP."


class OsdpReaders(OsdpLine):
    """The bench in place of the readers of one line, by their addresses."""

    def __init__(self, bus: Bus, keys: Mapping[int, bytes | None]) -> None:
        super().__init__(bus, 0.0)
        self._readers = {number: OsdpReader(number, key, self.write) for number, key in keys.items()}
        self._locks = {number: asyncio.Lock() for number in keys}

    def heard(self, packet: Packet, idle: float) -> None:
        if packet.is_reply:
            return  # the echo of the adapter, or another reader
        reader = self._readers.get(packet.address)
        if reader is None and packet.address == BROADCAST and len(self._readers) == 1:
            (reader,) = self._readers.values()
        if reader is not None:
            reader.received(packet, idle)

    def turn(self) -> None:
        for reader in self._readers.values():
            reader.refresh()

    def facts(self, address: int) -> ReaderLineFacts:
        """What this reader's line has shown."""
        return replace(self._readers[address].ear.facts, garbled=self.garbled)

    async def present(self, address: int, parts: Sequence[Part], within: float) -> tuple[float, float]:
        """Report a credential; returns [last part sent, controller's next command]; raises ``RigFault``."""
        reader, end = self._readers[address], now() + within
        async with self._locks[address]:
            for part in parts:
                instant = None
                while instant is None:  # the controller may go away before anything is sent
                    instant = await self._present(address, reader, part, end)
                sent, taken = instant
            return sent, taken

    async def _present(
        self, address: int, reader: OsdpReader, part: Part, end: float
    ) -> tuple[float, float] | None:
        """Report one part; None if the controller went away before it was sent."""
        await self._await_controller(address, reader, end)
        one = reader.present(part)
        try:
            while not one.taken.done():
                if one.sent is None and not reader.is_asked:
                    return None
                if one.sent is None and now() > end:
                    raise self.fault("the controller did not fetch the credential; none was sent.", _CABLE)
                if one.sent is not None and now() > one.sent + _TAKEN_S:
                    how = f"did not ask address {address} again within {_TAKEN_S:g} s"
                    raise self._doubt(how, one.sent)
                await asyncio.wait({one.taken}, timeout=_POLL_S)
            return one.taken.result()
        except ConnectionResetError as error:
            raise self._doubt(str(error), one.sent) from error
        finally:
            reader.withdraw()

    async def _await_controller(self, address: int, reader: OsdpReader, end: float) -> None:
        while True:
            await self.open()
            if reader.is_asked:
                return
            if now() > end:
                raise self._not_ready(address, reader)
            await asyncio.sleep(_POLL_S)

    def _doubt(self, how: str, since: float | None) -> RigFault:
        what = f"the controller {how} after the credential; whether it took it is not known."
        return self.fault(what, "Look at the controller before trying again.", since=since)

    def _not_ready(self, address: int, reader: OsdpReader) -> RigFault:
        """Why no credential can be reported, by what was heard."""
        others = ", ".join(str(one) for one in sorted(self.asked - {address}))
        if not self.received_any:
            return self.fault("hears nothing on its line.", _CABLE)
        if not reader.asked:
            heard = f"the controller asks address {others}, not {address}" if others else "hears no command"
            noise = f" ({self.garbled} garbled)" if self.garbled else ""
            return self.fault(f"{heard}{noise}.", f"Set the reader's address to {address}. {_CABLE}")
        if (silent := now() - reader.asked) > GONE_S:
            return self.fault(f"the controller has not asked address {address} for {silent:.1f} s.", _CABLE)
        if reader.key is None:
            return self.fault(f"the connection of address {address} does not come up.", _CABLE)
        return self.fault(_unsecured(address, reader.ear), "Give both the same key.")


def _unsecured(address: int, ear: ReaderEar) -> str:
    if not ear.facts.challenges:
        return f"the controller opens no secure channel to address {address}, and the site file has a key."
    if ear.offers_default_key:
        return f"the controller offers address {address} only the published default key SCBK-D."
    return f"the controller's key for address {address} is not the key of the site file."


class OsdpTap(OsdpLine):
    """Listens to a line and never writes to it."""

    tick_s = 0.002

    def __init__(self, bus: Bus, delay_s: float) -> None:
        super().__init__(bus, delay_s)
        self._ears: dict[int, ReaderEar] = defaultdict(ReaderEar)
        self._began = 0.0

    async def open(self) -> None:
        """Begin to listen, also again after the line was lost."""
        opened = self._transport is not None
        await super().open()
        if not opened:
            self._began = now()

    def write(self, data: bytes) -> None:
        """A listener never sends."""
        raise AssertionError(f"{len(data)} bytes for a line that is only listened to")

    def heard(self, packet: Packet, idle: float) -> None:
        self._ears[packet.address].hear(packet, idle)

    def noise(self, until: float) -> None:
        for ear in self._ears.values():
            ear.lost(until)

    def facts(self, address: int) -> ReaderLineFacts:
        """What this reader's line has shown."""
        return replace(self._ears[address].facts, garbled=self.garbled)

    async def report(self, address: int, since: Instant, within: float) -> Instant | None:
        """The first report not wholly before ``since``; None if the reader proved to have nothing to report.

        Raises ``RigFault`` if a report could have been missed.
        """
        await self.open()
        end = since.latest + within
        ear = self._ears[address]
        while True:
            hit = next((r for r in ear.reports if r.latest >= since.earliest and r.earliest <= end), None)
            if hit is not None or ear.heard > end:
                self._prove(ear, since.earliest, hit.earliest if hit else end)
                return hit
            if now() > end + BLIND_S:
                raise self._unheard(address, ear)
            await asyncio.sleep(_POLL_S)

    def _prove(self, ear: ReaderEar, since: float, until: float) -> None:
        if since < self._began:
            raise self.fault("was not listened to from the beginning.", "Begin to listen before the card.")
        if any(one.latest > since and one.earliest < until for one in ear.blind):
            what = "a report could have been missed: the line was garbled or silent."
            raise self.fault(what, "Check the listener's cable and baud rate, then repeat.")

    def _unheard(self, address: int, ear: ReaderEar) -> RigFault:
        if ear.heard:
            return self.fault(f"the line to address {address} is silent.", "Check reader and controller.")
        if not self.received_any:
            return self.fault("hears nothing on its line.", "Check A and B of the cable and the baud rate.")
        others = ", ".join(str(one) for one in sorted(self.asked - {address}))
        heard = f"only address {others}" if others else f"no command ({self.garbled} garbled)"
        return self.fault(f"hears nothing of address {address}, {heard}.", "Correct the address.")


class OsdpStations:
    """The OSDP lines of this process."""

    def __init__(self) -> None:
        self._lines: dict[str, OsdpReaders | OsdpTap] = {}
        self.operations: Operations = {
            "osdp_join": self._join,
            "osdp_present": self._present,
            "osdp_listen": self._listen,
            "osdp_report": self._report,
            "osdp_facts": self._facts,
        }

    async def close(self) -> None:
        """Close all lines."""
        for line in self._lines.values():
            await line.close()

    async def _join(self, message: Message) -> None:
        bus = Bus(**message["bus"])
        keys = {int(number): bytes.fromhex(key) or None for number, key in message["keys"].items()}
        if bus.key not in self._lines:
            self._lines[bus.key] = OsdpReaders(bus, keys)
        await self._lines[bus.key].open()

    async def _listen(self, message: Message) -> None:
        bus = Bus(**message["bus"])
        if bus.key not in self._lines:
            self._lines[bus.key] = OsdpTap(bus, message["delay_s"])
        await self._lines[bus.key].open()

    async def _present(self, message: Message) -> object:
        line = self._lines[message["bus"]]
        assert isinstance(line, OsdpReaders)
        parts = [as_part(data) for data in message["parts"]]
        return list(await line.present(message["address"], parts, message["within"]))

    async def _report(self, message: Message) -> object:
        line = self._lines[message["bus"]]
        assert isinstance(line, OsdpTap)
        found = await line.report(message["address"], Instant(*message["since"]), message["within"])
        return None if found is None else found.as_pair()

    async def _facts(self, message: Message) -> object:
        return asdict(self._lines[message["bus"]].facts(message["address"]))
