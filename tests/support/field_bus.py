# SPDX-License-Identifier: Apache-2.0
"""Small Modbus slaves and masters made for tests only, sharing no code with the harness."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

from yanshou.acquisition import Bus
from yanshou.acquisition.locks import BusLock
from yanshou.model import UsageError


def crc16(data: bytes) -> bytes:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc.to_bytes(2, "little")


class Memory:
    """Coils, discrete inputs and registers, with a record of every request."""

    def __init__(self) -> None:
        self.bits = {1: [0] * 256, 2: [0] * 256}
        self.registers = {3: [0] * 256, 4: [0] * 256}
        self.requests: list[tuple[int, int, int]] = []
        self.illegal: set[int] = set()

    def answer(self, pdu: bytes) -> bytes:
        function, address, value = struct.unpack(">BHH", pdu[:5])
        self.requests.append((function, address, value))
        count = value if function in (1, 2, 3, 4, 15, 16) else 1
        if self.illegal & set(range(address, address + count)):
            return bytes([function | 0x80, 2])
        if function in self.bits:
            bits = self.bits[function][address : address + count]
            number = sum(bit << n for n, bit in enumerate(bits))
            size = (count + 7) // 8
            return bytes([function, size]) + number.to_bytes(size, "little")
        if function in self.registers:
            return bytes([function, 2 * count]) + struct.pack(
                f">{count}H", *self.registers[function][address : address + count]
            )
        if function == 5:
            self.bits[1][address] = int(value == 0xFF00)
            return pdu[:5]
        if function == 6:
            self.registers[3][address] = value
            return pdu[:5]
        if function == 15:
            number = int.from_bytes(pdu[6:], "little")
            self.bits[1][address : address + count] = [number >> n & 1 for n in range(count)]
            return pdu[:5]
        return bytes([function | 0x80, 1])


def _pty() -> tuple[int, int, str]:
    """Both ends of a new pty and its path; skips the test on Windows, which has none.

    One is passed over while a run that is about to end holds the lock of a former pty of its name.
    """
    if sys.platform == "win32":
        pytest.skip("this system has no pseudo-terminals")
    import tty

    passed_over = []
    while True:
        master, slave = os.openpty()
        if _free(os.ttyname(slave)):
            break
        passed_over += [master, slave]
    for end in passed_over:
        os.close(end)
    tty.setraw(slave)
    return master, slave, os.ttyname(slave)


def _free(path: str) -> bool:
    lock = BusLock(Bus("modbus-rtu", path=path))
    try:
        lock.acquire()
    except UsageError:
        return False
    lock.release()
    return True


class RtuSlave:
    """A slave on a pty.  ``manner`` maps (request number, answer frame) to [(delay s, bytes)] to send."""

    def __init__(self, unit: int = 1) -> None:
        self.unit = unit
        self.memory = Memory()
        self.manner: Callable[[int, bytes], list[tuple[float, bytes]]] = lambda _, frame: [(0.0, frame)]
        self._master, self._slave, self.path = _pty()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ended = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._thread.join()
        os.close(self._master)
        os.close(self._slave)

    def send(self, data: bytes) -> None:
        os.write(self._master, data)

    def _run(self) -> None:
        pending = b""
        while not self._ended:
            if select.select([self._master], [], [], 0.05)[0]:
                pending += os.read(self._master, 256)
            while len(pending) >= (size := _request_size(pending)):
                frame, pending = pending[:size], pending[size:]
                if frame[0] == self.unit and crc16(frame[:-2]) == frame[-2:]:
                    self._answer(frame)

    def _answer(self, frame: bytes) -> None:
        number = len(self.memory.requests)
        reply = bytes([self.unit]) + self.memory.answer(frame[1:-2])
        for delay, data in self.manner(number, reply + crc16(reply)):
            time.sleep(delay)
            os.write(self._master, data)


class LinePty(RtuSlave):
    """A pty that answers each line with OK and the line."""

    def _run(self) -> None:
        pending = b""
        while not self._ended:
            if select.select([self._master], [], [], 0.05)[0]:
                *lines, pending = (pending + os.read(self._master, 256)).split(b"\r\n")
                for line in lines:
                    os.write(self._master, b"OK " + line + b"\r\n")


def _request_size(data: bytes) -> int:
    return 9 + data[6] if len(data) > 6 and data[1] in (15, 16) else 8


class TcpSlave:
    """A TCP server that answers by ``manner(number, request)`` -> frame, or None to hang."""

    def __init__(self, manner: Callable[[int, bytes], bytes | None] | None = None) -> None:
        self.memory = Memory()
        self.manner = manner or (lambda _, request: self.good(request))
        self._server = fresh_server()
        self.port = self._server.getsockname()[1]
        self.connections = 0
        self.number = 0
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept
        self._server.close()
        self._thread.join()
        self.drop()

    def drop(self) -> None:
        while self._open:
            with self._open.pop() as connection, contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def good(self, request: bytes) -> bytes:
        return mbap(request[:2], request[6], self.memory.answer(request[7:]))

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while request := connection.recv(300):
                answer = self.manner(self.number, request)
                self.number += 1
                if answer is not None:
                    connection.sendall(answer)
        except OSError:
            pass


def mbap(transaction: bytes, unit: int, pdu: bytes) -> bytes:
    return transaction + struct.pack(">HHB", 0, len(pdu) + 1, unit) + pdu


_USED: set[int] = set()


def fresh_server() -> socket.socket:
    """A listening socket on a port no other test had: an acquisition process remembers its buses."""
    while True:
        server = socket.create_server(("127.0.0.1", 0))
        if (port := server.getsockname()[1]) not in _USED:
            _USED.add(port)
            return server
        server.close()


def eventually(true: Callable[[], bool], within: float = 10.0) -> bool:
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
