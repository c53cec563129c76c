# SPDX-License-Identifier: Apache-2.0
"""The caller's side of a reception process: open it, read frames as they arrive, and collect the result."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, Final, Self

import numpy as np
import numpy.typing as npt

from yanshou.acquisition.child_process import ChildGone, ChildProcess, ChildSilent
from yanshou.acquisition.media import COMPLETE, FRAME, HEAD, KEY, PACKET, StreamOrder
from yanshou.model import RigFault
from yanshou.model.call import CallFacts

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
        self._port: int | None = None
        self.ended: dict[str, Any] = {}
        self.note = ""
        self._packets: list[bytes] = []
        self._fault: dict[str, Any] | None = None
        self._child = ChildProcess("yanshou.acquisition.reception", read=_record, take=self._take)
        with contextlib.suppress(ChildGone):  # ``open`` says so
            self._child.send(order.as_json())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def listening(self) -> int:
        """Of a call: wait until its sockets are open; returns the port to offer."""
        self._wait(lambda: self._port is not None, self.order.timeout_s)
        return self._port or 0

    def agree(
        self,
        hosts: Sequence[str],
        types: Sequence[int],
        ssrc: int,
        connect: object = None,
        *,
        h265: bool = False,
    ) -> None:
        """Of a call: what was agreed, as ``AgreedMedia``."""
        said = {"hosts": list(hosts), "types": list(types), "ssrc": ssrc, "connect": connect, "h265": h265}
        with contextlib.suppress(ChildGone):  # ``open`` says so
            self._child.send({"agreed": said})

    def open(self) -> dict[str, Any]:
        """Wait until the stream plays; returns what is known of it by then."""
        self._wait(lambda: bool(self.opened), self.order.timeout_s * _REQUESTS)
        return self.opened

    def live(self) -> Iterator[ReceivedFrame]:
        """The frames as they arrive, from the first one."""
        self.open()
        given, longest = 0, self.order.idle_s + self.order.first_s
        while True:
            self._wait(partial(self._has_more, given), longest)
            yield from self.frames[given : (given := len(self.frames))]
            if self.ended and given == len(self.frames):
                return

    def _has_more(self, given: int) -> bool:
        return len(self.frames) > given or bool(self.ended)

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
        with contextlib.suppress(ChildGone):
            self._child.send({"stop": True})
        self._finish(self.order.idle_s)

    def call_facts(self) -> CallFacts | None:
        """What a call showed beside its pictures; None where the stream is not one."""
        return None

    @property
    def packets(self) -> npt.NDArray[np.void]:
        """All RTP packets in the order of their arrival, as PACKET_TABLE."""
        return np.frombuffer(b"".join(self._packets), PACKET_TABLE)

    def close(self) -> None:
        """End the process by ending its input; kill it if it does not end."""
        self._child.end(_END_S)

    def _wait(self, reached: Callable[[], bool], seconds: float) -> None:
        try:
            self._child.wait(lambda: reached() or self._fault is not None, seconds + _SPARE_S)
        except ChildGone:
            raise RigFault(
                "the reception process has ended; what came since is lost.",
                device=self.order.device,
                remedy="Run again.",
            ) from None
        except ChildSilent:
            raise RigFault("the reception process does not answer.", device=self.order.device) from None
        if self._fault is not None and not reached():
            raise ReceptionFault(**self._fault)

    def _take(self, record: tuple[bytes, bytes]) -> None:
        kind, body = record
        if kind == b"F":
            ticks, began, arrival, size, packets, flags = FRAME.unpack_from(body)
            key, complete = bool(flags & KEY), bool(flags & COMPLETE)
            data = body[FRAME.size :]
            self.frames.append(ReceivedFrame(ticks, began, arrival, size, packets, key, complete, data))
        elif kind == b"P":
            self._packets.append(body)
        else:
            fields = json.loads(body)
            event = fields.pop("event")
            if event == "opened":
                self.opened = fields
            elif event == "ended":
                self.ended = fields
            elif event == "listening":
                self._port = int(fields["port"])
            elif event == "fault":
                self._fault = fields
            else:
                self.note = str(fields["note"])


class ReceptionFault(RigFault):
    """A fault of the session, reported by the reception process.

    ``status`` is that of the RTSP answer, if there was one.
    """

    def __init__(self, what: str, *, device: str, remedy: str, final: bool, status: int | None) -> None:
        super().__init__(what, device=device, remedy=remedy, final=final)
        self.status = status


def _record(stdout: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Read the letter and the body of one record; None at the end, also in the midst of a record."""
    head = stdout.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    body = stdout.read(length)
    return (kind, body) if len(body) == length else None


assert PACKET.size == PACKET_TABLE.itemsize
