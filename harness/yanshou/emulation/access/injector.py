# SPDX-License-Identifier: Apache-2.0
"""The emulated credential injector, a tool of the bench that sends a card to a reader's line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from yanshou.emulation.access.door import EmulatedDoor, EmulatedDoorController, PresentedCard
from yanshou.emulation.profile import EmulatedProfile, line_pattern
from yanshou.emulation.serial_line import SerialLine
from yanshou.emulation.serial_listener import SerialListener
from yanshou.emulation.site.world import World
from yanshou.model import Device, UsageError


class Entrance(NamedTuple):
    """The door a reader line leads to; ``leaving``: it is the reader to go out."""

    controller: EmulatedDoorController
    door: EmulatedDoor
    leaving: bool = False


class ReaderLines:
    """The reader lines of one card source, by their number, and the credentials that its doors know."""

    def __init__(self, device: Device, entrances: Mapping[int, Entrance], world: World) -> None:
        known = ("authorised", "duress", "payment", "approval")
        self._cards = {str(device.attributes[kind]): kind for kind in known if kind in device.attributes}
        self._entrances = entrances
        self._world = world

    def present(self, number: int, credential: str) -> bool:
        """The last bit of ``credential`` came over line ``number``; False if it leads to no door."""
        entrance = self._entrances.get(number)
        if entrance is None:
            return False
        kind = self._cards.get(credential, "unauthorised")
        card = PresentedCard(kind, _low_word(credential), leaving=entrance.leaving)
        with self._world.lock:
            entrance.controller.credential(entrance.door, card)
        return True


class Injector(SerialListener):
    """Answers ``CARD 1 1A2B3C4D`` with the word its profile expects, after sending the credential.

    ``entrances`` is keyed by the number of the reader line (wiring ``reader=CARD-1/1``). It answers ``ERR``
    to a line it does not understand and to a reader that is not wired.
    """

    def __init__(
        self,
        device: Device,
        profile: EmulatedProfile,
        line: SerialLine,
        entrances: Mapping[int, Entrance],
        world: World,
    ) -> None:
        super().__init__(f"injector {device.id}", world, line)
        command = next((command for command in profile.commands if command.name == "present_card"), None)
        if command is None or not command.send:
            raise UsageError(
                f"{device.id}: profile {profile.name} has no line for present_card.", "Add send and expect."
            )
        self.device = device.id
        self._eol = profile.eol.encode()
        self._pattern = line_pattern(command.send)
        self._yes = command.expect.strip("^$").encode()
        self._lines = ReaderLines(device, entrances, world)
        self._buffer = b""

    def serve_once(self) -> None:
        self._buffer += self._line.read(0.2)
        while self._eol in self._buffer:
            line, self._buffer = self._buffer.split(self._eol, 1)
            self._line.wait(len(line) + len(self._eol))
            word = self._present(line.decode("ascii", "replace"))
            self._line.wait(len(word) + len(self._eol))
            self._line.write(word + self._eol)

    def _present(self, line: str) -> bytes:
        match = self._pattern.fullmatch(line.strip())
        number = match["number"] if match else ""
        if match and number.isdecimal() and self._lines.present(int(number), match["credential"]):
            return self._yes
        self.world.truth.write(self.device, "not_understood", line)
        return b"ERR"


def _low_word(text: str) -> int:
    """What a controller keeps of a credential in one register: of a card ``26:1234`` its value."""
    card = text.partition("+")[0].rpartition(":")[2]
    try:
        return int(card, 16) % 65_536
    except ValueError:
        return 0
