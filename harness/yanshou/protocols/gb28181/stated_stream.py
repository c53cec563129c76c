# SPDX-License-Identifier: Apache-2.0
"""What a device of GB/T 28181 states of its stream: f= of a description, VideoParamAttribute of its settings.

Both use the same numbers (GB/T 28181-2016 annex F and A.2.3, by secondary sources; the 2022 edition adds
H.265 and sizes as WxH). Number 6 is the largest size they have, so a larger picture may be stated by it, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CODECS: Final = {"1": "mpeg4", "2": "h264", "3": "svac", "5": "hevc"}
"""FFmpeg's names of the codecs."""
_SIZES: Final = {"1": (176, 144), "2": (352, 288), "3": (704, 576), "5": (1280, 720), "6": (1920, 1080)}
_LARGEST: Final = "6"
_CONSTANT: Final = "1"
_SIZE: Final = re.compile(r"(\d{2,5})\s*[xX*×]\s*(\d{2,5})")
_NUMBER: Final = re.compile(r"\d{1,6}(\.\d{1,3})?")


@dataclass(frozen=True, slots=True)
class StatedStream:
    """Codec, size, frames a second and constant bitrate (kbit/s); empty, 0 and None where nothing is stated.

    ``at_least``: the picture may be larger, because the numbers name no larger size.
    """

    codec: str = ""
    width: int = 0
    height: int = 0
    at_least: bool = False
    frame_rate: float | None = None
    bitrate_kbps: float | None = None

    def completed(self, other: StatedStream) -> StatedStream:
        """This, and the other where this states nothing."""
        sized = self if self.width else other
        return StatedStream(
            self.codec or other.codec,
            sized.width,
            sized.height,
            sized.at_least,
            self.frame_rate if self.frame_rate is not None else other.frame_rate,
            self.bitrate_kbps if self.bitrate_kbps is not None else other.bitrate_kbps,
        )


def stated(codec: str, size: str, rate: str, kind: str, bitrate: str) -> StatedStream:
    """Read the five numbers as the device writes them; what is empty, 0 or no number states nothing.

    A variable bitrate states no limit.
    """
    named = _SIZE.fullmatch(size.strip())
    width, height = (int(named[1]), int(named[2])) if named else _SIZES.get(size.strip(), (0, 0))
    return StatedStream(
        CODECS.get(codec.strip(), ""),
        width,
        height,
        size.strip() == _LARGEST,
        _positive(rate),
        _positive(bitrate) if kind.strip() == _CONSTANT else None,
    )


def of_description(text: str) -> StatedStream:
    """What an f= line states: ``v/codec/size/frame rate/kind of bitrate/bitrate`` and then the audio."""
    video = re.match(r"\s*v/([^a]*)", text)
    parts = [*(video[1].split("/") if video else []), *[""] * 5]
    return stated(*parts[:5])


def of_settings(item: Mapping[str, str]) -> StatedStream:
    """What an item of VideoParamAttribute states."""
    names = ("VideoFormat", "Resolution", "FrameRate", "BitRateType", "VideoBitRate")
    return stated(*(item.get(name, "") for name in names))


def _positive(text: str) -> float | None:
    found = float(text.strip()) if _NUMBER.fullmatch(text.strip()) else 0.0
    return found or None
