# SPDX-License-Identifier: Apache-2.0
"""Runs a receiving process: priority, an event loop that knows its polls, and the requests of the parent."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable

from yanshou.acquisition.centre.event_loop import StampedSelector
from yanshou.acquisition.priority import raise_priority
from yanshou.acquisition.serving import Served, serve


def serve_stamped(made: Callable[[StampedSelector], Served]) -> None:
    """Serve until standard input ends; ``made`` makes what is served, inside the loop."""
    # Ctrl-C is meant for the run, which ends this process when it is done
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    note = raise_priority() if "--ordinary" not in sys.argv else "ordinary scheduling: as asked"
    gc.freeze()
    selector = StampedSelector()
    try:
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
            runner.run(serve(lambda: made(selector), note))
    except BrokenPipeError:
        sys.stderr.close()  # the parent is gone: nobody reads the answer
