# SPDX-License-Identifier: Apache-2.0
"""A Modbus RTU slave line on a pseudo-terminal (Modbus over Serial Line V1.02)."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.emulation.link_behaviour import Treatment, rubbish
from yanshou.emulation.messages.port import MessagePort, Partner
from yanshou.emulation.messages.reported import ReportedChange
from yanshou.emulation.modbus import pdu
from yanshou.emulation.modbus.tcp import EmulatedStation
from yanshou.emulation.serial_line import SerialLine
from yanshou.emulation.serial_listener import SerialListener
from yanshou.emulation.site.world import World

_QUIET_S = 0.02  # an incomplete frame is dropped after so many seconds
_GAP_CHARS = 3.5


def rtu_port(
    address: tuple[str, int], device: str, stations: Mapping[int, EmulatedStation], world: World
) -> MessagePort:
    """A device server that passes the bytes of an RTU line over TCP unchanged."""
    (station,) = stations.values()
    return MessagePort(
        address, device, world, station.behaviour, lambda partner: _RtuSession(partner, stations, world)
    )


class _RtuSession:
    """The line behind the device server."""

    def __init__(self, partner: Partner, stations: Mapping[int, EmulatedStation], world: World) -> None:
        self._partner = partner
        self._stations = stations
        self._world = world
        self._buffer = b""

    def begin(self) -> None:
        """A slave sends nothing unasked."""

    def tell(self, changes: list[ReportedChange]) -> None:
        """Nor later."""

    def received(self, data: bytes) -> None:
        """Take bytes in; a whole frame is answered."""
        self._buffer += data
        while (length := pdu.frame_length(self._buffer)) and len(self._buffer) >= length:
            frame, self._buffer = self._buffer[:length], self._buffer[length:]
            station = self._stations.get(frame[0])
            if pdu.crc16(frame[:-2]) == frame[-2:] and station is not None:
                self._reply(frame[0], station, frame[1:-2])

    def _reply(self, unit: int, station: EmulatedStation, request: bytes) -> None:
        treatment = station.behaviour.treat(request[0])
        if not treatment.obey:
            return
        reply = bytes([unit]) + pdu.answer(station.unit, request)
        data = rubbish(len(reply) + 2) if treatment.garble else reply + pdu.crc16(reply)
        if treatment.delay:
            self._world.clockwork.after(treatment.delay, lambda: self._partner.send(data))
        else:
            self._partner.send(data)


class RtuLine(SerialListener):
    """One line with its slaves, by unit address. An unused address gets no answer, as on RS-485.

    Requests are separated by the length their function code implies; a wrong CRC gets no answer either.
    """

    def __init__(self, line: SerialLine, stations: Mapping[int, EmulatedStation], world: World) -> None:
        refuses = all(station.behaviour.refuses for station in stations.values())
        super().__init__(f"rtu {line.path.name}", world, line, refuses=refuses)
        self._stations = stations
        self._buffer = b""

    def serve_once(self) -> None:
        came = self._line.read(_QUIET_S if self._buffer else 0.2)
        self._buffer = self._buffer + came if came else b""
        while (length := pdu.frame_length(self._buffer)) and len(self._buffer) >= length:
            frame, self._buffer = self._buffer[:length], self._buffer[length:]
            if pdu.crc16(frame[:-2]) != frame[-2:]:
                self._buffer = b""
            else:
                self._serve(frame)

    def _serve(self, frame: bytes) -> None:
        self._line.wait(len(frame) + _GAP_CHARS)
        address = frame[0]
        if address == 0:  # broadcast: all devices obey, none answers
            for each in self._stations.values():
                pdu.answer(each.unit, frame[1:-2])
        elif station := self._stations.get(address):
            treatment = station.behaviour.treat(frame[1])
            if treatment.obey:
                self._reply(address, pdu.answer(station.unit, frame[1:-2]), treatment)

    def _reply(self, address: int, body: bytes, treatment: Treatment) -> None:
        reply = bytes([address]) + body
        data = rubbish(len(reply) + 2) if treatment.garble else reply + pdu.crc16(reply)
        if treatment.delay:  # the line stays free: the late answer may collide with the next request
            self.world.clockwork.after(treatment.delay, lambda: self._line.write(data))
            return
        self._line.wait(len(data))
        self._line.write(data)
