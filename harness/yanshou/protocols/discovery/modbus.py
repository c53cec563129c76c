# SPDX-License-Identifier: Apache-2.0
"""Identifies Modbus TCP devices by one Read Device Identification (function 43/14), which changes nothing.

A device that does not know the function answers with an exception and is still a Modbus device (Modbus
Application Protocol V1.1b3, 6.21 and 7).
"""

from __future__ import annotations

import contextlib
import socket
import struct
from dataclasses import dataclass
from typing import Final

_TRANSACTION: Final = 0x5953
_FUNCTION: Final = 0x2B
_BASIC: Final = bytes((_FUNCTION, 0x0E, 0x01, 0x00))
_HEAD: Final = 7
_MOST: Final = 253
_NAMES: Final = ("vendor", "product", "revision")


@dataclass(frozen=True, slots=True)
class ModbusIdentity:
    """Vendor, product and revision as the device states them, empty where it does not."""

    vendor: str = ""
    product: str = ""
    revision: str = ""


def ask_modbus(host: str, port: int, unit: int = 1, *, timeout_s: float = 2.0) -> ModbusIdentity | None:
    """The identity a device reports; None if nothing answers there, or not by Modbus."""
    request = struct.pack(">HHHB", _TRANSACTION, 0, len(_BASIC) + 1, unit) + _BASIC
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout_s) as wire:
        wire.settimeout(timeout_s)
        wire.sendall(request)
        head = _exactly(wire, _HEAD)
        if len(head) < _HEAD:
            return None
        transaction, protocol, length, _ = struct.unpack(">HHHB", head)
        if (transaction, protocol) != (_TRANSACTION, 0) or not 2 <= length - 1 <= _MOST:  # noqa: PLR2004
            return None
        return read_identity(_exactly(wire, length - 1))
    return None


def read_identity(pdu: bytes) -> ModbusIdentity | None:
    """The identity in an answer; empty for an exception, None if it is no answer to 43/14."""
    if pdu[:1] == bytes((_FUNCTION | 0x80,)):
        return ModbusIdentity()
    if pdu[:2] != _BASIC[:2] or len(pdu) < _HEAD:
        return None
    answered: dict[str, str] = {}
    at = _HEAD
    for _ in range(pdu[6]):
        if at + 2 > len(pdu):
            break
        number, length = pdu[at], pdu[at + 1]
        text = pdu[at + 2 : at + 2 + length].decode("utf-8", "replace")
        if number < len(_NAMES):
            answered[_NAMES[number]] = "".join(one for one in text if one.isprintable()).strip()
        at += 2 + length
    return ModbusIdentity(**answered)


def _exactly(wire: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (part := wire.recv(count - len(data))):
        data += part
    return data
