# SPDX-License-Identifier: Apache-2.0
"""Modbus over TCP, over serial lines, and as serial frames through a device server."""

from __future__ import annotations

from yanshou.wires.wire import NETWORK, SERIAL, Wire

_PORT = 502

TCP = Wire("modbus-tcp", NETWORK | {"unit"}, "modbus", _PORT)
RTU = Wire("modbus-rtu", SERIAL | {"unit"}, "modbus", serial=True, framed_by_silence=True)
RTU_OVER_TCP = Wire("modbus-rtu-over-tcp", NETWORK | {"unit"}, "modbus", _PORT, framed_by_silence=True)
WIRES = (TCP, RTU, RTU_OVER_TCP)
