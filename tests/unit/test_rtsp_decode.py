# SPDX-License-Identifier: Apache-2.0
"""Decoding of access units: size and quantiser from the bitstream, damage survived."""

from __future__ import annotations

import random
import sys
import time
from fractions import Fraction
from types import SimpleNamespace

import av
import numpy as np
import pytest
from av.codec import CodecContext

from yanshou.model import own_time
from yanshou.protocols.rtsp import AccessUnit
from yanshou.protocols.rtsp.decode import decode, mean_qp


def encoded(codec, *, count=6, qp=24, size=(320, 192)):
    """Access units of a drifting pattern at a fixed quantiser, the first a key frame."""
    context = av.CodecContext.create({"h264": "libx264", "hevc": "libx265"}[codec], "w")
    context.width, context.height, context.pix_fmt = *size, "yuv420p"
    context.time_base = Fraction(1, 25)
    context.options = {"preset": "ultrafast", "tune": "zerolatency"} | (
        {"qp": str(qp)} if codec == "h264" else {"x265-params": f"qp={qp}:log-level=none:keyint=25"}
    )
    units = []
    for number in range(count):
        luma = ((np.indices(size[::-1]).sum(0) * 2 + 5 * number) % 200 + 20).astype(np.uint8)
        planes = np.concatenate((luma.ravel(), np.full(luma.size // 2, 128, np.uint8)))
        frame = av.VideoFrame.from_ndarray(planes.reshape(-1, size[0]), format="yuv420p")
        frame.pts = number
        units += [bytes(packet) for packet in context.encode(frame)]
    units += [bytes(packet) for packet in context.encode(None)]
    return [
        (number, AccessUnit(data, 3600 * number, 0.0, number == 0, len(data), complete=True))
        for number, data in enumerate(units)
    ]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_every_picture_comes_out_at_its_place(codec):
    found = decode(codec, encoded(codec))
    assert [picture.index for picture in found] == list(range(6))
    assert {(picture.width, picture.height) for picture in found} == {(320, 192)}
    assert found[0].luma.shape == (192, 320)
    assert found[0].luma.dtype == np.uint8
    assert len(decode(codec, encoded(codec), at_most=2)) == 2


def test_quantiser_is_that_of_the_stream():
    for qp in (20, 32):
        found = decode("h264", encoded("h264", qp=qp))
        mean = np.mean([picture.qp for picture in found])
        assert mean == pytest.approx(qp, abs=3.5)
    key = decode("hevc", encoded("hevc", qp=30))[0]
    assert key.qp == pytest.approx(30, abs=3.5)
    assert key.qp_exact


@pytest.mark.parametrize("wanted", [0, 1, 3])
def test_the_quantiser_is_read_of_as_many_pictures_as_asked(wanted: int) -> None:
    units = encoded("h264")
    whole, some = decode("h264", units), decode("h264", units, quantisers=wanted)
    assert [one.qp for one in some] == [*(one.qp for one in whole[:wanted]), *[None] * (6 - wanted)]
    assert all(np.array_equal(one.luma, other.luma) for one, other in zip(some, whole, strict=True))


def test_parameter_sets_of_the_description_are_enough():
    units = encoded("h264", count=1)
    start = b"\x00\x00\x01"
    nals = [part.rstrip(b"\x00") for part in units[0][1].data.split(start) if part.strip(b"\x00")]
    sets = [nal for nal in nals if nal[0] & 0x1F in (7, 8)]
    bare = b"".join(b"\x00" + start + nal for nal in nals if nal[0] & 0x1F not in (7, 8))
    stripped = [(0, AccessUnit(bare, 0, 0.0, True, len(bare), complete=True))]
    assert decode("h264", stripped) == []
    assert len(decode("h264", stripped, parameter_sets=sets)) == 1


def test_damaged_units_are_skipped():
    units = encoded("h264")
    garbage = AccessUnit(b"\x00\x00\x00\x01\x65" + bytes(50), 0, 0.0, True, 55, complete=True)
    found = decode("h264", [(0, garbage), *[(number + 1, unit) for number, unit in units]])
    assert {picture.index for picture in found} >= {1, 2, 3, 4, 5, 6}
    assert decode("h264", []) == []
    assert decode("hevc", [(0, garbage)]) == []


def damaged(units, chance):
    """The units with bytes changed, most of them in the parameter sets, cut short, or in another order."""
    parts = [bytearray(unit.data) for _, unit in units]
    for _ in range(chance.randint(1, 30)):
        part = chance.choice(parts)
        if len(part) > 6:
            part[chance.randrange(chance.choice((min(60, len(part)), len(part))))] = chance.randrange(256)
        if chance.random() < 0.1:
            del part[chance.randrange(len(part) + 1) :]
    if chance.random() < 0.2:
        chance.shuffle(parts)
    return [
        (number, AccessUnit(bytes(part), 0, 0.0, True, len(part), complete=True))
        for number, part in enumerate(parts)
    ]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_no_damage_raises(codec):
    units = encoded(codec, size=(160, 96))
    for seed in range(150):
        assert len(decode(codec, damaged(units, random.Random(seed)))) <= 2 * len(units)


def test_blocks_that_do_not_fit_the_picture_tell_no_quantiser():
    def refused():
        raise RuntimeError("Expected frame size to match number of blocks in side data")

    assert mean_qp(SimpleNamespace(side_data=[SimpleNamespace(nb_blocks=60, qp_map=refused)])) is None


def test_side_data_that_pyav_has_no_name_for_state_no_quantiser() -> None:
    class Frame:
        @property
        def side_data(self) -> list[object]:
            raise ValueError("31 is not a valid Type")

    assert mean_qp(Frame()) is None


def test_what_interrupts_the_decoder_is_no_part_of_its_time(monkeypatch):
    """A computer with other work takes its processor away from a reader: that is no delay of the camera."""
    units, away_s, created = encoded("h264"), 0.05, CodecContext.create

    def interrupted(*wanted):
        context = created(*wanted)

        def decoded(packet):
            time.sleep(away_s)
            return context.decode(packet)

        return SimpleNamespace(decode=decoded)

    monkeypatch.setattr(CodecContext, "create", interrupted)
    begun = own_time()
    found = decode("h264", units)
    spent = sum(picture.spent_s for picture in found)
    assert 0 < spent <= own_time() - begun
    if sys.platform != "win32":
        assert spent < away_s * len(found) / 2
