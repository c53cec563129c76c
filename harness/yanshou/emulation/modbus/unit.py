# SPDX-License-Identifier: Apache-2.0
"""One Modbus unit address: an image to read, and commands that act when they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import RLock

from yanshou.emulation.modbus.image import Image
from yanshou.emulation.profile import EmulatedArea, EmulatedCommand, EmulatedProfile

Action = Callable[[int, bool], None]
"""Called with the number (from 1) and whether the command's own value was written, not its opposite."""
_Written = Callable[[int, int, bool], None]


class ModbusUnit:
    """One device on a bus.  Writes act before they are answered, under the world's lock."""

    def __init__(self, profile: EmulatedProfile, lock: RLock, image: Image | None = None) -> None:
        self.profile = profile
        self.image = image or Image(profile)
        self._lock = lock
        self._actions: dict[str, _Written] = {}
        self._pulse: Callable[[int, float], None] | None = None

    def on(self, command: str, action: Action) -> None:
        """Call ``action`` for the command of this name."""
        self._actions[command] = lambda number, _value, own: action(number, own)

    def on_value(self, command: str, action: Callable[[int, int], None]) -> None:
        """Call ``action`` with the number and whatever value is written."""
        self._actions[command] = lambda number, value, _own: action(number, value)

    def read(self, area: EmulatedArea, address: int, count: int) -> list[int] | None:
        """``count`` bits or words; None for an address the device does not have."""
        return self.image.read(area, address, count)

    def write(self, area: EmulatedArea, address: int, values: Sequence[int]) -> bool:
        """Carry out a write; False, and nothing done, if an address takes no command."""
        orders = [self._order(area, address + i, value) for i, value in enumerate(values)]
        with self._lock:
            for order in orders if None not in orders else ():
                if order is not None:
                    order()
        return None not in orders

    def obey(self, command: str, number: int) -> None:
        """Carry out a command that came in a message or by a contact."""
        if (action := self._actions.get(command)) is not None:
            with self._lock:
                action(number, 1, True)

    def pulse(self, address: int, word: int) -> bool:
        """Carry out a function 05 with a word that is neither on nor off; False if nothing accepts it."""
        for command in self.profile.commands:
            number = self._number(command, EmulatedArea.COIL, address)
            if command.step_s and number and self._pulse:
                with self._lock:
                    self._pulse(number, word * command.step_s)
                return True
        return False

    def on_pulse(self, action: Callable[[int, float], None]) -> None:
        """Call ``action`` for pulses, with the number (from 1) and the seconds."""
        self._pulse = action

    def _order(self, area: EmulatedArea, address: int, value: int) -> Callable[[], None] | None:
        here = [
            (command, number)
            for command in self.profile.commands
            if not command.step_s and (number := self._number(command, area, address))
        ]
        if not here:
            return None
        exact = [pair for pair in here if pair[0].value == value]
        command, number = exact[0] if exact else here[0]
        action = self._actions.get(command.name)
        return partial(action, number, value, bool(exact)) if action else None

    def _number(self, command: EmulatedCommand, area: EmulatedArea, address: int) -> int | None:
        number = command.number(address) if command.area is area and not command.send else None
        return number if number and number <= self.profile.count_of(command.target) else None
