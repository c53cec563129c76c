# SPDX-License-Identifier: Apache-2.0
"""Both ends of the pipes between a run and a process it starts: JSON lines in, records out.

The run holds a :class:`ChildProcess`. The child reads :func:`messages` from its standard input and ends when
they end; :func:`parent_is_gone` also notices a dead run whose pipe another process still holds open.
Nothing here needs POSIX: the children work the same way on Windows.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, TypeVar

from yanshou.model import now

_SLICE_S = 0.25  # waiting in slices keeps Ctrl-C alive on Windows
_KILLED_S = 5.0
_CHUNK = 65536
_Record = TypeVar("_Record")
Message = dict[str, Any]


class ChildGone(Exception):
    """The child has closed its output or ended."""


class ChildSilent(Exception):
    """The child lives, but what was waited for did not come in time."""


def json_line(stdout: IO[bytes]) -> Message | None:
    """Read one JSON object, or None at the end; for children that answer in JSON lines."""
    line = stdout.readline()
    return json.loads(line) if line else None


class ChildProcess:
    """One of our own modules, run as a process; it takes JSON lines and answers with records.

    A thread reads one record after the other with ``read`` and hands each to ``take``; no caller of ``wait``
    tests its condition meanwhile. Signals to the run's process group do not reach the child.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        read: Callable[[IO[bytes]], _Record | None],
        take: Callable[[_Record], None],
    ) -> None:
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            **_detached(),
        )
        self._sending = threading.Lock()
        self._news = threading.Condition()
        self._over = False
        self._reader = threading.Thread(target=self._listen, args=(read, take), name=module, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._child.poll()

    def send(self, message: Message) -> None:
        """Write one JSON line; raises ChildGone if nobody reads it any more."""
        stdin = _pipe(self._child.stdin)
        try:
            with self._sending:
                stdin.write(json.dumps(message).encode() + b"\n")
                stdin.flush()
        except (OSError, ValueError) as error:
            raise ChildGone from error

    def wait(self, reached: Callable[[], bool], seconds: float) -> None:
        """Return when the records taken have made ``reached`` true.

        Raises ChildGone when the child ended before that, and ChildSilent after ``seconds``.
        """
        until = now() + seconds
        with self._news:
            while not reached():
                if self._over:
                    with contextlib.suppress(subprocess.TimeoutExpired):  # its exit code follows its output
                        self._child.wait(_SLICE_S)
                    raise ChildGone
                if now() > until:
                    raise ChildSilent
                self._news.wait(_SLICE_S)

    def kill(self) -> None:
        """End the child at once: it can do nothing more."""
        self._child.kill()
        self.end(_KILLED_S)

    def end(self, seconds: float) -> int:
        """End the child by ending its input, and by force after ``seconds``; returns its exit code."""
        with self._sending, contextlib.suppress(OSError):  # it is gone already
            _pipe(self._child.stdin).close()
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
        code = self._child.wait()
        self._reader.join()
        _pipe(self._child.stdout).close()
        return code

    def _listen(self, read: Callable[[IO[bytes]], _Record | None], take: Callable[[_Record], None]) -> None:
        stdout = _pipe(self._child.stdout)
        try:
            while (record := read(stdout)) is not None:
                with self._news:
                    take(record)
                    self._news.notify_all()
        finally:
            with self._news:
                self._over = True
                self._news.notify_all()


def messages(pipe: int) -> Iterator[Message]:
    """In the child: the JSON lines of the parent, until they end.

    Unbuffered: a thread that waits in a buffered read would block the end of the process. It is read in a
    thread because asyncio cannot wait for standard input on Windows.
    """
    pending = b""
    while data := os.read(pipe, _CHUNK):
        *lines, pending = (pending + data).split(b"\n")
        yield from map(json.loads, lines)


def parent_is_gone() -> Callable[[], bool]:
    """In the child: a question that becomes true when the parent of now has died.

    On Windows it never does: there only the end of the input shows it.
    """
    parent = os.getppid()
    return lambda: sys.platform != "win32" and os.getppid() != parent


def own_stdout() -> int:
    """In the child: reserve standard output for the records; other prints go to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return own


def write_all(pipe: int, data: bytes) -> None:
    """In the child: write ``data`` to the end, unbuffered."""
    while data:
        data = data[os.write(pipe, data) :]


def _detached() -> dict[str, Any]:
    """Arguments of Popen that keep signals to the run's process group from reaching the child."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _environment() -> dict[str, str]:
    """The environment with the roots of this package first, so that the child imports the same code."""
    roots = dict.fromkeys(str(Path(part).parent) for part in sys.modules["yanshou"].__path__)
    old = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*roots, *([old] if old else [])])}


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
