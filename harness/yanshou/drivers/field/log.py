# SPDX-License-Identifier: Apache-2.0
"""A panel's event log by its profile, over any wire: one record at a time, by its number."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from zoneinfo import ZoneInfo

from yanshou.drivers.field.points import PanelLink
from yanshou.model.local_time import readings_of
from yanshou.model.signal import LogEntry
from yanshou.protocols.card import LOW_WORD

_FACILITY: Final = 100_000  # the facility stands before five digits of the card
_BYTE: Final = 0xFF


class ProfileLog:
    """An ``EventLog``. The panel's times are in the zone it states, else in that of the site.

    A record in the hour that comes twice, or is skipped, has the latest time that it may mean. ``cards`` are
    the numbers of the bench's cards: digits that one of them may be written with mean that card.
    """

    def __init__(self, link: PanelLink, time_zone: str, cards: Collection[int] = ()) -> None:
        self._link = link
        self._cards = frozenset(cards)
        self._zone = ZoneInfo(time_zone)

    def bounds(self) -> tuple[int, int]:
        return self._number("event_oldest"), self._number("event_pointer")

    def read(self, number: int) -> LogEntry | None:
        link = self._link
        answer = link.fields("event_record", number)
        if answer is None:
            return None  # not kept
        found = answer.numbers
        if found["number"] != number:
            raise link.fault(
                f"it answered record {found['number']} of its log when asked for {number}.",
                "Look for somebody else who reads the log, or a panel that needs longer.",
            )
        try:
            *earlier, at = readings_of(answer.local_time(), answer.zone or self._zone)
        except ValueError as error:
            raise link.fault(f"record {number} of its log has no date: {dict(found)}.") from error
        user = found.get("user", 0)
        user = user if answer.user_in_letters else self._user(user)
        return LogEntry(number, answer.kind, found.get("target", 0), user, at, earlier=tuple(earlier))

    def _user(self, number: int) -> int:
        """The number of a card; makers write it in decimal, in hexadecimal, or as 255 65535."""
        facility, card = divmod(number, _FACILITY)
        written = [number, int(str(number), 16)] + ([card] if facility <= _BYTE and card <= LOW_WORD else [])
        return next((one for one in written if one & LOW_WORD in self._cards), number)

    def require_whole(self, since: int) -> None:  # noqa: ARG002 - the shape of EventLog
        """What the log does not hold did not reach it, if its newest record is the newest.

        A device that does not understand how that is asked for names another one, mostly its oldest.
        """
        link = self._link
        if link.profile.point("event_record").question is None:
            return  # registers hold the number itself
        newest = self._number("event_pointer")
        if self.read(newest + 1) is not None and self._number("event_pointer") <= newest:
            raise link.fault(
                f"it names record {newest} of its log as the newest, and keeps a later one.",
                "Compare event_pointer in its profile with what the device understands.",
            )

    def _number(self, role: str) -> int:
        answer = self._link.fields(role)
        return 0 if answer is None else answer.numbers["number"]  # an empty log has no record to name
