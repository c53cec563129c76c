# SPDX-License-Identifier: Apache-2.0
"""Modbus TCP servers of the emulated devices, based on pyModbusTCP, which the harness does not use."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyModbusTCP.constants import EXP_DATA_ADDRESS, EXP_NONE
from pyModbusTCP.server import DataBank, DataHandler, ModbusServer

from yanshou.emulation.link_behaviour import LinkBehaviour, Treatment, rubbish
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.profile import EmulatedArea
from yanshou.model import RigFault

_NO_SUCH_UNIT = 0x0B  # gateway target device failed to respond
_ILLEGAL_VALUE = 3
_WRITE_COIL = 5
_SINGLE = 5  # bytes of its request: function, address, word
_END_POLL_S = 0.05
_MBAP = 8  # header and function code
_ANY_UNIT = frozenset({0, 255})  # "not used" on TCP (Modbus Messaging on TCP/IP 1.0b, 4.4.2)


@dataclass(frozen=True, slots=True)
class EmulatedStation:
    """One device behind a port: its unit and its link behaviour."""

    unit: ModbusUnit
    behaviour: LinkBehaviour


@dataclass(frozen=True, slots=True)
class _Raw:
    """A response of any bytes; None for no answer."""

    raw: bytes


class _Handler(DataHandler):  # type: ignore[misc]  # pyModbusTCP carries no types
    """Lets pyModbusTCP's protocol engine read and write the image of the unit that was asked."""

    def __init__(self, stations: Mapping[int, EmulatedStation]) -> None:
        super().__init__(DataBank(virtual_mode=True))
        self._stations = stations

    def _read(self, area: EmulatedArea, address: int, count: int, info: Any) -> Any:
        station = station_of(self._stations, info.recv_frame.mbap.unit_id)
        registers = station.unit.read(area, address, count) if station else None
        return self.Return(EXP_DATA_ADDRESS) if registers is None else self.Return(EXP_NONE, registers)

    def _write(self, area: EmulatedArea, address: int, values: list[int], info: Any) -> Any:
        station = station_of(self._stations, info.recv_frame.mbap.unit_id)
        done = station is not None and station.unit.write(area, address, values)
        return self.Return(EXP_NONE if done else EXP_DATA_ADDRESS)

    def read_coils(self, address: int, count: int, srv_info: Any) -> Any:
        return self._read(EmulatedArea.COIL, address, count, srv_info)

    def read_d_inputs(self, address: int, count: int, srv_info: Any) -> Any:
        return self._read(EmulatedArea.DISCRETE, address, count, srv_info)

    def read_h_regs(self, address: int, count: int, srv_info: Any) -> Any:
        return self._read(EmulatedArea.HOLDING, address, count, srv_info)

    def read_i_regs(self, address: int, count: int, srv_info: Any) -> Any:
        return self._read(EmulatedArea.INPUT, address, count, srv_info)

    def write_coils(self, address: int, bits_l: list[bool], srv_info: Any) -> Any:
        return self._write(EmulatedArea.COIL, address, [int(bit) for bit in bits_l], srv_info)

    def write_h_regs(self, address: int, registers_l: list[int], srv_info: Any) -> Any:
        return self._write(EmulatedArea.HOLDING, address, registers_l, srv_info)


def station_of(stations: Mapping[int, EmulatedStation], unit_id: int) -> EmulatedStation | None:
    """The device that answers to ``unit_id``; a port with a single device also answers to 0 and 255."""
    if unit_id in _ANY_UNIT and len(stations) == 1:
        return next(iter(stations.values()))
    return stations.get(unit_id)


class _Server(ModbusServer):  # type: ignore[misc]  # pyModbusTCP carries no types
    """pyModbusTCP's server, with a hook between request and answer and a faster end."""

    def __init__(self, host: str, port: int, stations: Mapping[int, EmulatedStation]) -> None:
        super().__init__(host=host, port=port, no_block=True, data_hdl=_Handler(stations))
        self._stations = stations

    def _serve(self) -> None:
        self._evt_running.set()
        try:
            self._service.serve_forever(poll_interval=_END_POLL_S)
        finally:
            self._evt_running.clear()

    def _engine(self, session_data: Any) -> None:
        request = session_data.request
        station = station_of(self._stations, request.mbap.unit_id)
        if station is None:
            session_data.response.pdu.build_except(request.pdu.func_code, _NO_SUCH_UNIT)
            return
        treatment = station.behaviour.treat(request.pdu.func_code)
        if treatment.obey and _is_pulse(request.pdu.raw):
            _pulse(session_data, station.unit)
        elif treatment.obey:
            super()._engine(session_data)
        _mistreat(session_data, treatment)


def _is_pulse(pdu: bytes) -> bool:
    """Whether it is a function 05 with a word other than on or off, which the library takes for off."""
    return len(pdu) == _SINGLE and pdu[0] == _WRITE_COIL and pdu[3:] not in {b"\xff\x00", b"\x00\x00"}


def _pulse(session: Any, unit: ModbusUnit) -> None:
    address, word = session.request.pdu.unpack(">HH", from_byte=1, to_byte=5)
    if unit.pulse(address, word):
        session.response.pdu.add_pack(">BHH", _WRITE_COIL, address, word)
    else:
        session.response.pdu.build_except(_WRITE_COIL, _ILLEGAL_VALUE)


def _mistreat(session: Any, treatment: Treatment) -> None:
    if not treatment.obey:
        session.response = _Raw(b"")
    elif treatment.garble:
        session.response = _Raw(rubbish(_MBAP + len(session.response.pdu)))
    if treatment.delay:
        time.sleep(treatment.delay)


class TcpPort:
    """One listening port with the devices behind it, by unit id."""

    def __init__(self, host: str, port: int, stations: Mapping[int, EmulatedStation], device: str) -> None:
        self._where = f"port {port} of {host}"
        self._device = device
        self._server = _Server(host, port, stations)
        self._refuses = all(station.behaviour.refuses for station in stations.values())

    def start(self) -> None:
        """Listen; RigFault naming port and device if the port is in use."""
        if self._refuses:
            return
        try:
            self._server.start()
        except ModbusServer.NetworkError as error:
            raise busy(self._where, self._device, error) from error

    def stop(self) -> None:
        """Stop listening; connections end with the process."""
        self._server.stop()


def busy(where: str, device: str, error: Exception) -> RigFault:
    """The one message if an address is not available."""
    return RigFault(
        f"{where} cannot be opened: {error}.", device=device, remedy="Is another emulation running?"
    )
