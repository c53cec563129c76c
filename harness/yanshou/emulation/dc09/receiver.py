# SPDX-License-Identifier: Apache-2.0
"""An emulated receiving centre of a client: answers as SIA DC-09 demands, except for planted faults."""

from __future__ import annotations

import socketserver
import threading
from datetime import UTC, datetime
from typing import cast

from yanshou.emulation.dc09.codec import Dc09Line, key_of, read, wrap, write
from yanshou.emulation.site.world import World
from yanshou.model import Device, RigFault, Site

_OLDEST_S, _NEWEST_S = 40.0, 20.0
_KNOWN = frozenset({"ADM-CID", "SIA-DCS", "NULL"})


class ClientReceiver(socketserver.ThreadingTCPServer):
    """Listens on TCP for the one account of its alarm link."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, link: Device, site: Site, world: World) -> None:
        assert link.connection is not None
        self._link = link.id
        self._world = world
        self._account = str(link.connection.options.get("account", ""))
        self.key = key_of(site, link)
        self._address = (link.connection.host, link.connection.port or 12000)
        super().__init__(self._address, _Connection, bind_and_activate=False)

    def start(self) -> None:
        """Listen."""
        try:
            self.server_bind()
            self.server_activate()
        except OSError as error:
            self.server_close()
            host, port = self._address
            raise RigFault(f"cannot listen at {host}:{port}: {error}.", device=self._link) from error
        threading.Thread(target=self.serve_forever, args=(0.05,), name=self._link, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()

    def answer(self, line: Dc09Line) -> bytes:
        """The answer to a line; none for a line with a wrong CRC."""
        word = self._token(line)
        self._world.truth.write(self._link, "dc09_answered", [line.word, word])
        now = datetime.now(UTC)
        if word == "NAK":
            stamp = "" if self._has("receiver_nak_bare") else f"_{now:%H:%M:%S,%m-%d-%Y}"
            return wrap(f'"NAK"0000R0L0A0[]{stamp}')
        if word == "DUH":
            return wrap(f'"DUH"{line.sequence:04d}L0#{line.account}[]')
        if not word:
            return b""
        key = self.key if line.encrypted and not self._has("receiver_acks_in_clear") else b""
        number = line.sequence - 1 if self._has("receiver_acks_another") else line.sequence
        return write("ACK", number, line.account, "", key=key, at=now)

    def _token(self, line: Dc09Line) -> str:
        if not line.crc_right:
            return "ACK" if self._has("receiver_acks_bad_crc") else ""
        if line.word not in _KNOWN:
            return "ACK" if self._has("receiver_never_duh") else "DUH"
        if line.account != self._account or (line.encrypted and line.time is None):
            return "NAK"
        if line.encrypted and line.time is not None:
            skew = (line.time - datetime.now(UTC)).total_seconds()
            if (
                not -self._limit("receiver_accepts_old", _OLDEST_S)
                <= skew
                <= self._limit("receiver_accepts_ahead", _NEWEST_S)
            ):
                return "NAK"
        return "ACK"

    def _has(self, kind: str) -> bool:
        return self._world.faults.has(kind, self._link)

    def _limit(self, kind: str, healthy: float) -> float:
        fault = self._world.faults.find(kind, self._link)
        return fault.number(healthy) if fault else healthy


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        stream, server = b"", cast("ClientReceiver", self.server)
        while data := self.request.recv(4096):
            stream += data
            line, stream = read(stream, server.key)
            while line is not None:
                if answer := server.answer(line):
                    self.request.sendall(answer)
                line, stream = read(stream, server.key)
