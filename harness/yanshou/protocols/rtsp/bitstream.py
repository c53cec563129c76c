# SPDX-License-Identifier: Apache-2.0
"""What coded video states about itself: NAL units, profile and level, slices (ITU-T H.264 7.3, H.265 7.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_START: Final = re.compile(rb"\x00\x00\x01")
_H264: Final = {66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2"}
_HEVC: Final = {1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Range Extensions"}
_SPS: Final = {"h264": 7, "hevc": 33}
_HEVC_PTL: Final = 3  # of an SPS: NAL unit header, then four + three + one bits
_HEVC_LEVEL_AT: Final = _HEVC_PTL + 11


def nal_units(codec: str, unit: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and bytes of each NAL unit of an access unit in Annex B."""
    starts = [match.end() for match in _START.finditer(unit)]
    ends = [*(start - 3 for start in starts[1:]), len(unit)] if starts else []
    for begin, end in zip(starts, ends, strict=True):
        nal = unit[begin:end].rstrip(b"\x00")
        if nal:
            yield (nal[0] & 0x1F if codec == "h264" else nal[0] >> 1 & 0x3F), nal


def parameter_set(codec: str, unit: bytes) -> bytes | None:
    """The sequence parameter set of an access unit; None if it has none."""
    return next((nal for kind, nal in nal_units(codec, unit) if kind == _SPS[codec]), None)


def slices(codec: str, unit: bytes) -> int:
    """How many slice (segment) NAL units an access unit has."""
    coded = range(1, 6) if codec == "h264" else range(32)
    return sum(kind in coded for kind, _ in nal_units(codec, unit))


def profile_and_level(codec: str, sps: bytes | None) -> tuple[str, str]:
    """Names as the standards write them, e.g. ("High", "4.1"); empty where the set is too short to tell."""
    if sps is None:
        return "", ""
    if codec == "h264":
        return _of_h264(sps)
    if len(sps) <= _HEVC_LEVEL_AT:
        return "", ""
    number, level = sps[_HEVC_PTL] & 0x1F, sps[_HEVC_LEVEL_AT]
    return _HEVC.get(number, str(number)), f"{level / 30:.3g}"


def _of_h264(sps: bytes) -> tuple[str, str]:
    if len(sps) < 4:  # noqa: PLR2004 - header, profile, constraints, level
        return "", ""
    number, level = sps[1], sps[3]
    return _H264.get(number, str(number)), f"{level // 10}.{level % 10}"
