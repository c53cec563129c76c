# SPDX-License-Identifier: Apache-2.0
"""A pytest plugin for ``bench_overhead``: how long each item of a run waited for what it had asked for.

What counts as waiting is said in ``bench_overhead``.  One JSON line per item goes to the file named by
``YANSHOU_BENCH_WAITS``.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from yanshou.acquisition import Acquisition, Watch
from yanshou.fixtures.running import planned_item
from yanshou.model import Instant, now

FILE = "YANSHOU_BENCH_WAITS"
_waited = 0.0


def _add(seconds: float) -> None:
    global _waited  # noqa: PLW0603 - one counter of one process
    if threading.current_thread() is threading.main_thread():
        _waited += max(0.0, seconds)


def _exchange(work: Callable[..., Any], instant_of: Callable[[Any], Instant]) -> Callable[..., Any]:
    """An exchange with a device: its own time on the wire is waiting, the way to it and back is not."""

    def exchanged(*arguments: Any, **options: Any) -> Any:
        answer = work(*arguments, **options)
        instant = instant_of(answer)
        _add(instant.latest - instant.earliest)
        return answer

    return exchanged


def _until(work: Callable[..., Any], seen_at: Callable[[Any], Instant | None]) -> Callable[..., Any]:
    """A wait for something to show: waiting until it was seen, not until we were told."""

    def waited(*arguments: Any, **options: Any) -> Any:
        began = now()
        answer = work(*arguments, **options)
        seen = seen_at(answer)
        _add((seen.latest if seen else now()) - began)
        return answer

    return waited


def _sleeping(sleep: Callable[[float], None]) -> Callable[[float], None]:
    def slept(seconds: float) -> None:
        began = now()
        sleep(seconds)
        _add(now() - began)

    return slept


def pytest_configure() -> None:
    """Count from here on."""
    time.sleep = _sleeping(time.sleep)
    wrapped: Any = Acquisition
    wrapped.write = _exchange(Acquisition.write, lambda instant: instant)
    wrapped.read = _exchange(Acquisition.read, lambda sample: sample.instant)
    wrapped.send_line = _exchange(Acquisition.send_line, lambda pair: pair[0])
    watching: Any = Watch
    watching.wait = _until(Watch.wait, lambda instant: instant)
    watching.current = _until(Watch.current, lambda sample: sample.instant)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Write down what the item waited."""
    before = _waited
    result = yield
    plan = planned_item(item)
    if plan is not None:
        with Path(os.environ[FILE]).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"item": plan.id, "waited": _waited - before}) + "\n")
    return result
