# SPDX-License-Identifier: Apache-2.0
"""Opens the connection to one device for asyncio.

A serial port, or TCP to the device or its device server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from pymodbus.transport.serialtransport import create_serial_connection

from yanshou.protocols.bus import Bus

_CONNECT_S = 2.0


async def open_wire(bus: Bus, protocol: Callable[[], asyncio.Protocol]) -> asyncio.WriteTransport:
    """Connect within two seconds; raises OSError (a TimeoutError is one) or ValueError."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(_CONNECT_S):
        if bus.host:
            opened, _ = await loop.create_connection(protocol, bus.host, bus.port)
            return opened
        transport, _ = await create_serial_connection(
            loop, protocol, bus.path, bus.baud, bus.bits, bus.parity, bus.stop, bus.timeout_s
        )
        await asyncio.sleep(0)  # the transport registers with the event loop in the loop's next turn
        return cast("asyncio.WriteTransport", transport)
