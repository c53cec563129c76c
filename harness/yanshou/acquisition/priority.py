# SPDX-License-Identifier: Apache-2.0
"""The priority that every stamping process asks for."""

from __future__ import annotations

import os
import sys

_PRIORITY = 50


def raise_priority() -> str:
    """Ask for SCHED_FIFO, which keeps brackets narrow on a busy machine; returns what was granted."""
    if sys.platform == "win32" or not hasattr(os, "sched_setscheduler"):
        return "ordinary scheduling: this system knows no SCHED_FIFO"
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    except OSError as error:
        return f"ordinary scheduling: SCHED_FIFO was not granted ({error.strerror})"
    return f"SCHED_FIFO {_PRIORITY}"
