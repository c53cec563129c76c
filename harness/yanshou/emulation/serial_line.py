# SPDX-License-Identifier: Apache-2.0
"""Serial lines of the emulated site: pseudo-terminals, reached under the path the site file gives."""

from __future__ import annotations

import os
import select
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from yanshou.model import Connection, RigFault

PACE_VARIABLE = "YANSHOU_EMULATION_PACE"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long characters take on the line; zero unless the line is paced."""

    seconds_per_char: float

    @classmethod
    def of(cls, connection: Connection) -> Pace:
        """From baud, parity and stop bits, when ``pace`` is an option or YANSHOU_EMULATION_PACE is set."""
        options = connection.options
        if os.environ.get(PACE_VARIABLE, "") in {"", "0"}:
            return cls(0.0)
        bits = 9 + (options.get("parity", "N") != "N") + int(str(options.get("stop", 1)))
        return cls(bits / float(str(options.get("baud", 9600))))


class SerialLine:
    """The device's end of a line.  ``open`` makes the link at ``path``, ``close`` removes it."""

    def __init__(self, path: Path, device: str, pace: Pace) -> None:
        self.path = path
        self.device = device
        self._pace = pace
        self._end = -1
        self._far = -1

    def open(self) -> None:
        """Create the pseudo-terminal; RigFault if there are none here or ``path`` is something else."""
        if sys.platform == "win32":
            raise RigFault(
                "this system has no pseudo-terminals.", device=self.device, remedy="Emulate on Linux."
            )
        import tty  # noqa: PLC0415 - POSIX only

        self._end, self._far = os.openpty()
        tty.setraw(self._end)
        tty.setraw(self._far)  # kept open, so that the line stays up when the harness closes it
        self._link(os.ttyname(self._far))

    def _link(self, target: str) -> None:
        try:
            if self.path.is_symlink():  # left by an emulation that was killed
                self.path.unlink()
            self.path.symlink_to(target)
        except OSError as error:
            what = f"the serial line {self.path} cannot be made: {error.strerror}."
            self.close()
            raise RigFault(
                what, device=self.device, remedy="Move what is there, or make the folder writable."
            ) from error

    @property
    def is_paced(self) -> bool:
        """Whether characters take their time."""
        return self._pace.seconds_per_char > 0

    def wait(self, characters: float) -> None:
        """Wait for the time that so many characters take on the line."""
        if self._pace.seconds_per_char:
            time.sleep(characters * self._pace.seconds_per_char)

    def read(self, timeout: float) -> bytes:
        """What has arrived, waiting at most ``timeout`` seconds; empty if nothing did."""
        ready, _, _ = select.select([self._end], [], [], timeout)
        return os.read(self._end, 4096) if ready else b""

    def write(self, data: bytes) -> None:
        """Send ``data``; it is dropped if nobody reads and the line is full, as on a real wire."""
        _, ready, _ = select.select([], [self._end], [], 0)
        if ready:
            os.write(self._end, data)

    def close(self) -> None:
        """Remove the link and end the line."""
        if self.path.is_symlink() and self._far >= 0 and sys.platform != "win32":
            if self.path.readlink() == Path(os.ttyname(self._far)):
                self.path.unlink()
        for end in (self._end, self._far):
            if end >= 0:
                os.close(end)
        self._end = self._far = -1
