# SPDX-License-Identifier: Apache-2.0
"""The date and time written into a picture: from a line of text to a time that can be believed.

A single reading never decides: one wrong digit on plain white text is read about twice in a hundred times. A
time is believed when it is a valid date, its weekday agrees, and readings at least two seconds apart advance
as the stream does. Anything else is *unreadable*, which is not *wrong*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

_DIGITS: Final = re.compile(r"\d")
_PLAIN: Final = str.maketrans("０１２３４５６７８９：", "0123456789:")
_STAMP_DIGITS: Final = 14
_CHINESE: Final = re.compile(r"(?:星期|周)([一二三四五六日天—－-])")  # a long dash is how 一 is read
_ENGLISH: Final = re.compile(r"(?i)(mon|tue|wed|thu|fri|sat|sun)")
_NOON: Final = re.compile(r"(?i)(?:\d|\s|\b)([ap])\.?m\b|([上下])午")
_SAME_DAY: Final = str.maketrans("天—－-", "日一一一")
_DAYS_ZH: Final = "一二三四五六日"
_DAYS_EN: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEARS: Final = range(1990, 2100)
_APART_S: Final = 2.0
_AGREEING: Final = 2 / 3


class DateOrder(StrEnum):
    """How a site's cameras write the date; stated in the inventory, never guessed from the clock."""

    YMD = "ymd"
    MDY = "mdy"
    DMY = "dmy"


_COLON: Final = re.compile(":")
_DATE_SIGN: Final = re.compile("[-/年月]")
_DATE_SIGNS: Final = {DateOrder.YMD: (4, 6), DateOrder.MDY: (2, 4), DateOrder.DMY: (2, 4)}


def stamp_of(text: str, order: DateOrder | None = None) -> datetime | None:
    """The date and time in a line of text, without a time zone; None if incomplete or contradictory.

    Fourteen digits, since readers lose blanks and signs; a sign that was read has to stand where this order
    of date and time has one. The time may stand first where its colons say so. Without a stated ``order`` the
    position of the year decides; with the year at the end, the weekday must distinguish month and day if both
    are possible.
    """
    text = text.translate(_PLAIN)
    digits = "".join(_DIGITS.findall(text))
    if len(digits) != _STAMP_DIGITS:
        return None
    orders = [order] if order else list(DateOrder)
    colons, signs = _places(text, _COLON), _places(text, _DATE_SIGN)
    found = set()
    for one in orders:
        parts = _DATE_SIGNS[one]
        if colons <= {10, 12} and signs <= {*parts, 8}:
            found.add(_dated(digits[:8], digits[8:], one, _noon(text)))
        elif colons and colons <= {2, 4} and signs <= {6 + place for place in (0, *parts)}:
            found.add(_dated(digits[6:], digits[:6], one, _noon(text)))
    found.discard(None)
    weekday = _weekday(text)
    if weekday is not None:
        found = {when for when in found if when is not None and when.weekday() == weekday}
    return found.pop() if len(found) == 1 else None


def _places(text: str, sign: re.Pattern[str]) -> set[int]:
    """After how many digits such a sign stands, between the first digit and the last."""
    places = {len(_DIGITS.findall(text[: found.start()])) for found in sign.finditer(text)}
    return places - {0, _STAMP_DIGITS}


def _dated(date: str, clock: str, order: DateOrder, noon: str) -> datetime | None:
    match order:
        case DateOrder.YMD:
            year, month, day = date[:4], date[4:6], date[6:]
        case DateOrder.MDY:
            month, day, year = date[:2], date[2:4], date[4:]
        case DateOrder.DMY:
            day, month, year = date[:2], date[2:4], date[4:]
    hour = int(clock[:2])
    if noon:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a twelve-hour clock
            return None
        hour = hour % 12 + (12 if noon == "p" else 0)
    if int(year) not in _YEARS:
        return None
    try:
        return datetime(int(year), int(month), int(day), hour, int(clock[2:4]), int(clock[4:]))  # noqa: DTZ001
    except ValueError:
        return None


def _noon(text: str) -> str:
    found = _NOON.search(text)
    return "" if not found else (found[1] or {"上": "a", "下": "p"}[found[2]]).lower()


def _weekday(text: str) -> int | None:
    if found := _CHINESE.search(text):
        return _DAYS_ZH.index(found[1].translate(_SAME_DAY))
    return _DAYS_EN.index(found[1].lower()) if (found := _ENGLISH.search(text)) else None


@dataclass(frozen=True, slots=True)
class StampReading:
    """One reading: the stream's time of the picture in seconds, and the date and time read in it."""

    at: float
    shown: datetime | None


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock that can be believed: at stream time ``at`` the picture showed ``shown`` to the second.

    ``readings`` agreed, ``unread`` could not be read or disagreed.
    """

    at: float
    shown: datetime
    readings: int
    unread: int


def believed(
    readings: Sequence[StampReading], *, slack_s: float = 1.0, rate_tolerance: float = 0.01
) -> ShownClock | None:
    """The clock on which two thirds of the readings agree, at least two of them two seconds apart.

    Readings agree if the displayed time advances as the stream does to ``slack_s``: the second that a clock
    does not show, less where each reading is known to be of the middle of its second.
    """
    read = [reading for reading in readings if reading.shown is not None]
    best: list[StampReading] = []
    for first in read:
        agreeing = [one for one in read if _agree(first, one, slack_s, rate_tolerance)]
        best = max(best, agreeing, key=len)
    if not best or best[-1].at - best[0].at < _APART_S or len(best) < _AGREEING * len(readings):
        return None
    shown = best[0].shown
    assert shown is not None
    return ShownClock(best[0].at, shown, len(best), len(readings) - len(best))


def _agree(one: StampReading, other: StampReading, slack_s: float, rate_tolerance: float) -> bool:
    assert one.shown is not None
    assert other.shown is not None
    passed = other.at - one.at
    advanced = (other.shown - one.shown) / timedelta(seconds=1)
    return abs(advanced - passed) <= slack_s + rate_tolerance * abs(passed)
