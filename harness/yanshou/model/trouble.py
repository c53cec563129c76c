# SPDX-License-Identifier: Apache-2.0
"""The three families of trouble.  Which family an error belongs to decides what happens next.

* the installed system does not comply: :class:`NonConformity`, never retried, never overwritten;
* our bench, instrument or path failed: :class:`RigFault`, bounded retry, every attempt journaled;
* the site file, the catalogue or the call is wrong: :class:`UsageError`, stops early with the remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yanshou.model.printable import printable

_LONGEST = 600


class NonConformity(AssertionError):
    """The system under test does not meet a clause.

    It is an AssertionError so that pytest and Allure say *failed*, not *broken*.
    """


class RigFault(Exception):
    """Our own equipment or the path to the device failed; nothing is said about the system under test.

    ``device`` names what did not answer; ``remedy`` says what the engineer can do about it.  A ``final``
    fault is not tried again: a person refused, a password was wrong.  ``since`` (``model.now``) is set where
    a command was sent of which nobody knows whether it was carried out: from then on it may have been.
    """

    def __init__(
        self,
        what: str,
        *,
        device: str = "",
        remedy: str = "",
        final: bool = False,
        since: float | None = None,
    ) -> None:
        self.what = what
        self.device = device
        self.remedy = remedy
        self.final = final
        self.since = since
        super().__init__(" ".join(part for part in (f"{device}:" if device else "", what, remedy) if part))


class NotApplicable(Exception):
    """The requirement has no object on this site or device; carries the reason."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file of the user's: where it is, what is wrong, and the way out; one line as text."""

    path: str
    line: int | None
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        what = self.what if len(self.what) <= _LONGEST else f"{self.what[:_LONGEST]}…"
        return printable(f"{place}  {what} {self.remedy}".rstrip()).replace("\n", "\\n")


class UsageError(Exception):
    """The site file, the catalogue, a profile or the command line is wrong.  All mistakes at once."""

    def __init__(self, mistakes: Sequence[Mistake] | str, remedy: str = "", *, path: Path | str = "") -> None:
        if isinstance(mistakes, str):
            mistakes = [Mistake(str(path), None, mistakes, remedy)]
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes).strip())
