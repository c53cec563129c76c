# SPDX-License-Identifier: Apache-2.0
"""The results of one session of a live stream: packets, frames, decoded pictures.

The package does not import this module by itself: it needs numpy, which most commands do without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from yanshou.model.call import CallFacts
from yanshou.model.instant import Instant

Luma = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class StreamDeclaration:
    """What a camera declares of its main stream; empty, 0 and None for what it does not state."""

    profile: str
    codec: str
    width: int
    height: int
    frame_rate: float | None
    bitrate_kbps: float | None
    uri: str
    coding_profile: str = ""  # Baseline, Main, High ...
    gop: int | None = None  # pictures from one key frame to the next
    service: str = "media"  # the ONVIF service that declared it: media or media2
    remark: str = ""  # in words, when a larger profile was passed over, or nothing is declared
    at_least: bool = False  # the picture may be larger: the wire has no word for a larger size

    @property
    def sized(self) -> bool:
        """Whether it states the size of the picture."""
        return bool(self.width and self.height)


@dataclass(frozen=True, slots=True)
class FrameStamp:
    """One frame of a stream: RTP time in ticks (unwrapped), arrival of its last packet, its size in bytes."""

    rtp_ticks: int
    arrival: float
    key: bool
    size: int
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reception:
    """The packets of a session: the basis of loss, jitter and age.

    ``packets`` is a structured array in the order of arrival (arrival s, timestamp, ssrc, sequence, bytes,
    marker); ``reports`` are sender reports as (UTC Unix s, RTP time, packets sent, arrival s); ``exchanges``
    the requests as (method, status, sent s, answered s).
    """

    transport: str
    asked: float
    packets: npt.NDArray[np.void]
    reports: Sequence[tuple[float, int, int, float]] = ()
    exchanges: Sequence[tuple[str, int, float, float]] = ()
    reordered: int = 0
    duplicates: int = 0
    restarts: int = 0
    damaged: int = 0  # came on the stream's channel and was no RTP packet
    foreign: int = 0  # packets of a payload type or source that nobody announced
    beside: Sequence[tuple[int, int]] = ()  # those of our source: after how many of ours, and their number
    late_s: float = 0.0  # by how much the stamp of a packet may be later than its arrival at the most
    garbage: int = 0  # NAL units and fragments that were none
    dropped_here: int | None = 0  # datagrams this computer dropped unread; None: unknown
    missed_here: int = 0  # packets its network card or its kernel threw away meanwhile, of any sender
    buffer_bytes: int | None = None  # the receive buffer that was granted for UDP
    stopped: str = ""  # why packets ended before the asked time, in words; says nothing of decoding


@dataclass(frozen=True, slots=True)
class Rest:
    """Beside what moves: ``moved`` is the share of the picture in which anything ever moved.

    ``copied`` is the share of the other blocks that are bit by bit the same in two key frames, the largest of
    any two; None where there were not two key frames, or no detail beside what moves.
    """

    moved: float
    copied: float | None


@dataclass(frozen=True, slots=True)
class Distinct:
    """Of so many decoded frames in a row: how many differ from the one before, and the longest repetition.

    ``idle`` further ones are not counted, as nothing that moves was in view.
    ``moved`` are those in which something moved since the one before, None where nobody looked; ``halted``
    those in which nothing did, between others in which much did; ``rest`` is what is beside the movement.
    ``again_s`` is the time after which all that moves repeats itself, None where it does not. ``sent_again``
    are frames, of all that came, whose data is that of the one before, though their time is another.
    """

    decoded: int
    distinct: int
    longest_repeat_s: float
    moved: int | None = None
    halted: int = 0
    rest: Rest | None = None
    again_s: float | None = None
    sent_again: int = 0
    idle: int = 0


@dataclass(frozen=True, slots=True)
class Bitstream:
    """What the coded stream itself states: profile and level by its parameter sets, sizes by the decoder.

    ``sizes`` are the (width, height) that were decoded, in their order; ``slices`` the most of one frame.
    """

    profile: str
    level: str
    sizes: tuple[tuple[int, int], ...]
    slices: int
    described: str  # the codec by the session description


@dataclass(frozen=True, slots=True, eq=False)
class StreamCapture:
    """The results of one RTSP session: stamps of all frames, some decoded luma planes, losses.

    ``pictures`` are (index into ``frames``, luma plane height × width uint8), ``chroma`` the U and V planes
    of those that are key frames, by the same index; the resolution is the bitstream's own.
    """

    codec: str
    width: int
    height: int
    clock_rate: int
    frames: Sequence[FrameStamp]
    pictures: Sequence[tuple[int, Luma]]
    packets: int
    lost: int
    started: Instant
    ended: Instant
    stopped_early: str = ""  # why the stream ended before the asked time, in words
    qp: float | None = None  # mean quantiser of the decoded pictures, when the stream states it
    qp_exact: bool = True  # it is that of the blocks, not only of the slices
    chroma: Mapping[int, tuple[Luma, Luma]] = field(default_factory=dict)
    full_range: bool = False  # luma 0…255 as the stream states; else 16…235
    matrix: str = ""  # bt709 or bt601 as the stream states
    reception: Reception | None = None
    bitstream: Bitstream | None = None
    first_picture: Instant | None = None  # when the first whole key frame was decoded
    distinct: Distinct | None = None
    call: CallFacts | None = None  # of a call of GB/T 28181
    damaged: int = 0  # whole as packets, but damaged pictures, or after one: left out of ``pictures``


@dataclass(frozen=True, slots=True, eq=False)
class SeenFrame:
    """One decoded frame of a watched view.

    ``arrival``: its last packet; ``decode_s``: what the decoder took; ``blocks``: mean luma of blocks of
    BLOCK × BLOCK px, float32 rows × columns; ``read``: what was asked to be read from the picture;
    ``late_s``: by how much the stamp of the arrival may be late at the most.
    """

    rtp_ticks: int
    arrival: float
    decode_s: float
    blocks: npt.NDArray[np.float32]
    read: object = None
    late_s: float = 0.0

    @property
    def there(self) -> Instant:
        """From the arrival of its last packet to the end of its decoding."""
        return Instant(self.arrival - self.late_s, self.arrival + self.decode_s)


@dataclass(frozen=True, slots=True)
class SecondReading:
    """The result of an independent reader for the same stream, after our session.

    ``behind_s`` is by how much it fell behind the stream's own time: what it missed then is not missing.
    """

    frames: int
    fps: float | None
    width: int
    height: int
    why: str = ""  # why it got nothing
    reader: str = "OpenCV"
    behind_s: float = 0.0
