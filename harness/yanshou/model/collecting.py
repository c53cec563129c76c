# SPDX-License-Identifier: Apache-2.0
"""How often the interpreter looks for cycles of objects that nobody holds any more."""

from __future__ import annotations

import atexit
import gc
from typing import Final

_NEW_OBJECTS: Final = 20_000  # 700 by default


def collect_seldom() -> None:
    """Look after 20,000 new objects: a process that reads a site or a run keeps nearly all of what it makes.

    Looking after each 700 of them took an eighth of the processor time of ``yanshou report``.  When the
    process ends it does not look at all: the system takes the memory back, and a command ends 0.2 s sooner.
    """
    gc.set_threshold(_NEW_OBJECTS)
    atexit.unregister(gc.freeze)  # a process that calls this twice still freezes once
    atexit.register(gc.freeze)
