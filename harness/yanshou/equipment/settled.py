# SPDX-License-Identifier: Apache-2.0
"""When a contact came to rest for good: one that bounces, or a siren that pulses, is away for a moment."""

from __future__ import annotations

from yanshou.drivers.capabilities import ContactInput
from yanshou.model import Instant

BOUNCE_S = 0.05
"""Contacts bounce for some milliseconds, a lock takes longer to lock: seconds."""
PULSE_PAUSE_S = 5.0
"""Longer than the pauses of sirens that pulse (1.5 s in the pattern of ISO 8201): seconds."""


def settled(contact: ContactInput, *, since: Instant, within: float, still_s: float) -> Instant | None:
    """When the contact became inactive and stayed so for ``still_s``; None if not ``within`` seconds.

    The first moment of that rest is meant. It is waited for ``still_s`` longer to see that it lasts.
    """
    end, seen = since.latest + within, contact.wait_inactive(since=since, within=within)
    while seen is not None:
        after = Instant(seen.latest, seen.latest)
        again = contact.wait_active(since=after, within=still_s)
        if again is None:
            return seen
        if again.latest >= end:
            return None
        seen = contact.wait_inactive(since=again, within=end - again.latest)
    return None
