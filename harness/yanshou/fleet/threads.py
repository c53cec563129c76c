# SPDX-License-Identifier: Apache-2.0
"""The engine of a survey on one host.

Threads, with limits on questions at once per subnet and per recorder.

Asking is mostly waiting, so threads are enough: a camera takes about a hundredth of a second of processor
time. Results are passed on as they come and not kept.
"""

from __future__ import annotations

import ctypes
import sys
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Final

from yanshou.fleet.ask import ask
from yanshou.fleet.result import Record
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import Subject
from yanshou.model.whole_imports import import_whole
from yanshou.protocols.onvif.described import described

_POLL_S: Final = 0.5
_OF_A_CAMERA: Final = ("devicemgmt", "media")
_ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h


def ask_all(
    subjects: Sequence[Subject],
    settings: Settings,
    folder: Path,
    done: Callable[[Record], None],
    stop: Event | None = None,
) -> None:
    """Ask every subject once and give each result to ``done``, in this thread, as it comes.

    When ``stop`` is set or this thread is interrupted, no further device is asked; devices being asked are
    finished and their results passed on.
    """
    import_whole()  # on a worker of a cluster no command of ours has begun
    _few_heaps()
    queue = _Queue(subjects, settings)
    running: dict[Future[Record], Subject] = {}
    with ThreadPoolExecutor(settings.at_once, thread_name_prefix="survey") as pool:
        try:
            while not (stop is not None and stop.is_set()):
                while len(running) < settings.at_once and (subject := queue.next()) is not None:
                    running[pool.submit(ask, subject, settings, folder)] = subject
                if not running:
                    return
                _collect(running, queue, done)
        finally:
            while running:
                _collect(running, queue, done)


def _few_heaps() -> None:
    """Let all threads share two heaps: glibc gives each thread its own and does not shrink it.

    What every camera needs is read before they begin, and what reading it left over is given back.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):  # another C library, which has no such setting
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, 2)
        for service in _OF_A_CAMERA:
            described(service)
        library.malloc_trim(0)


def _collect(running: dict[Future[Record], Subject], queue: _Queue, done: Callable[[Record], None]) -> None:
    finished, _ = wait(running, timeout=_POLL_S, return_when=FIRST_COMPLETED)
    for future in finished:
        queue.free(running.pop(future))
        done(future.result())


class _Queue:
    """The devices still to be asked, by subnet.

    The next is any whose subnet and recorder are below their limit.
    """

    def __init__(self, subjects: Sequence[Subject], settings: Settings) -> None:
        self._settings = settings
        self._waiting: dict[str, deque[Subject]] = {}
        for subject in subjects:
            self._waiting.setdefault(subject.subnet, deque()).append(subject)
        self._asked: Counter[tuple[str, str]] = Counter()

    def next(self) -> Subject | None:
        """Remove and return the next one to ask; None if all have to wait or none is left."""
        for subnet, waiting in self._waiting.items():
            if self._asked["subnet", subnet] >= self._settings.per_subnet:
                continue
            for place, subject in enumerate(waiting):
                if self._has_room(subject):
                    del waiting[place]
                    self._count(subject, 1)
                    if not waiting:
                        del self._waiting[subnet]
                    return subject
        return None

    def free(self, subject: Subject) -> None:
        """Note that one device was asked."""
        self._count(subject, -1)

    def _has_room(self, subject: Subject) -> bool:
        recorder = subject.recorder
        return not recorder or self._asked["recorder", recorder] < self._settings.per_recorder

    def _count(self, subject: Subject, by: int) -> None:
        self._asked["subnet", subject.subnet] += by
        if subject.recorder:
            self._asked["recorder", subject.recorder] += by
