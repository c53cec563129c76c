# SPDX-License-Identifier: Apache-2.0
"""An emulated time server: SNTP, 48 bytes per request (RFC 4330)."""

from __future__ import annotations

import socket
import struct

from yanshou.emulation.listener import Listener
from yanshou.emulation.modbus.tcp import busy
from yanshou.emulation.site.own_time import OwnTime
from yanshou.emulation.site.world import World

PACKET = 48
_EPOCH = 2_208_988_800  # seconds from 1900 to 1970
_HEAD = struct.Struct(">BBbbII4sQ")  # mode, stratum, poll, precision, delay, dispersion, reference, set at
_SERVER = 4


def timestamp(unix: float) -> int:
    """Seconds since 1970 as an NTP timestamp, 32.32 bits since 1900."""
    return int((unix + _EPOCH) * 2**32) & (2**64 - 1)


class NtpServer(Listener):
    """Gives the machine's own time plus ``ntp_offset`` seconds, gaining ``clock_drift`` seconds a day."""

    def __init__(self, device: str, host: str, port: int, world: World) -> None:
        super().__init__(f"ntp {device}", world)
        self.device = device
        self._address = (host, port)
        self._own = OwnTime(world.faults, device, "ntp_offset")
        self._silent = world.faults.has("ntp_silent", device)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(0.2)

    def open(self) -> None:
        try:
            self._socket.bind(self._address)
        except OSError as error:
            raise busy(f"UDP port {self._address[1]} of {self._address[0]}", self.device, error) from error

    def shut(self) -> None:
        self._socket.close()

    def serve_once(self) -> None:
        try:
            request, client = self._socket.recvfrom(512)
        except TimeoutError:
            return
        received = self._own.unix()
        if len(request) >= PACKET and not self._silent:
            self._socket.sendto(self._answer(request, received), client)

    def _answer(self, request: bytes, received: float) -> bytes:
        """Stratum 1 by GNSS, set just now; the client's transmit time comes back as the originate time."""
        mode = request[0] & 0b00_111_000 | _SERVER
        head = _HEAD.pack(mode, 1, 4, -20, 0, 1, b"GNSS", timestamp(received))
        sent = timestamp(self._own.unix())
        return head + request[40:PACKET] + struct.pack(">QQ", timestamp(received), sent)
