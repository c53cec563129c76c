# SPDX-License-Identifier: Apache-2.0
"""Finds devices on the network without changing them: WS-Discovery, a slow sweep, one Modbus request."""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.protocols.discovery.modbus import ModbusIdentity, ask_modbus
    from yanshou.protocols.discovery.ports import PORT
    from yanshou.protocols.discovery.sweep import answering, hosts_of
    from yanshou.protocols.discovery.wsd import Match, ask_host, probe
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.protocols.discovery.modbus": ("ModbusIdentity", "ask_modbus"),
            "yanshou.protocols.discovery.sweep": ("answering", "hosts_of"),
            "yanshou.protocols.discovery.ports": ("PORT",),
            "yanshou.protocols.discovery.wsd": ("Match", "ask_host", "probe"),
        },
    )

__all__ = ["PORT", "Match", "ModbusIdentity", "answering", "ask_host", "ask_modbus", "hosts_of", "probe"]
