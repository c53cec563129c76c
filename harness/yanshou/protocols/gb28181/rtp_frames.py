# SPDX-License-Identifier: Apache-2.0
"""One RTP time stamp for each frame of a program stream (GB/T 28181-2022: same frame same stamp, else not).

A frame is the run of PES packets of one video stream with the same PTS; packets without PTS continue it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from yanshou.protocols.gb28181.findings import Oddities, PsOddity


@dataclass(slots=True)
class _VideoFrame:
    pts: int | None
    timestamp: int | None  # of its last byte so far
    split: bool = False
    doubtful: bool = False  # part of it may be another frame, or bytes of it were lost


@dataclass(slots=True)
class FrameStamps:
    """Compares the time stamps of the packets that carry the video. ``frames`` is how many frames began."""

    oddities: Oddities
    frames: int = 0
    judged: int = 0  # frames whose stamp could be compared with the one before
    _current: dict[int, _VideoFrame] = field(default_factory=dict)

    def begin(
        self, stream: int, pts: int | None, timestamp: int | None, offset: int, *, packed: bool
    ) -> None:
        """A video PES packet begins in the RTP packet of ``timestamp``; ``packed``: after a pack header."""
        old = self._current.get(stream)
        if old is not None and (pts is None or pts == old.pts):
            # with a pack and a time stamp of its own it may be a frame of its own: then nothing is judged
            old.doubtful = old.doubtful or (packed and timestamp != old.timestamp)
            self.carry(stream, timestamp, offset)
            return
        self.frames += 1
        new = self._current[stream] = _VideoFrame(pts, timestamp, doubtful=pts is None or timestamp is None)
        if old is None or old.doubtful or new.doubtful:
            return
        self.judged += 1
        if old.timestamp == timestamp:
            self.oddities.note(PsOddity.TIMESTAMP_SHARED, offset, f"time stamp {timestamp}")

    def carry(self, stream: int, timestamp: int | None, offset: int) -> None:
        """More of the current frame came in the RTP packet of ``timestamp``."""
        current = self._current.get(stream)
        if current is None or timestamp == current.timestamp:
            return
        if not (current.split or current.doubtful):
            self.oddities.note(PsOddity.TIMESTAMP_SPLIT, offset, f"{current.timestamp} and {timestamp}")
            current.split = True
        current.timestamp = timestamp

    def lost(self) -> None:
        """Bytes were lost: the frames before and after are not compared."""
        self._current.clear()
