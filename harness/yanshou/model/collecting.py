# SPDX-License-Identifier: Apache-2.0
"""How often the interpreter looks for cycles of objects that nobody holds any more."""

from __future__ import annotations

import gc
from typing import Final

_NEW_OBJECTS: Final = 20_000  # 700 by default


def collect_seldom() -> None:
    """Look after 20,000 new objects: a process that reads a site or a run keeps nearly all of what it makes.

    Looking after each 700 of them took an eighth of the processor time of ``yanshou report``.
    """
    gc.set_threshold(_NEW_OBJECTS)
