# SPDX-License-Identifier: Apache-2.0
"""The emulated site as a context manager, for the command line, the self-test and our own tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import deque
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import IO, Any, Self

import yanshou
from yanshou.emulation.ports import reserved_ports
from yanshou.model import RigFault

_END_S = 10.0
_LAST_LINES = 12
_PORT = re.compile(r"(?P<before>\b(?:port|listen)\s*=\s*|::)(?P<port>\d+)\b(?!\.)")


class EmulatedSite:
    """Starts ``python -m yanshou.emulation`` on entering, and ends it on leaving.

    Raises RigFault with the child's last output if it ends or does not print ``ready`` within ``deadline_s``.
    The child ends by itself when this process ends, for whatever reason.
    """

    def __init__(
        self,
        site: Path,
        faults: Path | None = None,
        truth: Path | None = None,
        *,
        video: bool = True,
        deadline_s: float = 360.0,
    ) -> None:
        self.site = site
        self.truth = truth
        self._deadline_s = deadline_s
        self._command = [sys.executable, "-m", "yanshou.emulation", str(site), "--until-eof"]
        self._command += ["--faults", str(faults)] if faults else []
        self._command += ["--truth", str(truth)] if truth else []
        self._command += [] if video else ["--without-video"]
        self._child: subprocess.Popen[str] | None = None
        self._said: SimpleQueue[str | None] = SimpleQueue()
        self._output: deque[str] = deque(maxlen=_LAST_LINES)
        self._reader: Thread | None = None

    @property
    def pid(self) -> int:
        """The process id of the child while it runs; RigFault when it does not."""
        if self._child is None:
            raise RigFault("the emulated site is not running.")
        return self._child.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the child and wait until it is ready."""
        self._child = subprocess.Popen(  # noqa: S603 - our own module, no shell
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=_environment(),
            **_apart(),
        )
        self._reader = Thread(target=self._listen, args=(self._child.stdout,), daemon=True)
        self._reader.start()
        try:
            self._await_ready()
        except BaseException:
            self.stop()
            raise

    def _listen(self, output: IO[str]) -> None:
        for line in output:
            self._output.append(line.rstrip())
            self._said.put(line.strip())
        self._said.put(None)  # the end

    def _await_ready(self) -> None:
        try:
            while (said := self._said.get(timeout=self._deadline_s)) is not None:
                if said == "ready":
                    return
        except Empty:
            raise self._fault(f"was not ready within {self._deadline_s:g} s") from None
        raise self._fault("ended before it was ready")

    def _fault(self, what: str) -> RigFault:
        output = "\n".join(self._output)
        return RigFault(f"the emulated site {what}{': ' if output else '.'}{output}")

    def dismiss(self) -> None:
        """Let the child end by itself; ``stop`` still waits for it."""
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()

    def stop(self) -> None:
        """End the child: by closing its input, else by SIGTERM, else by force. May be called twice."""
        child, self._child = self._child, None
        if child is None:
            return
        for way in (child.stdin.close if child.stdin else child.terminate, child.terminate, child.kill):
            way()
            try:
                child.wait(_END_S)
                break
            except subprocess.TimeoutExpired:
                continue
        if self._reader:
            self._reader.join(timeout=_END_S)
        if child.stdout:
            child.stdout.close()


def _apart() -> dict[str, Any]:
    """Arguments of Popen that keep Ctrl-C from the child: the run it is meant for still needs its devices."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _environment() -> dict[str, str]:
    """This process's environment, in which the child finds the package where this process found it."""
    roots = [str(Path(part).parent) for part in yanshou.__path__]
    inherited = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*roots, *([inherited] if inherited else [])]),
        "PYTHONUTF8": "1",
    }


def private_copy(site: Path, into: Path) -> Path:
    """A copy of the site folder at ``into`` on ports that no other copy on this machine has."""
    shutil.copytree(site, into, ignore=shutil.ignore_patterns("*.pty"))
    path = into / "site.toml"
    text = path.read_text(encoding="utf-8")
    ports = sorted({match["port"] for match in _PORT.finditer(text)})
    fresh = dict(zip(ports, map(str, reserved_ports(len(ports))), strict=True))
    text = _PORT.sub(lambda match: match["before"] + fresh[match["port"]], text)
    path.write_text(text, encoding="utf-8")
    return into
