# SPDX-License-Identifier: Apache-2.0
"""The caller's side of a reception process: open it, read frames as they arrive, and collect the result."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final, Self

import numpy as np
import numpy.typing as npt

from yanshou.acquisition.media import COMPLETE, FRAME, HEAD, KEY, PACKET, StreamOrder
from yanshou.acquisition.process import detached, environment
from yanshou.model import RigFault, now

PACKET_TABLE: Final = np.dtype(
    [
        ("arrival", "<f8"),
        ("timestamp", "<u4"),
        ("ssrc", "<u4"),
        ("sequence", "<u2"),
        ("bytes", "<u2"),
        ("marker", "u1"),
    ]
)
_SPARE_S: Final = 15.0
_END_S: Final = 5.0
_SLICE_S: Final = 0.25
_REQUESTS: Final = 6  # so many requests at most, each with its own time limit, before a stream plays


@dataclass(frozen=True, slots=True)
class ReceivedFrame:
    """One coded frame: RTP time (unwrapped ticks), first and last packet, and its Annex B bytes if kept."""

    rtp_ticks: int
    began: float
    arrival: float
    size: int
    packets: int
    key: bool
    complete: bool
    data: bytes = field(default=b"", repr=False)


class StreamReceiver:
    """Receives one stream in a process of its own. A context manager; leaving it closes the session.

    RigFault as the client raises it (refused, no answer, no picture), or when the process dies; ``status`` of
    a ReceptionFault is that of the RTSP refusal, None for everything else.
    """

    def __init__(self, order: StreamOrder) -> None:
        self.order = order
        self.frames: list[ReceivedFrame] = []
        self.opened: dict[str, Any] = {}
        self.ended: dict[str, Any] = {}
        self.note = ""
        self._packets: list[bytes] = []
        self._fault: dict[str, Any] | None = None
        self._over = False
        self._news = threading.Condition()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "yanshou.acquisition.reception"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            **detached(),
        )
        self._send(json.dumps(order.as_json()))
        self._reader = threading.Thread(target=self._read, name="reception", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def open(self) -> dict[str, Any]:
        """Wait until the stream plays; returns what is known of it by then."""
        self._wait(lambda: bool(self.opened), self.order.timeout_s * _REQUESTS)
        return self.opened

    def live(self) -> Iterator[ReceivedFrame]:
        """The frames as they arrive, from the first one."""
        self.open()
        given, longest = 0, self.order.idle_s + self.order.first_s
        while True:
            self._wait(lambda seen=given: len(self.frames) > seen or bool(self.ended), longest)
            yield from self.frames[given : (given := len(self.frames))]
            if self.ended and given == len(self.frames):
                return

    def finish(self) -> None:
        """Wait until the ordered session ends."""
        order = self.order
        self._finish(order.timeout_s * _REQUESTS + order.first_s + order.seconds + order.idle_s)

    def _finish(self, longest: float) -> None:
        order = self.order
        self._wait(lambda: bool(self.ended), longest)
        if self.ended["overrun"]:
            raise RigFault(
                "the stream came faster than this computer took it; what was left out is not known.",
                device=order.device,
                remedy="Free the machine and run again.",
            )

    def stop(self) -> None:
        """End the session now, properly; what arrived is kept."""
        with contextlib.suppress(OSError, ValueError):
            self._send("stop")
        self._finish(self.order.idle_s)

    @property
    def packets(self) -> npt.NDArray[np.void]:
        """All RTP packets in the order of their arrival, as PACKET_TABLE."""
        return np.frombuffer(b"".join(self._packets), PACKET_TABLE)

    def close(self) -> None:
        """End the process by ending its input; kill it if it does not end."""
        with contextlib.suppress(OSError, ValueError):
            _pipe(self._child.stdin).close()
        try:
            self._child.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._reader.join()
        _pipe(self._child.stdout).close()

    def _send(self, line: str) -> None:
        stdin = _pipe(self._child.stdin)
        stdin.write(line.encode() + b"\n")
        stdin.flush()

    def _wait(self, reached: Any, seconds: float) -> None:
        until = now() + seconds + _SPARE_S
        with self._news:
            while not reached():
                if self._fault is not None:
                    raise ReceptionFault(**self._fault)
                if self._over:
                    raise RigFault(
                        "the reception process has ended; what came since is lost.",
                        device=self.order.device,
                        remedy="Run again.",
                    )
                if now() > until:
                    raise RigFault("the reception process does not answer.", device=self.order.device)
                self._news.wait(_SLICE_S)  # in slices: keeps Ctrl-C alive on Windows

    def _read(self) -> None:
        stdout = _pipe(self._child.stdout)
        while len(head := stdout.read(HEAD.size)) == HEAD.size:
            kind, length = HEAD.unpack(head)
            body = stdout.read(length)
            if len(body) < length:
                break
            with self._news:
                self._take(kind, body)
                self._news.notify_all()
        with self._news:
            self._over = True
            self._news.notify_all()

    def _take(self, kind: bytes, body: bytes) -> None:
        if kind == b"F":
            ticks, began, arrival, size, packets, flags = FRAME.unpack_from(body)
            key, complete = bool(flags & KEY), bool(flags & COMPLETE)
            data = body[FRAME.size :]
            self.frames.append(ReceivedFrame(ticks, began, arrival, size, packets, key, complete, data))
        elif kind == b"P":
            self._packets.append(body)
        else:
            record = json.loads(body)
            event = record.pop("event")
            if event == "opened":
                self.opened = record
            elif event == "ended":
                self.ended = record
            elif event == "fault":
                self._fault = record
            else:
                self.note = str(record["note"])


class ReceptionFault(RigFault):
    """A fault of the session, reported by the reception process.

    ``status`` is that of the RTSP answer, if there was one.
    """

    def __init__(self, what: str, *, device: str, remedy: str, final: bool, status: int | None) -> None:
        super().__init__(what, device=device, remedy=remedy, final=final)
        self.status = status


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


assert PACKET.size == PACKET_TABLE.itemsize
