# SPDX-License-Identifier: Apache-2.0
"""The quantiser of H.265 from its slices, held against what the encoder logs; broken sets tell nothing."""

from __future__ import annotations

import csv
import random
from fractions import Fraction

import av
import numpy as np
import pytest

from yanshou.protocols.rtsp import AccessUnit
from yanshou.protocols.rtsp.decode import decode
from yanshou.protocols.rtsp.hevc_quantiser import HevcQuantiser

# each needs other parts of the headers: several slices, open groups (CRA), references, SAO, scaling lists
FIXED = [
    "qp=20",
    "qp=35:slices=2",
    "qp=27:no-sao=1",
    "qp=30:scaling-list=default",
    "qp=24:open-gop=1:bframes=3",
]
FREE = ["crf=26:open-gop=1:bframes=3:ref=5", "bitrate=300:aud=1", "crf=24:temporal-layers=1:ctu=16"]


def coded(params, folder, count=24):
    """Packets of a drifting texture, key frames every ten, and what x265 logged of their quantisers."""
    context = av.CodecContext.create("libx265", "w")
    context.width, context.height, context.pix_fmt = 320, 192, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    log = folder / "x265.csv"
    common = f":keyint=10:log-level=none:csv={log}:csv-log-level=1:repeat-headers=1"
    context.options = {"preset": "superfast", "x265-params": params + common}
    rng = np.random.default_rng(1)
    texture = np.clip(np.cumsum(rng.normal(0, 4, (288, 320)), 1) + 128, 0, 255).astype(np.uint8)
    packets = []
    for number in range(count):
        frame = av.VideoFrame.from_ndarray(np.roll(texture, number, 1), format="yuv420p")
        frame.pts = number
        packets += [bytes(one) for one in context.encode(frame)]
    packets += [bytes(one) for one in context.encode(None)]
    del context  # the log is written when the encoder closes
    rows = list(csv.reader(log.read_text().splitlines()))
    return packets, [float(row[4]) for row in rows if len(row) > 5 and row[2].strip().upper() == "I-SLICE"]


@pytest.mark.parametrize("params", FIXED)
def test_a_fixed_quantiser_is_that_of_the_encoder(params, tmp_path):
    packets, logged = coded(params, tmp_path)
    follower = HevcQuantiser()
    found = [one for one in map(follower.of, packets) if one]
    assert len(logged) >= 2
    assert [one.qp for one in found] == pytest.approx(logged, abs=0.01)
    assert all(one.exact for one in found)


@pytest.mark.parametrize("params", FREE)
def test_where_blocks_may_differ_it_is_said(params, tmp_path):
    packets, logged = coded(params, tmp_path)
    follower = HevcQuantiser()
    found = [one for one in map(follower.of, packets) if one]
    assert len(found) == len(logged)
    assert not any(one.exact for one in found)
    assert [one.qp for one in found] == pytest.approx(logged, abs=8)  # the blocks' mean strays from it


def test_every_decoded_key_frame_has_its_own(tmp_path):
    packets, logged = coded("qp=31", tmp_path)
    units = [
        (n, AccessUnit(data, 3600 * n, 0.0, n == 0, len(data), complete=True))
        for n, data in enumerate(packets)
    ]
    reported = [one.qp for one in decode("hevc", units) if one.qp is not None]
    assert reported == pytest.approx(logged, abs=0.01)


def test_broken_headers_tell_nothing_and_do_not_crash(tmp_path):
    packets, _ = coded("qp=22:open-gop=1:bframes=2", tmp_path)
    draw = random.Random(7)
    for _ in range(400):
        data = bytearray(packets[0][:400])
        for _ in range(draw.randint(1, 6)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        found = HevcQuantiser().of(bytes(data[: draw.randint(5, len(data))]))
        assert found is None or isinstance(found.exact, bool)
    assert HevcQuantiser().of(b"") is None
    assert HevcQuantiser().of(b"\x00\x00\x01\x26\x01" + bytes(40)) is None
