# SPDX-License-Identifier: Apache-2.0
"""How long a child process may live on when the process that started it is gone.

The death of a parent shows by the end of a pipe from it, on Linux and on Windows alike.
"""

from __future__ import annotations

import os
import threading
from typing import Final

ORPHAN_S: Final = 1.0
"""Seconds a child takes at most to close what it holds; nothing waits for it any more."""
ORPHANED: Final = 3
"""Exit code of a child that had to be ended by force."""


def end_within(seconds: float = ORPHAN_S) -> None:
    """End this process by force after ``seconds`` unless it has ended by itself before.

    For a process whose parent is gone: a device that does not answer, or a lock somebody holds, must not keep
    it.
    """
    timer = threading.Timer(seconds, os._exit, (ORPHANED,))
    timer.daemon = True
    timer.start()
