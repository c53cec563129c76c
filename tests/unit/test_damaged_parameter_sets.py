# SPDX-License-Identifier: Apache-2.0
"""Damaged parameter sets of H.264 and H.265: what cannot be read is unknown, and nothing breaks."""

from __future__ import annotations

import functools
import random
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from yanshou.protocols.rtsp.bitstream import nal_units, parameter_set, profile_and_level, slices
from yanshou.protocols.rtsp.decode import decode, decoded
from yanshou.protocols.rtsp.depacketise import AccessUnit, codec_of
from yanshou.protocols.rtsp.hevc_quantiser import HevcQuantiser

START = b"\0\0\0\1"
SETS = {"h264": {7, 8}, "hevc": {32, 33, 34}}
CODERS = {"h264": ("libx264", {"qp": "24"}), "hevc": ("libx265", {"x265-params": "qp=24:log-level=none"})}


@functools.cache
def units_of(codec: str) -> tuple[tuple[int, bytes], ...]:
    """The NAL units of one coded key picture."""
    name, options = CODERS[codec]
    coder: Any = av.CodecContext.create(name, "w")
    coder.width, coder.height, coder.pix_fmt, coder.time_base = 96, 64, "yuv420p", Fraction(1, 25)
    coder.options = options
    grain = np.random.default_rng(1).integers(60, 180, (96, 96), np.uint8)
    frame = av.VideoFrame.from_ndarray(grain, format="yuv420p")
    data = b"".join(bytes(one) for one in [*coder.encode(frame), *coder.encode(None)])
    return tuple(nal_units(codec, data))


def damaged(nal: bytes, draw: random.Random) -> bytes:
    """A set with some bits turned, cut off, or with bytes put in; its NAL unit header stays."""
    body = bytearray(nal[2:])
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(body)) if body else 0
        match draw.randrange(4):
            case 0 if body:
                body[place] ^= 1 << draw.randrange(8)
            case 1:
                del body[place:]
            case 2:
                body[place:place] = draw.randbytes(draw.randint(1, 8))
            case _ if body:
                body[place] = draw.choice((0x00, 0xFF))
    return nal[:2] + bytes(body)


def unit(codec: str, draw: random.Random | None) -> bytes:
    """The access unit, each of its parameter sets damaged at every second try."""
    parts = [
        damaged(nal, draw) if draw and kind in SETS[codec] and draw.random() < 0.5 else nal
        for kind, nal in units_of(codec)
    ]
    return b"".join(START + one for one in parts)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("seed", range(120))
def test_damaged_parameter_sets_tell_nothing_and_break_nothing(codec: str, seed: int) -> None:
    data = unit(codec, random.Random(seed))
    coded = AccessUnit(data, 0, 0.0, True, len(data), True)
    assert all(isinstance(one, str) for one in profile_and_level(codec, parameter_set(codec, data)))
    assert slices(codec, data) == 1
    assert {codec_of(nal) for _, nal in nal_units(codec, data)} <= {"", codec}
    stated = HevcQuantiser().of(data) if codec == "hevc" else None
    assert stated is None or -48 <= stated.qp <= 51  # a deeper picture begins lower than 0
    for one in decode(codec, [(0, coded)]):
        assert one.luma.shape == (one.height, one.width)
        assert one.qp is None or -48 <= one.qp <= 51


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_stream_goes_on_after_damaged_sets(codec: str) -> None:
    spoilt, whole = unit(codec, random.Random(3)), unit(codec, None)
    sent = [(n, AccessUnit(data, n, 0.0, True, len(data), True)) for n, data in enumerate((spoilt, whole))]
    last, alone = list(decoded(codec, sent))[-1], decode(codec, sent[1:])[0]
    assert (last.index, last.width, last.height) == (1, 96, 64)
    assert last.qp == alone.qp is not None
