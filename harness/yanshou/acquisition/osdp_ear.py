# SPDX-License-Identifier: Apache-2.0
"""What the packets of one reader's line say about it, as counts and as the instants of card reports."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from yanshou.model import Instant
from yanshou.model.reader_line import ReaderLineFacts
from yanshou.protocols.osdp import Block, OsdpCode, Packet, uses_default_key

SILENCE_S = 0.4  # field: readers end their secure channel after so long without a command
BLIND_S = 1.0  # a controller that asks a reader less often than this is not asking it
_KEPT = 100_000  # reports


@dataclass(slots=True)
class ReaderEar:
    """Hears both directions of one reader's line.

    ``blind``: periods in which a report could have been missed.
    """

    facts: ReaderLineFacts = field(default_factory=ReaderLineFacts)
    reports: deque[Instant] = field(default_factory=lambda: deque(maxlen=_KEPT))
    blind: list[Instant] = field(default_factory=list)
    heard: float = 0.0  # receipt of the last packet
    secured: bool = False
    _asked: float = 0.0  # receipt of the last command
    _last: bytes = b""
    _answer: bytes = b""
    _resent: bool = False
    _offered_default: bool = False
    _default_key: bool = False  # of the session, as the reader's cryptogram proves it
    _random: bytes = b""  # of the controller's last challenge

    @property
    def offers_default_key(self) -> bool:
        """Whether the controller's last attempt to open a secure channel was with the default key."""
        return self._offered_default

    def lost(self, until: float) -> None:
        """What was on the line between the last packet and ``until`` is not known."""
        if self.heard:
            begun = min(self.heard, until)
            if self.blind and self.blind[-1].latest >= begun:  # nothing was understood in between
                begun = self.blind.pop().earliest
            self.blind.append(Instant(begun, max(begun, until)))
        self.heard = until

    def hear(self, packet: Packet, idle: float) -> None:
        """Take in a packet; it began after the line was idle at ``idle``."""
        if self.heard and packet.ended - self.heard > BLIND_S:
            self.lost(packet.ended)
        self.heard = packet.ended
        if packet.is_reply:
            self._reply(packet, idle)
        else:
            self._command(packet)

    def _add(self, **more: int) -> None:
        self.facts = replace(
            self.facts, **{name: getattr(self.facts, name) + count for name, count in more.items()}
        )

    def _command(self, packet: Packet) -> None:
        silent = packet.ended - self._asked if self._asked else 0.0
        self._asked = packet.ended
        if silent > SILENCE_S:
            self._add(silences=1)
        self.facts = replace(self.facts, longest_silence_s=max(silent, self.facts.longest_silence_s))
        self._resent = bool(packet.sequence) and packet.raw == self._last
        if self._resent:
            self._add(resent=1)
            return
        self._last = packet.raw
        self._add(commands=1)
        if packet.code == OsdpCode.CHLNG and packet.block[:1] == bytes([Block.CHALLENGE]):
            self.secured, self._random = False, packet.data
            self._offered_default = self._default_key = packet.block[1:2] != b"\x01"
            self._add(challenges=1)
        elif packet.code == OsdpCode.KEYSET:
            self._add(rekeyed=1, rekeyed_in_clear=int(not packet.is_ciphered))

    def _reply(self, packet: Packet, idle: float) -> None:
        if self._resent and packet.raw == self._answer:
            return  # the same answer once more: nothing was reported anew
        self._answer = packet.raw
        if packet.block[:1] == bytes([Block.CLIENT]):
            said = packet.block[1:2] != b"\x01"
            self._default_key = said or uses_default_key(self._random, packet.data)
        elif packet.code == OsdpCode.RMAC_I and packet.block[:2] == bytes([Block.INITIAL, 1]):
            self.secured = True
            self._add(**{"default_key_sessions" if self._default_key else "sessions": 1})
        elif packet.code == OsdpCode.NAK:
            self._add(rejected=1)
        elif packet.holds_credential:
            if packet.is_report:
                self.reports.append(Instant(min(idle, packet.ended), packet.ended))
            self._add(
                protected_reports=int(packet.is_ciphered),
                default_key_reports=int(packet.is_ciphered and self._default_key),
                plain_reports=int(not packet.is_ciphered),
            )
