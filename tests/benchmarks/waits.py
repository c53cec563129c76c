# SPDX-License-Identifier: Apache-2.0
"""A pytest plugin for ``bench_overhead``: how long each item of a run waited for what it had asked for.

What counts as waiting (``waited``) is said in ``bench_overhead``; beside it stands what exchanges took
beyond their time on the wire (``turn``: the way to the acquisition process and a place between two polls) and
what the journal took (``journal``), all in seconds.  One JSON line per item goes to the file named by
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
from yanshou.evidence import Journal
from yanshou.fixtures.running import planned_item
from yanshou.model import Instant, now

FILE = "YANSHOU_BENCH_WAITS"
_spent: dict[str, float] = dict.fromkeys(("waited", "turn", "journal"), 0.0)
_last_wait = [0.0]  # when the last one ended, so that no moment counts twice


def _add(seconds: float, to: str = "waited") -> None:
    if threading.current_thread() is threading.main_thread():
        _spent[to] += max(0.0, seconds)


def _exchange(work: Callable[..., Any], instant_of: Callable[[Any], Instant]) -> Callable[..., Any]:
    """An exchange with a device: its own time on the wire is waiting, the way to it and back is not."""

    def exchanged(*arguments: Any, **options: Any) -> Any:
        began = now()
        answer = work(*arguments, **options)
        instant = instant_of(answer)
        wire = instant.latest - instant.earliest
        _add(wire)
        _add(now() - began - wire, "turn")
        return answer

    return exchanged


def _until(work: Callable[..., Any], seen_at: Callable[[Any], Instant | None]) -> Callable[..., Any]:
    """A wait for something to show: from the stimulus, or the last wait, until it was seen, not told."""

    def waited(*arguments: Any, **options: Any) -> Any:
        since = options.get("since")
        began = now() if since is None else min(now(), max(since.latest, _last_wait[0]))
        answer = work(*arguments, **options)
        seen = seen_at(answer)
        _last_wait[0] = seen.latest if seen else now()
        _add(_last_wait[0] - began)
        return answer

    return waited


def _timed(work: Callable[..., Any], to: str) -> Callable[..., Any]:
    def timed(*arguments: Any, **options: Any) -> Any:
        began = now()
        try:
            return work(*arguments, **options)
        finally:
            _add(now() - began, to)

    return timed


def _sleeping(sleep: Callable[[float], None]) -> Callable[[float], None]:
    def slept(seconds: float) -> None:
        began = now()
        sleep(seconds)
        _add(now() - began)

    return slept


def pytest_configure() -> None:
    """Count from here on."""
    time.sleep = _sleeping(time.sleep)
    journal: Any = Journal
    journal.append = _timed(Journal.append, "journal")
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
    before = _spent.copy()
    result = yield
    plan = planned_item(item)
    if plan is not None:
        with Path(os.environ[FILE]).open("a", encoding="utf-8") as file:
            spent = {name: _spent[name] - before[name] for name in _spent}
            file.write(json.dumps({"item": plan.id} | spent) + "\n")
    return result
