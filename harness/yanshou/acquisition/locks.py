# SPDX-License-Identifier: Apache-2.0
"""One owner per bus on this computer: a lock file named after the bus, held as long as the run lives."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from yanshou.model import RigFault, UsageError
from yanshou.protocols.bus import Bus


def _lock_file(bus: Bus) -> Path:
    folder = Path(tempfile.gettempdir()) / "yanshou-locks"
    # the lock reports any trouble except a folder of another user, which is open to all
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o1777)
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", bus.resource).strip("-")[-40:]
    return folder / f"{readable}-{hashlib.sha256(bus.resource.encode()).hexdigest()[:12]}.lock"


def holder_of(bus: Bus) -> int | None:
    """The process id that last took the bus, None if there is none."""
    try:
        return int(_owner_file(_lock_file(bus)).read_text("ascii"))
    except (OSError, ValueError):
        return None


def _owner_file(lock: Path) -> Path:
    return lock.with_suffix(".pid")  # not the lock file itself: taking the lock truncates that


class BusLock:
    """The exclusive right to a bus; the operating system releases it when the process dies."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._path = _lock_file(bus)
        self._lock = FileLock(self._path, mode=0o666, thread_local=False)

    def acquire(self, timeout: float = 0.0) -> None:
        """Take the bus; raises ``UsageError`` naming the other run, ``RigFault`` if locking does not work."""
        try:
            self._lock.acquire(timeout=timeout)
        except Timeout:
            pid = holder_of(self.bus)
            who = f"another run (pid {pid})" if pid else "another run"
            raise UsageError(
                f"bus {self.bus.address} is in use by {who}.", "Wait until it has ended, or end it first."
            ) from None
        except OSError as error:
            raise RigFault(
                f"its lock {self._path} cannot be taken: {error}.",
                device=self.bus.address,
                remedy="Run as the user who ran before, or remove that file when no run is under way.",
            ) from error
        owner = _owner_file(self._path)
        with contextlib.suppress(OSError):  # the number is used only in a message
            owner.write_text(str(os.getpid()), "ascii")

    def release(self) -> None:
        """Release the bus."""
        self._lock.release()
