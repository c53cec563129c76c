# SPDX-License-Identifier: Apache-2.0
"""What every camera does alike once it is known how its stream is opened."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

from yanshou.acquisition.media import KEEP_ALL, KEEP_KEYS
from yanshou.acquisition.receiver import StreamReceiver
from yanshou.model import Device, Instant, RigFault
from yanshou.model.stream import StreamCapture

if TYPE_CHECKING:  # OpenCV is imported only where a stream is received: a survey asks thousands of devices
    from yanshou.drivers.stream import live

_FIRST_S: Final = 10.0
_VIEW_BYTES: Final = 512 * 1024 * 1024


class StreamingCamera(ABC):
    """The part of :class:`yanshou.drivers.capabilities.Camera` that receives the live stream."""

    @property
    @abstractmethod
    def device(self) -> Device:
        """The inventory line."""

    @abstractmethod
    def _reception(self, *, transport: str = "", **how: Any) -> StreamReceiver:
        """A session of the live stream, not opened yet; ``how`` are further fields of its order."""

    def capture(
        self,
        seconds: float,
        *,
        pictures: int = 0,
        key_frames_only: bool = True,
        transport: str = "",
        first_s: float = _FIRST_S,
        distinct_of: int = 0,
    ) -> StreamCapture:
        """One live session, ``seconds`` from its first frame; decoding comes after the last packet.

        ``width`` and ``height`` are the bitstream's own, 0 when nothing could be decoded (``stopped_early``
        then says so). ``key`` means an IDR (H.264) or IRAP (H.265) picture. Raises RigFault if no frame came.
        """
        from yanshou.drivers.stream import live  # noqa: PLC0415 - brings OpenCV in

        following = distinct_of > 0 or (pictures > 0 and not key_frames_only)
        receiver = self._reception(
            transport=transport, seconds=seconds, first_s=first_s, keep=KEEP_ALL if following else KEEP_KEYS
        )
        return live.capture(
            receiver, pictures=pictures, key_frames_only=key_frames_only, distinct_of=distinct_of
        )

    def clip(self, seconds: float) -> bytes:
        """``seconds`` of the live stream as coded, in an MPEG transport stream."""
        from yanshou.drivers.stream.clip import received_clip  # noqa: PLC0415

        return received_clip(self._reception(seconds=seconds, first_s=_FIRST_S, keep=KEEP_ALL))

    def view(self, at_most_s: float) -> live.CameraView:
        """Begin a session that lasts until it is finished, at most ``at_most_s`` seconds."""
        from yanshou.drivers.stream import live  # noqa: PLC0415 - brings OpenCV in

        return live.CameraView(self._reception(seconds=at_most_s, keep=KEEP_ALL, keep_bytes=_VIEW_BYTES))

    def first_picture(self, within: float) -> tuple[Instant, Instant | None]:
        """When live video was requested, and when its first picture was decoded; None: not ``within`` s."""
        from yanshou.drivers.stream import live  # noqa: PLC0415 - brings OpenCV in

        return live.first_picture(self._reception(seconds=within, first_s=within, keep=KEEP_KEYS), within)

    def _snapshot_of_stream(self) -> bytes:
        """A JPEG of the luma of a key frame."""
        capture = self.capture(0.5, pictures=1)
        if not capture.pictures:
            raise RigFault("no key frame could be decoded for a snapshot.", device=self.device.id)
        import cv2  # noqa: PLC0415

        done, jpeg = cv2.imencode(".jpg", capture.pictures[0][1])
        if not done:
            raise RigFault("the key frame could not be written as JPEG.", device=self.device.id)
        return bytes(jpeg.tobytes())
