# SPDX-License-Identifier: Apache-2.0
"""What a playback yields, whatever wire it came over: some frames to decode, a trail of all, their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from yanshou.model import Instant
from yanshou.model.recording import PlayedFrame

if TYPE_CHECKING:
    from yanshou.drivers.stream.looked import SeenFrames
    from yanshou.protocols.rtsp.decode import Decoded

_KEEP_BYTES: Final = 128 * 1024 * 1024
FIRST_FRAMES: Final = 150
"""Of a playback of all frames about so many are decoded one after the other, half at each end."""
_NEWEST_FRAMES: Final = 20_000


class ArrivedFrame(Protocol):
    """A coded frame as it arrived."""

    @property
    def data(self) -> bytes: ...
    @property
    def rtp_ticks(self) -> int: ...
    @property
    def arrival(self) -> float: ...
    @property
    def size(self) -> int: ...
    @property
    def complete(self) -> bool: ...
    @property
    def key(self) -> bool: ...


_Frame = TypeVar("_Frame", bound=ArrivedFrame)


@dataclass(slots=True)
class TakenFrames(Generic[_Frame]):
    """What has come so far; memory is bounded by the bytes kept."""

    units: list[_Frame] = field(default_factory=list)
    frames_played: list[PlayedFrame] = field(default_factory=list)
    count: int = 0
    size: int = 0
    whole: bool = True
    _digest: Any = field(default_factory=hashlib.sha256)

    def take(self, unit: _Frame, utc: datetime | None = None, flags: str = "") -> None:
        """Take the next frame; ``utc`` and ``flags`` as the recorder stamped it."""
        self.count += 1
        self.whole = self.whole and unit.complete
        self._digest.update(len(unit.data).to_bytes(4) + unit.data)
        if len(self.frames_played) < _NEWEST_FRAMES:
            so_far = self._digest.copy().digest()
            frame = PlayedFrame(unit.rtp_ticks, utc, flags, unit.size, unit.complete, so_far)
            self.frames_played.append(frame)
        if unit.complete and self.size + unit.size <= _KEEP_BYTES:
            self.units.append(unit)
            self.size += unit.size

    @property
    def sha256(self) -> str:
        """Over all coded frames; empty when there is none or any was incomplete."""
        return str(self._digest.hexdigest()) if self.count and self.whole else ""

    def shown(self, first: Decoded | None, decoding_s: float, late_s: float) -> Instant | None:
        """When the first picture was shown: the arrival of its last packet, plus the time of decoding."""
        if first is None:
            return None
        came = self.units[first.index].arrival
        return Instant(came - late_s, came + decoding_s)

    def seen(
        self, codec: str, clock_rate: int, parameter_sets: Sequence[bytes] = (), *, intra: bool
    ) -> SeenFrames:
        """What they show: of an ``intra`` playback some key frames, else all or a part of each second."""
        # both bring FFmpeg in
        from yanshou.drivers.stream.looked import SeenFrames, seen_of  # noqa: PLC0415
        from yanshou.protocols.rtsp.decode import decode_spread  # noqa: PLC0415

        if not intra:
            return seen_of(codec, self.units, FIRST_FRAMES, clock_rate, parameter_sets)
        units = [(place, unit) for place, unit in enumerate(self.units) if unit.data]
        made, damaged = decode_spread(codec, units, parameter_sets=parameter_sets, quantisers=1)
        if not made:
            return SeenFrames(damaged=damaged)
        spread = made[1 : -1 : max(1, (len(made) - 1) // 3)]
        return SeenFrames(
            len(made),
            made[0],
            made[-1] if len(made) > 1 else None,
            tuple(one.luma for one in spread),
            damaged=damaged,
        )
