# SPDX-License-Identifier: Apache-2.0
"""Starting what codes pictures before it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from yanshou.model import RigFault

START_S = 300.0
"""Coding the pictures takes a busy computer minutes."""


def start_in(loop: asyncio.AbstractEventLoop, beginning: Coroutine[Any, Any, None]) -> None:
    """Run ``beginning`` in the loop of another thread; raises what it raises.

    RigFault if it has not ended within ``START_S``.
    """
    begun = asyncio.run_coroutine_threadsafe(beginning, loop)
    try:
        begun.result(START_S)
    except TimeoutError as error:
        raise RigFault(f"the emulated cameras were not ready within {START_S:.0f} s.") from error
