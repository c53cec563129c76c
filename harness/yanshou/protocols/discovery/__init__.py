# SPDX-License-Identifier: Apache-2.0
"""Finding devices on the wire without moving anything: WS-Discovery, a slow sweep, one question by Modbus."""

from yanshou.protocols.discovery.modbus import ModbusIdentity, ask_modbus
from yanshou.protocols.discovery.sweep import answering, hosts_of
from yanshou.protocols.discovery.wsd import PORT, Match, ask_host, probe

__all__ = ["PORT", "Match", "ModbusIdentity", "answering", "ask_host", "ask_modbus", "hosts_of", "probe"]
