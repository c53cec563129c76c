# SPDX-License-Identifier: Apache-2.0
"""A thread that serves one serial line."""

from __future__ import annotations

from yanshou.emulation.listener import Listener
from yanshou.emulation.serial_line import SerialLine
from yanshou.emulation.site.world import World


class SerialListener(Listener):
    """Opens its line before it serves and closes it at the end; one that ``refuses`` is never there."""

    def __init__(self, name: str, world: World, line: SerialLine, *, refuses: bool = False) -> None:
        super().__init__(name, world)
        self._line = line
        self._refuses = refuses

    def open(self) -> None:
        if self._refuses:
            self.stopping.set()
        else:
            self._line.open()

    def shut(self) -> None:
        self._line.close()
