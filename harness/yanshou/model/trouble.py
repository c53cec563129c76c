# SPDX-License-Identifier: Apache-2.0
"""The three kinds of trouble; the kind of an error decides what happens next.

NonConformity: the installed system does not comply. It is never tried again and never overwritten.

RigFault: our bench, an instrument or the path to the device failed. It is tried again once, and every attempt
is in the journal.

UsageError: the site file, the catalogue or the call is wrong. The command stops early and gives the remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    ``device`` names what did not answer; ``remedy`` says what the engineer can do about it. A ``final`` fault
    is not tried again: a person refused, a password was wrong. ``since`` (``model.now``) is set when a
    command was sent and nobody knows whether the device carried it out; it is the earliest time at which that
    may have happened.
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
    """The requirement does not apply to this site or device; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a user's file: where it is, what is wrong and the remedy, printed as one line."""

    path: str
    line: int | None
    what: str
    remedy: str

    def __str__(self) -> str:
        return self.said()

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The mistake in one line, in the language that ``translate`` puts a text into; English by itself."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        what = translate(self.what if len(self.what) <= _LONGEST else f"{self.what[:_LONGEST]}…")
        between = "" if what.endswith("。") else " "  # Chinese sentences need no blank
        return printable(f"{place}  {what}{between}{translate(self.remedy)}".rstrip()).replace("\n", "\\n")


def mistake_at(place: str, what: str, remedy: str) -> Mistake:
    """A mistake at a ``place`` such as ``inventory.csv:7``; one without a line is that of the whole file."""
    path, _colon, line = place.rpartition(":")
    return Mistake(path, int(line), what, remedy) if line.isdecimal() else Mistake(place, None, what, remedy)


class UsageError(Exception):
    """The site file, the catalogue, a profile or the command line is wrong; carries all mistakes."""

    def __init__(self, mistakes: Sequence[Mistake] | str, remedy: str = "", *, path: Path | str = "") -> None:
        if isinstance(mistakes, str):
            mistakes = [Mistake(str(path), None, mistakes, remedy)]
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes).strip())


class NotBesideError(Exception):
    """What is done beside the bench turned out to need the bench or a person.

    It is done once more by the process that has them.
    """
