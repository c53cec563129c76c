# SPDX-License-Identifier: Apache-2.0
"""An emulated digital multimeter: SCPI lines over a TCP socket (IEEE 488.2, SCPI-1999)."""

from __future__ import annotations

import math
import re
import socket
from collections import deque
from collections.abc import Callable
from threading import Thread

from yanshou.emulation.listener import Listener
from yanshou.emulation.modbus.tcp import busy
from yanshou.emulation.site.world import World

QUIESCENT_A = 0.35
FLOAT_V = 13.65
_NOISE_A = 0.0004
_NOISE_V = 0.002
_NO_ERROR = '+0,"No error"'
_UNDEFINED = '-113,"Undefined header"'


class EmulatedMultimeter(Listener):
    """It measures the supply of the panels wired to it; ``idn`` is maker, model, serial, firmware."""

    def __init__(
        self, device: str, address: tuple[str, int], idn: str, panels: tuple[str, ...], world: World
    ) -> None:
        super().__init__(f"multimeter {device}", world)
        self.device = device
        self._address = address
        fault = world.faults.find("supply_current", device, *panels)
        self._current = fault.number() if fault else QUIESCENT_A
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.settimeout(0.2)
        self._answers: dict[str, Callable[[], str]] = {
            "*IDN?": lambda: idn,
            "*OPC?": lambda: "1",
            "MEAS:CURR:DC?": lambda: self._reading(self._current, _NOISE_A, "current"),
            "MEAS:VOLT:DC?": lambda: self._reading(FLOAT_V, _NOISE_V, "voltage"),
        }

    def open(self) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(self._address)
        except OSError as error:
            raise busy(f"port {self._address[1]} of {self._address[0]}", self.device, error) from error
        self._socket.listen()

    def shut(self) -> None:
        self._socket.close()

    def serve_once(self) -> None:
        try:
            client, _ = self._socket.accept()
        except TimeoutError:
            return
        Thread(target=self._converse, args=(client,), daemon=True).start()

    def _converse(self, client: socket.socket) -> None:
        errors: deque[str] = deque(maxlen=20)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with client, client.makefile("rb") as lines:
                for line in lines:
                    if replies := self._line(line.decode("ascii", "replace"), errors):
                        client.sendall((";".join(replies) + "\n").encode())
        except OSError as error:  # the client is gone: nobody reads the answer
            self.world.truth.write(self.device, "client_gone", str(error))

    def _line(self, line: str, errors: deque[str]) -> list[str]:
        """The answers to the commands of one line; a command without question mark has no answer."""
        commands = [short_form(part) for part in line.strip().split(";") if part.strip()]
        replies = [self._command(command, errors) for command in commands]
        return [reply for reply in replies if reply is not None]

    def _command(self, command: str, errors: deque[str]) -> str | None:
        if command in {"SYST:ERR?", "SYST:ERR:NEXT?"}:
            return errors.popleft() if errors else _NO_ERROR
        if command in {"*CLS", "*RST"}:
            errors.clear()
        elif command in self._answers:
            return self._answers[command]()
        elif command != "*OPC":
            errors.append(_UNDEFINED)
        return None

    def _reading(self, true: float, noise: float, what: str) -> str:
        value = true + self.world.drawn(-1, 1) * noise * math.sqrt(3)
        self.world.truth.write(self.device, f"{what}_read", value)
        return f"{value:+.8E}"


def short_form(command: str) -> str:
    """``:measure:current:dc?`` → ``MEAS:CURR:DC?``: SCPI-1999 vol. 1, 6.2.1, parameters left off."""
    header = command.strip().split()[0].lstrip(":").upper()
    if header.startswith("*"):
        return header
    return re.sub(r"[A-Z]+", lambda word: _short(word[0]), header)


def _short(word: str) -> str:
    if len(word) <= 4:  # noqa: PLR2004 - SCPI's short form has four letters
        return word
    return word[:3] if word[3] in "AEIOU" else word[:4]
