# SPDX-License-Identifier: Apache-2.0
"""What was heard on the line between one reader and its controller."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReaderLineFacts:
    """Counts of one reader's OSDP line (IEC 60839-11-5) since somebody began to listen.

    ``commands``: commands of the controller to this reader. ``challenges``: attempts to open a secure
    channel; ``sessions`` and ``default_key_sessions``: those that succeeded with a key of the site, and with
    the published default key SCBK-D. ``rekeyed``: how often the controller sent the reader a new key;
    ``rekeyed_in_clear``: those that were not ciphered. ``protected_reports`` and ``plain_reports``:
    credentials reported ciphered and not, also biometric ones and the traffic of smart cards;
    ``default_key_reports``: those of the protected ones that anybody can read. ``resent``: commands that the
    controller repeated. ``rejected``: commands that the reader refused. ``garbled``: beginnings of packets on
    the line that were none. ``silences``: times without a command for more than 0.4 s;
    ``longest_silence_s``: the longest one.
    """

    commands: int = 0
    challenges: int = 0
    sessions: int = 0
    default_key_sessions: int = 0
    rekeyed: int = 0
    rekeyed_in_clear: int = 0
    protected_reports: int = 0
    default_key_reports: int = 0
    plain_reports: int = 0
    resent: int = 0
    rejected: int = 0
    garbled: int = 0
    silences: int = 0
    longest_silence_s: float = 0.0

    @property
    def is_protected(self) -> bool | None:
        """Whether every credential was reported under a key of the site; None if none was reported."""
        reports = self.protected_reports + self.plain_reports
        return self.protected_reports - self.default_key_reports == reports if reports else None
