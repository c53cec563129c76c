# SPDX-License-Identifier: Apache-2.0
"""Cameras, and what one session of a stream yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, Self, runtime_checkable

from yanshou.drivers.capabilities.clock import DeviceClock
from yanshou.model import Device, Instant
from yanshou.model.stream import Luma, SecondReading, SeenFrame, StreamCapture, StreamDeclaration


class LiveView(Protocol):
    """A stream that is received while something is done in front of the camera. A context manager."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...
    def wait_running(self) -> None:
        """Return once frames arrive."""
        ...

    def finish(self, read: Callable[[Luma], object] | None = None) -> Iterator[SeenFrame]:
        """End the session and decode its frames in order; ``read`` is called with each luma plane."""
        ...


@runtime_checkable
class Camera(DeviceClock, Protocol):
    """A network camera (ONVIF Profile S/T)."""

    @property
    def device(self) -> Device: ...
    def identity(self) -> dict[str, str]: ...
    def declared_stream(self) -> StreamDeclaration: ...
    def snapshot(self) -> bytes:
        """A JPEG of the current view."""
        ...

    def clip(self, seconds: float) -> bytes:
        """``seconds`` of the live stream, for a person to look at: a file that any player opens."""
        ...

    def capture(
        self,
        seconds: float,
        *,
        pictures: int = 0,
        key_frames_only: bool = True,
        transport: str = "",
        first_s: float = 10.0,
        distinct_of: int = 0,
    ) -> StreamCapture:
        """One live RTSP session of ``seconds``; at most ``pictures`` frames are decoded.

        ``transport`` (udp, tcp) overrides that of the site file; ``first_s`` is the longest wait for the
        first frame in seconds; ``distinct_of`` frames are decoded to count how many differ.
        """
        ...

    def view(self, at_most_s: float) -> LiveView:
        """Begin a session that lasts until it is finished, at most ``at_most_s`` seconds."""
        ...

    def second_reading(self, seconds: float) -> SecondReading:
        """Let a second reader receive the same stream, to exclude an error of ours."""
        ...

    def first_picture(self, within: float) -> tuple[Instant, Instant | None]:
        """When live video was requested, and when its first picture was decoded; None: not ``within`` s."""
        ...

    def exchange_times(self, count: int) -> list[Instant]:
        """Sending and answer of ``count`` requests to its RTSP server (OPTIONS)."""
        ...

    def throughput(self, seconds: float) -> tuple[float, int] | None:
        """Mbit/s and bytes of downloads (snapshots) for ``seconds``; None if it offers none."""
        ...
