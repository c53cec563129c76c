# SPDX-License-Identifier: Apache-2.0
"""The caller's end of the pipe to the acquisition process.  Thread-safe; one answer per request."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from typing import IO, Any

from yanshou.model import RigFault, UsageError, now

_START_S = 20.0
_SPARE_S = 15.0  # seconds beyond the time of the request itself; after that the process counts as hung
_END_S = 3.0
HARMLESS = frozenset(
    {"open", "read", "watch", "current", "wait", "polls", "unwatch"}
    | {"message_open", "message_follow", "message_values", "message_all", "message_wait", "message_polls"}
)
"""Operations of the acquisition process that change nothing on a device."""
_SLICE_S = 0.25  # waiting in slices keeps Ctrl-C alive on Windows


def detached() -> dict[str, Any]:
    """Arguments of Popen that keep signals to the run's process group from reaching the child."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def environment() -> dict[str, str]:
    """The environment with the roots of this package first, so that the child imports the same code."""
    roots = dict.fromkeys(str(Path(part).parent) for part in sys.modules["yanshou"].__path__)
    old = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*roots, *([old] if old else [])])}


class Process:
    """One child process and the requests it is working on."""

    def __init__(
        self,
        *,
        ordinary: bool,
        module: str = "yanshou.acquisition",
        permit: Callable[[], None] = lambda: None,
        doubted: Callable[[RigFault], None] = lambda _fault: None,
    ) -> None:
        command = [sys.executable, "-m", module, *(["--ordinary"] if ordinary else [])]
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), **detached()
        )
        self._permit = permit
        self._doubted = doubted
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._answers: dict[int, Future[Any]] = {}
        ready = self._expect(0)
        self._reader = threading.Thread(target=self._read, name="acquisition-answers", daemon=True)
        self._reader.start()
        try:
            self.note = str(self._result(ready, _START_S))
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def call(self, operation: str, seconds: float, **arguments: object) -> Any:
        """Ask and wait for the answer; ``seconds`` is how long the operation itself may take.

        Any operation not known to be harmless may be a stimulus, so its permission is asked for first.
        """
        if operation not in HARMLESS:
            self._permit()
        with self._lock:
            number = next(self._numbers)
        future = self._expect(number)
        message = json.dumps({"id": number, "op": operation, **arguments}).encode() + b"\n"
        try:
            with self._lock:
                stdin = _pipe(self._child.stdin)
                stdin.write(message)
                stdin.flush()
        except (OSError, ValueError) as error:
            raise self._dead() from error
        sent = now()
        try:
            return self._result(future, seconds + _SPARE_S)
        except RigFault as fault:
            if operation not in HARMLESS:
                self._tell_doubt(fault, sent)
            raise
        finally:
            self._answers.pop(number, None)

    def _tell_doubt(self, fault: RigFault, sent: float) -> None:
        """Report a failed command that may have been carried out, also when the process died meanwhile."""
        if fault.since is None and self._child.poll() is not None:
            fault.since = sent
        if fault.since is not None:
            self._doubted(fault)

    def close(self) -> None:
        """End the child by ending its input; kill it if it does not end."""
        with self._lock:
            stdin = _pipe(self._child.stdin)
            with contextlib.suppress(OSError):  # the child is gone already
                stdin.close()
        try:
            self._child.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._reader.is_alive():
            self._reader.join()
        _pipe(self._child.stdout).close()

    def _expect(self, number: int) -> Future[Any]:
        future: Future[Any] = Future()
        self._answers[number] = future
        if self._child.poll() is not None:
            future.set_exception(self._dead())
        return future

    def _result(self, future: Future[Any], seconds: float) -> Any:
        while seconds > 0:
            try:
                return future.result(min(_SLICE_S, seconds))
            except FutureTimeout:
                seconds -= _SLICE_S
                if self._child.poll() is not None and not self._reader.is_alive() and not future.done():
                    raise self._dead() from None
        raise RigFault("the acquisition process does not answer.", remedy="Free the machine and run again.")

    def _read(self) -> None:
        for line in _pipe(self._child.stdout):
            message = json.loads(line)
            future = self._answers.get(message["id"])
            if future is not None and not future.done():
                _settle(future, message)
        for future in list(self._answers.values()):
            if not future.done():
                future.set_exception(self._dead())

    def _dead(self) -> RigFault:
        code = self._child.poll()
        how = f" (exit code {code})" if code is not None else ""
        return RigFault(
            f"the acquisition process has ended{how}; what was measured since is lost.", remedy="Run again."
        )


def _settle(future: Future[Any], message: dict[str, Any]) -> None:
    if "fault" in message:
        fault = message["fault"]
        future.set_exception(RigFault(**fault))
    elif "usage" in message:
        future.set_exception(UsageError(message["usage"]))
    else:
        future.set_result(message["ok"])


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
