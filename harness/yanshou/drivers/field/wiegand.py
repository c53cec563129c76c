# SPDX-License-Identifier: Apache-2.0
"""A card source that makes the pulses of a reader's data lines: bits and keys, each timed by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from yanshou.drivers.field.credential import ProfileCredential
from yanshou.drivers.field.points import ModbusLink
from yanshou.model import Instant
from yanshou.protocols.card import Bits, Part
from yanshou.protocols.serial_line import fill

_CLOCK = 0.005  # of a time: a microcontroller without a crystal may be off by so much


class PulsedCredential(ProfileCredential):
    """A ``CredentialStimulus`` whose profile sends ``{bits}`` and ``{value}``, or ``{keys}``.

    Its answer says how long the pulses took (``took_us``). The last of them cannot have been earlier than
    that after the line was sent, and was made before the answer came.
    """

    def __init__(
        self,
        link: ModbusLink,
        number: int,
        permit: Callable[[str], None],
        permit_duress: Callable[[], None],
    ) -> None:
        super().__init__(link, number, permit, permit_duress)
        self._line = link

    def send(self, credential: str) -> Instant:
        """Present each part of ``credential`` in turn; see ``protocols.card``."""
        link = self._line
        lines = [self._text(part) for part in self.parts(credential)]
        self.ask_permission(credential)
        for text, expect in lines:
            sent, answer = link.acquisition.send_line(
                link.bus, text, expect, link.profile.transport.timeout_s
            )
            last = _narrowed(sent, answer, expect)
        return last

    def _text(self, part: Part) -> tuple[str, str]:
        command = self._link.profile.command("present_card" if isinstance(part, Bits) else "press_keys")
        holes = (
            {"bits": part.bits, "value": f"{part.value:X}"}
            if isinstance(part, Bits)
            else {"keys": part.pressed}
        )
        return fill(command.send, {"number": self._number, **holes}), command.expect


def _narrowed(sent: Instant, answer: str, expect: str) -> Instant:
    found = re.search(expect, answer)
    took = (found.groupdict().get("took_us") if found else None) or "0"
    earliest = sent.earliest + int(took) * 1e-6 * (1 - _CLOCK)
    return Instant(min(earliest, sent.latest), sent.latest)
