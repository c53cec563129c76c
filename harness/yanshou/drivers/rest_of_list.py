# SPDX-License-Identifier: Apache-2.0
"""Asking a recorder again for what its list may leave out.

Some recorders list so many entries at the most, give that number as the number of all, and leave out the rest
without a word: the oldest, the newest, or what lies between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

Span = tuple[datetime, datetime]
"""Begin and end of a time."""

MOST_QUESTIONS: Final = 1000
_SHORTEST: Final = timedelta(seconds=1)  # recorders state times in whole seconds


def ask_for_rest(ask: Callable[[Span], Span | None], spans: Iterable[Span]) -> bool:
    """Ask for each time, and beside what an answer brings as long as that is more than was known.

    ``ask`` gives the first and the last instant of what is listed of a time, None if nothing in it is new.
    False if there is still something to ask for after ``MOST_QUESTIONS``.
    """
    to_ask, asked = list(spans), set[Span]()
    while to_ask:
        span = to_ask.pop()
        if span in asked or span[1] - span[0] <= _SHORTEST:
            continue
        if len(asked) >= MOST_QUESTIONS:
            return False
        asked.add(span)
        to_ask += beside(span, ask(span))
    return True


def beside(span: Span, held: Span | None) -> list[Span]:
    """What of a time lies before and after what was found in it; nothing where there is none."""
    return [(span[0], held[0]), (held[1], span[1])] if held else []
