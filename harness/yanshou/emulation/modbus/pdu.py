# SPDX-License-Identifier: Apache-2.0
"""Modbus requests in, answers out, for the serial slave (Modbus Application Protocol V1.1b3, 6).

This is separate code: the TCP side uses pyModbusTCP, the harness pymodbus.
"""

from __future__ import annotations

import struct
from typing import Protocol

from yanshou.emulation.profile import EmulatedArea

_READS = {1: EmulatedArea.COIL, 2: EmulatedArea.DISCRETE, 3: EmulatedArea.HOLDING, 4: EmulatedArea.INPUT}
_MOST = {
    EmulatedArea.COIL: 2000,
    EmulatedArea.DISCRETE: 2000,
    EmulatedArea.HOLDING: 125,
    EmulatedArea.INPUT: 125,
}
_SINGLE = {5: EmulatedArea.COIL, 6: EmulatedArea.HOLDING}
_SEVERAL = {15: EmulatedArea.COIL, 16: EmulatedArea.HOLDING}
_COIL_ON = 0xFF00
_FIXED_LENGTH = 8  # unit, function, address, count or value, CRC
_SEVERAL_OVERHEAD = 9  # the same and the byte count
_COUNT_AT = 6

ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3


class Tables(Protocol):
    """What a request can be carried out on; ``unit.Unit`` is one."""

    def read(self, area: EmulatedArea, address: int, count: int) -> list[int] | None: ...
    def write(self, area: EmulatedArea, address: int, values: list[int]) -> bool: ...
    def pulse(self, address: int, word: int) -> bool: ...


class _Refused(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


def crc16(data: bytes) -> bytes:
    """CRC-16/MODBUS of ``data``, low byte first as on the line (Modbus over Serial Line V1.02, 2.5.1.2)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


def frame_length(head: bytes) -> int | None:
    """Length in bytes of the RTU request that begins with ``head``; None when too little of it is there."""
    if len(head) <= 1:
        return None
    if head[1] not in _SEVERAL:
        return _FIXED_LENGTH
    return _SEVERAL_OVERHEAD + head[_COUNT_AT] if len(head) > _COUNT_AT else None


def answer(tables: Tables, request: bytes) -> bytes:
    """Carry out the PDU ``request`` (function code first) and give the PDU of the answer or exception."""
    try:
        return bytes([request[0]]) + _body(tables, request[0], request[1:])
    except _Refused as refused:
        return bytes([request[0] | 0x80, refused.code])


def _body(tables: Tables, function: int, data: bytes) -> bytes:
    if function in _READS:
        return _read(tables, _READS[function], *struct.unpack(">HH", data[:4]))
    if function in _SINGLE:
        return _write_one(tables, _SINGLE[function], *struct.unpack(">HH", data[:4]))
    if function in _SEVERAL:
        return _write_several(tables, _SEVERAL[function], data)
    raise _Refused(ILLEGAL_FUNCTION)


def _read(tables: Tables, area: EmulatedArea, address: int, count: int) -> bytes:
    if not 1 <= count <= _MOST[area]:
        raise _Refused(ILLEGAL_VALUE)
    registers = tables.read(area, address, count)
    if registers is None:
        raise _Refused(ILLEGAL_ADDRESS)
    packed = _pack_bits(registers) if area.is_bits else struct.pack(f">{count}H", *registers)
    return bytes([len(packed)]) + packed


def _pack_bits(bits: list[int]) -> bytes:
    whole = sum(bit << place for place, bit in enumerate(bits))
    return whole.to_bytes((len(bits) + 7) // 8, "little")


def _write_one(tables: Tables, area: EmulatedArea, address: int, value: int) -> bytes:
    if area is EmulatedArea.COIL and value not in {0, _COIL_ON}:
        if not tables.pulse(address, value):
            raise _Refused(ILLEGAL_VALUE)
        return struct.pack(">HH", address, value)
    if not tables.write(area, address, [int(value == _COIL_ON)] if area is EmulatedArea.COIL else [value]):
        raise _Refused(ILLEGAL_ADDRESS)
    return struct.pack(">HH", address, value)


def _write_several(tables: Tables, area: EmulatedArea, data: bytes) -> bytes:
    address, count, size = struct.unpack(">HHB", data[:5])
    if size != ((count + 7) // 8 if area is EmulatedArea.COIL else count * 2) or count == 0:
        raise _Refused(ILLEGAL_VALUE)
    if area is EmulatedArea.COIL:
        whole = int.from_bytes(data[5 : 5 + size], "little")
        values = [whole >> place & 1 for place in range(count)]
    else:
        values = list(struct.unpack(f">{count}H", data[5 : 5 + size]))
    if not tables.write(area, address, values):
        raise _Refused(ILLEGAL_ADDRESS)
    return struct.pack(">HH", address, count)
