# SPDX-License-Identifier: Apache-2.0
"""What a panel reports to the receiving centre, as roles of its profile.

A profile with ``protocol = "dc09"`` maps the codes of Contact ID and SIA-DCS to roles. Such a panel is known
only by its reports. A reported alarm shows neither that the panel still holds it nor that a reset has cleared
it, so no ``AlarmPanel`` is made of it.
"""

from __future__ import annotations

from yanshou.acquisition.centre import ReceivedMessage
from yanshou.drivers.profile import Profile
from yanshou.protocols.dc09 import Qualifier
from yanshou.protocols.speech import Report

_DIGITS = {Qualifier.NEW: "1", Qualifier.RESTORED: "3", Qualifier.STILL: "6"}


def text_of(event: ReceivedMessage) -> str:
    """The event as its profile reads it: ``1130 01 007``, ``BA 01 007``; 000 if it names no number.

    A Contact ID code follows its qualifier: 1 new or opening, 3 restored or closing, 6 still there.
    """
    code = event.code
    if code.isdigit() or len(code) == 3:  # noqa: PLR2004 - three digits, of which A to F may be some
        code = _DIGITS.get(Qualifier(event.qualifier), "") + code
    return f"{code} {event.partition or 0:02d} {event.zone or 0:03d}"


def reports_of(profile: Profile, event: ReceivedMessage) -> list[Report]:
    """The roles and values that the event reports; none for old events, nor for those it does not know."""
    if profile.speech is None or event.kind != "message" or not event.code:
        return []
    if event.qualifier == Qualifier.OLD:
        return []
    return profile.speech.reports(text_of(event))
