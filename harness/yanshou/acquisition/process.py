# SPDX-License-Identifier: Apache-2.0
"""The caller's requests to the acquisition process.  Thread-safe; one answer per request."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from yanshou.acquisition.child_process import ChildGone, ChildProcess, ChildSilent, Message, json_line
from yanshou.model import RigFault, UsageError, now

_START_S = 20.0
_SPARE_S = 15.0  # seconds beyond the time of the request itself; after that the process counts as hung
_END_S = 3.0
HARMLESS = frozenset(
    {"open", "read", "watch", "current", "wait", "polls", "unwatch"}
    | {"message_open", "message_follow", "message_values", "message_all", "message_wait", "message_polls"}
    | {"message_ask", "osdp_listen", "osdp_report", "osdp_facts"}
)
"""Operations of the acquisition process that change nothing on a device."""


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
        self._permit = permit
        self._doubted = doubted
        self._numbers = itertools.count(1)
        self._answers: dict[int, Message | None] = {0: None}  # of the requests that are waited for
        options = ["--ordinary"] if ordinary else []
        self._child = ChildProcess(module, *options, read=json_line, take=self._take)
        try:
            self.note = str(self._result(0, _START_S))
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
        number = next(self._numbers)
        self._answers[number] = None
        try:
            self._send({"id": number, "op": operation, **arguments})
            sent = now()
            try:
                return self._result(number, seconds + _SPARE_S)
            except _NoAnswer as fault:  # the command may have been carried out all the same
                if operation not in HARMLESS:
                    fault.since = sent
                    self._doubted(fault)
                raise
            except RigFault as fault:
                if operation not in HARMLESS and fault.since is not None:
                    self._doubted(fault)
                raise
        finally:
            del self._answers[number]

    def close(self) -> None:
        """End the child by ending its input; kill it if it does not end."""
        self._child.end(_END_S)

    def _take(self, message: Message) -> None:
        if message["id"] in self._answers:
            self._answers[message["id"]] = message

    def _send(self, message: Message) -> None:
        try:
            self._child.send(message)
        except ChildGone as gone:
            raise self._dead() from gone

    def _result(self, number: int, seconds: float) -> Any:
        try:
            self._child.wait(lambda: self._answers[number] is not None, seconds)
        except ChildGone:
            raise self._dead() from None
        except ChildSilent:
            raise _NoAnswer(
                "the acquisition process does not answer.", remedy="Free the machine and run again."
            ) from None
        return _answer(self._answers[number] or {})

    def _dead(self) -> _NoAnswer:
        code = self._child.code
        how = f" (exit code {code})" if code is not None else ""
        return _NoAnswer(
            f"the acquisition process has ended{how}; what was measured since is lost.", remedy="Run again."
        )


class _NoAnswer(RigFault):
    """The process ended or hangs: nobody knows whether it carried out what it was asked."""


def _answer(message: Message) -> Any:
    if "fault" in message:
        raise RigFault(**message["fault"])
    if "usage" in message:
        raise UsageError(message["usage"])
    return message["ok"]
