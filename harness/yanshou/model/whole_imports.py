# SPDX-License-Identifier: Apache-2.0
"""Imports of several threads, one after the other.

A part of a package may be imported while another thread still imports the package itself: Python 3.11 lets
it, and the part finds a package that is half made. What that thread was doing ends in an ImportError: one
camera of several is not measured though nothing is wrong with it, now and then, on a busy computer.
"""

from __future__ import annotations

import importlib
import threading
from typing import Any


def import_whole() -> None:
    """Let no thread begin an import while another one imports; what is imported already is not waited for."""
    bootstrap: Any = getattr(importlib, "_bootstrap")  # noqa: B009 - Python has no public place for it
    find_and_load = bootstrap._find_and_load  # noqa: SLF001
    if getattr(find_and_load, "is_whole", False):
        return
    one_at_a_time = threading.RLock()  # an import imports

    def whole(name: str, import_: Any) -> Any:
        with one_at_a_time:
            return find_and_load(name, import_)

    whole.is_whole = True  # type: ignore[attr-defined]
    bootstrap._find_and_load = whole  # noqa: SLF001
