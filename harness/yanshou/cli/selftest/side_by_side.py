# SPDX-License-Identifier: Apache-2.0
"""Several runs of a selftest at the same time, each in a process of its own.

A run waits most of its time: for alarms that must stay, for what must not happen, for streams. The emulated
sites share nothing: each has its own folder, ports and processes.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from yanshou.model import RigFault, UsageError

_T = TypeVar("_T")
_MOST = 4


def usual_jobs(each: int = 1) -> int:
    """``each`` runs at the same time for each processor of this computer.

    At most four where the runs need a processor each, else eight.
    """
    return min(_MOST * min(each, 2), each * (os.cpu_count() or 1))


def side_by_side(jobs: int, works: Sequence[Callable[[], _T]]) -> list[_T]:
    """What each of the ``works`` returns, in their order; at most ``jobs`` of them at the same time.

    A work is a function of a module with its arguments (``functools.partial``). UsageError and RigFault of a
    work are raised here; the works that did not begin are then left out.
    """
    if min(jobs, len(works)) == 1:
        return [work() for work in works]
    # a new interpreter for each: a copy of this one would have its threads and locks
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="yanshou-selftest-") as folder:
        lock = Path(folder) / "alive.lock"
        with (
            FileLock(lock),  # free when this process is gone, however it went: the runs end then
            ProcessPoolExecutor(jobs, context, initializer=_end_with, initargs=(lock,)) as pool,
        ):
            futures = [pool.submit(_outcome_or_error, work) for work in works]
            try:
                return [_result(future.result()) for future in futures]
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


def _end_with(lock: Path) -> None:
    """In the new process: end when the command is gone."""
    from yanshou.fixtures.orphan import end_with  # noqa: PLC0415 - brings pytest in

    end_with(lock)


def _outcome_or_error(work: Callable[[], _T]) -> _T | tuple[type[Exception], str]:
    """The result; a mistake of the user or of the bench as its text, which passes between processes."""
    try:
        return work()
    except (UsageError, RigFault) as error:
        return type(error), str(error)


def _result(found: _T | tuple[type[Exception], str]) -> _T:
    if isinstance(found, tuple):
        kind, said = found
        raise kind(said)
    return found
