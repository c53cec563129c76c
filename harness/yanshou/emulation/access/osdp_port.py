# SPDX-License-Identifier: Apache-2.0
"""The reader port of an emulated door controller: an RS-485 line on which it asks for credentials."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from yanshou.emulation.access.osdp_panel import PUBLISHED_KEY, OsdpPanel, PanelReader
from yanshou.emulation.listener import Listener
from yanshou.emulation.site.world import World

DEMO_KEY = b"yanshou-demo-key"
POLL_S = 0.05


class CableEnd(Protocol):
    """One end of a line that can be opened."""

    def open(self) -> None: ...
    def read(self, timeout: float) -> bytes: ...
    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...


class TcpEnd:
    """The controller's end of a line that a device server passes on; one partner at a time."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._server: socket.socket | None = None
        self._partner: socket.socket | None = None

    def open(self) -> None:
        self._server = socket.create_server(self._address)

    def read(self, timeout: float) -> bytes:
        assert self._server is not None
        ready, _, _ = select.select(
            [self._server, *([self._partner] if self._partner else [])], [], [], timeout
        )
        if self._server in ready:
            self._accept()
        if self._partner is None or self._partner not in ready:
            return b""
        try:
            data = self._partner.recv(4096)
        except OSError:
            data = b""
        if not data:
            self._drop()
        return data

    def write(self, data: bytes) -> None:
        if self._partner is None:  # a listener says nothing that would be read
            self._accept()
        if self._partner is not None:
            try:
                self._partner.sendall(data)
            except OSError:
                self._drop()

    def close(self) -> None:
        self._drop()
        if self._server is not None:
            self._server.close()
            self._server = None

    def _accept(self) -> None:
        """Take the partner that waits, if one does, in place of the one before."""
        assert self._server is not None
        if select.select([self._server], [], [], 0)[0]:
            self._drop()
            self._partner, _ = self._server.accept()
            self._partner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _drop(self) -> None:
        if self._partner is not None:
            self._partner.close()
            self._partner = None


class _Heard:
    """The line with its listeners: they hear both directions."""

    def __init__(self, line: CableEnd, taps: Sequence[CableEnd]) -> None:
        self._line = line
        self._taps = taps

    def read(self, timeout: float) -> bytes:
        data = self._line.read(timeout)
        if data:
            self._copy(data)
        return data

    def write(self, data: bytes) -> None:
        self._copy(data)
        self._line.write(data)

    def _copy(self, data: bytes) -> None:
        for tap in self._taps:
            tap.write(data)


class OsdpPort(Listener):
    """``present`` is called with the number of a reader and the credential as the site file writes it.

    ``known`` are the credentials by what the site file writes; any other one is passed on as its bits.
    """

    def __init__(
        self,
        device: str,
        ends: tuple[CableEnd, Sequence[CableEnd]],
        readers: Sequence[PanelReader],
        known: Sequence[str],
        present: Callable[[int, str], object],
        world: World,
    ) -> None:
        super().__init__(f"osdp {device}", world)
        self._line, self._taps = ends
        self._known = {_bits(text): text for text in known}
        self._present = present
        self._parts: dict[int, str] = {}
        for reader in readers:
            reader.on_card = partial(self._part, reader.address)
            reader.on_keys = partial(self._part, reader.address)
        self.panel = OsdpPanel(_Heard(self._line, self._taps), list(readers))

    def open(self) -> None:
        for end in (self._line, *self._taps):
            end.open()

    def shut(self) -> None:
        for end in (self._line, *self._taps):
            end.close()

    def serve_once(self) -> None:
        begun = time.perf_counter()
        self.panel.round()
        time.sleep(max(0.0, begun + POLL_S - time.perf_counter()))

    def _part(self, address: int, part: str) -> None:
        """A card or keys: the credential is complete when nothing that is known begins like this."""
        so_far = "+".join(one for one in (self._parts.pop(address, ""), part) if one)
        if so_far in self._known:
            self._present(address, self._known[so_far])
        elif any(one.startswith(f"{so_far}+") for one in self._known):
            self._parts[address] = so_far
        else:
            self._present(address, f"{int(part, 2):X}" if set(part) <= {"0", "1"} else part)


def _bits(text: str) -> str:
    """A credential of the site file as the bits and keys that come over the line."""
    return "+".join(_bits_of(part) for part in text.split("+"))


def _bits_of(part: str) -> str:
    if part.startswith("pin:"):
        return part.removeprefix("pin:")
    count, _, value = part.rpartition(":")
    return f"{int(value, 16):0{int(count) if count else 4 * len(value)}b}"


def readers_of(numbers: Mapping[int, str], key: bytes | None, world: World, device: str) -> list[PanelReader]:
    """The readers of a port, each with the faults of its door or of the controller ``device``."""
    return [_reader(number, key, partial(_has, world, door, device)) for number, door in numbers.items()]


def _has(world: World, door: str, device: str, kind: str) -> bool:
    return world.faults.find(kind, door, device) is not None


def _reader(number: int, key: bytes | None, has: Callable[[str], bool]) -> PanelReader:
    if has("osdp_plain"):
        return PanelReader(number)
    if has("osdp_wrong_key"):
        return PanelReader(number, key=bytes(16))
    if has("osdp_default_key"):
        return PanelReader(number, key=PUBLISHED_KEY)
    if has("osdp_rekeys"):
        return PanelReader(number, key=PUBLISHED_KEY, rekey=key or DEMO_KEY)
    return PanelReader(number, key=key)
