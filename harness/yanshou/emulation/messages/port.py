# SPDX-License-Identifier: Apache-2.0
"""Where an emulated device exchanges messages: a TCP port for several clients, or a serial line for one."""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Lock, Thread
from typing import Protocol

from yanshou.emulation.link_behaviour import LinkBehaviour, rubbish
from yanshou.emulation.listener import Listener
from yanshou.emulation.messages.reported import ReportedChange
from yanshou.emulation.modbus.tcp import busy
from yanshou.emulation.serial_line import SerialLine
from yanshou.emulation.serial_listener import SerialListener
from yanshou.emulation.site.world import World

_POLL_S = 0.1
_MOST = 4096
_GARBLED = 12

Send = Callable[[bytes], None]


class MessageSession(Protocol):
    """One connection: what came in, and what changed meanwhile."""

    def begin(self) -> None: ...
    def received(self, data: bytes) -> None: ...
    def tell(self, changes: list[ReportedChange]) -> None: ...


class Partner:
    """The other end, as a session sees it: what is sent passes the device's link behaviour."""

    def __init__(
        self, world: World, behaviour: LinkBehaviour, send: Send, hang_up: Callable[[], None]
    ) -> None:
        self._world = world
        self._behaviour = behaviour
        self.send = send
        self.hang_up = hang_up

    def answer(self, data: bytes) -> None:
        """Answer a question, late, garbled or not at all as planted."""
        treatment = self._behaviour.treat(0)
        if not treatment.obey:
            return
        said = rubbish(_GARBLED) if treatment.garble else data
        if treatment.delay:
            self._world.clockwork.after(treatment.delay, lambda: self.send(said))
        else:
            self.send(said)

    def say(self, data: bytes) -> None:
        """Send a report unasked."""
        if self._behaviour.speaks:
            self.send(data)


class MessagePort(Listener):
    """A TCP port; every connection is a session of its own."""

    def __init__(
        self,
        address: tuple[str, int],
        device: str,
        world: World,
        behaviour: LinkBehaviour,
        session: Callable[[Partner], MessageSession],
    ) -> None:
        super().__init__(f"messages {device}", world)
        self._address = address
        self._device = device
        self._behaviour = behaviour
        self._make = session
        self._server: socket.socket | None = None
        self._open: dict[socket.socket, MessageSession] = {}
        self._guard = Lock()

    def open(self) -> None:
        if self._behaviour.refuses:
            self.stopping.set()
            return
        try:
            self._server = socket.create_server(self._address)
        except OSError as error:
            host, port = self._address
            raise busy(f"port {port} of {host}", self._device, error) from error
        self._server.settimeout(_POLL_S)

    def shut(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._open):
            _hang_up(connection)

    def serve_once(self) -> None:
        assert self._server is not None
        try:
            connection, _ = self._server.accept()
        except TimeoutError:
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Thread(target=self._serve, args=(connection,), name=self._device, daemon=True).start()

    def tell(self, changes: list[ReportedChange]) -> None:
        """Let every session report changes.

        The truth log has the earliest time of the first byte on the wire.
        """
        self.world.truth.write(self._device, "told", [f"{one.role}={one.value:d}" for one in changes])
        for session in list(self._open.values()):
            session.tell(changes)

    def _serve(self, connection: socket.socket) -> None:
        def send(data: bytes) -> None:
            with self._guard:
                try:
                    connection.sendall(data)
                except OSError:
                    return  # the client is gone; the thread below will notice

        partner = Partner(self.world, self._behaviour, send, lambda: _hang_up(connection))
        session = self._make(partner)
        self._open[connection] = session
        try:
            session.begin()
            while data := connection.recv(_MOST):
                session.received(data)
        except OSError:
            pass
        except Exception as error:  # noqa: BLE001 - the thread has no caller
            self.world.broke(error)
        finally:
            self._open.pop(connection, None)
            connection.close()


class MessageLine(SerialListener):
    """A serial line with one session, as long as the emulation runs."""

    def __init__(
        self,
        line: SerialLine,
        world: World,
        behaviour: LinkBehaviour,
        session: Callable[[Partner], MessageSession],
    ) -> None:
        super().__init__(f"messages {line.device}", world, line, refuses=behaviour.refuses)
        self._guard = Lock()
        self._session = session(Partner(world, behaviour, self._send, lambda: None))

    def serve_once(self) -> None:
        if data := self._line.read(_POLL_S):
            self._line.wait(len(data))
            self._session.received(data)

    def tell(self, changes: list[ReportedChange]) -> None:
        """Report the changes."""
        self.world.truth.write(self._line.device, "told", [f"{one.role}={one.value:d}" for one in changes])
        self._session.tell(changes)

    def _send(self, data: bytes) -> None:
        """On a paced line each byte takes its time, so a message begins on the wire before it is complete."""
        with self._guard:
            if not self._line.is_paced:
                self._line.write(data)
                return
            for byte in data:
                self._line.wait(1)
                self._line.write(bytes([byte]))


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is gone already
