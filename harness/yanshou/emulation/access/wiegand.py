# SPDX-License-Identifier: Apache-2.0
"""An emulated microcontroller that makes Wiegand pulses (docs/card-sources.md, section 4)."""

from __future__ import annotations

import time

from yanshou.emulation.access.injector import ReaderLines
from yanshou.emulation.serial_line import SerialLine
from yanshou.emulation.serial_listener import SerialListener
from yanshou.emulation.site.world import World
from yanshou.model import Device

_PULSE_S, _BETWEEN_KEYS_S = 0.002, 0.02


class WiegandInjector(SerialListener):
    """Makes the pulses of a card or of keys, then tells how long they took."""

    def __init__(self, device: Device, line: SerialLine, lines: ReaderLines, world: World) -> None:
        super().__init__(f"wiegand {device.id}", world, line)
        self._lines = lines
        self._known = {_as_sent(str(text)): str(text) for text in device.attributes.values()}
        self._buffer = b""

    def serve_once(self) -> None:
        self._buffer += self._line.read(0.2)
        while b"\r\n" in self._buffer:
            line, self._buffer = self._buffer.split(b"\r\n", 1)
            self._line.write(self._served(line.decode("ascii", "replace")).encode() + b"\r\n")

    def _served(self, line: str) -> str:
        begun = time.perf_counter()
        try:
            word, number, *rest = line.split()
            bits = self._pulses(word, rest)
            took = time.perf_counter() - begun  # of the pulses; what the door does with them comes after
            sent = line.replace(f"{word} {number} ", f"{word} ", 1)
            if not self._lines.present(int(number), self._known.get(sent, sent.rpartition("x")[2])):
                return f"ERR no line {number}"
        except (ValueError, IndexError) as error:
            return f"ERR {error}"
        return f"OK {number} {bits} {int(took * 1e6)}"

    @staticmethod
    def _pulses(word: str, rest: list[str]) -> int:
        """Take the time of the pulses; returns how many they were."""
        if word == "CARD":
            bits = int(rest[0])
            if int(rest[1], 16) >> bits:
                raise ValueError("too long")
            time.sleep(bits * _PULSE_S)
            return bits
        if word != "KEYS" or set(rest[0]) - set("0123456789*#"):
            raise ValueError(word)
        time.sleep(len(rest[0]) * (4 * _PULSE_S + _BETWEEN_KEYS_S))
        return 4 * len(rest[0])


def _as_sent(text: str) -> str:
    """What the line for this credential says, without its number."""
    if text.startswith("pin:"):
        return f"KEYS {text.removeprefix('pin:')}"
    bits, _, value = text.rpartition(":")
    return f"CARD {bits or 4 * len(value)} 0x{value.lstrip('0').upper() or '0'}"
