# SPDX-License-Identifier: Apache-2.0
"""Papers that were shown to the tester: what their dates say, and where they contradict one another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it was shown: its number, date and issuer, and the photograph of its page.

    ``title`` is what it is called in a report. ``valid_from`` and ``valid_until`` (the last valid day) are
    None where the paper states none. ``person`` showed it, ``page`` is the SHA-256 of the photograph.
    """

    title: str
    number: str
    issued: date
    issuer: str
    person: str = ""
    page: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def cited(self) -> str:
        """As a report cites it."""
        return f"{self.title} {self.number}（{self.issuer}，{self.issued}）"

    def not_valid(self, day: date, what: str) -> str:
        """Why the paper was not valid on ``day``, on which ``what`` happened; empty if it was.

        It is valid from its beginning, or from its date if none is stated, to its last day inclusive.
        """
        begins = self.valid_from or self.issued
        if day < begins:
            return f"{self.cited}自 {begins} 起有效，{what}在此之前（{day}）"
        if self.valid_until is not None and day > self.valid_until:
            return f"{self.cited}已于 {self.valid_until} 到期，{what}在此之后（{day}）"
        return ""

    def doubts(self, today: date) -> list[str]:
        """What the dates of the paper itself contradict: it cannot be later than the day it is shown."""
        found = []
        if self.issued > today:
            found.append(f"{self.cited}的日期在检测日 {today} 之后")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            found.append(f"{self.cited}的有效期止于 {self.valid_until}，早于其开始 {self.valid_from}")
        elif self.valid_until and self.valid_until < self.issued:
            found.append(f"{self.cited}的有效期止于 {self.valid_until}，早于签发日期")
        return found


def out_of_order(steps: Iterable[tuple[str, date]]) -> list[str]:
    """The steps that came before one that has to come first; the same day is in order.

    ``steps`` are named in the order they have to come in. Each is compared with the latest before it.
    """
    found = []
    latest: tuple[str, date] | None = None
    for title, day in steps:
        if latest is not None and day < latest[1]:
            found.append(f"{title}（{day}）早于{latest[0]}（{latest[1]}）")
        if latest is None or day > latest[1]:
            latest = (title, day)
    return found


def longest_stretch(begun: datetime, ended: datetime, breaks: Sequence[datetime]) -> timedelta | None:
    """The longest time without a break from ``begun`` to ``ended``.

    None where the times contradict one another: the end before the beginning, a break outside of both.
    """
    if ended < begun or any(not begun <= one <= ended for one in breaks):
        return None
    return max(later - earlier for earlier, later in pairwise([begun, *sorted(breaks), ended]))


def same_model(one: str, other: str) -> bool:
    """Whether two spellings mean the same model: full width, capitals, blanks and hyphens do not count."""
    return bool(_spelt(one)) and _spelt(one) == _spelt(other)


def _spelt(model: str) -> str:
    plain = unicodedata.normalize("NFKC", model).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
